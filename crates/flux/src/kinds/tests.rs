//! The tables say what the schemas say (`cargo xtask fields --check` compares them all; here are some of each sort), and what
//! is written by hand fits them.

use super::*;
use crate::release::{Component, FluxVersion, Served, api_version, served};

const KUSTOMIZE: &str = "kustomize.toolkit.fluxcd.io";
const SOURCE: &str = "source.toolkit.fluxcd.io";

fn any(group: &str, kind: &str, pointer: &str) -> Option<Field> {
    find(group, kind, pointer, Scope::default())?.field()
}

/// In a version, on a release.
fn on<'a>(version: &'a str, release: &str) -> Scope<'a> {
    Scope { version: Some(version), releases: FluxVersion::parse(release) }
}

#[test]
fn fields_have_types_and_bounds() {
    let field = |pointer| any(KUSTOMIZE, "Kustomization", pointer).unwrap();
    assert_eq!(field("/spec/interval").value_type(), Type::Duration);
    assert!(field("/spec/prune").is_required());
    assert_eq!(field("/spec/prune").value_type(), Type::Boolean);
    assert_eq!(field("/spec/force").default(), Some("false"));
    assert_eq!(field("/spec/dependsOn").value_type(), Type::List);
    assert_eq!(field("/spec/dependsOn/12/name").path(), "spec.dependsOn[].name");
    assert_eq!(field("/spec/dependsOn/*").name(), "[]");
    assert_eq!(field("/spec/postBuild/substitute/A~1B").path(), "spec.postBuild.substitute{}");
    assert_eq!(field("/spec/namePrefix").bound("maxLength"), Some(200.0));
    let kinds: Vec<&str> = field("/spec/postBuild/substituteFrom/0/kind").allowed().unwrap().collect();
    assert_eq!(kinds, ["Secret", "ConfigMap"]);
    assert_eq!(field("/metadata/labels/x").value_type(), Type::String);
    assert_eq!(field("/kind").table().kind, "Object");
    let condition = field("/status/conditions/0/lastTransitionTime");
    assert_eq!((condition.value_type(), condition.is_required()), (Type::Time, true));
}

#[test]
fn what_is_not_there_is_told_from_what_is_open() {
    let at = |group, kind, pointer| find(group, kind, pointer, Scope::default());
    let values = at("helm.toolkit.fluxcd.io", "HelmRelease", "/spec/values/image/tag");
    assert!(matches!(values, Some(Found::Below(field)) if field.path() == "spec.values"), "{values:?}");
    let typo = at(KUSTOMIZE, "Kustomization", "/spec/dependOn/0/name");
    assert!(matches!(typo, Some(Found::Unknown { last, position: 1 }) if last.path() == "spec"), "{typo:?}");
    let word = at(KUSTOMIZE, "Kustomization", "/spec/dependsOn/name");
    assert!(matches!(word, Some(Found::Unknown { position: 2, .. })), "{word:?}");
    assert!(matches!(at("apps", "Deployment", "/spec/paused"), Some(Found::Unlisted)));
    assert!(at("apps", "Nothing", "/spec").is_none());
}

#[test]
fn versions_and_releases_count() {
    let at = |pointer, scope| find(KUSTOMIZE, "Kustomization", pointer, scope).unwrap().field();
    assert!(at("/spec/ignore", on("v1", "2.8")).is_none());
    assert!(at("/spec/ignore", on("v1", "2.9")).is_some());
    assert!(at("/spec/ignore", on("v1beta2", "2.9")).is_none());
    assert!(at("/spec/validation", on("v1beta2", "2.7")).is_some());
    assert!(at("/spec/validation", on("v1", "2.7")).is_none());
    let release = |name| Scope { version: None, releases: FluxVersion::parse(name) };
    assert!(at("/spec/validation", release("2.7")).is_some());
    assert!(at("/spec/validation", release("2.8")).is_none(), "no version that has it is served any more");
    assert!(at("/spec", on("v1beta2", "2.8")).is_none());
    assert!(at("/spec", on("v1beta7", "2.8")).is_none());
    assert_eq!(at("/spec/ignore", on("v1", "2.x")).unwrap().since(), Some((2, 9)));
    let kinds = |scope| at("/spec/sourceRef/kind", scope).unwrap().allowed().unwrap().collect::<Vec<_>>();
    assert_eq!(kinds(on("v1", "2.6")), ["OCIRepository", "GitRepository", "Bucket"]);
    assert_eq!(kinds(on("v1", "2.7")), ["OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"]);
    assert_eq!(kinds(on("v1beta1", "2.6")), ["GitRepository", "Bucket"]);

    let table = table(KUSTOMIZE, "Kustomization").unwrap();
    let versions: Vec<_> = table.versions.iter().map(|it| (it.name, it.since, it.until)).collect();
    assert_eq!(versions, [("v1", None, None), ("v1beta2", None, Some((2, 7))), ("v1beta1", None, Some((2, 6)))]);
    let provider = super::table("notification.toolkit.fluxcd.io", "Provider").unwrap();
    assert_eq!((provider.versions[0].name, provider.versions[0].since), ("v1", Some((2, 10))));
    assert_eq!(provider.versions[1].deprecated, Some((2, 10)));
    assert_eq!(provider.usual_version(), "v1beta3");
    assert_eq!(super::table("image.toolkit.fluxcd.io", "ImagePolicy").unwrap().usual_version(), "v1");
    assert_eq!(table.usual_version(), "v1");
    let of = any(SOURCE, "GitRepository", "/spec/gitImplementation").unwrap();
    assert_eq!(of.versions().map(|it| it.name).collect::<Vec<_>>(), ["v1beta2", "v1beta1"]);
}

