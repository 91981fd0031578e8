//! Objects and what is wrong with them.

use fleetlint_source::Files;

use super::*;
use crate::kinds::Type;

fn object(text: &str) -> Object {
    let file = Files::default().add("".into(), None, "a.yaml".into(), Vec::new());
    let stream = fleetlint_yaml::parse::file(text, file.id);
    let root = stream.documents.into_iter().flatten().find_map(|document| document.root).unwrap();
    Object::new(root).unwrap()
}

/// The violations on a release, in short.
fn on(release: &str, text: &str) -> Vec<(String, What)> {
    let verdict = validate(&object(text), FluxVersion::parse(release)).unwrap();
    assert_eq!(verdict.unevaluated, []);
    verdict.violations.into_iter().map(|it| (it.pointer, it.what)).collect()
}

fn with(kind: &str, spec: &str) -> String {
    let group = kinds::flux().find(|(_, known)| *known == kind).unwrap().0;
    let version = kinds::table(group, kind).unwrap().usual_version();
    format!("apiVersion: {group}/{version}\nkind: {kind}\nmetadata: {{name: a, namespace: b}}\nspec: {spec}\n")
}

fn kustomization(spec: &str) -> Vec<(String, What)> {
    on("2.9", &with("Kustomization", spec))
}

/// The pointers and the sentences of broken rules.
fn rules(release: &str, kind: &str, spec: &str) -> Vec<(String, &'static str)> {
    let found = on(release, &with(kind, spec));
    let sentence = |(pointer, what)| match what {
        What::Rule(sentence) => (pointer, sentence.what),
        other => panic!("{pointer}: {other:?}"),
    };
    found.into_iter().map(sentence).collect()
}

fn at(pointer: &str, what: What) -> (String, What) {
    (pointer.to_owned(), what)
}

const GOOD: &str = "{interval: 10m, prune: true, sourceRef: {kind: GitRepository, name: x}}";

#[test]
fn what_is_right_is_right() {
    assert_eq!(kustomization(GOOD), []);
    assert_eq!(kustomization("{interval: 1.5h30m, prune: false, path: , sourceRef: {kind: Bucket, name: x}}"), []);
}

#[test]
fn unknown_fields_name_what_is_meant() {
    let found = kustomization("{interval: 10m, prun: true, sourceRef: {kind: GitRepository, name: x, nmespace: y}}");
    let near = |name: &str, near: &'static str| {
        What::Unknown(UnknownField { name: name.to_owned(), near: vec![near], ..UnknownField::default() })
    };
    let expected = [
        at("/spec/prun", near("prun", "prune")),
        at("/spec/sourceRef/nmespace", near("nmespace", "namespace")),
        at("/spec/prune", What::Missing),
    ];
    assert_eq!(found, expected);
    let found = kustomization(&GOOD.replace("prune", "validation: client, prune"));
    let versions = UnknownField { name: "validation".into(), older: vec!["v1beta2", "v1beta1"], ..Default::default() };
    assert_eq!(found, [at("/spec/validation", What::Unknown(versions))]);
    let found = kustomization(&GOOD.replace("prune", "intervall: 1m, prune"));
    let set_too = UnknownField { name: "intervall".into(), set_too: Some("interval"), ..Default::default() };
    assert_eq!(found, [at("/spec/intervall", What::Unknown(set_too))]);
    let text =
        with("Kustomization", "{commonMetadata: {}, prune: true, sourceRef: {kind: Bucket, name: x}, interval: 1m}");
    let newer = UnknownField { name: "commonMetadata".into(), newer: vec!["v1", "v1beta2"], ..Default::default() };
    assert_eq!(on("2.6", &text.replace("/v1\n", "/v1beta1\n")), [at("/spec/commonMetadata", What::Unknown(newer))]);
    let text = with(
        "HelmRelease",
        "{interval: 1h, version: 1.x, chart: {spec: {chart: a, sourceRef: {kind: Bucket, name: b}}}}",
    );
    let elsewhere =
        UnknownField { name: "version".into(), elsewhere: vec!["spec.chart.spec.version"], ..Default::default() };
    assert_eq!(on("2.9", &text), [at("/spec/version", What::Unknown(elsewhere))]);
}

#[test]
fn a_key_written_instead_is_found_from_the_field_that_is_missing() {
    let object = object(&with("Kustomization", "{prun: true, sourceref: {kind: Bucket}}"));
    let instead = |pointer| written_instead(&object, pointer).and_then(Node::text);
    assert_eq!(instead("/spec/prune"), Some("prun"));
    assert_eq!(instead("/spec/sourceRef/name"), Some("sourceref"));
    assert_eq!(instead("/spec/interval"), None);
    assert_eq!(instead("/spec/prun"), None);
}

