//! Plugin configurations: `generators`, `transformers`, `validators` with built-in kinds (kustomize-semantics, section 14).

mod generators;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Value, print};

use super::accumulate::{Accumulation, Builder};
use super::build_metadata::note_transformation;
use super::field_spec::FieldSpec;
use super::generate::add_hashes;
use super::json;
use super::kustomization::{
    ImageEntry, Kustomization, Mode, PatchEntry, ReplicaEntry, check_shape, entries, items, plugin_shape, text,
    value_targets_shape,
};
use super::load::{Site, resources_of_roots};
use super::missing::changes_any;
use super::node_edit::{created_string, type_tag};
use super::patch::entry;
use super::patch::selector::Selector;
use super::resource::Resource;
use super::resource_origin::ResourceOrigin;
use super::transform::{
    Affix, NamespaceArguments, ValueTarget, add_affix, set_annotations, set_images, set_labels, set_namespace,
    set_replicas,
};

/// A built-in plugin with what it is told.
struct Plugin {
    kind: String,
    config: Node,
    /// The configuration's object, for messages and origins.
    resource: Resource,
}

/// A target looks at its objects' labels and identities, and at the fields on its way.
const LOOKS_OF_A_TARGET: usize = 8;

impl Builder<'_> {
    /// Transformers that a kustomization configures, after those of its own fields.
    pub(super) fn run_transformer_plugins(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        for plugin in self.plugins(site, &file.transformers) {
            self.run_transformer(site, &plugin, current);
            if let Some(origin) = self.plugin_origin(site, &plugin) {
                note_transformation(&mut current.resources, &origin);
            }
        }
    }

    /// Validators: transformers that must not change anything but the label `validated-by`.
    pub(super) fn validate(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        for plugin in self.plugins(site, &file.validators) {
            let before = Before::of(current);
            self.run_transformer(site, &plugin, current);
            if !before.is_still(current, Sameness::seen_behind(&plugin.kind)) {
                self.refuse_plugin(&plugin, "is a validator and shouldn't modify the resources");
            }
        }
    }

    fn run_transformer(&mut self, site: &Site, plugin: &Plugin, current: &mut Accumulation) {
        let config = &plugin.config;
        let specs: Vec<FieldSpec> = items(config, "fieldSpecs").iter().map(FieldSpec::of).collect();
        let (resources, problems) = (&mut current.resources, &mut self.problems);
        match plugin.kind.as_str() {
            "AnnotationsTransformer" => set_annotations(resources, &entries(config, "annotations"), &specs, problems),
            "LabelTransformer" => set_labels(resources, &entries(config, "labels"), &specs, problems),
            "ImageTagTransformer" => {
                let entry = config.get("imageTag").map(ImageEntry::of).unwrap_or_default();
                set_images(resources, &entry, &specs, problems);
            }
            "ReplicaCountTransformer" => {
                let none = Node::mapping(Vec::new(), config.origin.clone());
                let entry = ReplicaEntry::of(config.get("replica").unwrap_or(&none));
                set_replicas(resources, &entry, &specs, problems);
            }
            "HashTransformer" => add_hashes(resources, problems),
            "NamespaceTransformer" => self.put_into_namespace(plugin, &specs, current),
            "PrefixTransformer" => self.put_affixes(plugin, &[Affix::Prefix], &specs, current),
            "SuffixTransformer" => self.put_affixes(plugin, &[Affix::Suffix], &specs, current),
            "PrefixSuffixTransformer" => self.put_affixes(plugin, &[Affix::Prefix, Affix::Suffix], &specs, current),
            "PatchTransformer" | "PatchJson6902Transformer" | "PatchStrategicMergeTransformer" => {
                self.patch_by(site, plugin, current);
            }
            "ReplacementTransformer" => self.apply_replacements(site, &items(config, "replacements"), current),
            "ValueAddTransformer" => self.add_values(site, plugin, current),
            _ => self.refuse_plugin(plugin, "is not a transformer"),
        }
    }

    fn put_into_namespace(&mut self, plugin: &Plugin, specs: &[FieldSpec], current: &mut Accumulation) {
        let subjects = text(&plugin.config, "setRoleBindingSubjects");
        let mode = subjects.as_ref().and_then(Node::text).unwrap_or("defaultOnly");
        if !matches!(mode, "defaultOnly" | "allServiceAccounts" | "none") {
            let place = subjects.as_ref().and_then(Node::place);
            let message = format!(
                "invalid value `{mode}` for setRoleBindingSubjects: must be one of `defaultOnly`, `none` or `allServiceAccounts`"
            );
            return self.fail(message, place);
        }
        let Some(namespace) = plugin.config.get("metadata").and_then(|metadata| text(metadata, "namespace")) else {
            return;
        };
        self.missing.is_moved = true;
        let unset_only = plugin.config.get("unsetOnly").and_then(Node::text) == Some("true");
        let arguments = NamespaceArguments { namespace: &namespace, specs, unset_only, subjects: mode };
        set_namespace(&mut current.resources, &arguments, &mut self.problems);
    }

    fn put_affixes(&mut self, plugin: &Plugin, affixes: &[Affix], specs: &[FieldSpec], current: &mut Accumulation) {
        if plugin.resource.node.get("fieldSpecs").is_none() {
            return self.refuse_plugin(plugin, "fails configuration: fieldSpecs is not expected to be nil");
        }
        self.missing.is_renamed = true;
        for affix in affixes {
            let key = if *affix == Affix::Prefix { "prefix" } else { "suffix" };
            let value = text(&plugin.config, key);
            let value = value.unwrap_or_else(|| Node::string("", plugin.config.origin.clone()));
            add_affix(&mut current.resources, *affix, &value, specs, &mut self.problems);
        }
    }

    fn add_values(&mut self, site: &Site, plugin: &Plugin, current: &mut Accumulation) {
        let config = &plugin.config;
        let place = plugin.resource.place();
        let folder = site.folder.rsplit('/').next().unwrap_or_default();
        let given = text(config, "value").filter(|value| !value.text().unwrap_or_default().trim().is_empty());
        let value = given.unwrap_or_else(|| Node::string(folder, config.origin.clone()));
        let value = Node::string(value.text().unwrap_or_default().trim(), value.origin.clone());
        let mut targets = items(config, "targets");
        if let Some(path) = text(config, "targetFilePath") {
            let Some(root) = self.first_document(site, &path) else { return };
            let file = check_shape(&root, value_targets_shape(), Mode::Lenient, &mut self.problems);
            targets.extend(file.map(|file| items(&file, "targets")).unwrap_or_default());
        }
        if targets.is_empty() {
            return self.refuse_plugin(plugin, "must specify at least one target");
        }
        for target in &targets {
            let Some(path) = &text(target, "fieldPath").filter(|path| path.text() != Some("")) else {
                return self.refuse_plugin(plugin, "has a target without `fieldPath`");
            };
            let position = target.get("filePathPosition").and_then(Node::text);
            let position: i64 = position.and_then(|text| text.parse().ok()).unwrap_or(0);
            if position < 0 {
                return self.refuse_plugin(plugin, "has a target with a negative `filePathPosition`");
            }
            let selector = target.get("selector").map(Selector::of).transpose();
            let selector = match selector {
                Ok(selector) => selector,
                Err(refusal) => return self.fail(refusal.message, refusal.place.or(place)),
            };
            let cost = self.budget.look(LOOKS_OF_A_TARGET * current.resources.len());
            let target = match cost.and_then(|()| ValueTarget::new(&value, path, position)) {
                Ok(target) => target,
                Err(message) => return self.fail(message, path.place().or(place)),
            };
            let indices = current.resources.find(|it| selector.as_ref().is_none_or(|selector| selector.selects(it)));
            for index in indices {
                let Some(resource) = current.resources.get_mut(index) else { continue };
                // What one object cannot take the others mostly cannot either.
                if let Err(error) = target.write(resource, &mut self.budget) {
                    let message = format!("cannot add a value to `{}`: {error}", resource.id());
                    return self.fail(message, path.place().or(place));
                }
            }
        }
    }

    fn patch_by(&mut self, site: &Site, plugin: &Plugin, current: &mut Accumulation) {
        let place = plugin.resource.place();
        let result = match plugin.kind.as_str() {
            "PatchTransformer" => {
                let entry = PatchEntry { place, ..PatchEntry::of(&plugin.config) };
                self.apply_entry(site, &entry, current)
            }
            "PatchJson6902Transformer" => {
                let patch = text(&plugin.config, "jsonOp");
                let entry = PatchEntry { place, patch, ..PatchEntry::of(&plugin.config) };
                self.apply_legacy_json(site, &entry, current)
            }
            _ => {
                let patches: Vec<Node> =
                    items(&plugin.config, "paths").into_iter().chain(text(&plugin.config, "patches")).collect();
                self.apply_legacy_strategic(site, &patches, current);
                Ok(())
            }
        };
        if let Err(problem) = result {
            self.refuse_patch(problem);
        }
    }

    /// The plugins that entries configure: inline texts first, then files and folders, as kustomize reads them.
    fn plugins(&mut self, site: &Site, list: &[Node]) -> Vec<Plugin> {
        if list.is_empty() {
            return Vec::new();
        }
        let mut found = Accumulation::default();
        let mut paths = Vec::new();
        for entry in list {
            let inline = self.reader.documents.embedded(entry, false);
            match entry::strategic(&inline, entry) {
                Ok(roots) => {
                    let resources = resources_of_roots(roots, entry, &mut self.problems);
                    self.see_types(resources.iter());
                    found.resources.append(resources, &mut self.problems);
                }
                Err(_) => paths.push(entry.clone()),
            }
        }
        // Whatever a plugin that is not at hand does to the objects.
        let known = self.problems.len();
        let found = self.resources(site, &paths, found);
        self.problems.iter_mut().skip(known).for_each(changes_any);
        found.resources.into_iter().filter_map(|resource| self.plugin(resource)).collect()
    }

    fn plugin(&mut self, resource: Resource) -> Option<Plugin> {
        let gvk = resource.id().gvk;
        let place = resource.node.get("kind").and_then(Node::place);
        if !gvk.group.is_empty() || gvk.version != "builtin" {
            let message = format!("external plugins disabled; unable to load external plugin `{}`", gvk.kind);
            let help = "kustomize and Flux run built-in plugins only";
            self.problems.push(Problem::new(ProblemKind::KustomizeFailed, message, place).help(help));
            return None;
        }
        // kustomize prints the configuration before it reads it.
        let mut printed = resource.node.clone();
        if let Err(message) = json::normalise_printed(&mut printed) {
            let culprit = print::refusal(&printed).and_then(|refused| refused.origin.edit_place());
            self.fail(format!("plugin `{}` cannot be printed: {message}", resource.id()), culprit.or(place));
            return None;
        }
        if let Err((message, node)) = print::reread(&mut printed) {
            self.fail(message, node.place().or(place));
            return None;
        }
        let config = check_shape(&printed, plugin_shape(), Mode::Lenient, &mut self.problems)?;
        Some(Plugin { kind: gvk.kind.to_string(), config, resource })
    }

    fn plugin_origin(&self, site: &Site, plugin: &Plugin) -> Option<ResourceOrigin> {
        let origin = self.origin(site, &plugin.kind)?;
        let id = plugin.resource.id();
        match (origin, plugin.resource.origin.as_deref()) {
            (ResourceOrigin::Configured { configured_in, api_version, kind, .. }, file) => {
                Some(ResourceOrigin::Configured {
                    configured_in: match file {
                        Some(ResourceOrigin::File { path }) => path.clone(),
                        _ => configured_in,
                    },
                    api_version,
                    kind,
                    name: id.name.to_string(),
                    namespace: id.namespace.to_string(),
                })
            }
            (origin, _) => Some(origin),
        }
    }

    fn refuse_plugin(&mut self, plugin: &Plugin, why: &str) {
        let place = plugin.resource.node.get("kind").and_then(Node::place);
        self.fail(format!("plugin `{}` {why}", plugin.resource.id()), place);
    }
}

