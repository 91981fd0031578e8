//! `openapi`: which schema a build uses (kustomize-semantics, section 14). The first kustomization that sets one decides.

use super::super::kustomization::Kustomization;
use super::super::load::{Site, read_file};
use super::Builder;
use crate::problem::{Problem, ProblemKind};
use crate::yaml::Entry;

/// The one version that kustomize 5.8.1 holds.
const BUILT_IN: &str = "v1.21.2";

impl Builder<'_> {
    /// Takes note of a kustomization's `openapi`; its file must be there even where another schema is in use already.
    pub(super) fn set_schema(&mut self, site: &Site, file: &Kustomization) {
        let field = |key: &str| file.openapi.iter().find(|entry| entry.key.text() == Some(key));
        let (version, path) = (field("version"), field("path").filter(|path| path.value.text() != Some("")));
        if let Some(path) = path
            && let Err(problem) = read_file(self.reader, self.options, site, &path.value)
        {
            return self.problems.push(problem);
        }
        if self.schema_is_set {
            return;
        }
        match (version, path) {
            (Some(version), Some(_)) => {
                self.fail("builtin version and custom schema provided, cannot use both", version.key.place());
            }
            (Some(version), None) => self.use_version(version),
            (None, Some(path)) => self.use_file(path),
            (None, None) => {}
        }
    }

    /// A schema of its own decides which lists merge and which kinds have namespaces. It is not read: what patches make of
    /// such kinds is not known.
    fn use_file(&mut self, path: &Entry) {
        self.schema_is_set = true;
        let message = "an OpenAPI schema of its own is not read: how it merges lists is not known";
        self.problems.push(Problem::new(ProblemKind::Undetermined, message, path.value.place()));
    }

    fn use_version(&mut self, version: &Entry) {
        match version.value.text().unwrap_or_default() {
            "" => {}
            BUILT_IN => self.schema_is_set = true,
            other => {
                let message = format!("the OpenAPI version `{other}` is not built in: kustomize holds `{BUILT_IN}`");
                self.fail(message, version.value.place());
            }
        }
    }
}
