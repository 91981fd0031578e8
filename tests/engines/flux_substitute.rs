//! What substitution says besides the text: uses, origins, and which value is to blame.

mod cases {
    use std::sync::Arc;

    use fleetlint::flux::substitute::{self, Lookup, SubstituteSource, Substituted, VariableUse, Variables};
    use fleetlint::object::Object;
    use fleetlint::problem::{Problem, ProblemKind};
    use fleetlint::source::Files;
    use fleetlint::yaml::{Documents, Node, Span, print};

    /// Files that were parsed, to say what a span covers.
    #[derive(Default)]
    struct Bench {
        files: Files,
        documents: Documents,
    }

    impl Bench {
        fn parse(&self, text: &str) -> Node {
            let file = self.files.add("r".into(), None, "a.yaml".into(), text.as_bytes().to_vec());
            self.documents.of(&file).documents[0].as_ref().unwrap().root.clone().unwrap()
        }

        fn object(&self, text: &str) -> Object {
            Object::new(self.parse(text)).unwrap()
        }

        /// The text of a span.
        fn shown(&self, place: Option<Span>) -> String {
            let Some(place) = place else { return "nowhere".to_owned() };
            let file = self.files.get(place.file);
            file.text().unwrap()[place.start as usize..place.end as usize].to_owned()
        }

        /// A Kustomization with the given `postBuild`, in flow style.
        fn kustomization(&self, post_build: &str) -> Object {
            self.object(&format!(
                "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: app}}\n\
                 spec:\n  postBuild: {post_build}\n"
            ))
        }

        fn substitute(&self, spec: &str, post_build: &str, strict: bool) -> Substituted {
            let resource = Arc::new(self.parse(&object(spec)));
            let kustomization = self.kustomization(post_build);
            let (variables, problems) = Variables::build(&kustomization, &self.cluster(""));
            assert_eq!(problems, []);
            substitute::substitute(&resource, &kustomization, &variables, strict, Some(&self.files))
        }

        /// A cluster that holds one object.
        fn cluster(&self, text: &str) -> Cluster {
            Cluster((!text.is_empty()).then(|| Arc::new(self.object(text))))
        }
    }

    fn object(spec: &str) -> String {
        format!("apiVersion: x.io/v1\nkind: X\nmetadata: {{name: a}}\nspec:\n  {}\n", spec.replace('\n', "\n  "))
    }

    struct Cluster(Option<Arc<Object>>);

    impl SubstituteSource for Cluster {
        fn lookup(&self, kind: &str, name: &str) -> Lookup {
            match &self.0 {
                Some(object) if object.id.kind == kind && object.id.name == name => Lookup::Found(Arc::clone(object)),
                _ if name == "unknown" => Lookup::Unknown("it comes from elsewhere".to_owned()),
                _ => Lookup::Missing,
            }
        }
    }

