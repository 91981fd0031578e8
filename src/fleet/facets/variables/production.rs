//! Whether a cluster is one of production.

use super::Variables;

/// Words by which names mean production.
const PRODUCTION: [&str; 4] = ["prd", "prod", "production", "live"];

impl Variables<'_> {
    /// Whether the cluster is one of production, by its environment; where no variable says it, by its name or its path.
    pub fn runs_production(self) -> bool {
        let says_so = |text: &str| {
            let lower = text.to_ascii_lowercase();
            lower.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| PRODUCTION.contains(&word))
        };
        match self.environment() {
            Some(environment) => says_so(environment),
            None => says_so(&self.cluster.name) || self.cluster.paths.iter().any(|path| says_so(path)),
        }
    }
}
