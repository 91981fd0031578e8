//! The authorizer: recorded answers of the API server's own, and what holds for all policies.

use std::collections::BTreeSet;
use std::fs;

use fleetlint::rbac::{Judge, Policy, Request, ResourceRequest, User};
use serde_json::{Value, json};

use crate::fleet::files;
use crate::rbac_case::{answer, objects, policy, policy_of, rules_of};
use crate::rbac_random::{Random, documents};

/// Where the cases are.
const FOLDER: &str = "testdata/rbac";

fn read(name: &str) -> String {
    let path = format!("{}/{FOLDER}/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The topics: `TOPIC.yaml` holds the objects, `TOPIC.cases` the questions, `TOPIC.apply.yaml` what is applied.
fn topics() -> Vec<String> {
    let folder = format!("{}/{FOLDER}", env!("CARGO_MANIFEST_DIR"));
    let all = files(std::path::Path::new(&folder)).into_iter();
    all.filter_map(|file| Some(file.strip_suffix(".cases")?.to_owned())).collect()
}

#[test]
fn answers_and_proofs_are_those_of_the_api_server() {
    let (mut wrong, mut count) = (String::new(), 0);
    for topic in topics() {
        let policy = policy(&read(&format!("{topic}.yaml")));
        let applied = if topic == "escalation" { objects(&read("escalation.apply.yaml")) } else { Vec::new() };
        for line in read(&format!("{topic}.cases")).lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.splitn(3, " | ");
            let (Some(who), Some(question), Some(expected)) = (columns.next(), columns.next(), columns.next()) else {
                panic!("{topic}: {line}");
            };
            count += 1;
            let got = answer(&policy, who, question, &applied);
            if got != expected {
                wrong += &format!("\n{topic}: {who} | {question}\n  expected {expected}\n  got      {got}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(count, 369);
}

#[test]
fn every_case_says_what_it_shows() {
    for topic in topics() {
        let text = read(&format!("{topic}.cases"));
        assert!(text.starts_with("# "), "{topic} begins without a heading");
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(headings.iter().collect::<BTreeSet<_>>().len(), headings.len(), "{topic} has a heading twice");
    }
}

/// Whether the user of a question is allowed what it asks.
fn is_allowed(policy: &Policy, user: &User, question: &Value) -> bool {
    let field = |name: &str| question[name].as_str().unwrap_or_default();
    let request = match field("url") {
        "" => Request::Resource(ResourceRequest {
            verb: field("verb"),
            group: field("group"),
            resource: field("resource"),
            subresource: field("subresource"),
            namespace: field("namespace"),
            name: field("name"),
        }),
        path => Request::Url { verb: field("verb"), path },
    };
    policy.view().decide(user, &request).is_allowed()
}

/// Random policies, each with a user and questions.
fn random_policies() -> impl Iterator<Item = (Vec<Value>, User, Vec<Value>)> {
    let mut random = Random::new(7);
    (0..150).map(move |_| {
        let objects = random.policy();
        let (name, groups) = random.user();
        let questions = (0..40).map(|_| random.question(&objects)).filter(|it| it["verb"].is_string()).collect();
        (objects, User::new(&name, groups.iter().map(String::as_str)), questions)
    })
}

#[test]
fn another_binding_never_takes_a_right() {
    let mut random = Random::new(8);
    for (mut objects, user, questions) in random_policies() {
        let before = policy_of(&[], &documents(&objects));
        objects.push(random.binding("more"));
        let after = policy_of(&[], &documents(&objects));
        for question in questions.iter().filter(|it| is_allowed(&before, &user, it)) {
            assert!(is_allowed(&after, &user, question), "{question} {objects:?}");
        }
    }
}

#[test]
fn a_role_binding_grants_in_its_own_namespace_only() {
    for (mut objects, user, questions) in random_policies() {
        objects.retain(|object| object["kind"] != "ClusterRoleBinding");
        let policy = policy_of(&[], &documents(&objects));
        let namespaces: BTreeSet<&str> = objects
            .iter()
            .filter(|object| object["kind"] == "RoleBinding")
            .filter_map(|object| object["metadata"]["namespace"].as_str())
            .collect();
        for question in questions.iter().filter(|it| is_allowed(&policy, &user, it)) {
            let namespace = question["namespace"].as_str().unwrap_or_default();
            assert!(user.bypasses() || namespaces.contains(namespace), "{question} {objects:?}");
        }
    }
}

#[test]
fn what_the_whole_cluster_allows_each_namespace_allows() {
    for (objects, user, questions) in random_policies() {
        let policy = policy_of(&[], &documents(&objects));
        let cluster_wide = questions.iter().filter(|it| it["namespace"] == "" && is_allowed(&policy, &user, it));
        for mut question in cluster_wide.cloned() {
            question["namespace"] = "n2".into();
            assert!(is_allowed(&policy, &user, &question), "{question} {objects:?}");
        }
    }
}

#[test]
fn who_holds_a_rule_is_allowed_what_the_rule_allows() {
    for (objects, user, questions) in random_policies() {
        let policy = policy_of(&[], &documents(&objects));
        for question in questions.iter().filter(|it| it["url"].is_null()) {
            let list = |name: &str| vec![question[name].clone()];
            let resource = question["resource"].as_str().unwrap_or_default();
            let resource = match question["subresource"].as_str().unwrap_or_default() {
                "" => resource.to_owned(),
                subresource => format!("{resource}/{subresource}"),
            };
            let mut rule = json!({"verbs": list("verb"), "apiGroups": list("group"), "resources": [resource]});
            if question["name"] != "" {
                rule["resourceNames"] = json!(list("name"));
            }
            let rules = rules_of(&json!([rule]).to_string());
            let namespace = question["namespace"].as_str().unwrap_or_default();
            let holds = Judge::holds(&policy.view(), &user, namespace, &rules.iter().collect::<Vec<_>>()).is_ok();
            // `*` and names are more as a rule than as a question.
            let is_plain = !question.to_string().contains('*');
            assert!(!holds || !is_plain || is_allowed(&policy, &user, question), "{question} {objects:?}");
        }
    }
}
