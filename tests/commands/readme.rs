//! README.md, CONTRIBUTING.md and the pages in docs/ are true: their commands run, their configuration is read, their excerpts are real output.

mod cases {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::process::{Command, Output};

    use fleetlint::config::{self, Config};
    use fleetlint::rules::known;
    use fleetlint::source::Files;
    use fleetlint::yaml::{Documents, Node};

    const PAGES: [&str; 4] = ["README.md", "CONTRIBUTING.md", "docs/formats.md", "docs/rights.md"];

    /// What the commands of the pages write.
    const WRITTEN: [&str; 5] =
        ["baseline.json", "fleetlint.sarif", "summary.md", "gl-code-quality-report.json", "junit.xml"];

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

    /// The fenced block after `<!-- name -->`, as it is there; the first one.
    fn marked(page: &str, name: &str) -> String {
        all_marked(page, name).remove(0)
    }

    /// All of them.
    fn all_marked(page: &str, name: &str) -> Vec<String> {
        let mark = format!("<!-- {name} -->\n```");
        let after = page.split(&mark).skip(1);
        after.map(|rest| rest.split_once('\n').unwrap().1.split_once("```\n").unwrap().0.to_owned()).collect()
    }

    fn fleetlint(arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        command.args(arguments.split_whitespace()).current_dir(root()).output().unwrap()
    }

