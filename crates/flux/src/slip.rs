//! Objects that are meant to be of Flux or the Flux Operator, and are not because of a slip in their kind or API version.

use fleetlint_kustomize::near::edit_distance;

use crate::api::group;
use crate::kinds;
use crate::object::{Object, ObjectId};
use crate::release::{api_version, newest_version};

/// More letters apart it may be a kind of somebody else.
const MAX_SLIPS: usize = 2;

/// A kind that is cut shorter may mean anything.
const MIN_KIND: usize = 4;

/// The API of kustomize's own files, whose kind has the name of Flux's.
const KUSTOMIZE_FILES: &str = "kustomize.config.k8s.io";

/// What is wrong with the kind or the API version of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The field that holds it: `/kind` or `/apiVersion`.
    pub pointer: &'static str,
    /// A clause that says what is wrong.
    pub what: String,
    /// What the field should hold.
    pub instead: String,
    /// The object that is meant.
    pub meant: ObjectId,
}

/// Whether objects of a group and kind may have one at all.
pub fn may_slip(group: &str, kind: &str) -> bool {
    kinds::flux().any(|(known, of_group)| known == group || of_group == kind)
}

/// The slip of an object, if it has one.
pub fn slip(object: &Object) -> Option<Slip> {
    let of_group: Vec<_> = kinds::flux().filter(|(group, _)| object.id.group == *group).collect();
    match of_group.first() {
        Some((group, _)) => within(object, group, &of_group.iter().map(|(_, kind)| *kind).collect::<Vec<_>>()),
        None => outside(object),
    }
}

/// In a group of Flux: a kind that the group does not have, a version that no release serves.
fn within(object: &Object, group: &'static str, kinds: &[&'static str]) -> Option<Slip> {
    let (kind, version) = (object.id.kind.as_str(), object.version.as_str());
    if kinds.contains(&kind) {
        let newest = newest_version(group, kind).filter(|_| api_version(group, kind, version).is_none())?;
        let what = format!("no release serves a {kind} of `{group}/{version}`");
        return Some(Slip::api_version(object, what, group, newest));
    }
    let what = format!("`{kind}` is not a kind of `{group}`");
    if let Some(home) = home_of(kind) {
        return Some(Slip::api_version(object, what, home, newest_version(home, kind)?));
    }
    let meant = near_kind(kind, kinds)?;
    let id = ObjectId { kind: meant.into(), ..object.id.clone() };
    Some(Slip { pointer: "/kind", what, instead: meant.to_owned(), meant: id })
}

/// A kind of Flux in a group that is not one of Flux's, but looks like it.
fn outside(object: &Object) -> Option<Slip> {
    let (written, kind) = (object.id.group.as_str(), object.id.kind.as_str());
    let home = home_of(kind)?;
    let newest = newest_version(home, kind)?;
    if written.is_empty() && edit_distance(&object.version, home) <= MAX_SLIPS {
        let what = format!("the API version `{}` has only a group, and no version", object.version);
        return Some(Slip::api_version(object, what, home, newest));
    }
    if written == KUSTOMIZE_FILES {
        let what = format!("`{KUSTOMIZE_FILES}` is the API of kustomization files, not of Flux's Kustomizations");
        let is_of_flux = ["/spec/sourceRef", "/spec/path", "/spec/interval"].iter().any(|it| object.at(it).is_some());
        return is_of_flux.then(|| Slip::api_version(object, what, home, newest));
    }
    let version = object.version.as_str();
    let version = if api_version(home, kind, version).is_some() { version } else { newest };
    let what = format!("there is no API group `{written}`");
    is_like(written, home, kind).then(|| Slip::api_version(object, what, home, version))
}

/// Whether a group is meant to be one of Flux's: a few letters away, cut short, or in its domain. `helm.fluxcd.io` is
/// of Flux 1.
fn is_like(written: &str, home: &str, kind: &str) -> bool {
    let is_cut = home.starts_with(written) && written.contains('.');
    let is_of_domain = written.ends_with(".fluxcd.io") && kind != "HelmRelease";
    edit_distance(written, home) <= MAX_SLIPS || is_cut || is_of_domain || kind == "FluxInstance"
}

