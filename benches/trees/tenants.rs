//! One cluster with many tenants of the platform: what a run costs should grow with their number, not with its square.

use std::fs;
use std::path::Path;

const INSTANCE: &str = "apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.9.x, registry: ghcr.io/fluxcd}
  cluster: {multitenant: true}
  sync: {kind: GitRepository, url: https://github.com/acme/fleet, ref: refs/heads/main, path: clusters/main}
";

/// Writes a fleet of one cluster that applies this many tenants, each with five objects.
pub(crate) fn write(folder: &Path, tenants: usize) -> std::io::Result<()> {
    let cluster = folder.join("clusters/main");
    fs::create_dir_all(&cluster)?;
    fs::write(cluster.join("flux-instance.yaml"), INSTANCE)?;
    let all: Vec<String> = (0..tenants).map(tenant).collect();
    fs::write(cluster.join("tenants.yaml"), all.concat())
}

fn tenant(index: usize) -> String {
    format!(
        "---
apiVersion: v1
kind: Namespace
metadata: {{name: t{index}, labels: {{toolkit.fluxcd.io/tenant: t{index}}}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: flux, namespace: t{index}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: flux, namespace: t{index}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}}
subjects: [{{kind: ServiceAccount, name: flux, namespace: t{index}}}]
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: app, namespace: t{index}}}
spec: {{interval: 5m, url: https://github.com/team-{index}/app, ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: app, namespace: t{index}}}
spec:
  serviceAccountName: flux
  interval: 1h
  prune: true
  targetNamespace: t{index}
  path: ./deploy
  sourceRef: {{kind: GitRepository, name: app}}
"
    )
}
