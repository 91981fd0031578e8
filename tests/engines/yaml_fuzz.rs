//! Random text, from a fixed seed: no panic, and spans that make sense.

#[path = "../support/yaml_pieces/mod.rs"]
mod yaml_pieces;

mod cases {
    use fleetlint::problem::Problem;
    use fleetlint::source::Files;
    use fleetlint::yaml::{Documents, Node, Span, Stream, Value, print};

    use super::yaml_pieces::PIECES;

    /// Numbers that look random (Knuth's multiplier).
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % end
        }
    }

    fn parse(bytes: Vec<u8>) -> Stream {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), bytes);
        let stream = Documents::default().of(&file);
        if let Some(text) = file.text() {
            check(text, &stream);
        }
        (*stream).clone()
    }

    fn check(text: &str, stream: &Stream) {
        for document in &stream.documents {
            match document {
                Ok(document) => {
                    document.root.iter().for_each(|root| check_node(text, root));
                    document.root.iter().for_each(|root| drop(print::resource(root)));
                    document.duplicate_keys.iter().for_each(|problem| check_problem(text, problem));
                }
                Err(problem) => check_problem(text, problem),
            }
        }
        let ends: Vec<u32> =
            stream.comments.iter().flat_map(|comment| [comment.span.start, comment.span.end]).collect();
        assert!(ends.is_sorted(), "{text:?}: comments {ends:?}");
        for comment in &stream.comments {
            assert!(slice(text, comment.span).starts_with('#'), "{text:?}: comment {:?}", comment.span);
        }
    }

    fn check_problem(text: &str, problem: &Problem) {
        slice(text, problem.place.unwrap());
        assert!(!problem.message.is_empty());
    }

    fn check_node(text: &str, node: &Node) {
        let slice = slice(text, node.origin.span.unwrap());
        match &node.value {
            Value::Scalar(_) => assert_eq!(slice.trim_start_matches([' ', '\n']), slice, "{text:?}"),
            Value::Sequence(items) => items.iter().for_each(|item| check_node(text, item)),
            Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
                check_node(text, &entry.key);
                check_node(text, &entry.value);
            }),
        }
    }

    fn slice(text: &str, span: Span) -> &str {
        text.get(span.start as usize..span.end as usize).unwrap_or_else(|| panic!("{text:?}: {span:?}"))
    }

    #[test]
    fn random_pieces_do_no_harm() {
        let mut random = Random(7);
        for _ in 0..20_000 {
            let length = 1 + random.below(24);
            let text: String = (0..length).map(|_| PIECES[random.below(PIECES.len())]).collect();
            parse(text.into_bytes());
        }
    }

    #[test]
    fn random_bytes_do_no_harm() {
        let mut random = Random(8);
        for _ in 0..5_000 {
            let length = random.below(40);
            parse((0..length).map(|_| random.below(256) as u8).collect());
            parse((0..length).map(|_| random.below(128) as u8).collect());
        }
    }

    /// A real-looking document with one piece put in, or a few bytes taken out.
    #[test]
    fn damaged_documents_do_no_harm() {
        let document = include_str!("../../testdata/yaml/shapes.yaml");
        let mut random = Random(9);
        for _ in 0..1_500 {
            let mut bytes = document.as_bytes().to_vec();
            let at = random.below(bytes.len());
            if random.below(2) == 0 {
                bytes.splice(at..at, PIECES[random.below(PIECES.len())].bytes());
            } else {
                let end = (at + 1 + random.below(8)).min(bytes.len());
                bytes.drain(at..end);
            }
            parse(bytes);
        }
    }
}
