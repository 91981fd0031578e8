//! Sources that are read without TLS.

use crate::flux::api::group;
use crate::object::Object;
use crate::source::url;

/// What lets a source be read without TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainTransport {
    /// JSON pointer of the field that says so.
    pub pointer: &'static str,
    /// Where it is read from: no user, no port.
    pub host: String,
}

/// The field by which a source is read without TLS from a host that is not of the cluster itself.
pub fn plain_transport(source: &Object) -> Option<PlainTransport> {
    let address = source.str("/spec/url")?;
    let pointer = if is_registry(source) { "/spec/insecure" } else { "/spec/url" };
    let is_plain = match pointer {
        "/spec/url" => address.starts_with("http://"),
        insecure => source.str(insecure) == Some("true"),
    };
    let host = host(address);
    (is_plain && !is_of_cluster(&host)).then_some(PlainTransport { pointer, host })
}

/// Whether it is read from a registry: Flux takes no URL but `oci://` then, and looks at `insecure` only then
/// (<https://fluxcd.io/flux/components/source/helmrepositories/#insecure>).
fn is_registry(source: &Object) -> bool {
    let is = |kind| source.is(group::SOURCE, kind);
    is("OCIRepository") || is("HelmRepository") && source.str("/spec/type") == Some("oci")
}

fn host(address: &str) -> String {
    let normal = url::normalize(address);
    let authority = normal.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(address) => format!("[{}]", address.split(']').next().unwrap_or_default()),
        None => authority.split(':').next().unwrap_or_default().trim_end_matches('.').to_owned(),
    }
}

/// A Service by any name (`registry`, `x.y.svc`, `x.y.svc.cluster.local`, also in a cluster with a domain of its own), or the
/// controller's own machine.
fn is_of_cluster(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let is_name = !host.starts_with('[');
    let is_loopback = host == "[::1]" || host.starts_with("127.") || labels.last() == Some(&"localhost");
    is_loopback || is_name && (labels.len() == 1 || labels.get(2) == Some(&"svc"))
}

#[cfg(test)]
mod tests {
    use super::{host, is_of_cluster};

    #[test]
    fn hosts_of_the_cluster() {
        let own = [
            "http://localhost:5000/x",
            "http://127.0.0.1/x",
            "http://[::1]:5000/x",
            "http://registry:5000/x",
            "oci://registry.infra.svc/x",
            "http://Git.Infra.svc.cluster.local.:3000/x",
            "http://me:pass@git.infra.svc.k8s.example/x",
        ];
        own.into_iter().for_each(|url| assert!(is_of_cluster(&host(url)), "{url}"));
        let others =
            ["http://git.example/svc", "http://svc.example", "http://192.168.0.3:80/x", "http://[2001:db8::1]/x"];
        others.into_iter().for_each(|url| assert!(!is_of_cluster(&host(url)), "{url}"));
    }
}
