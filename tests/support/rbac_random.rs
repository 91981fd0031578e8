//! Random roles, bindings and questions: few words, so that they meet.

// Each harness uses its part.
#![allow(dead_code)]

use serde_json::{Value, json};

const VERBS: [&str; 9] = ["get", "list", "create", "patch", "delete", "bind", "escalate", "*", "Get"];
const GROUPS: [&str; 5] = ["", "apps", "rbac.authorization.k8s.io", "*", "a.b"];
const RESOURCES: [&str; 13] = [
    "pods",
    "pods/log",
    "*/log",
    "*",
    "pods/*",
    "*/*",
    "roles",
    "rolebindings",
    "clusterroles",
    "clusterrolebindings",
    "namespaces",
    "po*",
    "deployments/scale",
];
const NAMES: [&str; 6] = ["x", "y", "one", "two", "*", ""];
const URLS: [&str; 8] = ["/a", "/a/*", "/a*", "*", "/*", "/a/b", "/a**", "a"];
const NAMESPACES: [&str; 2] = ["n1", "n2"];
const ACCOUNTS: [&str; 2] = ["s1", "s2"];
const ROLES: [&str; 5] = ["one", "two", "three", "view", "cluster-admin"];
const PEOPLE: [&str; 2] = ["jane", "joe"];
// `system:masters` is none of them: who is in it is let in before the authorizer is asked.
const GROUPS_OF_PEOPLE: [&str; 5] = [
    "team",
    "system:authenticated",
    "system:serviceaccounts",
    "system:serviceaccounts:n1",
    "system:serviceaccount:n1:s1",
];
const GROUP: &str = "rbac.authorization.k8s.io";

