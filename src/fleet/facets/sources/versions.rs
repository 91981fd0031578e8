//! Which version of a source is read, and from whose registry.

use crate::object::Object;

/// The field by which a source is read at a version that moves on its own; `/spec/ref` of an OCIRepository that names none.
pub fn floating(source: &Object) -> Option<&'static str> {
    let text = |pointer| source.str(pointer).filter(|value| !value.is_empty());
    let is_oci = source.id.kind == "OCIRepository";
    if text("/spec/ref/digest").is_some() || text("/spec/ref/commit").is_some() {
        return None;
    }
    if let Some(range) = text("/spec/ref/semver") {
        return (!has_upper_bound(range)).then_some("/spec/ref/semver");
    }
    match text("/spec/ref/tag") {
        Some("latest") if is_oci => Some("/spec/ref/tag"),
        None if is_oci => Some("/spec/ref/tag"),
        _ => None,
    }
}

/// Whether a range of versions ends somewhere. What holds a variable may.
fn has_upper_bound(range: &str) -> bool {
    let ends = |alternative: &str| {
        let alternative = alternative.trim();
        let is_anything = matches!(alternative, "*" | "x" | "X" | "") || alternative.starts_with("*-");
        let is_open = alternative.starts_with('>') && !alternative.contains('<') && !alternative.contains(" - ");
        !is_anything && !is_open
    };
    range.contains("${") || range.split("||").all(ends)
}

/// The cloud whose registry an address is in, as `provider` names it; `None` for others, and for public ones.
pub fn cloud_provider(address: &str) -> Option<&'static str> {
    let address = address.strip_prefix("oci://").or_else(|| address.strip_prefix("https://")).unwrap_or(address);
    let host = address.split(['/', ':']).next().unwrap_or_default();
    let is_ecr =
        host.contains(".dkr.ecr.") && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"));
    match host {
        _ if is_ecr => Some("aws"),
        _ if host.ends_with(".azurecr.io") => Some("azure"),
        _ if host.ends_with("-docker.pkg.dev") => Some("gcp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_or_do_not() {
        let bounded = ["1.x", "~1.2", "^1.0.0", "1.2.3", ">=1.0 <2.0", "1.0 - 2.0", "<=3", "1.x || 2.x", "${RANGE}"];
        bounded.into_iter().for_each(|range| assert!(has_upper_bound(range), "{range}"));
        ["*", ">=1.0.0", ">1", "1.x || >=3", ">= 1", "*-0"]
            .into_iter()
            .for_each(|range| assert!(!has_upper_bound(range), "{range}"));
    }

    #[test]
    fn clouds_are_known_by_their_hosts() {
        let cases = [
            ("oci://1.dkr.ecr.eu-central-1.amazonaws.com/x", Some("aws")),
            ("acme.azurecr.io/x:1", Some("azure")),
            ("oci://europe-west1-docker.pkg.dev/acme/x", Some("gcp")),
            ("oci://public.ecr.aws/x", None),
            ("oci://ghcr.io/x", None),
            ("oci://mcr.microsoft.com/x", None),
        ];
        cases.into_iter().for_each(|(address, provider)| assert_eq!(cloud_provider(address), provider, "{address}"));
    }
}
