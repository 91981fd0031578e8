//! Which layout a fleet has, why, and what follows from it: tenants, branches, tokens.

mod cases {
    use std::fs;

    use fleetlint::config::ProfileKind;
    use fleetlint::fleet::Fleet;
    use fleetlint::report;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::Selection;
    use serde_json::Value;

    use crate::fleet::{D1, Repositories};

    const CLUSTERS: [&str; 3] = ["prod-eu", "prod-us", "staging"];

    const SOURCES: &str = "sources:
  https://github.com/acme/acme-infra: ../acme-infra
  https://github.com/acme/acme-apps: ../acme-apps
";

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 1m
  url: https://github.com/acme/acme-fleet.git
  ref:
    branch: main
  secretRef:
    name: flux-system
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 10m
  path: ./clusters/CLUSTER
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
";

    /// d1 without its tokens and with its planted defects that are about tokens removed.
    fn d1() -> Repositories {
        let repositories = Repositories::copy_of("d1");
        repositories.write(D1, "fleetlint.yaml", SOURCES);
        replace(&repositories, "tenants/infra/update/sync.yaml", "name: flux-system\n", "name: flux-infra-update\n");
        repositories
    }

    /// The same, installed by `flux bootstrap`.
    fn bootstrapped() -> Repositories {
        let repositories = d1();
        for cluster in CLUSTERS {
            let folder = format!("clusters/{cluster}/flux-system");
            fs::remove_dir_all(repositories.path(D1).join(&folder)).unwrap();
            repositories.write(D1, &format!("{folder}/gotk-sync.yaml"), &SYNC.replace("CLUSTER", cluster));
        }
        repositories
    }

    fn replace(repositories: &Repositories, file: &str, from: &str, to: &str) {
        let path = repositories.path(D1).join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    fn fleet(repositories: &Repositories) -> Fleet {
        let path = repositories.path(D1);
        let request = Request::of(&path);
        Session::default().fleet(&request).unwrap().0
    }

    fn report(repositories: &Repositories, rules: &[&str]) -> Vec<Value> {
        let session = Session::default();
        let path = repositories.path(D1);
        let request = Request::of(&path);
        let select = rules.iter().map(|rule| (*rule).to_owned()).collect();
        let selection = Selection { select, ..Selection::default() };
        let report = session.check(&request, &selection, None).unwrap_or_else(|why| panic!("{why}"));
        let report: Value = serde_json::from_str(&report::json(&report, &session.files)).unwrap();
        report["findings"].as_array().unwrap().clone()
    }

    /// `file:line: severity: message [clusters]`
    fn found(findings: &[Value]) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let line = |finding: &Value| {
            let clusters: Vec<String> = finding["clusters"].as_array().unwrap().iter().map(text).collect();
            format!(
                "{}:{}: {}: {} [{}]",
                text(&finding["location"]["file"]),
                finding["location"]["line"],
                text(&finding["severity"]),
                text(&finding["message"]),
                clusters.join(" ")
            )
        };
        findings.iter().map(line).collect()
    }

    fn tokens(fleet: &Fleet) -> Vec<String> {
        fleet.profile.tokens.iter().map(|token| token.declaration()).collect()
    }

    const MISMATCH: &str = "pat-permissions/secret-repo-mismatch";
    const PUSH: &str = "pat-permissions/push-needs-contents-write";
    const COPY: &str = "pat-permissions/secret-not-propagated";

    fn configure(repositories: &Repositories, more: &str) {
        repositories.write(D1, "fleetlint.yaml", &format!("{SOURCES}{more}"));
    }

    /// The entry of `tokens` that the help of a finding says to paste.
    fn declared(finding: &Value) -> String {
        let help = finding["help"].as_str().unwrap();
        help.split('`').find(|part| part.starts_with("- {")).unwrap_or_else(|| panic!("{help}")).to_owned()
    }

    fn related(finding: &Value) -> Vec<String> {
        let related = finding["related"].as_array().unwrap().iter();
        let shown = related.map(|it| {
            format!("{}:{}: {}", it["location"]["file"].as_str().unwrap(), it["location"]["line"], it["message"])
        });
        shown.collect()
    }

