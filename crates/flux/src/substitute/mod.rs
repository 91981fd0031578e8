//! Post-build substitution of one object, as kustomize-controller does it: the object is printed, the text substituted and
//! read again as YAML 1.1 (flux-build-semantics section 4).

mod blame;
mod clash;
mod error;
mod evaluate;
mod expression;
mod function;
mod origin;
mod partial;
mod place;
mod prepared;
mod trim;
mod uses;
mod variables;

use std::sync::{Arc, LazyLock};

use evaluate::Limits;
use smol_str::SmolStr;

use crate::object::Object;
use fleetlint_source::{FileId, Files};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Node, Style, parse, print, without_quotations, yaml11};

pub use clash::clashes;
pub use error::{EnvsubstError, Failure};
pub use evaluate::envsubst;
pub use prepared::Prepared;
pub use uses::{VariableUse, names_in};
pub use variables::{
    ELSEWHERE, Lookup, SubstituteSource, VariableValue, Variables, is_unknown, unknown_value, with_open_values,
};

/// The label and annotation that opts an object out.
const OPT_OUT: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// Integers up to here are exact as float64.
const EXACT: i128 = 1 << 53;

/// What became of an object.
#[derive(Debug)]
pub struct Substituted {
    pub node: Arc<Node>,
    pub uses: Vec<VariableUse>,
    /// Flux would fail; the object is then as before.
    pub problem: Option<Problem>,
    /// The variable that is not defined, where that is the problem: what uses it is not YAML without a value.
    pub undefined: Option<SmolStr>,
    /// Why not all of the result is known: texts with a variable that is not known are then as before.
    pub undetermined: Option<String>,
}

/// Substitutes one object of a Kustomization. It stays the same (also the same `Arc`) where nothing is substituted: without
/// `postBuild`, opted out, or without variables unless the strategy is `Always`. With the files of the run, places are those of
/// expressions.
pub fn substitute(
    resource: &Arc<Node>,
    kustomization: &Object,
    variables: &Variables,
    strict: bool,
    files: Option<&Files>,
) -> Substituted {
    let same = |problem| Substituted { problem, ..Substituted::unchanged(resource) };
    if !runs(kustomization, variables) || is_opted_out(resource) || !can_change(resource) {
        return same(None);
    }
    let uses = uses::of(resource, variables, files);
    let text = match evaluated(resource, variables, strict, files) {
        Ok(text) => text,
        Err(problem) => return Substituted { uses, ..same(Some(problem)) },
    };
    // Without a single variable nothing would be substituted, not even `$$`.
    if let Some(reason) = variables.may_be_empty().filter(|_| !is_always(kustomization)) {
        return Substituted { uses, undetermined: Some(reason.to_owned()), ..same(None) };
    }
    if let Some(reason) = uses.iter().find_map(|used| variables.unknown(&used.name)) {
        let node = as_far_as_known(resource, variables).map_or_else(|| Arc::clone(resource), Arc::new);
        return Substituted { node, uses, undetermined: Some(reason.to_owned()), ..same(None) };
    }
    match read(text) {
        Ok(new) => Substituted { node: Arc::new(origin::carry(resource, new, variables)), uses, ..same(None) },
        Err(message) => {
            let is_secret = |used: &VariableUse| variables.get(&used.name).is_some_and(|value| value.secret);
            let message = match uses.iter().any(is_secret) || resource.scalars().any(|it| it.secret().is_some()) {
                true => without_quotations(&message, &|_| false),
                false => message,
            };
            let (problem, undefined) = blame::yaml(resource, variables, &message, files);
            Substituted { uses, undefined, ..same(Some(problem)) }
        }
    }
}

impl Substituted {
    /// An object in which nothing is substituted.
    fn unchanged(resource: &Arc<Node>) -> Self {
        let (uses, problem, undefined, undetermined) = Default::default();
        Self { node: Arc::clone(resource), uses, problem, undefined, undetermined }
    }
}

/// Whether Flux substitutes any of the objects, so that it reads the variables at all and notices what is wrong with them.
pub fn substitutes_any<'a>(kustomization: &Object, resources: impl IntoIterator<Item = &'a Arc<Node>>) -> bool {
    post_build(kustomization).is_some() && resources.into_iter().any(|resource| !is_opted_out(resource))
}

