//! Every scalar that a build prints is in the source where its origin says, or something made it that has a name here:
//! for every folder of testdata/build that builds, and every kustomization of testdata/fleets.

mod cases {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use fleetlint::kustomize::{FILE_NAMES, LoadRestriction, Options, Order, Reader, build};
    use fleetlint::source::{Files, open_for_build};
    use fleetlint::yaml::{Documents, Node, Span, Value};

    /// A scalar of an object, the path to it, and what its origin points to.
    struct Printed<'a> {
        path: &'a str,
        text: &'a str,
        /// The text of the span as written; `None` without a span.
        source: Option<&'a str>,
        /// The same after unquoting, as far as it is a scalar.
        unquoted: Option<&'a str>,
        /// The entry that put the value where it is, as written.
        patch: &'a str,
    }

    type Reason = fn(&Printed<'_>) -> bool;

    /// Why the text that the origin points to may differ from what is printed. The first that fits counts.
    const REASONS: [(&str, Reason); 21] = [
        ("found", |it| it.source == Some(it.text) || it.unquoted.is_some_and(|text| same_block(text, it.text))),
        ("a generator's kind and type", |it| {
            matches!(it.path, "/apiVersion" | "/kind" | "/type") && it.unquoted.is_none() && it.source.is_some()
        }),
        ("a generator's data", |it| {
            (it.path.starts_with("/data/") || it.path.starts_with("/binaryData/")) && is_generated(it)
        }),
        ("build metadata", |it| {
            it.path.contains("config.kubernetes.io/") || it.path.ends_with("/app.kubernetes.io/managed-by")
        }),
        ("an image of parts", |it| it.path.contains("image") && contains_source(it)),
        ("a replaced part", |it| it.patch.contains("targets") || it.patch.contains("sourceValue")),
        // A var may take its value from a literal of a generator: `k=value`.
        ("a variable", |it| {
            let is_literal = |source: &str| source.split_once('=').is_some_and(|(_, value)| value == it.text);
            it.source.is_some_and(|source| source.contains("$(") || it.patch.contains("objref") && is_literal(source))
        }),
        ("a prefix, suffix or hash", contains_source),
        ("the namespace of a renamed object", |it| it.path.ends_with("/namespace")),
        ("the name of a renamed object", |it| it.path.ends_with("/name") || it.path.ends_with("Name")),
        ("a scalar of a JSON patch", |it| {
            !it.patch.is_empty() && (it.text == "null" || it.unquoted.is_some_and(|text| same_value(text, it.text)))
        }),
        // A JSON patch writes the whole object again, also the numbers that it does not touch.
        ("a number of an object that a JSON patch wrote", |it| {
            it.text.contains(['e', '.']) && it.unquoted.is_some_and(|text| same_value(text, it.text))
        }),
        // The value that a ValueAddTransformer adds is joined without the blanks around it.
        ("a value added to a path", |it| {
            it.unquoted.is_some_and(|text| it.text.split('/').any(|part| part == text.trim()))
        }),
        ("a JSON patch in a text with escapes, or in a text of a plugin", |it| {
            !it.patch.is_empty() && it.source.is_none_or(|source| source.starts_with('|') && source.contains("op:"))
        }),
        ("the value of an element that a path makes", |it| {
            it.unquoted.is_some_and(|path| path.contains(&format!("={}]", it.text)))
        }),
        ("a null for which nothing stands", |it| it.text == "null" && it.source == Some("")),
        // What a generator is told is printed and read again, NEL as a blank.
        ("a line break that only YAML knows", |it| {
            it.source.is_some_and(|source| source.contains("\\N") || source.contains("\\u0085"))
        }),
        ("what binary data stands for", stands_for),
        // `sigs.k8s.io/yaml` makes texts of floats with 32 bits.
        ("a number that became a text", is_single),
        ("a number of replicas that is null", |it| {
            it.path == "/spec/replicas" && it.text == "0" && it.patch.contains("count: ")
        }),
        ("an annotation that was no scalar", |it| it.path.contains("/annotations/") && it.text.is_empty()),
    ];

    /// Blocks end before their last line breaks, and their indentation depends on what stands around them.
    fn same_block(left: &str, right: &str) -> bool {
        left.trim_end() == right.trim_end()
            || left.contains('\n') && left.split_whitespace().eq(right.split_whitespace())
    }

    fn contains_source(it: &Printed<'_>) -> bool {
        it.unquoted.is_some_and(|source| !source.is_empty() && it.text.contains(source))
    }

    /// The value of a literal or a line, or a file, in base64 where it has to be.
    fn is_generated(it: &Printed<'_>) -> bool {
        let source = it.unquoted.or(it.source).unwrap_or_default();
        let bare = source.trim_end_matches(['"', '\'']);
        let ends =
            |text: &str| source.ends_with(text) || bare.ends_with(text) || it.source.unwrap_or_default().contains(text);
        let bytes = BASE64_STANDARD.decode(it.text.replace('\n', "")).ok();
        let decoded = bytes.map(String::from_utf8);
        ends(it.text) || decoded.is_some_and(|text| text.is_err() || text.is_ok_and(|text| ends(text.trim_end())))
    }

    /// The text of `!!binary`, or a part of it, or more around it.
    fn stands_for(it: &Printed<'_>) -> bool {
        let bytes = it.unquoted.and_then(|base64| BASE64_STANDARD.decode(base64).ok());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|text| !text.is_empty());
        text.is_some_and(|text| !it.text.is_empty() && (it.text.ends_with(&text) || text.ends_with(it.text)))
    }

    /// A number of a plugin's configuration that stands where a text is wanted.
    fn is_single(it: &Printed<'_>) -> bool {
        let single = |text: &str| text.parse::<f32>().ok();
        it.unquoted.and_then(single).is_some_and(|number| single(it.text) == Some(number))
    }

    /// A scalar that was read with YAML 1.1 and went through JSON.
    fn same_value(written: &str, printed: &str) -> bool {
        let words = [("yes", "true"), ("on", "true"), ("y", "true"), ("no", "false"), ("off", "false"), ("n", "false")];
        let octal = written.strip_prefix('0').and_then(|digits| i64::from_str_radix(digits, 8).ok());
        let number = |text: &str| text.parse::<f64>().ok();
        words.contains(&(written, printed))
            || octal.is_some_and(|value| value.to_string() == printed)
            || number(written).is_some() && number(written) == number(printed)
    }

    #[test]
    fn every_scalar_is_found_or_made() {
        let mut counts = BTreeMap::<&str, usize>::new();
        let mut wrong = Vec::new();
        for folder in folders() {
            let files = Arc::new(Files::default());
            let (tree, path) = open_for_build(&files, &folder, false).unwrap();
            let documents = Documents::default();
            let options = Options { load_restriction: LoadRestriction::None, order: Order::Fifo };
            let build = build(Reader { tree: &tree, documents: &documents }, &path, options);
            for resource in build.resources.iter().filter(|_| build.problems.is_empty()) {
                walk(resource, "", &mut |path, node| match reason(path, node, &files) {
                    Ok(reason) => *counts.entry(reason).or_default() += 1,
                    Err(why) => wrong.push(format!("{}: {why}", folder.display())),
                });
            }
        }
        assert!(wrong.is_empty(), "{}\n{counts:#?}", wrong.join("\n"));
        let unused: Vec<&str> =
            REASONS.iter().map(|(name, _)| *name).filter(|name| !counts.contains_key(name)).collect();
        assert_eq!(unused, [""; 0], "reasons that explain nothing");
        assert!(counts["found"] * 5 > counts.values().sum::<usize>() * 4, "{counts:#?}");
    }

    fn folders() -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
        let cases = std::fs::read_dir(root.join("build")).unwrap().map(|entry| entry.unwrap().path());
        let mut folders: Vec<PathBuf> =
            cases.filter(|folder| folder.join("expected.yaml").is_file()).map(|folder| folder.join("in")).collect();
        collect(&root.join("fleets"), &mut folders);
        folders.sort();
        folders
    }

    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        if FILE_NAMES.iter().any(|name| folder.join(name).is_file()) {
            found.push(folder.to_owned());
        }
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.is_symlink() {
                collect(&path, found);
            }
        }
    }

    fn walk(node: &Node, path: &str, visit: &mut dyn FnMut(&str, &Node)) {
        match &node.value {
            Value::Scalar(_) => visit(path, node),
            Value::Sequence(items) => items.iter().for_each(|item| walk(item, &format!("{path}/*"), visit)),
            Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
                walk(&entry.value, &format!("{path}/{}", entry.key.text().unwrap_or_default()), visit);
            }),
        }
    }

    fn reason(path: &str, node: &Node, files: &Files) -> Result<&'static str, String> {
        let source = node.origin.span.map(|span| written(span, files));
        let unquoted = source.as_deref().and_then(unquoted);
        let patch = node.origin.patch().map(|span| written(span, files)).unwrap_or_default();
        let text = node.text().unwrap_or_default();
        let printed = Printed { path, text, source: source.as_deref(), unquoted: unquoted.as_deref(), patch: &patch };
        let found = REASONS.iter().find(|(_, fits)| fits(&printed)).map(|(name, _)| *name);
        found.ok_or_else(|| format!("{path} is {text:?}, its origin {source:?}, put there by {patch:?}"))
    }

    fn written(span: Span, files: &Files) -> String {
        let file = files.get(span.file);
        file.text().and_then(|text| text.get(span.start as usize..span.end as usize)).unwrap_or_default().to_owned()
    }

    fn unquoted(source: &str) -> Option<String> {
        let file = Files::default().add("".into(), None, String::new(), source.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        match stream.documents.first() {
            None => Some(String::new()),
            Some(Err(_)) => None,
            Some(Ok(document)) => {
                document.root.as_ref().map_or(Some(String::new()), |root| Some(root.text()?.to_owned()))
            }
        }
    }
}
