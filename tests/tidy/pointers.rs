//! Every JSON pointer in the code leads to a field of a kind: a typo in one would make a rule silent.

use std::collections::BTreeSet;

use fleetlint::flux::kinds::{self, Field, Found, Scope};
use regex::Regex;

use crate::code::{product, sources};

/// The strings that look like pointers and are none, by file.
const OTHERS: [(&str, &[&str]); 7] = [
    ("crates/flux/src/release/version.rs", &["/manifests/", "/releases/download/"]),
    // A CronJob has no table.
    ("src/fleet/facets/workload/mod.rs", &["/spec/jobTemplate/spec/template/spec"]),
    ("src/fleet/discover/combine.rs", &["/flux-system"]),
    ("src/fleet/discover/yields.rs", &["/prune", "/reconcile", "/force", "/ssa", "/substitute", "/name"]),
    ("src/fleet/installed/version.rs", &["/flux-manifests"]),
    // The tests of the tables and of what judges by them ask for fields that do not exist.
    (
        "crates/flux/src/validate/tests.rs",
        &[
            "/spec/prun",
            "/spec/sourceRef/nmespace",
            "/spec/intervall",
            "/metadata/lables",
            "/v1\\n",
            "/v1beta1\\n",
            "/v1beta2\\n",
        ],
    ),
    ("crates/flux/src/kinds/tests.rs", &["/spec/dependOn/0/name", "/spec/dependsOn/name", "/spec/paused"]),
];

/// Words by which code means objects of a kind, beside the kind's own name.
const WORDS: [(&str, &[&str]); 11] = [
    ("kustomization", &["Kustomization"]),
    ("reconciler", &["Kustomization", "HelmRelease", "ResourceSet"]),
    ("depends_on", &["Kustomization", "HelmRelease", "ResourceSet"]),
    ("instance", &["FluxInstance"]),
    ("source", SOURCES),
    ("repository", SOURCES),
    ("release", &["HelmRelease"]),
    ("automation", &["ImageUpdateAutomation"]),
    ("binding", &["RoleBinding", "ClusterRoleBinding"]),
    ("policy", &["ClusterPolicy"]),
    ("sync", &["FluxInstance"]),
];

/// Variables and values may be in these wherever a file is about something else.
const WITH_DATA: [&str; 2] = ["ConfigMap", "Secret"];

const SOURCES: &[&str] =
    &["GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart", "ExternalArtifact"];

/// Files with pointers that begin below the root, and where these begin. The `spec` of a FluxInstance may also be in the
/// values of its chart.
const BELOW: &[(&str, &str)] = &[
    ("crates/flux/src/api/git_repository.rs", "/spec/include/*"),
    ("crates/flux/src/instance/mod.rs", "/spec"),
    ("crates/flux/src/propagation/unfollowed.rs", "/spec/rules/*/generate"),
    ("crates/flux/src/propagation/unfollowed.rs", "/spec/rules/*/match/any/*"),
    ("src/fleet/discover/values.rs", "/spec"),
    ("src/fleet/installed/gates.rs", "/spec"),
    ("src/fleet/schema/custom.rs", "/spec/versions/*"),
    ("src/fleet/version.rs", "/spec"),
];

/// Keys that are asked for by name and are no field of a kind with a table: those of lists, of the values of a chart, of jobs.
const OTHER_KEYS: [&str; 4] = ["items", "instance", "jobTemplate", "releases"];

/// What reads other things than objects: `fleetlint.yaml`, workflows and scripts, kustomization files, schemas.
const OTHER_FILES: &[&str] = &[
    "src/config/",
    "src/repository/",
    "crates/kustomize/",
    "crates/flux/src/structural/",
    "crates/flux/src/kinds/json_schema.rs",
];

/// A pointer in the code.
struct Pointer {
    file: String,
    line: usize,
    text: String,
}

fn is_about_objects(file: &str) -> bool {
    !OTHER_FILES.iter().any(|other| file.starts_with(other))
}

/// The strings that begin as a pointer does, outside of tests and comments.
fn pointers() -> Vec<Pointer> {
    let literal = Regex::new(r#""(/[a-zA-Z][^"\s]*)""#).unwrap();
    let mut all = Vec::new();
    for (file, text) in sources().into_iter().filter(|(file, _)| is_about_objects(file)) {
        for (number, line) in
            product(&text).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            let found = literal.captures_iter(line).map(|found| found[1].to_owned());
            all.extend(found.map(|text| Pointer { file: file.clone(), line: number + 1, text }));
        }
    }
    all
}

