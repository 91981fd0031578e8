//! The kustomization file: its fields, each with the place that wrote it.

mod entry;
mod fields;
mod json;
mod shape;

use fleetlint_source::{EntryKind, ReadError};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Span, print};

use super::Reader;

pub use entry::{GeneratorEntry, GeneratorOptions, ImageEntry, LabelEntry, PatchEntry, ReplicaEntry};
pub use shape::Mode;

pub(super) use entry::{entries, items, text};

use shape::Shape;

/// The names of a kustomization file, in the order in which Flux looks for them.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A kustomization file. Values are the file's nodes, with the text that they have as JSON; what is empty there is absent here.
///
/// Deprecated fields are already where they belong: `bases` in `resources`, `imageTags` in `images`, `env` in `envs`.
#[derive(Clone, Debug, Default)]
pub struct Kustomization {
    /// The file's name in its folder.
    pub file_name: String,
    /// The first field: what problems of the file as a whole point at.
    pub place: Option<Span>,
    /// `kind: Component`.
    pub is_component: bool,
    pub resources: Vec<Node>,
    pub components: Vec<Node>,
    pub crds: Vec<Node>,
    pub name_prefix: Option<Node>,
    pub name_suffix: Option<Node>,
    pub namespace: Option<Node>,
    pub common_labels: Vec<Entry>,
    pub labels: Vec<LabelEntry>,
    pub common_annotations: Vec<Entry>,
    /// File paths or inline documents.
    pub patches_strategic_merge: Vec<Node>,
    pub patches_json6902: Vec<PatchEntry>,
    pub patches: Vec<PatchEntry>,
    pub images: Vec<ImageEntry>,
    pub replicas: Vec<ReplicaEntry>,
    /// Mappings with `source`, `sourceValue`, `targets` or `path`, as in the file.
    pub replacements: Vec<Node>,
    /// Mappings with `name`, `objref` and `fieldref`.
    pub vars: Vec<Node>,
    pub sort_options: Option<Node>,
    pub config_map_generator: Vec<GeneratorEntry>,
    pub secret_generator: Vec<GeneratorEntry>,
    pub generator_options: GeneratorOptions,
    pub helm_charts: Vec<Node>,
    pub configurations: Vec<Node>,
    pub generators: Vec<Node>,
    pub transformers: Vec<Node>,
    pub validators: Vec<Node>,
    pub build_metadata: Vec<Node>,
    pub openapi: Vec<Entry>,
    /// Deprecation warnings, as kustomize prints them.
    pub warnings: Vec<String>,
    /// What does not fit; the rest of the file is there nevertheless.
    pub problems: Vec<Problem>,
    /// What is read over without a word: with `Mode::Lenient` unknown fields, and text after the end of the document.
    pub ignored: Vec<Problem>,
}

impl Kustomization {
    /// Reads the kustomization file of a folder (kustomize-semantics, section 1; for `Mode::Lenient` flux-build-semantics,
    /// section 2.1). Errors where there is none, or none that can be understood; what does not fit is in `problems`.
    pub fn read(reader: Reader<'_>, folder: &str, mode: Mode) -> Result<Self, Problem> {
        let name = find(reader, folder, mode)?;
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let file = reader.tree.file(&path).map_err(|error| unreadable(&path, &error))?;
        let stream = reader.documents.of(&file);
        let root = match stream.documents.first() {
            Some(Ok(document)) => document.root.clone(),
            Some(Err(problem)) => return Err(problem.clone()),
            None => None,
        };
        let place = Some(Span { file: file.id, start: 0, end: 0 });
        let mut ignored: Vec<Problem> = root.iter().flat_map(|root| ignored_fields(root, mode)).collect();
        let documents = stream.documents.iter().flatten();
        ignored.extend(documents.filter_map(|document| document.unread.clone()));
        match Self::from_node(name, root.as_ref(), place, mode) {
            Err(problem) if !ignored.is_empty() && problem.message == EMPTY => Err(ignored.swap_remove(0)),
            Err(problem) => Err(problem),
            // What else does not fit may follow from what is refused.
            Ok(file) if file.problems.is_empty() => Ok(Self { ignored, ..file }),
            Ok(file) => Ok(file),
        }
    }

    /// Reads a kustomization from its tree; `None` stands for an empty file, whose place is `place`.
    pub fn from_node(name: &str, root: Option<&Node>, place: Option<Span>, mode: Mode) -> Result<Self, Problem> {
        let mut problems = Vec::new();
        let root = root.and_then(|root| shape::read(root, fields::KUSTOMIZATION, mode, &mut problems));
        let place = root.as_ref().and_then(|root| root.entries().first()?.key.place()).or(place);
        let Some(root) = root
            .filter(|root| root.entries().iter().any(|entry| !is_type_field(entry) && entry.value.text() != Some("")))
        else {
            return match problems.into_iter().next() {
                Some(problem) => Err(problem),
                None if mode == Mode::Lenient => Ok(Self { file_name: name.to_owned(), place, ..Self::default() }),
                None => Err(failed(EMPTY, place).help("list the folder's manifests below `resources`")),
            };
        };
        check_type(&root, &mut problems);
        let mut root = root;
        reread_arguments(&mut root, &mut problems);
        let mut result = Self::of_fields(&root);
        check_names(&result, &mut problems);
        result.file_name = name.to_owned();
        result.place = place;
        result.problems = problems;
        Ok(result)
    }

