//! Accumulation: what a folder's kustomization makes of its resources, bases and components (kustomize-semantics, section 2).

mod openapi;
mod patches;
mod resources;
mod transformers;

use std::collections::HashSet;
use std::sync::Arc;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Span, Value, print};

use super::budget::Budget;
use super::build_metadata;
use super::config::{Specs, TransformerConfig, read_configuration, read_crds};
use super::generate::{self, absorb, add_hashes};
use super::id::ResourceId;
use super::kustomization::{Kustomization, PatchEntry};
use super::load::{Site, check, read_file};
use super::missing::{Missing, leaves_out};
use super::patch::schemas::Schemas;
use super::resmap::ResMap;
use super::resource::Resource;
use super::resource_origin::ResourceOrigin;
use super::unprintable::unprintable;
use super::{Build, LoadRestriction, Options, Order, Reader, Remark, name_reference, order};

/// How many folders one build may load, bases that are loaded again counted again.
const MAX_FOLDERS: usize = 20_000;
/// How deeply bases may be nested.
const MAX_DEPTH: usize = 200;
/// How many resources one build may hold.
const MAX_RESOURCES: usize = 200_000;
/// How many resources one build may add, in all folders together.
const MAX_ADDED: usize = 1_000_000;

/// What is said of `helmCharts`, once for each kustomization file.
pub(super) const HELM_CHARTS: &str = "`helmCharts` are inflated by Helm: their content is not known";

/// What has been accumulated up to a moment.
#[derive(Debug, Default)]
pub(super) struct Accumulation {
    pub(super) resources: ResMap,
    pub(super) specs: Specs,
    pub(super) vars: Vec<Node>,
}

/// A build at work.
pub(super) struct Builder<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) options: Options,
    pub(super) problems: Vec<Problem>,
    dropped: Vec<Problem>,
    pub(super) remarks: Vec<Remark>,
    /// The patches that are applied are those of a component.
    is_component: bool,
    warnings: Vec<String>,
    /// The root has `buildMetadata`.
    tracks_origins: bool,
    folders: usize,
    /// What is known about types.
    schemas: Schemas,
    /// Resources added so far, in all folders, also those that were refused.
    added: usize,
    pub(super) budget: Budget,
    /// Whether resources are missing because something could not be read, which is reported.
    pub(super) is_lacking: bool,
    /// What of it lies elsewhere.
    pub(super) missing: Missing,
}

/// Builds a kustomization as the root.
pub(super) fn build_root(reader: Reader<'_>, folder: &str, root: &Kustomization, options: Options) -> Build {
    let mut builder = Builder::new(reader, options);
    builder.problems.clone_from(&root.problems);
    builder.warnings.clone_from(&root.warnings);
    builder.dropped.clone_from(&root.ignored);
    builder.tracks_origins = !root.build_metadata.is_empty();
    let folder = reader.tree.resolve(folder).unwrap_or_else(|_| folder.to_owned());
    let chain = vec![folder.clone()];
    let site = Site { folder, file_name: root.file_name.clone(), chain, from_root: String::new() };
    let accumulation = builder.accumulate(&site, root, Accumulation::default());
    let resources = builder.finish(root, accumulation);
    let is_open = builder.problems.iter().any(|problem| problem.kind == ProblemKind::Undetermined);
    let settled = resources.iter().map(|resource| !is_open && !resource.is_open).collect();
    let mut resources: Vec<Arc<Node>> = resources.into_iter().map(|resource| resource.node.into()).collect();
    // They are in the room of the resources.
    resources.shrink_to_fit();
    let Builder { problems, dropped, remarks, warnings, .. } = builder;
    Build { resources, settled, problems, dropped, remarks, warnings }
}

