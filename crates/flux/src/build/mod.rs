//! The build of a Kustomization before substitution: the kustomization file, found or generated, with what the spec adds
//! to it (flux-build-semantics sections 1 to 3).

mod common_metadata;
mod components;
mod field;
mod generate;
mod images;
mod inject;
mod nothing;
mod patches;
mod wrong_folder;

use std::sync::Arc;

use crate::object::Object;
use crate::release::Features;
use fleetlint_kustomize::{
    self as kustomize, FILE_NAMES, Kustomization, LoadRestriction, Mode, Options, Order, Reader, Remark,
};
use fleetlint_source::{EntryKind, FileTree, path};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Documents, Move, Node, Span};

pub use common_metadata::with_common_metadata;

/// What kustomize-controller builds for a Kustomization, before substitution.
#[derive(Debug, Default)]
pub struct FluxBuild {
    pub resources: Vec<Arc<Node>>,
    /// For each resource, whether it is as Flux would build it although the build lacks something.
    pub settled: Vec<bool>,
    /// With problems Flux would have failed; the resources are then what could be understood.
    pub problems: Vec<Problem>,
    /// The folder has no kustomization file: all manifests below it are built.
    pub is_generated: bool,
    /// What is defined twice in a generated build is in one folder that is a copy of another.
    pub has_copy: bool,
    /// There is no folder at `spec.path`.
    pub path_not_found: bool,
    /// Text of resource files that kustomize drops without a word.
    pub dropped: Vec<Problem>,
    /// What kustomize does without a word and that is probably not meant.
    pub remarks: Vec<Remark>,
    /// Deprecation warnings of kustomize.
    pub warnings: Vec<String>,
}

impl FluxBuild {
    /// The same build, with all places in the files that take the place of theirs.
    #[must_use]
    pub fn moved(&self, to: Move<'_>) -> Self {
        let problems = |problems: &[Problem]| problems.iter().map(|problem| problem.moved(to)).collect();
        Self {
            resources: self.resources.iter().map(|resource| Arc::new(resource.moved(to))).collect(),
            settled: self.settled.clone(),
            problems: problems(&self.problems),
            is_generated: self.is_generated,
            path_not_found: self.path_not_found,
            has_copy: self.has_copy,
            dropped: problems(&self.dropped),
            remarks: self.remarks.iter().map(|remark| remark.moved(to)).collect(),
            warnings: self.warnings.clone(),
        }
    }
}

/// Builds a Flux Kustomization from the artifact of its source.
///
/// Of the spec count `path`, `targetNamespace`, `namePrefix`, `nameSuffix`, `patches`, `patchesStrategicMerge`,
/// `patchesJson6902`, `images`, `components`, `ignoreMissingComponents` and `buildMetadata`. `features` decides what releases
/// of Flux do differently.
pub fn build(kustomization: &Object, tree: &dyn FileTree, documents: &Documents, features: &Features) -> FluxBuild {
    let folder = clean_path(kustomization.str("/spec/path").unwrap_or_default());
    if tree.entry(&folder) != Some(EntryKind::Folder) {
        return FluxBuild { path_not_found: true, ..FluxBuild::default() };
    }
    let reader = Reader { tree, documents };
    let mut problems = Vec::new();
    let mut file = match kustomization_file(reader, &folder) {
        Ok(file) => file,
        Err(problem) => return FluxBuild { problems: vec![problem], ..FluxBuild::default() },
    };
    inject::inject(&mut file, kustomization, tree, &folder, features, &mut problems);
    let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
    let built = kustomize::build_root(reader, &folder, &file, options);
    problems.extend(built.problems.into_iter().map(refuse_charts));
    let is_generated = file.place.is_none();
    let made = built.resources.into_iter().zip(built.settled);
    let (objects, nameless): (Vec<_>, Vec<_>) = made.partition(|(node, _)| is_object(node));
    problems.extend(nameless.iter().map(|(node, _)| nameless_object(node)));
    let (resources, settled) = objects.into_iter().unzip();
    let (mut dropped, remarks, warnings) = (built.dropped, built.remarks, built.warnings);
    dropped.extend(nothing::nothing_applied(kustomization, &file, reader, &folder));
    let has_copy = is_generated && wrong_folder::has_copy(tree, &folder, &file, &problems);
    let path_not_found = false;
    FluxBuild { resources, settled, problems, is_generated, has_copy, path_not_found, dropped, remarks, warnings }
}

