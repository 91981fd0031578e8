//! `schemas/`: the tables of Flux's kinds as JSON Schemas.

mod cases {
    use fleetlint::flux::kinds::{flux, json_schema, table};

    use crate::update::assert_file;

    #[test]
    fn schemas_are_those_of_the_tables() {
        for (group, kind) in flux() {
            let table = table(group, kind).unwrap();
            for version in &table.versions {
                let text = serde_json::to_string_pretty(&json_schema(table, version)).unwrap();
                assert_file(&format!("schemas/{group}/{}_{}.json", kind.to_lowercase(), version.name), &(text + "\n"));
            }
        }
    }
}