    #[test]
    fn bootstrap_can_install_a_d1_fleet() {
        let profile = fleet(&bootstrapped()).profile;
        assert_eq!(profile.kind, ProfileKind::D1);
        assert_eq!(profile.reason, "ConfigMap `flux-runtime-info`, folder `tenants`, sources in Git");
        assert_eq!(profile.fleet_ref.as_deref(), Some("refs/heads/main"));
        let instance = fleet(&d1()).profile;
        assert_eq!((profile.kind, &profile.reason), (instance.kind, &instance.reason));
        assert_eq!(profile.tokens, instance.tokens);
        assert_eq!(profile.environments, instance.environments);
        assert_eq!(profile.platform_tenants, instance.platform_tenants);
    }

    #[test]
    fn the_layout_has_a_reason() {
        let reason = |repositories: &Repositories| {
            let profile = fleet(repositories).profile;
            (profile.kind, profile.reason)
        };
        let configured = d1();
        configure(&configured, "profile: monorepo\n");
        let expected = (ProfileKind::Monorepo, "`profile:` in fleetlint.yaml".to_owned());
        assert_eq!(reason(&configured), expected);
        let without_tenants = bootstrapped();
        fs::remove_dir_all(without_tenants.path(D1).join("tenants")).unwrap();
        let expected = (ProfileKind::Bootstrap, "Flux was installed by `flux bootstrap`".to_owned());
        assert_eq!(reason(&without_tenants), expected);
        let without_runtime_info = d1();
        for cluster in CLUSTERS {
            fs::remove_file(without_runtime_info.path(D1).join(format!("clusters/{cluster}/runtime-info.yaml")))
                .unwrap();
        }
        assert_eq!(reason(&without_runtime_info), (ProfileKind::Monorepo, "nothing shows another layout".to_owned()));
        let in_oci = d1();
        for cluster in CLUSTERS {
            let file = format!("clusters/{cluster}/flux-system/flux-instance.yaml");
            replace(&in_oci, &file, "kind: GitRepository", "kind: OCIRepository");
        }
        let expected = (ProfileKind::D2, "ConfigMap `flux-runtime-info`, sources in OCI".to_owned());
        assert_eq!(reason(&in_oci), expected);
    }

    #[test]
    fn branches_are_those_of_the_repository_that_bootstrap_wrote() {
        let repositories = bootstrapped();
        replace(&repositories, "clusters/prod-us/flux-system/gotk-sync.yaml", "branch: main", "branch: production");
        for file in ["tenants/infra/components/source.yaml", "tenants/infra/update/sync.yaml"] {
            replace(&repositories, file, "branch: ${GIT_BRANCH}", "branch: main");
        }
        let findings = report(&repositories, &["branch-mapping/fleet-sync-ref"]);
        assert_eq!(
            found(&findings),
            [
                "clusters/prod-us/flux-system/gotk-sync.yaml:8: error: cluster `prod-us` syncs the fleet at `refs/heads/production`, while the rest of the fleet syncs `refs/heads/main` [prod-us]"
            ]
        );
        let help = "set `branch: main`: environments differ in the branch of infra and apps, not of the fleet";
        assert_eq!(findings[0]["help"], help);
        let pinned = found(&report(&repositories, &["branch-mapping/hardcoded-branch"]));
        let message = "error: branch `main` is written here, so this repository does not follow the branch of the cluster's environment";
        let expected = [
            ("tenants/apps/components/storefront/sync.yaml:9", "prod-eu prod-us staging"),
            ("tenants/infra/components/source.yaml:9", "prod-eu prod-us staging"),
            ("tenants/infra/update/sync.yaml:9", "staging"),
        ];
        assert_eq!(pinned, expected.map(|(place, clusters)| format!("{place}: {message} [{clusters}]")));
    }

