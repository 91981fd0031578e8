//! Whether what a reconciler applies is allowed: as the user that it impersonates, at the moment at which the server is asked.

use std::borrow::Cow;
use std::collections::HashMap;

use smol_str::{SmolStr, format_smolstr};

use super::Rbac;
use super::rights::Rights;
use crate::fleet::{ClusterObject, Identity, Reconciler, ReconcilerKind};
use crate::object::{Object, ObjectId};
use crate::rbac::{
    ApplyVerdict, Evidence, Policy, Resource, Scope, Target, User, apply, resource_by_convention, resource_of,
};
use crate::yaml::Node;

impl<'a> Rbac<'a> {
    /// Everything that is on the cluster counts.
    pub fn rights(self) -> Rights<'a> {
        Rights { rbac: self, view: self.policy().view() }
    }

    /// What is in a policy counts.
    pub fn rights_in(self, policy: &'a Policy) -> Rights<'a> {
        Rights { rbac: self, view: policy.view() }
    }

    /// The rights at the moment at which a reconciler applies its objects for the first time: bindings that it brings itself, or
    /// that hang below it, are not there yet. The server tries all of them before it takes one (kubernetes-facts section 2.1).
    pub fn rights_before(self, reconciler: &Reconciler) -> Rights<'a> {
        let below = self.index.below.get_or_init(|| below(self));
        let own = below.get(&reconciler.placed).map(Vec::as_slice).unwrap_or_default();
        Rights { rbac: self, view: self.policy().without(own) }
    }

    /// As whom a reconciler applies; `None` where it is not known.
    pub fn user_of(self, reconciler: &Reconciler) -> Option<User> {
        let namespace = &reconciler.object.id.namespace;
        match &reconciler.identity {
            _ if reconciler.is_remote => None,
            Identity::Named(name) | Identity::Default(name) => Some(User::account(namespace, name)),
            Identity::Controller => Some(User::account(&self.cluster.flux_namespace, controller(reconciler.kind))),
            Identity::Unknown => None,
        }
    }

    /// Whether a reconciler applies as an account of a controller of Flux.
    pub fn is_controller(self, reconciler: &Reconciler) -> bool {
        let is_one = |name: &str| matches!(name, "kustomize-controller" | "helm-controller" | "flux-operator");
        self.account_of(reconciler).is_some_and(|it| it.namespace == self.cluster.flux_namespace && is_one(&it.name))
    }

    /// The service account as which a reconciler applies on this cluster, where it is known.
    pub fn account_of(self, reconciler: &Reconciler) -> Option<ObjectId> {
        let user = self.user_of(reconciler)?;
        let (namespace, name) = user.as_account()?;
        let (namespace, name) = (namespace.into(), name.into());
        Some(ObjectId { group: "".into(), kind: "ServiceAccount".into(), namespace, name })
    }

    /// Whether a reconciler may write anything in a namespace, at the moment at which it applies for the first time.
    pub fn can_write_in(self, reconciler: &Reconciler, namespace: &str) -> bool {
        self.user_of(reconciler).is_some_and(|user| self.rights_before(reconciler).can_write_in(&user, namespace))
    }

    /// Whether a binding names the account as which a reconciler applies.
    pub fn binds_its_applier(self, reconciler: &Reconciler, binding: &Object) -> bool {
        let account = self.account_of(reconciler);
        let subjects = binding.at("/subjects").map(Node::items).unwrap_or_default();
        let is_it = |subject: &Node| {
            let text = |key: &str| subject.get(key).and_then(Node::text_if_set);
            let namespace = text("namespace").unwrap_or(&binding.id.namespace);
            let is_account = text("kind") == Some("ServiceAccount");
            account
                .as_ref()
                .is_some_and(|it| is_account && it.namespace == namespace && text("name") == Some(&*it.name))
        };
        subjects.iter().any(is_it)
    }

    /// The resource of an object, by the table, by a CustomResourceDefinition of the cluster, or by convention.
    pub fn resource_of(self, object: &Object) -> Cow<'a, Resource> {
        let id = &object.id;
        if let Some(known) = resource_of(&id.group, &id.kind) {
            return Cow::Borrowed(known);
        }
        let defined = self.index.defined.get_or_init(|| defined(self));
        match defined.get(&(id.group.clone(), id.kind.clone())) {
            Some(resource) => Cow::Borrowed(resource),
            None => Cow::Owned(resource_by_convention(&id.kind)),
        }
    }

    /// Whether a reconciler may apply an object.
    pub fn apply_verdict(self, reconciler: &Reconciler, placed: ClusterObject<'_>) -> ApplyVerdict<'a> {
        let Some(user) = self.user_of(reconciler) else { return ApplyVerdict::Undetermined(why_unknown(reconciler)) };
        let held = self.cluster.get(&placed.object.id).filter(|it| it.by != placed.by);
        let old = held.map(|held| held.object);
        let verdict = self.verdict(self.rights_before(reconciler), &user, placed.object, old);
        match verdict {
            // What installs Flux is not known in full, but its controllers can do everything.
            ApplyVerdict::Denied(_) if reconciler.identity == Identity::Controller => ApplyVerdict::Allowed(None),
            ApplyVerdict::Denied(denial) => match self.why_beyond(reconciler) {
                Some(why) => ApplyVerdict::Undetermined(why),
                None => ApplyVerdict::Denied(denial),
            },
            verdict => verdict,
        }
    }

    /// Why the account of a reconciler may have rights that the fleet does not show: somebody else creates it, and may bind it.
    pub(super) fn why_beyond(self, reconciler: &Reconciler) -> Option<SmolStr> {
        if reconciler.parent.is_none() {
            return Some("whoever sets up the cluster applies its root, and may bind its account".into());
        }
        let account = self.account_of(reconciler)?;
        let is_of_fleet = self.cluster.namespace(&account.namespace).is_some()
            && (account.name == "default" || self.cluster.existence().could_create(&account, &[]).is_none());
        let is_known = self.cluster.get(&account).is_some() || is_of_fleet;
        let ObjectId { namespace, name, .. } = &account;
        (!is_known).then(|| {
            format_smolstr!(
                "the fleet does not create service account `{namespace}/{name}`, and whoever does may bind it"
            )
        })
    }

    /// Whether a user may apply an object of which the cluster holds `old`, or nothing.
    pub fn verdict(self, rights: Rights<'a>, user: &User, object: &Object, old: Option<&Object>) -> ApplyVerdict<'a> {
        let resource = self.resource_of(object);
        let namespace = object.id.namespace.as_str();
        let namespace = match resource.scope {
            Scope::Cluster => "",
            Scope::Namespaced | Scope::Unknown if !namespace.is_empty() => namespace,
            Scope::Namespaced => return undetermined(object, "has no namespace"),
            Scope::Unknown => {
                return undetermined(object, "is of a kind of which nothing says whether it is in a namespace");
            }
        };
        apply(&rights, user, Target { object, resource: &resource.plural, namespace, old })
    }
}

fn undetermined<'a>(object: &Object, why: &str) -> ApplyVerdict<'a> {
    ApplyVerdict::Undetermined(format_smolstr!("{} {why}", object.id))
}

fn why_unknown(reconciler: &Reconciler) -> SmolStr {
    match reconciler.is_remote {
        true => "its `kubeConfig` decides as whom it applies on the other cluster".into(),
        false => "cannot tell whether its controller is locked down, and so as whom it applies".into(),
    }
}

/// The account of the controller that reconciles a kind.
fn controller(kind: ReconcilerKind) -> &'static str {
    match kind {
        ReconcilerKind::Kustomization => "kustomize-controller",
        ReconcilerKind::HelmRelease => "helm-controller",
        ReconcilerKind::ResourceSet | ReconcilerKind::FluxInstance => "flux-operator",
    }
}

/// The resources that the CustomResourceDefinitions of the cluster define, by group and kind.
fn defined(rbac: Rbac<'_>) -> HashMap<(SmolStr, SmolStr), Resource> {
    let definitions = rbac.cluster.objects.of_kind("apiextensions.k8s.io", "CustomResourceDefinition");
    let defined = definitions.filter_map(|placed| {
        let text = |pointer: &str| placed.object.str(pointer);
        let scope = match text("/spec/scope")? {
            "Cluster" => Scope::Cluster,
            _ => Scope::Namespaced,
        };
        let plural = Cow::Owned(text("/spec/names/plural")?.to_owned());
        let kind = (text("/spec/group")?.into(), text("/spec/names/kind")?.into());
        Some((kind, Resource { plural, scope, evidence: Evidence::Definition }))
    });
    defined.collect()
}

/// By the position of a reconciler's object: itself and all reconcilers that hang below it.
fn below(rbac: Rbac<'_>) -> HashMap<usize, Vec<usize>> {
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, reconciler) in rbac.cluster.reconcilers.iter().enumerate() {
        for above in rbac.cluster.graph().ancestors_and_self(reconciler) {
            below.entry(above.placed).or_default().push(index);
        }
    }
    below
}