/// A pointer with `*` where code puts something in: `/spec/dependsOn/{index}/name`.
fn with_wildcards(pointer: &str) -> String {
    Regex::new(r"\{[^}]*\}").unwrap().replace_all(pointer, "*").into_owned()
}

/// The kinds that have a field.
fn kinds_with(pointer: &str) -> BTreeSet<(&'static str, &'static str)> {
    let has = |(group, kind): &(&str, &str)| {
        let found = |pointer: &str| kinds::find(group, kind, pointer, Scope::default());
        match pointer.rsplit_once("/*") {
            // Any field of an object, too.
            Some((above, "")) => matches!(found(above), Some(Found::Field(_) | Found::Below(_))),
            _ => matches!(found(pointer), Some(Found::Field(_) | Found::Below(_))),
        }
    };
    kinds::all().filter(has).collect()
}

/// The kinds that a file is about: it names them, their group, or means them by a word.
fn kinds_named(text: &str) -> BTreeSet<&'static str> {
    let is_in = |word: &str| Regex::new(&format!(r"\b{word}s?\b")).unwrap().is_match(text);
    let named = kinds::all().map(|(_, kind)| kind).filter(|kind| is_in(kind));
    let meant = WORDS.iter().filter(|(word, _)| is_in(word)).flat_map(|(_, kinds)| kinds.iter().copied());
    let of_group = SOURCES.iter().copied().filter(|_| is_in("group::SOURCE"));
    named.chain(meant).chain(of_group).collect()
}

#[test]
fn every_pointer_leads_to_a_field_of_a_kind_that_its_file_is_about() {
    let texts = sources();
    let mut wrong = String::new();
    for Pointer { file, line, text } in pointers() {
        if OTHERS.iter().any(|(of, texts)| file == *of && texts.contains(&text.as_str())) {
            continue;
        }
        let pointer = with_wildcards(&text);
        let below =
            BELOW.iter().filter(|(of, _)| file == *of).map(|(_, base)| format!("{base}{pointer}")).collect::<Vec<_>>();
        let all = std::iter::once(&pointer).chain(&below);
        let found: BTreeSet<&str> = all.flat_map(|it| kinds_with(it)).map(|(_, kind)| kind).collect();
        let named = kinds_named(product(&texts[&file]));
        if found.is_empty() {
            wrong +=
                &format!("\n{file}:{line}: no kind has {text}; if it begins below the root, add the file to BELOW");
        } else if !named.is_empty() && found.is_disjoint(&named) && !WITH_DATA.iter().any(|kind| found.contains(kind)) {
            wrong += &format!("\n{file}:{line}: {text} is a field of {found:?}, not of {named:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_listed_as_no_pointer_is_there() {
    let all = pointers();
    for (file, texts) in OTHERS {
        for text in texts {
            assert!(all.iter().any(|it| it.file == file && it.text == *text), "{file} has no \"{text}\" any more");
        }
    }
}

/// The names of fields that code asks for one by one: `node.get("name")`.
#[test]
fn every_key_is_the_name_of_a_field() {
    let key = Regex::new(r#"\.(?:get|get_mut|entry)\("([^"]*)"\)"#).unwrap();
    let mut names = BTreeSet::new();
    for (group, kind) in kinds::all() {
        add_names(kinds::table(group, kind).unwrap().root(), &mut names);
    }
    let common =
        ["/apiVersion", "/kind", "/metadata"].map(|pointer| kinds::find("", "Secret", pointer, Scope::default()));
    for field in common.into_iter().filter_map(|found| found?.field()) {
        names.insert(field.name());
        add_names(field, &mut names);
    }
    let mut wrong = String::new();
    for (file, text) in sources().iter().filter(|(file, _)| is_about_objects(file)) {
        for name in key.captures_iter(product(text)).map(|found| found.extract::<1>().1[0]) {
            if !names.contains(name) && !OTHER_KEYS.contains(&name) {
                wrong += &format!("\n{file}: {name}");
            }
        }
    }
    assert!(wrong.is_empty(), "no kind has fields of these names:{wrong}");
}

fn add_names(field: Field, names: &mut BTreeSet<&'static str>) {
    for child in field.children(Scope::default()) {
        names.insert(child.name());
        add_names(child, names);
    }
}
