//! The JSON Schema of fleetlint.yaml has the keys that the reader knows, wherever a mapping can be.

mod cases {
    use std::collections::BTreeSet;

    use fleetlint::config::{KnownRule, schema};
    use serde_json::{Value, json};

    use crate::support::{OPTIONS, problems};

    /// A key that no mapping has.
    const UNKNOWN: &str = "zzzzzzzz";

    /// Configurations with an unknown key in one mapping, and the keys that the schema has there.
    type Found = Vec<(Value, BTreeSet<String>)>;

    /// Every mapping in the schema whose keys are listed: the value to write there as JSON with a hole for it, and its keys.
    fn mappings(whole: &Value, schema: &Value, around: &dyn Fn(Value) -> Value, found: &mut Found) {
        if let Some(reference) = schema["$ref"].as_str() {
            let definition = whole.pointer(reference.trim_start_matches('#')).unwrap();
            mappings(whole, definition, around, found);
        }
        let branches = ["oneOf", "anyOf"].iter().filter_map(|name| schema[name].as_array());
        branches.flatten().for_each(|branch| mappings(whole, branch, around, found));
        if let Some(properties) = schema["properties"].as_object() {
            if schema["additionalProperties"] == json!(false) {
                found.push((around(json!({UNKNOWN: 1})), properties.keys().cloned().collect()));
            }
            for (key, value) in properties {
                mappings(whole, value, &|inner| around(json!({key: inner})), found);
            }
        }
        if let Some(items) = schema.get("items") {
            mappings(whole, items, &|inner| around(json!([inner])), found);
        }
        if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
            mappings(whole, values, &|inner| around(json!({"https://example.com/a/b": inner})), found);
        }
    }

    /// The keys that the reader says it knows where it meets the unknown one.
    fn known(configuration: &Value) -> BTreeSet<String> {
        let problems = problems(&configuration.to_string());
        let problem = problems.iter().find(|problem| problem.contains(&format!("has no key `{UNKNOWN}`")));
        let problem = problem.unwrap_or_else(|| panic!("{configuration}: {problems:?}"));
        let list = problem.split_once("known are ").unwrap_or_else(|| panic!("{problem}")).1;
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_schema_has_the_keys_of_the_reader() {
        let rule = |id| KnownRule { id, summary: "", options: if id == "sources/plain-http" { OPTIONS } else { &[] } };
        let rules = ["rbac/wildcard-rule", "sources/plain-http", "sources/missing-ref"].map(rule);
        let schema: Value = serde_json::from_str(&schema::schema(&rules)).unwrap();
        let mut found = Vec::new();
        mappings(&schema, &schema, &|inner| inner, &mut found);
        let mut count = 0;
        for (configuration, keys) in found {
            // Rules are no fixed keys: the reader names the nearest one.
            if keys.contains("sources/plain-http") {
                continue;
            }
            let known = known(&configuration);
            // In `overrides` the reader knows the options, and says where they belong; in `sources` one mapping has two forms.
            let missing: Vec<&String> = known.difference(&keys).collect();
            let is_explained = |key: &str| {
                let text = configuration.to_string();
                text.starts_with(r#"{"overrides""#) && OPTIONS.iter().any(|option| option.name == key)
                    || text.starts_with(r#"{"sources""#) && keys.contains("external")
            };
            assert!(missing.iter().all(|key| is_explained(key)), "{configuration}: the schema lacks {missing:?}");
            let extra: Vec<&String> = keys.difference(&known).collect();
            assert!(extra.is_empty(), "{configuration}: the reader does not know {extra:?}");
            count += 1;
        }
        assert!(count > 15, "only {count} mappings were compared");
    }

    #[test]
    fn no_table_of_the_reader_is_left_out() {
        let mut tables = BTreeSet::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config");
        let mut folders = vec![folder];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let names = text.split("const ").skip(1).filter_map(|rest| rest.split_once(": [&str;"));
                tables.extend(
                    names
                        .filter(|(name, _)| name.ends_with("KEYS"))
                        .map(|(name, _)| format!("{} {name}", path.file_stem().unwrap().to_str().unwrap())),
                );
            }
        }
        let expected = [
            "check KEYS",
            "exception KEYS",
            "external KEYS",
            "level OVERRIDE_KEYS",
            "read CLUSTER_KEYS",
            "root FROM_KEYS",
            "root ROOT_KEYS",
            "root SOURCE_KEYS",
            "source KEYS",
            "tenant KEYS",
            "token KEYS",
        ];
        let expected: BTreeSet<String> = expected.map(str::to_owned).into();
        assert_eq!(tables, expected, "a new table of keys needs a place in the schema, and a line here");
    }
}
