//! The hash after a generated name (kustomize-semantics, section 11).

use sha2::{Digest, Sha256};

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Origin, print};

use super::super::json;
use super::super::resmap::ResMap;

/// Puts the hash of its content after the name of every generated object that wants one.
pub(in super::super) fn add_hashes(resources: &mut ResMap, problems: &mut Vec<Problem>) {
    for resource in resources.iter_mut().filter(|resource| resource.needs_hash) {
        if !matches!(resource.node.get("kind").and_then(Node::text), Some("ConfigMap" | "Secret")) {
            let message = format!("the hash of `{}` depends on internals of kustomize: it is not known", resource.id());
            problems.push(Problem::new(ProblemKind::Undetermined, message, resource.place()));
        }
        let fields = ["/metadata/name", "/data", "/binaryData", "/stringData"];
        if fields.into_iter().any(|path| resource.node.at(path).is_some_and(|it| print::refusal(it).is_some())) {
            // The object cannot be printed, and is before its hash is made: that is reported at the end, with the field.
            continue;
        }
        match hash(&resource.node) {
            Ok(hash) => {
                resource.store_previous_id();
                add_to_name(&mut resource.node, &hash);
            }
            Err(message) => problems.push(Problem::new(ProblemKind::KustomizeFailed, message, resource.place())),
        }
    }
}

/// The hash of a ConfigMap or Secret: only its data (and a Secret's type) count, never its name.
fn hash(node: &Node) -> Result<String, String> {
    let field = |key: &str| match node.get(key) {
        None => Ok("\"\"".to_owned()),
        Some(value) if value.as_scalar().is_some() => Ok(json::quoted(value.text().unwrap_or_default())),
        // Go has no list where there is no item.
        Some(value) if value.as_sequence().is_some_and(<[Node]>::is_empty) => Ok("null".to_owned()),
        Some(value) => json::encode_again(value),
    };
    let map =
        |key: &str| node.get(key).filter(|value| value.as_mapping().is_some()).map(json::encode_again).transpose();
    Ok(match node.get("kind").and_then(Node::text) {
        Some("Secret") => {
            let texts = map("stringData")?.map(|texts| format!(",\"stringData\":{texts}")).unwrap_or_default();
            let (data, kind) = (field("data")?, field("type")?);
            short(&["{\"data\":", &data, ",\"kind\":\"Secret\",\"name\":\"\"", &texts, ",\"type\":", &kind, "}"])
        }
        _ => {
            let binary = map("binaryData")?.map(|data| format!("\"binaryData\":{data},")).unwrap_or_default();
            short(&["{", &binary, "\"data\":", &field("data")?, ",\"kind\":\"ConfigMap\",\"name\":\"\"}"])
        }
    })
}

/// The first ten hexadecimal digits of the SHA-256 of a text in pieces, without digits and vowels that could make words. The
/// pieces may be large, and are not put together.
fn short(encoded: &[&str]) -> String {
    let digest = encoded.iter().fold(Sha256::new(), |hasher, piece| hasher.chain_update(piece)).finalize();
    let hex: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    let safe = |digit| match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    hex.chars().map(safe).collect()
}

fn add_to_name(node: &mut Node, hash: &str) {
    let Some(metadata) = node.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    // A patch may have taken the name away.
    let name = metadata.get("name");
    let origin: Origin = name.map(|name| name.origin.clone()).unwrap_or_default();
    let old = name.filter(|name| !name.is_null()).and_then(Node::text).unwrap_or_default();
    let text = format!("{old}-{hash}");
    metadata.set("name", Node::string(text, origin));
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn hashes_as_kustomize_does() {
        let secret = r#"{"data":{"k":"dg=="},"kind":"Secret","name":"","type":"x"}"#;
        assert_eq!(short(&[secret]), "965d55g587");
        assert_eq!(short(&[r#"{"data":{"a":"b"},"#, r#""kind":"ConfigMap","name":""}"#]), "4h2mbtbbt6");
        assert_eq!(short(&[r#"{"data":"","kind":"ConfigMap","name":""}"#]), "6ct58987ht");
        assert_eq!(short(&[r#"{"data":{"a":"\u003cb\u003e\u0026c"},"kind":"ConfigMap","name":""}"#]), "6tcbt66fg9");
    }
}
