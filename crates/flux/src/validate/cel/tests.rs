//! Expressions and what they come to.

use fleetlint_source::Files;

use super::*;
use crate::kinds::{Scope, table};

fn outcome(rule: &str) -> Outcome {
    let text = "{a: x, b: 3, c: [1, 2, 2], d: {e: true, namespace: n}, n: null, items: [{name: p}, {name: q}], f: 1.5}";
    let file = Files::default().add("".into(), None, "a.yaml".into(), Vec::new());
    let stream = fleetlint_yaml::parse::file(text, file.id);
    let node = stream.documents.into_iter().flatten().find_map(|document| document.root).unwrap();
    let field = table("kustomize.toolkit.fluxcd.io", "Kustomization").unwrap().root();
    evaluate(rule, &node, field, Scope::default())
}

#[test]
fn holds_and_does_not() {
    let holds = [
        "self.a == 'x'",
        "self.a != \"y\" && self.b == 3",
        "has(self.a) && !has(self.z)",
        "!has(self.n)",
        "self.b in self.c || self.b in [3]",
        "self.c.all(i, i > 0) && self.c.exists_one(i, i == 1) && !self.c.exists_one(i, i == 2)",
        "self.c.exists(i, i == 2)",
        "self.items.all(s, self.items.exists_one(t, t.name == s.name))",
        "size(self.c) == 3 && self.a.size() == 1 && size(self.d) == 2 && size('äb') == 2",
        "self.d.e ? true : false",
        "self.d.__namespace__ == 'n'",
        "self.a.startsWith('x') && self.a.endsWith('x') && self.a.contains('x') && self.a.matches('^[x-z]$')",
        "'oci://a/b'.substring(6).contains('/')",
        "self.c[1] == 2 && self.d['e']",
        "-1 < 0 && 2 >= 2 && 1 <= 2",
        "self.f == 1.5 || true",
        // One side decides, even if the other one fails.
        "self.z.y == 1 || true",
        "!(self.z == 1 && false)",
        "'a\\\\.b'.matches('a\\\\\\\\.b')",
        "self == oldSelf",
    ];
    for rule in holds {
        let is_unread = rule.contains("1.5");
        assert_eq!(outcome(rule), if is_unread { Outcome::Unknown } else { Outcome::Holds }, "{rule}");
    }
    for rule in ["self.a == 'y'", "self.a == 3", "has(self.z)", "self.c.all(i, i == 1)", "self.d.e && self.b > 3"] {
        assert_eq!(outcome(rule), Outcome::Broken, "{rule}");
    }
}

#[test]
fn what_the_server_refuses_fails() {
    for rule in ["self.z == 1", "self.a.b == 1", "self.b.startsWith('x')", "self.a && true", "self.z.y", "self.a"] {
        assert_eq!(outcome(rule), Outcome::Fails, "{rule}");
    }
}

#[test]
fn what_is_outside_of_the_subset_is_not_guessed() {
    let rules = [
        "self.a.lowerAscii() == 'x'",
        "duration(self.a) > duration('1s')",
        "self.c.map(i, i + 1).size() == 3",
        "optional.of(1)",
        "self.a == r'x'",
        "self.a ==",
        "(self.a",
        "self.a = 'x'",
        "other",
        "'a",
        "self.d == self.d",
        "",
    ];
    for rule in rules {
        assert_eq!(outcome(rule), Outcome::Unknown, "{rule}");
    }
    assert_eq!(outcome(&format!("{}true{}", "(".repeat(5000), ")".repeat(5000))), Outcome::Unknown);
    assert_eq!(outcome(&"!".repeat(100_000)), Outcome::Unknown);
}