    fn at<'a>(substituted: &'a Substituted, pointer: &str) -> &'a Node {
        substituted.node.at(pointer).unwrap()
    }

    fn messages(problems: &[Problem]) -> Vec<&str> {
        problems.iter().map(|problem| problem.message.as_str()).collect()
    }

    #[test]
    fn a_value_that_is_a_variable_is_edited_where_the_variable_is() {
        let bench = Bench::default();
        let substituted = bench.substitute("a: ${x}\nb: v-${x}\nc: plain", "{substitute: {x: one}}", false);
        let (whole, part, plain) =
            (at(&substituted, "/spec/a"), at(&substituted, "/spec/b"), at(&substituted, "/spec/c"));
        assert_eq!((whole.text(), part.text(), plain.text()), (Some("one"), Some("v-one"), Some("plain")));
        assert_eq!(bench.shown(whole.place()), "one");
        assert_eq!(bench.shown(whole.origin.span), "${x}");
        assert_eq!(bench.shown(part.place()), "v-${x}");
        assert!(part.origin.variable().is_some_and(|variable| variable.name == "x" && !variable.whole));
        assert_eq!((plain.origin.variable(), bench.shown(plain.place())), (None, "plain".to_owned()));
    }

    #[test]
    fn a_default_is_edited_where_the_expression_is() {
        let bench = Bench::default();
        let substituted = bench.substitute("a: ${nope:=5}\nb: ${empty:-6}", "{substitute: {empty: \"\"}}", false);
        for (pointer, text) in [("/spec/a", "${nope:=5}"), ("/spec/b", "${empty:-6}")] {
            assert_eq!(bench.shown(at(&substituted, pointer).place()), text);
        }
    }

    #[test]
    fn keys_and_injected_values_know_their_variable() {
        let bench = Bench::default();
        let substituted = bench.substitute("k-${x}: 1\nm: ${map}", "{substitute: {x: one, map: \"{a: [1]}\"}}", false);
        let entry = &at(&substituted, "/spec").entries()[0];
        assert_eq!((entry.key.text(), bench.shown(entry.key.place())), (Some("k-one"), "k-${x}".to_owned()));
        assert_eq!(bench.shown(entry.value.place()), "1");
        let injected = at(&substituted, "/spec/m/a/0");
        assert_eq!((injected.text(), bench.shown(injected.place())), (Some("1"), "\"{a: [1]}\"".to_owned()));
    }

    #[test]
    fn every_use_is_reported() {
        let bench = Bench::default();
        let spec = "a: ${x} ${nope:-${y}}\n${z}: $${escaped}\nb: |\n  first ${x}";
        let substituted = bench.substitute(spec, "{substitute: {x: one}}", false);
        let uses: Vec<_> = substituted.uses.iter().map(|used| describe(&bench, used)).collect();
        let expected = [
            "x in ${x}: no default, defined",
            "nope in ${nope:-${y}}: default, undefined",
            "y in ${y}: no default, undefined",
            "z in ${z}: no default, undefined",
            "x in ${x}: no default, defined",
        ];
        assert_eq!(uses, expected);
    }

    fn describe(bench: &Bench, used: &VariableUse) -> String {
        let place = bench.shown(used.place);
        let default = if used.has_default { "default" } else { "no default" };
        let defined = if used.is_defined { "defined" } else { "undefined" };
        format!("{} in {}: {default}, {defined}", used.name, place.lines().next().unwrap_or_default())
    }

    #[test]
    fn the_object_stays_the_same_where_nothing_is_substituted() {
        let bench = Bench::default();
        let variables = "{substitute: {x: one}}";
        let disabled = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  \
                        labels: {kustomize.toolkit.fluxcd.io/substitute: disabled}\ndata: {k: '${x}'}\n";
        let spec = object("a: ${x}");
        let plain = object("a: 9007199254740992\nb: 1.5\nc: $x\nd: yes");
        for (text, post_build) in [(disabled, variables), (&spec, "{}"), (&plain, variables)] {
            let resource = Arc::new(bench.parse(text));
            let kustomization = bench.kustomization(post_build);
            let (values, _) = Variables::build(&kustomization, &bench.cluster(""));
            let substituted = substitute::substitute(&resource, &kustomization, &values, true, None);
            assert!(Arc::ptr_eq(&substituted.node, &resource) && substituted.uses.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_failing_expression_is_found() {
        let bench = Bench::default();
        let substituted =
            bench.substitute("a: ${x}\nb: [ok, 'set ${arr[0]} now', '${']", "{substitute: {x: one}}", false);
        let problem = substituted.problem.unwrap();
        assert_eq!(problem.message, "variable substitution failed: missing closing brace in `${arr[0]}`");
        assert_eq!(
            (problem.kind, bench.shown(problem.place)),
            (ProblemKind::SubstitutionFailed, "${arr[0]}".to_owned())
        );
        let related: Vec<_> =
            problem.related.iter().map(|(place, label)| (bench.shown(Some(*place)), label.as_str())).collect();
        assert_eq!(related, [("${".to_owned(), "this one fails too: unable to parse variable name")]);
    }

    /// Whoever pushes a repair wants to know of the others before.
    #[test]
    fn all_that_fails_in_a_text_is_named() {
        let bench = Bench::default();
        let script = "s: |\n  # ${#a[@]} ${1:-all}\n  n=${a[0]//_/ }\n  echo ${x} ${y%%.*} ${z:-1} ${y\n  ${";
        let problem = bench.substitute(script, "{substitute: {x: one}}", false).problem.unwrap();
        assert_eq!(problem.message, "variable substitution failed: bad substitution in `${#a[@]}`");
        assert_eq!(bench.shown(problem.place), "${#a[@]}");
        let related: Vec<_> =
            problem.related.iter().map(|(place, label)| (bench.shown(Some(*place)), label.as_str())).collect();
        let expected = [
            ("${a[0]//_/ }", "this one fails too: missing closing brace"),
            ("${y%%.*}", "this one fails too: variable `y` is not defined"),
            ("${y", "this one fails too: missing closing brace"),
            ("${", "this one fails too: unable to parse variable name"),
        ];
        assert_eq!(related, expected.map(|(place, label)| (place.to_owned(), label)));
    }

    #[test]
    fn a_variable_without_a_value_that_breaks_the_yaml_is_found() {
        let bench = Bench::default();
        let substituted = bench.substitute("a: ${n}\nb: img:${tag}\nc: ${x}", "{substitute: {x: one}}", false);
        let problem = substituted.problem.unwrap();
        assert_eq!(problem.message, "variable `tag` is not defined: without a value, the object is not valid YAML");
        assert_eq!((bench.shown(problem.place), substituted.undefined.as_deref()), ("${tag}".to_owned(), Some("tag")));
    }

    #[test]
    fn a_variable_that_is_not_set_is_found() {
        let bench = Bench::default();
        let substituted = bench.substitute("a: ${x}\nb: to-${nope}", "{substitute: {x: one}}", true);
        let problem = substituted.problem.unwrap();
        let message = "variable substitution failed: variable not set (strict mode): `nope` in `${nope}`";
        assert_eq!((problem.message.as_str(), bench.shown(problem.place)), (message, "${nope}".to_owned()));
    }

    #[test]
    fn a_value_that_breaks_the_yaml_is_found() {
        let bench = Bench::default();
        let substituted = bench.substitute("a: ${x}\nb: v ${y}\nc: [1]", "{substitute: {x: one, y: 'k: v'}}", false);
        let problem = substituted.problem.unwrap();
        assert_eq!(
            problem.message,
            "the value of `y` makes what uses it invalid YAML: Flux inserts it as it is, without quotes"
        );
        assert_eq!(bench.shown(problem.place), "'k: v'");
        let [(used, label)] = problem.related.as_slice() else { panic!("{:?}", problem.related) };
        assert_eq!((bench.shown(Some(*used)), label.as_str()), ("${y}".to_owned(), "used here"));
    }

    #[test]
    fn values_that_break_the_yaml_only_together_are_found_where_they_are_used() {
        let bench = Bench::default();
        let substituted = bench.substitute("b: v${y}${x}", "{substitute: {x: ' v: w', y: ': u'}}", false);
        let problem = substituted.problem.unwrap();
        let message = "the object is not valid YAML after variable substitution: ";
        assert!(problem.message.starts_with(message), "{}", problem.message);
        assert_eq!(bench.shown(problem.place), "v${y}${x}");
    }

    #[test]
    fn the_text_of_secrets_stays_out_of_messages() {
        let bench = Bench::default();
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: 'hush${hidden'}\n";
        let kustomization = bench.kustomization("{substitute: {x: one}}");
        let (variables, _) = Variables::build(&kustomization, &bench.cluster(""));
        let substituted =
            substitute::substitute(&Arc::new(bench.parse(secret)), &kustomization, &variables, false, None);
        assert_eq!(substituted.problem.unwrap().message, "variable substitution failed: missing closing brace");
    }

    #[test]
    fn sources_that_cannot_be_read_are_told() {
        let cases = [
            (
                "{substituteFrom: [{kind: ConfigMap, name: nope}]}",
                "substitute from `ConfigMap/nope`: it does not exist in the Kustomization's namespace",
                "nope",
            ),
            (
                "{substituteFrom: [{kind: Secret}]}",
                "an entry of `postBuild.substituteFrom` has no `name`",
                "{kind: Secret}",
            ),
            ("{substituteFrom: {}}", "`postBuild.substituteFrom` must be a list", "{}"),
            ("{substitute: {port: 8080}}", "the value of `port` in `postBuild.substitute` must be a string", "8080"),
            ("{substitute: {my-key: v}}", "`my-key` is not a valid variable name", "my-key"),
            ("{substitute: [a]}", "`postBuild.substitute` must be a map of names to strings", "[a]"),
        ];
        for (post_build, message, place) in cases {
            let bench = Bench::default();
            let (_, problems) = Variables::build(&bench.kustomization(post_build), &bench.cluster(""));
            assert_eq!(messages(&problems), [message], "{post_build}");
            assert_eq!(bench.shown(problems[0].place), place);
        }
    }

    #[test]
    fn values_of_secrets_are_decoded_and_marked() {
        let bench = Bench::default();
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: aHVzaAo=, b: aHVzaA==}\nstringData: {b: new}\n";
        let kustomization = bench.kustomization("{substituteFrom: [{kind: Secret, name: s}]}");
        let (variables, problems) = Variables::build(&kustomization, &bench.cluster(secret));
        assert_eq!(problems, []);
        let value =
            |name| variables.get(name).map(|value| (value.text.as_str(), value.secret, bench.shown(value.origin.span)));
        assert_eq!(value("a"), Some(("hush", true, "aHVzaAo=".to_owned())));
        assert_eq!(value("b"), Some(("new", true, "new".to_owned())));
        assert_eq!(variables.names().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn secrets_that_cannot_be_decoded_are_told() {
        let bench = Bench::default();
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: '%%%'}\n";
        let kustomization = bench.kustomization("{substituteFrom: [{kind: Secret, name: s}]}");
        let (variables, problems) = Variables::build(&kustomization, &bench.cluster(secret));
        let message = "the value of `a` in `Secret/s` is not base64";
        assert_eq!((problems[0].kind, messages(&problems)), (ProblemKind::SubstitutionFailed, vec![message]));
        assert!(variables.get("a").is_none() && variables.unknown("a").is_some());
    }

    /// SOPS leaves the keys: what uses none of them is known, and so is that they are defined.
    #[test]
    fn of_encrypted_secrets_the_keys_are_known() {
        let secrets = ["data: {a: 'ENC[AES256_GCM,data:x]'}", "stringData: {a: x}\nsops: {version: 3}"];
        for data in secrets {
            let bench = Bench::default();
            let secret = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{data}\n");
            let kustomization =
                bench.kustomization("{substituteFrom: [{kind: Secret, name: s}], substitute: {b: known}}");
            let (variables, problems) = Variables::build(&kustomization, &bench.cluster(&secret));
            assert_eq!(problems, []);
            assert!(variables.get("a").is_none() && variables.get("b").is_some());
            let object = |text: &str| {
                let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{x: \"{text}\"}}\n");
                Arc::new(bench.parse(&text))
            };
            let after = |text: &str| substitute::substitute(&object(text), &kustomization, &variables, true, None);
            assert_eq!(after("${b}").node.at("/data/x").unwrap().text(), Some("known"));
            let open = after("${b}-${a}");
            assert_eq!(open.undetermined.as_deref(), Some("substitute from `Secret/s`: its values are encrypted"));
            assert_eq!(open.node.at("/data/x").unwrap().text(), Some("${b}-${a}"));
            assert!(open.problem.is_none() && open.uses.iter().all(|used| used.is_defined));
            let wrong = after("${a} ${b-c}");
            let message = "variable substitution failed: missing closing brace in `${b-c}`";
            assert_eq!(wrong.problem.map(|problem| problem.message).as_deref(), Some(message));
        }
    }

    #[test]
    fn a_known_value_wins_over_one_that_is_not_known() {
        let bench = Bench::default();
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: 'ENC[AES256_GCM,data:x]'}\n";
        let kustomization = bench.kustomization("{substituteFrom: [{kind: Secret, name: s}], substitute: {a: mine}}");
        let (variables, _) = Variables::build(&kustomization, &bench.cluster(secret));
        assert_eq!((variables.get("a").map(|a| a.text.as_str()), variables.unknown("a")), (Some("mine"), None));
    }

    #[test]
    fn an_object_that_is_not_at_hand_leaves_open_all_names_but_those_defined_after_it() {
        let bench = Bench::default();
        let known = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: known}\ndata: {a: a, b: b}\n";
        let reason = Some("substitute from `Secret/unknown`: it comes from elsewhere");
        let from = |list: &str| {
            let post_build = format!("{{substituteFrom: [{list}], substitute: {{c: c}}}}");
            Variables::build(&bench.kustomization(&post_build), &bench.cluster(known))
        };
        let (unknown, known) = ("{kind: Secret, name: unknown, optional: true}", "{kind: ConfigMap, name: known}");
        for (list, a) in [(format!("{unknown}, {known}"), None), (format!("{known}, {unknown}"), reason)] {
            let (variables, problems) = from(&list);
            assert_eq!(problems, []);
            // Names that no source can define are not open.
            let found = ["a", "c", "other", "1", "x-y"].map(|name| variables.unknown(name));
            assert_eq!(found, [a, None, reason, None, None], "{list}");
        }
    }

    #[test]
    fn numbers_pass_through_a_float() {
        let bench = Bench::default();
        let substituted = bench.substitute("a: 123456789012345678\nb: 1.50", "{substitute: {x: one}}", false);
        let text = "apiVersion: x.io/v1\nkind: X\nmetadata:\n  name: a\nspec:\n  a: 123456789012345680\n  b: 1.5\n";
        assert_eq!(print::resource(&substituted.node).unwrap(), text);
        assert_eq!(bench.shown(at(&substituted, "/spec/a").place()), "123456789012345678");
    }

    #[test]
    fn work_and_results_are_bounded() {
        let long = "a".repeat(100_000);
        let value = |_: &str| Some(long.as_str().into());
        for text in ["${v##*b*b*b}", &"${v}".repeat(1000), &"${v//a/${v}}".repeat(2), &"${a:-".repeat(100_000)] {
            assert!(substitute::envsubst(text, &value, false).is_err(), "{}", &text[..12]);
        }
    }

    #[test]
    fn objects_that_become_one_are_told() {
        let bench = Bench::default();
        let named = |name: &str| {
            Arc::new(bench.parse(&format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n")))
        };
        let (a, b) = (named("a"), named("b"));
        let clash = substitute::clashes(&[named("x"), b.clone()], &[b.clone(), b.clone()]);
        assert_eq!(messages(&clash), ["variable substitution turns this into a second `ConfigMap/b`"]);
        assert_eq!(substitute::clashes(&[a.clone(), b.clone()], &[a, named("c")]), []);
    }
}