#[test]
fn fields_come_with_releases() {
    let text = with("Kustomization", &GOOD.replace("prune", "ignore: [{paths: [/a]}], prune"));
    assert_eq!(on("2.9", &text), []);
    assert_eq!(on("2.8", &text), [at("/spec/ignore", What::TooNew((2, 9)))]);
    let text = with("Kustomization", &GOOD.replace("GitRepository", "ExternalArtifact"));
    assert_eq!(on("2.7", &text), []);
    let allowed = vec!["OCIRepository", "GitRepository", "Bucket"];
    let late = What::NotAllowed { allowed, since: Some((2, 7)) };
    assert_eq!(on("2.6", &text), [at("/spec/sourceRef/kind", late)]);
    let text = with("HelmRelease", "{interval: 1h, chart: {kind: OCIRepository, spec: {url: 'oci://a/b'}}}");
    assert_eq!(on("2.10", &text), []);
    assert_eq!(on("2.x", &text), []);
    let found = on("2.9", &text);
    assert!(found.contains(&at("/spec/chart/kind", What::TooNew((2, 10)))), "{found:?}");
    assert!(found.contains(&at("/spec/chart/spec/url", What::TooNew((2, 10)))), "{found:?}");
}

#[test]
fn types_bounds_and_durations() {
    let wrong = |expected, found| What::WrongType { expected, found };
    let cases = [
        ("interval: 10m", "interval: 12", at("/spec/interval", wrong(Type::Duration, "a number"))),
        ("interval: 10m", "interval: 1d", at("/spec/interval", What::NotADuration { without_hours: false })),
        ("interval: 10m", "interval: ''", at("/spec/interval", What::NotADuration { without_hours: false })),
        ("interval: 10m", "interval: [10m]", at("/spec/interval", wrong(Type::Duration, "a list"))),
        ("prune: true", "prune: 'true'", at("/spec/prune", wrong(Type::Boolean, "a string"))),
        ("prune: true", "prune: yes", at("/spec/prune", wrong(Type::Boolean, "a string"))),
        ("prune: true", "prune: ~", at("/spec/prune", What::Missing)),
        ("name: x", "name: 5", at("/spec/sourceRef/name", wrong(Type::String, "a number"))),
        ("kind: GitRepository", "kind: Git", {
            let kinds = vec!["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"];
            at("/spec/sourceRef/kind", What::NotAllowed { allowed: kinds, since: None })
        }),
        ("prune: true", "prune: true, targetNamespace: ''", {
            at("/spec/targetNamespace", What::OutOfBounds(Bound { name: "minLength", value: 1.0 }))
        }),
        ("prune: true", "prune: true, postBuild: {substitute: {A: 1}}", {
            at("/spec/postBuild/substitute/A", wrong(Type::String, "a number"))
        }),
        ("prune: true", "prune: true, dependsOn: {name: a}", at("/spec/dependsOn", wrong(Type::List, "a mapping"))),
        ("prune: true", "prune: true, dependsOn: [a]", at("/spec/dependsOn/0", wrong(Type::Object, "a string"))),
    ];
    for (good, bad, expected) in cases {
        assert_eq!(kustomization(&GOOD.replace(good, bad)), [expected], "{bad}");
    }
    let text = with("GitRepository", "{interval: 1m, url: 'https://a', timeout: 1h}");
    assert_eq!(on("2.9", &text), [at("/spec/timeout", What::NotADuration { without_hours: true })]);
    let text = with("GitRepository", "{interval: 1m, url: 'git://a'}");
    assert_eq!(on("2.9", &text), [at("/spec/url", What::Mismatch("^(http|https|ssh)://.*$"))]);
}

#[test]
fn metadata_is_judged_but_for_what_any_object_has() {
    let text =
        with("Kustomization", GOOD).replace("{name: a, namespace: b}", "{name: a, namespace: 5, lables: {a: 1}}");
    let found: Vec<_> = on("2.9", &text).into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(found, ["/metadata/lables"]);
}

#[test]
fn duplicate_keys_of_lists() {
    let provider =
        |url: &str| format!("{{issuerURL: '{url}', audience: a, validations: [{{expression: b, message: c}}]}}");
    let all = ["https://a", "https://b", "https://a"].map(provider).join(", ");
    let text = with("Receiver", &format!("{{type: generic-oidc, resources: [], oidcProviders: [{all}]}}"));
    let duplicate = What::Duplicate { first: "/spec/oidcProviders/0/issuerURL".into(), key: "https://a".into() };
    assert_eq!(on("2.10", &text), [at("/spec/oidcProviders/2/issuerURL", duplicate)]);
    let text = with("Kustomization", GOOD).replace("name: a,", "name: a, finalizers: [b/c, b/c],");
    let duplicate = What::Duplicate { first: "/metadata/finalizers/0".into(), key: "b/c".into() };
    assert_eq!(on("2.10", &text), [at("/metadata/finalizers/1", duplicate)]);
}

