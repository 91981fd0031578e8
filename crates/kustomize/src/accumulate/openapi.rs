//! `openapi`: which schema a build uses (kustomize-semantics, section 14). The first kustomization that sets one decides.

use std::sync::Arc;

use super::super::kustomization::Kustomization;
use super::super::load::{Site, read_file};
use super::super::patch::schemas::Definitions;
use super::super::resource::Resource;
use super::Builder;
use fleetlint_source::File;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Origin, Span, yaml11};

/// The one version that kustomize 5.8.1 holds.
const BUILT_IN: &str = "v1.21.2";

impl Builder<'_> {
    /// Takes note of a kustomization's `openapi`; its file must be there even where another schema is in use already.
    pub(super) fn set_schema(&mut self, site: &Site, file: &Kustomization) {
        let field = |key: &str| file.openapi.iter().find(|entry| entry.key.text() == Some(key));
        let (version, path) = (field("version"), field("path").filter(|path| path.value.text() != Some("")));
        let file = match path.map(|path| read_file(self.reader, self.options, site, &path.value)) {
            Some(Ok(file)) => Some(file),
            Some(Err(problem)) => return self.problems.push(problem),
            None => None,
        };
        if self.schemas.is_chosen() {
            return;
        }
        match (version, path) {
            (Some(version), Some(_)) => {
                let message = "builtin version and custom schema provided, cannot use both";
                let problem = Problem::new(ProblemKind::KustomizeFailed, message, version.key.place());
                self.problems.push(problem.help("remove `version` or `path`"));
            }
            (Some(version), None) => self.use_version(version),
            (None, Some(path)) => file.into_iter().for_each(|file| self.use_file(path, &file)),
            (None, None) => {}
        }
    }

    /// A schema of its own decides which lists merge.
    fn use_file(&mut self, path: &Entry, file: &Arc<File>) {
        let definitions = self.schema_of(file).and_then(|root| {
            let place = root.place().or(path.value.place());
            Definitions::read(&root).map_err(|message| Problem::new(ProblemKind::KustomizeFailed, message, place))
        });
        let related = |problem: Problem| problem.related(path.value.place(), "read because of this entry");
        let definitions = definitions.unwrap_or_else(|problem| Definitions::broken(related(problem)));
        if let Some(kind) = definitions.some_cluster_scoped() {
            let message = format!("the schema says that `{kind}` is cluster-scoped: fleetlint does not support this");
            self.problems.push(Problem::new(ProblemKind::Undetermined, message, path.value.place()));
        }
        self.schemas.choose(definitions);
    }

    /// The tree of a schema file: JSON if it starts like that, else YAML that becomes JSON.
    fn schema_of(&self, file: &Arc<File>) -> Result<Node, Problem> {
        let start = Some(Span { file: file.id, start: 0, end: 0 });
        let failed = |message| Problem::new(ProblemKind::KustomizeFailed, message, start);
        let is_json = file.bytes.first() == Some(&b'{');
        if is_json && let Err(error) = serde_json::from_slice::<serde_json::Value>(&file.bytes) {
            return Err(failed(format!("invalid schema file: it starts with `{{` but is not JSON: {error}")));
        }
        if file.bytes.is_empty() {
            return Err(failed("invalid schema file: it is empty".to_owned()));
        }
        let stream = self.reader.documents.of(file);
        let null = || Node::plain("null", Origin::default());
        let root = match stream.documents.first() {
            Some(Ok(document)) => document.root.clone().unwrap_or_else(null),
            Some(Err(problem)) => return Err(problem.clone()),
            None => null(),
        };
        if is_json { Ok(root) } else { yaml11::to_json(&root).map_err(failed) }
    }

    /// Makes sure that the schema is read, before patches merge lists.
    pub(in super::super) fn need_schema(&mut self) {
        let problem = self.schemas.need();
        self.problems.extend(problem);
    }

    /// Takes note of objects for whose scope kustomize looks into the schema.
    pub(in super::super) fn see_types<'r>(&mut self, resources: impl Iterator<Item = &'r Resource>) {
        for resource in resources {
            let text = |key| resource.node.get(key).and_then(Node::text).unwrap_or_default();
            let problem = self.schemas.see(text("apiVersion"), text("kind"));
            self.problems.extend(problem);
        }
    }

    fn use_version(&mut self, version: &Entry) {
        match version.value.text().unwrap_or_default() {
            "" => {}
            BUILT_IN => self.schemas.choose_builtin(),
            other => {
                let message = format!("the OpenAPI version `{other}` is not built in: kustomize holds `{BUILT_IN}`");
                self.fail(message, version.value.place());
            }
        }
    }
}
