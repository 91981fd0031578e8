//! The API groups whose kinds well-known charts bring.

/// By the name of the chart. Left out are charts that bring their definitions only if their values say so, names that are
/// those of several charts, and charts whose software defines its kinds at run time.
const GROUPS: [(&str, &[&str]); 28] = [
    ("cloudnative-pg", &["postgresql.cnpg.io"]),
    ("external-secrets", &["external-secrets.io", "generators.external-secrets.io"]),
    ("gatekeeper", &["config.gatekeeper.sh", "templates.gatekeeper.sh"]),
    ("grafana-operator", &["grafana.integreatly.org"]),
    ("karpenter", &["karpenter.k8s.aws", "karpenter.sh"]),
    ("karpenter-crd", &["karpenter.k8s.aws", "karpenter.sh"]),
    ("keda", &["keda.sh"]),
    ("kube-prometheus-stack", &["monitoring.coreos.com"]),
    ("kyverno", &["kyverno.io", "policies.kyverno.io"]),
    ("linkerd-crds", &["linkerd.io", "policy.linkerd.io"]),
    ("longhorn", &["longhorn.io"]),
    ("metallb", &["metallb.io"]),
    ("node-feature-discovery", &["nfd.k8s-sigs.io"]),
    ("opentelemetry-operator", &["opentelemetry.io"]),
    ("postgres-operator", &["acid.zalan.do"]),
    ("prometheus-operator-crds", &["monitoring.coreos.com"]),
    ("rabbitmq-cluster-operator", &["rabbitmq.com"]),
    ("rook-ceph", &["ceph.rook.io"]),
    ("sealed-secrets", &["bitnami.com"]),
    ("secrets-store-csi-driver", &["secrets-store.csi.x-k8s.io"]),
    ("strimzi-kafka-operator", &["kafka.strimzi.io"]),
    ("tailscale-operator", &["tailscale.com"]),
    ("traefik", &["hub.traefik.io", "traefik.io"]),
    ("vault-secrets-operator", &["secrets.hashicorp.com"]),
    ("velero", &["velero.io"]),
    ("victoria-metrics-operator", &["operator.victoriametrics.com"]),
    ("volsync", &["volsync.backube"]),
    ("vpa", &["autoscaling.k8s.io"]),
];

/// The API groups whose kinds a chart brings.
pub(super) fn groups_of(chart: &str) -> &'static [&'static str] {
    let found = GROUPS.binary_search_by_key(&chart, |(name, _)| name);
    found.ok().and_then(|at| GROUPS.get(at)).map(|(_, groups)| *groups).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_found_by_name() {
        assert!(GROUPS.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(groups_of("kyverno"), ["kyverno.io", "policies.kyverno.io"]);
        assert_eq!(groups_of("cert-manager"), [""; 0]);
    }
}
