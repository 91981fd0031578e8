//! What `explain` prints about a kind or a field.

use super::facts::{self, Fact};
use super::kind::{Kind, api_version};
use super::path::innermost;
use crate::flux::kinds::{ApiVersion, Field};

/// The API of kustomization files.
const KUSTOMIZE: &str = "kustomize.config.k8s.io";

/// A kind: its versions and the fields at the top.
pub(super) fn of_kind(kind: &Kind) -> String {
    let table = kind.table;
    let place = match (table.is_namespaced, table.group) {
        (_, KUSTOMIZE) => "a file, not an object",
        (true, _) => "namespaced",
        (false, _) => "cluster-scoped",
    };
    let mut text = format!("{} · {} · {place}\n", table.kind, kind.api_version());
    let root = table.root();
    push_sentence(&mut text, root);
    push_facts(&mut text, &table.versions.iter().map(|it| ("version", version(table.group, it))).collect::<Vec<_>>());
    let rules: Vec<Fact> = root.rules().map(|rule| ("rule", format!("`{rule}`"))).collect();
    push_facts(&mut text, &rules);
    let own: Vec<Field> = root.children(kind.scope(root)).collect();
    let is_own = |name: &str| own.iter().any(|field| field.name() == name);
    let common = ["apiVersion", "kind", "metadata"].into_iter().filter(|name| !is_own(name));
    let fields: Vec<Field> = common.filter_map(|name| kind.common(name)).chain(own.iter().copied()).collect();
    push_fields(&mut text, &fields, kind);
    if table.is_partial {
        text.push_str("\nOnly the fields that fleetlint reads are listed; there are others.\n");
    }
    for other in kind.others() {
        let other_version = api_version(other.group, other.usual_version());
        text.push_str(&format!("\nAnother API has a kind of this name: `--api-version {other_version}`\n"));
    }
    text
}

/// A field: what it holds, where it exists, and the fields below it.
pub(super) fn of_field(kind: &Kind, field: Field) -> String {
    let mut text = format!("{}.{} · {}\n", kind.table.kind, field.path(), kind.api_version());
    push_sentence(&mut text, field);
    let scope = kind.scope(field);
    // Releases may differ: each says its own.
    for variant in variants(field, kind) {
        push_facts(&mut text, &facts::of(variant, scope));
    }
    let holder = innermost(field, scope);
    push_fields(&mut text, &holder.children(scope).collect::<Vec<_>>(), kind);
    text
}

/// What is said about a field in the version in question, oldest release first.
fn variants(field: Field, kind: &Kind) -> impl Iterator<Item = Field> {
    let wanted = kind.scope(field).version;
    field.variants().filter(move |it| wanted.is_none_or(|wanted| it.versions().any(|version| version.name == wanted)))
}

/// `v1beta2, until Flux 2.7, deprecated since 2.6`.
fn version(group: &str, version: &ApiVersion) -> String {
    let releases = facts::releases(version.since, version.until);
    let deprecated = version.deprecated.map(|(major, minor)| format!("deprecated since {major}.{minor}"));
    let parts = [Some(api_version(group, version.name)), releases, deprecated];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn push_sentence(text: &mut String, field: Field) {
    if let Some(sentence) = field.documentation() {
        text.push_str(&format!("\n{sentence}\n"));
    }
}

fn push_facts(text: &mut String, facts: &[Fact]) {
    let width = facts.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
    if !facts.is_empty() {
        text.push('\n');
    }
    facts.iter().for_each(|(label, value)| text.push_str(&format!("{label:width$}  {value}\n")));
}

/// One line per field: its name, its type, and what it is for.
fn push_fields(text: &mut String, fields: &[Field], kind: &Kind) {
    if fields.is_empty() {
        return;
    }
    let types: Vec<String> = fields.iter().map(|field| summary(*field, kind)).collect();
    let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or_default();
    let name_width = widest(&mut fields.iter().map(|field| field.name().len()));
    let type_width = widest(&mut types.iter().map(String::len));
    text.push_str("\nFields:\n");
    for (field, summary) in fields.iter().zip(&types) {
        let sentence = field.documentation().unwrap_or_default();
        let line = format!("  {:name_width$}  {summary:type_width$}  {sentence}", field.name());
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// `duration, required, since Flux 2.7`; as the newest release has it.
fn summary(field: Field, kind: &Kind) -> String {
    let newest = variants(field, kind).last().unwrap_or(field);
    let mut parts = vec![facts::type_name(field, kind.scope(field))];
    parts.extend(newest.is_required().then(|| "required".to_owned()));
    // A field that several lines are about has been there before.
    let is_only = variants(field, kind).count() == 1;
    parts.extend(facts::releases(newest.since(), newest.until()).filter(|_| is_only));
    parts.join(", ")
}
