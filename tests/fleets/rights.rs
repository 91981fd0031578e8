//! Who may do what on the clusters of a fleet: which bindings get there, and what may be there unseen.

use fleetlint::fleet::Fleet;
use fleetlint::rbac::{Answer, ApplyVerdict, Denial, Judge, Request, ResourceRequest, RoleId, User};
use fleetlint::run::{Request as Run, Session};

use crate::fleet::{D1, Repositories};

const ORDERS: &str = "components/orders/base/cache.yaml";

/// The d1 fleet with its planted defect in the identity of `orders` repaired, and more objects at the end of a file.
fn fleet(more: &[(&str, &str, &str)]) -> Fleet {
    let repositories = Repositories::copy_of("d1");
    let edit = |repository: &str, file: &str, change: &dyn Fn(String) -> String| {
        let text = std::fs::read_to_string(repositories.path(repository).join(file)).unwrap();
        repositories.write(repository, file, &change(text));
    };
    edit(D1, "tenants/apps/components/orders/sync.yaml", &|text| {
        text.replacen("  retryInterval: 2m", "  retryInterval: 2m\n  serviceAccountName: flux-apps", 1)
    });
    for (repository, file, objects) in more {
        edit(repository, file, &|text| format!("{text}---\n{objects}"));
    }
    let (fleet, _) = Session::default().fleet(&Run::of(&repositories.path(D1))).unwrap();
    fleet
}

fn answer(fleet: &Fleet, user: &User, verb: &str, resource: &str, namespace: &str) -> &'static str {
    let cluster = fleet.find_cluster("prod-eu").unwrap();
    let (resource, group) = resource.split_once('.').unwrap_or((resource, ""));
    let request = ResourceRequest { verb, group, resource, namespace, ..Default::default() };
    match cluster.rbac().rights().may(user, &Request::Resource(request)) {
        Answer::Allowed(_) => "yes",
        Answer::Denied => "no",
        Answer::Undetermined(_) => "undetermined",
    }
}

/// A cluster-wide binding of a tenant's account.
const ESCALATION: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: more
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - kind: ServiceAccount
    name: flux-apps
    namespace: orders
";

#[test]
fn a_binding_that_nobody_may_apply_grants_nothing() {
    let user = User::account("orders", "flux-apps");
    let own = fleet(&[("acme-apps", ORDERS, ESCALATION)]);
    assert_eq!(answer(&own, &user, "delete", "nodes", ""), "no");
    assert_eq!(answer(&own, &user, "patch", "deployments.apps", "orders"), "yes");
    // The platform may.
    let given = fleet(&[("acme-infra", "components/admission/controllers/base/namespace.yaml", ESCALATION)]);
    assert_eq!(answer(&given, &user, "delete", "nodes", ""), "yes");
}

#[test]
fn charts_add_their_own_resources_to_a_role_and_no_others() {
    let (fleet, user) = (fleet(&[]), User::account("orders", "flux-apps"));
    assert_eq!(answer(&fleet, &user, "patch", "certificates.cert-manager.io", "orders"), "undetermined");
    assert_eq!(answer(&fleet, &user, "patch", "resourcequotas", "orders"), "no");
    assert_eq!(answer(&fleet, &user, "patch", "certificates.cert-manager.io", "storefront"), "no");
}

#[test]
fn a_role_and_its_binding_in_one_apply_are_refused_without_the_verb_bind() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
rules:
  - apiGroups: [\"\"]
    resources: [configmaps]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: reader
subjects:
  - kind: User
    name: jane
";
    let fleet = fleet(&[("acme-apps", "update/storefront.yaml", role)]);
    let cluster = fleet.find_cluster("staging").unwrap();
    let placed = cluster.find("rbac.authorization.k8s.io", "RoleBinding", "apps-update", "reader").unwrap();
    let reconciler = cluster.applied_by(placed).unwrap();
    let id = RoleId { namespace: "apps-update".into(), name: "reader".into() };
    match cluster.rbac().apply_verdict(reconciler, placed) {
        ApplyVerdict::Denied(denial) => assert_eq!(denial, Denial::NoRole(id)),
        verdict => panic!("{verdict:?}"),
    }
}