    fn of_fields(root: &Node) -> Self {
        Self {
            is_component: root.get("kind").and_then(Node::text) == Some("Component"),
            resources: [items(root, "resources"), items(root, "bases")].concat(),
            components: items(root, "components"),
            crds: items(root, "crds"),
            name_prefix: text(root, "namePrefix"),
            name_suffix: text(root, "nameSuffix"),
            namespace: text(root, "namespace"),
            common_labels: entries(root, "commonLabels"),
            labels: items(root, "labels").iter().map(LabelEntry::of).collect(),
            common_annotations: entries(root, "commonAnnotations"),
            patches_strategic_merge: items(root, "patchesStrategicMerge"),
            patches_json6902: items(root, "patchesJson6902").iter().map(PatchEntry::of).collect(),
            patches: items(root, "patches").iter().map(PatchEntry::of).collect(),
            images: [items(root, "images"), items(root, "imageTags")].concat().iter().map(ImageEntry::of).collect(),
            replicas: items(root, "replicas").iter().map(ReplicaEntry::of).collect(),
            replacements: items(root, "replacements"),
            vars: items(root, "vars"),
            sort_options: root.get("sortOptions").cloned(),
            config_map_generator: items(root, "configMapGenerator").iter().map(GeneratorEntry::of).collect(),
            secret_generator: items(root, "secretGenerator").iter().map(GeneratorEntry::of).collect(),
            generator_options: root.get("generatorOptions").map(GeneratorOptions::of).unwrap_or_default(),
            helm_charts: [items(root, "helmCharts"), items(root, "helmChartInflationGenerator")].concat(),
            configurations: items(root, "configurations"),
            generators: items(root, "generators"),
            transformers: items(root, "transformers"),
            validators: items(root, "validators"),
            build_metadata: items(root, "buildMetadata"),
            openapi: entries(root, "openapi"),
            warnings: warnings(root),
            ..Self::default()
        }
    }
}

/// Reads a tree of another type with the same strictness: the normalised tree, or nothing where it does not fit.
pub(super) fn check_shape(root: &Node, shape: Shape, mode: Mode, problems: &mut Vec<Problem>) -> Option<Node> {
    shape::read(root, shape, mode, problems)
}

/// The type of a file of `configurations`.
pub(super) fn configuration_shape() -> Shape {
    fields::CONFIGURATION
}

/// The type of a built-in plugin's configuration: the fields of all of them.
pub(super) fn plugin_shape() -> Shape {
    fields::PLUGIN
}

/// The type of a file that a `ValueAddTransformer` names.
pub(super) fn value_targets_shape() -> Shape {
    fields::VALUE_TARGETS
}

/// The type of an entry of `replacements`.
pub(super) fn replacement_shape() -> Shape {
    fields::REPLACEMENT_ENTRY
}

