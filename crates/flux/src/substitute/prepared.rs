//! A resource that many clusters substitute: what does not depend on the values of the variables is found out once.

use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use super::expression::{Operator, Part, parse};
use super::{Substituted, VariableUse, Variables, can_change, is_opted_out, origin, runs, substitute, uses};
use crate::lazy_root::Recipe;
use crate::object::Object;
use fleetlint_source::Files;
use fleetlint_yaml::scalar::Typed;
use fleetlint_yaml::{Node, Origin, Value, yaml11};

/// Results that are longer go the whole way through text.
const MAX_TEXT: usize = 4_096;

/// A resource, and what a substitution of it comes to whatever the values are.
#[derive(Debug)]
pub struct Prepared {
    resource: Arc<Node>,
    /// Those that it is written in.
    files: Arc<Files>,
    seen: OnceLock<Seen>,
    /// The result for values that are plain words: the results for other words differ from it in the slots only.
    pattern: OnceLock<Arc<Node>>,
    /// The same as an object, where the slots leave alone what identifies it and what annotations say, and no Secret.
    object: OnceLock<Option<Arc<Object>>>,
}

/// What a look at a resource shows. Nobody looks where nothing is substituted.
#[derive(Debug)]
struct Seen {
    /// Substitution does something: the resource is not opted out, and the way through text changes it.
    can_change: bool,
    /// Its uses of variables; whether these are defined is not known here.
    uses: Vec<VariableUse>,
    /// Each expression is in a text that can be read on its own.
    is_plain: bool,
    /// The scalars that hold expressions, where nothing else does and the expressions are simple.
    slots: Option<Vec<Slot>>,
}

/// A resource with the values of a cluster, none of which comes from a Secret.
struct Filled {
    resource: Arc<Prepared>,
    pattern: Arc<Node>,
    variables: Arc<Variables>,
}

impl Recipe for Filled {
    fn make(&self) -> Node {
        let slots = self.resource.seen().slots.as_deref().unwrap_or_default();
        let texts = texts(slots, &self.variables).unwrap_or_default();
        fill(&self.pattern, &self.resource.resource, (slots, &texts), &self.variables)
    }

    fn pattern(&self) -> &Arc<Node> {
        &self.pattern
    }
}

/// A scalar that holds expressions.
#[derive(Debug)]
struct Slot {
    /// The indexes of entries and items that lead to it.
    path: Vec<usize>,
    parts: Vec<Part>,
}

impl Prepared {
    /// A resource that nobody has looked at.
    pub fn of(resource: &Arc<Node>, files: &Arc<Files>) -> Self {
        let (seen, pattern, object) = Default::default();
        Self { resource: Arc::clone(resource), files: Arc::clone(files), seen, pattern, object }
    }

    fn seen(&self) -> &Seen {
        self.seen.get_or_init(|| Seen::of(&self.resource, &self.files))
    }

    /// The resource before substitution.
    pub fn resource(&self) -> &Arc<Node> {
        &self.resource
    }

    /// Whether the result depends on no variables but those that [`Self::all_uses`] names.
    pub fn names_all(&self) -> bool {
        self.seen().is_plain
    }

    /// All its uses of variables, whoever replaces them.
    pub fn all_uses(&self) -> &[VariableUse] {
        &self.seen().uses
    }

    /// The uses of variables that a Kustomization replaces in it; none where it replaces nothing.
    pub fn uses(&self, kustomization: &Object, variables: &Variables) -> &[VariableUse] {
        if runs(kustomization, variables) { &self.seen().uses } else { &[] }
    }

