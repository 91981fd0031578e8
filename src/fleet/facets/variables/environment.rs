//! The environment that a cluster belongs to.

use super::Variables;
use crate::yaml::Node;

/// Words by which names mean production.
const PRODUCTION: [&str; 4] = ["prd", "prod", "production", "live"];

impl<'a> Variables<'a> {
    /// The environment, as the cluster's runtime-info says it.
    pub fn environment(self) -> Option<&'a str> {
        self.runtime_value("ENVIRONMENT").and_then(Node::text).filter(|text| !text.is_empty())
    }

    /// Whether the cluster is one of production, by its environment; where no variable says it, by its name or its path.
    pub fn is_production(self) -> bool {
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
