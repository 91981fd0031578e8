//! Post-build substitution: an object, a Kustomization with variables, and a text with expressions.

#![no_main]

mod archive;
mod places;

use std::sync::Arc;

use fleetlint::flux::substitute::{Lookup, SubstituteSource, Variables, clashes, envsubst, substitute};
use fleetlint::object::Object;
use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Node, print};
use libfuzzer_sys::fuzz_target;

/// A cluster that holds one object, which has every name.
struct Cluster(Option<Arc<Object>>);

impl SubstituteSource for Cluster {
    fn lookup(&self, _: &str, _: &str) -> Lookup {
        self.0.as_ref().map_or(Lookup::Missing, |object| Lookup::Found(Arc::clone(object)))
    }
}

fuzz_target!(|input: &[u8]| {
    let inputs = archive::files(input, "text");
    let (files, documents) = (Files::default(), Documents::default());
    let part = |name: &str| inputs.iter().find(|(path, _)| path == name).map(|(_, bytes)| bytes.clone());
    let roots = |name: &str| -> Vec<Node> {
        let file = files.add("r".into(), None, name.to_owned(), part(name).unwrap_or_default());
        documents.of(&file).documents.iter().flatten().filter_map(|document| document.root.clone()).collect()
    };
    let Some(kustomization) = roots("kustomization").into_iter().next().and_then(Object::new) else { return };
    let cluster = Cluster(roots("variables").into_iter().next().and_then(Object::new).map(Arc::new));
    let (variables, problems) = Variables::build(&kustomization, &cluster);
    problems.iter().for_each(|problem| places::check_problem(problem, &files));

    let text = String::from_utf8_lossy(&part("text").unwrap_or_default()).into_owned();
    let value = |name: &str| variables.get(name).map(|value| value.text.clone());
    for strict in [false, true] {
        let _ = envsubst(&text, &value, strict);
        let before: Vec<Arc<Node>> = roots("objects").into_iter().map(Arc::new).collect();
        let each = before.iter().map(|object| {
            let result = substitute(object, &kustomization, &variables, strict, None);
            result.problem.iter().for_each(|problem| places::check_problem(problem, &files));
            places::check_node(&result.node, &files);
            let _ = print::resource(&result.node);
            result.node
        });
        let after: Vec<Arc<Node>> = each.collect();
        clashes(&before, &after).iter().for_each(|problem| places::check_problem(problem, &files));
    }
});
