//! What is said about text that is not YAML, and where.

mod cases {
    use fleetlint::source::Files;
    use fleetlint::yaml::Documents;

    /// The problems of a text: line, text at the place, message.
    fn problems(text: &str) -> Vec<(usize, String, String)> {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let problems = stream.documents.iter().filter_map(|document| match document {
            Ok(document) => document.unread.as_ref(),
            Err(problem) => Some(problem),
        });
        problems
            .map(|problem| {
                let place = problem.place.unwrap();
                let line = file.position(place.start).line;
                let at = text[place.start as usize..place.end as usize].to_owned();
                assert!(problem.help.is_some(), "{} has no help", problem.message);
                (line, at, problem.message.clone())
            })
            .collect()
    }

    /// Text, line and text of the place, message.
    const MISTAKES: [(&str, usize, &str, &str); 79] = [
        ("a: 1\n\tb: 2\n", 2, "\t", "a tab indents this line"),
        ("a:\n\tb: 2\n", 2, "\t", "a tab indents this line"),
        ("a:\n  b: 1\n\tc: 2\n", 3, "\t", "a tab indents this line"),
        ("l:\n-\tx\n", 2, "\t", "a tab indents this line"),
        ("a: \"x\nb: y\n", 1, "\"", "this quote is never closed"),
        ("a: 'x\nb: y\nc: 'z'\n", 1, "'", "this quote is not closed on its line"),
        ("a: \"x\nb: \"y\"\nc: 1\n", 1, "\"", "this quote is not closed on its line"),
        ("a: it's\nb: 'it's'\n", 2, "s'", "text follows the closing quote"),
        ("a: b: c\n", 1, ":", "a value that is not quoted cannot hold `: `"),
        ("a: x\n  b: y\n", 2, "b: y", "the indentation of this line makes it part of the string above"),
        ("a:\n  - x\n - y\n", 3, "- y", "a key is expected here, not a list item"),
        ("a:\n- x\n b: y\n", 3, "b: y", "the indentation of this line makes it part of the string above"),
        ("a:\n  b: 1\n c: 2\n", 3, "c: 2", "the indentation of this line matches none of the lines above"),
        ("  a: 1\nb: 2\n", 2, "b: 2", "this line does not belong to the document above"),
        ("a: 1\n  b: 2\n", 2, "b: 2", "the indentation of this line makes it part of the string above"),
        ("a:\n  - b: 1\n   c: 2\n", 3, "c: 2", "a list item is expected here"),
        ("a:\n  - b: 1\n     c: 2\n", 3, "c: 2", "the indentation of this line makes it part of the string above"),
        ("a: *x\n", 1, "*x", "`*x` has no anchor before it in this document"),
        ("path: *.yaml\n", 1, "*.yaml", "`*.yaml` has no anchor before it in this document"),
        ("a: *\n", 1, "*", "`*` starts an alias, but none follows"),
        ("a: &\n", 1, "&", "`&` starts an anchor, but none follows"),
        ("a: @x\n", 1, "@", "a value cannot start with `@`"),
        ("a: %x\n", 1, "%", "a value cannot start with `%`"),
        ("a: `x`\n", 1, "`", "a value cannot start with ```"),
        ("%YAML 1.1\n---\na: 1\n", 1, "%YAML 1.1", "kustomize and Flux do not accept `%` directives"),
        ("%x\n", 1, "%x", "kustomize and Flux do not accept `%` directives"),
        ("}\n", 1, "}", "unmatched `}`"),
        ("a: 1\n}\n", 2, "}", "unmatched `}`"),
        ("a: }\n", 1, "}", "unmatched `}`"),
        ("a: ]\n", 1, "]", "unmatched `]`"),
        ("a: [x, y\nb: 1\n", 1, "[", "this `[` is not closed"),
        ("a: {x: y\nb: 1\n", 1, "{", "this `{` is not closed"),
        ("a: [x, y", 1, "[", "this `[` is not closed"),
        ("a: {x: y\n", 1, "{", "this `{` is not closed"),
        ("a: [x, , y]\n", 1, ",", "a value is missing before this `,`"),
        ("{\"a\": 1 \"b\": 2}\n", 1, ":", "`,` or a closing bracket is missing before this"),
        ("a: - b\n", 1, "-", "a list cannot start on the line of its key"),
        ("a\nb: 1\n", 2, "b: 1", "the indentation of this line makes it part of the string above"),
        ("a: 1\nfoo\nb: 2\n", 2, "foo", "this line has no `:`"),
        ("a: 1\nb:2\nc: 3\n", 2, ":", "missing space after this `:`"),
        ("a: 1\nb:2\n", 2, ":", "missing space after this `:`"),
        ("a: 1\nfoo\n", 2, "foo", "this line has no `:`"),
        ("a: {{ .Values.x }}\n", 1, "{{ .Values.x }}", "`{{ .Values.x }}` is a template, not YAML"),
        ("a: {{ .Values.x }}-b\n", 1, "{{ .Values.x }}", "`{{ .Values.x }}` is a template, not YAML"),
        (
            "{{- if .Values.x }}\na: 1\n{{- end }}\n",
            1,
            "{{- if .Values.x }}",
            "`{{- if .Values.x }}` is a template, not YAML",
        ),
        ("a: \"\\d\"\n", 1, "\\d", "`\\d` is not a YAML escape"),
        ("a: \"\\ud83d\\ude00\"\n", 1, "\\ud83d", "`\\ud83d` is not a YAML escape"),
        ("a: \"\\/\"\n", 1, "\\/", "`\\/` is not an escape that kustomize and Flux accept"),
        ("a: | x\n  y\n", 1, "| x", "text cannot follow `|` or `>` on the same line"),
        ("a: >-x\n", 1, ">-x", "text cannot follow `|` or `>` on the same line"),
        ("a: |0\n  x\n", 1, "|", "`0` is not a valid indentation"),
        ("a: 'x'y\n", 1, "y", "text follows the closing quote"),
        ("a: \0\n", 1, "\0", "the control character U+0000 is not allowed in YAML"),
        ("a: !<x\n", 1, "!", "`!<` starts a tag, but no `>` ends it"),
        ("a: !x\"y z\n", 1, "!", "`!` starts a tag, but none follows"),
        ("a: !x!y z\n", 1, "!", "this tag has a handle that no `%TAG` line defines"),
        ("- a\nb: 1\n", 2, "b: 1", "a list item is expected here"),
        ("a: 1\n- b\n", 2, "- b", "a key is expected here, not a list item"),
        ("a: 1\n---x\nb: 1\n", 2, "---x", "text follows `---`"),
        ("a: 1\n... x\n", 2, "x", "text follows `...`"),
        ("a: 1\n--- {b: 1}", 2, "--- {b: 1}", "this line does not belong to the document above"),
        ("a: 1\n...\n--- b", 3, "--- b", "this line does not belong to the document above"),
        ("a:\n    \n  x: |\n     \n   y\n", 5, "y", "this line is indented less than the blank lines before it"),
        ("a: |\n     \n   y\n", 3, "y", "this line is indented less than the blank lines before it"),
        ("// c\n{\"a\": 1}\n", 1, "// c", "`//` does not start a comment"),
        ("a: [b, c]]\n", 1, "]", "unmatched `]`"),
        ("a: {b: c}}\n", 1, "}", "unmatched `}`"),
        ("[[[[\n", 1, "[", "this `[` is not closed"),
        ("a: &a\n  b: *a\n", 2, "*a", "`*a` is inside the value of its own anchor"),
        ("key: [a: b: c]\n", 1, ":", "`,` or a closing bracket is missing before this"),
        ("? a\nb\n", 2, "b", "this line has no `:`"),
        ("a: [x, - y]\n", 1, "-", "a list in brackets has no dashes"),
        ("a: &x/y z\n", 1, "&", "`&` starts an anchor, but none follows"),
        ("a: \"b\" \"c\"\n", 1, "\"c\"", "text follows the closing quote"),
        ("a: [\"b\" \"c\"]\n", 1, "\"c\"]", "text follows the closing quote"),
        ("a: b # c\n  d\n", 2, "d", "the indentation of this line matches none of the lines above"),
        ("a: b\n c\nd\n", 3, "d", "this line has no `:`"),
        ("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n", 1, "<<<<<<< HEAD", "a merge conflict is not resolved here"),
        (
            "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
            2,
            "<<<<<<< HEAD",
            "a merge conflict is not resolved here",
        ),
    ];

