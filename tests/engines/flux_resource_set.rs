//! ResourceSets as the Flux Operator expands them: the objects recorded from its own code (v0.59.0).

mod cases {
    use std::sync::Arc;

    use fleetlint::flux::api::ResourceSet;
    use fleetlint::flux::resource_set::{Expanded, Provider, expand};
    use fleetlint::object::Object;
    use fleetlint::source::{File, Files};
    use fleetlint::yaml::{Documents, Span, print};
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        set: String,
        providers: Vec<String>,
        /// `null` where the operator refuses the set.
        out: Option<String>,
    }

    struct Run {
        file: Arc<File>,
        expanded: Expanded,
    }

    fn object(files: &Files, documents: &Documents, text: &str) -> (Arc<File>, Arc<Object>) {
        let file = files.add("fleet".into(), None, "set.yaml".to_owned(), text.as_bytes().to_vec());
        let stream = documents.of(&file);
        let root = stream.documents[0].as_ref().unwrap().root.clone().unwrap();
        (file, Arc::new(Object::new(root).unwrap()))
    }

    fn run(set: &str, providers: &[&str]) -> Run {
        let (files, documents) = (Files::default(), Documents::default());
        let (file, object_of_set) = object(&files, &documents, set);
        let providers: Vec<Provider> =
            providers.iter().map(|text| (object(&files, &documents, text).1, true)).collect();
        let expanded = expand(&ResourceSet::of(&object_of_set).unwrap(), &providers, &documents);
        Run { file, expanded }
    }

    impl Run {
        fn printed(&self) -> String {
            let print = |object: &Arc<Object>| print::resource(&object.root).unwrap();
            self.expanded.objects.iter().map(print).collect::<Vec<_>>().join("---\n")
        }

        fn text(&self, span: Span) -> &str {
            assert_eq!(span.file, self.file.id);
            &self.file.text().unwrap()[span.start as usize..span.end as usize]
        }

        /// Each problem with the text that it points at.
        fn problems(&self) -> Vec<(String, &str)> {
            let problems = self.expanded.problems.iter();
            problems.map(|it| (it.message.clone(), it.place.map_or("", |place| self.text(place)))).collect()
        }
    }

    #[test]
    fn objects_are_those_of_the_operator() {
        let text = std::fs::read_to_string("testdata/flux/resource-sets.json").unwrap();
        let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
        assert_eq!(cases.len(), 44);
        let mut failures = Vec::new();
        for case in &cases {
            let providers: Vec<&str> = case.providers.iter().map(String::as_str).collect();
            let run = run(&case.set, &providers);
            let (printed, expanded) = (run.printed(), &run.expanded);
            let is_right = match &case.out {
                Some(out) => printed == *out && expanded.problems.is_empty() && expanded.undetermined.is_none(),
                None => !expanded.problems.is_empty(),
            };
            if !is_right {
                let (problems, why) = (run.problems(), &expanded.undetermined);
                failures.push(format!(
                    "{}\n expected: {:?}\n got: {printed:?}\n problems: {problems:?} {why:?}",
                    case.name, case.out
                ));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }

    const HEAD: &str =
        "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {name: apps, namespace: tenants}\nspec:\n";

    fn set(spec: &str) -> Run {
        run(&format!("{HEAD}{spec}"), &[])
    }

    /// Text of the value, name of its variable, and text of the place where a person edits it.
    fn origin<'a>(run: &'a Run, pointer: &str) -> (&'a str, Option<String>, &'a str) {
        let object = run.expanded.objects.last().unwrap();
        let origin = &object.at(pointer).unwrap().origin;
        let variable = origin.variable().map(|variable| variable.name.to_string());
        (run.text(origin.span.unwrap()), variable, run.text(origin.edit_place().unwrap()))
    }

    #[test]
    fn values_of_resources_know_where_they_come_from() {
        let run = set(
            "  inputs: [{tenant: red, account: robot}]\n  resources:\n    - apiVersion: v1\n      kind: ServiceAccount\n      \
             metadata:\n        name: << inputs.account >>\n        namespace: app-<< inputs.tenant >>\n        labels: {a: b}\n",
        );
        let account = "<< inputs.account >>";
        assert_eq!(origin(&run, "/metadata/name"), (account, Some("inputs.account".to_owned()), "robot"));
        let namespace = "app-<< inputs.tenant >>";
        assert_eq!(origin(&run, "/metadata/namespace"), (namespace, Some("inputs.tenant".to_owned()), namespace));
        assert_eq!(origin(&run, "/metadata/labels/a"), ("b", None, "b"));
    }

    #[test]
    fn values_of_a_template_know_where_they_come_from() {
        let run = set(
            "  inputs: [{tenant: red}]\n  resourcesTemplate: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      \
             name: robot\n      namespace: << inputs.tenant >>\n      labels:\n        team: the-<< inputs.tenant >>s\n",
        );
        assert_eq!(origin(&run, "/metadata/name"), ("robot", None, "robot"));
        let tenant = "<< inputs.tenant >>";
        assert_eq!(origin(&run, "/metadata/namespace"), (tenant, Some("inputs.tenant".to_owned()), "red"));
        let team = "the-<< inputs.tenant >>s";
        assert_eq!(origin(&run, "/metadata/labels/team"), (team, Some("inputs.tenant".to_owned()), team));
    }

    #[test]
    fn a_template_that_fails_costs_what_it_makes() {
        let run = set(
            "  inputs: [{tenant: red}]\n  resources:\n    - {apiVersion: v1, kind: Namespace, metadata: {name: << inputs.nope >>}}\n    \
             - {apiVersion: v1, kind: Namespace, metadata: {name: << inputs.tenant >>}}\n    - {apiVersion: v1, kind: Namespace}\n",
        );
        assert_eq!(run.printed(), "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: red\n");
        let expected = [
            ("the template fails: there is no key `nope`".to_owned(), "<< inputs.nope >>"),
            (
                "a resource of the set has no `apiVersion`, `kind` or `metadata.name`".to_owned(),
                "{apiVersion: v1, kind: Namespace}",
            ),
        ];
        assert_eq!(run.problems(), expected);
    }

    #[test]
    fn a_failing_template_of_documents_has_a_place() {
        let run = set("  resourcesTemplate: |\n    a: b\n    c: << if >>\n");
        assert_eq!(run.problems(), [("the template fails: missing value for `if`".to_owned(), "<< if >>")]);
    }

    #[test]
    fn bounds_hold() {
        let endless =
            set("  resourcesTemplate: '<< define \"x\" >><< template \"x\" >><< end >><< template \"x\" >>'\n");
        assert_eq!(endless.problems()[0].0, "the template fails: template `x` calls itself endlessly");
        let large = "<< range until 90000 >><< range until 90000 >>x<< end >><< end >>";
        let large = set(&format!("  resourcesTemplate: '{large}'\n"));
        assert_eq!(
            large.problems()[0].0,
            "the template fails: the template takes too long or produces too much output"
        );
        let deep = format!("  resourcesTemplate: '<< {}1{} >>'\n", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(set(&deep).problems()[0].0, "the template fails: actions are nested too deep");
    }

    #[test]
    fn what_only_the_cluster_knows_is_undetermined() {
        let provider = |kind: &str| {
            format!(
                "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\n\
                 metadata: {{name: given, namespace: tenants}}\nspec: {{type: {kind}, defaultValues: {{a: b}}}}\n"
            )
        };
        let set = format!(
            "{HEAD}  inputsFrom: [{{kind: ResourceSetInputProvider, name: given}}]\n  resources:\n    \
             - {{apiVersion: v1, kind: Namespace, metadata: {{name: << inputs.id >>}}}}\n    \
             - {{apiVersion: v1, kind: Namespace, metadata: {{name: << inputs.a >>}}}}\n"
        );
        let known = run(&set, &[&provider("Static")]);
        assert_eq!(known.printed(), "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: b\n");
        let why = "a template is not evaluated: `inputs.id` of ResourceSetInputProvider tenants/given is generated on the cluster";
        assert_eq!(known.expanded.undetermined.as_deref(), Some(why));
        let open = run(&set, &[&provider("GitHubBranch")]);
        let why = "the inputs of ResourceSetInputProvider tenants/given (type `GitHubBranch`) are not in the fleet";
        assert_eq!((open.printed().as_str(), open.expanded.undetermined.as_deref()), ("", Some(why)));
        let absent = run(&set, &[]);
        let why = "nothing in the fleet creates ResourceSetInputProvider tenants/given";
        assert_eq!((absent.printed().as_str(), absent.expanded.undetermined.as_deref()), ("", Some(why)));
    }
}
