//! The inputs of a ResourceSet: its own, those of providers, and how they are combined.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::api::{ResourceSet, group};
use crate::object::Object;
use crate::propagation::selects;
use crate::template::{Piece, PieceKind, Value, checksum};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{MARK, Node, Origin, Text, without_quotations};

/// The operator refuses more combinations than this.
const MAX_PERMUTATIONS: usize = 10_000;

/// A ResourceSetInputProvider, and whether all of it is known.
pub type Provider = (Arc<Object>, bool);

/// One set of inputs: what a template is rendered with.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub value: Value,
    /// The texts that the values come from, below the step that leads to them, if there is one.
    sources: Vec<(Option<SmolStr>, Arc<Node>)>,
    /// Those of them that come from Secrets.
    secrets: Vec<SecretInput>,
}

impl Input {
    /// Where a value was written, by the path below `inputs`.
    pub(super) fn origin<'a>(&'a self, path: &[String]) -> Option<&'a Origin> {
        self.sources.iter().find_map(|(prefix, node)| {
            let rest = match prefix {
                Some(prefix) => path.split_first().filter(|(first, _)| *first == prefix)?.1,
                None => path,
            };
            let below = |node: &'a Node, step: &String| {
                node.get(step).or_else(|| node.items().get(step.parse::<usize>().ok()?))
            };
            let found = rest.iter().try_fold(&**node, below)?;
            (!rest.is_empty()).then_some(&found.origin)
        })
    }
}