/// The dated table and those of fields, which are from the schemas, name the same versions.
#[test]
fn the_versions_are_those_of_the_table_of_releases() {
    for (group, kind) in flux() {
        for version in &table(group, kind).unwrap().versions {
            let row = api_version(group, kind, version.name).unwrap_or_else(|| panic!("{kind} {}", version.name));
            for minor in (6..=10).map(|minor| (2, minor)).filter(|_| row.component == Component::Flux) {
                let is_served = version.is_served_on(FluxVersion { oldest: minor, newest: minor, patch: None });
                let expected = matches!(served(row, minor), Served::Yes | Served::Deprecated);
                assert_eq!(is_served, expected, "{group}/{} {kind} on {minor:?}", version.name);
                let is_deprecated = is_served && version.deprecated.is_some_and(|since| since <= minor);
                // Not every version that another one follows has the mark in its schema.
                assert!(
                    !is_deprecated || served(row, minor) == Served::Deprecated,
                    "{kind} {} on {minor:?}",
                    version.name
                );
            }
        }
    }
}

#[test]
fn every_table_is_what_the_registry_says() {
    let names: Vec<_> = all().collect();
    assert!(names.is_sorted_by_key(|(group, kind)| (*kind, *group)), "the registry is searched by halves");
    for (group, kind) in names {
        let table = table(group, kind).unwrap();
        assert_eq!((table.group, table.kind), (group, kind));
        assert!(table.lines.len() > 1, "{kind} has no fields");
        assert!(table.versions.len() < 16);
        for line in &table.lines[1..] {
            let types = "object map list string integer number boolean duration quantity time int-or-string any";
            let first = line.columns.split('\t').next().unwrap();
            assert!(types.split(' ').any(|it| it == first), "{kind} {}: {first}", line.path);
            assert!(!line.name.is_empty() && !line.name.contains('.'), "{kind} {}: {}", line.path, line.name);
            assert!(line.versions != 0, "{kind} {} is of no version", line.path);
            let pointer = line.path.replace("[]", ".*").replace("{}", ".*").replace('.', "/");
            let found = table.find(&format!("/{pointer}"), Scope::default()).field();
            assert_eq!(found.map(Field::path), Some(line.path), "{kind}");
        }
    }
}

#[test]
fn references_fit_the_tables() {
    for reference in all_references() {
        let Reference { group, kind, path, .. } = reference;
        let field = any(group, kind, &reference.name).unwrap_or_else(|| panic!("{kind} has no {}", reference.name));
        assert_eq!(field.value_type(), Type::String, "{kind} {path}");
        let sibling = |name: &str| any(group, kind, &format!("{}/{name}", reference.pointer));
        // Kubernetes does not look at the namespace of these.
        let has_namespace = sibling("namespace").is_some() && (*kind, *path) != ("ServiceAccount", "secrets[]");
        let reads_it = matches!(reference.namespace, Namespace::Field | Namespace::Written);
        assert_eq!(has_namespace, reads_it, "{kind} {path}");
        let mut named: Vec<&str> = reference.targets.iter().map(|(_, kind)| *kind).collect();
        let allowed = sibling("kind").into_iter().flat_map(Field::variants).filter_map(Field::allowed).flatten();
        let mut allowed: Vec<&str> = allowed.collect();
        named.sort_unstable();
        allowed.sort_unstable();
        allowed.dedup();
        assert!(allowed.is_empty() || allowed == named, "{kind} {path}: {named:?} is not {allowed:?}");
        for (group, kind) in reference.targets.iter().filter(|(_, kind)| *kind != "*") {
            assert!(table(group, kind).is_some(), "{path} names {group}/{kind}");
        }
    }
}

#[test]
fn every_field_that_names_a_secret_is_a_reference() {
    let endings = ["secretRef", "SecretRef", "sourceRef", "chartRef", "serviceAccountName", "PullSecret", "pullSecret"];
    let mut forgotten = Vec::new();
    for (group, kind) in all() {
        for line in table(group, kind).unwrap().lines.iter().filter(|line| line.path.starts_with("spec.")) {
            let is_one = endings.iter().any(|ending| line.name.ends_with(ending));
            let is_known = references(group, kind).iter().any(|it| it.path == line.path);
            forgotten.extend((is_one && !is_known).then(|| format!("{kind} {}", line.path)));
        }
    }
    assert_eq!(forgotten, [""; 0]);
}