/// The group of a kind.
fn home_of(kind: &str) -> Option<&'static str> {
    kinds::flux().find(|(_, known)| *known == kind).map(|(group, _)| group)
}

/// The kind that is meant: a few letters away, or the only one that is longer.
fn near_kind(kind: &str, kinds: &[&'static str]) -> Option<&'static str> {
    let (count, near) = kinds.iter().map(|known| (edit_distance(known, kind), *known)).min()?;
    let mut longer = kinds.iter().filter(|known| known.starts_with(kind) && kind.len() >= MIN_KIND);
    match (longer.next(), longer.next()) {
        _ if count <= MAX_SLIPS => Some(near),
        (Some(only), None) => Some(only),
        _ => None,
    }
}

impl Slip {
    fn api_version(object: &Object, what: String, group: &str, version: &str) -> Self {
        let meant = ObjectId { group: group.into(), ..object.id.clone() };
        Self { pointer: "/apiVersion", what, instead: format!("{group}/{version}"), meant }
    }

    /// Whether what is meant installs Flux.
    pub fn means_instance(&self) -> bool {
        self.meant.group == group::OPERATOR && self.meant.kind == "FluxInstance"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fleetlint_yaml::{Entry, Node, Origin};

    fn shown(api_version: &str, kind: &str, is_of_flux: bool) -> Option<(&'static str, String)> {
        let entry = |key: &str, value| Entry { key: Node::string(key, Origin::default()), value };
        let text = |key: &str, value: &str| entry(key, Node::string(value, Origin::default()));
        let map = |key: &str, inner: Entry| entry(key, Node::mapping(vec![inner], Origin::default()));
        let spec = is_of_flux.then(|| map("spec", text("path", "./apps")));
        let fields = [text("apiVersion", api_version), text("kind", kind), map("metadata", text("name", "a"))];
        let root = Node::mapping(fields.into_iter().chain(spec).collect(), Origin::default());
        slip(&Object::new(root).unwrap()).map(|slip| (slip.pointer, slip.instead))
    }

    #[test]
    fn slips_name_what_is_meant() {
        let api = |instead: &str| Some(("/apiVersion", instead.to_owned()));
        let kind = |instead: &str| Some(("/kind", instead.to_owned()));
        let (kustomization, source) = ("kustomize.toolkit.fluxcd.io/v1", "source.toolkit.fluxcd.io/v1");
        let cases = [
            (kustomization, "Kustomization", None),
            ("kustomize.toolkit.fluxcd.io/v1beta2", "Kustomization", None),
            ("kustomize.toolkit.fluxcd.io/v11", "Kustomization", api(kustomization)),
            ("kustomize.toolkit.fluxcd.io", "Kustomization", api(kustomization)),
            ("kustomize.fluxcd.io/v1", "Kustomization", api(kustomization)),
            ("kustomize.config.k8s.io/v1beta1", "Kustomization", api(kustomization)),
            (source, "Kustomization", api(kustomization)),
            ("kustomize.example.io/v1", "Kustomization", None),
            ("source.toolkit.fluxcd/v1", "GitRepository", api(source)),
            ("source.toolkit.fluxcd.io/v2", "GitRepository", api(source)),
            ("source.toolkit.fluxcd.oi/v1beta2", "Bucket", api("source.toolkit.fluxcd.io/v1beta2")),
            (source, "GitReopsitory", kind("GitRepository")),
            (source, "GitRepo", kind("GitRepository")),
            (source, "Helm", None),
            (source, "Mirror", None),
            ("helm.fluxcd.io/v1", "HelmRelease", None),
            ("v1", "Provider", None),
        ];
        for (api_version, kind, expected) in cases {
            assert_eq!(shown(api_version, kind, true), expected, "{api_version} {kind}");
        }
        assert_eq!(shown("kustomize.config.k8s.io/v1beta1", "Kustomization", false), None);
    }
}
