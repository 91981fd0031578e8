//! What generated fleets have in common.

use std::fs;
use std::path::Path;

/// The source of every Kustomization.
pub(crate) const SOURCE: &str = "  sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}\n";

/// The FluxInstance of a cluster, which syncs a folder of its name.
pub(crate) fn instance(cluster: usize) -> String {
    format!(
        "apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {{name: flux, namespace: flux-system}}
spec:
  distribution: {{version: 2.9.x, registry: ghcr.io/fluxcd}}
  cluster: {{multitenant: true}}
  sync: {{kind: GitRepository, url: https://github.com/acme/fleet, ref: refs/heads/main, path: clusters/c{cluster}}}
---
"
    )
}

/// The namespace of a tenant, and the account with its rights.
pub(crate) fn identity(tenant: usize) -> String {
    format!(
        "apiVersion: v1
kind: Namespace
metadata: {{name: t{tenant}, labels: {{toolkit.fluxcd.io/tenant: t{tenant}}}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: t{tenant}, namespace: t{tenant}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: t{tenant}, namespace: t{tenant}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}}
subjects: [{{kind: ServiceAccount, name: t{tenant}, namespace: t{tenant}}}]
---
"
    )
}

/// A kustomization file with some resources.
pub(crate) fn kustomization(resources: &str, rest: &str) -> String {
    format!("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{resources}{rest}")
}

/// Writes a file, with its folders.
pub(crate) fn put(folder: &Path, path: &str, text: &str) -> std::io::Result<()> {
    let path = folder.join(path);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}
