//! What is not known hides only what it could create, and spoils only what uses it.

mod bounds {
    use fleetlint::report::Report;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::Selection;

    use crate::fleet::Repositories;

    const FLEET: &str = "fleet";

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://github.com/acme/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 1m
  prune: true
  path: ./clusters/prod
  sourceRef: {kind: GitRepository, name: flux-system}
";

    /// A source that is not at hand.
    const AWAY: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: away, namespace: flux-system}
spec: {interval: 1m, url: https://github.com/acme/away, ref: {branch: main}}
";

    const NAMESPACES: &str = "apiVersion: v1
kind: Namespace
metadata: {name: team-a}
---
apiVersion: v1
kind: Namespace
metadata: {name: team-b}
";

    const NOTHING: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: nothing, namespace: default}
";

    const ANOTHER: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: another, namespace: default}
";

    /// A Kustomization in Flux's namespace. `more` are lines of its spec, in flow style.
    fn kustomization(name: &str, path: &str, source: &str, more: &str) -> String {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: \
             flux-system}}\nspec: {{interval: 1m, prune: true, path: {path}, sourceRef: {{kind: GitRepository, name: {source}, namespace: \
             flux-system}}{more}}}\n"
        )
    }

    /// One that waits for `wanted`, in `namespace`.
    fn waiting(namespace: &str, wanted: &str) -> String {
        kustomization("waiting", "./apps", "flux-system", &format!(", dependsOn: [{{name: {wanted}}}]"))
            .replace("name: waiting, namespace: flux-system", &format!("name: waiting, namespace: {namespace}"))
    }

    fn fleet(cluster: &[&str], files: &[(&str, &str)]) -> Repositories {
        let repositories = Repositories::empty();
        repositories.write(FLEET, "clusters/prod/flux-system/gotk-sync.yaml", SYNC);
        repositories.write(FLEET, "clusters/prod/fleet.yaml", &cluster.join("---\n"));
        repositories.write(FLEET, "apps/nothing.yaml", NOTHING);
        files.iter().for_each(|(file, text)| repositories.write(FLEET, file, text));
        repositories
    }

    fn check(repositories: &Repositories) -> Report {
        check_without(repositories, &[])
    }

    fn check_without(repositories: &Repositories, ignored: &[&str]) -> Report {
        let path = repositories.path(FLEET);
        let ignore = ignored.iter().map(|&family| family.to_owned()).collect();
        let selection = Selection { ignore, ..Selection::default() };
        Session::default().check(&Request::of(&path), &selection, None).unwrap()
    }

    /// What could not be told whether it exists.
    fn open(report: &Report) -> Vec<String> {
        let notes = report.notes.iter().filter_map(|note| note.message.strip_prefix("cannot tell whether "));
        notes.map(str::to_owned).collect()
    }

    /// The families that say why nothing is applied.
    const CAUSES: [&str; 2] = ["build", "schema"];

    /// The names of the rules that report something, and what could not be told. What Flux or the API server refuses is the cause
    /// of the latter, and as long as it is shown no note repeats it.
    fn told(cluster: &[&str], files: &[(&str, &str)]) -> (Vec<&'static str>, Vec<String>) {
        let repositories = fleet(cluster, files);
        let report = check(&repositories);
        let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
        let all = open(&check_without(&repositories, &CAUSES));
        let is_refused = rules.iter().any(|rule| CAUSES.iter().any(|family| rule.starts_with(family)));
        assert_eq!(open(&report), if is_refused { Vec::new() } else { all.clone() });
        assert_eq!(report.summary.inconclusive, all.len());
        (rules, all)
    }

    const MISSING: &str = "kustomization-graph/depends-on-missing";
    const FAILED: &str = "build/kustomize-failed";

    #[track_caller]
    fn is_missing(cluster: &[&str], files: &[(&str, &str)]) {
        assert_eq!(told(cluster, files), (vec![MISSING], vec![]));
    }

    #[track_caller]
    fn is_open(cluster: &[&str], files: &[(&str, &str)], why: &str) {
        let (rules, notes) = told(cluster, files);
        assert!(!rules.contains(&MISSING), "{rules:?}");
        assert_eq!(notes, [why]);
    }

    const NOT_AVAILABLE: &str = "source GitRepository `flux-system/away` (`github.com/acme/away`) is not available";

    #[test]
    fn a_source_that_is_not_at_hand_hides_what_its_target_namespace_holds() {
        let away = |target: &str| kustomization("away", "./", "away", &format!(", targetNamespace: {target}"));
        is_missing(&[AWAY, &away("team-a"), &waiting("flux-system", "db")], &[]);
        is_missing(&[AWAY, &away("team-a"), &waiting("team-b", "db")], &[]);
        let why = format!(
            "Kustomization `team-a/db` exists: Kustomization `flux-system/away` may create it ({NOT_AVAILABLE})"
        );
        is_open(&[AWAY, &away("team-a"), &waiting("team-a", "db")], &[], &why);
        // An empty one is none.
        is_open(&[AWAY, &away("''"), &waiting("team-a", "db")], &[], &why);
    }

    #[test]
    fn without_one_it_hides_everything() {
        let away = kustomization("away", "./", "away", "");
        let why = format!(
            "Kustomization `flux-system/db` exists: Kustomization `flux-system/away` may create it ({NOT_AVAILABLE})"
        );
        is_open(&[AWAY, &away, &waiting("flux-system", "db")], &[], &why);
    }

    #[test]
    fn the_crds_of_others_hide_no_objects_of_flux() {
        let away = |path: &str| kustomization("away", path, "away", "");
        let foreign = AWAY.replace("acme", "kubernetes-sigs");
        let wanted = waiting("flux-system", "db");
        is_missing(&[&foreign, &away("./config/crd"), &wanted], &[]);
        assert_eq!(told(&[&foreign, &away("./config"), &wanted], &[]).0, [""; 0]);
        assert_eq!(told(&[AWAY, &away("./config/crd"), &wanted], &[]).0, [""; 0]);
    }

    #[test]
    fn a_variable_that_is_not_known_spoils_only_the_field_that_holds_it() {
        let parent = kustomization(
            "parent",
            "./parent",
            "flux-system",
            ", postBuild: {substituteFrom: [{kind: Secret, name: gone}]}",
        );
        let child = |from: &str, to: &str| {
            let child = waiting("flux-system", "db").replace(from, to);
            told(&[&parent], &[("parent/child.yaml", &child)])
        };
        assert_eq!(child("path: ./apps", "path: './${PATH}'"), (vec![MISSING], vec![]));
        assert_eq!(child("interval: 1m", "interval: '${I}'"), (vec![MISSING], vec![]));
        assert_eq!(child("name: db", "name: '${DB}'"), (vec![], vec![]));
    }

    #[test]
    fn a_path_that_names_a_namespace_does_not_reach_one_that_another_path_names() {
        let away = |path: &str| kustomization("away", path, "away", "");
        let other = kustomization("other", "./tenants/team-b", "flux-system", "");
        let files = [("tenants/team-b/nothing.yaml", ANOTHER)];
        is_missing(&[AWAY, NAMESPACES, &away("./tenants/team-a"), &other, &waiting("team-b", "db")], &files);
        let why = |namespace: &str| {
            format!(
                "Kustomization `{namespace}/db` exists: Kustomization `flux-system/away` may create it ({NOT_AVAILABLE})"
            )
        };
        let open = |cluster: &[&str], namespace: &str| is_open(cluster, &files, &why(namespace));
        // Its own namespace, that of Flux, one that no path names, one that nothing creates.
        open(&[AWAY, NAMESPACES, &away("./tenants/team-a"), &other, &waiting("team-a", "db")], "team-a");
        open(&[AWAY, NAMESPACES, &away("./tenants/team-a"), &other, &waiting("flux-system", "db")], "flux-system");
        open(&[AWAY, NAMESPACES, &away("./tenants/team-a"), &waiting("team-b", "db")], "team-b");
        open(&[AWAY, NAMESPACES, &away("./tenants/team-a"), &other, &waiting("team-c", "db")], "team-c");
        // A path that names none, or both.
        open(&[AWAY, NAMESPACES, &away("./tenants"), &other, &waiting("team-b", "db")], "team-b");
        open(&[AWAY, NAMESPACES, &away("./team-a/team-b"), &other, &waiting("team-b", "db")], "team-b");
    }

    const REMOTE: &str = "resources:\n- https://github.com/acme/bases//db?ref=v1\n";

    fn remote_why(namespace: &str) -> String {
        format!(
            "Kustomization `{namespace}/db` exists: Kustomization `flux-system/base` may create it \
             (`https://github.com/acme/bases//db?ref=v1` is remote: it is not fetched)"
        )
    }

    #[test]
    fn a_remote_base_hides_what_the_namespace_of_a_kustomization_file_holds() {
        let base = kustomization("base", "./base", "flux-system", "");
        let file = |text: &str| format!("{text}{REMOTE}");
        let with = |text: &str| [("base/kustomization.yaml", file(text))];
        for (namespace, text) in [("team-a", ""), ("team-b", ""), ("team-b", "namespace: team-b\n")] {
            let files = with(text);
            let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
            is_open(&[&base, &waiting(namespace, "db")], &files, &remote_why(namespace));
        }
        let files = with("namespace: team-b\n");
        is_missing(&[&base, &waiting("team-a", "db")], &[(files[0].0, &files[0].1)]);
        let targeted = kustomization("base", "./base", "flux-system", ", targetNamespace: team-a");
        is_missing(&[&targeted, &waiting("team-b", "db")], &[(files[0].0, &files[0].1)]);
        is_open(&[&targeted, &waiting("team-a", "db")], &[(files[0].0, &files[0].1)], &remote_why("team-a"));
    }

    #[test]
    fn a_file_that_others_publish_brings_no_objects_of_flux() {
        let base = kustomization("base", "./base", "flux-system", "");
        let told_with = |entry: &str| {
            let file = format!("resources:\n- {entry}\n");
            told(&[&base, &waiting("team-a", "db")], &[("base/kustomization.yaml", &file)]).0
        };
        let none: [&str; 0] = [];
        assert_eq!(
            told_with("https://github.com/kubernetes-sigs/gateway-api/releases/download/v1/install.yaml"),
            [MISSING]
        );
        assert_eq!(told_with("https://infra.tekton.dev/operator/v0.79.0/release.yaml"), [MISSING]);
        // Of the same owner, named after Flux, a base.
        assert_eq!(told_with("https://raw.githubusercontent.com/Acme/shared/main/all.yaml"), none);
        assert_eq!(told_with("https://files.acme.io/all.yaml"), none);
        assert_eq!(told_with("https://github.com/fluxcd/flux2/releases/download/v2/install.yaml"), none);
        assert_eq!(told_with("github.com/kubernetes-sigs/gateway-api/config/crd?ref=v1"), none);
        // Data is not an object.
        let data = "configMapGenerator:\n- name: board\n  files: ['a.json=https://files.example.com/a.json']\n";
        assert_eq!(told(&[&base, &waiting("team-a", "db")], &[("base/kustomization.yaml", data)]).0, [MISSING]);
    }

    #[test]
    fn the_outermost_namespace_counts_unless_something_moves_objects_out_of_it() {
        let base = kustomization("base", "./base", "flux-system", "");
        let inner = format!("namespace: team-a\n{REMOTE}");
        let files = |outer: &'static str| {
            [("base/kustomization.yaml", outer), ("inner/kustomization.yaml", &inner)]
                .map(|(file, text)| (file, text.to_owned()))
        };
        let as_text = |files: &[(&'static str, String); 2]| {
            files.iter().map(|(file, text)| (*file, text.clone())).collect::<Vec<_>>()
        };
        let told_with = |outer: &'static str, namespace: &str| {
            let files = as_text(&files(outer));
            let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
            told(&[&base, &waiting(namespace, "db")], &files).0
        };
        assert_eq!(told_with("resources: [../inner]\n", "team-b"), [MISSING]);
        assert_eq!(told_with("resources: [../inner]\n", "team-a"), [""; 0]);
        assert_eq!(told_with("namespace: team-b\nresources: [../inner]\n", "team-a"), [MISSING]);
        assert_eq!(told_with("namespace: team-b\nresources: [../inner]\n", "team-b"), [""; 0]);
        // A patch, a component, a replacement above.
        let patch = "resources: [../inner]\npatches:\n- target: {kind: Kustomization}\n  patch: |\n    - {op: replace, path: \
                     /metadata/namespace, value: team-b}\n";
        assert_eq!(told_with(patch, "team-b"), [""; 0]);
        let replacement = "resources: [../inner]\nreplacements:\n- source: {kind: ConfigMap, name: x}\n  targets: []\n";
        assert_eq!(told_with(replacement, "team-b"), [""; 0]);
    }

    /// The rules that report something, and the notes on what was only partly checked, each with its help.
    fn notes_of(cluster: &[&str], files: &[(&str, &str)]) -> (Vec<&'static str>, Vec<String>) {
        let report = check(&fleet(cluster, files));
        let rules = report.findings.iter().map(|finding| finding.rule).collect();
        let is_one = |message: &str| message.contains("partly checked") || message.contains("not expanded");
        let notes = report.notes.iter().filter(|note| is_one(&note.message));
        let shown = |help: &Option<String>| help.clone().unwrap_or_default();
        (rules, notes.map(|note| format!("{} ({})", note.message, shown(&note.help))).collect())
    }

    const PATH: &str = "kustomization-graph/path-not-found";
    const COPY: &str = "fleetlint uses no network: copy it into the repository to have it checked";

    fn remote_note(url: &str, kustomization: &str) -> String {
        format!(
            "`{url}` is remote: it is not fetched: the output of Kustomization `flux-system/{kustomization}` was \
             only partly checked ({COPY})"
        )
    }

    #[test]
    fn a_remote_file_leaves_the_objects_beside_it_to_be_judged() {
        let base = kustomization("base", "./base", "flux-system", "");
        let misspelt = kustomization("misspelt", "./app", "flux-system", "");
        let data =
            "resources: [ks.yaml]\nconfigMapGenerator:\n- name: board\n  files: ['a.json=https://x.io/a.json']\n";
        let file = "resources: [ks.yaml, 'https://x.io/a.yaml']\n";
        for (text, url) in [(data, "https://x.io/a.json"), (file, "https://x.io/a.yaml")] {
            let files = [("base/kustomization.yaml", text), ("base/ks.yaml", misspelt.as_str())];
            assert_eq!(notes_of(&[&base], &files), (vec![PATH], vec![remote_note(url, "base")]));
        }
        // A patch may change what is there.
        let patch = "resources: [ks.yaml]\npatches: [{path: 'https://x.io/p.yaml'}]\n";
        let files = [("base/kustomization.yaml", patch), ("base/ks.yaml", misspelt.as_str())];
        assert_eq!(notes_of(&[&base], &files), (vec![], vec![remote_note("https://x.io/p.yaml", "base")]));
    }

    #[test]
    fn remote_entries_of_a_build_are_one_note_beside_the_values_that_are_missing() {
        let from = ", postBuild: {substituteFrom: [{kind: Secret, name: gone}]}";
        let base = kustomization("base", "./base", "flux-system", from);
        let text = "resources: [c.yaml, 'https://x.io/a.yaml', 'https://x.io/b.yaml']\nconfigMapGenerator:\n- name: c\n  \
                    files: ['https://x.io/c.json', 'https://x.io/d.json']\n";
        let open = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: open, namespace: default}\ndata: {a: '${A}'}\n";
        let report = check(&fleet(&[&base], &[("base/kustomization.yaml", text), ("base/c.yaml", open)]));
        let messages: Vec<&str> = report.notes.iter().map(|note| note.message.as_str()).collect();
        let remote: Vec<&&str> = messages.iter().filter(|message| message.contains("is remote")).collect();
        let note = "`https://x.io/a.yaml` is remote: it is not fetched (and 3 more like it): the output of \
                    Kustomization `flux-system/base` was only partly checked";
        assert_eq!(remote, [&note]);
        // The list of what was not judged has them all.
        let files = ["a.yaml", "b.yaml", "c.json", "d.json"];
        let reasons = files.map(|file| format!("`https://x.io/{file}` is remote: it is not fetched"));
        let listed = report.undetermined.iter().filter(|one| one.subject.contains("flux-system/base"));
        let listed: Vec<&str> = listed.map(|one| one.reason.as_str()).filter(|it| it.contains("remote")).collect();
        assert_eq!(listed, [reasons.join("; ")]);
        let values = "the values of Secret `flux-system/gone` are not known";
        assert!(messages.iter().any(|message| message.starts_with(values)), "{messages:?}");
    }

    #[test]
    fn what_was_never_read_was_not_expanded() {
        let parent = kustomization(
            "parent",
            "./parent",
            "flux-system",
            ", postBuild: {substituteFrom: [{kind: Secret, name: gone}]}",
        );
        let open = AWAY.replace("https://github.com/acme/away", "'https://${HOST}/away'");
        let child = format!("{open}---\n{}", kustomization("child", "./", "away", ""));
        let (rules, notes) = notes_of(&[&parent], &[("parent/child.yaml", &child)]);
        assert_eq!(rules, [""; 0]);
        let why = "source GitRepository `flux-system/away` holds variables that are not known: Kustomization \
                   `flux-system/child` was not expanded (`--show-undetermined` lists what was not judged)";
        assert_eq!(notes, [why]);
    }

    /// What is refused because it lists a file that does not exist.
    fn refused(more: &str) -> String {
        format!("resources: [gone/gone.yaml, ./objects.yaml]\n{more}")
    }

    fn broken(more: &str, objects: &str, wanted: &str) -> (Vec<&'static str>, Vec<String>) {
        let broken = kustomization("broken", "./broken/app", "flux-system", "");
        let files = [
            ("broken/app/kustomization.yaml", refused(more)),
            ("broken/app/objects.yaml", objects.to_owned()),
            ("elsewhere/db.yaml", kustomization("db", "./apps", "flux-system", "")),
            ("another/nothing.yaml", ANOTHER.to_owned()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
        told(&[&broken, &waiting("flux-system", wanted)], &files)
    }

    fn broken_note(wanted: &str) -> Vec<String> {
        vec![format!(
            "Kustomization `flux-system/{wanted}` exists: Kustomization `flux-system/broken` may create it (its build fails)"
        )]
    }

    #[test]
    fn a_refused_build_hides_only_what_its_files_name() {
        assert_eq!(broken("", NOTHING, "db"), (vec![FAILED, MISSING], vec![]));
        // A file that nobody lists may be what was meant; it applies objects that nobody knows.
        let files = [
            ("broken/app/kustomization.yaml", refused("")),
            ("broken/app/objects.yaml", NOTHING.to_owned()),
            ("broken/app/more.yaml", kustomization("more", "./apps", "flux-system", "")),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (*file, text.as_str())).collect();
        let cluster = kustomization("broken", "./broken/app", "flux-system", "");
        let found = told(&[&cluster, &waiting("flux-system", "more")], &files);
        assert_eq!(found, (vec![FAILED], broken_note("more")));
        let found = told(&[&cluster, &waiting("flux-system", "db")], &files);
        assert_eq!(found, (vec![FAILED], broken_note("db")));
    }

    #[test]
    fn a_refused_build_hides_names_that_are_made() {
        let db = |name: &str| kustomization(name, "./another", "flux-system", "");
        // A prefix, a variable.
        assert_eq!(broken("namePrefix: prod-\n", &db("db"), "prod-db"), (vec![FAILED], vec![]));
        let patch =
            "patches:\n- target: {kind: ConfigMap}\n  patch: |\n    - {op: replace, path: /metadata/name, value: db}\n";
        assert_eq!(broken(patch, NOTHING, "db"), (vec![FAILED], broken_note("db")));
        // What waits for an object names it as well, and does not create it.
        let other = kustomization("other", "./another", "flux-system", ", dependsOn: [{name: db}]");
        assert_eq!(broken("", &other, "db"), (vec![FAILED, MISSING, MISSING], vec![]));
    }

    #[test]
    fn a_document_that_cannot_be_read_hides_what_flux_objects_in_it_would_apply() {
        let broken = kustomization("broken", "./broken", "flux-system", "");
        let wanted = waiting("flux-system", "db");
        let unreadable = format!("{NOTHING}\na: [\n");
        let (rules, notes) = told(&[&broken, &wanted], &[("broken/a.yaml", &unreadable)]);
        assert!(rules.contains(&MISSING) && notes.is_empty(), "{rules:?} {notes:?}");
        let flux = format!("{}a: [\n", kustomization("other", "./apps", "flux-system", ""));
        let (rules, notes) = told(&[&broken, &wanted], &[("broken/a.yaml", &flux)]);
        assert!(!rules.contains(&MISSING), "{rules:?}");
        assert_eq!(notes, broken_note("db"));
    }

    #[test]
    fn a_kustomization_file_that_cannot_be_read_hides_everything() {
        let broken = kustomization("broken", "./broken", "flux-system", "");
        let (rules, notes) =
            told(&[&broken, &waiting("flux-system", "db")], &[("broken/kustomization.yaml", "resources: [\n")]);
        assert!(!rules.contains(&MISSING), "{rules:?}");
        assert_eq!(notes, broken_note("db"));
    }

    fn release(chart: &str, values: &str) -> String {
        format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: release, namespace: team-a}}\nspec:\n  \
             interval: 1m\n  chart: {{spec: {{chart: {chart}, sourceRef: {{kind: HelmRepository, name: charts}}}}}}\n  values: {values}\n---\n\
             apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {{name: charts, namespace: \
             team-a}}\nspec: {{url: https://charts.example.com}}\n"
        )
    }

    #[test]
    fn a_chart_creates_objects_of_flux_only_if_its_name_or_its_values_say_so() {
        let wanted = waiting("team-a", "db");
        is_missing(&[&release("redis", "{}"), &wanted], &[]);
        is_missing(&[&release("redis", "{name: db}"), &wanted], &[]);
        let why =
            "Kustomization `team-a/db` exists: HelmRelease `team-a/release` may create it (its chart is not rendered)";
        is_open(&[&release("flux2-sync", "{}"), &wanted], &[], why);
        let raw =
            "{resources: [{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: db}}]}";
        is_open(&[&release("raw", raw), &wanted], &[], why);
        // In its own namespace, or one that the values name.
        is_missing(&[&release("raw", raw), &waiting("team-b", "other")], &[]);
        let elsewhere = raw.replace("name: db", "name: x, namespace: team-b");
        let why = why.replace("team-a/db", "team-b/other");
        is_open(&[&release("raw", &elsewhere), &waiting("team-b", "other")], &[], &why);
    }

    #[test]
    fn a_resource_set_without_known_inputs_hides_what_its_templates_may_be() {
        let set = |resource: &str| {
            format!(
                "apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {{name: set, namespace: team-a}}\nspec:\n  \
                 inputsFrom: [{{kind: ResourceSetInputProvider, name: provider}}]\n  resources: [{resource}]\n---\n\
                 apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSetInputProvider\nmetadata: {{name: provider, \
                 namespace: team-a}}\nspec: {{type: GitHubBranch, url: https://github.com/acme/away}}\n"
            )
        };
        let wanted = waiting("flux-system", "db");
        let account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: << inputs.id >>, namespace: team-a}}";
        is_missing(&[&set(account), &wanted], &[]);
        let flux =
            "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: << inputs.id >>}}";
        let (rules, notes) = told(&[&set(flux), &wanted], &[]);
        assert_eq!((rules, notes.len()), (vec![], 1), "{notes:?}");
        let open = "{apiVersion: v1, kind: << inputs.kind >>, metadata: {name: db, namespace: team-a}}";
        let (rules, notes) = told(&[&set(open), &wanted], &[]);
        assert_eq!((rules, notes.len()), (vec![], 1), "{notes:?}");
    }

    fn account(namespace: &str) -> String {
        waiting(namespace, "flux-system").replace("dependsOn: [{name: flux-system}]", "serviceAccountName: deployer")
    }

    const NO_ACCOUNT: &str = "tenant-isolation/service-account-not-found";

    #[test]
    fn a_service_account_may_come_from_a_chart_of_its_namespace() {
        let found = told(&[NAMESPACES, &release("redis", "{}"), &account("team-b")], &[]);
        assert_eq!(found, (vec![NO_ACCOUNT], vec![]));
        let why = |namespace: &str| {
            vec![format!(
                "service account `{namespace}/deployer` exists: HelmRelease `team-a/release` may create it (its chart is not \
                 rendered)"
            )]
        };
        assert_eq!(told(&[NAMESPACES, &release("redis", "{}"), &account("team-a")], &[]), (vec![], why("team-a")));
        // The values name it, or its namespace, as what they are.
        for values in ["{accounts: [deployer]}", "{watchNamespaces: [team-b]}", "{text: \"a\\nnamespace: team-b\"}"] {
            let found = told(&[NAMESPACES, &release("redis", values), &account("team-b")], &[]);
            assert_eq!(found, (vec![], why("team-b")), "{values}");
        }
        let found =
            told(&[NAMESPACES, &release("redis", "{team-b: {url: http://x.team-b.svc}}"), &account("team-b")], &[]);
        assert_eq!(found, (vec![NO_ACCOUNT], vec![]));
    }

    #[test]
    fn a_service_account_in_a_refused_build_may_come_from_any_file_that_names_it() {
        let broken = |objects: &str| {
            let broken = kustomization("broken", "./broken", "flux-system", "");
            let files = [
                ("broken/kustomization.yaml", "resources: [objects.yaml, objects.yaml]\n"),
                ("broken/objects.yaml", objects),
            ];
            told(&[NAMESPACES, &broken, &account("team-a")], &files)
        };
        assert_eq!(broken(NOTHING), (vec![FAILED, NO_ACCOUNT], vec![]));
        let policy = "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: accounts}\nspec: {rules: [{generate: {name: \
                      deployer}}]}\n";
        let why = "service account `team-a/deployer` exists: Kustomization `flux-system/broken` may create it (its build fails)";
        assert_eq!(broken(policy), (vec![FAILED], vec![why.to_owned()]));
    }

    #[test]
    fn a_config_map_to_substitute_from_is_missing_unless_something_may_create_it() {
        let vars = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cluster-vars, namespace: flux-system}\n";
        let reader = kustomization(
            "reader",
            "./apps",
            "flux-system",
            ", postBuild: {substituteFrom: [{kind: ConfigMap, name: cluster-var}]}",
        );
        let missing = "runtime-info/substitute-from-missing";
        let away = |target: &str| kustomization("away", "./", "away", &format!(", targetNamespace: {target}"));
        assert_eq!(told(&[vars, &reader, AWAY, &away("team-a")], &[]), (vec![missing], vec![]));
        let why = format!(
            "ConfigMap `flux-system/cluster-var` exists: Kustomization `flux-system/away` may create it ({NOT_AVAILABLE})"
        );
        assert_eq!(told(&[vars, &reader, AWAY, &away("flux-system")], &[]), (vec![], vec![why]));
    }

    #[test]
    fn an_object_whose_name_is_not_known_may_be_the_one() {
        let named = |name: &str, namespace: &str| {
            let open = format!(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: '{name}', namespace: '{namespace}'}}\n"
            );
            let parent = kustomization(
                "parent",
                "./parent",
                "flux-system",
                ", postBuild: {substituteFrom: [{kind: Secret, name: gone}]}",
            );
            told(&[NAMESPACES, &parent, &account("team-a")], &[("parent/open.yaml", &open)])
        };
        let maybe =
            [("${X}", "team-a"), ("dep${X}", "team-a"), ("${X}er", "${Y}"), ("deployer", "${Y}"), ("$${X}", "team-a")];
        for (name, namespace) in maybe {
            let why = format!(
                "service account `team-a/deployer` exists: ServiceAccount `{namespace}/{name}` may be it (its name holds a \
                 variable that is not known)"
            );
            assert_eq!(named(name, namespace), (vec![], vec![why]), "{name} {namespace}");
        }
        for (name, namespace) in [("app-${X}", "team-a"), ("${X}-us", "team-a"), ("${X}", "team-b"), ("a", "${Y}")] {
            assert_eq!(named(name, namespace), (vec![NO_ACCOUNT], vec![]), "{name} {namespace}");
        }
    }

    #[test]
    fn what_a_failed_substitution_names_may_be_the_one() {
        let open = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: 'dep${UNDEFINED}', namespace: team-a}\n";
        let bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad, namespace: default}\ndata: {a: '${x-y}'}\n";
        let parent = kustomization("parent", "./parent", "flux-system", ", postBuild: {substitute: {A: a}}");
        let files = [("parent/a.yaml", open), ("parent/b.yaml", bad)];
        let failed = "build/substitution-failed";
        let (rules, notes) = told(&[NAMESPACES, &parent, &account("team-a")], &files);
        assert_eq!((rules, notes.len()), (vec![failed], 1), "{notes:?}");
        // What it builds is known otherwise.
        let found = told(&[NAMESPACES, &parent, &account("team-b")], &files);
        assert_eq!(found, (vec![NO_ACCOUNT, failed], vec![]));
    }
}

