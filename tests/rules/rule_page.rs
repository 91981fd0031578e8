//! The pages of rules: read as documentation and as tests.

mod cases {
    use fleetlint::rule::page::{Example, Mark, PageFile, parse};

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
```yaml file=a.yaml
spec:
  url: http://x # <- here
```
### A small fleet
Text.
````yaml file=apps/b.yaml repo=apps branch=production base=d1
- ```
- \"ü${x}\"   # <- here: ${x}
````
```sh file=run.sh
flux create # <- here: create
```
```text
no file
```

## Good
```yaml file=a.yaml
spec:
  url: https://x
```

## References
- one
";

    fn file(path: &str, text: &str, marks: &[(usize, usize, usize)], line: usize) -> PageFile {
        let marks = marks.iter().map(|&(line, column, end_column)| Mark { line, column, end_column }).collect();
        PageFile { path: path.into(), repository: None, branch: None, text: text.into(), marks, line }
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
            base: None,
            files: vec![file("a.yaml", "spec:\n  url: http://x\n", &[(2, 8, 16)], 18)],
        };
        let in_apps = PageFile {
            repository: Some("apps".into()),
            branch: Some("production".into()),
            ..file("apps/b.yaml", "- ```\n- \"ü${x}\"\n", &[(2, 5, 9)], 24)
        };
        let script = file("run.sh", "flux create\n", &[(1, 6, 12)], 28);
        let fleet =
            Example { heading: Some("A small fleet".into()), base: Some("d1".into()), files: vec![in_apps, script] };
        assert_eq!(page.examples("Bad"), [one, fleet]);
        let good = file("a.yaml", "spec:\n  url: https://x\n", &[], 36);
        assert_eq!(page.examples("Good"), [Example { files: vec![good], ..Example::default() }]);
        assert_eq!(page.examples("Options"), []);
    }

    #[test]
    fn what_is_wrong_with_a_page_is_told_by_line() {
        let cases = [
            ("# a\n## Baad\n", "line 2: `Baad` is no section of a rule's page"),
            ("## Good\n## Bad\n", "line 2: section `Bad` is not at its place"),
            ("## Bad\n```yaml\n```\n", "line 2: this block needs `file=path`"),
            ("## Bad\n```yaml file=a\n", "line 2: this block is never closed"),
            ("## Bad\n```yaml path=a\n```\n", "line 2: a block has no attribute `path`"),
            ("## Bad\n```yaml file=a\nb: c # <- here: d\n```\n", "line 3: `d` does not stand in the marked line"),
            (
                "## Bad\n```yaml file=a base=x\n```\n```yaml file=b base=y\n```\n",
                "line 4: the example lies over another base already",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text}");
        }
    }
}
