//! Templates of ResourceSets, against what Go's `text/template` with slim-sprig 3.0.0 makes of them.

mod cases {
    use fleetlint::flux::template::{FaultKind, Template, Value};
    use fleetlint::source::Files;
    use fleetlint::yaml::Documents;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Recorded {
        inputs: serde_json::Value,
        /// A template and its result; `null` where Go refuses it.
        cases: Vec<(String, Option<String>)>,
    }

    fn inputs(json: &serde_json::Value) -> Value {
        let file = Files::default().add("".into(), None, "inputs.json".to_owned(), json.to_string().into_bytes());
        let stream = Documents::default().of(&file);
        Value::of(stream.documents[0].as_ref().unwrap().root.as_ref().unwrap())
    }

    #[test]
    fn results_are_those_of_go() {
        let text = std::fs::read_to_string("testdata/flux/templates.json").unwrap();
        let recorded: Recorded = serde_json::from_str(&text).unwrap();
        let inputs = inputs(&recorded.inputs);
        let mut failures = Vec::new();
        for (template, expected) in &recorded.cases {
            let result = Template::parse(template).and_then(|template| template.render(&inputs));
            let is_right = match (&result, expected) {
                (Ok(rendered), Some(expected)) => rendered.text == *expected,
                (Err(fault), None) => fault.kind == FaultKind::Wrong,
                _ => false,
            };
            if !is_right {
                failures.push(format!("{template:?}: expected {expected:?}, got {:?}", result.map(|it| it.text)));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn the_pieces_of_a_result_cover_it() {
        let template = "a<< inputs.n >>b<<- range inputs.ls ->> c << . >><< end >>";
        let text = std::fs::read_to_string("testdata/flux/templates.json").unwrap();
        let recorded: Recorded = serde_json::from_str(&text).unwrap();
        let rendered = Template::parse(template).unwrap().render(&inputs(&recorded.inputs)).unwrap();
        let mut end = 0;
        for piece in &rendered.pieces {
            assert_eq!(piece.at.start, end);
            end = piece.at.end;
            let (from, made) = (&template[piece.from.clone()], &rendered.text[piece.at.clone()]);
            assert!(from == made || from.starts_with("<<"), "{from:?} made {made:?}");
        }
        assert_eq!((end, rendered.text.as_str()), (rendered.text.len(), "a3bc bc ac c"));
    }
}
