//! `schemas` and `--schema-location`: where schemas of other kinds are found, and what is said without one.

mod cases {
    use std::path::PathBuf;

    use fleetlint::run::{Request, RunError, Session};
    use fleetlint::triage::Selection;

    use crate::fleet::Repositories;

    const WIDGET: &str = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a, namespace: flux-system}\n";
    const SCHEMA: &str = r#"{"type": "object", "properties": {"spec": {"type": "object", "additionalProperties": false,
        "properties": {"size": {"type": "integer"}}}}}"#;

    fn fleet(object: &str) -> Repositories {
        let repositories = Repositories::copy_of("home");
        repositories.write("home", "clusters/home/object.yaml", object);
        repositories
    }

    /// `line:column message` of findings, and the notes of the rule.
    fn check(repositories: &Repositories, schemas: &[&str]) -> (Vec<String>, Vec<String>) {
        let session = Session::default();
        let path = repositories.path("home");
        let schemas: Vec<PathBuf> = schemas.iter().map(|name| repositories.path("home").join(name)).collect();
        let selection = Selection { select: vec!["schema/invalid-custom-resource".into()], ..Selection::default() };
        let request = Request { schemas: &schemas, ..Request::of(&path) };
        let report = session.check(&request, &selection, None).unwrap();
        let json: serde_json::Value = serde_json::from_str(&fleetlint::report::json(&report, &session.files)).unwrap();
        let finding = |it: &serde_json::Value| {
            let (at, message) = (&it["location"], it["message"].as_str().unwrap());
            format!("{}:{} {}", at["line"], at["column"], message.split(": the API").next().unwrap())
        };
        let of_rule = |it: &&serde_json::Value| !it["rule"].is_null();
        let note = |it: &serde_json::Value| it["message"].as_str().unwrap().to_owned();
        let (findings, notes) = (json["findings"].as_array().unwrap(), json["notes"].as_array().unwrap());
        (findings.iter().map(finding).collect(), notes.iter().filter(of_rule).map(note).collect())
    }

    #[test]
    fn files_are_found_by_the_names_of_the_tools() {
        for file in [
            "schemas/example.com/widget_v1.json",
            "schemas/all/example.com/widget_v1.json",
            "schemas/widget-example-v1.json",
        ] {
            let repositories = fleet(&format!("{WIDGET}spec: {{size: big, colour: red}}\n"));
            repositories.write("home", file, SCHEMA);
            let expected = [
                "4:14 `spec.size` must be an integer, but it is a string".to_owned(),
                "4:19 the schema has no field `spec.colour`".to_owned(),
            ];
            assert_eq!(check(&repositories, &["schemas"]), (expected.to_vec(), Vec::new()), "{file}");
            let (findings, _) = check(&repositories, &[file]);
            assert_eq!(findings, expected, "the file itself");
        }
    }

    #[test]
    fn a_file_may_hold_definitions() {
        let repositories = fleet(&format!("{WIDGET}spec: {{sise: 1}}\n"));
        let definition = format!(
            "kind: ConfigMap\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: w}}\n\
             spec: {{group: example.com, names: {{kind: Widget}}, versions: [{{name: v1, served: true, schema: {{openAPIV3Schema: {}}}}}]}}\n",
            SCHEMA.replace(", \"additionalProperties\": false", "")
        );
        repositories.write("home", "crds/widget.yaml", &definition);
        for place in ["crds", "crds/widget.yaml"] {
            let (findings, _) = check(&repositories, &[place]);
            assert_eq!(findings, ["4:8 the schema has no field `spec.sise`"], "{place}");
        }
    }

    #[test]
    fn a_kind_without_schema_is_counted_where_schemas_are_given() {
        let repositories = fleet(&format!("{WIDGET}spec: {{size: big}}\n"));
        repositories.write("home", "schemas/core/configmap_v1.json", "{}");
        assert_eq!(check(&repositories, &[]), (Vec::new(), Vec::new()));
        let (findings, notes) = check(&repositories, &["schemas"]);
        assert_eq!(findings, [""; 0]);
        assert_eq!(notes, ["no schema is given for Widget in `example.com/v1`"]);
    }

    #[test]
    fn what_is_encrypted_is_not_judged() {
        let repositories = fleet(&format!("{WIDGET}spec: {{size: ENC[x]}}\nsops: {{mac: x}}\n"));
        repositories.write("home", "schemas/example.com/widget_v1.json", SCHEMA);
        assert_eq!(check(&repositories, &["schemas"]).0, [""; 0]);
    }

    #[test]
    fn a_place_that_is_not_there_ends_the_run() {
        let repositories = fleet(WIDGET);
        let said = |config: &str| {
            repositories.write("home", "fleetlint.yaml", config);
            match Session::default().fleet(&Request::of(&repositories.path("home"))) {
                Err(RunError::Config(problems)) => problems.into_iter().map(|it| it.message).collect::<Vec<_>>(),
                other => panic!("{:?}", other.map(|_| ())),
            }
        };
        assert_eq!(said("schemas: [/etc/schemas]\n"), ["`/etc/schemas` is an absolute path"]);
        let [missing] = <[String; 1]>::try_from(said("schemas: [schemas]\n")).unwrap();
        assert!(missing.starts_with("`schemas`: `") && missing.ends_with("` does not exist"), "{missing}");
        repositories.write("home", "fleetlint.yaml", "");
        let (path, schemas) = (repositories.path("home"), [PathBuf::from("/nowhere/at/all")]);
        let request = Request { schemas: &schemas, ..Request::of(&path) };
        assert!(matches!(Session::default().fleet(&request), Err(RunError::Open(_))));
    }
}