/// Lays patches over objects that no file holds. A patch that fails leaves them as they are.
pub(super) fn patch_objects(reader: Reader<'_>, objects: Vec<Node>, patches: &[PatchEntry]) -> Build {
    let options = Options { load_restriction: LoadRestriction::RootOnly, order: Order::Fifo };
    let mut builder = Builder::new(reader, options);
    let mut current = Accumulation::default();
    objects.into_iter().for_each(|node| current.resources.push_unchecked(Resource::new(node, None)));
    let site = Site { folder: String::new(), file_name: String::new(), chain: Vec::new(), from_root: String::new() };
    for entry in patches {
        if let Err(problem) = builder.apply_entry(&site, entry, &mut current) {
            builder.refuse_patch(problem);
        }
    }
    let resources: Vec<Arc<Node>> = current.resources.iter().map(|resource| Arc::new(resource.node.clone())).collect();
    let settled = vec![true; resources.len()];
    let Builder { problems, dropped, remarks, warnings, .. } = builder;
    Build { resources, settled, problems, dropped, remarks, warnings }
}

impl<'a> Builder<'a> {
    fn new(reader: Reader<'a>, options: Options) -> Self {
        let (problems, warnings) = (Vec::new(), Vec::new());
        Self {
            reader,
            options,
            problems,
            dropped: Vec::new(),
            remarks: Vec::new(),
            is_component: false,
            warnings,
            tracks_origins: false,
            folders: 0,
            schemas: Schemas::default(),
            added: 0,
            budget: Budget::default(),
            is_lacking: false,
            missing: Missing::default(),
        }
    }

    /// Runs a kustomization on top of what is there (nothing, except for components).
    fn accumulate(&mut self, site: &Site, file: &Kustomization, start: Accumulation) -> Accumulation {
        self.set_schema(site, file);
        self.is_lacking |= !file.problems.is_empty();
        let mut current = self.resources(site, &file.resources, start);
        current.resources.is_lacking = self.is_lacking;
        self.read_configurations(site, file, &mut current);
        self.generate(site, file, &mut current);
        current = self.components(site, &file.components, current);
        current.resources.is_lacking = self.is_lacking;
        if site.is_root() {
            self.reader.documents.release();
        }
        self.transform(site, file, &mut current);
        self.validate(site, file, &mut current);
        self.record_vars(&file.vars, &mut current);
        current
    }

    fn read_configurations(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        let mut own = TransformerConfig::default();
        for entry in &file.configurations {
            let Some(root) = self.first_document(site, entry) else { continue };
            if let Err(message) = own.merge(&read_configuration(&root, &mut self.problems)) {
                self.fail(message, entry.place());
            }
        }
        let mut specs = Specs::Builtin;
        let place = file.configurations.first().map_or(file.place, Node::place);
        let merged = if own.is_empty() { Ok(()) } else { specs.merge(&Specs::Own(Box::new(own))) };
        if let Err(message) = merged.and_then(|()| current.specs.merge(&specs)) {
            self.fail(message, place);
        }
        for entry in &file.crds {
            let Some(root) = self.definitions(site, entry) else { continue };
            let merged = read_crds(&root).and_then(|config| current.specs.merge(&Specs::Own(Box::new(config))));
            if let Err(message) = merged {
                self.fail(message, entry.place());
            }
        }
    }

