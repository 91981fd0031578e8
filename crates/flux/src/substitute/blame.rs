//! Which scalar a failed substitution is to be blamed on, and what to say about it.

use smol_str::SmolStr;

use super::error::{EnvsubstError, Failure};
use super::evaluate::{self, Limits};
use super::place::within;
use super::{Variables, uses};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Origin, Span, print};

/// Scalars that are looked at one by one.
const MAX_SCALARS: usize = 10_000;

type Lookup<'a> = &'a dyn Fn(&str) -> Option<SmolStr>;

/// The problem of an expression that Flux refuses, at the first scalar that holds one. Of Secrets no text is shown.
pub(super) fn expression(resource: &Node, value: Lookup<'_>, strict: bool, error: &EnvsubstError) -> Problem {
    let scalars = scalars(resource);
    let mut limits = Limits::default();
    let failing = scalars.iter().filter_map(|scalar| {
        let text = scalar.text().unwrap_or_default();
        let own = evaluate::bytes(text, value, strict, &mut limits).err()?;
        // Not every text may take as much as an object: what is too large for the rest of it says nothing.
        (own.failure != Failure::TooLarge || error.failure == Failure::TooLarge).then_some((*scalar, text, own))
    });
    let failing: Vec<_> = failing.take(100).collect();
    let culprit = failing.iter().find(|(_, _, own)| own.failure == error.failure).or(failing.first());
    let Some((scalar, text, own)) = culprit else {
        let message = format!("variable substitution failed: {error}");
        return Problem::new(ProblemKind::SubstitutionFailed, message, object_place(resource)).help(help(error));
    };
    let shown = if is_secret(resource) { String::new() } else { format!(" in `{}`", excerpt(text, own.at)) };
    let message = format!("variable substitution failed: {}{shown}", own.failure);
    let help = of_name(own, text).filter(|_| !is_secret(resource)).unwrap_or_else(|| help(own));
    let place = |scalar: &Node, own: &EnvsubstError| {
        let text = scalar.text().unwrap_or_default();
        within(scalar, own.at..own.at + extent(text, own.at).len())
    };
    let problem = Problem::new(ProblemKind::SubstitutionFailed, message, place(scalar, own)).help(help);
    failing.iter().filter(|(other, _, _)| !std::ptr::eq(*other, *scalar)).fold(problem, |problem, (other, _, own)| {
        problem.related(place(other, own), format!("this one fails too: {}", own.failure))
    })
}

/// The problem of an object that is not YAML any more: at the value that breaks it, else at the first scalar that it breaks.
/// One value breaks all that uses it, and is one fault.
pub(super) fn yaml(resource: &Node, variables: &Variables, message: &str) -> Problem {
    let scalars = scalars(resource);
    let value = |name: &str| super::value(variables, name);
    let mut limits = Limits::default();
    let culprit = scalars.iter().find(|scalar| breaks(scalar, &value, &mut limits));
    let wrong = culprit.and_then(|scalar| breaking_value(scalar, variables, &mut limits));
    if let (Some(scalar), Some((name, place))) = (culprit, wrong) {
        let message =
            format!("the value of `{name}` makes what uses it invalid YAML: Flux inserts it as it is, without quotes");
        return Problem::new(ProblemKind::SubstitutionFailed, message, Some(place))
            .help("put quotes inside the value, or change it")
            .related(scalar.origin.span, "used here");
    }
    let place = culprit.map_or_else(|| object_place(resource), |scalar| scalar.origin.span);
    let message = format!("the object is not valid YAML after variable substitution: {}", first_line(message));
    Problem::new(ProblemKind::SubstitutionFailed, message, place)
        .help("Flux inserts the value without quotes or escapes: put quotes inside the value, or change it")
}

/// The variable that alone breaks a scalar, and where its value is written: with a plain word instead, the scalar is valid.
fn breaking_value(scalar: &Node, variables: &Variables, limits: &mut Limits) -> Option<(SmolStr, Span)> {
    uses::of(scalar, variables).into_iter().find_map(|used| {
        let place = variables.get(&used.name)?.origin.span?;
        let harmless = |name: &str| match name == used.name {
            true => Some(SmolStr::new_static("word")),
            false => super::value(variables, name),
        };
        (!breaks(scalar, &harmless, limits)).then_some((used.name, place))
    })
}

/// The place that stands for an object: its name.
pub(super) fn object_place(resource: &Node) -> Option<Span> {
    let name = resource.get("metadata").and_then(|metadata| metadata.get("name"));
    name.and_then(Node::place).or(resource.origin.span)
}

/// Scalars and keys with an expression or an escape, in the order of the text.
fn scalars(node: &Node) -> Vec<&Node> {
    node.scalars().filter(|scalar| scalar.text().is_some_and(|text| text.contains('$'))).take(MAX_SCALARS).collect()
}

/// Whether a scalar alone, as a value or as a key, is not YAML once it is substituted.
fn breaks(scalar: &Node, value: Lookup<'_>, limits: &mut Limits) -> bool {
    let word = |text: &str| Node::string(text, Origin::default());
    let document = |key, value| Node::mapping(vec![Entry { key, value }], Origin::default());
    let as_value = document(word("a"), scalar.clone());
    let as_key = document(Node { origin: Origin::default(), ..scalar.clone() }, word("a"));
    let mut is_broken = |document: &Node| {
        let text = print::resource(document).ok()?;
        let bytes = evaluate::bytes(&text, value, false, limits).ok()?;
        super::read(bytes).err()
    };
    is_broken(&as_value).is_some() || is_broken(&as_key).is_some()
}

/// An expression up to its brace, or the end of its line.
fn extent(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
    let end = rest.find('}').map_or(rest.len(), |index| index + 1);
    rest.get(..end).unwrap_or_default()
}

/// The beginning of an expression.
fn excerpt(text: &str, at: usize) -> String {
    let shown: String = extent(text, at).chars().take(40).collect();
    shown.replace('`', "'")
}

/// What to do about an expression whose name does not end where it may: the brace is missing, or the name is none.
fn of_name(error: &EnvsubstError, text: &str) -> Option<String> {
    let is_of_name = matches!(error.failure, Failure::MissingBrace | Failure::VariableName);
    let inner = text.get(error.at..)?.strip_prefix("${").filter(|_| is_of_name)?;
    let is_end = |c: char| c.is_whitespace() || matches!(c, '}' | '$' | '"' | '/' | '`');
    let (word, rest) = inner.split_at(inner.find(is_end).unwrap_or(inner.len()));
    let name: &str = word.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
    let literal = "a `${` that Flux should leave alone is written `$${`";
    match (name.is_empty(), rest.starts_with('}')) {
        (_, true) if !word.is_empty() => {
            Some(format!("`{word}` is not the name of a variable: a name has only letters, digits and `_`; {literal}"))
        }
        (false, false) => Some(format!("add the missing `}}`: `${{{name}}}`; {literal}")),
        _ => None,
    }
}

fn help(error: &EnvsubstError) -> String {
    match &error.failure {
        Failure::NotSet(name) => format!(
            "define `{name}` below `postBuild.substitute` or in a source of `substituteFrom`, or give it a default: `${{{name}:=…}}`"
        ),
        _ => "write `$${` for a `${` that Flux should leave alone, or keep substitution away from the object with the \
              annotation `kustomize.toolkit.fluxcd.io/substitute: disabled`"
            .to_owned(),
    }
}

fn is_secret(resource: &Node) -> bool {
    resource.get("kind").and_then(Node::text) == Some("Secret")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