/// What a validator must leave as it is.
struct Before {
    resources: Vec<Resource>,
}

impl Before {
    fn of(current: &Accumulation) -> Self {
        Self { resources: current.resources.iter().cloned().collect() }
    }

    /// kustomize compares the nodes themselves: what a transformer set is another node, even with the same text.
    fn is_still(&self, current: &Accumulation, sameness: Sameness) -> bool {
        let is_same = |before: &Resource, now: &Resource| {
            let notes = |it: &Resource| (it.previous.clone(), it.prefixes.clone(), it.suffixes.clone(), it.lost_ids);
            before.rewritten == now.rewritten
                && notes(before) == notes(now)
                && match sameness {
                    Sameness::Untouched => is_untouched(&before.node, &now.node),
                    _ => sameness.of_nodes(&before.node, &without_label(now)),
                }
        };
        self.resources.len() == current.resources.len()
            && self.resources.iter().zip(current.resources.iter()).all(|(before, now)| is_same(before, now))
    }
}

/// What tells an old node from a new one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sameness {
    /// Nothing but its text: a replacement changes that and nothing else.
    Text,
    /// Its line and column, and what a transformer makes has none.
    Place,
    /// A patch makes other nodes of an object, with places of their own or without any, also where it says nothing new.
    Untouched,
}

