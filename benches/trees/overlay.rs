//! One large overlay, made again: an overlay with every common transformer over a base of `OBJECTS` Deployments.

use std::{fs, io};

use tempfile::TempDir;

const OBJECTS: usize = 2_000;
const OBJECTS_IN_A_FILE: usize = 20;

const OVERLAY: &str = "\
resources: [../base]
namespace: production
namePrefix: eu-
labels:
  - pairs: {tier: production}
    includeTemplates: true
images:
  - name: ghcr.io/acme/app
    newTag: 2.0.0
patches:
  - target: {kind: Deployment}
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: any}
      spec:
        template:
          spec:
            containers:
              - name: main
                env:
                  - name: REGION
                    value: eu
  - target: {kind: Deployment, name: app-1.*}
    patch: |
      - op: replace
        path: /spec/replicas
        value: 3
";

/// A folder with `base` and `overlay`, which is removed at the end.
pub(crate) fn write() -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let (base, overlay) = (folder.path().join("base"), folder.path().join("overlay"));
    fs::create_dir(&base)?;
    fs::create_dir(&overlay)?;
    let mut list = "configMapGenerator:\n  - name: settings\n    literals: [a=b]\nresources:\n".to_owned();
    for file in 0..OBJECTS / OBJECTS_IN_A_FILE {
        let objects = (0..OBJECTS_IN_A_FILE).map(|index| deployment(file * OBJECTS_IN_A_FILE + index));
        fs::write(base.join(format!("apps-{file}.yaml")), objects.collect::<Vec<_>>().join("---\n"))?;
        list.push_str(&format!("  - apps-{file}.yaml\n"));
    }
    fs::write(base.join("kustomization.yaml"), list)?;
    fs::write(overlay.join("kustomization.yaml"), OVERLAY)?;
    Ok(folder)
}

fn deployment(number: usize) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{number}
  labels:
    app.kubernetes.io/name: app-{number}
    app.kubernetes.io/part-of: fleet
spec:
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: app-{number}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-{number}
    spec:
      serviceAccountName: app-{number}
      containers:
        - name: main
          image: ghcr.io/acme/app:1.{number}.0
          env:
            - name: LOG_LEVEL
              value: info
            - name: CONFIG
              valueFrom:
                configMapKeyRef:
                  name: settings
                  key: app-{number}
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests: {{cpu: 10m, memory: 64Mi}}
            limits: {{memory: 128Mi}}
"
    )
}