/// A generator of random numbers (xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    /// One time in so many.
    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of(&mut self, words: &[&str]) -> String {
        words[self.below(words.len())].to_owned()
    }

    fn some(&mut self, words: &[&str], most: usize) -> Vec<String> {
        let count = 1 + self.below(most);
        (0..count).map(|_| self.of(words)).collect()
    }

    pub(crate) fn rule(&mut self, may_name_urls: bool) -> Value {
        let verbs = self.some(&VERBS, 3);
        if may_name_urls && self.one_in(5) {
            return json!({"verbs": verbs, "nonResourceURLs": self.some(&URLS, 2)});
        }
        if self.one_in(3) {
            let verbs = ["get", "create", "patch", "*", "bind", "escalate"];
            let verbs = &verbs[..2 + self.below(5)];
            let resources = self.some(&["roles", "rolebindings", "clusterroles", "clusterrolebindings", "*"], 3);
            return json!({"verbs": verbs, "apiGroups": [GROUP], "resources": resources});
        }
        let mut rule =
            json!({"verbs": verbs, "apiGroups": self.some(&GROUPS, 2), "resources": self.some(&RESOURCES, 2)});
        if self.one_in(4) {
            rule["resourceNames"] = json!(self.some(&NAMES, 2));
        }
        rule
    }

    fn rules(&mut self, may_name_urls: bool) -> Vec<Value> {
        (0..self.below(5)).map(|_| self.rule(may_name_urls)).collect()
    }

    pub(crate) fn role(&mut self, name: &str) -> Value {
        if self.one_in(2) {
            let namespace = self.of(&NAMESPACES);
            let metadata = json!({"name": name, "namespace": namespace});
            return json!({"apiVersion": format!("{GROUP}/v1"), "kind": "Role", "metadata": metadata, "rules": self.rules(false)});
        }
        let mut metadata = json!({"name": name});
        if self.one_in(2) {
            let key = self.of(&["team", "rbac.authorization.k8s.io/aggregate-to-view"]);
            metadata["labels"] = json!({key: self.of(&["true", "a", "b"])});
        }
        let mut role = json!({"apiVersion": format!("{GROUP}/v1"), "kind": "ClusterRole", "metadata": metadata});
        // What gathers has no label: how a cycle ends depends on how the controller began.
        if self.one_in(6) && role["metadata"]["labels"].is_null() {
            role["aggregationRule"] = json!({"clusterRoleSelectors": [self.selector()]});
        } else {
            role["rules"] = json!(self.rules(true));
        }
        role
    }

    fn selector(&mut self) -> Value {
        let values = self.some(&["true", "a", "b"], 2);
        match self.below(4) {
            0 => json!({"matchLabels": {"team": values[0]}}),
            1 => json!({"matchExpressions": [{"key": "team", "operator": "In", "values": values}]}),
            2 => {
                json!({"matchExpressions": [{"key": "team", "operator": "NotIn", "values": values}, {"key": "team", "operator": "Exists"}]})
            }
            _ => {
                json!({"matchLabels": {"team": values[0]}, "matchExpressions": [{"key": "other", "operator": "DoesNotExist"}]})
            }
        }
    }

    pub(crate) fn binding(&mut self, name: &str) -> Value {
        let is_cluster_wide = self.one_in(3);
        let kind = if is_cluster_wide { "ClusterRoleBinding" } else { "RoleBinding" };
        let mut metadata = json!({"name": name});
        if !is_cluster_wide {
            metadata["namespace"] = json!(self.of(&NAMESPACES));
        }
        let of = if is_cluster_wide || self.one_in(2) { "ClusterRole" } else { "Role" };
        let subjects: Vec<Value> = (0..self.below(3)).map(|_| self.subject(is_cluster_wide)).collect();
        let role = json!({"apiGroup": GROUP, "kind": of, "name": self.of(&ROLES)});
        json!({"apiVersion": format!("{GROUP}/v1"), "kind": kind, "metadata": metadata, "roleRef": role, "subjects": subjects})
    }

    fn subject(&mut self, needs_namespace: bool) -> Value {
        match self.below(5) {
            0 => json!({"kind": "User", "apiGroup": GROUP, "name": self.of(&PEOPLE)}),
            1 => json!({"kind": "Group", "apiGroup": GROUP, "name": self.of(&GROUPS_OF_PEOPLE)}),
            2 if !needs_namespace => json!({"kind": "ServiceAccount", "name": self.of(&ACCOUNTS)}),
            3 => {
                let name = format!("system:serviceaccount:{}:{}", self.of(&NAMESPACES), self.of(&ACCOUNTS));
                json!({"kind": "User", "apiGroup": GROUP, "name": name})
            }
            _ => json!({"kind": "ServiceAccount", "namespace": self.of(&NAMESPACES), "name": self.of(&ACCOUNTS)}),
        }
    }

    /// Roles of different names, and bindings.
    pub(crate) fn policy(&mut self) -> Vec<Value> {
        let mut objects: Vec<Value> = ["one", "two", "three"].iter().map(|name| self.role(name)).collect();
        let count = 2 + self.below(8);
        objects.extend((0..count).map(|index| self.binding(&format!("b{index}"))));
        objects
    }

    /// A user name, and groups.
    pub(crate) fn user(&mut self) -> (String, Vec<String>) {
        if self.one_in(4) {
            let groups = (0..self.below(2)).map(|_| self.of(&GROUPS_OF_PEOPLE)).collect();
            return (self.of(&PEOPLE), groups);
        }
        (format!("system:serviceaccount:{}:{}", self.of(&NAMESPACES), self.of(&ACCOUNTS)), Vec::new())
    }

    /// A question as the oracle takes it. `objects` may be applied, or applied again.
    pub(crate) fn question(&mut self, objects: &[Value]) -> Value {
        match self.below(10) {
            0 => {
                json!({"verb": self.of(&["get", "post", "*"]), "url": self.of(&["/a", "/a/b", "/a/", "/b", "*", "/a*"])})
            }
            1 => json!({"rules": [self.rule(true)], "namespace": self.namespace()}),
            2 => {
                let at = self.below(objects.len());
                let (new, same) = (&objects[at], self.one_in(3));
                let mut question = json!({"apply": new.to_string()});
                if same {
                    question["old"] = json!(new.to_string());
                }
                question
            }
            3 => {
                let is_role = self.one_in(2);
                let new = if is_role { self.role("new") } else { self.binding("new") };
                json!({"apply": new.to_string()})
            }
            _ => {
                let subresource = if self.one_in(3) { self.of(&["log", "scale", "*"]) } else { String::new() };
                json!({
                    "verb": self.of(&VERBS), "group": self.of(&GROUPS), "resource": self.of(&["pods", "roles", "deployments", "*", "x"]),
                    "subresource": subresource, "namespace": self.namespace(), "name": self.of(&NAMES),
                })
            }
        }
    }

    fn namespace(&mut self) -> String {
        if self.one_in(4) { String::new() } else { self.of(&NAMESPACES) }
    }
}

/// Objects as the documents of one text.
pub(crate) fn documents(objects: &[Value]) -> String {
    objects.iter().map(Value::to_string).collect::<Vec<_>>().join("\n---\n")
}
