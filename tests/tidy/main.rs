//! What a reviewer would otherwise have to see: nothing is forgotten, nothing reaches across stages.

#[cfg(test)]
mod code;
#[cfg(test)]
mod cycles;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod modules;
#[cfg(test)]
mod part;
#[cfg(test)]
mod pointers;
#[cfg(test)]
mod prose;
#[cfg(test)]
mod semantics;
#[cfg(test)]
mod workflows;
#[cfg(test)]
mod workspace;

#[cfg(test)]
#[path = "../support/fleet.rs"]
mod fleet;
#[cfg(test)]
#[path = "../support/update.rs"]
mod update;

#[cfg(test)]
mod cases {
    use std::collections::BTreeSet;
    use std::fs;

    use fleetlint::rule::index;
    use fleetlint::rule::page::{SECTIONS, parse};
    use fleetlint::rules::{OPTIONS, RULES};
    use regex::Regex;

    use crate::code::{product, root, sources};
    use crate::fleet::files;
    use crate::part::assert_part;
    use crate::update::assert_file;

    /// The family whose rules are not files of their own: stages find its problems, `mod.rs` only names them.
    const NAMED_PROBLEMS: &str = "build";

    /// Who touches the file system: the stage that reads, and the command that writes `--output`.
    const FILE_SYSTEM: [&str; 2] = ["crates/source/", "src/cli/check.rs"];

    const MAX_LINES: usize = 400;

    #[test]
    fn every_rule_is_registered_and_has_a_page() {
        let ids: BTreeSet<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
        assert_eq!(ids.len(), RULES.len(), "two rules have one id");
        let pages =
            files(&root().join("rules")).into_iter().filter_map(|file| Some(file.strip_suffix(".md")?.to_owned()));
        assert_eq!(pages.collect::<BTreeSet<_>>(), ids, "pages in rules/ and ids in src/rules/mod.rs");
        let code = files(&root().join("src/rules")).into_iter().filter(|file| !file.ends_with("mod.rs"));
        let code = code.map(|file| file.strip_suffix(".rs").unwrap().replace('_', "-"));
        let own: BTreeSet<String> = ids.into_iter().filter(|id| id.split('/').next() != Some(NAMED_PROBLEMS)).collect();
        assert_eq!(code.collect::<BTreeSet<_>>(), own, "files in src/rules/ and ids in src/rules/mod.rs");
    }

    #[test]
    fn every_page_is_whole() {
        for rule in RULES {
            let page = parse(rule.page).unwrap_or_else(|why| panic!("rules/{}.md: {why}", rule.id));
            let sections: Vec<&str> = page.sections.iter().map(|section| section.name.as_str()).collect();
            assert_eq!(sections, SECTIONS, "{}", rule.id);
            assert_eq!(page.title, rule.id);
            assert!(!page.intro.trim().is_empty(), "{} has no introduction", rule.id);
            let empty = page.sections.iter().find(|section| section.text.trim().is_empty());
            assert!(empty.is_none(), "{}: {empty:?} is empty", rule.id);
            for section in ["Bad", "Good"] {
                assert!(!page.examples(section).is_empty(), "{} has no example that is {section}", rule.id);
            }
            let on_disk = fs::read_to_string(root().join(format!("rules/{}.md", rule.id))).unwrap();
            assert!(on_disk == rule.page, "rules/{}.md has changed since this was built: run it again", rule.id);
        }
    }

    #[test]
    fn pages_explain_the_options_of_their_rules() {
        for (rule, options) in OPTIONS {
            let page = parse(rule.page).unwrap();
            let section = page.sections.iter().find(|section| section.name == "Options").unwrap();
            for option in *options {
                let name = format!("`{}`", option.name);
                assert!(section.text.contains(&name), "rules/{}.md does not explain {name}", rule.id);
            }
        }
    }

    #[test]
    fn pages_name_only_rules_that_exist() {
        let families: BTreeSet<&str> = RULES.iter().map(|rule| rule.family()).collect();
        let name = Regex::new("`([a-z-]+)/([a-z-]+)`").unwrap();
        for rule in RULES {
            for (whole, [family, _]) in name.captures_iter(rule.page).map(|found| found.extract()) {
                let id = whole.trim_matches('`');
                let exists = RULES.iter().any(|other| other.id == id);
                assert!(exists || !families.contains(family), "rules/{}.md names {id}", rule.id);
            }
        }
    }

    #[test]
    fn ids_and_levels_are_kept() {
        let rules = RULES.iter().map(|rule| {
            let pedantic = if rule.is_pedantic { " pedantic" } else { "" };
            format!("{} {}{pedantic} {}\n", rule.id, rule.severity.as_str(), rule.since)
        });
        assert_file("testdata/rules.txt", &rules.collect::<String>());
    }

    #[test]
    fn summaries_fit_a_line() {
        for rule in RULES {
            assert!(!rule.summary.ends_with('.') && rule.summary.len() <= 110, "{}", rule.summary);
        }
    }

    #[test]
    fn the_readme_lists_all_rules() {
        assert_part("README.md", "rules", &index::markdown(RULES));
    }

    #[test]
    fn ci_runs_the_gate_on_the_promised_version() {
        let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap();
        let workflow = fs::read_to_string(root().join(".github/workflows/ci.yml")).unwrap();
        assert!(workflow.contains(&format!("toolchain: [stable, {version}]")), "ci.yml does not test {version}");
        assert!(workflow.contains("- run: .ci/run"));
    }

    #[test]
    fn only_source_reads_files() {
        let name = Regex::new(r"\bfs::|\bglob::glob|\bglob::\{?[^;]*\bglob\b").unwrap();
        for (file, text) in sources() {
            let is_allowed = FILE_SYSTEM.iter().any(|allowed| file.starts_with(allowed));
            assert!(is_allowed || !name.is_match(product(&text)), "{file} touches the file system");
        }
    }

    #[test]
    fn files_are_of_one_thought() {
        for (file, text) in sources() {
            let lines = text.lines().count();
            assert!(lines <= MAX_LINES, "{file} has {lines} lines");
            assert!(text.starts_with("//! "), "{file} does not say what it is");
        }
    }
}
