//! Every key and value of a parsed file knows exactly where it stands.

mod cases {
    use fleetlint::source::{Files, Position};
    use fleetlint::yaml::{Documents, Node, Span};

    /// Parses a text as a file and returns, for each scalar in order, the slice of the text that its span covers.
    fn slices(text: &str) -> Vec<String> {
        let files = Files::default();
        let file = files.add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let roots = stream.documents.iter().flatten().flat_map(|document| &document.root);
        let spans = roots.flat_map(Node::scalars).map(|scalar| scalar.origin.span.unwrap());
        spans.map(|span| text[span.start as usize..span.end as usize].to_owned()).collect()
    }

    #[test]
    fn scalars_of_every_style_have_exact_spans() {
        let text = "a: plain  # c\nb: 'it''s'\nc: \"x\\\"y\"\nd: |\n  one\n   two\n\ne: >-\n  f\n  g\nh: long\n  plain\ni:\nj: [x, {k: v}]\n";
        let expected = [
            "a",
            "plain",
            "b",
            "'it''s'",
            "c",
            "\"x\\\"y\"",
            "d",
            "|\n  one\n   two",
            "e",
            ">-\n  f\n  g",
            "h",
            "long\n  plain",
            "i",
            "",
            "j",
            "x",
            "k",
            "v",
        ];
        assert_eq!(slices(text), expected);
    }

    #[test]
    fn text_that_is_not_ascii_does_not_shift_spans() {
        assert_eq!(slices("é: ü # ö\n日本: 'ß'\n"), ["é", "ü", "日本", "'ß'"]);
    }

    /// UTF-16 with a byte order mark, in both orders: spans are those of its text.
    #[test]
    fn utf_16_has_exact_spans() {
        let text = "é: ü # ö\n日本: |\n  🎉\nc: [d]\n";
        let expected = ["é", "ü", "日本", "|\n  🎉", "c", "d"];
        for (mark, bytes) in [([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xfe, 0xff], u16::to_be_bytes)]
        {
            let all = [mark.to_vec(), text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()].concat();
            let file = Files::default().add("r".into(), None, "a.yaml".into(), all);
            let stream = Documents::default().of(&file);
            let slice = |span: Span| &file.text().unwrap()[span.start as usize..span.end as usize];
            let root = stream.documents[0].as_ref().unwrap().root.as_ref().unwrap();
            let slices: Vec<&str> = root.scalars().map(|scalar| slice(scalar.origin.span.unwrap())).collect();
            assert_eq!((slices, slice(stream.comments[0].span)), (expected.to_vec(), "# ö"));
            let party = root.get("日本").unwrap().origin.span.unwrap();
            assert_eq!(file.position(party.start), Position { line: 2, column: 5 });
        }
    }

    #[test]
    fn a_broken_document_does_not_hide_the_next() {
        let files = Files::default();
        let text = "a: 1\n---\nb: [\n---\nc: 3\n";
        let file = files.add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let kinds: Vec<bool> = stream.documents.iter().map(Result::is_ok).collect();
        assert_eq!(kinds, [true, false, true]);
    }

    #[test]
    fn anchors_and_merge_keys_are_expanded_in_place() {
        assert_eq!(slices("a: &x {k: v}\nb:\n  <<: *x\n  l: w\n"), ["a", "k", "v", "b", "l", "w", "k", "v"]);
    }

    #[test]
    fn deep_nesting_and_alias_bombs_are_refused() {
        let files = Files::default();
        let bomb = (1..10).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
            let item = format!("*a{}", level - 1);
            format!("{text}a{level}: &a{level} [{}]\n", vec![item; 10].join(", "))
        });
        for (name, text) in [("deep.yaml", "[".repeat(5_000)), ("bomb.yaml", bomb)] {
            let file = files.add("r".into(), None, name.into(), text.into_bytes());
            let stream = Documents::default().of(&file);
            assert!(stream.documents.iter().any(Result::is_err), "{name}");
        }
    }
}
