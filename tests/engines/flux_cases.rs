//! Builds, substitutions and expressions against what Flux made of them (testdata/flux/cases.json; its `note` says which
//! versions). What Flux refuses is refused here, too, in our own words, which testdata/flux/errors.txt records.

mod cases {
    use std::path::Path;
    use std::sync::Arc;

    use fleetlint::flux::build;
    use fleetlint::flux::release::Features;
    use fleetlint::flux::substitute::{self, Lookup, SubstituteSource, Variables, envsubst};
    use fleetlint::kustomize::{self, LoadRestriction, Options, Order, Reader};
    use fleetlint::object::Object;
    use fleetlint::problem::Problem;
    use fleetlint::source::{Files, Tree, open_fleet, open_for_build};
    use fleetlint::yaml::{Documents, Node, print, yaml11};
    use serde_json::Value;

    use crate::symlink::symlink;

    fn load(op: &str) -> Vec<Value> {
        let text: Value = serde_json::from_str(include_str!("../../testdata/flux/cases.json")).unwrap();
        text["cases"].as_array().unwrap().iter().filter(|case| case["op"] == op).cloned().collect()
    }

    fn text<'a>(case: &'a Value, key: &str) -> &'a str {
        case[key].as_str().unwrap_or_default()
    }

    /// Runs all cases of an operation. The messages of what is refused are returned.
    fn check(op: &str, run: impl Fn(&Value) -> Result<String, String>) -> String {
        let (mut wrong, mut refused) = (Vec::new(), String::new());
        for case in load(op) {
            let (id, expect) = (text(&case, "id"), &case["expect"]);
            let got = run(&case);
            refused += &got.as_ref().err().map(|error| format!("{op} {id}: {error}\n")).unwrap_or_default();
            let same = match &got {
                Ok(got) => expect["ok"] == true && got == text(expect, "text"),
                Err(error) => expect["ok"] == false && !error.starts_with("undetermined"),
            };
            if !same {
                wrong.push(format!("## {id}\n got {got:?}\nwant {expect}"));
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
        refused
    }

    fn write(case: &Value, root: &Path) {
        for (path, content) in case["files"].as_object().into_iter().flatten() {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content.as_str().unwrap()).unwrap();
        }
        for (path, target) in case["links"].as_object().into_iter().flatten() {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            symlink(target.as_str().unwrap(), path).unwrap();
        }
    }

    fn objects(text: &str) -> Vec<Arc<Object>> {
        let file = Files::default().add("r".into(), None, "objects.yaml".into(), text.as_bytes().to_vec());
        let stream = Documents::default().of(&file);
        let roots = stream.documents.iter().filter_map(|document| document.as_ref().unwrap().root.as_ref());
        roots.map(|root| Arc::new(Object::new(yaml11::to_json(root).unwrap()).unwrap())).collect()
    }

    struct Cluster(Vec<Arc<Object>>);

    impl SubstituteSource for Cluster {
        fn lookup(&self, kind: &str, name: &str) -> Lookup {
            let is_it = |object: &&Arc<Object>| {
                object.id.kind == kind && object.id.name == name && object.id.namespace == "flux-system"
            };
            self.0.iter().find(is_it).map_or(Lookup::Missing, |object| Lookup::Found(Arc::clone(object)))
        }
    }

    fn refuse(problems: &[Problem]) -> Result<(), String> {
        let undetermined = problems.iter().all(Problem::is_undetermined);
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        match messages.as_slice() {
            [] => Ok(()),
            _ if undetermined => Err(format!("undetermined: {}", messages.join("; "))),
            _ => Err(messages.join("; ")),
        }
    }

    fn printed(resources: &[Arc<Node>]) -> Result<String, String> {
        let printed: Result<Vec<String>, String> = resources.iter().map(|node| print::resource(node)).collect();
        Ok(printed?.join("---\n"))
    }

    fn flux(case: &Value) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        write(case, folder.path());
        let tree = open_fleet(&Arc::new(Files::default()), folder.path()).unwrap().artifact(case["ignore"].as_str());
        let kustomization = objects(text(case, "kustomization")).remove(0);
        let resources = built(&kustomization, &tree)?;
        let substituted = substituted(case, &kustomization, &resources)?;
        refuse(&substitute::clashes(&resources, &substituted))?;
        printed(&substituted)
    }

    fn built(kustomization: &Object, tree: &Tree) -> Result<Vec<Arc<Node>>, String> {
        let built = build::build(kustomization, tree, &Documents::default(), &Features::default());
        if built.path_not_found {
            return Err("kustomization path not found".to_owned());
        }
        refuse(&built.problems).map(|()| built.resources)
    }

    fn substituted(case: &Value, kustomization: &Object, resources: &[Arc<Node>]) -> Result<Vec<Arc<Node>>, String> {
        if !substitute::substitutes_any(kustomization, resources) {
            return Ok(resources.to_vec());
        }
        let (variables, problems) = Variables::build(kustomization, &Cluster(objects(text(case, "objects"))));
        refuse(&problems)?;
        let strict = case["strict"] == true;
        let each = resources.iter().map(|resource| {
            let substituted = substitute::substitute(resource, kustomization, &variables, strict, None);
            refuse(&Vec::from_iter(substituted.problem)).map(|()| substituted.node)
        });
        each.collect()
    }

    fn kustomize(case: &Value) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        write(case, folder.path());
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        let path = folder.path().join(text(case, "path"));
        let (tree, path) = open_for_build(&Arc::new(Files::default()), &path, false).map_err(|it| it.to_string())?;
        let options = Options { load_restriction: LoadRestriction::None, order: Order::Legacy };
        let built = kustomize::build(Reader { tree: &tree, documents: &Documents::default() }, &path, options);
        refuse(&built.problems)?;
        printed(&built.resources)
    }

    fn envsubst_case(case: &Value) -> Result<String, String> {
        let value = |name: &str| case["vars"][name].as_str().map(smol_str::SmolStr::from);
        envsubst(text(case, "text"), &value, case["strict"] == true).map_err(|error| error.to_string())
    }

    #[test]
    fn what_flux_makes_of_it_and_what_it_refuses() {
        let expressions = check("envsubst", envsubst_case);
        let kustomizations = check("flux", flux);
        let folders = check("kustomize", kustomize);
        crate::update::assert_file("testdata/flux/errors.txt", &(expressions + &kustomizations + &folders));
    }
}
