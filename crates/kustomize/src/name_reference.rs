//! Name references: fields that hold another object's name follow its renaming (kustomize-semantics, section 10).

use std::collections::{HashMap, HashSet};

use smol_str::SmolStr;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Node, Origin, Value};

use super::config::NameReference;
use super::field_spec::{Creates, FieldSpec};
use super::id::{Gvk, ResourceId};
use super::node_edit::{created_untyped, set_scalar};
use super::resmap::ResMap;
use super::resource::Resource;

/// Updates all references to renamed objects. kustomize walks to every field that may hold a reference, also where nothing
/// was renamed, and refuses objects in which a scalar is on the way.
pub(super) fn fix(resources: &mut ResMap, references: &[NameReference], problems: &mut Vec<Problem>) {
    let targets = Targets::of(resources);
    for resource in resources.iter_mut() {
        if let Some(subject) = broken_subject(&resource.node) {
            let message =
                format!("`{}`: a subject must be a mapping whose kind and namespace are strings", resource.id());
            let place = subject.place().or(resource.place());
            problems.push(Problem::new(ProblemKind::KustomizeFailed, message, place));
        }
        if let Err(error) = fix_one(resource, references, &targets) {
            let message = format!("updating name references of `{}`: {error}", resource.id());
            problems.push(Problem::new(ProblemKind::KustomizeFailed, message, resource.place()));
        }
    }
}

/// How an object names others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Held {
    Nothing,
    /// By their names.
    Name,
    /// By mappings, whose namespaces follow, too.
    Mapping,
}

/// How an object names others in the fields that follow them, whether they are at hand or not.
pub(super) fn held_by(resource: &Resource, references: &[NameReference]) -> Held {
    let original = resource.original_id().gvk;
    let mut node = resource.node.clone();
    let mut held = Held::Nothing;
    let specs = references.iter().flat_map(|reference| &reference.referrers);
    for spec in specs.filter(|spec| original.is_selected_by(&spec.gvk)) {
        let spec = FieldSpec { gvk: Gvk::default(), create: false, ..spec.clone() };
        let visited = spec.visit(&mut node, Creates::Nothing, &mut |node| {
            held = held.max(held_in(node));
            Ok(())
        });
        // A field that cannot be visited is refused when references are fixed.
        if visited.is_err() {
            return Held::Mapping;
        }
    }
    held
}

fn held_in(node: &Node) -> Held {
    match &node.value {
        Value::Scalar(_) if node.is_null() || node.text() == Some("") => Held::Nothing,
        Value::Scalar(_) => Held::Name,
        Value::Mapping(_) => Held::Mapping,
        Value::Sequence(items) => items.iter().map(held_in).max().unwrap_or(Held::Nothing),
    }
}

/// The first subject of a RoleBinding in which kustomize cannot look for the namespace of a ServiceAccount.
fn broken_subject(node: &Node) -> Option<&Node> {
    if node.get("kind").and_then(Node::text) != Some("RoleBinding") {
        return None;
    }
    let is_text = |node: &Node| node.as_scalar().is_some() && matches!(resolve(node), Ok(Typed::String));
    let is_broken = |subject: &&Node| match (subject.get("kind"), subject.get("namespace")) {
        _ if subject.as_mapping().is_none() => true,
        (Some(kind), Some(_)) if !is_text(kind) => true,
        (Some(kind), Some(namespace)) => kind.text() == Some("ServiceAccount") && !is_text(namespace),
        _ => false,
    };
    node.get("subjects")?.items().iter().find(is_broken)
}

fn fix_one(resource: &mut Resource, references: &[NameReference], targets: &Targets) -> Result<(), String> {
    let referrer = Referrer::of(resource);
    for reference in references {
        for spec in reference.referrers.iter().filter(|spec| referrer.original.gvk.is_selected_by(&spec.gvk)) {
            let lookup = Lookup { targets, referrer: &referrer, target: &reference.target, spec };
            let spec = FieldSpec { gvk: Gvk::default(), create: false, ..spec.clone() };
            spec.visit(&mut resource.node, Creates::Nothing, &mut |node| lookup.set(node))?;
        }
    }
    Ok(())
}

/// What names an object had and has.
struct Target {
    id: ResourceId,
    /// The kind it had under each of its previous names.
    previous_kinds: Vec<SmolStr>,
    original_namespace: SmolStr,
    prefixes: Vec<SmolStr>,
    suffixes: Vec<SmolStr>,
    name_origin: Origin,
}

struct Targets {
    all: Vec<Target>,
    by_previous_name: HashMap<SmolStr, Vec<usize>>,
    current_namespaces: HashSet<SmolStr>,
    original_namespaces: HashSet<SmolStr>,
}