impl Input {
    /// Who gives them: a provider, or the set itself. Combinations have no such name.
    pub(super) fn provider(&self) -> Option<&str> {
        match self.field("provider")? {
            Value::Map(provider) => match provider.get("name") {
                Some(Value::Text(name)) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether there is such a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.field(key).is_some()
    }

    fn field(&self, key: &str) -> Option<&Value> {
        match &self.value {
            Value::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The texts in what a template makes of the inputs that must not be shown; `template` is its text.
    pub(super) fn secrets_in(&self, template: &str, made: &str, pieces: &[Piece]) -> Vec<Text> {
        if self.secrets.is_empty() {
            return Vec::new();
        }
        let actions = pieces.iter().filter(|piece| matches!(piece.kind, PieceKind::Action(_)));
        let texts = actions.flat_map(|piece| {
            let text = made.get(piece.at.clone()).unwrap_or_default();
            let action = template.get(piece.from.clone()).unwrap_or_default();
            let held = self.secrets.iter().flat_map(|secret| &secret.texts).filter(|part| text.contains(&***part));
            let held: Vec<Text> = held.cloned().collect();
            // A function may have changed it: an action that names the input, or a variable or `.`, which may be any.
            let may_be_any = || !action.contains("inputs.") || ["$", " .", "(."].iter().any(|it| action.contains(it));
            let is_meant = || may_be_any() || self.secrets.iter().any(|secret| secret.is_in(action));
            let is_plain = matches!(piece.kind, PieceKind::Action(Some(_)));
            if (held.is_empty() || !is_plain) && is_meant() { vec![Text::from(text)] } else { held }
        });
        texts.collect()
    }
}

/// Functions whose messages say what they are given.
const TELLING: [&str; 2] = ["`fail`: ", "`index`: "];

impl Input {
    /// What is said about a template that fails with these inputs: of inputs from Secrets nothing but what the template
    /// itself says.
    pub(super) fn shown(&self, message: &str, template: &str) -> String {
        if self.secrets.is_empty() {
            return message.to_owned();
        }
        match TELLING.iter().find(|name| message.starts_with(**name)) {
            Some(name) => format!("{name}{MARK}"),
            None => without_quotations(message, &|quotation| template.contains(quotation)),
        }
    }
}

/// An input that comes from Secrets.
#[derive(Clone, Debug)]
struct SecretInput {
    /// The keys that lead to it.
    way: Vec<SmolStr>,
    texts: Vec<Text>,
}

impl SecretInput {
    /// Those of a tree.
    fn below(node: &Node, way: &mut Vec<SmolStr>, found: &mut Vec<Self>) {
        if node.secret().is_some() {
            let texts = node.secret_texts().into_iter().map(Text::from).collect();
            found.push(Self { way: way.clone(), texts });
        }
        for entry in node.entries() {
            way.push(entry.key.text().unwrap_or_default().into());
            Self::below(&entry.value, way, found);
            way.pop();
        }
        node.items().iter().for_each(|item| Self::below(item, way, found));
    }

    /// Whether an action names the input, or what holds it.
    fn is_in(&self, action: &str) -> bool {
        self.way.iter().any(|step| action.contains(step.as_str()))
    }
}

/// Whether a provider is one that the set asks for.
pub fn wants(set: &ResourceSet<'_>, provider: &Object) -> bool {
    let is_one = provider.is(group::OPERATOR, "ResourceSetInputProvider");
    is_one
        && provider.id.namespace == set.object.id.namespace
        && references(set).any(|reference| refers(reference, provider))
}

fn references<'a>(set: &ResourceSet<'a>) -> impl Iterator<Item = &'a Node> {
    set.object.at("/spec/inputsFrom").map(Node::items).unwrap_or_default().iter()
}

fn refers(reference: &Node, provider: &Object) -> bool {
    match name_of(reference) {
        Some(name) => provider.id.name == name,
        None => reference.get("selector").is_some_and(|selector| selects(selector, provider)),
    }
}

fn name_of(reference: &Node) -> Option<&str> {
    reference.get("name").and_then(Node::text).filter(|name| !name.is_empty())
}

/// The sets of inputs, in the order in which the operator takes them.
///
/// # Errors
/// Inputs that only the cluster knows, and combinations that the operator refuses.
pub(super) fn combined(set: &ResourceSet<'_>, providers: &[Provider]) -> Result<Vec<Input>, Problem> {
    let mut lists = vec![(set.object.id.name.clone(), own(set))];
    let mut wanted: Vec<&Provider> = providers.iter().filter(|(provider, _)| wants(set, provider)).collect();
    wanted.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    wanted.dedup_by(|a, b| a.0.id == b.0.id);
    for reference in references(set) {
        all_known(set, reference, &wanted)?;
    }
    for (provider, settled) in wanted {
        lists.push((provider.id.name.clone(), vec![provided(provider, *settled)?]));
    }
    let strategy = set.object.at("/spec/inputStrategy");
    let name = strategy.and_then(|strategy| strategy.get("name"));
    match name.and_then(Node::text).unwrap_or_default() {
        "" | "Flatten" => Ok(lists.into_iter().flat_map(|(_, inputs)| inputs).collect()),
        "Permute" => {
            let keeps_empty =
                strategy.and_then(|it| it.get("includeEmptyProviders")).and_then(Node::text) == Some("true");
            permuted(lists, keeps_empty)
                .map_err(|message| invalid(message, name).help("give fewer inputs, or use strategy `Flatten`"))
        }
        other => Err(invalid(format!("`{other}` is not an input strategy"), name)),
    }
}

fn invalid(message: String, node: Option<&Node>) -> Problem {
    Problem::new(ProblemKind::InvalidObject, message, node.and_then(Node::place))
        .help("the strategies are `Flatten` and `Permute`")
}

fn undetermined(message: String, node: &Node) -> Problem {
    Problem::new(ProblemKind::Undetermined, message, node.place())
}

/// A provider that is named must be there. What a selector selects may be more than the fleet shows.
fn all_known(set: &ResourceSet<'_>, reference: &Node, wanted: &[&Provider]) -> Result<(), Problem> {
    match name_of(reference) {
        Some(name) if !wanted.iter().any(|(provider, _)| provider.id.name == name) => {
            let namespace = &set.object.id.namespace;
            let message = format!("nothing in the fleet creates ResourceSetInputProvider {namespace}/{name}");
            Err(undetermined(message, reference))
        }
        _ => Ok(()),
    }
}

/// `spec.inputs`
fn own(set: &ResourceSet<'_>) -> Vec<Input> {
    let inputs = set.object.at("/spec/inputs").map(Node::items).unwrap_or_default();
    inputs.iter().map(|input| with_provider(input, set.object, "ResourceSet", None)).collect()
}

/// The one set that a provider of type `Static` gives; the others ask something outside the fleet.
fn provided(provider: &Object, settled: bool) -> Result<Input, Problem> {
    let kind = provider.str("/spec/type").unwrap_or_default();
    if kind != "Static" {
        let message = format!("the inputs of {} (type `{kind}`) are not in the fleet", provider.id);
        return Err(undetermined(message, &provider.root));
    }
    if !settled {
        let message = format!("the inputs of {} hold variables that are not known", provider.id);
        return Err(undetermined(message, &provider.root));
    }
    let none = Node::mapping(Vec::new(), Origin::default());
    let values = provider.at("/spec/defaultValues").unwrap_or(&none);
    let id = Value::Unknown(format!("`inputs.id` of {} is generated on the cluster", provider.id).into());
    Ok(with_provider(values, provider, "ResourceSetInputProvider", Some(id)))
}

/// The operator adds `provider` to each set of inputs, and `id` to those of providers.
fn with_provider(values: &Node, provider: &Object, kind: &str, id: Option<Value>) -> Input {
    let mut entries = match Value::of(values) {
        Value::Map(entries) => Arc::unwrap_or_clone(entries),
        _ => Default::default(),
    };
    let text = |key: &str, value: &str| (SmolStr::from(key), Value::text(value));
    let reference = Value::map([
        text("apiVersion", &format!("{}/v1", group::OPERATOR)),
        text("kind", kind),
        text("name", &provider.id.name),
        text("namespace", &provider.id.namespace),
    ]);
    entries.insert("provider".into(), reference);
    if let Some(id) = id {
        entries.insert("id".into(), id);
    }
    let mut secrets = Vec::new();
    SecretInput::below(values, &mut Vec::new(), &mut secrets);
    Input { value: Value::map(entries), sources: vec![(None, Arc::new(values.clone()))], secrets }
}

/// Every combination of one set of each list, below the names of the lists.
fn permuted(lists: Vec<(SmolStr, Vec<Input>)>, keeps_empty: bool) -> Result<Vec<Input>, String> {
    let lists: Vec<(SmolStr, Vec<Input>)> = lists
        .into_iter()
        .filter(|(_, inputs)| keeps_empty || !inputs.is_empty())
        .map(|(name, it)| (key(&name), it))
        .collect();
    let count = lists.iter().try_fold(1_usize, |count, (_, inputs)| count.checked_mul(inputs.len()));
    if count.is_none_or(|count| count > MAX_PERMUTATIONS) {
        return Err(format!("the inputs have more than {MAX_PERMUTATIONS} combinations"));
    }
    let mut chosen: Vec<Vec<usize>> = if lists.is_empty() { Vec::new() } else { vec![Vec::new()] };
    for (_, inputs) in &lists {
        let longer = |choice: &Vec<usize>| {
            let choice = choice.clone();
            (0..inputs.len()).map(move |index| [choice.as_slice(), &[index]].concat())
        };
        chosen = chosen.iter().flat_map(longer).collect();
    }
    Ok(chosen.iter().map(|choice| combination(&lists, choice)).collect())
}

fn combination(lists: &[(SmolStr, Vec<Input>)], choice: &[usize]) -> Input {
    let picked = lists.iter().zip(choice).filter_map(|((name, inputs), index)| Some((name, inputs.get(*index)?)));
    let ids: Vec<String> = lists.iter().zip(choice).map(|((name, _), index)| format!("{name}={index}")).collect();
    let mut entries: Vec<(SmolStr, Value)> = Vec::new();
    let (mut sources, mut secrets) = (Vec::new(), Vec::new());
    for (name, input) in picked {
        secrets.extend(input.secrets.iter().cloned());
        entries.push((name.clone(), input.value.clone()));
        sources.extend(input.sources.iter().map(|(_, node)| (Some(name.clone()), Arc::clone(node))));
    }
    entries.push(("id".into(), Value::text(checksum(&ids.join("/")).to_string())));
    Input { value: Value::map(entries), sources, secrets }
}

/// A name as a key of a template: words of letters and digits, joined by `_`.
pub(super) fn key(name: &str) -> SmolStr {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").into()
}