    #[test]
    fn every_command_runs() {
        let mut count = 0;
        // What a command writes does not stay in the repository.
        let folder = tempfile::tempdir().unwrap();
        for page_name in PAGES {
            let page = page(page_name);
            let commands = blocks(&page, "shell");
            for command in commands.iter().flat_map(|block| block.lines()).filter(|line| !EXEMPT.contains(line)) {
                let own = ["fleetlint ", "cargo run --release --locked -- "];
                let arguments = own.iter().find_map(|prefix| command.strip_prefix(prefix));
                let arguments = arguments.unwrap_or_else(|| panic!("{page_name}: what is `{command}`?"));
                let into_folder =
                    |text: String, file: &str| text.replace(file, folder.path().join(file).to_str().unwrap());
                let output = fleetlint(&WRITTEN.into_iter().fold(arguments.to_owned(), into_folder));
                // Findings are not a failure of the command.
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
    fn the_configurations_of_the_readme_are_read() {
        let page = page("README.md");
        let read = |text: String| {
            let file = Files::default().add("fleet".into(), None, "fleetlint.yaml".into(), text.into_bytes());
            config::read(&file, &Documents::default(), &known()).unwrap()
        };
        let configs: Vec<Config> = all_marked(&page, "config").into_iter().map(read).collect();
        let workflows = all_marked(&page, "workflow").len();
        assert_eq!(blocks(&page, "yaml").len(), configs.len() + workflows, "a `yaml` block is no configuration");
        let [general, clusters] = &configs[..] else { panic!("{} configurations", configs.len()) };
        assert_eq!((general.sources.len(), general.levels.len()), (3, 3));
        assert_eq!((general.options.0.len(), general.overrides.len()), (1, 1));
        assert!(general.is_external("https://github.com/acme/acme-secrets.git"));
        assert!(general.profile.is_some() && general.environments.is_some() && general.flux.is_some());
        assert_eq!((general.tokens.as_ref().map(Vec::len), general.tenants.len()), (Some(2), 1));
        assert_eq!((general.externals.len(), general.unapplied.len(), general.exceptions.len()), (3, 2, 1));
        let clusters = clusters.clusters.as_deref().unwrap();
        assert_eq!(clusters.iter().map(|cluster| cluster.roots.len()).collect::<Vec<_>>(), [1, 2, 1]);
    }

    /// Every mapping in a YAML text, with the key that it belongs to.
    fn mappings(node: &Node, key: &str, found: &mut Vec<(String, Node)>) {
        for entry in node.entries() {
            mappings(&entry.value, entry.key.text().unwrap_or_default(), found);
        }
        node.items().iter().for_each(|item| mappings(item, key, found));
        if !node.entries().is_empty() {
            found.push((key.to_owned(), node.clone()));
        }
    }

    fn parsed(text: String) -> Node {
        let file = Files::default().add("docs".into(), None, "x.yaml".into(), text.into_bytes());
        let stream = Documents::default().of(&file);
        stream.documents[0].as_ref().unwrap().root.clone().unwrap()
    }

    #[test]
    fn workflows_use_inputs_of_the_action() {
        let action = parsed(page("action.yml"));
        let inputs: BTreeSet<&str> =
            action.get("inputs").unwrap().entries().iter().filter_map(|input| input.key.text()).collect();
        let mut count = 0;
        for name in ["README.md", "docs/ci.md"] {
            for workflow in all_marked(&page(name), "workflow") {
                let lines = workflow.lines().count();
                assert!(name != "README.md" || lines <= 10, "{name} promises ten lines, and has {lines}");
                let mut found = Vec::new();
                mappings(&parsed(workflow), "", &mut found);
                let own = found.iter().filter(|(_, step)| {
                    step.get("uses").and_then(Node::text).is_some_and(|uses| uses.starts_with("fleetlint/fleetlint@"))
                });
                for (_, step) in own {
                    let with = step.get("with").unwrap().entries().iter().filter_map(|input| input.key.text());
                    with.for_each(|input| assert!(inputs.contains(input), "{name}: {input}"));
                    count += 1;
                }
            }
        }
        assert_eq!(count, 2);
        let page = page("docs/ci.md");
        inputs.iter().for_each(|input| assert!(page.contains(&format!("`{input}`")), "docs/ci.md lacks {input}"));
    }

    #[test]
    fn the_hook_of_the_page_exists() {
        let hooks = parsed(page(".pre-commit-hooks.yaml"));
        let mut found = Vec::new();
        mappings(&parsed(marked(&page("docs/ci.md"), "pre-commit")), "", &mut found);
        let named: Vec<&str> = found.iter().filter_map(|(_, it)| it.get("id").and_then(Node::text)).collect();
        let known: Vec<&str> = hooks.items().iter().filter_map(|it| it.get("id").and_then(Node::text)).collect();
        assert_eq!(named, known);
        // The command of the hook is one of the program.
        let entry = hooks.items()[0].get("entry").and_then(Node::text).unwrap();
        assert_eq!(fleetlint(&format!("{} --help", entry.strip_prefix("fleetlint ").unwrap())).status.code(), Some(0));
    }

    #[test]
    fn development_commands_exist() {
        let page = page("CONTRIBUTING.md");
        let code = super::cases::page("xtask/src/main.rs");
        let table =
            code.split("const COMMANDS").nth(1).unwrap().split_once(" = ").unwrap().1.split("];").next().unwrap();
        let commands: BTreeSet<&str> = table
            .split('(')
            .skip(1)
            .map(|rest| rest.trim_start().trim_start_matches('"'))
            .map(|rest| rest.split([' ', '"']).next().unwrap())
            .collect();
        let named = page.split("`cargo xtask ").skip(1).map(|rest| rest.split([' ', '`']).next().unwrap());
        assert_eq!(named.collect::<BTreeSet<_>>(), commands, "CONTRIBUTING.md, and COMMANDS in xtask/src/main.rs");
        let benches = page.split("`cargo bench --bench ").skip(1).map(|rest| rest.split('`').next().unwrap());
        benches.for_each(|name| assert!(root().join(format!("benches/{name}.rs")).is_file(), "there is no {name}"));
    }

    #[test]
    fn links_lead_somewhere() {
        for page_name in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"] {
            let page = page(page_name);
            let links = page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
            for link in links.filter(|link| !link.starts_with("http") && !link.starts_with('#')) {
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