impl Targets {
    fn of(resources: &ResMap) -> Self {
        let all: Vec<Target> = resources.iter().map(Target::of).collect();
        let mut by_previous_name: HashMap<SmolStr, Vec<usize>> = HashMap::new();
        for (index, resource) in resources.iter().enumerate() {
            for previous in &resource.previous {
                let indices = by_previous_name.entry(previous.name.clone()).or_default();
                if indices.last() != Some(&index) {
                    indices.push(index);
                }
            }
        }
        let current_namespaces = all.iter().map(|target| target.id.effective_namespace().into()).collect();
        let original_namespaces = all.iter().map(|target| target.original_namespace.clone()).collect();
        Self { all, by_previous_name, current_namespaces, original_namespaces }
    }
}

impl Target {
    fn of(resource: &Resource) -> Self {
        let name = resource.node.at("/metadata/name");
        Self {
            id: resource.id(),
            previous_kinds: resource.previous.iter().map(|previous| previous.kind.clone()).collect(),
            original_namespace: resource.original_id().effective_namespace().into(),
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            name_origin: name.map(|name| name.origin.clone()).unwrap_or_default(),
        }
    }

    /// Whether it was ever renamed while it had a kind that the filter selects.
    fn had(&self, filter: &Gvk) -> bool {
        let any = Gvk { kind: SmolStr::default(), ..filter.clone() };
        let is_kind = |kind: &SmolStr| filter.kind.is_empty() || *kind == filter.kind;
        self.id.gvk.is_selected_by(&any) && self.previous_kinds.iter().any(is_kind)
    }
}

/// The object whose fields are updated.
struct Referrer {
    id: ResourceId,
    original: ResourceId,
    /// Namespaces of the ServiceAccounts among a RoleBinding's subjects.
    subject_namespaces: Vec<SmolStr>,
    role: Option<Gvk>,
    prefixes: Vec<SmolStr>,
    suffixes: Vec<SmolStr>,
}

impl Referrer {
    fn of(resource: &Resource) -> Self {
        let id = resource.id();
        let subjects = match id.gvk.kind.as_str() {
            "RoleBinding" => resource.node.get("subjects").map(Node::items).unwrap_or_default(),
            _ => &[],
        };
        let accounts = subjects.iter().filter(|it| it.get("kind").and_then(Node::text) == Some("ServiceAccount"));
        let role = resource.node.get("roleRef").and_then(|role| {
            let text = |key| role.get(key)?.text();
            Some(Gvk { group: text("apiGroup")?.into(), version: SmolStr::default(), kind: text("kind")?.into() })
        });
        Self {
            original: resource.original_id(),
            subject_namespaces: accounts.filter_map(|it| it.get("namespace")?.text()).map(SmolStr::new).collect(),
            role,
            prefixes: resource.prefixes.clone(),
            suffixes: resource.suffixes.clone(),
            id,
        }
    }

    /// Whether the object may be meant at all: in the same namespace, cluster-scoped, or named by a subject's namespace.
    fn may_mean(&self, target: &Target) -> bool {
        self.id.gvk.is_cluster_scoped()
            || target.id.gvk.is_cluster_scoped()
            || target.id.is_same_namespace(&self.id)
            || self.subject_namespaces.contains(&target.id.namespace)
    }

    fn shares_namespace(&self, target: &Target) -> bool {
        self.id.gvk.is_cluster_scoped()
            || target.id.gvk.is_cluster_scoped()
            || target.id.gvk.kind == "ServiceAccount"
            || target.id.is_same_namespace(&self.id)
    }
}

/// One reference field of one object.
struct Lookup<'a> {
    targets: &'a Targets,
    referrer: &'a Referrer,
    target: &'a Gvk,
    spec: &'a FieldSpec,
}

