//! An entry of `resources`: an object that is a template. The operator prints it, renders the text and reads it again.

use super::inputs::Input;
use super::{Made, carry, problem_of, read};
use crate::object::Object;
use crate::template::{FaultKind, Template, TemplateError, Value};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Span, print};

/// The objects that an entry makes: one for each set of inputs, or one.
pub(super) fn objects(resource: &Node, inputs: &[Input]) -> Made {
    let mut made = Made::default();
    if !has_template(resource) {
        // Every set of inputs makes the same object.
        made.read(resource.clone(), resource);
        return made;
    }
    let text = match print::resource(resource) {
        Ok(text) => text,
        Err(message) => {
            let problem = Problem::new(ProblemKind::InvalidObject, message, place(resource));
            made.problems
                .push(problem.help("the operator prints an entry of `resources` as YAML before it evaluates it"));
            return made;
        }
    };
    let template = match Template::parse(&text) {
        Ok(template) => template,
        Err(fault) => {
            made.problems.push(problem_of(&fault, blamed(resource, &text, &fault, None), &text, None));
            return made;
        }
    };
    match inputs {
        [] => made.render(resource, &text, &template, (None, inputs)),
        inputs => inputs.iter().for_each(|input| made.render(resource, &text, &template, (Some(input), inputs))),
    }
    made
}

impl Made {
    fn render(
        &mut self,
        resource: &Node,
        text: &str,
        template: &Template,
        (input, inputs): (Option<&Input>, &[Input]),
    ) {
        let value = input.map_or(&Value::Nil, |input| &input.value);
        let rendered = match template.render(value) {
            Ok(rendered) => rendered,
            Err(fault) => {
                return self.refuse(&fault, blamed(resource, text, &fault, input), text, (input, inputs));
            }
        };
        match read::documents(&rendered.text).into_iter().next() {
            Some(Ok(root)) => self.read(carry::origins(resource, root, input), resource),
            Some(Err(message)) => {
                let message = input.map_or_else(|| message.clone(), |input| input.shown(&message, text));
                let message = format!("the resource is not valid YAML once its template is evaluated: {message}");
                let problem = Problem::new(ProblemKind::SubstitutionFailed, message, place(resource));
                self.problems.push(problem.help("the operator inserts values without quotes: pipe them to `quote`"));
            }
            None => self.no_object(resource),
        }
    }

    fn read(&mut self, root: Node, resource: &Node) {
        match Object::new(root) {
            Some(object) => self.objects.push(object),
            None => self.no_object(resource),
        }
    }

    fn no_object(&mut self, resource: &Node) {
        let message = "a resource of the set has no `apiVersion`, `kind` or `metadata.name`";
        let problem = Problem::new(ProblemKind::InvalidObject, message, place(resource));
        self.problems.push(problem.help("the Flux Operator applies only objects with all three"));
    }
}

/// Whether a `<< … >>` expression is anywhere in the tree.
fn has_template(node: &Node) -> bool {
    node.scalars().any(|scalar| scalar.text().is_some_and(|text| text.contains("<<")))
}

/// The scalar to blame: the first one that fails alone with the same message, else the first one that holds the action.
fn blamed(resource: &Node, text: &str, fault: &TemplateError, input: Option<&Input>) -> Option<Span> {
    let action = text.get(fault.at.clone()).unwrap_or_default();
    let value = input.map_or(&Value::Nil, |input| &input.value);
    let templates =
        || resource.scalars().filter_map(|scalar| Some((scalar, scalar.text()?))).filter(|(_, it)| it.contains("<<"));
    let same = templates().find(|(_, text)| {
        let alone = Template::parse(text).and_then(|template| template.render(value));
        alone.is_err_and(|alone| alone.message == fault.message && alone.kind == fault.kind)
    });
    let holds = || templates().find(|(_, text)| action.is_empty() || text.contains(action));
    // What is not known here is not a defect of one place.
    let fallback = if fault.kind == FaultKind::Wrong { place(resource) } else { None };
    same.or_else(holds).and_then(|(scalar, _)| scalar.place()).or(fallback)
}

/// The place that stands for a resource: its name.
fn place(resource: &Node) -> Option<Span> {
    resource.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::place).or(resource.origin.span)
}
