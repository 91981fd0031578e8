//! fleetlint.yaml: what is read, and where errors point.

mod cases {
    use fleetlint::config::{Config, Level, LevelSelector, ProfileKind, read, schema};
    use fleetlint::credentials::Permission;
    use fleetlint::problem::ProblemKind;
    use fleetlint::rules::known;
    use fleetlint::yaml::Documents;

    use crate::support::{OPTIONS, RULES_KNOWN, config, file, problems};

    #[test]
    fn everything_is_read() {
        let config = config(
            "sources:
  https://github.com/acme/infra: ../infra
  oci://ghcr.io/acme/apps: {path: ../apps, revision: v1}
profile: d2
environments: {staging: main, production: production}
tokens:
- name: platform
  secrets: [flux-system/flux-system]
  labels: {tenant: apps}
  repositories: [acme/infra, Acme/apps]
  permissions: {contents: write, metadata: read}
rules:
  sources: warning
  sources/plain-http: off
",
        );
        let sources: Vec<_> =
            config.sources.iter().map(|s| (s.url.as_str(), s.path.as_deref(), s.revision.as_deref())).collect();
        let expected = [
            ("https://github.com/acme/infra", Some("../infra"), None),
            ("oci://ghcr.io/acme/apps", Some("../apps"), Some("v1")),
        ];
        assert_eq!(sources, expected);
        assert_eq!(config.profile, Some(ProfileKind::D2));
        assert_eq!(config.environments.unwrap().get("staging").map(|branch| branch.as_str()), Some("main"));
        let levels: Vec<_> = config.levels.iter().map(|it| (it.selector.clone(), it.level)).collect();
        let expected = [
            (LevelSelector::Family("sources".into()), Level::Warning),
            (LevelSelector::Rule("sources/plain-http".into()), Level::Off),
        ];
        assert_eq!(levels, expected);
        let tokens = config.tokens.unwrap();
        let token = &tokens[0];
        assert_eq!((tokens.len(), token.name.as_str()), (1, "platform"));
        assert_eq!(token.secrets, [("flux-system".into(), "flux-system".into())]);
        assert_eq!(token.labels.get("tenant").map(|tenant| tenant.as_str()), Some("apps"));
        assert!(token.covers("acme", "APPS") && !token.covers("acme", "app"));
        assert!(token.allows("contents", Permission::Read) && token.allows("contents", Permission::Write));
        assert!(token.allows("metadata", Permission::Read) && !token.allows("metadata", Permission::Write));
        assert!(!token.allows("statuses", Permission::Read));
    }

    #[test]
    fn nothing_is_a_configuration_too() {
        for text in ["", "# nothing\n", "---\n", "rules:\ntokens:\nprofile:\n"] {
            let config = config(text);
            assert!(config.sources.is_empty() && config.levels.is_empty() && config.tokens.is_none(), "{text:?}");
        }
    }

