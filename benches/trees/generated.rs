//! Fleets of any size, written down: clusters with variables of their own, tenants with an application each.

use std::path::Path;

use super::parts::{SOURCE, identity, instance, kustomization, put};

/// What a generated fleet is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) clusters: usize,
    pub(crate) tenants: usize,
    /// Each cluster has overlays of its own; else they share those of two environments.
    pub(crate) has_own_overlays: bool,
}

/// Writes the fleet into a folder.
pub(crate) fn write(folder: &Path, shape: Shape) -> std::io::Result<()> {
    for cluster in 0..shape.clusters {
        write_cluster(folder, cluster)?;
    }
    for tenant in 0..shape.tenants {
        write_tenant(folder, tenant, shape)?;
    }
    let names: Vec<String> = (0..shape.tenants).map(|tenant| format!("  - t{tenant}\n")).collect();
    put(folder, "tenants/kustomization.yaml", &kustomization(&names.concat(), ""))
}

fn write_cluster(folder: &Path, cluster: usize) -> std::io::Result<()> {
    let environment = if cluster.is_multiple_of(2) { "staging" } else { "production" };
    let instance = instance(cluster);
    let text = format!(
        "{instance}apiVersion: v1
kind: ConfigMap
metadata: {{name: flux-runtime-info, namespace: flux-system}}
data: {{ENVIRONMENT: {environment}, GIT_BRANCH: main, CLUSTER_NAME: c{cluster}, CLUSTER_DOMAIN: c{cluster}.example.com}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: tenants, namespace: flux-system}}
spec:
  serviceAccountName: kustomize-controller
  interval: 1h
  prune: true
  path: ./tenants
{SOURCE}  postBuild: {{substituteFrom: [{{kind: ConfigMap, name: flux-runtime-info}}]}}
"
    );
    put(folder, &format!("clusters/c{cluster}/cluster.yaml"), &text)
}

fn write_tenant(folder: &Path, tenant: usize, shape: Shape) -> std::io::Result<()> {
    let overlay = if shape.has_own_overlays { "${CLUSTER_NAME}" } else { "${ENVIRONMENT}" };
    let identity = identity(tenant);
    let text = format!(
        "{identity}apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: t{tenant}, namespace: flux-system}}
spec:
  serviceAccountName: kustomize-controller
  interval: 1h
  prune: true
  targetNamespace: t{tenant}
  path: ./apps/t{tenant}/{overlay}
{SOURCE}  postBuild: {{substituteFrom: [{{kind: ConfigMap, name: flux-runtime-info}}]}}
"
    );
    put(folder, &format!("tenants/t{tenant}/tenant.yaml"), &text)?;
    put(folder, &format!("tenants/t{tenant}/kustomization.yaml"), &kustomization("  - tenant.yaml\n", ""))?;
    put(folder, &format!("apps/t{tenant}/base/app.yaml"), &application(tenant))?;
    put(folder, &format!("apps/t{tenant}/base/kustomization.yaml"), &kustomization("  - app.yaml\n", ""))?;
    let overlays: Vec<String> = match shape.has_own_overlays {
        true => (0..shape.clusters).map(|cluster| format!("c{cluster}")).collect(),
        false => vec!["staging".to_owned(), "production".to_owned()],
    };
    for (index, overlay) in overlays.iter().enumerate() {
        let patch = format!(
            "patches:\n  - target: {{kind: Deployment}}\n    patch: |\n      - {{op: replace, path: /spec/replicas, value: {}}}\n",
            index + 2
        );
        let path = format!("apps/t{tenant}/{overlay}/kustomization.yaml");
        put(folder, &path, &kustomization("  - ../base\n", &patch))?;
    }
    Ok(())
}

/// What a tenant runs: five objects, two of which differ from cluster to cluster.
fn application(tenant: usize) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: app, labels: {{app: t{tenant}}}}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: t{tenant}}}}}
  template:
    metadata: {{labels: {{app: t{tenant}}}}}
    spec:
      serviceAccountName: t{tenant}
      containers:
        - name: app
          image: ghcr.io/acme/app:1.{tenant}.0
          ports: [{{containerPort: 8080, name: http}}]
          env:
            - {{name: LOG_LEVEL, value: info}}
            - {{name: TENANT, value: t{tenant}}}
          resources: {{requests: {{cpu: 100m, memory: 128Mi}}, limits: {{memory: 256Mi}}}}
          securityContext: {{readOnlyRootFilesystem: true, allowPrivilegeEscalation: false}}
---
apiVersion: v1
kind: Service
metadata: {{name: app}}
spec: {{selector: {{app: t{tenant}}}, ports: [{{port: 80, targetPort: http}}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: app}}
spec:
  rules:
    - host: t{tenant}.${{CLUSTER_DOMAIN}}
      http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: app, port: {{number: 80}}}}}}}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings}}
data:
  cluster: ${{CLUSTER_NAME}}
  settings.yaml: |
    tenant: t{tenant}
    retries: 3
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: app}}
spec: {{podSelector: {{matchLabels: {{app: t{tenant}}}}}, policyTypes: [Ingress]}}
"
    )
}