    #[test]
    fn a_cluster_that_is_alone_may_sync_any_branch() {
        let repositories = bootstrapped();
        for cluster in ["prod-eu", "prod-us"] {
            fs::remove_dir_all(repositories.path(D1).join("clusters").join(cluster)).unwrap();
        }
        replace(&repositories, "clusters/staging/flux-system/gotk-sync.yaml", "branch: main", "branch: master");
        assert_eq!(found(&report(&repositories, &["branch-mapping/fleet-sync-ref"])), [""; 0]);
    }

    #[test]
    fn a_deploy_key_may_do_what_nobody_knows() {
        let repositories = bootstrapped();
        for cluster in CLUSTERS {
            let file = format!("clusters/{cluster}/flux-system/gotk-sync.yaml");
            replace(&repositories, &file, "https://github.com", "ssh://git@github.com");
        }
        let tokens = fleet(&repositories).profile.tokens;
        let expected = "- {name: platform, secrets: [flux-system/flux-system], repositories: [acme/acme-fleet]}";
        assert_eq!(tokens[0].declaration(), expected);
        assert!(!tokens[2].permissions.is_empty());
    }

    #[test]
    fn the_configuration_says_which_tenants_are_the_platforms() {
        let repositories = d1();
        configure(&repositories, "tenants: [{name: apps, platform: true}, {name: infra}]\n");
        let fleet = fleet(&repositories);
        assert_eq!(fleet.profile.platform_tenants.iter().collect::<Vec<_>>(), ["apps"]);
        let source = fleet.clusters[0].find("source.toolkit.fluxcd.io", "GitRepository", "flux-system", "flux-infra");
        assert_eq!(fleet.tenancy(&fleet.clusters[0]).owner(source.unwrap()).tenant(), Some("infra"));
        assert_eq!(found(&report(&repositories, &["tenant-isolation/missing-service-account"])), [""; 0]);
    }