mod values {
    use fleetlint::fleet::{Outcome, ReconcilerKind};
    use fleetlint::run::{Request, Session};

    use crate::fleet::Repositories;

    const FLEET: &str = "fleet";

    /// The newest Flux: strict.
    const INSTANCE: &str = "apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.9.0}
  sync: {kind: GitRepository, url: https://github.com/acme/fleet, ref: refs/heads/main, path: clusters/prod}
";

    /// What comes before and after the object that is not at hand.
    const KNOWN: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: before, namespace: flux-system}
data: {EARLY: early, BOTH: before}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: after, namespace: flux-system}
data: {LATE: late, BOTH: after}
";

    /// The value of each entry of a ConfigMap, by the text that is written there; `?` where it is not known. And what became
    /// of the Kustomization.
    fn rendered(post_build: &str, texts: &[&str]) -> (Vec<String>, Outcome) {
        let repositories = Repositories::empty();
        let apps = format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: \
             flux-system}}\nspec:\n  path: ./apps\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n  postBuild: \
             {{{post_build}}}\n"
        );
        repositories.write(FLEET, "clusters/prod/instance.yaml", INSTANCE);
        repositories.write(FLEET, "clusters/prod/known.yaml", KNOWN);
        repositories.write(FLEET, "clusters/prod/apps.yaml", &apps);
        for (index, text) in texts.iter().enumerate() {
            let object = format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{index}, namespace: apps}}\ndata: {{v: '{text}'}}\n"
            );
            repositories.write(FLEET, &format!("apps/c{index}.yaml"), &object);
        }
        let path = repositories.path(FLEET);
        let session = Session::default();
        let (fleet, _) = session.fleet(&Request::of(&path)).unwrap();
        let cluster = &fleet.clusters[0];
        let value = |index: usize| {
            let placed = cluster.find("", "ConfigMap", "apps", &format!("c{index}")).unwrap();
            if placed.settled { placed.object.str("/data/v").unwrap().to_owned() } else { "?".to_owned() }
        };
        let reconciler = cluster.graph().find_reconciler(ReconcilerKind::Kustomization, "flux-system", "apps").unwrap();
        assert_eq!((&reconciler.problems[..], &reconciler.undefined[..]), (&[][..], &[][..]));
        ((0..texts.len()).map(value).collect(), reconciler.outcome.clone())
    }

    fn is_open(outcome: &Outcome) -> bool {
        let expected = "substitute from `Secret/gone`: nothing in the fleet creates it";
        matches!(outcome, Outcome::Undetermined(reason) if reason.to_string() == expected)
    }

    const FROM: &str = "substituteFrom: [{kind: ConfigMap, name: before}, {kind: Secret, name: gone}, {kind: ConfigMap, \
                        name: after}]";

    #[test]
    fn what_no_expression_uses_is_determined() {
        let (values, outcome) = rendered(FROM, &["plain", "$PLAIN", "$${ESCAPED}"]);
        assert_eq!(values, ["plain", "$PLAIN", "${ESCAPED}"]);
        assert_eq!(outcome, Outcome::Rendered);
    }

    #[test]
    fn what_comes_after_is_known_and_what_comes_before_may_be_overridden() {
        let (values, outcome) = rendered(FROM, &["${LATE}", "${BOTH}", "${EARLY}", "x"]);
        assert_eq!(values, ["late", "after", "?", "x"]);
        assert!(is_open(&outcome), "{outcome:?}");
        let (values, outcome) = rendered(FROM, &["${LATE}", "${BOTH}"]);
        assert_eq!((values, outcome), (vec!["late".to_owned(), "after".to_owned()], Outcome::Rendered));
    }

    #[test]
    fn what_is_written_inline_is_known() {
        let inline = format!("substitute: {{EARLY: mine, OWN: own}}, {FROM}");
        let (values, outcome) = rendered(&inline, &["${EARLY}", "${OWN}-${LATE}"]);
        assert_eq!((values, outcome), (vec!["mine".to_owned(), "own-late".to_owned()], Outcome::Rendered));
    }

    #[test]
    fn any_other_name_may_come_from_it() {
        let (values, outcome) = rendered(FROM, &["${OTHER}", "${OTHER:=default}", "${LATE:=${OTHER}}", "${LATE}"]);
        assert_eq!(values, ["?", "?", "?", "late"]);
        assert!(is_open(&outcome), "{outcome:?}");
    }

    #[test]
    fn an_optional_one_that_nothing_creates_is_absent() {
        let from = FROM.replace("name: gone", "name: gone, optional: true");
        let (values, outcome) = rendered(&from, &["${OTHER:=default}", "${EARLY}"]);
        assert_eq!((values, outcome), (vec!["default".to_owned(), "early".to_owned()], Outcome::Rendered));
    }

    #[test]
    fn whether_there_is_any_variable_at_all_counts_for_what_it_changes() {
        let from = "substituteFrom: [{kind: Secret, name: gone}]";
        let (values, outcome) = rendered(from, &["plain", "$$"]);
        assert_eq!(values, ["plain", "?"]);
        assert!(is_open(&outcome), "{outcome:?}");
        let always = format!("substituteStrategy: Always, {from}");
        let (values, outcome) = rendered(&always, &["plain", "$$"]);
        assert_eq!((values, outcome), (vec!["plain".to_owned(), "$".to_owned()], Outcome::Rendered));
    }

    /// A Kustomization that reads a variable of an object that is not at hand, what it applies, and what that applies in turn:
    /// `name=value` of the ConfigMaps in namespace `apps`, `?` where not all of one is known.
    fn below(applied: &str, texts: &[(&str, &str)]) -> Vec<String> {
        let repositories = Repositories::empty();
        let parent = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: parent, namespace: flux-system}
