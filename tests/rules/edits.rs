//! Edits of a page change what they say and nothing else.

mod cases {
    use fleetlint::rule::page::{Content, files};

    use crate::edit::apply_all;

    const TEXT: &str = "\
# Above.
kind: Kustomization
metadata:
  name: 'apps' # why
spec:
  # The list.
  dependsOn:
    - name: a
      namespace: b
    - name: c
  path: ./apps
  secrets: [x]
  patch: |
    one

    two
  # Below.
  prune: true
";

    fn edited(text: &str, edits: &str) -> Result<String, String> {
        let page = format!("```yaml edit\n# a.yaml\n{edits}\n```\n");
        let files = files(&page).map_err(|why| why.to_string())?;
        let [file] = files.as_slice() else { panic!("one block") };
        let Content::Edits(edits) = &file.content else { panic!("edits") };
        apply_all(text, edits)
    }

    /// Replaces one piece of [`TEXT`].
    #[track_caller]
    fn check(edits: &str, old: &str, new: &str) {
        assert_eq!(TEXT.matches(old).count(), 1, "{old}");
        assert_eq!(edited(TEXT, edits).unwrap(), TEXT.replace(old, new), "{edits}");
    }

    #[test]
    fn values_are_set() {
        check("set spec.path: ./x # <- here", "./apps\n", "./x # <- here\n");
        check("set metadata.name: x # <- here: x", "'apps' # why", "x # why # <- here: x");
        check("set spec.path:\n  a:\n    - b # <- here", " ./apps\n", "\n    a:\n      - b # <- here\n");
        check("set spec.patch: x", "patch: |\n    one\n\n    two\n", "patch: x\n");
        check("set spec.patch: |\n  x\n\n  y\n", "|\n    one\n\n    two\n", "|\n    x\n\n    y\n");
        check("set spec.dependsOn[1].name: d", "- name: c", "- name: d");
        check("set spec.secrets[0]: y", "[x]", "[y]");
        assert_eq!(edited("http://a: b\n", "set [\"http://a\"]:\n  c: d").unwrap(), "http://a:\n  c: d\n");
        check("set spec.secrets: [z] # <- here: z", "[x]", "[z] # <- here: z");
    }

    #[test]
    fn fields_are_added() {
        check("set spec.wait: true # <- here", "true\n", "true\n  wait: true # <- here\n");
        check("set metadata.labels[\"a.b/c\"]: d", "# why\n", "# why\n  labels:\n    a.b/c: d\n");
        check("set spec.dependsOn[1].namespace: d", "- name: c\n", "- name: c\n      namespace: d\n");
        check("set data: # <- here\n  a: b", "prune: true\n", "prune: true\ndata: # <- here\n  a: b\n");
    }

    #[test]
    fn items_are_appended() {
        check(
            "append spec.dependsOn:\n  - name: d\n    x: y # <- here",
            "- name: c\n",
            "- name: c\n    - name: d\n      x: y # <- here\n",
        );
        check(
            "append spec.dependsOn: {name: d} # <- here: d",
            "- name: c\n",
            "- name: c\n    - {name: d} # <- here: d\n",
        );
        check("append spec.secrets: y", "[x]", "[x, y]");
        check("append spec.more: y # <- here", "true\n", "true\n  more:\n    - y # <- here\n");
        check("append spec.more:\n  - y: z", "true\n", "true\n  more:\n    - y: z\n");
    }

    #[test]
    fn fields_and_items_are_removed() {
        check("remove spec.dependsOn", "  dependsOn:\n    - name: a\n      namespace: b\n    - name: c\n", "");
        check("remove spec.dependsOn[0]", "    - name: a\n      namespace: b\n", "");
        check("remove spec.dependsOn[0].name", "name: a\n      namespace", "namespace");
        check("remove spec.patch", "  patch: |\n    one\n\n    two\n", "");
        let marked = edited(TEXT, "remove spec.prune # <- here").unwrap();
        assert_eq!(marked, TEXT.replace("spec:\n", "spec: # <- here\n").replace("  prune: true\n", ""));
    }

    #[test]
    fn a_mark_changes_nothing() {
        check("keep metadata: # <- here", "metadata:\n", "metadata: # <- here\n");
        check("keep spec.dependsOn[1] # <- here: c", "name: c\n", "name: c # <- here: c\n");
    }

    #[test]
    fn objects_are_named_where_there_are_several() {
        let two = "kind: A\nmetadata:\n  name: x\n---\nkind: B\nmetadata:\n  name: x\n";
        let changed = "kind: A\nmetadata:\n  name: x\n---\nkind: B\nmetadata:\n  name: x\n  a: b\n";
        assert_eq!(edited(two, "set B/x metadata.a: b").unwrap(), changed);
        assert_eq!(edited(two, "remove A/x").unwrap(), "kind: B\nmetadata:\n  name: x\n");
        assert_eq!(edited(two, "remove B/x").unwrap(), "kind: A\nmetadata:\n  name: x\n");
    }

    #[test]
    fn objects_are_appended() {
        let appended = edited(TEXT, "append:\n  kind: A\n\n  spec: # <- here\n    a: b").unwrap();
        assert_eq!(appended, format!("{TEXT}---\nkind: A\n\nspec: # <- here\n  a: b\n"));
    }

    #[test]
    fn an_edit_that_fits_nothing_says_why() {
        let two = "kind: A\n---\nkind: B\n";
        let cases = [
            (
                two,
                "set spec.a: b",
                "line 3: the file has several objects: say which one, as in `set Kustomization/apps spec.path: ./apps`",
            ),
            (two, "# Why.\nset C/x spec.a: b", "line 4: the file has no C `x`"),
            (TEXT, "remove spec.wait", "line 3: the file has no `spec.wait`"),
            (TEXT, "keep spec.dependsOn[2].x # <- here", "line 3: the file has no `spec.dependsOn[2].x`"),
            (TEXT, "remove metadata.name", "line 3: nothing would be left beside it: remove or set what holds it"),
            (TEXT, "remove metadata # <- here", "line 3: there is no key above it to be marked"),
            (TEXT, "append spec.path: x", "line 3: only a list with items can be appended to"),
            (TEXT, "set spec.dependsOn[2]: x", "line 3: only `append` adds to a list"),
            (TEXT, "set spec.dependsOn[0]: x", "line 3: only an item that is one value can be set: set its fields"),
            ("a: {b: [c], d: e}\n", "set a.b: [f]", "line 3: it stands in brackets: set the whole value"),
            (TEXT, "remove spec.secrets[0]", "line 3: it stands in brackets: set the whole value"),
            (
                TEXT,
                "remove Kustomization/apps",
                "line 3: only one of several objects between `---` lines can be removed",
            ),
            (
                "a: {}\n",
                "set a.b: c",
                "line 3: what should hold it is not a mapping with entries on lines of their own: set it as a whole",
            ),
            ("a: 'b\n", "set a: c", "line 3: the file is not YAML: this quote is never closed"),
        ];
        for (text, edits, expected) in cases {
            assert_eq!(edited(text, edits).unwrap_err(), expected, "{edits}");
        }
    }
}
