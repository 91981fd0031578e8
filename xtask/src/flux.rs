//! Development command: answers the oracle's questions `flux` (JSON lines with `root`, `kustomization`, `objects`, `ignore`,
//! `strict`) with our engine, in the oracle's form, to compare the two.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

use fleetlint::flux::build;
use fleetlint::flux::release::Features;
use fleetlint::flux::substitute::{self, Lookup, SubstituteSource, Variables};
use fleetlint::object::Object;
use fleetlint::problem::Problem;
use fleetlint::source::{Files, Tree, open_fleet};
use fleetlint::yaml::{Documents, Node, print, yaml11};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

pub(crate) fn main() -> Result<(), Failure> {
    let mut bench = Bench::default();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        let answer = match bench.answer(&question) {
            Ok(text) => json!({"ok": true, "text": text}),
            Err(error) => json!({"ok": false, "error": error}),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

/// Repositories are read once.
#[derive(Default)]
struct Bench {
    files: Arc<Files>,
    documents: Documents,
    trees: HashMap<String, Arc<Tree>>,
}

impl Bench {
    fn answer(&mut self, question: &Value) -> Result<String, String> {
        let text = |key: &str| question[key].as_str().unwrap_or_default();
        let tree = self.tree(text("root"))?.artifact(question["ignore"].as_str());
        let kustomization = objects(text("kustomization")).into_iter().next().ok_or("no Kustomization")?;
        let built = build::build(&kustomization, &tree, &self.documents, &Features::default());
        if built.path_not_found {
            return Err("path not found".to_owned());
        }
        refuse(&built.problems)?;
        let cluster = Cluster(objects(text("objects")), kustomization.id.namespace.to_string());
        let resources = substituted(&kustomization, &built.resources, &cluster, question["strict"] == true)?;
        let printed: Result<Vec<String>, String> = resources.iter().map(|node| print::resource(node)).collect();
        Ok(printed?.join("---\n"))
    }

    fn tree(&mut self, root: &str) -> Result<Arc<Tree>, String> {
        if !self.trees.contains_key(root) {
            let tree = open_fleet(&self.files, Path::new(root)).map_err(|error| error.to_string())?;
            self.trees.insert(root.to_owned(), tree);
        }
        self.trees.get(root).cloned().ok_or_else(String::new)
    }
}

fn substituted(
    kustomization: &Object,
    resources: &[Arc<Node>],
    cluster: &Cluster,
    strict: bool,
) -> Result<Vec<Arc<Node>>, String> {
    if !substitute::substitutes_any(kustomization, resources) {
        return Ok(resources.to_vec());
    }
    let (variables, problems) = Variables::build(kustomization, cluster);
    refuse(&problems)?;
    let mut after = Vec::with_capacity(resources.len());
    for resource in resources {
        let substituted = substitute::substitute(resource, kustomization, &variables, strict, None);
        refuse(&Vec::from_iter(substituted.problem))?;
        after.push(substituted.node);
    }
    refuse(&substitute::clashes(resources, &after)).map(|()| after)
}

fn refuse(problems: &[Problem]) -> Result<(), String> {
    let Some(problem) = problems.iter().find(|problem| !problem.is_undetermined()).or(problems.first()) else {
        return Ok(());
    };
    let kind = if problem.is_undetermined() { "undetermined: " } else { "" };
    Err(format!("{kind}{}", problem.message))
}

/// The objects of a text, read as YAML 1.1 as the oracle does.
fn objects(text: &str) -> Vec<Arc<Object>> {
    let file = Files::default().add("r".into(), None, String::new(), text.as_bytes().to_vec());
    let stream = Documents::default().of(&file);
    let roots = stream.documents.iter().filter_map(|document| document.as_ref().ok()?.root.as_ref());
    roots.filter_map(|root| Object::new(yaml11::to_json(root).ok()?).map(Arc::new)).collect()
}

struct Cluster(Vec<Arc<Object>>, String);

impl SubstituteSource for Cluster {
    fn lookup(&self, kind: &str, name: &str) -> Lookup {
        let is_it = |object: &&Arc<Object>| {
            object.id.kind == kind && object.id.name == name && object.id.namespace == self.1.as_str()
        };
        self.0.iter().find(is_it).map_or(Lookup::Missing, |object| Lookup::Found(Arc::clone(object)))
    }
}