spec:
  path: ./parent
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild: {substituteFrom: [{kind: Secret, name: gone}], substitute: {KNOWN: known}}
";
        let map = |name: &str, value: &str| {
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: '{name}', namespace: apps}}\ndata: {{v: '{value}'}}\n"
            )
        };
        repositories.write(FLEET, "clusters/prod/instance.yaml", INSTANCE);
        repositories.write(FLEET, "clusters/prod/parent.yaml", parent);
        repositories.write(FLEET, "parent/applied.yaml", applied);
        for (index, (name, value)) in texts.iter().enumerate() {
            repositories.write(FLEET, &format!("apps/c{index}.yaml"), &map(name, value));
        }
        let path = repositories.path(FLEET);
        let session = Session::default();
        let (fleet, _) = session.fleet(&Request::of(&path)).unwrap();
        let inside = fleet.clusters[0].objects.iter().filter(|placed| placed.object.id.namespace == "apps");
        let shown = inside.map(|placed| {
            let value = placed.object.str("/data/v").unwrap_or_default();
            let open = if placed.settled { "" } else { "?" };
            format!("{}={value}{open}", placed.object.id.name)
        });
        shown.collect()
    }

    fn child(more: &str) -> String {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: child, namespace: \
             flux-system}}\nspec:\n  path: ./apps\n  interval: ${{INTERVAL}}\n  sourceRef: {{kind: GitRepository, name: \
             flux-system}}\n{more}"
        )
    }

    #[test]
    fn an_inline_value_that_is_not_known_spoils_what_uses_it() {
        let more = "  postBuild: {substitute: {A: '${OTHER}', B: '${KNOWN}', C: c}}\n";
        let texts = [("a", "${A}"), ("b", "${B}"), ("c", "${C}"), ("d", "${A:=d}")];
        assert_eq!(below(&child(more), &texts), ["a=${A}?", "b=known", "c=c", "d=${A:=d}?"]);
    }

    #[test]
    fn what_does_not_change_the_build_may_be_open() {
        assert_eq!(below(&child("  timeout: ${OTHER}\n"), &[("a", "a")]), ["a=a"]);
        assert_eq!(below(&child("  targetNamespace: ${OTHER}\n"), &[("a", "a")]), [""; 0]);
        assert_eq!(below(&child("").replace("./apps", "./${OTHER}"), &[("a", "a")]), [""; 0]);
        assert_eq!(below(&child("").replace("./apps", "./${NEAR:=apps}"), &[("a", "a")]), [""; 0]);
    }

    #[test]
    fn what_an_object_names_by_known_variables_is_known_although_others_are_not() {
        let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 'x-${KNOWN}', namespace: apps}\ndata: {v: \
                      '${OTHER}-${KNOWN}', w: '${KNOWN}'}\n";
        assert_eq!(below(object, &[]), ["x-known=${OTHER}-${KNOWN}?"]);
        // So that the path of a child is.
        let path = child("").replace("./apps", "./${DIR}").replace("${DIR}", "${KNOWN/known/apps}");
        assert_eq!(below(&path, &[("a", "a")]), ["a=a"]);
    }

    #[test]
    fn a_value_of_a_config_map_that_is_not_known_spoils_what_uses_it() {
        let vars = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata: {A: '${OTHER}', B: \
                    '${KNOWN}', C: c}\n";
        let more = "  postBuild: {substituteFrom: [{kind: ConfigMap, name: vars}]}\n";
        let texts = [("a", "${A}"), ("b", "${B}"), ("c", "${C}")];
        assert_eq!(below(&format!("{vars}---\n{}", child(more)), &texts), ["a=${A}?", "b=known", "c=c"]);
        // A key that is not known may be any.
        let open = vars.replace("A: '", "'${OTHER}': '");
        assert_eq!(below(&format!("{open}---\n{}", child(more)), &texts[2..]), ["c=${C}?"]);
    }
}