    #[test]
    fn errors_point_into_the_file() {
        let cases: &[(&str, &[&str])] = &[
            ("ruels: {}\n", &["1:1-6 the configuration has no key `ruels` (did you mean `rules`?)"]),
            ("- a\n", &["1:3-4 the configuration is not a mapping (write `key: value` lines below it)"]),
            ("profile: d1\nprofile: d2\n", &["2:1-8 duplicate key `profile` (remove one of the two)"]),
            ("profile: d3\n", &["1:10-12 there is no profile `d3` (did you mean `d1` or `d2`?)"]),
            (
                "rules:\n  sources/plain-htp: error\n  plain-http: error\n  rbac: fatal\n  rbac/wildcard-rule: [x]\n",
                &[
                    "2:3-20 there is no rule or family `sources/plain-htp` (did you mean `sources/plain-http`?)",
                    "3:3-13 there is no rule or family `plain-http` (did you mean `sources/plain-http`?)",
                    "4:9-14 there is no level `fatal` (known are `error`, `warning`, `info`, `off`)",
                    "5:24-25 the level of a rule is not a string (write a single value)",
                ],
            ),
            (
                "rules:\n  rbac/wildcard-rule: {level: warn, max: 3}\n",
                &[
                    "2:31-35 there is no level `warn` (known are `error`, `warning`, `info`, `off`)",
                    "2:37-40 rule `rbac/wildcard-rule` has no key `max` (known are `level`)",
                ],
            ),
            (
                "exceptions:\n- rule: rbac/wildcard-rul\n  reason: x\n- files: '**a'\n  expires: 2027-13-01\n- rule: rbac\n  reason: ''\n",
                &[
                    "2:9-26 there is no rule or family `rbac/wildcard-rul` (did you mean `rbac/wildcard-rule`?)",
                    "4:3-8 an exception has no `rule` (say which rule it is about)",
                    "4:3-8 an exception has no `reason` (say why the finding is accepted)",
                    "4:10-15 `**a` is not a pattern: recursive wildcards must form a single path component (`*` matches part of a name, `**` any number of folders, `[a-c]` one character)",
                    "5:12-22 `2027-13-01` is not a date (write it as `2027-01-31`)",
                    "7:11-13 the `reason` of an exception is empty (give it a value or remove it)",
                ],
            ),
            (
                "sources:\n  a: {pat: x}\n  b: ''\n  c: [x]\n",
                &[
                    "2:3-4 source `a` has no `path` (add its local path, or `external: true` if it is left out on purpose)",
                    "2:7-10 a source has no key `pat` (did you mean `path`?)",
                    "3:6-8 the path of source `b` is empty (give it a value or remove it)",
                    "4:7-8 the path of source `c` is not a string (write a single value)",
                ],
            ),
            (
                "tokens:\n- name: x\n  permissions: {content: read, Contents: read, issues: read, pull_requests: write, secrets: read}\n",
                &[
                    "3:17-24 there is no permission `content` (did you mean `contents`?)",
                    "3:32-40 there is no permission `Contents` (did you mean `contents`?)",
                ],
            ),
            (
                "tokens:\n- secrets: [a, b/c/d]\n  permissions: {contents: admin}\n- name: x\n  repos: []\n- y\n",
                &[
                    "2:3-10 a token has no `name` (add one: findings refer to the token by this name)",
                    "2:13-14 `a` is not of the form `namespace/name` (write `namespace/name`)",
                    "2:16-21 `b/c/d` is not of the form `namespace/name` (write `namespace/name`)",
                    "3:27-32 there is no level of a permission `admin` (known are `read`, `write`)",
                    "5:3-8 a token has no key `repos` (known are `name`, `secrets`, `labels`, `repositories`, `permissions`, `account`)",
                    "6:3-4 a token is not a mapping (write `key: value` lines below it)",
                ],
            ),
            (
                "tokens:\n- name: x\n  account: owner\n  permissions: {pull-request: read}\n",
                &[
                    "3:12-17 there is no role of an account `owner` (known are `none`, `read`, `triage`, `write`, `maintain`, `admin`)",
                    "4:17-29 there is no permission `pull_request` (did you mean `pull_requests`?)",
                ],
            ),
            (
                "profile: d1\n---\nprofile: d2\n",
                &["3:1-8 only one document is allowed, this is a second one (remove it)"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(problems(text), *expected, "{text}");
        }
    }

    #[test]
    fn options_and_overrides_are_read() {
        let config = config(
            "rules:
  sources/plain-http: {level: warning, allowedHosts: [a.example, b.example], alsoRegistries: false}
  sources/missing-ref: {level: error}
overrides:
- paths: [clusters/dev/**]
  rules: {sources: off, rbac/wildcard-rule: {level: info}}
- paths: [a/*.yaml, b/*.yaml]
  rules: {sources: error}
",
        );
        let [hosts, registries] = OPTIONS else { panic!("{OPTIONS:?}") };
        assert_eq!(config.options.texts("sources/plain-http", hosts), ["a.example", "b.example"]);
        assert!(!config.options.flag("sources/plain-http", registries));
        let default = Config::default().options;
        assert_eq!(default.texts("sources/plain-http", hosts), ["localhost"]);
        assert!(default.flag("sources/plain-http", registries));
        let levels: Vec<_> = config.levels.iter().map(|it| (it.selector.clone(), it.level)).collect();
        let rule = |id: &str| LevelSelector::Rule(id.into());
        assert_eq!(levels, [(rule("sources/plain-http"), Level::Warning), (rule("sources/missing-ref"), Level::Error)]);
        let [dev, many] = &config.overrides[..] else { panic!("{:?}", config.overrides) };
        assert!(dev.is_about("clusters/dev/a/b.yaml") && !dev.is_about("clusters/prod/a.yaml"));
        assert!(many.is_about("a/x.yaml") && many.is_about("b/x.yaml") && !many.is_about("a/b/x.yaml"));
        let levels: Vec<_> = dev.levels.iter().map(|it| (it.selector.clone(), it.level)).collect();
        assert_eq!(
            levels,
            [(LevelSelector::Family("sources".into()), Level::Off), (rule("rbac/wildcard-rule"), Level::Info)]
        );
    }

    #[test]
    fn mistakes_in_options_and_overrides_are_told() {
        let cases: &[(&str, &[&str])] = &[
            (
                "rules:\n  sources/plain-http: {levle: off, allowedHost: [a], alsoRegistries: 3}\n",
                &[
                    "2:24-29 rule `sources/plain-http` has no key `levle` (did you mean `level`?)",
                    "2:36-47 rule `sources/plain-http` has no key `allowedHost` (did you mean `allowedHosts`?)",
                    "2:70-71 `alsoRegistries` of rule `sources/plain-http` is neither `true` nor `false` (write one of the two)",
                ],
            ),
            (
                "rules:\n  sources: {level: off, allowedHosts: [a]}\n  sources/plain-http: {allowedHosts: a}\n",
                &[
                    "2:25-37 a family of rules has no key `allowedHosts` (known are `level`)",
                    "3:38-39 `allowedHosts` is not a list (write `- item` lines below it)",
                ],
            ),
            (
                "overrides:\n- rules: {sources: off}\n- paths: [a/**]\n- paths: []\n  rules: {source: off}\n",
                &[
                    "2:3-8 an override has no `paths` (say in which files)",
                    "3:3-8 an override has no `rules` (say which rules have another level there)",
                    "4:3-8 an override has no `paths` (say in which files)",
                    "5:11-17 there is no rule or family `source` (did you mean `sources`?)",
                ],
            ),
            (
                "overrides:\n- paths: [../a, 'a**']\n  rules: {sources/plain-http: {level: off, allowedHosts: [a]}}\n  files: a\n",
                &[
                    "2:11-15 an item of `paths` leads out of the repository: `../a` (paths count from the root of the repository)",
                    "2:17-22 `a**` is not a pattern: recursive wildcards must form a single path component (`*` matches part of a name, `**` any number of folders, `[a-c]` one character)",
                    "3:44-56 `allowedHosts` cannot differ from file to file (set it below `sources/plain-http` in `rules` at the top)",
                    "4:3-8 an override has no key `files` (known are `paths`, `rules`)",
                ],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(problems(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_yaml_is_told() {
        let problems = read(&file("a: [\n"), &Documents::default(), &RULES_KNOWN).unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::YamlSyntax]);
    }

    /// `UPDATE=1 cargo test` writes the schema again.
    #[test]
    fn the_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/fleetlint.schema.json");
        let text = schema::schema(&known());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    }
}
