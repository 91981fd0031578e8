//! The fields of kustomization files, out of kustomize's own Go types.

use super::download;
use super::schema::{Fields, Version};
use crate::Failure;

const GROUP: &str = "kustomize.config.k8s.io";
const MODULE: &str = "sigs.k8s.io/kustomize/api@v0.21.1";

/// What belongs to all objects.
const COMMON: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Where the fields are from, and those of both kinds: a Component has the same.
pub(super) fn versions() -> Result<(String, Vec<Version>), Failure> {
    let printed = download::go_program(include_str!("kustomization.go"), &[MODULE])?;
    let mut fields = Fields::new();
    for (path, kind) in printed.lines().filter_map(|line| line.split_once('\t')) {
        let path = segments(path);
        if !COMMON.contains(&path.first().map_or("", String::as_str)) {
            fields.insert(path, vec![kind.to_owned()]);
        }
    }
    let kinds = [("Kustomization", "v1beta1"), ("Component", "v1alpha1")];
    let version = |(kind, name): (&str, &str)| Version {
        group: GROUP.to_owned(),
        kind: kind.to_owned(),
        scope: "File".to_owned(),
        name: name.to_owned(),
        is_deprecated: false,
        fields: fields.clone(),
    };
    Ok((MODULE.to_owned(), kinds.map(version).into()))
}

/// `a[].b{}` as its segments.
fn segments(path: &str) -> Vec<String> {
    let spaced = path.replace("[]", ".[]").replace("{}", ".{}");
    spaced.split('.').map(str::to_owned).collect()
}
