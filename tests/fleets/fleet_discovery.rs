//! Where clusters begin: each file of testdata/discovery is a small repository and what fleetlint makes of it. Its
//! README.md says how they are written. `LAYOUT=l01 cargo test --test fleets discovery` runs those whose name starts so.

mod cases {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;
    use std::process::{Command, Output};

    use fleetlint::flux::build::clean_path;
    use fleetlint::yaml::Node;
    use rayon::prelude::*;
    use serde_json::{Value, json};

    use crate::layout::{Layout, layouts, texts};

    /// Keys that say how the command is run, not what it answers.
    const SETUP: [&str; 5] = ["checkout", "git", "path", "args", "check_args"];

    /// What the commands answered on one layout.
    struct Run {
        /// Exit status of `check`.
        exit: Option<i32>,
        /// The JSON of `check` and `graph`, null where there is none.
        check: Value,
        graph: Value,
        graph_exit: Option<i32>,
        /// Standard error of `check`.
        stderr: String,
        /// What `check` prints for people.
        human: String,
    }

    /// What differs: the expected value and the actual one.
    type Difference = (Value, Value);

    impl Run {
        fn new(layout: &Layout) -> Self {
            let checkout = layout.check_out();
            let common = layout.texts("args");
            let of_check = [common.as_slice(), &layout.texts("check_args")].concat();
            let check = fleetlint(&[&["check", "--format", "json"], of_check.as_slice()].concat(), &checkout.path);
            let graph = fleetlint(&[&["graph", "--format", "json"], common.as_slice()].concat(), &checkout.path);
            let human = fleetlint(&[&["check"], of_check.as_slice()].concat(), &checkout.path);
            Self {
                exit: check.status.code(),
                check: serde_json::from_slice(&check.stdout).unwrap_or_default(),
                graph: serde_json::from_slice(&graph.stdout).unwrap_or_default(),
                graph_exit: graph.status.code(),
                stderr: String::from_utf8_lossy(&check.stderr).into_owned(),
                human: String::from_utf8_lossy(&human.stdout).into_owned(),
            }
        }

        fn discovery(&self) -> &Value {
            &self.check["discovery"]
        }

        /// The Kustomizations of a cluster.
        fn kustomizations(&self, cluster: &str) -> Vec<&Value> {
            let clusters = items(&self.graph["clusters"]);
            let reconcilers =
                clusters.into_iter().filter(|it| it["name"] == cluster).flat_map(|it| items(&it["appliers"]));
            reconcilers.filter(|it| it["kind"] == "Kustomization").collect()
        }

        /// A field of a cluster in `discovery`.
        fn discovered(&self, cluster: &str, field: &str) -> &Value {
            let clusters = items(&self.discovery()["clusters"]);
            clusters.into_iter().find(|it| it["name"] == cluster).map_or(&Value::Null, |it| &it[field])
        }

        /// What the sources of the roots of a cluster are called, as far as they are at hand.
        fn root_sources(&self, cluster: &str) -> Value {
            let paths = items(self.discovered(cluster, "paths"));
            let base = self.discovered(cluster, "base").as_str().unwrap_or_default();
            let is_root = |it: &&Value| {
                let path = it["path"].as_str().unwrap_or_default();
                paths.contains(&&json!(clean_path(&format!("{base}/{path}")))) && !it["source"]["repository"].is_null()
            };
            let name = |it: &Value| {
                let text = |key: &str| it["source"][key].as_str().unwrap_or_default().to_owned();
                format!("{} {}/{}", text("kind"), text("namespace"), text("name"))
            };
            let names: BTreeSet<String> = self.kustomizations(cluster).into_iter().filter(is_root).map(name).collect();
            json!(names.into_iter().collect::<Vec<_>>().join(", "))
        }

        fn outcomes(&self, cluster: &str) -> BTreeMap<String, &Value> {
            let name = |it: &Value| {
                let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
                format!("{}/{}", text("namespace"), text("name"))
            };
            self.kustomizations(cluster).into_iter().map(|it| (name(it), it)).collect()
        }