    #[test]
    fn mistakes_are_placed_at_their_cause() {
        let wrong = MISTAKES.iter().filter_map(|&(text, line, at, message)| {
            let got = problems(text);
            (got != [(line, at.to_owned(), message.to_owned())]).then(|| format!("{text:?}: {got:?}"))
        });
        assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn a_broken_document_costs_no_other_one() {
        let text = "a: 1 # one\n---\nb: \"x\n--- # two\nc: 3\n---\n}\n---\nd: [\n---\ne: 5\n...\n---\nf: &x 1\ng: *y\n";
        let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let read: Vec<bool> = stream.documents.iter().map(Result::is_ok).collect();
        assert_eq!(read, [true, false, true, false, false, true, false]);
        let lines: Vec<usize> = problems(text).iter().map(|problem| problem.0).collect();
        assert_eq!(lines, [3, 7, 9, 15]);
        let comments: Vec<&str> = stream
            .comments
            .iter()
            .map(|comment| &text[comment.span.start as usize..comment.span.end as usize])
            .collect();
        assert_eq!(comments, ["# one", "# two"]);
    }

    /// What go-yaml accepts and a strict reader might not.
    #[test]
    fn what_kustomize_accepts_is_no_mistake() {
        for text in [
            "a: [\n  x\n]\n",
            "a: {\n  x: 1\n}\n",
            "{\n\t\"x\": 1\n}\n",
            "a:\tx\n",
            "a: x\t# c\n",
            "a: &x 1\nb: &x 2\nc: *x\n",
            "a: |\n  x\n  \t\n",
            "a: \"{{ .Values.x }}\"\n",
            "a: \u{feff}x\n",
            "\u{feff}a: x\n",
            "a: x\r\nb: |\r\n  y\r\n",
            "a: [b: {c: d}]\n",
            "- - a\n  - b\n",
            "a: x\n...\n",
            "a: x\n...",
            "a: x\n...\n...\n---",
            "a: x\n---",
            "a: x\n--- ",
            "a: x\n--- # c",
            "a: x\n---\n# c\n---",
            "a: x\n---\n---",
            "a: x\n---\n---\n",
            "a: x\r\n---",
            "---\na: x\n---",
            "---",
            "a: \"x\"#c\n",
            "a: !x,y z\n",
            "a: !!foo!bar x\n",
            "a: \"\\'\"\n",
            "# c\n\t# d\na: x\n",
            "a: \"x\n\ty\"\n",
            "a: {x:\n\t1,\n\ty: 2}\n",
        ] {
            assert_eq!(problems(text), [], "{text:?}");
        }
    }
}
