//! What made a resource, and what changed it, as `buildMetadata` tells (kustomize-semantics, section 14).

use fleetlint_source::path;
use fleetlint_yaml::{Node, Origin, print};

/// What an origin annotation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ResourceOrigin {
    /// The resource's file, from the root of the build.
    File { path: String },
    /// The kustomization file or configuration that made or transformed it, and the plugin.
    Configured { configured_in: String, api_version: String, kind: String, name: String, namespace: String },
}

pub(super) const ORIGIN: &str = "config.kubernetes.io/origin";
pub(super) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

impl ResourceOrigin {
    /// The origin of what a field of a kustomization file makes or changes.
    pub(super) fn builtin(folder: &str, file_name: &str, kind: &str) -> Self {
        Self::Configured {
            configured_in: path::join(folder, file_name),
            api_version: "builtin".to_owned(),
            kind: kind.to_owned(),
            name: String::new(),
            namespace: String::new(),
        }
    }

    /// The text of the annotation.
    pub(super) fn text(&self) -> String {
        self.lines().join("\n") + "\n"
    }

    /// The lines of its YAML.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::File { path } => vec![format!("path: {path}")],
            Self::Configured { configured_in, api_version, kind, name, namespace } => {
                let field = |key, value: &String| (!value.is_empty()).then(|| format!("  {key}: {}", as_yaml(value)));
                let fields = [
                    field("apiVersion", api_version),
                    field("kind", kind),
                    field("name", name),
                    field("namespace", namespace),
                ];
                let head = [format!("configuredIn: {configured_in}"), "configuredBy:".to_owned()];
                head.into_iter().chain(fields.into_iter().flatten()).collect()
            }
        }
    }
}

/// A text in quotes where YAML needs them.
fn as_yaml(text: &str) -> String {
    let printed = print::resource(&Node::string(text, Origin::default()));
    printed.map_or_else(|_| text.to_owned(), |line| line.trim_end().to_owned())
}

/// The text of the annotation of transformers.
pub(super) fn transformations(origins: &[ResourceOrigin]) -> String {
    origins.iter().map(list_item).collect()
}

fn list_item(origin: &ResourceOrigin) -> String {
    let lines = origin.lines();
    lines.iter().enumerate().map(|(index, line)| format!("{}{line}\n", if index == 0 { "- " } else { "  " })).collect()
}