    #[test]
    fn what_is_in_the_namespace_of_flux_is_no_tenants() {
        let repositories = d1();
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: NAME, namespace: NAMESPACE}\n---\n";
        let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: ops}\n\
                       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n\
                       subjects:\n- {kind: ServiceAccount, name: ops, namespace: flux-system}\n---\n";
        let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: own, namespace: flux-system, \
                      labels: {toolkit.fluxcd.io/tenant: apps}}\nspec: {url: 'https://git.example/acme/own'}\n---\n";
        let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map, namespace: flux-system}\n";
        let own = account.replace("NAMESPACE", "flux-system");
        let labelled =
            own.replace("NAME", "ops").replace("system}", "system, labels: {toolkit.fluxcd.io/tenant: apps}}");
        let text = format!("{labelled}{}{binding}{source}{map}", own.replace("NAME", "plain"));
        repositories.write(D1, "tenants/apps/policies/ops.yaml", &text);
        replace(
            &repositories,
            "tenants/apps/policies/kustomization.yaml",
            "resources:\n",
            "resources:\n  - ops.yaml\n",
        );
        let fleet = fleet(&repositories);
        let cluster = &fleet.clusters[0];
        let tenant = |group: &str, kind: &str, name: &str| {
            let placed = cluster.find(group, kind, "flux-system", name).unwrap_or_else(|| panic!("no {name}"));
            fleet.tenancy(cluster).owner(placed).tenant().map(str::to_owned)
        };
        assert_eq!(tenant("", "ServiceAccount", "ops"), None);
        assert_eq!(tenant("", "ServiceAccount", "plain"), None);
        assert_eq!(tenant("", "ConfigMap", "map"), None);
        assert_eq!(tenant("source.toolkit.fluxcd.io", "GitRepository", "own").as_deref(), Some("apps"));
        assert_eq!(found(&report(&repositories, &["tenant-isolation/cluster-admin-tenant"])), [""; 0]);
    }

    #[test]
    fn an_assumed_token_is_asked_about_once() {
        let repositories = d1();
        let infra = "https://github.com/acme/acme-infra.git";
        replace(
            &repositories,
            "tenants/infra/components/source.yaml",
            "    name: flux-infra\n",
            "    name: flux-system\n",
        );
        replace(
            &repositories,
            "tenants/infra/update/sync.yaml",
            "    name: flux-infra-update\n---",
            "    name: flux-system\n---",
        );
        replace(&repositories, "tenants/infra/update/sync.yaml", infra, "https://github.com/acme/acme-site.git");
        let findings = report(&repositories, &[MISMATCH]);
        assert_eq!(
            found(&findings),
            [
                "tenants/infra/components/source.yaml:11: warning: no token is declared for Secret `flux-system`: in a fleet of this layout it covers `acme/acme-fleet`, not `acme/acme-infra`, `acme/acme-site` [prod-eu prod-us staging]"
            ]
        );
        assert_eq!(
            related(&findings[0]),
            [
                "tenants/infra/components/source.yaml:7: \"`acme/acme-infra` is read with it\"",
                "tenants/infra/update/sync.yaml:7: \"`acme/acme-site` is read with it\"",
                "tenants/infra/update/automation.yaml:9: \"this automation pushes with it\""
            ]
        );
        configure(&repositories, &format!("tokens:\n{}\n", declared(&findings[0])));
        assert_eq!(found(&report(&repositories, &[MISMATCH])), [""; 0]);
        configure(&repositories, "tokens: [{name: x, secrets: [flux-system/flux-system], repositories: [a/b]}]\n");
        let levels: Vec<Value> = report(&repositories, &[MISMATCH]).iter().map(|it| it["severity"].clone()).collect();
        assert_eq!(levels, ["error"; 5]);
    }

    #[test]
    fn a_push_with_an_assumed_token_is_asked_about_once() {
        let repositories = d1();
        let fleet = "https://github.com/acme/acme-fleet.git";
        let file = "tenants/infra/update/sync.yaml";
        replace(&repositories, file, "https://github.com/acme/acme-infra.git", fleet);
        replace(&repositories, file, "    name: flux-infra-update\n---", "    name: flux-system\n---");
        let automation = "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: own, namespace: \
                          flux-system}\nspec: {sourceRef: {kind: GitRepository, name: flux-system}}\n";
        repositories.write(D1, "clusters/prod-us/automation.yaml", automation);
        let findings = report(&repositories, &[PUSH]);
        assert_eq!(
            found(&findings),
            [
                "clusters/prod-us/flux-system/flux-instance.yaml:26: warning: no token is declared for Secret `flux-system`, with which an automation pushes: in a fleet of this layout it lacks Contents: write [prod-us staging]"
            ]
        );
        assert_eq!(
            related(&findings[0]),
            [
                "clusters/prod-us/automation.yaml:4: \"this automation pushes with it\"",
                "tenants/infra/update/automation.yaml:9: \"this automation pushes with it\""
            ]
        );
        configure(&repositories, &format!("tokens:\n{}\n", declared(&findings[0])));
        assert_eq!(found(&report(&repositories, &[PUSH])), [""; 0]);
        configure(
            &repositories,
            &format!("tokens:\n{}\n", declared(&findings[0]).replace("contents: write", "contents: read")),
        );
        let levels: Vec<Value> = report(&repositories, &[PUSH]).iter().map(|it| it["severity"].clone()).collect();
        assert_eq!(levels, ["error"; 2]);
    }

    #[test]
    fn a_secret_of_an_assumed_token_is_asked_about() {
        let repositories = d1();
        let file = "tenants/apps/policies/clone-secrets.yaml";
        replace(
            &repositories,
            file,
            "            matchLabels:\n              toolkit.fluxcd.io/tenant: apps",
            "            matchLabels:\n              copy: yes",
        );
        let findings = report(&repositories, &[COPY]);
        let levels: Vec<&Value> = findings.iter().map(|it| &it["severity"]).collect();
        assert_eq!(levels, ["warning"]);
        assert_eq!(declared(&findings[0]), tokens(&fleet(&repositories))[2]);
        configure(&repositories, &format!("tokens:\n{}\n", declared(&findings[0])));
        let levels: Vec<Value> = report(&repositories, &[COPY]).iter().map(|it| it["severity"].clone()).collect();
        assert_eq!(levels, ["error"]);
    }
}
