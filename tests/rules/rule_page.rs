//! The pages of rules: read as documentation and as tests.

mod cases {
    use fleetlint::rule::page::{Content, Edit, Example, Mark, PageFile, Recorded, Step, Verb, files, parse, unmarked};

    const PAGE: &str = "\
# sources/plain-http

error · since 0.1.0

## What it finds
A source. In prose, a block needs no file:
```yaml
sources: {}
```

## Why it matters
### A heading
Because.

## Bad
### One file
```yaml file
# a.yaml
spec:
  url: http://x # <- here
```
### A small fleet
Text.
````yaml base=d1 file
# apps/b.yaml of apps, branch production
- ```
- \"ü${x}\"   # <- here: ${x}
````
```sh file
# run.sh
flux create # <- here: create
```
```text
no file
```
also: `a/b`, since it is so, and `c/d`
```text findings
error[a/b]: wrong
```

### Edits
```yaml edit base=d1
# clusters/a.yaml
# Why.
set Kustomization/apps spec.path: ./x # <- here: x

append metadata.labels[\"a.b/c\"][1]:
  - d: e

    f
remove GitRepository/apps
keep spec: # <- here
```

## Good
```yaml file
# a.yaml
spec:
  url: https://x
```

## References
- one
";

    fn file(path: &str, text: &str, line: usize) -> PageFile {
        PageFile { path: path.into(), repository: None, branch: None, content: Content::Whole(text.into()), line }
    }

    #[test]
    fn a_page_is_sections_and_examples() {
        let page = parse(PAGE).unwrap();
        assert_eq!((page.title.as_str(), page.intro.as_str()), ("sources/plain-http", "\nerror · since 0.1.0\n\n"));
        let names: Vec<&str> = page.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["What it finds", "Why it matters", "Bad", "Good", "References"]);
        assert_eq!(page.section("References").unwrap().text, "- one\n");
        assert_eq!(page.section("Why it matters").unwrap().text, "### A heading\nBecause.\n\n");

        let one = Example {
            heading: Some("One file".into()),
            files: vec![file("a.yaml", "spec:\n  url: http://x # <- here\n", 19)],
            last_line: 21,
            ..Example::default()
        };
        let in_apps = PageFile {
            repository: Some("apps".into()),
            branch: Some("production".into()),
            ..file("apps/b.yaml", "- ```\n- \"ü${x}\"   # <- here: ${x}\n", 26)
        };
        let script = file("run.sh", "flux create # <- here: create\n", 31);
        let fleet = Example {
            heading: Some("A small fleet".into()),
            base: Some("d1".into()),
            files: vec![in_apps, script],
            also: vec!["a/b".into(), "c/d".into()],
            findings: Some(Recorded { text: "error[a/b]: wrong\n".into(), lines: 37..=39 }),
            last_line: 36,
        };
        assert_eq!(page.examples("Bad")[..2], [one, fleet]);
        let good = file("a.yaml", "spec:\n  url: https://x\n", 58);
        assert_eq!(page.examples("Good"), [Example { files: vec![good], last_line: 60, ..Example::default() }]);
        assert_eq!(page.examples("Options"), []);
    }

    #[test]
    fn edits_are_verb_object_path_and_value() {
        let page = parse(PAGE).unwrap();
        let [_, _, example] = page.examples("Bad") else { panic!("three examples") };
        let key = |key: &str| Step::Key(key.to_owned());
        let edit = |verb, object: Option<(&str, &str)>, path, line| Edit {
            verb,
            object: object.map(|(kind, name)| (kind.to_owned(), name.to_owned())),
            path,
            inline: String::new(),
            block: Vec::new(),
            mark: None,
            line,
        };
        let set = edit(Verb::Set, Some(("Kustomization", "apps")), vec![key("spec"), key("path")], 45);
        let label = vec![key("metadata"), key("labels"), key("a.b/c"), Step::Index(1)];
        let block = ["  - d: e", "", "    f"].map(str::to_owned).to_vec();
        let expected = vec![
            Edit { inline: "./x".into(), mark: Some("# <- here: x".into()), block: vec![], ..set },
            Edit { block, ..edit(Verb::Append, None, label, 47) },
            edit(Verb::Remove, Some(("GitRepository", "apps")), vec![], 51),
            Edit { mark: Some("# <- here".into()), ..edit(Verb::Keep, None, vec![key("spec")], 52) },
        ];
        assert_eq!(example.files[0].content, Content::Edits(expected));
        assert_eq!((example.files[0].path.as_str(), example.last_line), ("clusters/a.yaml", 53));
    }

    #[test]
    fn a_text_that_is_no_page_has_files_and_edits() {
        let text = "# A\n```yaml\na: b\n```\n## B\n```yaml file\n# a.yaml of apps\n# A comment.\n```\n";
        let expected = PageFile { repository: Some("apps".into()), ..file("a.yaml", "# A comment.\n", 8) };
        assert_eq!(files(text), Ok(vec![expected]));
    }

    #[test]
    fn marks_are_taken_out_of_a_text() {
        let marks = vec![Mark { line: 2, column: 5, end_column: 9 }];
        let text = "- a\n- \"ü${x}\"   # <- here: ${x}\n\nb";
        assert_eq!(unmarked(text), Ok(("- a\n- \"ü${x}\"\n\nb".into(), marks)));
    }

    #[test]
    fn what_is_wrong_with_a_page_is_told_by_line() {
        let cases = [
            ("# a\n## Baad\n", "line 2: `Baad` is not a section of a rule's page"),
            ("## Good\n## Bad\n", "line 2: section `Bad` is not at its place"),
            ("## Bad\n```yaml\n```\n", "line 2: this block needs `file` or `edit`"),
            ("## Bad\n```yaml file\n", "line 2: this block is never closed"),
            ("## Bad\n```yaml file=a\n```\n", "line 2: a block has no attribute `file`"),
            ("## Bad\n```yaml file\n# a\nb: c # <- here: d\n```\n", "line 4: `d` is not in the marked line"),
            (
                "## Bad\n```yaml file base=x\n# a\n```\n```yaml file base=y\n# b\n```\n",
                "line 5: the example already has a different base",
            ),
            ("## Bad\n```yaml file\na: b\n```\n", "line 3: the first line of a block names its file: `# path`"),
            ("## Bad\n```yaml file\n# a at b\n```\n", "line 3: the first line of a block names its file: `# path`"),
            ("## Bad\n```text findings\n```\n", "line 2: findings come after the files of their example"),
            (
                "## Bad\n```yaml file\n# a\n```\n```text findings\n```\n```text findings\n```\n",
                "line 7: an example has one block of findings",
            ),
            ("## Good\nalso: a/b\n", "line 2: `also:` names rules in backticks"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_edit_is_told_by_line() {
        let cases = [
            ("", "line 3: this block edits nothing"),
            ("change a: b", "line 4: an edit is `set`, `remove`, `append` or `keep`, not `change`"),
            ("set", "line 4: this edit needs a path, as in `set spec.path: ./apps`"),
            ("keep A/b # <- here", "line 4: this edit needs a path, as in `set spec.path: ./apps`"),
            ("set a.b", "line 4: this edit needs a value after `:` or in the lines below"),
            ("set a: b\n  c: d", "line 4: this edit has two values: one after `:` and one below"),
            ("remove a: b", "line 4: only `set` and `append` take a value"),
            ("append a:\n  b: c", "line 4: what is appended comes after `:`, or is a list with `- `"),
            ("keep a", "line 4: `keep` is there for a mark, and has none"),
            ("set a[b]: c", "line 4: `[b]` is not an index; a key is written `[\"…\"]`"),
            ("set a[\"b: c", "line 4: a `[\"` in the path is never closed"),
            ("set a b: c", "line 4: `a b: c` is not a path and value: `spec.path: ./apps`"),
        ];
        for (edit, expected) in cases {
            let page = format!("## Bad\n```yaml edit\n# a\n{edit}\n```\n");
            assert_eq!(parse(&page).unwrap_err().to_string(), expected, "{edit}");
        }
    }
}
