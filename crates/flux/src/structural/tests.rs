//! Schemas, objects, and what is wrong with them.

use std::sync::Arc;

use fleetlint_source::Files;
use fleetlint_yaml::{Documents, Node};

use super::*;

fn parsed(text: &str) -> Node {
    let files = Arc::new(Files::default());
    let file = files.add("fleet".into(), None, "a.yaml".to_owned(), text.as_bytes().to_vec());
    Documents::default().of(&file).documents[0].as_ref().unwrap().root.clone().unwrap()
}

/// `pointer why` of each fault.
fn faults(schema: &str, object: &str, dialect: Dialect) -> Vec<String> {
    let judged = judge(&parsed(schema), &parsed(object), dialect);
    let shown = |fault: &Fault| {
        let why = match &fault.why {
            Why::Unknown { near } if near.is_empty() => "unknown".to_owned(),
            Why::Unknown { near } => format!("unknown, near {}", near.join(" ")),
            Why::Missing => "missing".to_owned(),
            Why::WrongType { expected, found } => format!("{found} for {}", expected.join("|")),
            Why::NotAllowed { allowed } => format!("none of {}", allowed.join("|")),
            Why::Mismatch { pattern } => format!("not {pattern}"),
            Why::OutOfBounds { name, bound } => format!("{name} {bound}"),
            Why::Duplicate { first } => format!("again, first {first}"),
            Why::Alternatives { keyword } => (*keyword).to_owned(),
        };
        format!("{} {why}", fault.pointer)
    };
    judged.faults.iter().map(shown).collect()
}

fn of_definition(schema: &str, object: &str) -> Vec<String> {
    faults(schema, object, Dialect::Definition)
}

const SCHEMA: &str = "
type: object
required: [spec]
properties:
  spec:
    type: object
    required: [size, mode]
    properties:
      size: {type: integer, minimum: 1, maximum: 9}
      mode: {type: string, enum: [fast, slow], default: fast}
      port: {x-kubernetes-int-or-string: true}
      name: {type: string, pattern: '^[a-z]+$', maxLength: 5}
      note: {type: string, nullable: true}
      free: {type: object, x-kubernetes-preserve-unknown-fields: true}
      labels: {type: object, additionalProperties: {type: string}}
      users:
        type: array
        maxItems: 3
        x-kubernetes-list-type: map
        x-kubernetes-list-map-keys: [name]
        items: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}
";

#[test]
fn what_is_right_is_taken() {
    for spec in [
        "{size: 3}",
        "{size: 3.0, port: http}",
        "{size: 3, port: 80, note: null, name: abc}",
        "{size: 3, free: {anything: [1]}, labels: {a: b}}",
        // Dropped before it is judged.
        "{size: 3, mode: null, users: null, labels: {a: null}, unknown: null}",
        "{size: 3, users: [{name: a}, {name: b, age: 1}]}",
    ] {
        assert_eq!(of_definition(SCHEMA, &format!("metadata: {{name: x}}\nkind: X\nspec: {spec}")), [""; 0], "{spec}");
    }
}

#[test]
fn what_is_wrong_is_refused_where_it_is() {
    for (spec, expected) in [
        ("{mode: fast}", "/spec/size missing"),
        ("{size: null}", "/spec/size missing"),
        ("{size: '3'}", "/spec/size string for integer"),
        ("{size: 3.5}", "/spec/size number for integer"),
        ("{size: 10}", "/spec/size maximum 9"),
        ("{size: 0}", "/spec/size minimum 1"),
        ("{size: 3, mode: quick}", "/spec/mode none of fast|slow"),
        ("{size: 3, naem: abc}", "/spec/naem unknown, near name"),
        ("{size: 3, other: abc}", "/spec/other unknown"),
        ("{size: 3, name: Abc}", "/spec/name not ^[a-z]+$"),
        ("{size: 3, name: abcdef}", "/spec/name maxLength 5"),
        ("{size: 3, port: true}", "/spec/port boolean for integer|string"),
        ("{size: 3, labels: {a: 1}}", "/spec/labels/a integer for string"),
        ("{size: 3, labels: [a]}", "/spec/labels array for object"),
        ("{size: 3, users: [{age: 1}]}", "/spec/users/0/name missing"),
        ("{size: 3, users: [{name: a}, {name: a}]}", "/spec/users/1 again, first /spec/users/0"),
        ("{size: 3, users: [{name: a}, {name: b}, {name: c}, {name: d}]}", "/spec/users maxItems 3"),
    ] {
        assert_eq!(of_definition(SCHEMA, &format!("spec: {spec}")), [expected], "{spec}");
    }
    assert_eq!(
        of_definition(SCHEMA, "{metadata: {name: x}, specs: {}}"),
        ["/specs unknown, near spec", "/spec missing"]
    );
}

