//! Which scalar a failed substitution is to be blamed on, and what to say about it.

use smol_str::SmolStr;

use super::error::{EnvsubstError, Failure};
use super::evaluate::{self, Limits};
use super::expression::{Expression, Operator, expressions, extent, read_on};
use super::place::Places;
use super::{VariableUse, Variables, uses};
use fleetlint_source::Files;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Entry, Node, Origin, Span, Value, print};

/// Scalars that are looked at one by one.
const MAX_SCALARS: usize = 10_000;

/// Texts and expressions that are told to fail.
const MAX_FAILING: usize = 100;

type Lookup<'a> = &'a dyn Fn(&str) -> Option<SmolStr>;

/// A text with an expression that fails.
struct Failing<'a> {
    text: &'a str,
    places: Places<'a>,
    /// All that fail in it, in their order.
    errors: Vec<EnvsubstError>,
}

/// The problem of an expression that Flux refuses, at that expression; the others that it would refuse next are related. Of
/// Secrets no text is shown.
pub(super) fn expression(
    resource: &Node,
    (value, strict): (Lookup<'_>, bool),
    error: &EnvsubstError,
    files: Option<&Files>,
) -> Problem {
    let scalars = scalars(resource);
    let mut limits = Limits::default();
    let failing = scalars.iter().filter_map(|(scalar, _)| {
        let text = scalar.text().unwrap_or_default();
        let own = evaluate::bytes(text, value, strict, &mut limits).err()?;
        // Not every text may take as much as an object: what is too large for the rest of it says nothing.
        let is_of_object = own.failure != Failure::TooLarge || error.failure == Failure::TooLarge;
        is_of_object.then(|| Failing { text, places: Places::of(scalar, files), errors: errors(text, own, value) })
    });
    let failing: Vec<Failing<'_>> = failing.take(MAX_FAILING).collect();
    let all = || failing.iter().flat_map(|it| it.errors.iter().map(move |own| (it, own)));
    let Some((at, own)) = all().find(|(_, own)| own.failure == error.failure).or_else(|| all().next()) else {
        let message = format!("variable substitution failed: {error}");
        return Problem::new(ProblemKind::SubstitutionFailed, message, object_place(resource)).help(help(error));
    };
    let is_secret = is_secret(resource);
    let shown = if is_secret { String::new() } else { format!(" in `{}`", excerpt(at.text, own.at)) };
    let message = format!("variable substitution failed: {}{shown}", own.failure);
    let help = of_name(own, at.text).filter(|_| !is_secret).unwrap_or_else(|| help(own));
    let problem = Problem::new(ProblemKind::SubstitutionFailed, message, at.place(own)).help(help);
    let problem = problem.inside(at.places.whole());
    let others = all().filter(|(_, other)| !std::ptr::eq(*other, own)).take(MAX_FAILING);
    others.fold(problem, |problem, (it, other)| {
        let why = match &other.failure {
            Failure::NotSet(_) if is_secret => "variable not set".to_owned(),
            Failure::NotSet(name) => format!("variable `{name}` is not defined"),
            failure => failure.to_string(),
        };
        problem.related(it.place(other), format!("this one fails too: {why}"))
    })
}

impl Failing<'_> {
    fn place(&self, error: &EnvsubstError) -> Option<Span> {
        self.places.span(error.at..error.at + extent(self.text, error.at).len())
    }
}

/// All that fails in a text: where Flux cannot read it, each expression that it cannot read, and what has no value.
fn errors(text: &str, own: EnvsubstError, value: Lookup<'_>) -> Vec<EnvsubstError> {
    let (parts, mut errors) = read_on(text);
    if errors.is_empty() {
        return vec![own];
    }
    let undefined = |it: &&Expression| it.operator != Operator::Default && value(&it.name).is_none();
    let undefined = expressions(&parts).into_iter().filter(undefined);
    errors.extend(undefined.map(|it| EnvsubstError { failure: Failure::NotSet(it.name.clone()), at: it.start }));
    errors.sort_by_key(|error| error.at);
    errors
}

