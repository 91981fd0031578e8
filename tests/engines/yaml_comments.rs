//! Comments outside scalars, and the one after a value.

mod cases {
    use fleetlint::source::Files;
    use fleetlint::yaml::{Documents, Span};

    const TEXT: &str = "\
# top
image: app:1.0 # {\"$imagepolicy\": \"flux-system:app\"}
quoted: \"a # no\" # yes
block: | # header
  # text
list: # list
- [a, # in flow
   'b # no'] # end
- {c: d#no}
# before
---
# between
url: http://x/#no
last:   # absent
";

    fn comments(text: &str) -> Vec<String> {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let slice = |span: Span| text[span.start as usize..span.end as usize].to_owned();
        stream.comments.iter().map(|comment| slice(comment.span)).collect()
    }

    #[test]
    fn every_comment_outside_scalars_is_found() {
        let marker = "# {\"$imagepolicy\": \"flux-system:app\"}";
        let expected =
            ["# top", marker, "# yes", "# header", "# list", "# in flow", "# end", "# before", "# between", "# absent"];
        assert_eq!(comments(TEXT), expected);
        assert_eq!(comments("a: b # c\r\n# d\r\n"), ["# c", "# d"]);
        assert_eq!(comments("# only"), ["# only"]);
    }

    #[test]
    fn the_comment_behind_a_value_belongs_to_its_line() {
        let file = Files::default().add("r".into(), None, "a.yaml".into(), TEXT.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let after = |pointer: &str, document: usize| {
            let root = stream.documents[document].as_ref().unwrap().root.as_ref().unwrap();
            let comment = stream.comment_after(root.at(pointer).unwrap().origin.span.unwrap())?;
            Some(&TEXT[comment.span.start as usize..comment.span.end as usize])
        };
        assert_eq!(after("/image", 0), Some("# {\"$imagepolicy\": \"flux-system:app\"}"));
        assert_eq!(after("/quoted", 0), Some("# yes"));
        assert_eq!(after("/block", 0), Some("# header"));
        assert_eq!(after("/list/0/0", 0), Some("# in flow"));
        assert_eq!(after("/list/0", 0), Some("# end"));
        assert_eq!(after("/list/1", 0), None);
        assert_eq!(after("/url", 1), None);
        assert_eq!(after("/last", 1), Some("# absent"));
    }
}
