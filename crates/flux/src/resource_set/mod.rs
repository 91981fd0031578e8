//! ResourceSets: objects from templates and inputs, as the Flux Operator makes them (domain-facts section 7).

mod carry;
mod inputs;
mod read;
mod resource;
mod split;
mod text;

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use self::inputs::Input;
use super::api::ResourceSet;
use super::build::with_common_metadata;
use super::template::{FaultKind, TemplateError};
use crate::object::{Object, ObjectId};
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Documents, Node, Span};

pub use self::inputs::{Provider, wants};

/// The annotation that leaves an object out.
const RECONCILE: &str = "fluxcd.controlplane.io/reconcile";

/// What a ResourceSet makes.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    pub objects: Vec<Arc<Object>>,
    pub problems: Vec<Problem>,
    /// Why not all of it is known.
    pub undetermined: Option<String>,
}

/// The objects of a ResourceSet. `providers` are the ResourceSetInputProviders of its namespace. A template that fails
/// costs what it would have made; the rest goes on, although the operator would apply nothing.
pub fn expand(set: &ResourceSet<'_>, providers: &[Provider], documents: &Documents) -> Expanded {
    let mut expansion = Expansion { documents, expanded: Expanded::default(), seen: HashMap::new(), is_split: false };
    let inputs = match inputs::combined(set, providers) {
        Ok(inputs) => inputs,
        Err(problem) => {
            expansion.problem(problem);
            return expansion.expanded;
        }
    };
    let is_fed = set.object.at("/spec/inputsFrom").is_some_and(|from| !from.items().is_empty());
    if is_fed && inputs.is_empty() {
        return expansion.expanded;
    }
    let spec = set.object.at("/spec");
    let steps = spec.and_then(|spec| spec.get("steps")).map(Node::items).unwrap_or_default();
    match spec {
        Some(spec) if steps.is_empty() => expansion.part(spec, &inputs, None),
        Some(spec) => {
            expansion.refuse_mixture(spec);
            steps.iter().for_each(|step| expansion.part(step, &inputs, Some(step)));
        }
        None => {}
    }
    let mut expanded = expansion.expanded;
    let common = |object: Arc<Object>| match Arc::try_unwrap(object) {
        Ok(object) => Object::new(with_common_metadata(Arc::clone(object.root.shared()), set.object)).map(Arc::new),
        Err(shared) => Some(shared),
    };
    expanded.objects = expanded.objects.into_iter().filter_map(common).collect();
    expanded
}

struct Expansion<'a> {
    documents: &'a Documents,
    expanded: Expanded,
    /// The objects so far, each with the step that made it.
    seen: HashMap<ObjectId, SmolStr>,
    /// It is reported that a template needs the inputs of several providers at once: one strategy is the cause of all.
    is_split: bool,
}

impl Expansion<'_> {
    /// The templates of a set or of one of its steps.
    fn part(&mut self, part: &Node, inputs: &[Input], step: Option<&Node>) {
        let step = step.and_then(|step| step.get("name")).and_then(Node::text).unwrap_or_default();
        let resources = part.get("resources").map(Node::items).unwrap_or_default();
        for resource in resources {
            let made = resource::objects(resource, inputs);
            self.take(made, step, inputs.is_empty());
        }
        let template = part.get("resourcesTemplate").filter(|it| it.text().is_some_and(|text| !text.is_empty()));
        if let Some(template) = template {
            let made = text::objects(template, inputs, self.documents);
            self.take(made, step, false);
        }
    }

    /// Keeps objects in their order: the first one of an identity, without those that are switched off. Without inputs the
    /// operator looks at neither.
    fn take(&mut self, made: Made, step: &str, takes_all: bool) {
        made.problems.into_iter().for_each(|problem| self.problem(problem));
        if let Some(problem) = made.split.filter(|_| !self.is_split) {
            self.is_split = true;
            self.problem(problem);
        }
        for object in made.objects {
            let is_off = object.annotation(RECONCILE).and_then(Node::text) == Some("disabled");
            if is_off && !takes_all {
                continue;
            }
            match self.seen.get(&object.id) {
                Some(first) if first != step => {
                    let message = format!("{} is in step `{step}` and already in step `{first}`", object.id);
                    let problem = Problem::new(ProblemKind::InvalidObject, message, object.place());
                    self.problem(problem.help("the Flux Operator rejects the set: keep the object in one step"));
                }
                Some(_) if !takes_all => {}
                _ => {
                    self.seen.insert(object.id.clone(), step.into());
                    self.expanded.objects.push(Arc::new(object));
                }
            }
        }
    }

    fn refuse_mixture(&mut self, spec: &Node) {
        for field in ["resources", "resourcesTemplate"] {
            if let Some(node) = spec.get(field).filter(|node| !node.is_null()) {
                let message = format!("`steps` and `{field}` are mutually exclusive");
                let problem = Problem::new(ProblemKind::InvalidObject, message, node.place());
                self.problem(problem.help("move the resources into a step"));
            }
        }
    }

    fn problem(&mut self, problem: Problem) {
        if problem.is_undetermined() {
            self.expanded.undetermined.get_or_insert(problem.message);
        } else if !self.expanded.problems.contains(&problem) {
            self.expanded.problems.push(problem);
        }
    }
}

/// What one template makes of all inputs.
#[derive(Default)]
struct Made {
    objects: Vec<Object>,
    problems: Vec<Problem>,
    /// It needs the inputs of several providers at once.
    split: Option<Problem>,
}

impl Made {
    /// Notes that a template has no result for one of the inputs.
    fn refuse(
        &mut self,
        fault: &TemplateError,
        place: Option<Span>,
        template: &str,
        (input, inputs): (Option<&Input>, &[Input]),
    ) {
        match input.and_then(|input| split::problem(fault, place, input, inputs)) {
            Some(problem) => _ = self.split.get_or_insert(problem),
            None => self.problems.push(problem_of(fault, place, template, input)),
        }
    }
}

/// The problem that a template without a result is, with these inputs.
fn problem_of(fault: &TemplateError, place: Option<Span>, template: &str, input: Option<&Input>) -> Problem {
    let shown = input.map_or_else(|| fault.message.clone(), |input| input.shown(&fault.message, template));
    match fault.kind {
        FaultKind::Undetermined => {
            Problem::new(ProblemKind::Undetermined, format!("a template is not evaluated: {shown}"), place)
        }
        FaultKind::Wrong => {
            let message = format!("the template fails: {shown}");
            Problem::new(ProblemKind::SubstitutionFailed, message, place)
                .help("the Flux Operator applies nothing from a ResourceSet whose template fails")
        }
    }
}