/// The name of the one kustomization file of a folder. Flux takes the first of several, but kustomize then refuses the folder.
fn find(reader: Reader<'_>, folder: &str, _mode: Mode) -> Result<&'static str, Problem> {
    let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let is_file = |name: &&str| reader.tree.entry(&path(name)) == Some(EntryKind::File);
    let found: Vec<&'static str> = FILE_NAMES.into_iter().filter(|name| is_file(name)).collect();
    match found.as_slice() {
        [name] => Ok(name),
        [] => Err(failed(
            format!(
                "unable to find one of `kustomization.yaml`, `kustomization.yml` or `Kustomization` in directory `{}`",
                reader.tree.shown(folder)
            ),
            None,
        )
        .help("name a folder that contains one, or list the manifests in a new `kustomization.yaml` there")),
        [first, ..] => {
            let place = reader.tree.file(&path(first)).ok().map(|file| Span { file: file.id, start: 0, end: 0 });
            Err(failed(format!("found multiple kustomization files in `{}`", reader.tree.shown(folder)), place)
                .help(format!("keep one of `{}`", found.join("`, `"))))
        }
    }
}

/// What is wrong with a file that says nothing.
const EMPTY: &str = "the kustomization file is empty";

/// The fields that kustomize does not know, where they are no error. Those that only hold anchors are named `x-…`.
fn ignored_fields(root: &Node, mode: Mode) -> Vec<Problem> {
    if mode == Mode::Strict {
        return Vec::new();
    }
    let mut problems = Vec::new();
    shape::read(root, fields::KUSTOMIZATION, Mode::Strict, &mut problems);
    let unknown = problems.into_iter().filter_map(|problem| {
        let field = problem.message.strip_prefix(shape::UNKNOWN_FIELD)?.trim_matches('`').to_owned();
        let message = format!("unknown field `{field}`: Flux ignores it, with all that it holds");
        (!field.starts_with(['x', '.', '_']) || !field.contains(['-', '.', '_']))
            .then_some(Problem { message, ..problem })
    });
    unknown.collect()
}

fn check_type(root: &Node, problems: &mut Vec<Problem>) {
    let field = |key| root.get(key).filter(|value| value.text() != Some(""));
    let kind = field("kind").and_then(Node::text).unwrap_or("Kustomization");
    let flux = field("apiVersion")
        .filter(|version| version.text().is_some_and(|version| version.starts_with("kustomize.toolkit.fluxcd.io/")));
    if let Some(version) = flux {
        // What else does not fit follows from that.
        problems.clear();
        let message =
            format!("invalid Kustomization: this is Flux's `{kind}`, and kustomize takes the file for its own");
        let help = "give the file a different name, and list it below `resources` in a `kustomization.yaml`";
        return problems.push(failed(message, version.place()).help(help));
    }
    if !matches!(kind, "Kustomization" | "Component") {
        let place = field("kind").and_then(Node::place);
        let message = format!("kind should be `Kustomization` or `Component`, not `{kind}`");
        problems.push(failed(message, place).help("a Flux Kustomization belongs in a different file"));
    }
    let wanted = match kind {
        "Component" => "kustomize.config.k8s.io/v1alpha1",
        _ => "kustomize.config.k8s.io/v1beta1",
    };
    if let Some(version) = field("apiVersion").filter(|version| version.text() != Some(wanted)) {
        let message = format!("apiVersion for {kind} should be `{wanted}`");
        problems.push(failed(message, version.place()).help(format!("write `{wanted}`, or leave the field out")));
    }
}

/// kustomize prints what it tells its transformers and generators, and these read it again.
fn reread_arguments(root: &mut Node, problems: &mut Vec<Problem>) {
    const ARGUMENTS: [&str; 17] = [
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "labels",
        "commonAnnotations",
        "patchesStrategicMerge",
        "patchesJson6902",
        "patches",
        "images",
        "imageTags",
        "replicas",
        "replacements",
        "configMapGenerator",
        "secretGenerator",
        "generatorOptions",
        "sortOptions",
    ];
    for field in ARGUMENTS {
        let Some(Err((why, node))) = root.get_mut(field).map(print::reread) else { continue };
        let help = "remove the control characters: what a transformer or generator is given is printed and read again";
        problems.push(failed(format!("invalid `{field}`: {why}"), node.place()).help(help));
    }
}

/// kustomize hands labels and annotations to its transformers and generators as YAML, where `<<` is a merge key.
fn check_names(file: &Kustomization, problems: &mut Vec<Problem>) {
    let generators = file.config_map_generator.iter().chain(&file.secret_generator).map(|generator| &generator.options);
    let of_options = generators.chain([&file.generator_options]).flat_map(|it| it.labels.iter().chain(&it.annotations));
    let of_labels = file.labels.iter().flat_map(|it| &it.pairs);
    let pairs = file.common_labels.iter().chain(&file.common_annotations).chain(of_labels).chain(of_options);
    for entry in pairs.filter(|entry| entry.key.text() == Some("<<")) {
        let message = "`<<` cannot name a label or an annotation: kustomize takes it for a merge key";
        problems.push(failed(message, entry.key.place()).help("give it a different name"));
    }
}

fn warnings(root: &Node) -> Vec<String> {
    const DEPRECATED: [(&str, &str, &str); 6] = [
        ("bases", "resources", ""),
        ("commonLabels", "labels", ""),
        ("imageTags", "images", ""),
        ("patchesJson6902", "patches", ""),
        ("patchesStrategicMerge", "patches", ""),
        ("vars", "replacements", "[EXPERIMENTAL] "),
    ];
    let present = DEPRECATED.into_iter().filter(|(field, _, _)| root.get(field).is_some());
    let warning = |(field, instead, note)| {
        format!(
            "# Warning: '{field}' is deprecated. Please use '{instead}' instead. \
             {note}Run 'kustomize edit fix' to update your Kustomization automatically."
        )
    };
    present.map(warning).collect()
}

fn is_type_field(entry: &Entry) -> bool {
    matches!(entry.key.text(), Some("kind" | "apiVersion"))
}

fn unreadable(path: &str, error: &ReadError) -> Problem {
    failed(format!("cannot read `{path}`: {error}"), None)
}

fn failed(message: impl Into<String>, place: Option<Span>) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, place)
}
