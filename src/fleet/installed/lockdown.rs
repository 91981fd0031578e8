//! The lockdown of a cluster, as its objects and the files of its roots show it (domain-facts section 1).

use smol_str::SmolStr;

use crate::fleet::discover::Root;
use crate::fleet::{Cluster, Lockdown, Setting};
use crate::flux::api::{FluxInstance, group};
use crate::kustomize::{Kustomization, Mode, Reader};
use crate::object::Object;
use crate::source::path::join;
use crate::yaml::{Node, Span};

const CROSS_NAMESPACE: &str = "--no-cross-namespace-refs";
const REMOTE_BASES: &str = "--no-remote-bases";
const DEFAULT_ACCOUNT: &str = "--default-service-account";

impl Lockdown {
    /// The lockdown of a cluster, as its FluxInstance, its controllers' Deployments or the patches over them show it.
    pub(in crate::fleet) fn of(cluster: &Cluster, roots: &[Root], reader: Reader<'_>) -> Self {
        let instance = cluster.of_kind(group::OPERATOR, "FluxInstance").find_map(|it| FluxInstance::of(it.object));
        match instance {
            Some(instance) => Self::of_instance(instance, cluster),
            None => {
                let place = roots.iter().find_map(|root| bootstrap_place(root, reader));
                Self::of_deployments(cluster, place)
                    .or_else(|| roots.iter().find_map(|root| Self::of_bootstrap_patches(root, cluster, reader)))
                    .unwrap_or_else(Self::unknown)
            }
        }
    }

    fn of_instance(instance: FluxInstance<'_>, cluster: &Cluster) -> Self {
        let object = instance.object;
        let switch = object.at("/spec/cluster/multitenant");
        let place = switch.and_then(Node::place).or_else(|| key_place(object, "cluster")).or_else(|| object.place());
        if instance.is_multitenant() {
            let account = object.str("/spec/cluster/tenantDefaultServiceAccount").unwrap_or("default");
            return Self {
                no_cross_namespace_refs: Setting::On((), place),
                no_remote_bases: Setting::On((), place),
                default_service_account: Setting::On(account.into(), place),
                root_service_account: Setting::On("kustomize-controller".into(), place),
                place,
            };
        }
        let patches = object.at("/spec/kustomize/patches").map(Node::items).unwrap_or_default();
        let texts: Vec<&Node> = patches.iter().filter_map(|patch| patch.get("patch")).collect();
        Self { place, root_service_account: root_account(cluster, &texts), ..Self::of_patches(&texts) }
    }

    /// The arguments of the controllers in Flux's namespace, where the repository holds their Deployments.
    /// They are generated: the place to change them is `place`, where patches over them stand.
    fn of_deployments(cluster: &Cluster, place: Option<Span>) -> Option<Self> {
        let deployments = cluster.of_kind("apps", "Deployment").map(|placed| placed.object);
        let deployments: Vec<&Object> =
            deployments.filter(|deployment| deployment.id.namespace == cluster.flux_namespace).collect();
        let controller = |name: &str| deployments.iter().find(|deployment| deployment.id.name == name).copied();
        let kustomize = controller("kustomize-controller")?;
        let arguments = || kustomize.at("/spec/template/spec/containers/0/args").and_then(Node::place);
        let place = place.or_else(arguments);
        let others = ["helm", "notification", "image-reflector", "image-automation"];
        let all = others.iter().filter_map(|name| controller(&format!("{name}-controller"))).chain([kustomize]);
        let refs: Vec<Option<(&str, Option<Span>)>> =
            all.map(|controller| argument(controller, CROSS_NAMESPACE)).collect();
        let on = |found: Option<(&str, Option<Span>)>| match found {
            Some((value, place)) if value != "false" => Setting::On((), place),
            _ => Setting::Off,
        };
        let account = argument(kustomize, DEFAULT_ACCOUNT).filter(|(name, _)| !name.is_empty());
        Some(Self {
            no_cross_namespace_refs: match refs.iter().all(Option::is_some) {
                true => on(refs.first().copied().flatten()),
                false => Setting::Off,
            },
            no_remote_bases: on(argument(kustomize, REMOTE_BASES)),
            default_service_account: account.map_or(Setting::Off, |(name, place)| Setting::On(name.into(), place)),
            root_service_account: root_account(cluster, &[]),
            place,
        })
    }

