//! A rule of `cargo xtask new-rule` is not done before nothing of it says `TODO`. `PAGE=family/rule` looks at that rule only.

mod cases {
    use std::fs;
    use std::path::Path;

    use fleetlint::rules::RULES;

    use crate::rule_pages::cases::is_chosen;

    #[test]
    fn no_rule_is_unfinished() {
        let rules = RULES.iter().filter(|rule| is_chosen(rule));
        let left: Vec<String> = rules
            .flat_map(|rule| {
                let (family, name) = (rule.family().replace('-', "_"), rule.name().replace('-', "_"));
                let files = [
                    format!("rules/{}.md", rule.id),
                    format!("src/rules/{family}/{name}.rs"),
                    format!("src/rules/{family}/mod.rs"),
                ];
                files.into_iter().flat_map(|file| left(&file))
            })
            .collect();
        assert!(left.is_empty(), "still to be written:\n{}", left.join("\n"));
    }

    /// The lines of a file that say `TODO`, each with its place; none of a file that is not there.
    fn left(file: &str) -> Vec<String> {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_default();
        let lines = text.lines().enumerate().filter_map(|(index, line)| {
            let (_, what) = line.split_once("TODO:")?;
            Some(format!("{file}:{}: {}", index + 1, what.trim().trim_end_matches("\",")))
        });
        lines.collect()
    }
}