impl Sameness {
    /// By what kustomize sees what a transformer has changed.
    fn seen_behind(kind: &str) -> Self {
        match kind {
            "ReplacementTransformer" => Self::Text,
            "PatchTransformer" | "PatchStrategicMergeTransformer" => Self::Untouched,
            _ => Self::Place,
        }
    }

    /// Of values in the same style with the same tag.
    fn of_nodes(self, left: &Node, right: &Node) -> bool {
        let same = match (&left.value, &right.value) {
            (Value::Scalar(left), Value::Scalar(right)) => left == right,
            (Value::Sequence(left), Value::Sequence(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| self.of_nodes(left, right))
            }
            (Value::Mapping(left), Value::Mapping(right)) => {
                let pairs = || left.entries.iter().zip(&right.entries);
                left.entries.len() == right.entries.len()
                    && pairs().all(|(left, right)| left.key.value == right.key.value)
                    && pairs().all(|(left, right)| self.of_nodes(&left.value, &right.value))
            }
            _ => false,
        };
        same && match self {
            Self::Text => type_tag(left) == type_tag(right),
            _ => left.tag == right.tag && (left.tag.is_some() || left.origin.span == right.origin.span),
        }
    }
}

fn is_untouched(before: &Node, now: &Node) -> bool {
    before.as_mapping().zip(now.as_mapping()).is_none_or(|(before, now)| before.entries.is_shared_with(&now.entries))
}

/// kustomize takes its own label away before it compares, and writes the other labels again for that.
fn without_label(resource: &Resource) -> Node {
    let mut node = resource.node.clone();
    let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut) else { return node };
    let Some(labels) = metadata.get_mut("labels").and_then(Node::as_mapping_mut) else { return node };
    if labels.remove("validated-by").is_none() {
        return node;
    }
    if labels.entries.is_empty() {
        metadata.remove("labels");
        return node;
    }
    for entry in &mut labels.entries {
        entry.value = created_string(entry.value.text().unwrap_or_default(), entry.value.origin.clone());
    }
    node
}