/// Whether an object's label or annotation keeps substitution away from it.
pub fn is_opted_out(resource: &Node) -> bool {
    let maps = ["labels", "annotations"].into_iter().filter_map(|field| resource.get("metadata")?.get(field));
    maps.filter_map(|map| map.get(OPT_OUT)).any(|value| value.text() == Some("disabled"))
}

fn post_build(kustomization: &Object) -> Option<&Node> {
    kustomization.at("/spec/postBuild").filter(|post_build| !post_build.is_null())
}

fn runs(kustomization: &Object, variables: &Variables) -> bool {
    post_build(kustomization).is_some() && (!variables.is_empty() || is_always(kustomization))
}

/// Whether Flux substitutes although no variable is defined.
fn is_always(kustomization: &Object) -> bool {
    post_build(kustomization).and_then(|it| it.get("substituteStrategy")).and_then(Node::text) == Some("Always")
}

/// Whether the way through text can change anything: an expression, an escape, a number that a float64 does not hold, or a
/// tab that may keep kustomize from reading the text.
fn can_change(node: &Node) -> bool {
    node.scalars().any(|node| match node.as_scalar() {
        Some(scalar) if ["${", "$$"].iter().any(|text| scalar.text.contains(text)) => true,
        Some(scalar) if scalar.text.starts_with('\t') => true,
        Some(scalar) if scalar.style != Style::Plain && node.tag.is_none() => false,
        _ => match resolve(node) {
            Ok(Typed::Int(value)) => value.abs() > EXACT,
            Ok(Typed::Float(value)) => !value.is_finite(),
            _ => false,
        },
    })
}

/// The object with the expressions substituted whose variables are known.
fn as_far_as_known(resource: &Node, variables: &Variables) -> Option<Node> {
    let mut escaped = resource.clone();
    partial::escape_unknown(&mut escaped, variables);
    let text = print::resource(&escaped).ok()?;
    let value = |name: &str| value(variables, name);
    let text = evaluate::bytes(&text, &value, false, &mut Limits::default()).ok()?;
    Some(origin::carry(&escaped, read(text).ok()?, variables))
}

/// The printed object with its expressions evaluated. Values that are not known are empty in it.
fn evaluated(
    resource: &Arc<Node>,
    variables: &Variables,
    strict: bool,
    files: Option<&Files>,
) -> Result<Vec<u8>, Problem> {
    let text = print::resource(resource).map_err(|message| {
        let problem = Problem::new(ProblemKind::InvalidObject, message, blame::object_place(resource));
        problem.help("Flux prints an object as YAML to substitute in it: use values that JSON can represent")
    })?;
    let value = |name: &str| value(variables, name);
    evaluate::bytes(&text, &value, strict, &mut Limits::default())
        .map_err(|error| blame::expression(resource, (&value, strict), &error, files))
}

fn value(variables: &Variables, name: &str) -> Option<SmolStr> {
    let known = variables.get(name).map(|value| value.text.clone());
    known.or_else(|| variables.unknown(name).map(|_| SmolStr::default()))
}

/// The JSON that a text is as YAML 1.1: its first document, a map. The spans in it mean nothing.
fn read(text: Vec<u8>) -> Result<Node, String> {
    let text = String::from_utf8(text).map_err(|_| "yaml: invalid UTF-8".to_owned())?;
    let stream = parse::first(&text, *SCRATCH, parse::Dialect::V2);
    let document = match stream.documents.first() {
        Some(Ok(document)) => document,
        Some(Err(problem)) => return Err(problem.message.clone()),
        None => return Err("the object is empty".to_owned()),
    };
    match &document.root {
        Some(root) if root.as_mapping().is_some() => {
            let json = yaml11::to_json(root)?;
            print::check_written(&json)?;
            Ok(json)
        }
        _ => Err("the object is no longer a mapping".to_owned()),
    }
}

/// The file that texts between two stages seem to be in; no result keeps a span of it.
static SCRATCH: LazyLock<FileId> =
    LazyLock::new(|| Files::default().add("".into(), None, String::new(), Vec::new()).id);
