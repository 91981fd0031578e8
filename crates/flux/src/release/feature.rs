//! What the controllers of Flux do differently from release to release, as far as it changes what is applied.

use super::gates::FeatureGates;
use super::version::{FluxVersion, Release};

/// Something that a release does and the ones before it did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feature {
    /// A substitution fails on a variable that is not defined.
    StrictSubstitution,
    /// An entry of a Kustomization's `spec.images` is merged with the folder's entry of that name, field by field. Before, it
    /// took its place.
    MergedImages,
    /// The `exclude` of an ArtifactGenerator is compared with paths as the source names them, too. Before, it was compared
    /// with paths below each match only.
    ExcludeBySourcePath,
    /// Templates of commit messages have `.Changed` only: what older ones had beside it is gone.
    ChangedTemplates,
}

/// Since when, and by which feature gate it can be turned on or off.
struct Row {
    feature: Feature,
    since: Release,
    gate: Option<&'static str>,
}

/// Sources: facts-2026-11; the release notes of flux2 2.9.3, whose kustomize-controller is 1.9.4; source-watcher 2.2.
const TABLE: [Row; 4] = [
    Row {
        feature: Feature::StrictSubstitution,
        since: Release { minor: (2, 9), patch: 0 },
        gate: Some("StrictPostBuildSubstitutions"),
    },
    Row { feature: Feature::MergedImages, since: Release { minor: (2, 9), patch: 3 }, gate: None },
    Row { feature: Feature::ExcludeBySourcePath, since: Release { minor: (2, 9), patch: 0 }, gate: None },
    Row { feature: Feature::ChangedTemplates, since: Release { minor: (2, 7), patch: 0 }, gate: None },
];

/// What the Flux of a cluster does: by its release, and by the gates of its controllers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// The newest release that it may be; `None` where the repository does not show it.
    pub version: Option<FluxVersion>,
    pub gates: FeatureGates,
}

impl Features {
    /// Whether a cluster's Flux has a feature; `None` where its release is not known.
    pub fn has(&self, feature: Feature) -> Option<bool> {
        let row = TABLE.iter().find(|row| row.feature == feature)?;
        let by_gate = row.gate.and_then(|gate| self.gates.get(gate));
        by_gate.or_else(|| Some(self.version?.newest_release() >= row.since))
    }

    /// The same, taken to be the newest Flux where its release is not known.
    pub fn has_if_newest(&self, feature: Feature) -> bool {
        self.has(feature).unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(version: &str, arguments: &[&str]) -> Features {
        let gates = FeatureGates::of_arguments(arguments.iter().copied());
        Features { version: FluxVersion::parse(version), gates }
    }

    #[test]
    fn releases_have_what_came_before_them() {
        let cases = [
            ("2.7.x", [false, false, false, true]),
            ("2.8", [false, false, false, true]),
            ("2.9.0", [true, false, true, true]),
            ("v2.9.2", [true, false, true, true]),
            ("2.9.3", [true, true, true, true]),
            ("2.9.x", [true, true, true, true]),
            (">=2.6 <2.9.2", [true, true, true, true]),
            (">=2.6 <2.9", [false, false, false, true]),
            ("2.x", [true, true, true, true]),
        ];
        for (version, expected) in cases {
            let features = features(version, &[]);
            let has = TABLE.map(|row| features.has(row.feature));
            assert_eq!(has, expected.map(Some), "{version}");
        }
        assert_eq!(TABLE.map(|row| features("latest", &[]).has(row.feature)), [None; 4]);
        assert!(Features::default().has_if_newest(Feature::MergedImages));
    }

    #[test]
    fn gates_decide_before_the_release() {
        let strict = |version, gate| features(version, &[gate]).has(Feature::StrictSubstitution);
        assert_eq!(strict("2.9.x", "--feature-gates=StrictPostBuildSubstitutions=false"), Some(false));
        assert_eq!(strict("2.8.x", "--feature-gates=A=1,StrictPostBuildSubstitutions=true"), Some(true));
        assert_eq!(strict("", "--feature-gates=StrictPostBuildSubstitutions=true"), Some(true));
        assert_eq!(strict("2.8.x", "--feature-gates=Other=true"), Some(false));
    }
}