#[test]
fn documentation_fits_the_tables() {
    let all = documentation::all();
    for (group, kind, path, sentence) in &all {
        let pointer = path.replace("[]", ".*").replace("{}", ".*").replace('.', "/");
        let field = any(group, kind, &format!("/{pointer}")).unwrap_or_else(|| panic!("{kind} has no {path}"));
        assert_eq!(field.documentation(), Some(*sentence), "{kind} {path} is described twice");
        assert!(!sentence.ends_with('.') && sentence.len() <= 120, "{kind} {path}: {sentence}");
    }
}

/// The top of what people meet most, and a Kustomization as a whole.
#[test]
fn the_most_common_fields_are_described() {
    const HELM: &str = "helm.toolkit.fluxcd.io";
    const OPERATOR: &str = "fluxcd.controlplane.io";
    let kinds = [
        (SOURCE, "GitRepository", "v1"),
        (SOURCE, "OCIRepository", "v1"),
        (SOURCE, "HelmRepository", "v1"),
        (SOURCE, "Bucket", "v1"),
        (HELM, "HelmRelease", "v2"),
        (OPERATOR, "FluxInstance", "v1"),
        (OPERATOR, "ResourceSet", "v1"),
        (OPERATOR, "ResourceSetInputProvider", "v1"),
    ];
    let spec = |(group, kind, version)| {
        let scope = on(version, "2.10");
        let spec = table(group, kind).unwrap().root().child("spec", scope);
        spec.into_iter().flat_map(move |spec| spec.children(scope))
    };
    let whole = below(spec((KUSTOMIZE, "Kustomization", "v1")).collect());
    let all = kinds.into_iter().flat_map(spec).chain(whole);
    let missing = all.filter(|field| field.documentation().is_none());
    let missing: Vec<String> = missing.map(|field| format!("{} {}", field.table().kind, field.path())).collect();
    assert_eq!(missing, [""; 0]);
}

/// The named fields among some and below them, in the newest version.
fn below(fields: Vec<Field>) -> Vec<Field> {
    let mut all = Vec::new();
    for field in fields {
        all.extend((!matches!(field.name(), "[]" | "{}")).then_some(field));
        all.extend(below(field.children(on("v1", "2.10")).collect()));
    }
    all
}

#[test]
fn references_know_where_they_are_in_an_object() {
    let sources = references("source.extensions.fluxcd.io", "ArtifactGenerator");
    let sources = sources.iter().find(|it| it.path == "spec.sources[]").unwrap();
    assert!(sources.is_locked);
    assert_eq!((sources.pointer.as_str(), sources.name.as_str()), ("/spec/sources/*", "/spec/sources/*/name"));
    let own = references(SOURCE, "GitRepository").iter().find(|it| it.path == "spec.secretRef").unwrap();
    assert_eq!((own.namespace, own.credential, own.is_locked), (Namespace::Own, Some(Credential::Access), false));
    assert_eq!(
        any(SOURCE, "GitRepository", "/spec/secretRef").unwrap().reference().map(|it| it.path),
        Some("spec.secretRef")
    );
}

/// A value of a field's type, with all fields below it, as flow YAML.
fn sample(field: Field) -> String {
    let children: Vec<Field> = field.children(Scope::default()).collect();
    let all = || children.iter().map(|child| sample(*child)).collect::<String>();
    match field.value_type() {
        Type::Object => {
            let named = children.iter().map(|child| format!("{}: {}", child.name(), sample(*child)));
            format!("{{{}}}", named.collect::<Vec<_>>().join(", "))
        }
        Type::Map => format!("{{a: {}}}", all()),
        Type::List => format!("[{}]", all()),
        Type::Integer => "1".to_owned(),
        Type::Boolean => "true".to_owned(),
        _ => "x".to_owned(),
    }
}

/// Our kustomize engine has a table of its own, which it also reads by.
#[test]
fn the_kustomize_engine_knows_every_field_of_kustomization_files() {
    use fleetlint_kustomize::{Kustomization, Mode};
    use fleetlint_source::Files;

    let text = sample(table("kustomize.config.k8s.io", "Kustomization").unwrap().root());
    assert!(text.contains("legacySortOptions: {orderFirst: [x]"), "{text}");
    let read = |text: &str| {
        let file = Files::default().add("kustomization.yaml".into(), None, String::new(), Vec::new());
        let stream = fleetlint_yaml::parse::file(text, file.id);
        let root = stream.documents.into_iter().flatten().find_map(|document| document.root).unwrap();
        let read = Kustomization::from_node("kustomization.yaml", Some(&root), None, Mode::Strict).unwrap();
        let misread = read.problems.into_iter().map(|problem| problem.message);
        misread.filter(|message| message.contains("invalid Kustomization")).collect::<Vec<_>>()
    };
    assert_eq!(read(&text), [""; 0]);
    let wrong = text.replace("orderFirst: [x]", "orderFirs: [x]");
    assert_eq!(read(&wrong), ["invalid Kustomization: unknown field `orderFirs`"]);
}