#[test]
fn rules_say_which_fields_go_together() {
    let exactly = "a HelmRelease needs exactly one of `chart` and `chartRef`";
    assert_eq!(rules("2.9", "HelmRelease", "{interval: 1h}"), [("/spec/chartRef".to_owned(), exactly)]);
    let of_chart = "{interval: 1h, chart: {spec: {chart: a, sourceRef: {kind: Bucket, name: b}}}";
    assert_eq!(rules("2.9", "HelmRelease", &format!("{of_chart}}}")), []);
    let both = rules("2.9", "HelmRelease", &format!("{of_chart}, chartRef: {{kind: HelmChart, name: a}}}}"));
    assert_eq!(both, [("/spec/chartRef".to_owned(), exactly)]);
    let found = rules("2.9", "ResourceSet", "{inputsFrom: [{kind: ResourceSetInputProvider}], resources: []}");
    let neither = "this reference to input providers has neither a `name` nor a `selector`";
    assert_eq!(found, [("/spec/inputsFrom/0/name".to_owned(), neither)]);
    let steps = "{steps: [{name: a, resources: []}, {name: a, resources: []}]}";
    assert_eq!(rules("2.9", "ResourceSet", steps), [("/spec/steps".to_owned(), "two steps have the same name")]);
    // The default of `provider` counts.
    let bucket = "{interval: 1m, bucketName: a, endpoint: b, serviceAccountName: c}";
    let account = "`serviceAccountName` cannot be set with `provider: generic`, the default";
    assert_eq!(rules("2.9", "Bucket", bucket), [("/spec/serviceAccountName".to_owned(), account)]);
    // Where no `url` is there, the rule that reads it fails, which the other one says.
    let provider = "{type: GitHubBranch}";
    let missing = "a provider of this type needs a `url`";
    assert_eq!(rules("2.9", "ResourceSetInputProvider", provider), [("/spec/url".to_owned(), missing)]);
    // The server does not evaluate a rule about a value that is wrong in itself.
    let found = on("2.9", &with("ResourceSetInputProvider", "{type: GitHubBranch, url: 'git@github.com:a/b'}"));
    assert!(matches!(found.as_slice(), [(pointer, What::Mismatch(_))] if pointer == "/spec/url"), "{found:?}");
    let instance = "{distribution: {version: 2.x, registry: ghcr.io/fluxcd}}";
    let name = ("/metadata/name".to_owned(), "the object can only be named `flux`");
    assert_eq!(rules("2.9", "FluxInstance", instance), [name]);
}

#[test]
fn a_release_older_than_the_tables_is_judged_by_its_fields() {
    let verdict = |release| {
        let text = with("HelmRelease", "{interval: 1h, chrt: {}}");
        validate(&object(&text), FluxVersion::parse(release)).unwrap()
    };
    let old = verdict("2.3");
    assert_eq!(old.unevaluated, [Unevaluated::OldRelease]);
    assert_eq!(old.violations.len(), 1);
    assert_eq!(verdict("2.6").violations.len(), 2);
}

#[test]
fn what_is_not_of_flux_is_not_judged() {
    let none = |text: &str| validate(&object(text), None).is_none();
    assert!(none("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, spec: 1}"));
    assert!(none("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: 1}"));
    assert!(none("{apiVersion: kustomize.toolkit.fluxcd.io/v11, kind: Kustomization, metadata: {name: a}, spec: 1}"));
    // A version that a release does not serve any more is judged as it was.
    let text = with("Kustomization", "{prune: 1}").replace("/v1\n", "/v1beta2\n");
    let found: Vec<_> = on("2.10", &text).into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(found, ["/spec/prune", "/spec/interval", "/spec/sourceRef"]);
}

#[test]
fn every_rule_of_the_tables_is_understood_and_has_a_sentence() {
    let mut rules = std::collections::BTreeSet::new();
    for (group, kind) in kinds::flux() {
        let table = kinds::table(group, kind).unwrap();
        rules.extend(all_rules(table.root()));
    }
    assert_eq!(rules.len(), sentence::all().len());
    for rule in rules {
        assert!(cel::is_read(rule), "{rule}");
        let sentence = sentence::of(rule).unwrap_or_else(|| panic!("no sentence: {rule}"));
        assert!(!sentence.what.ends_with('.') && !sentence.help.ends_with('.'), "{rule}");
    }
}

fn all_rules(field: Field) -> Vec<&'static str> {
    let own = field.variants().flat_map(Field::rules);
    let below = field.children(Scope::default()).flat_map(Field::variants).flat_map(all_rules);
    own.chain(below).collect()
}