    /// The substituted resource as an object whose tree is made when somebody looks at it, and the object that it is but for
    /// the values; `None` where it has to be substituted first.
    pub fn lazy(
        self: &Arc<Self>,
        kustomization: &Object,
        variables: &Arc<Variables>,
    ) -> Option<(Object, &Arc<Object>)> {
        let (pattern, slots) = (self.pattern.get()?, self.seen().slots.as_ref()?);
        if !runs(kustomization, variables) || variables.may_be_empty().is_some() {
            return None;
        }
        let alike = self.object.get_or_init(|| self.alike(pattern, slots)).as_ref()?;
        let is_shown = |used: &VariableUse| variables.get(&used.name).is_some_and(|value| !value.secret);
        if !self.seen().uses.iter().all(is_shown) || texts(slots, variables).is_none() {
            return None;
        }
        let (resource, variables) = (Arc::clone(self), Arc::clone(variables));
        let filled = Filled { resource, pattern: Arc::clone(pattern), variables };
        Some((Object::of_recipe(alike, Arc::new(filled)), alike))
    }

    fn alike(&self, pattern: &Arc<Node>, slots: &[Slot]) -> Option<Arc<Object>> {
        let field = |slot: &Slot| self.resource.entries().get(*slot.path.first()?)?.key.text();
        let is_below = |slot: &Slot| field(slot).is_some_and(|it| !["apiVersion", "kind", "metadata"].contains(&it));
        let object = Object::new(Arc::clone(pattern))?;
        (slots.iter().all(is_below) && object.id.kind != "Secret").then(|| Arc::new(object))
    }

    /// As [`substitute`], without strict mode: equal to it in all but the work.
    pub fn substitute(&self, kustomization: &Object, variables: &Variables) -> Substituted {
        let resource = &self.resource;
        if !self.seen().can_change || !runs(kustomization, variables) {
            return Substituted::unchanged(resource);
        }
        let slots = self.seen().slots.as_ref().filter(|_| variables.may_be_empty().is_none());
        let filled = slots.and_then(|slots| Some((slots, texts(slots, variables)?)));
        let through_text = || substitute(resource, kustomization, variables, false, Some(&self.files));
        let Some((slots, texts)) = filled else { return through_text() };
        if let Some(pattern) = self.pattern.get() {
            let node = Arc::new(fill(pattern, resource, (slots, &texts), variables));
            return Substituted { node, ..Substituted::unchanged(resource) };
        }
        let substituted = through_text();
        let is_clean = substituted.problem.is_none() && substituted.undetermined.is_none();
        let fits = |(slot, text): (&Slot, &String)| is_filled(&substituted.node, resource, slot, text);
        if is_clean && slots.iter().zip(&texts).all(fits) {
            // Another thread may have been faster; both have the same.
            _ = self.pattern.set(Arc::clone(&substituted.node));
        }
        substituted
    }
}

impl Seen {
    fn of(resource: &Arc<Node>, files: &Files) -> Self {
        let can_change = !is_opted_out(resource) && can_change(resource);
        let uses = match can_change {
            true => uses::of(resource, &Variables::default(), Some(files)),
            false => Vec::new(),
        };
        let texts = || resource.scalars().filter_map(Node::text).filter(|text| text.contains("${"));
        let is_plain = !can_change || texts().all(|text| parse(text).is_ok());
        let mut slots = Vec::new();
        let is_simple = !uses.is_empty() && find_slots(resource, &mut Vec::new(), &mut slots).is_some();
        Self { can_change, uses, is_plain, slots: is_simple.then_some(slots) }
    }
}

