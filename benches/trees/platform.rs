//! Many clusters that apply nearly the same: tenants with large applications, each a base with two overlays, and one object
//! in five with a variable.

use std::fmt::Write as _;
use std::path::Path;

use super::parts::{SOURCE, identity, instance, kustomization, put};

/// What the fleet is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Platform {
    pub(crate) clusters: usize,
    pub(crate) tenants: usize,
    /// Of each tenant, a multiple of five.
    pub(crate) objects: usize,
    /// Where the values of the variables are written.
    pub(crate) values: Values,
}

/// Who decides the values of the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// Each cluster has its own.
    OfCluster,
    /// Those of an environment have the same, from the same file.
    OfEnvironment,
}

const VARIABLES: &str = "  postBuild: {substituteFrom: [{kind: ConfigMap, name: flux-runtime-info}]}\n";
const ENVIRONMENTS: [&str; 2] = ["staging", "production"];

/// Writes the fleet into a folder.
pub(crate) fn write(folder: &Path, platform: Platform) -> std::io::Result<()> {
    for cluster in 0..platform.clusters {
        write_cluster(folder, cluster, platform.values)?;
    }
    for environment in ENVIRONMENTS {
        let domain = format!("{environment}.example.com");
        put(folder, &format!("environments/{environment}/runtime-info.yaml"), &runtime_info(environment, &domain))?;
    }
    for tenant in 0..platform.tenants {
        write_tenant(folder, tenant, platform.objects)?;
    }
    let names: String = (0..platform.tenants).map(|tenant| format!("  - t{tenant}.yaml\n")).collect();
    put(folder, "tenants/kustomization.yaml", &kustomization(&names, ""))
}

fn write_cluster(folder: &Path, cluster: usize, values: Values) -> std::io::Result<()> {
    let environment = ENVIRONMENTS[cluster % 2];
    let instance = instance(cluster);
    let flux = format!(
        "{instance}apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: tenants, namespace: flux-system}}
spec:
  serviceAccountName: kustomize-controller
  interval: 1h
  prune: true
  path: ./tenants
{SOURCE}{VARIABLES}"
    );
    let path = format!("clusters/c{cluster}");
    let (variables, own) = match values {
        Values::OfCluster => {
            ("runtime-info.yaml".to_owned(), Some(runtime_info(environment, &format!("c{cluster}.example.com"))))
        }
        Values::OfEnvironment => (format!("../../environments/{environment}"), None),
    };
    put(folder, &format!("{path}/flux.yaml"), &flux)?;
    own.map_or(Ok(()), |text| put(folder, &format!("{path}/runtime-info.yaml"), &text))?;
    put(
        folder,
        &format!("{path}/kustomization.yaml"),
        &kustomization(&format!("  - flux.yaml\n  - {variables}\n"), ""),
    )?;
    let shared = "  - runtime-info.yaml\n";
    put(folder, &format!("environments/{environment}/kustomization.yaml"), &kustomization(shared, ""))
}

fn runtime_info(environment: &str, domain: &str) -> String {
    format!(
        "apiVersion: v1
kind: ConfigMap
metadata: {{name: flux-runtime-info, namespace: flux-system}}
data: {{ENVIRONMENT: {environment}, GIT_BRANCH: main, CLUSTER_DOMAIN: {domain}}}
"
    )
}

fn write_tenant(folder: &Path, tenant: usize, objects: usize) -> std::io::Result<()> {
    let identity = identity(tenant);
    let text = format!(
        "{identity}apiVersion: v1
kind: ResourceQuota
metadata: {{name: quota, namespace: t{tenant}}}
spec: {{hard: {{pods: \"600\"}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: default, namespace: t{tenant}}}
spec: {{podSelector: {{}}, policyTypes: [Ingress]}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: t{tenant}, namespace: flux-system}}
spec:
  serviceAccountName: kustomize-controller
  interval: 1h
  prune: true
  targetNamespace: t{tenant}
  path: ./apps/t{tenant}/${{ENVIRONMENT}}
{SOURCE}{VARIABLES}"
    );
    put(folder, &format!("tenants/t{tenant}.yaml"), &text)?;
    let base: String = (0..objects / 5).map(|part| component(tenant, part)).collect();
    put(folder, &format!("apps/t{tenant}/base/app.yaml"), &base)?;
    put(folder, &format!("apps/t{tenant}/base/kustomization.yaml"), &kustomization("  - app.yaml\n", ""))?;
    for (replicas, environment) in ENVIRONMENTS.iter().enumerate() {
        let patch = format!(
            "patches:\n  - target: {{kind: Deployment}}\n    patch: |\n      - {{op: replace, path: /spec/replicas, value: {}}}\n",
            replicas + 2
        );
        let path = format!("apps/t{tenant}/{environment}/kustomization.yaml");
        put(folder, &path, &kustomization("  - ../base\n", &patch))?;
    }
    Ok(())
}

/// Five objects, the last with a variable.
fn component(tenant: usize, part: usize) -> String {
    let mut text = format!(
        "---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app-{part}, labels: {{app: app-{part}}}}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: app-{part}}}}}
  template:
    metadata: {{labels: {{app: app-{part}}}}}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/app:1.{tenant}.{part}
          ports: [{{containerPort: 8080, name: http}}]
          resources: {{requests: {{cpu: 100m, memory: 128Mi}}, limits: {{memory: 256Mi}}}}
"
    );
    _ = write!(
        text,
        "---
apiVersion: v1
kind: Service
metadata: {{name: app-{part}}}
spec: {{selector: {{app: app-{part}}}, ports: [{{port: 80, targetPort: http}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: app-{part}}}
data: {{tenant: t{tenant}, retries: \"3\"}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: app-{part}}}
spec: {{podSelector: {{matchLabels: {{app: app-{part}}}}}, policyTypes: [Ingress]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: app-{part}}}
spec:
  rules:
    - host: app-{part}.t{tenant}.${{CLUSTER_DOMAIN}}
      http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: app-{part}, port: {{number: 80}}}}}}}}]}}
"
    );
    text
}
