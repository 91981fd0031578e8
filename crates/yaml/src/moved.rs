//! The same tree, read from other files with the same bytes: another revision of a repository.

use fleetlint_source::FileId;

use super::problem::Problem;
use super::{Node, Span, relocate};

/// From a file to the one that takes its place; files that stay are themselves.
pub type Move<'a> = &'a dyn Fn(FileId) -> FileId;

impl Node {
    /// The same tree, with all origins in the files that take the place of theirs.
    #[must_use]
    pub fn moved(&self, to: Move<'_>) -> Self {
        let mut moved = self.clone();
        relocate::node(&mut moved, &|span| Some(Span { file: to(span.file), ..span }));
        moved
    }
}

impl Problem {
    /// The same problem, with all places in the files that take the place of theirs.
    #[must_use]
    pub fn moved(&self, to: Move<'_>) -> Self {
        let mut moved = self.clone();
        relocate::problem(&mut moved, &|span| Some(Span { file: to(span.file), ..span }));
        moved
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
