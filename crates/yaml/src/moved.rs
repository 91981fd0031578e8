//! The same tree, read from other files with the same bytes: another revision of a repository.

use std::sync::Arc;

use fleetlint_source::FileId;

use super::problem::Problem;
use super::{Entry, Node, Origin, Span, Value, Variable};

/// From a file to the one that takes its place; files that stay are themselves.
pub type Move<'a> = &'a dyn Fn(FileId) -> FileId;

impl Span {
    /// The same range in the file that takes the place of this one.
    #[must_use]
    pub fn moved(self, to: Move<'_>) -> Self {
        Self { file: to(self.file), ..self }
    }
}

impl Origin {
    /// The same origin, with all places in the files that take the place of theirs.
    #[must_use]
    pub fn moved(&self, to: Move<'_>) -> Self {
        let span = |span: Option<Span>| span.map(|span| span.moved(to));
        let variable = self
            .variable()
            .map(|variable| Arc::new(Variable { value: variable.value.moved(to), ..Variable::clone(variable) }));
        let mut same = self.clone();
        same.span = span(self.span);
        match (self.patch(), &variable) {
            (None, None) => same,
            (patch, _) => same.with_patch(span(patch)).with_variable(variable),
        }
    }
}

impl Node {
    /// The same tree, with all origins in the files that take the place of theirs.
    #[must_use]
    pub fn moved(&self, to: Move<'_>) -> Self {
        let value = match &self.value {
            Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
            Value::Mapping(mapping) => {
                let entry = |it: &Entry| Entry { key: it.key.moved(to), value: it.value.moved(to) };
                let mut moved = mapping.clone();
                moved.entries = mapping.entries.iter().map(entry).collect();
                Value::Mapping(moved)
            }
            Value::Sequence(items) => {
                let mut moved = items.clone();
                moved.items = items.iter().map(|item| item.moved(to)).collect();
                Value::Sequence(moved)
            }
        };
        Self { value, tag: self.tag.clone(), origin: self.origin.moved(to) }
    }
}

impl Problem {
    /// The same problem, with all places in the files that take the place of theirs.
    #[must_use]
    pub fn moved(&self, to: Move<'_>) -> Self {
        let related = self.related.iter().map(|(place, label)| (place.moved(to), label.clone()));
        Self { place: self.place.map(|place| place.moved(to)), related: related.collect(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use fleetlint_source::Files;

    use super::super::Documents;
    use super::*;

    #[test]
    fn a_tree_moves_as_it_is_parsed_elsewhere() {
        let text = "# c\na: &x {b: [1, 'two']}\nd: *x\ne: |\n  text\n";
        let files = Files::default();
        let parse = |revision: &str| {
            let file = files.add("r".into(), Some(revision.into()), "a.yaml".into(), text.as_bytes().to_vec());
            (file.id, Documents::default().of(&file).documents[0].as_ref().unwrap().root.clone().unwrap())
        };
        let ((from, first), (to, second)) = (parse("main"), parse("production"));
        assert_ne!(first, second);
        let patched = Node { origin: first.origin.clone().with_patch(first.place()), ..first.clone() };
        let elsewhere = Node { origin: second.origin.clone().with_patch(second.place()), ..second.clone() };
        let swap = |file: FileId| if file == from { to } else { file };
        assert_eq!((first.moved(&swap), patched.moved(&swap)), (second.clone(), elsewhere));
        assert_eq!(second.moved(&swap), second);
    }
}
