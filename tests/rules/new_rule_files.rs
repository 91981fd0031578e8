//! `cargo xtask new-rule`: what it writes, in a folder with what it needs of the repository.

mod cases {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use fleetlint::rule::page::{SECTIONS, parse};
    use tempfile::TempDir;

    use crate::fleet::files;
    use crate::new_rule::{create, next};

    const REGISTRY: &str = "\
//! All rules.

mod build;
mod sources;

use crate::rule::Rule;

/// The registry.
pub const RULES: &[&Rule] = &[
    &build::YAML_SYNTAX,
    &sources::plain_http::RULE,
    &build::KUSTOMIZE_FAILED,
];

/// The rule of an id.
pub fn find() {}
";

    const FAMILY: &str = "//! Sources.\n\npub(crate) mod plain_http;\n";

    const CODE: &str = r#"//! TODO: what is wrong, in one sentence.

use crate::finding::{Findings, Severity};
use crate::object::Object;
use crate::rule::{Check, Rule, RuleContext};

/// The objects that it looks at: group and kind.
const KINDS: &[(&str, &str)] = &[("kustomize.toolkit.fluxcd.io", "Kustomization")];

pub(crate) const RULE: Rule = Rule {
    id: "sources/no-ref",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "TODO: what it finds, in one line",
    is_pedantic: false,
    page: include_str!("../../../rules/sources/no-ref.md"),
    check: Check::Object(KINDS, check),
};

fn check(context: RuleContext<'_>, object: &Object, findings: &mut Findings) {
    // TODO: report what is wrong: findings.report(object, "/spec/field", message).help(what_to_do);
    let _ = (context, object, findings);
}
"#;

    /// A repository with one family.
    fn repository() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "src/rules/mod.rs", REGISTRY);
        write(folder.path(), "src/rules/sources/mod.rs", FAMILY);
        folder
    }

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(folder: &TempDir, file: &str) -> String {
        fs::read_to_string(folder.path().join(file)).unwrap()
    }

    #[test]
    fn a_rule_of_a_known_family() {
        let folder = repository();
        let written = create(folder.path(), "sources/no-ref").unwrap();
        let expected =
            ["rules/sources/no-ref.md", "src/rules/sources/no_ref.rs", "src/rules/sources/mod.rs", "src/rules/mod.rs"];
        assert_eq!(written, expected);
        assert_eq!(read(&folder, "src/rules/sources/no_ref.rs"), CODE);
        assert_eq!(
            read(&folder, "src/rules/sources/mod.rs"),
            "//! Sources.\n\npub(super) mod no_ref;\npub(crate) mod plain_http;\n"
        );
        let registry = REGISTRY.replace(
            "    &sources::plain_http::RULE,\n",
            "    &sources::plain_http::RULE,\n    &sources::no_ref::RULE,\n",
        );
        assert_eq!(read(&folder, "src/rules/mod.rs"), registry);
        let page = parse(&read(&folder, "rules/sources/no-ref.md")).unwrap();
        let sections: Vec<&str> = page.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!((page.title.as_str(), sections), ("sources/no-ref", SECTIONS.to_vec()));
        assert_eq!((page.examples("Bad").len(), page.examples("Good").len()), (1, 1));
    }

    #[test]
    fn a_rule_of_a_new_family() {
        let folder = repository();
        create(folder.path(), "rbac-roles/wildcard-2").unwrap();
        let family = "//! TODO: what the rules of this family have in common.\n\npub(super) mod wildcard_2;\n";
        assert_eq!(read(&folder, "src/rules/rbac_roles/mod.rs"), family);
        let registry = REGISTRY
            .replace("mod build;\n", "mod build;\nmod rbac_roles;\n")
            .replace("];", "    &rbac_roles::wildcard_2::RULE,\n];");
        assert_eq!(read(&folder, "src/rules/mod.rs"), registry);
    }

    #[test]
    fn what_is_no_new_rule_is_refused_and_nothing_written() {
        let folder = repository();
        write(folder.path(), "src/rules/sources/plain_http.rs", "");
        let before: BTreeSet<String> = files(folder.path()).into_iter().collect();
        let no_id = |id: &str| {
            format!("`{id}` is no id of a rule: FAMILY/NAME, in lower case with hyphens, the name says the bad pattern")
        };
        for id in [
            "sources",
            "sources/",
            "/x",
            "Sources/x",
            "sources/x_y",
            "sources/x-",
            "sources/mod",
            "a/b/c",
            "a/1",
            "../x",
        ] {
            assert_eq!(create(folder.path(), id).unwrap_err(), no_id(id));
        }
        assert_eq!(
            create(folder.path(), "sources/plain-http").unwrap_err(),
            "src/rules/sources/plain_http.rs is there already"
        );
        let named = "family `build` names problems of the stages: add one to src/rules/build/mod.rs";
        assert_eq!(create(folder.path(), "build/x").unwrap_err(), named);
        assert_eq!(files(folder.path()).into_iter().collect::<BTreeSet<_>>(), before);
    }

    #[test]
    fn the_registry_of_this_repository_takes_a_rule() {
        let folder = repository();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::copy(root.join("src/rules/mod.rs"), folder.path().join("src/rules/mod.rs")).unwrap();
        create(folder.path(), "sources/no-ref").unwrap();
        let registry = read(&folder, "src/rules/mod.rs");
        let family: Vec<&str> = registry.lines().skip_while(|line| !line.starts_with("    &sources::")).collect();
        let last = family.iter().take_while(|line| line.starts_with("    &sources::")).last();
        assert_eq!(last, Some(&"    &sources::no_ref::RULE,"), "{registry}");
    }

    #[test]
    fn it_says_what_to_do_next() {
        let text = next("a/b", &["rules/a/b.md".to_owned()]);
        assert_eq!(
            text,
            "wrote rules/a/b.md\n\nWrite the page, then the function; this says what is still to be done:\n  PAGE=a/b cargo test --test rules\nand this records what the examples report, and all that is generated:\n  UPDATE=1 TRYCMD=overwrite cargo test\n"
        );
    }
}