    /// The patches over gotk-components, where the file itself is a stub that bootstrap fills.
    fn of_bootstrap_patches(root: &Root, cluster: &Cluster, reader: Reader<'_>) -> Option<Self> {
        let folder = root.flux_folder.as_deref()?;
        let kustomization = Kustomization::read(reader, folder, Mode::Lenient).ok()?;
        let patches: Vec<&Node> = kustomization.patches.iter().filter_map(|entry| entry.patch.as_ref()).collect();
        if patches.len() < kustomization.patches.len() || !kustomization.patches_strategic_merge.is_empty() {
            return None;
        }
        let place = bootstrap_place(root, reader);
        Some(Self { place, root_service_account: root_account(cluster, &patches), ..Self::of_patches(&patches) })
    }

    fn of_patches(patches: &[&Node]) -> Self {
        let find = |flag: &str| {
            patches.iter().find_map(|patch| {
                let value = flag_value(patch.text()?, flag)?;
                Some((SmolStr::from(value), patch.place()))
            })
        };
        let on = |flag: &str| match find(flag) {
            Some((value, place)) if value != "false" => Setting::On((), place),
            _ => Setting::Off,
        };
        Self {
            no_cross_namespace_refs: on(CROSS_NAMESPACE),
            no_remote_bases: on(REMOTE_BASES),
            default_service_account: find(DEFAULT_ACCOUNT)
                .filter(|(name, _)| !name.is_empty())
                .map_or(Setting::Off, |(name, place)| Setting::On(name, place)),
            root_service_account: Setting::Off,
            place: None,
        }
    }
}

/// The service account of the root Kustomization: as applied, or as a patch sets it.
fn root_account(cluster: &Cluster, patches: &[&Node]) -> Setting<SmolStr> {
    let root = cluster.roots().find(|root| root.object.at("/spec/sourceRef").is_some());
    let own = root.and_then(|root| root.object.at("/spec/serviceAccountName"));
    let patched = patches.iter().find_map(|patch| {
        let text = patch.text()?;
        text.contains("/spec/serviceAccountName").then(|| (SmolStr::default(), patch.place()))
    });
    match (own, patched) {
        (Some(name), _) => Setting::On(name.text().unwrap_or_default().into(), name.place()),
        (None, Some((name, place))) => Setting::On(name, place),
        (None, None) => Setting::Off,
    }
}

/// The value of an argument of a controller's first container, `true` where the flag stands alone.
fn argument<'a>(deployment: &'a Object, flag: &str) -> Option<(&'a str, Option<Span>)> {
    let arguments = deployment.at("/spec/template/spec/containers/0/args").map(Node::items).unwrap_or_default();
    arguments.iter().find_map(|argument| Some((own_value(argument.text()?, flag)?, argument.place())))
}

fn own_value<'a>(argument: &'a str, flag: &str) -> Option<&'a str> {
    let rest = argument.strip_prefix(flag)?;
    if rest.is_empty() { Some("true") } else { rest.strip_prefix('=') }
}

/// The value of a flag somewhere in the text of a patch.
fn flag_value<'a>(text: &'a str, flag: &str) -> Option<&'a str> {
    let rest = &text[text.find(flag)? + flag.len()..];
    let value = rest.strip_prefix('=').unwrap_or("true");
    Some(value.split(|c: char| c.is_whitespace() || c == '"' || c == '\'').next().unwrap_or_default())
}

/// Where a patch over what bootstrap wrote is added: the key `patches` of the kustomization file beside it, or its first
/// key.
fn bootstrap_place(root: &Root, reader: Reader<'_>) -> Option<Span> {
    let folder = root.flux_folder.as_deref()?;
    let kustomization = Kustomization::read(reader, folder, Mode::Lenient).ok()?;
    let file = reader.tree.file(&join(folder, &kustomization.file_name)).ok()?;
    let stream = reader.documents.of(&file);
    let document = stream.documents.first()?.as_ref().ok()?.root.as_ref()?;
    document.as_mapping()?.entry("patches").map_or(kustomization.place, |entry| entry.key.place())
}

fn key_place(object: &Object, field: &str) -> Option<Span> {
    object.at("/spec")?.as_mapping()?.entry(field)?.key.place()
}