/// The problem of an object that is not YAML any more: at the value that breaks it, else at the first scalar that it breaks.
/// One value breaks all that uses it, and is one fault. If a variable breaks it that is not defined, its name comes with it.
pub(super) fn yaml(
    resource: &Node,
    variables: &Variables,
    message: &str,
    files: Option<&Files>,
) -> (Problem, Option<SmolStr>) {
    let scalars = scalars(resource);
    let value = |name: &str| super::value(variables, name);
    let mut limits = Limits::default();
    let culprit = scalars.iter().find(|scalar| breaks(**scalar, &value, &mut limits)).copied();
    let wrong = culprit.and_then(|scalar| breaking_use(scalar, variables, &mut limits, files));
    if let Some(VariableUse { name, place, .. }) = wrong {
        let written = variables.get(&name).and_then(|value| value.origin.span);
        return match written {
            Some(written) => (of_value(&name, written, place), None),
            None => (of_undefined(&name, place), Some(name)),
        };
    }
    let place = culprit.map_or_else(|| object_place(resource), |(scalar, _)| scalar.origin.span);
    let message = format!("the object is not valid YAML after variable substitution: {}", first_line(message));
    let problem = Problem::new(ProblemKind::SubstitutionFailed, message, place)
        .help("Flux inserts the value without quotes or escapes: put quotes inside the value, or change it");
    (problem, None)
}

fn of_value(name: &str, written: Span, used: Option<Span>) -> Problem {
    let message =
        format!("the value of `{name}` makes what uses it invalid YAML: Flux inserts it as it is, without quotes");
    Problem::new(ProblemKind::SubstitutionFailed, message, Some(written))
        .help("put quotes inside the value, or change it")
        .related(used, "used here")
}

fn of_undefined(name: &str, used: Option<Span>) -> Problem {
    let message = format!("variable `{name}` is not defined: without a value, the object is not valid YAML");
    Problem::new(ProblemKind::SubstitutionFailed, message, used)
        .help(format!("define it, or give it a default: `${{{name}:=…}}`"))
}

/// The variable that alone breaks a scalar, as it is used there: with a plain word instead, the scalar is valid. It has a value
/// that is written somewhere, or none at all.
fn breaking_use(
    scalar: Scalar<'_>,
    variables: &Variables,
    limits: &mut Limits,
    files: Option<&Files>,
) -> Option<VariableUse> {
    uses::of(scalar.0, variables, files).into_iter().find(|used| {
        let is_written = variables.get(&used.name).map(|value| value.origin.span.is_some());
        let harmless = |name: &str| match name == used.name {
            true => Some(SmolStr::new_static("word")),
            false => super::value(variables, name),
        };
        is_written.unwrap_or(!used.has_default && !used.is_defined) && !breaks(scalar, &harmless, limits)
    })
}

/// The place that stands for an object: its name.
pub(super) fn object_place(resource: &Node) -> Option<Span> {
    let name = resource.get("metadata").and_then(|metadata| metadata.get("name"));
    name.and_then(Node::place).or(resource.origin.span)
}

/// A scalar, and whether it is a key.
type Scalar<'n> = (&'n Node, bool);

/// Scalars and keys with an expression or an escape, in the order of the text.
fn scalars(node: &Node) -> Vec<Scalar<'_>> {
    let mut found = Vec::new();
    collect(node, false, &mut found);
    found
}

/// The depth of a tree is bounded where it is parsed.
fn collect<'n>(node: &'n Node, is_key: bool, found: &mut Vec<Scalar<'n>>) {
    match &node.value {
        _ if found.len() >= MAX_SCALARS => {}
        Value::Scalar(scalar) if scalar.text.contains('$') => found.push((node, is_key)),
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, false, found)),
        Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
            collect(&entry.key, true, found);
            collect(&entry.value, false, found);
        }),
    }
}

/// Whether a scalar alone, as the value or the key that it is, is not YAML once it is substituted.
fn breaks((scalar, is_key): Scalar<'_>, value: Lookup<'_>, limits: &mut Limits) -> bool {
    let word = |text: &str| Node::string(text, Origin::default());
    let document = |key, value| Node::mapping(vec![Entry { key, value }], Origin::default());
    let document = match is_key {
        true => document(Node { origin: Origin::default(), ..scalar.clone() }, word("a")),
        false => document(word("a"), scalar.clone()),
    };
    let error = print::resource(&document).ok().and_then(|text| {
        let bytes = evaluate::bytes(&text, value, false, limits).ok()?;
        super::read(bytes).err()
    });
    error.is_some()
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