/// Collects the scalars with `$`; `None` where one of them is not simple: a key, a tag, an expression with a function.
fn find_slots(node: &Node, path: &mut Vec<usize>, slots: &mut Vec<Slot>) -> Option<()> {
    match &node.value {
        Value::Scalar(scalar) if scalar.text.contains('$') => {
            let parts = parse(&scalar.text).ok().filter(|_| node.tag.is_none())?;
            let is_simple = |part: &Part| match part {
                Part::Text(_) => true,
                Part::Expression(it) => {
                    let is_text = it.arguments.iter().all(|argument| matches!(argument, Part::Text(_)));
                    is_text && matches!(it.operator, Operator::Value | Operator::Default)
                }
            };
            parts.iter().all(is_simple).then(|| slots.push(Slot { path: path.clone(), parts }))
        }
        Value::Scalar(_) => Some(()),
        Value::Sequence(items) => items.iter().enumerate().try_for_each(|(index, item)| {
            path.push(index);
            find_slots(item, path, slots)?;
            path.pop();
            Some(())
        }),
        Value::Mapping(mapping) => mapping.entries.iter().enumerate().try_for_each(|(index, entry)| {
            if entry.key.text().is_none_or(|key| key.contains('$')) {
                return None;
            }
            path.push(index);
            find_slots(&entry.value, path, slots)?;
            path.pop();
            Some(())
        }),
    }
}

/// What the slots hold; `None` where a value is not known or no plain word, or a result is anything but a text.
fn texts(slots: &[Slot], variables: &Variables) -> Option<Vec<String>> {
    let text = |slot: &Slot| {
        let mut text = String::new();
        for part in &slot.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Expression(expression) => text.push_str(word(variables, &expression.name)?),
            }
        }
        (text.len() <= MAX_TEXT && yaml11::plain(&text) == Typed::String).then_some(text)
    };
    slots.iter().map(text).collect()
}

/// A value that means the same wherever it is put into YAML.
fn word<'a>(variables: &'a Variables, name: &SmolStr) -> Option<&'a str> {
    let text = variables.get(name)?.text.as_str();
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b':' | b'-');
    let (first, last) = (text.bytes().next()?, text.bytes().next_back()?);
    (first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() && text.bytes().all(is_inner)).then_some(text)
}

/// Whether the result has the same shape as the resource on the way to a slot, and the text in it.
fn is_filled(result: &Node, resource: &Node, slot: &Slot, text: &str) -> bool {
    let mut both = Some((result, resource));
    for &index in &slot.path {
        both = both.and_then(|(result, resource)| match (&result.value, &resource.value) {
            (Value::Sequence(new), Value::Sequence(old)) if new.len() == old.len() => {
                Some((new.get(index)?, old.get(index)?))
            }
            (Value::Mapping(new), Value::Mapping(old)) if new.entries.len() == old.entries.len() => {
                let (new, old) = (new.entries.get(index)?, old.entries.get(index)?);
                (new.key.text() == old.key.text()).then_some((&new.value, &old.value))
            }
            _ => None,
        });
    }
    both.is_some_and(|(result, _)| {
        let made = Node { origin: Origin::default(), ..result.clone() };
        made == Node::string(text, Origin::default())
    })
}

/// The pattern with other texts in its slots.
fn fill(pattern: &Node, resource: &Node, (slots, texts): (&[Slot], &[String]), variables: &Variables) -> Node {
    let mut node = pattern.clone();
    for (slot, text) in slots.iter().zip(texts) {
        let (mut at, mut old) = (Some(&mut node), Some(resource));
        for &index in &slot.path {
            at = at.and_then(|node| child_mut(node, index));
            old = old.and_then(|node| child(node, index));
        }
        if let (Some(at), Some(old)) = (at, old) {
            *at = Node::string(text.as_str(), origin::of_parts(old, &slot.parts, variables));
        }
    }
    node
}

fn child(node: &Node, index: usize) -> Option<&Node> {
    match &node.value {
        Value::Mapping(mapping) => mapping.entries.get(index).map(|entry| &entry.value),
        Value::Sequence(items) => items.get(index),
        Value::Scalar(_) => None,
    }
}