#[test]
fn alternatives_say_what_is_right() {
    let schema = "
type: object
properties:
  spec:
    type: object
    properties:
      a: {anyOf: [{type: integer}, {type: string, pattern: '^[0-9]+%$'}], x-kubernetes-int-or-string: true}
      b: {type: string}
      c: {type: string}
    oneOf: [{required: [b]}, {required: [c]}]
";
    assert_eq!(of_definition(schema, "spec: {a: 1, b: x}"), [""; 0]);
    assert_eq!(of_definition(schema, "spec: {a: 5%, c: x}"), [""; 0]);
    assert_eq!(of_definition(schema, "spec: {a: five, c: x}"), ["/spec/a anyOf"]);
    assert_eq!(of_definition(schema, "spec: {b: x, c: x}"), ["/spec oneOf"]);
    assert_eq!(of_definition(schema, "spec: {}"), ["/spec oneOf"]);
    assert_eq!(of_definition("{type: object, properties: {a: {type: string, not: {enum: [x]}}}}", "a: x"), ["/a not"]);
    assert_eq!(
        of_definition("{type: object, properties: {a: {allOf: [{maxLength: 1}]}}}", "a: xy"),
        ["/a maxLength 1"]
    );
}

#[test]
fn an_object_in_an_object_has_metadata() {
    let schema = "{type: object, properties: {template: {type: object, x-kubernetes-embedded-resource: true}}}";
    assert_eq!(of_definition(schema, "template: {kind: Pod, apiVersion: v1, metadata: {name: x}}"), [""; 0]);
    assert_eq!(of_definition(schema, "template: {kind: Pod, spec: {}}"), ["/template/spec unknown"]);
}

#[test]
fn a_json_schema_is_open_unless_it_says_otherwise() {
    let open = "{type: object, properties: {spec: {type: [object, 'null'], properties: {a: {type: string}}}}}";
    assert_eq!(faults(open, "spec: {b: 1}", Dialect::JsonSchema), [""; 0]);
    assert_eq!(faults(open, "spec: null", Dialect::JsonSchema), [""; 0]);
    let closed =
        "{type: object, properties: {spec: {type: object, additionalProperties: false, properties: {a: {const: x}}}}}";
    assert_eq!(faults(closed, "spec: {other: 1}", Dialect::JsonSchema), ["/spec/other unknown"]);
    assert_eq!(faults(closed, "spec: {a: y}", Dialect::JsonSchema), ["/spec/a none of x"]);
    let exclusive = "{properties: {a: {type: number, exclusiveMinimum: 0}, b: {multipleOf: 5}}}";
    assert_eq!(faults(exclusive, "{a: 0, b: 7}", Dialect::JsonSchema), ["/a exclusiveMinimum 0", "/b multipleOf 5"]);
}

#[test]
fn what_is_not_evaluated_is_told() {
    let judged = |schema: &str, object: &str| judge(&parsed(schema), &parsed(object), Dialect::Definition);
    let rule = "{type: object, properties: {a: {type: object, x-kubernetes-validations: [{rule: 'true'}]}}}";
    assert!(!judged(rule, "kind: X").has_rules, "there is nothing that the rule is about");
    assert!(judged(rule, "a: {}").has_rules);
    let reference = "{type: object, properties: {a: {$ref: '#/definitions/a'}}}";
    assert!(judged(reference, "a: 1").is_partial);
    assert_eq!(judged(reference, "a: 1").faults, []);
    assert!(judged("{type: object, properties: {a: {type: string, pattern: '(?=x)'}}}", "a: y").is_partial);
}

#[test]
fn alternatives_of_alternatives_are_bounded() {
    let mut schema = "{type: string, maxLength: 1}".to_owned();
    for _ in 0..20 {
        schema = format!("{{type: string, anyOf: [&a {schema}, {schema}]}}");
        if schema.len() > 100_000 {
            break;
        }
    }
    let list = format!("{{type: object, properties: {{a: {{type: array, items: {schema}}}}}}}");
    let object = format!("a: [{}]", vec!["xyz"; 2_000].join(", "));
    assert!(judge(&parsed(&list), &parsed(&object), Dialect::Definition).is_partial);
}