    /// The first document of a file that a kustomization names.
    pub(super) fn first_document(&mut self, site: &Site, entry: &Node) -> Option<Node> {
        let file = match read_file(self.reader, self.options, site, entry) {
            Ok(file) => file,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        match self.reader.documents.of(&file).documents.first() {
            Some(Ok(document)) => document.root.clone(),
            Some(Err(problem)) => {
                self.problems.push(problem.clone().related(entry.place(), "read because of this entry"));
                None
            }
            None => None,
        }
    }

    /// The definitions of a file of `crds`: JSON if it starts like that, else YAML.
    fn definitions(&mut self, site: &Site, entry: &Node) -> Option<Node> {
        if let Ok(file) = read_file(self.reader, self.options, site, entry) {
            let is_json = file.bytes.first() == Some(&b'{');
            let json = serde_json::from_slice::<serde_json::Value>(&file.bytes);
            if file.bytes.is_empty() || is_json && json.is_err() {
                self.fail("unable to parse the OpenAPI definitions: they are not JSON", entry.place());
                return None;
            }
        }
        self.first_document(site, entry)
    }

    fn generate(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        let config_maps = file.config_map_generator.iter().map(|entry| (generate::Kind::ConfigMap, entry));
        let secrets = file.secret_generator.iter().map(|entry| (generate::Kind::Secret, entry));
        for (kind, entry) in config_maps.chain(secrets) {
            let options = &file.generator_options;
            match generate::generate(self.reader, self.options, site, kind, entry, options) {
                Ok(mut resource) => {
                    let cost = self.budget.look(current.resources.len());
                    if let Err(message) = cost.and_then(|()| self.budget.text(text_size(&resource.node))) {
                        return self.fail(message, entry.place);
                    }
                    let plugin = format!("{kind:?}Generator");
                    resource.origin = self.origin(site, &plugin).map(Box::new);
                    self.absorb(resource, current);
                }
                Err(problems) => self.lack_generated(entry.name.as_ref(), problems),
            }
        }
        current.resources.is_lacking = self.is_lacking;
        if let Some((first, others)) = file.helm_charts.split_first() {
            let help = "fleetlint does not run Helm; with Flux, charts are installed by a HelmRelease";
            let problem = Problem::new(ProblemKind::Incomplete, HELM_CHARTS, first.place()).help(help);
            self.problems.push(others.iter().fold(problem, |it, other| it.related(other.place(), "and this one")));
            self.lack_base(current);
        }
        self.run_generator_plugins(site, file, current);
    }

    /// Adds a generated object. One that would merge with what is missing is missing, too.
    pub(super) fn absorb(&mut self, resource: Resource, current: &mut Accumulation) {
        let name = resource.node.at("/metadata/name").cloned();
        if !absorb(&mut current.resources, resource, &mut self.problems) {
            self.missing.add_generated(name.as_ref());
        }
    }

    /// Takes note that a generated object is missing, and why.
    pub(super) fn lack_generated(&mut self, name: Option<&Node>, problems: Vec<Problem>) {
        self.is_lacking = true;
        self.missing.add_generated(name);
        self.problems.extend(problems.into_iter().map(leaves_out));
    }

    /// Takes note that objects of any names are missing.
    pub(super) fn lack_base(&mut self, current: &mut Accumulation) {
        (self.is_lacking, self.missing.has_base, current.resources.is_lacking) = (true, true, true);
    }

    /// What happens once, at the root, after everything.
    fn finish(&mut self, root: &Kustomization, mut current: Accumulation) -> ResMap {
        self.see_types(current.resources.iter());
        let specs = std::mem::take(&mut current.specs);
        let config = specs.all();
        if self.problems.iter().any(|problem| problem.kind == ProblemKind::Incomplete) {
            self.missing.is_copied |= !current.vars.is_empty();
            self.missing.mark(&mut current.resources, &config.name_reference);
        }
        add_hashes(&mut current.resources, &mut self.problems);
        name_reference::fix(&mut current.resources, &config.name_reference, &mut self.problems);
        self.resolve_vars(&mut current, &config.var_reference);
        self.check_identities(&current.resources);
        self.drop_local(&mut current.resources);
        current.resources.iter_mut().for_each(Resource::forget_names);
        order::apply(&mut current.resources, root, self.options.order, &mut self.problems);
        build_metadata::finish(&mut current.resources, root, &mut self.problems);
        if self.problems.is_empty() {
            self.check_printable(&current.resources);
        }
        current.resources
    }

    /// Drops local resources, by their ids: one that is called like another one that stays, stays.
    fn drop_local(&mut self, resources: &mut ResMap) {
        self.problems.extend(resources.drop_repeated(|resource| !is_local(&resource.node)));
        // Here kustomize takes a missing namespace for another one than `default`.
        let mut locals = HashSet::new();
        for resource in resources.iter().filter(|resource| is_local(&resource.node)) {
            if !locals.insert(resource.id()) {
                self.fail(format!("two local resources are named `{}`", resource.id()), resource.place());
            }
        }
        if locals.is_empty() {
            return;
        }
        let named: HashSet<ResourceId> = resources.iter().filter(|it| !is_local(&it.node)).map(Resource::id).collect();
        resources.retain(|resource| !is_local(&resource.node) || named.contains(&resource.id()));
    }

    /// A patch may have taken away what identifies an object.
    fn check_identities(&mut self, resources: &ResMap) {
        for resource in resources.iter() {
            if resource.has_inconsistent_ids() {
                let place = resource.place().or(resource.entry);
                let why = "was renamed when it had no name, or a name or namespace with a comma";
                self.fail(format!("`{}` {why}", resource.id()), place);
            }
            if let Err(message) = check(&resource.node) {
                let culprit = ["/metadata/name", "/kind"].iter().find_map(|path| resource.node.at(path)?.origin.span);
                self.fail(message, culprit.or(resource.node.origin.span));
            }
        }
    }

    /// kustomize prints everything and reads it again: what does not survive that fails the build.
    fn check_printable(&mut self, resources: &ResMap) {
        for resource in resources.iter() {
            if let Some(refused) = print::refusal(&resource.node) {
                self.problems.push(unprintable(resource, &refused));
            }
            self.problems.extend(self.misplaced_comment(resource));
        }
    }

    /// A comment after the key of a value that has become empty, or has come into brackets: kustomize writes the value below
    /// it, where it cannot read it again. What wrote the whole object again has left the comments out.
    fn misplaced_comment(&self, resource: &Resource) -> Option<Problem> {
        if resource.rewritten > 0 {
            return None;
        }
        let comment_behind = |key: &Node| {
            let is_lost = key.origin.span.is_some_and(|span| resource.item_of == Some(span.file));
            if is_lost { None } else { self.reader.documents.comment_behind_key(key) }
        };
        let (comment, how) = misplaced(&resource.node, false, &comment_behind)?;
        let message = format!("kustomize cannot print `{}`: a comment precedes a value that is {how}", resource.id());
        let problem = Problem::new(ProblemKind::KustomizeFailed, message, Some(comment));
        Some(problem.help("move the comment to a line of its own"))
    }

    /// The origin of what a field of the kustomization makes, if the root asks for origins.
    pub(super) fn origin(&self, site: &Site, plugin: &str) -> Option<ResourceOrigin> {
        self.tracks_origins.then(|| ResourceOrigin::builtin(&site.from_root, &site.file_name, plugin))
    }

    pub(super) fn fail(&mut self, message: impl Into<String>, place: Option<Span>) {
        self.problems.push(Problem::new(ProblemKind::KustomizeFailed, message, place));
    }
}

/// The comment after a key of a value that is written below it, or, in brackets, after the `,` that follows the comment.
fn misplaced(
    node: &Node,
    in_flow: bool,
    comment_behind: &dyn Fn(&Node) -> Option<Span>,
) -> Option<(Span, &'static str)> {
    match &node.value {
        Value::Scalar(_) => None,
        Value::Sequence(items) => items.iter().find_map(|item| misplaced(item, in_flow || items.flow, comment_behind)),
        Value::Mapping(mapping) => {
            let in_flow = in_flow || mapping.flow;
            // A key that a merge adds to a mapping loses its comment.
            let is_own = |key: &Node| node.origin.span.zip(key.origin.span).is_some_and(|(own, key)| own.holds(key));
            mapping.entries.iter().find_map(|Entry { key, value }| {
                let is_below = match &value.value {
                    Value::Scalar(_) => return None,
                    Value::Sequence(items) => items.is_empty() != in_flow,
                    Value::Mapping(mapping) => mapping.entries.is_empty() != in_flow,
                };
                let comment = (is_below && is_own(key)).then(|| comment_behind(key)).flatten();
                let comment = comment.map(|comment| (comment, if in_flow { "in brackets" } else { "empty" }));
                comment.or_else(|| misplaced(value, in_flow, comment_behind))
            })
        }
    }
}

fn text_size(generated: &Node) -> usize {
    let maps = ["data", "binaryData"].into_iter().filter_map(|field| generated.get(field));
    maps.flat_map(Node::entries).map(|entry| entry.value.text().unwrap_or_default().len()).sum()
}

/// `config.kubernetes.io/local-config` keeps an object out of the output, whatever its value but `"false"`.
fn is_local(node: &Node) -> bool {
    let annotations = node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let mark = annotations.and_then(|annotations| annotations.get("config.kubernetes.io/local-config"));
    mark.is_some_and(|mark| mark.text() != Some("false"))
}