fn child_mut(node: &mut Node, index: usize) -> Option<&mut Node> {
    match &mut node.value {
        Value::Mapping(mapping) => mapping.entries.get_mut(index).map(|entry| &mut entry.value),
        Value::Sequence(items) => items.get_mut(index),
        Value::Scalar(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::substitute::{Lookup, SubstituteSource};
    use fleetlint_yaml::Documents;

    static FILES: LazyLock<Arc<Files>> = LazyLock::new(Arc::default);

    struct Nothing;

    impl SubstituteSource for Nothing {
        fn lookup(&self, _: &str, _: &str) -> Lookup {
            Lookup::Missing
        }
    }

    fn node(text: &str) -> Arc<Node> {
        let file = FILES.add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        stream.documents[0].as_ref().unwrap().root.clone().unwrap().into()
    }

    /// A Kustomization that gives `x` and `y` these values.
    fn kustomization(x: &str, y: &str) -> Object {
        let head = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n";
        Object::new(node(&format!("{head}spec: {{postBuild: {{substitute: {{x: '{x}', y: '{y}'}}}}}}"))).unwrap()
    }

    #[test]
    fn the_short_way_and_the_long_way_lead_to_the_same() {
        let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
        let bodies = [
            "data: {a: '${x}', b: 'b ${y:=z} $${c}'}",
            "data:\n  a: |\n    host: ${x}\n    list: [1, ${y}]\n  b: 0x10\n  c: 'no'",
            "data:\n  a: ${x}.${y}\n  b:\n  - \"${x}\"\n  - c: http://${y}/",
            "data:\n  ${x}: a\n  b: ${y}",
            "data:\n  a: ${x/a/b}\n  b: '${#y}'",
            "data: {a: '${x', b: '} ${y}'}",
            "data: {a: 'x: ${x}', b: '# ${y}', c: '- ${x}', d: '\"${y}\"'}",
            "data:\n  b: &a\n    c: ${x}\n  a: *a",
            "data: {a: 'key\\${x}', b: \"\\t${y}\", c: ' ${x} '}",
            "data:\n  a: !!str ${x}\n  b: ${none}",
        ];
        let words = ["one", "two.example.com", "https://h:80/x", "7", "1e3", "true", "n", "", "-", "a: b", "'", "a #b"];
        for body in bodies {
            let resource = node(&format!("{head}{body}\n"));
            let prepared = Prepared::of(&resource, &FILES);
            for (x, y) in words.iter().flat_map(|x| words.iter().map(move |y| (*x, *y))) {
                let kustomization = kustomization(&x.replace('\'', "''"), &y.replace('\'', "''"));
                let (variables, _) = Variables::build(&kustomization, &Nothing);
                let long = substitute(&resource, &kustomization, &variables, false, Some(&FILES));
                let short = prepared.substitute(&kustomization, &variables);
                assert_eq!(short.node, long.node, "{body} with {x} and {y}");
                assert_eq!((&short.problem, &short.undetermined), (&long.problem, &long.undetermined));
                let is_defined = |used: &VariableUse| VariableUse { is_defined: true, ..used.clone() };
                let uses = prepared.uses(&kustomization, &variables).iter().map(is_defined);
                assert_eq!(uses.collect::<Vec<_>>(), long.uses.iter().map(is_defined).collect::<Vec<_>>(), "{body}");
            }
        }
    }

    #[test]
    fn words_go_the_short_way() {
        let resource = node("kind: A\nspec: {a: 'x.${x}', b: [{c: '${y}'}]}\nrest: {a: b}\n");
        let prepared = Prepared::of(&resource, &FILES);
        let result = |x, y| {
            let kustomization = kustomization(x, y);
            let (variables, _) = Variables::build(&kustomization, &Nothing);
            prepared.substitute(&kustomization, &variables).node
        };
        let (one, two) = (result("one", "a"), result("two", "b"));
        assert_eq!(two.at("/spec/b/0/c").and_then(Node::text), Some("b"));
        let rest = |node: &Node| node.get("rest").and_then(Node::as_mapping).unwrap().entries.clone();
        assert!(rest(&one).is_shared_with(&rest(&two)));
        let variable = two.at("/spec/a").and_then(|node| node.origin.variable()).unwrap();
        assert_eq!((variable.name.as_str(), variable.whole), ("x", false));
    }
}
