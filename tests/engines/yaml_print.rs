//! Printing against what kustomize printed (testdata/yaml/print-cases.json).

mod cases {
    use fleetlint::source::Files;
    use fleetlint::yaml::{Documents, Entry, Node, Origin, print};
    use serde_json::Value;

    fn load() -> Value {
        serde_json::from_str(include_str!("../../testdata/yaml/print-cases.json")).unwrap()
    }

    fn entry(key: &str, value: Node) -> Entry {
        Entry { key: Node::string(key, Origin::default()), value }
    }

    /// Parses `spec:` with a fragment below it and prints it; `None` where either refuses.
    fn reprint(fragment: &str) -> Option<String> {
        let mut text = String::from("spec:\n");
        fragment.split_inclusive('\n').for_each(|line| {
            text.push_str(if line.trim().is_empty() { "" } else { "  " });
            text.push_str(line);
        });
        text.push('\n');
        let file = Files::default().add("r".into(), None, "a.yaml".into(), text.into_bytes());
        let stream = Documents::default().of(&file);
        let document = stream.documents.first()?.as_ref().ok()?;
        if !document.duplicate_keys.is_empty() {
            return None;
        }
        print::resource(document.root.as_ref()?).ok()
    }

    #[test]
    fn random_strings_print_as_kustomize_prints_them() {
        let cases = load();
        let mut wrong = Vec::new();
        for case in cases["fuzz"].as_array().unwrap() {
            let (text, expected) = (case[0].as_str().unwrap(), case[1].as_str().unwrap());
            let inner = Node::mapping(vec![entry("k0000", Node::string(text, Origin::default()))], Origin::default());
            let root = Node::mapping(vec![entry("spec", inner)], Origin::default());
            let printed = print::resource(&root).unwrap();
            if printed != format!("spec:\n  k0000: {expected}") {
                wrong.push(format!("{text:?}\n got {printed:?}\nwant {expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
    }

    #[test]
    fn keys_stand_in_the_order_of_kustomize() {
        let cases = load();
        let keys: Vec<&str> = cases["keyorder"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        let entries = keys.iter().rev().map(|key| entry(key, Node::plain("1", Origin::default()))).collect();
        let forward = keys.iter().map(|key| entry(key, Node::plain("1", Origin::default()))).collect();
        let print = |entries| print::resource(&Node::mapping(entries, Origin::default())).unwrap();
        let singles: String =
            keys.iter().map(|key| print(vec![entry(key, Node::plain("1", Origin::default()))])).collect();
        assert_eq!(print(entries), singles);
        assert_eq!(print(forward), singles);
    }

    #[test]
    fn fragments_print_as_kustomize_prints_them() {
        let cases = load();
        let mut wrong = Vec::new();
        for case in cases["scalars"].as_array().unwrap() {
            let input = case["input"].as_str().unwrap();
            let printed = reprint(input);
            if printed.as_deref() != case["output"].as_str() {
                wrong.push(format!("{}: got {printed:?}", case));
            }
        }
        assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    }
}