impl Lookup<'_> {
    fn set(&self, node: &mut Node) -> Result<(), String> {
        if node.is_null() {
            return Ok(());
        }
        match &mut node.value {
            Value::Scalar(_) => self.set_scalar(node),
            Value::Mapping(_) => self.set_mapping(node),
            Value::Sequence(items) => {
                items.iter_mut().filter(|item| !item.is_null()).try_for_each(|item| match &item.value {
                    Value::Scalar(_) => self.set_scalar(item),
                    Value::Mapping(_) => self.set_mapping(item),
                    Value::Sequence(_) => {
                        Err("a reference is expected to be either a string or a map of string".to_owned())
                    }
                })
            }
        }
    }

    fn set_scalar(&self, node: &mut Node) -> Result<(), String> {
        let old = node.text().unwrap_or_default();
        let Some(found) = self.select(old, |_| true, |left, right| left.id.name == right.id.name)? else {
            return Ok(());
        };
        if found.id.name == old {
            return Ok(());
        }
        rename(node, found)
    }

    fn set_mapping(&self, node: &mut Node) -> Result<(), String> {
        let Some(old) = node.get("name") else {
            return Err("path config error; no `name` field in node".to_owned());
        };
        let old = old.text().unwrap_or_default().to_owned();
        let namespace = node.get("namespace").map(|namespace| namespace.text().unwrap_or_default().to_owned());
        let in_namespace = |target: &Target| self.is_in(target, namespace.as_deref());
        let same =
            |left: &Target, right: &Target| left.id.name == right.id.name && left.id.namespace == right.id.namespace;
        let Some(found) = self.select(&old, in_namespace, same)? else { return Ok(()) };
        if found.id.name == old && found.id.namespace.is_empty() {
            return Ok(());
        }
        if let Some(name) = node.get_mut("name").filter(|name| name.text() != Some(found.id.name.as_str())) {
            rename(name, found)?;
        }
        self.set_namespace(node, found)
    }

    fn set_namespace(&self, node: &mut Node, found: &Target) -> Result<(), String> {
        if found.id.namespace.is_empty() {
            return Ok(());
        }
        let origin = node.origin.clone().with_patch(found.name_origin.patch());
        let Some(mapping) = node.as_mapping_mut() else { return Ok(()) };
        match mapping.get_mut("namespace") {
            Some(namespace) if namespace.text() == Some(found.id.namespace.as_str()) => Ok(()),
            Some(namespace) => set_scalar(namespace, found.id.namespace.clone(), namespace.origin.clone()),
            None => {
                mapping.set("namespace", created_untyped(found.id.namespace.clone(), origin));
                Ok(())
            }
        }
    }

    /// A reference with a namespace means objects that were there; only if no object ever was, those that are there now.
    fn is_in(&self, target: &Target, namespace: Option<&str>) -> bool {
        let Some(namespace) = namespace else { return true };
        if self.was_somewhere(namespace) {
            return target.original_namespace == namespace;
        }
        self.targets.current_namespaces.contains(namespace) && target.id.effective_namespace() == namespace
    }

    fn was_somewhere(&self, namespace: &str) -> bool {
        self.targets.original_namespaces.contains(namespace)
            && self
                .targets
                .all
                .iter()
                .any(|target| target.original_namespace == namespace && self.referrer.may_mean(target))
    }

    fn select(
        &self,
        old: &str,
        is_candidate: impl Fn(&Target) -> bool,
        is_identical: impl Fn(&Target, &Target) -> bool,
    ) -> Result<Option<&Target>, String> {
        let Some(indices) = self.targets.by_previous_name.get(old) else { return Ok(None) };
        let named = indices.iter().filter_map(|&index| self.targets.all.get(index));
        let role = self.referrer.role.as_ref().filter(|_| self.spec.path.ends_with("roleRef/name"));
        let mut candidates: Vec<&Target> = named
            .filter(|target| self.referrer.may_mean(target) && is_candidate(target))
            .filter(|target| target.had(self.target) && role.is_none_or(|role| target.had(role)))
            .filter(|target| self.referrer.shares_namespace(target))
            .collect();
        if candidates.len() > 1 {
            candidates.retain(|target| self.has_same_affixes(target, true));
        }
        if candidates.len() > 1 {
            candidates.retain(|target| self.has_same_affixes(target, false));
        }
        match candidates.as_slice() {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|other| is_identical(first, other)) => Ok(Some(first)),
            several => {
                let ids: Vec<String> = several.iter().map(|target| format!("`{}`", target.id)).collect();
                Err(format!("found multiple possible referrals: {}", ids.join(", ")))
            }
        }
    }

    fn has_same_affixes(&self, target: &Target, lenient: bool) -> bool {
        let same = |mine: &[SmolStr], theirs: &[SmolStr]| {
            lenient && (mine.is_empty() || theirs.is_empty()) || has_same_ending(mine, theirs)
        };
        same(&self.referrer.prefixes, &target.prefixes) && same(&self.referrer.suffixes, &target.suffixes)
    }
}

/// The reference stays the work of the text that wrote it; what renamed the target is its `patch`.
fn rename(node: &mut Node, target: &Target) -> Result<(), String> {
    let patch = target.name_origin.patch().or(node.origin.patch());
    let secret = target.name_origin.secret().cloned();
    let origin = node.origin.clone().with_patch(patch).with_secret(secret);
    set_scalar(node, target.id.name.clone(), origin)
}

/// Whether the shorter list is the end of the longer one; an empty list only equals an empty one.
fn has_same_ending(left: &[SmolStr], right: &[SmolStr]) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}
