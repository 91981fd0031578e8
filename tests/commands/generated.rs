//! Completions and man pages name every command and every option.

mod cases {
    use std::process::Command;

    fn fleetlint(arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_fleetlint")).args(arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &[][..]), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The words that begin like this in a help text.
    fn words(help: &str, start: &str) -> Vec<String> {
        let is_end = |c: char| !c.is_ascii_alphanumeric() && c != '-';
        let words = help.lines().filter_map(|line| line.trim_start().strip_prefix(start));
        words.map(|rest| format!("{start}{}", rest.split(is_end).next().unwrap_or_default())).collect()
    }

    fn commands() -> Vec<String> {
        let help = fleetlint(&["--help"]);
        let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
        let name = |line: &str| line.trim_start().split(' ').next().unwrap().to_owned();
        list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).map(name).collect()
    }

    #[test]
    fn completions_know_all_commands_and_options() {
        let options = words(&fleetlint(&["check", "--help"]), "--");
        assert!(options.len() > 10 && commands().len() > 6, "{options:?}");
        for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
            let text = fleetlint(&["completions", shell]);
            let named = commands().into_iter().chain(options.iter().map(|it| it.trim_start_matches("--").to_owned()));
            named.for_each(|name| assert!(text.contains(&name), "{shell}: {name}"));
        }
    }

    #[test]
    fn there_is_a_man_page_for_each_command() {
        let page = fleetlint(&["man"]).replace("\\-", "-");
        assert!(page.contains(".TH fleetlint 1"), "{page}");
        for command in commands() {
            assert!(page.contains(&format!("fleetlint-{command}(1)")), "{command}");
            if command == "help" {
                continue;
            }
            let own = fleetlint(&["man", &command]).replace("\\-", "-");
            assert!(own.contains(&format!(".TH fleetlint-{command} 1")), "{own}");
            for option in words(&fleetlint(&[&command, "--help"]), "--") {
                assert!(own.contains(&option), "{command}: {option}");
            }
        }
    }
}
