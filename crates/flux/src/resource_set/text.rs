//! `resourcesTemplate`: a template of a whole stream of documents.

use std::ops::Range;

use super::inputs::Input;
use super::{Made, carry, problem_of, read};
use crate::object::Object;
use crate::template::{Piece, PieceKind, Rendered, Template, Value};
use fleetlint_yaml::embedded::Places;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Documents, Node, Origin, Secrecy, Span, Text, Value as Tree};

/// The objects of all documents, for each set of inputs.
pub(super) fn objects(scalar: &Node, inputs: &[Input], documents: &Documents) -> Made {
    let mut made = Made::default();
    let places = documents.places(scalar);
    let (text, secrets) = (scalar.text().unwrap_or_default(), scalar.secret_texts());
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(fault) => {
            made.problems.push(problem_of(&fault, places.span(fault.at.clone()), text, None));
            return made;
        }
    };
    let sets: Vec<Option<&Input>> = if inputs.is_empty() { vec![None] } else { inputs.iter().map(Some).collect() };
    for input in sets {
        let value = input.map_or(&Value::Nil, |input| &input.value);
        match template.render(value) {
            Ok(rendered) => {
                made.documents(&Map { rendered: &rendered, places: &places, input, template: text, secrets: &secrets })
            }
            Err(fault) => made.refuse(&fault, places.span(fault.at.clone()), text, (input, inputs)),
        }
    }
    made
}

impl Made {
    fn documents(&mut self, map: &Map<'_>) {
        for document in read::documents(&map.rendered.text) {
            match document {
                Ok(mut root) => {
                    map.node(&mut root);
                    self.document(root);
                }
                Err(message) => {
                    let message =
                        map.input.map_or_else(|| message.clone(), |input| input.shown(&message, map.template));
                    let message = format!("the template does not render valid YAML: {message}");
                    let problem = Problem::new(ProblemKind::SubstitutionFailed, message, map.places.whole());
                    self.problems
                        .push(problem.help("the operator inserts values without quotes: pipe them to `quote`"));
                }
            }
        }
    }

    /// The operator opens lists, and passes over what is not an object and over kustomize's own files.
    fn document(&mut self, root: Node) {
        let is_list = root.get("items").is_some_and(|items| items.as_sequence().is_some());
        match root.get("items").filter(|_| is_list) {
            Some(items) => self.objects.extend(items.items().iter().cloned().filter_map(Object::new)),
            None => self.objects.extend(Object::new(root).filter(|object| !is_kustomize(object))),
        }
    }
}

fn is_kustomize(object: &Object) -> bool {
    object.id.group == "kustomize.config.k8s.io" && object.id.kind.eq_ignore_ascii_case("kustomization")
}

/// The way from places of the result to places of the template's file.
struct Map<'a> {
    rendered: &'a Rendered,
    places: &'a Places,
    input: Option<&'a Input>,
    template: &'a str,
    /// The texts in the template that come from Secrets.
    secrets: &'a [&'a str],
}

impl Map<'_> {
    /// Gives a tree the places of the texts that made it.
    fn node(&self, node: &mut Node) {
        if let Some(span) = node.origin.span {
            node.origin = self.origin(span);
        }
        match &mut node.value {
            Tree::Scalar(_) => {}
            Tree::Sequence(items) => items.iter_mut().for_each(|item| self.node(item)),
            Tree::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| {
                self.node(&mut entry.key);
                self.node(&mut entry.value);
            }),
        }
    }

    fn origin(&self, span: Span) -> Origin {
        let at = span.start as usize..span.end as usize;
        let pieces = self.pieces(&at);
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
            return Origin::of(self.places.whole());
        };
        let start = offset(first, at.start).start;
        let end = offset(last, at.end.saturating_sub(1)).end;
        let place = if start < end { self.places.span(start..end) } else { self.places.whole() };
        let path = pieces.iter().find_map(|piece| match &piece.kind {
            PieceKind::Action(Some(path)) => Some((path, piece.at == at)),
            _ => None,
        });
        let variable = self.input.zip(path).and_then(|(input, (path, whole))| carry::named(path, whole, input));
        let secrets = self.input.map(|input| input.secrets_in(self.template, &self.rendered.text, pieces));
        let secrets = secrets.unwrap_or_default().into_iter().chain(self.own_secrets(at));
        Origin::of(place).with_variable(variable).with_secret(Secrecy::of_parts(secrets))
    }

    /// What of a range of the result is in the template and comes from Secrets.
    fn own_secrets(&self, at: Range<usize>) -> impl Iterator<Item = Text> {
        let text = self.rendered.text.get(at).unwrap_or_default();
        self.secrets.iter().filter(move |secret| text.contains(**secret)).map(|secret| Text::from(*secret))
    }

    /// The pieces that a range of the result touches.
    fn pieces(&self, at: &Range<usize>) -> &[Piece] {
        let pieces = &self.rendered.pieces;
        let from = pieces.partition_point(|piece| piece.at.end <= at.start);
        let to = pieces.partition_point(|piece| piece.at.start < at.end.max(at.start + 1));
        pieces.get(from..to).unwrap_or_default()
    }
}

/// Where a byte of the result is in the template: itself in text, the whole action otherwise.
fn offset(piece: &Piece, at: usize) -> Range<usize> {
    match piece.kind {
        PieceKind::Text => {
            let start = piece.from.start + at.saturating_sub(piece.at.start);
            start..start + 1
        }
        PieceKind::Action(_) => piece.from.clone(),
    }
}
