//! A fleet of two clusters that read two branches of one repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::done;
use crate::Failure;

/// Cluster, and the branch that it reads.
const CLUSTERS: [(&str, &str); 2] = [("staging", "main"), ("prod", "production")];

/// Writes `fleet` and `app` into a folder: two repositories, one of them with two branches.
pub(super) fn write(root: &Path) -> Result<(), Failure> {
    let app = root.join("app");
    put(
        &app.join("deploy/settings.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: default}\n",
    )?;
    commit_all(&app, "main")?;
    done(git(&app).args(["branch", "production"]))?;
    let fleet = root.join("fleet");
    for (cluster, branch) in CLUSTERS {
        put(&fleet.join(format!("clusters/{cluster}/flux-system/flux-instance.yaml")), &instance(cluster))?;
        put(&fleet.join(format!("clusters/{cluster}/source.yaml")), &source(branch))?;
    }
    set_path(root, "./deploy")?;
    put(&fleet.join("fleetlint.yaml"), "sources: {https://github.com/example/app: ../app}\n")?;
    done(git(&fleet).args(["init", "--quiet", "--initial-branch", "main"]))
}

/// Sets the folder of the app that both clusters apply.
pub(super) fn set_path(root: &Path, path: &str) -> Result<(), Failure> {
    for (cluster, _) in CLUSTERS {
        put(&root.join(format!("fleet/clusters/{cluster}/app.yaml")), &kustomization(path))?;
    }
    Ok(())
}

/// Makes a folder a repository with one commit.
pub(super) fn commit_all(folder: &Path, branch: &str) -> Result<(), Failure> {
    done(git(folder).args(["init", "--quiet", "--initial-branch", branch]))?;
    done(git(folder).args(["add", "."]))?;
    done(git(folder).args(["commit", "--quiet", "--message", "first"]))
}

/// git in a folder, by nobody's configuration.
pub(super) fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    fs::create_dir_all(path.parent().ok_or("a file is in a folder")?)?;
    Ok(fs::write(path, text)?)
}

fn instance(cluster: &str) -> String {
    format!(
        "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: flux-system}}\n\
         spec:\n  distribution: {{version: 2.7.x, registry: ghcr.io/fluxcd}}\n  sync:\n    kind: GitRepository\n    \
         url: https://github.com/example/fleet.git\n    ref: refs/heads/main\n    path: clusters/{cluster}\n"
    )
}

fn source(branch: &str) -> String {
    format!(
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: app, namespace: flux-system}}\n\
         spec:\n  interval: 10m\n  url: https://github.com/example/app\n  ref: {{branch: {branch}}}\n"
    )
}

fn kustomization(path: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: app, namespace: flux-system}}\n\
         spec:\n  interval: 10m\n  path: {path}\n  prune: true\n  sourceRef: {{kind: GitRepository, name: app}}\n"
    )
}
