//! README.md and CONTRIBUTING.md are true: their commands run, their configuration is read, their excerpts are real output.

#[cfg(test)]
#[path = "support/fleet.rs"]
mod fleet;

#[cfg(test)]
mod cases {
    use std::path::Path;
    use std::process::{Command, Output};

    use fleetlint::config;
    use fleetlint::rules::ids;
    use fleetlint::source::Files;
    use fleetlint::yaml::Documents;

    use crate::fleet::files;

    const PAGES: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

    /// Commands of cargo and of the gate: a test cannot run what runs it.
    const EXEMPT: [&str; 3] = ["cargo test --locked", ".ci/run", "UPDATE=1 TRYCMD=overwrite cargo test --locked"];

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    fn page(name: &str) -> String {
        std::fs::read_to_string(root().join(name)).unwrap()
    }

    /// The text of the fenced blocks of a language; those in lists are indented.
    fn blocks(page: &str, language: &str) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut lines = page.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if let Some(info) = line.strip_prefix("```").filter(|info| !info.starts_with('`')) {
                let block: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
                if info == language {
                    blocks.push(block.join("\n"));
                }
            }
        }
        blocks
    }

    /// The fenced block behind `<!-- name -->`, as it stands there.
    fn marked(page: &str, name: &str) -> String {
        let (_, rest) = page.split_once(&format!("<!-- {name} -->\n```")).unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        rest.split_once("```\n").unwrap().0.to_owned()
    }

    fn fleetlint(arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(arguments.split_whitespace()).current_dir(root()).output().unwrap()
    }

    #[test]
    fn every_command_runs() {
        let mut count = 0;
        for page_name in PAGES {
            let page = page(page_name);
            let commands = blocks(&page, "shell");
            for command in commands.iter().flat_map(|block| block.lines()).filter(|line| !EXEMPT.contains(line)) {
                let own = ["fleetlint ", "cargo run --release --locked -- "];
                let arguments = own.iter().find_map(|prefix| command.strip_prefix(prefix));
                let output = fleetlint(arguments.unwrap_or_else(|| panic!("{page_name}: what is `{command}`?")));
                // Findings are no failure of the command.
                let is_well = matches!(output.status.code(), Some(0 | 1)) && output.stderr.is_empty();
                assert!(is_well && !output.stdout.is_empty(), "{page_name}: {command}: {output:?}");
                count += 1;
            }
        }
        assert!(count > 6, "only {count} commands were found");
    }

    #[test]
    fn a_newcomer_needs_two_commands() {
        let page = page("README.md");
        let start = page.split("\n## ").find(|section| section.starts_with("Start\n")).unwrap();
        let expected = ["cargo run --release --locked -- check testdata/fleets/d1/acme-fleet", "cargo test --locked"];
        assert_eq!(blocks(start, "shell"), expected);
        assert_eq!(marked(&page, "tests"), "cargo test --locked\n");
    }

    #[test]
    fn the_finding_of_the_readme_is_real() {
        let output = fleetlint("check testdata/fleets/d1/acme-fleet");
        let text = String::from_utf8(output.stdout).unwrap();
        let shown = marked(&page("README.md"), "finding");
        assert!(text.contains(&shown), "the README shows\n{shown}\nbut this is printed:\n{text}");
    }

    #[test]
    fn the_configuration_of_the_readme_is_read() {
        let text = marked(&page("README.md"), "config");
        let file = Files::default().add("fleet".into(), None, "fleetlint.yaml".into(), text.into_bytes());
        let config = config::read(&file, &Documents::default(), &ids()).unwrap();
        assert_eq!((config.sources.len(), config.levels.len()), (2, 2));
        assert!(config.profile.is_some() && config.environments.is_some());
        assert_eq!(config.tokens.unwrap().len(), 2);
    }

    #[test]
    fn development_commands_exist() {
        let page = page("CONTRIBUTING.md");
        for example in files(&root().join("examples")) {
            // One with several files lies in a folder of its own.
            let name = example.split('/').next().unwrap().trim_end_matches(".rs");
            assert!(page.contains(&format!("`cargo run --example {name}")), "CONTRIBUTING.md does not tell of {name}");
        }
        let named = page.split("`cargo run --example ").skip(1).map(|rest| rest.split([' ', '`']).next().unwrap());
        let exists =
            |name: &str| ["", "/main"].iter().any(|end| root().join(format!("examples/{name}{end}.rs")).is_file());
        named.for_each(|name| assert!(exists(name), "there is no {name}"));
        let benches = page.split("`cargo bench --bench ").skip(1).map(|rest| rest.split('`').next().unwrap());
        benches.for_each(|name| assert!(root().join(format!("benches/{name}.rs")).is_file(), "there is no {name}"));
    }

    #[test]
    fn links_lead_somewhere() {
        for page_name in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"] {
            let page = page(page_name);
            let links = page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
            for link in links.filter(|link| !link.starts_with("http")) {
                assert!(root().join(link).exists(), "{page_name} links to {link}");
            }
        }
    }

    #[test]
    fn the_excerpts_of_a_rule_are_its_code() {
        let code = page("src/rules/branch_mapping/fleet_sync_ref.rs");
        let shown = blocks(&page("CONTRIBUTING.md"), "rust");
        let lines = shown[0].lines().filter(|line| !line.is_empty() && !line.contains('…'));
        lines.for_each(|line| assert!(code.contains(line), "fleet_sync_ref.rs has no `{line}`"));
    }
}
