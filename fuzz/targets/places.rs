//! What every result must keep: places that are inside their files, at the bounds of characters.

use fleetlint::problem::Problem;
use fleetlint::source::Files;
use fleetlint::yaml::{Node, Span, Value};

pub fn check_problem(problem: &Problem, files: &Files) {
    assert!(!problem.message.is_empty());
    for place in problem.place.iter().chain(problem.related.iter().map(|(place, _)| place)) {
        files.get(place.file).position(place.start);
        check(*place, files);
    }
}

pub fn check_node(node: &Node, files: &Files) {
    node.origin.span.iter().chain(&node.origin.patch()).for_each(|place| check(*place, files));
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| check_node(item, files)),
        Value::Mapping(mapping) => mapping.entries.iter().for_each(|entry| {
            check_node(&entry.key, files);
            check_node(&entry.value, files);
        }),
    }
}

fn check(place: Span, files: &Files) {
    let file = files.get(place.file);
    let (start, end) = (place.start as usize, place.end as usize);
    // UTF-8 goes on with such bytes inside a character; a file that is not text has one place, which may be anywhere.
    let is_inside = |at: usize| file.counted().get(at).is_some_and(|byte| matches!(byte, 0x80..0xc0));
    let is_whole = start <= end && end <= file.counted().len() && !is_inside(start) && !is_inside(end);
    assert!(is_whole || file.text().is_none(), "{} {start}..{end}", file.path);
}
