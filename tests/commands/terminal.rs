//! What a person sees in a terminal: colors, paths, how much is said.

mod cases {
    use std::path::Path;
    use std::process::{Command, Output};

    use crate::fleet::Repositories;
    use crate::formats::cases::RULES;

    fn fleetlint(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleetlint"));
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied()).args(arguments).current_dir(folder).output().unwrap()
    }

    /// Arguments, variables, whether there are colors.
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], bool);

    fn shown(folder: &Path, arguments: &[&str]) -> String {
        let select = format!("--select={}", RULES.join(","));
        let selected = if arguments.contains(&"--select") { &[][..] } else { &[select.as_str()] };
        let output = fleetlint(folder, &[&["check"], selected, arguments].concat(), &[]);
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn colors_are_used_where_they_are_wanted() {
        let repositories = Repositories::copy_of("../report/fleets");
        let has_color = |arguments: &[&str], variables: &[(&str, &str)]| {
            let output = fleetlint(&repositories.path(""), &[&["check"], arguments, &["fleet"]].concat(), variables);
            output.stdout.contains(&0x1b)
        };
        let no = ("NO_COLOR", "1");
        let cases: [Case<'_>; 11] = [
            (&[], &[], false),
            (&["--color", "always"], &[], true),
            (&["--color", "always"], &[no], true),
            (&["--color", "always"], &[("TERM", "dumb")], true),
            (&["--color", "never"], &[("FORCE_COLOR", "1")], false),
            (&[], &[("FORCE_COLOR", "1")], true),
            (&[], &[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "1")], false),
            (&[], &[("CLICOLOR_FORCE", "1")], true),
            (&[], &[("CLICOLOR_FORCE", "0")], false),
            (&[], &[no, ("FORCE_COLOR", "1")], false),
            (&["--format", "line", "--color", "always"], &[], false),
        ];
        for (arguments, variables, expected) in cases {
            assert_eq!(has_color(arguments, variables), expected, "{arguments:?} {variables:?}");
        }
    }

    #[test]
    fn paths_lead_from_the_current_folder_to_the_file() {
        let repositories = Repositories::copy_of("../report/fleets");
        let place = |folder: &str, path: &str| {
            let text = shown(&repositories.path(folder), &[path]);
            let places: Vec<String> =
                text.split("─[").skip(1).map(|it| it.split(']').next().unwrap().to_owned()).collect();
            (places[0].clone(), places[4].clone())
        };
        let owned = |first: &str, second: &str| (first.to_owned(), second.to_owned());
        assert_eq!(place("", "fleet"), owned("apps/deploy/web.yaml:28:13", "fleet/base/infrastructure.yaml:15:9"));
        assert_eq!(place("fleet", "."), owned("../apps/deploy/web.yaml:28:13", "base/infrastructure.yaml:15:9"));
        let inside = owned("../../apps/deploy/web.yaml:28:13", "../base/infrastructure.yaml:15:9");
        assert_eq!(place("fleet/base", ".."), inside);
        let absolute = repositories.path("fleet");
        assert_eq!(place("apps", absolute.to_str().unwrap()).0, "deploy/web.yaml:28:13");
    }

    #[test]
    fn how_much_is_said() {
        let repositories = Repositories::copy_of("../report/fleets");
        let here = repositories.path("");
        let quiet = shown(&here, &["-q", "fleet"]);
        assert!(!quiet.contains("\nnote: ") && !quiet.contains("clusters: "), "{quiet}");
        assert!(quiet.ends_with("\n\n3 errors, 1 warning in 15 files (3 clusters, 37 objects); 1 object with unknown values, 1 check was inconclusive\n"), "{quiet}");
        assert_eq!(shown(&here, &["-q", "--select", "sources/missing-url", "fleet"]), "");
        let statistics = shown(&here, &["-q", "--statistics", "--pedantic", "fleet"]);
        let expected = "3  error    kustomization-graph/depends-on-missing\n1  warning  kustomization-graph/path-leaves-source\n1  info     sources/insecure-transport\n3 rules with findings, ";
        assert!(statistics.contains(expected), "{statistics}");
        let refused = fleetlint(&here, &["check", "--statistics", "--format", "json", "fleet"], &[]);
        let why = "error: `--statistics` goes with `--format human`\n";
        assert_eq!((refused.status.code(), String::from_utf8(refused.stderr).unwrap()), (Some(2), why.to_owned()));
    }

    #[test]
    fn long_lists_of_clusters_are_shortened() {
        let repositories = Repositories::copy_of("../report/fleets");
        for number in 0..20 {
            let file = |name: &str| std::fs::read_to_string(repositories.path("fleet").join(name)).unwrap();
            let (sync, entry) = (file("clusters/eu/flux-system/sync.yaml"), file("clusters/eu/kustomization.yaml"));
            let sync = sync.replace("clusters/eu", &format!("clusters/x{number:02}"));
            repositories.write("fleet", &format!("clusters/x{number:02}/flux-system/sync.yaml"), &sync);
            let entry = if number < 10 { entry + "  - http.yaml\n" } else { entry };
            repositories.write("fleet", &format!("clusters/x{number:02}/kustomization.yaml"), &entry);
            let charts = file("clusters/test/charts.yaml");
            repositories.write("fleet", &format!("clusters/x{number:02}/http.yaml"), &charts);
        }
        repositories.write("fleet", "shared/kustomization.yaml", "resources: [chart.yaml]\n");
        let text = shown(&repositories.path(""), &["--pedantic", "fleet"]);
        assert!(text.contains("\n    on: all 23 clusters\n"), "{text}");
        assert!(text.contains("\nclusters: 23 clusters (Flux 2.7); "), "{text}");
        let all = shown(&repositories.path(""), &["--pedantic", "-v", "fleet"]);
        assert!(all.contains("\n    on: eu, test, us, x00, x01, x02, "), "{all}");
        assert!(all.contains("\nclusters: eu, test, us, x00, "), "{all}");
    }

    #[test]
    fn a_forgotten_command_is_named() {
        let here = Repositories::copy_of("../report/fleets");
        let said = |arguments: &[&str]| {
            let output = fleetlint(&here.path(""), arguments, &[]);
            assert_eq!(output.status.code(), Some(2));
            String::from_utf8(output.stderr).unwrap()
        };
        assert!(said(&["fleet"]).ends_with("\nhint: to check a fleet repository, write `fleetlint check fleet`\n"));
        assert!(said(&["./chek"]).ends_with("\nhint: to check a fleet repository, write `fleetlint check ./chek`\n"));
        assert!(
            said(&["--pedantic", "fleet"])
                .ends_with("\nhint: `--pedantic` belongs to a command: `fleetlint check --pedantic`\n")
        );
        assert!(said(&["-q", "fleet"]).ends_with("\nhint: `-q` belongs to a command: `fleetlint check -q`\n"));
        assert!(!said(&["chek"]).contains("hint:"), "clap says what is meant");
        assert!(!said(&["--nothing"]).contains("hint:"));
    }
}
