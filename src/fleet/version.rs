//! The Flux releases that a cluster may run (rule-catalogue, "Versions").

use super::discover::Root;
use crate::flux::api::FluxInstance;
use crate::source::Tree;
use crate::source::path::join;
use crate::yaml::{Documents, Node};

/// A minor release of Flux, as `(major, minor)`.
pub(super) type Minor = (u32, u32);

/// The newest minor that fleetlint knows (domain-facts).
pub(super) const NEWEST: Minor = (2, 9);

/// An inclusive range of minors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FluxVersion {
    pub oldest: Minor,
    pub newest: Minor,
}

impl FluxVersion {
    /// Reads `2.7.x`, `2.x`, `v2.2.2`, `*`, `>=2.6.0`; `None` for what is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(Self { oldest: (2, 0), newest: NEWEST });
        }
        let (open, numbers) = match text.strip_prefix(">=") {
            Some(rest) => (true, rest.trim()),
            None => (false, text.trim_start_matches(['v', '=', '~', '^'])),
        };
        let mut parts = numbers.split('.');
        let major = parts.next()?.parse().ok()?;
        let Ok(minor) = parts.next().unwrap_or("x").parse() else {
            return Some(Self { oldest: (major, 0), newest: NEWEST.max((major, 0)) });
        };
        let newest = if open || text.starts_with('^') { NEWEST.max((major, minor)) } else { (major, minor) };
        Some(Self { oldest: (major, minor), newest })
    }

    /// The version that a cluster's roots show: `distribution.version` of the FluxInstance (or in the values of its chart),
    /// else the version label in the `gotk-components.yaml` beside the sync.
    pub(super) fn of_roots(roots: &[Root], tree: &Tree, documents: &Documents) -> Option<Self> {
        let seeds = roots.iter().flat_map(|root| &root.seeds);
        let declared = seeds.filter_map(|object| {
            let in_values = object.str("/spec/values/instance/distribution/version");
            FluxInstance::of(object).and_then(|it| it.object.str("/spec/distribution/version")).or(in_values)
        });
        let parsed = declared.filter_map(Self::parse).next();
        parsed.or_else(|| {
            roots.iter().find_map(|root| Self::of_components(root.flux_folder.as_deref()?, tree, documents))
        })
    }

    fn of_components(folder: &str, tree: &Tree, documents: &Documents) -> Option<Self> {
        let file = tree.file(&join(folder, "gotk-components.yaml")).ok()?;
        let stream = documents.of(&file);
        let mut roots = stream.documents.iter().flatten().filter_map(|document| document.root.as_ref());
        roots.find_map(|root| Self::parse(root.at("/metadata/labels/app.kubernetes.io~1version").and_then(Node::text)?))
    }

    /// `2.7`, `2.6-2.9`.
    pub fn shown(self) -> String {
        let minor = |(major, minor): Minor| format!("{major}.{minor}");
        match self.oldest == self.newest {
            true => minor(self.oldest),
            false => format!("{}-{}", minor(self.oldest), minor(self.newest)),
        }
    }

    /// Whether the newest release in the range fails a substitution on an undefined variable (2.9 on).
    pub fn is_strict(self) -> bool {
        self.newest >= (2, 9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_minors() {
        let range = |text| FluxVersion::parse(text).map(|version| (version.oldest, version.newest));
        assert_eq!(range("2.7.x"), Some(((2, 7), (2, 7))));
        assert_eq!(range("2.x"), Some(((2, 0), NEWEST)));
        assert_eq!(range("v2.2.2"), Some(((2, 2), (2, 2))));
        assert_eq!(range(">=2.6.0"), Some(((2, 6), NEWEST)));
        assert_eq!(range("latest"), None);
    }
}