        fn notes(&self) -> Value {
            items(&self.check["notes"]).into_iter().map(|it| it["message"].clone()).collect()
        }
    }

    fn fleetlint(arguments: &[&str], path: &Path) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(arguments).arg(path).env("NO_COLOR", "1").output().unwrap()
    }

    fn items(list: &Value) -> Vec<&Value> {
        list.as_array().map(Vec::as_slice).unwrap_or_default().iter().collect()
    }

    /// A mapping of texts or of anything else that `value` makes of its values.
    fn map(node: &Node, value: impl Fn(&str, &Node) -> Value) -> Value {
        let pair = |key: &Node, node: &Node| {
            let key = key.text().unwrap_or_default();
            (key.to_owned(), value(key, node))
        };
        Value::Object(node.entries().iter().map(|entry| pair(&entry.key, &entry.value)).collect())
    }

    /// A list in the order of its values; `none` is an empty one.
    fn sorted(node: &Node) -> Value {
        let mut items = texts(node);
        items.retain(|it| *it != "none");
        items.sort_unstable();
        json!(items)
    }

    fn sorted_strings(values: impl Iterator<Item = String>) -> Value {
        let mut values: Vec<String> = values.collect();
        values.sort();
        json!(values)
    }

    /// For each cluster that the expectation names: what is expected of it, and what it is.
    fn by_cluster(node: &Node, expect: impl Fn(&Node) -> Value, actual: impl Fn(&str, &Node) -> Value) -> Difference {
        (map(node, |_, it| expect(it)), map(node, actual))
    }

    /// Which of the expected texts nothing contains, beside all that there is.
    fn contained(node: &Node, all: &Value, is_in: impl Fn(&str) -> bool) -> Difference {
        let missing: Vec<&str> = texts(node).into_iter().filter(|text| !is_in(text)).collect();
        if missing.is_empty() { (Value::Null, Value::Null) } else { (json!({"contains": missing}), all.clone()) }
    }

    fn compare(key: &str, node: &Node, run: &Run) -> Option<Vec<Difference>> {
        let text = json!(node.text());
        let strings = |list: &Value| sorted_strings(items(list).into_iter().map(|it| it.as_str().unwrap().to_owned()));
        Some(match key {
            "clusters" => clusters(node, run),
            "status" => status(text, run),
            "base" => vec![by_cluster(node, |it| json!(it.text()), |name, _| run.discovered(name, "base").clone())],
            "exit" => exit(text, run),
            "findings" => vec![(sorted(node), sorted_strings(items(&run.check["findings"]).into_iter().map(finding)))],
            "notes" => {
                let notes = run.notes();
                let is_in = |text: &str| items(&notes).iter().any(|it| it.as_str().unwrap_or_default().contains(text));
                vec![contained(node, &notes, is_in)]
            }
            "no_notes" => {
                let notes = run.notes();
                let has = |text: &&str| items(&notes).iter().any(|it| it.as_str().unwrap_or_default().contains(text));
                vec![(json!([]), json!(texts(node).into_iter().filter(has).collect::<Vec<_>>()))]
            }
            "question" => question(node, run),
            "unapplied" => {
                vec![(sorted(node), sorted_strings(items(&run.discovery()["unapplied"]).into_iter().map(place)))]
            }
            "kustomizations" => vec![(sorted(node), strings(&run.discovery()["kustomizations"]))],
            "summary" => vec![contained(node, &json!(run.human), |text| run.human.contains(text))],
            "stderr" => vec![contained(node, &json!(run.stderr), |text| run.stderr.contains(text))],
            "rendered" => {
                vec![by_cluster(node, |it| map(it, |_, count| json!(count.text())), |name, it| rendered(run, name, it))]
            }
            "undetermined" => vec![by_cluster(node, sorted, |name, _| undetermined(run, name))],
            "flux" => vec![by_cluster(node, |it| json!(it.text()), |name, it| json!(flux(run, name, it)))],
            "source" => vec![by_cluster(node, |it| json!(it.text()), |name, _| run.root_sources(name))],
            "evidence" => vec![by_cluster(node, sorted, |name, it| evidence(run, name, it))],
            _ => return None,
        })
    }

    /// The root folders by cluster; the summaries name the same clusters.
    fn clusters(node: &Node, run: &Run) -> Vec<Difference> {
        let expected = map(node, |_, it| sorted(it));
        let paths = |it: &Value| {
            sorted_strings(items(&it["paths"]).into_iter().map(|it| it.as_str().unwrap_or_default().to_owned()))
        };
        let pair = |it: &Value| (it["name"].as_str().unwrap_or_default().to_owned(), paths(it));
        let found = &run.discovery()["clusters"];
        let actual = match found.is_null() {
            true => Value::Null,
            false => Value::Object(items(found).into_iter().map(pair).collect()),
        };
        let names = sorted_strings(expected.as_object().unwrap().keys().cloned());
        let named =
            |list: Vec<&Value>| sorted_strings(list.into_iter().map(|it| it.as_str().unwrap_or_default().to_owned()));
        let drawn = items(&run.graph["clusters"]).into_iter().map(|it| &it["name"]).collect();
        vec![
            (expected, actual),
            (json!({"summary": names}), json!({"summary": named(items(&run.check["summary"]["clusters"]))})),
            (json!({"graph": names}), json!({"graph": named(drawn)})),
        ]
    }

    /// The state, with a reason where it is not plain; `graph` says the same as `check`; an ambiguous one is asked.
    fn status(text: Value, run: &Run) -> Vec<Difference> {
        let discovery = run.discovery();
        let has_reason = ["assumed", "ambiguous", "none"].iter().any(|it| text == *it);
        let without_builds = |json: &Value| {
            let mut discovery = json["discovery"].clone();
            discovery.as_object_mut().map(|it| it.remove("kustomizations"));
            discovery
        };
        let mut differences = vec![
            (text.clone(), discovery["status"].clone()),
            (json!({"has a reason": has_reason}), json!({"has a reason": discovery["reason"].is_string()})),
            (json!({"graph": without_builds(&run.check)}), json!({"graph": without_builds(&run.graph)})),
        ];
        if text == "ambiguous" {
            let candidates = items(&discovery["candidates"]).into_iter().filter_map(|it| it["path"].as_str());
            let unnamed: Vec<&str> = candidates.filter(|path| !run.stderr.contains(path)).collect();
            differences
                .push((json!({"not asked on standard error": []}), json!({"not asked on standard error": unnamed})));
        }
        differences
    }

    /// The exit status of `check`; `graph` fails where `check` checks nothing.
    fn exit(text: Value, run: &Run) -> Vec<Difference> {
        let status = |exit: Option<i32>| json!(exit.map(|it| it.to_string()));
        let of_graph = if text == "2" { json!("2") } else { json!("0") };
        vec![(text, status(run.exit)), (json!({"graph": of_graph}), json!({"graph": status(run.graph_exit)}))]
    }

    /// `file:line: rule`.
    fn finding(finding: &Value) -> String {
        let location = &finding["location"];
        let file = location["file"].as_str().unwrap_or("?");
        format!("{file}:{}: {}", location["line"], finding["rule"].as_str().unwrap_or_default())
    }

    fn place(value: &Value) -> String {
        format!("{}:{}", value["file"].as_str().unwrap_or_default(), value["line"])
    }

    /// The candidates, with the folders of the same ending and words of their reasons.
    fn question(node: &Node, run: &Run) -> Vec<Difference> {
        let candidates = items(&run.discovery()["candidates"]);
        let paths = sorted_strings(candidates.iter().map(|it| it["path"].as_str().unwrap_or_default().to_owned()));
        let of = |path: &str| candidates.iter().find(|it| it["path"] == path).copied().unwrap_or(&Value::Null);
        let mut differences = vec![(node.get("candidates").map_or(json!([]), sorted), paths)];
        if let Some(same) = node.get("same_ending") {
            let actual = |path: &str, _: &Node| {
                sorted_strings(
                    items(&of(path)["same_ending"]).into_iter().map(|it| it.as_str().unwrap_or_default().to_owned()),
                )
            };
            differences.push(by_cluster(same, sorted, actual));
        }
        for reason in node.get("because").map(Node::entries).unwrap_or_default() {
            let why = &of(reason.key.text().unwrap_or_default())["why"];
            differences.push(contained(&reason.value, why, |text| why.as_str().is_some_and(|why| why.contains(text))));
        }
        differences
    }

    /// For each Kustomization that is named: how many objects it applies, or what became of it.
    fn rendered(run: &Run, cluster: &str, node: &Node) -> Value {
        let outcomes = run.outcomes(cluster);
        map(node, |name, _| match outcomes.get(name) {
            Some(it) if it["outcome"] == "rendered" => json!(it["objects"].to_string()),
            Some(it) => it["outcome"].clone(),
            None => Value::Null,
        })
    }

    /// Which of the expected files are evidence.
    fn evidence(run: &Run, cluster: &str, node: &Node) -> Value {
        let files: Vec<&Value> = items(run.discovered(cluster, "evidence")).into_iter().map(|it| &it["file"]).collect();
        let mut named: Vec<&str> = texts(node).into_iter().filter(|file| files.iter().any(|it| *it == file)).collect();
        named.sort_unstable();
        json!(named)
    }

    fn undetermined(run: &Run, cluster: &str) -> Value {
        let outcomes = run.outcomes(cluster).into_iter();
        sorted_strings(outcomes.filter(|(_, it)| it["outcome"] == "undetermined").map(|(name, _)| name))
    }

    /// The range; `2.x` for any that starts at 2.0.
    fn flux(run: &Run, cluster: &str, node: &Node) -> String {
        let clusters = items(&run.graph["clusters"]);
        let shown = clusters.into_iter().find(|it| it["name"] == cluster).and_then(|it| it["flux"].as_str());
        match shown {
            Some(range) if node.text() == Some("2.x") && range.starts_with("2.0-") => "2.x".to_owned(),
            shown => shown.unwrap_or("none").to_owned(),
        }
    }

    /// The differences of one layout, each as `layout: key: …`.
    fn failures(layout: &Layout) -> Vec<String> {
        let run = Run::new(layout);
        let mut failures = Vec::new();
        for (key, node) in layout.expectations().filter(|(key, _)| !SETUP.contains(key)) {
            let differences = compare(key, node, &run).unwrap_or_default();
            for (expected, actual) in differences.into_iter().filter(|(expected, actual)| expected != actual) {
                failures.push(format!("{}: {key}: expected {expected}, but it is {actual}", layout.name));
            }
        }
        if layout.get("base").is_none() && layout.get("status").is_some() {
            let bases = items(&run.discovery()["clusters"]).into_iter().filter(|it| it["base"] != "");
            failures.extend(bases.map(|it| format!("{}: base: expected none, but it is {}", layout.name, it["base"])));
        }
        failures
    }

    #[test]
    fn layouts_are_well_formed() {
        let empty = Run {
            exit: None,
            check: Value::Null,
            graph: Value::Null,
            graph_exit: None,
            stderr: String::new(),
            human: String::new(),
        };
        let mut faults = Vec::new();
        for layout in layouts() {
            match layout {
                Err(why) => faults.push(why),
                Ok(layout) => {
                    let unknown = layout
                        .expectations()
                        .find(|(key, node)| !SETUP.contains(key) && compare(key, node, &empty).is_none());
                    let unknown = unknown.map(|(key, _)| format!("`{key}` is no key of `expect.yaml`"));
                    faults.extend(layout.fault().or(unknown).map(|why| format!("{}: {why}", layout.name)));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn clusters_begin_where_the_layouts_say() {
        let layouts: Vec<Layout> = layouts().into_iter().filter_map(Result::ok).collect();
        assert!(!layouts.is_empty());
        let failures: Vec<Vec<String>> = layouts.par_iter().map(failures).collect();
        let failed = failures.iter().filter(|it| !it.is_empty()).count();
        let lines = failures.concat().join("\n");
        assert!(failed == 0, "{failed} of {} layouts fail:\n{lines}", layouts.len());
    }
}
