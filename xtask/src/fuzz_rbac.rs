//! Development command: `cargo xtask fuzz-rbac ORACLE [COUNT] [SEED]` asks us and the API server's own authorizer so many
//! random questions about random roles and bindings, and prints what differs. ORACLE answers JSON lines (`rbac`).

#[path = "../../tests/support/rbac_case.rs"]
#[allow(clippy::unwrap_used, clippy::panic)]
mod rbac_case;
#[path = "../../tests/support/rbac_random.rs"]
mod rbac_random;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::sync_channel;

use fleetlint::rbac::{Given, Judge, PolicyRule, Request, ResourceRequest, User};
use rbac_case::{applies, objects, policy_of, rules_of};
use rbac_random::{Random, documents};
use serde_json::{Value, json};

use crate::Failure;

/// How many questions are asked about one policy.
const BATCH: usize = 100;

/// How many batches are on their way at most.
const AHEAD: usize = 64;

pub(crate) fn main() -> Result<ExitCode, Failure> {
    let mut arguments = crate::arguments().skip(1);
    let oracle = arguments.next().ok_or("usage: cargo xtask fuzz-rbac ORACLE [COUNT] [SEED]")?;
    let count: usize = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let mut child = Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = child.stdin.take().ok_or("no input")?;
    let output = BufReader::new(child.stdout.take().ok_or("no output")?);
    let (sender, receiver) = sync_channel::<Value>(AHEAD);
    let writer = std::thread::spawn(move || {
        let mut random = Random::new(seed);
        for _ in 0..count.div_ceil(BATCH) {
            let question = batch(&mut random);
            if sender.send(question.clone()).is_err() || writeln!(input, "{question}").is_err() {
                return;
            }
        }
    });
    let (mut asked, mut allowed, mut different) = (0, 0, 0);
    let mut out = std::io::stdout().lock();
    for line in output.lines() {
        let (answer, question): (Value, Value) = (serde_json::from_str(&line?)?, receiver.recv()?);
        let expected = answer["checks"].as_array().ok_or_else(|| format!("{question}\n{answer}"))?;
        let checks = question["checks"].as_array().ok_or("no checks")?;
        for ((check, expected), got) in checks.iter().zip(expected).zip(answers(&question, checks)) {
            asked += 1;
            allowed += usize::from(got);
            if expected["allowed"] != got {
                different += 1;
                writeln!(
                    out,
                    "## {}\nuser {} {}",
                    question["objects"].as_str().unwrap_or_default(),
                    question["user"],
                    question["groups"]
                )?;
                writeln!(out, "asked {check}\n got {got}\nwant {expected}")?;
            }
        }
    }
    writer.join().map_err(|_| "the writer failed")?;
    child.wait()?;
    writeln!(out, "{different} of {asked} differ ({allowed} allowed)")?;
    Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn batch(random: &mut Random) -> Value {
    let objects = random.policy();
    let (user, groups) = random.user();
    let checks: Vec<Value> = (0..BATCH).map(|_| random.question(&objects)).collect();
    let has_defaults = random.below(8) == 0;
    json!({"op": "rbac", "objects": documents(&objects), "defaults": has_defaults, "user": user, "groups": groups, "checks": checks})
}

fn answers(question: &Value, checks: &[Value]) -> Vec<bool> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let groups: Vec<String> = question["groups"].as_array().into_iter().flatten().map(text).collect();
    let user = User::new(&text(&question["user"]), groups.iter().map(String::as_str));
    let given = if question["defaults"] == true { vec![Given::of_api_server()] } else { Vec::new() };
    let policy = policy_of(&given, &text(&question["objects"]));
    let view = policy.view();
    let answer = |check: &Value| {
        let field = |name: &str| check[name].as_str().unwrap_or_default();
        if !check["rules"].is_null() {
            let rules = rules_of(&check["rules"].to_string());
            let rules: Vec<&PolicyRule> = rules.iter().collect();
            return Judge::holds(&view, &user, field("namespace"), &rules).is_ok();
        }
        if !check["apply"].is_null() {
            let (new, old) = (objects(field("apply")), objects(field("old")));
            return new.first().is_some_and(|new| applies(&view, &user, new, old.first().map(|old| &**old)));
        }
        let (verb, name) = (field("verb"), field("name"));
        let request = match field("url") {
            "" => Request::Resource(ResourceRequest {
                verb,
                group: field("group"),
                resource: field("resource"),
                subresource: field("subresource"),
                namespace: field("namespace"),
                name,
            }),
            path => Request::Url { verb, path },
        };
        view.decide(&user, &request).is_allowed()
    };
    checks.iter().map(answer).collect()
}
