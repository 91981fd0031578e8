//! `namespace` (kustomize-semantics, section 8).

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Mapping, Node, Origin};

use super::super::field_spec::{self, Creates, FieldSpec};
use super::super::id::{Gvk, ResourceId};
use super::super::node_edit::{kind_name, set_string, untyped};
use super::super::resmap::ResMap;
use super::super::resource::Resource;
use super::refused;

/// What a namespace transformer is told.
pub(in super::super) struct NamespaceArguments<'a> {
    pub(in super::super) namespace: &'a Node,
    pub(in super::super) specs: &'a [FieldSpec],
    /// Leave what is set already.
    pub(in super::super) unset_only: bool,
    /// `defaultOnly`, `allServiceAccounts` or `none`.
    pub(in super::super) subjects: &'a str,
}

/// Puts every namespaced resource into the namespace.
pub(in super::super) fn set_namespace(
    resources: &mut ResMap,
    arguments: &NamespaceArguments<'_>,
    problems: &mut Vec<Problem>,
) {
    let place = arguments.namespace.place();
    for resource in resources.iter_mut().filter(|resource| !is_from_helm(resource)) {
        resource.store_previous_id();
        if let Err(error) = arguments.apply(&mut resource.node) {
            problems.push(refused(resource, place, &format!("namespace transformation failed: {error}")));
        }
    }
    report_conflicts(resources, arguments.namespace, problems);
}

impl NamespaceArguments<'_> {
    pub(super) fn apply(&self, object: &mut Node) -> Result<(), String> {
        let gvk = Gvk::of(object);
        let is_v1 = object.get("apiVersion").and_then(Node::text) == Some("v1");
        if !gvk.is_cluster_scoped() {
            FieldSpec::everywhere("metadata/namespace", true).visit(object, Creates::Scalar, &mut |n| self.set(n))?;
        }
        let is_binding = matches!(gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if is_binding {
            self.set_subjects(object)?;
        }
        let applies = |spec: &&FieldSpec| match spec.path.as_str() {
            "metadata/namespace" => false,
            "metadata/name" => is_v1,
            "subjects/namespace" => !is_binding || !spec.gvk.kind.ends_with("RoleBinding"),
            _ => true,
        };
        let specs: Vec<FieldSpec> = self.specs.iter().filter(applies).cloned().collect();
        field_spec::visit_all(object, &specs, Creates::Scalar, &mut |node| self.set(node))
    }

    fn set(&self, node: &mut Node) -> Result<(), String> {
        if self.unset_only && !node.is_null() && node.text().is_some_and(|text| !text.is_empty()) {
            return Ok(());
        }
        let text = self.namespace.text().unwrap_or_default();
        set_string(node, text, self.namespace.origin.clone())
    }

    fn set_subjects(&self, object: &mut Node) -> Result<(), String> {
        let (field, wanted) = match self.subjects {
            "none" => return Ok(()),
            "allServiceAccounts" => ("kind", "ServiceAccount"),
            _ => ("name", "default"),
        };
        let Some(subjects) = object.get_mut("subjects").filter(|subjects| !subjects.is_null()) else { return Ok(()) };
        let found = kind_name(subjects);
        let Some(subjects) = subjects.as_sequence_mut() else { return Err(wrong_kind("SequenceNode", found)) };
        for subject in subjects.iter_mut().filter(|subject| !subject.is_null()) {
            let found = kind_name(subject);
            let Some(mapping) = subject.as_mapping_mut() else { return Err(wrong_kind("MappingNode", found)) };
            match mapping.get(field).filter(|name| !name.is_null()) {
                Some(name) if name.as_scalar().is_none() => return Err(wrong_kind("ScalarNode", kind_name(name))),
                Some(name) if name.text() == Some(wanted) => self.set_subject(mapping)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn set_subject(&self, subject: &mut Mapping) -> Result<(), String> {
        if let Some(namespace) = subject.get_mut("namespace") {
            return self.set(namespace);
        }
        let mut namespace = untyped("", Origin::default());
        self.set(&mut namespace)?;
        subject.set("namespace", namespace);
        Ok(())
    }
}

fn wrong_kind(expected: &str, found: &str) -> String {
    format!("wrong node kind: expected {expected} but got {found}")
}

fn is_from_helm(resource: &Resource) -> bool {
    let annotations = resource.node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let mark = annotations.and_then(|annotations| annotations.get("internal.config.kubernetes.io/helm-generated"));
    mark.and_then(Node::text) == Some("true")
}

/// Two objects that only their namespaces told apart.
fn report_conflicts(resources: &ResMap, namespace: &Node, problems: &mut Vec<Problem>) {
    let mut first_of = std::collections::HashMap::new();
    for resource in resources.iter() {
        let id = resource.id();
        let key = ResourceId { namespace: id.effective_namespace().into(), ..id };
        let Some(first) = first_of.get(&key).copied() else {
            first_of.insert(key, resource);
            continue;
        };
        let first: &Resource = first;
        let message = format!("namespace transformation produces ID conflict: `{}`", resource.id());
        let problem = Problem::new(ProblemKind::KustomizeFailed, message, namespace.place());
        let problem = problem.help("give the two different names, or build them in two kustomizations");
        problems.push(problem.related(first.place(), "this object").related(resource.place(), "and this one"));
    }
}