/// The kustomization file that Flux builds: the folder's own or the generated one, with what the spec adds to it. `None`
/// where there is no folder, or where its file cannot be understood.
pub fn root_file(kustomization: &Object, reader: Reader<'_>) -> Option<Kustomization> {
    let folder = clean_path(kustomization.str("/spec/path").unwrap_or_default());
    let mut file = kustomization_file(reader, &folder).ok()?;
    inject::inject(&mut file, kustomization, reader.tree, &folder, &Features::default(), &mut Vec::new());
    Some(file)
}

/// `spec.path` as the controller's secure join reads it: relative to the artifact's root, which `..` does not leave.
pub fn clean_path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

/// The folder's own kustomization file, or the one that Flux generates.
fn kustomization_file(reader: Reader<'_>, folder: &str) -> Result<Kustomization, Problem> {
    let kind = |name: &str| reader.tree.entry(&path::join(folder, name));
    if !FILE_NAMES.iter().any(|name| kind(name) == Some(EntryKind::File)) {
        return match kind(FILE_NAMES[0]) {
            Some(_) => Err(name_is_taken(folder)),
            None => Ok(generate::generate(reader.tree, folder)),
        };
    }
    let mut file = Kustomization::read(reader, folder, Mode::Lenient)?;
    if !lists_resources(reader, &path::join(folder, &file.file_name)) {
        // Flux keeps kustomize from refusing an empty file.
        let origin = file.place.map(fleetlint_yaml::Origin::at).unwrap_or_default();
        file.build_metadata = vec![Node::string("originAnnotations", origin)];
    }
    Ok(file)
}

/// Whether the file has anything in its own `resources`; `bases` do not count.
fn lists_resources(reader: Reader<'_>, path: &str) -> bool {
    let Ok(file) = reader.tree.file(path) else { return false };
    let stream = reader.documents.of(&file);
    let Some(Ok(document)) = stream.documents.first() else { return false };
    let entries = document.root.as_ref().map(Node::entries).unwrap_or_default();
    let is_resources = |key: &Node| key.text().is_some_and(|text| text.eq_ignore_ascii_case("resources"));
    entries.iter().any(|entry| is_resources(&entry.key) && !entry.value.items().is_empty())
}

/// Flux never inflates charts (section 3): what they would hold is not an open question, and patches of it are not a second fault.
fn refuse_charts(problem: Problem) -> Problem {
    if !kustomize::is_of_charts(&problem) {
        return problem;
    }
    let message = "Flux does not inflate `helmCharts`: must specify `--enable-helm`".to_owned();
    let problem = Problem { kind: ProblemKind::KustomizeFailed, message, ..problem };
    problem.help("use a HelmRelease")
}

fn name_is_taken(folder: &str) -> Problem {
    let path = path::join(folder, FILE_NAMES[0]);
    let message = format!("`{path}` is a folder: Flux cannot write the kustomization file that it generates");
    Problem::new(ProblemKind::KustomizeFailed, message, None).help("rename the folder, or add a kustomization.yml")
}

fn is_object(node: &Node) -> bool {
    let has = |pointer: &str| node.at(pointer).and_then(Node::text).is_some_and(|text| !text.is_empty());
    has("/apiVersion") && has("/kind") && has("/metadata/name")
}

/// Flux decodes apiVersion, kind and name of everything that is built (section 1, step 5).
fn nameless_object(node: &Node) -> Problem {
    let missing = ["apiVersion", "kind", "metadata.name"].into_iter().find(|field| {
        let pointer = format!("/{}", field.replace('.', "/"));
        node.at(&pointer).and_then(Node::text).is_none_or(str::is_empty)
    });
    let message = format!("this object has no `{}`", missing.unwrap_or("metadata.name"));
    Problem::new(ProblemKind::InvalidObject, message, object_place(node))
        .help("Flux applies only objects with apiVersion, kind and name")
}

/// Where a person looks for an object: its name, its kind, or its first key.
fn object_place(node: &Node) -> Option<Span> {
    let at = |pointer: &str| node.at(pointer).and_then(Node::place);
    at("/metadata/name").or_else(|| at("/kind")).or_else(|| node.entries().first()?.key.place()).or(node.place())
}
