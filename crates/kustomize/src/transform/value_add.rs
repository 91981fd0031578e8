//! `ValueAddTransformer`: one text written into fields of many objects.

use fleetlint_yaml::Node;

use super::super::budget::{Budget, check_depth};
use super::super::node_edit::set_scalar;
use super::super::replacement::lookup;
use super::super::resource::Resource;
use super::NamespaceArguments;

/// A text and the path at which it is written.
pub(in super::super) struct ValueTarget<'a> {
    value: &'a Node,
    path: &'a Node,
    steps: Vec<String>,
    position: i64,
}

impl<'a> ValueTarget<'a> {
    /// The path is made where it is missing. With a position the field holds a path, and the value becomes that segment of
    /// it (counted from 1).
    ///
    /// # Errors
    /// A path that nests more levels than a tree may have.
    pub(in super::super) fn new(value: &'a Node, path: &'a Node, position: i64) -> Result<Self, String> {
        let steps = steps(path.text().unwrap_or_default());
        check_depth(steps.len(), value)?;
        Ok(Self { value, path, steps, position })
    }

    /// Writes the value into an object.
    ///
    /// # Errors
    /// A field that cannot hold the value, or too much text in all.
    pub(in super::super) fn write(&self, resource: &mut Resource, budget: &mut Budget) -> Result<(), String> {
        let value = self.value;
        if self.path.text() == Some("metadata/namespace") {
            let arguments =
                NamespaceArguments { namespace: value, specs: &[], unset_only: false, subjects: "defaultOnly" };
            return arguments.apply(&mut resource.node);
        }
        let text = value.as_scalar().map(|scalar| scalar.text.clone()).unwrap_or_default();
        let mut set = |field: &mut Node| {
            let old = field.text().unwrap_or_default();
            budget.text(text.len() + if self.position > 0 { old.len() } else { 0 })?;
            let new = if self.position > 0 { with_segment(old, self.position, &text).into() } else { text.clone() };
            let origin = value.origin.clone().with_patch(value.origin.span);
            let origin = if self.position > 0 { origin.joined_with(&text, field) } else { origin };
            set_scalar(field, new, origin)
        };
        lookup::make(&mut resource.node, &self.steps, &self.path.origin, &mut set)
    }
}

/// The steps of a path with `/`, where `\\/` is a slash of a name.
fn steps(path: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for part in path.split('/') {
        match steps.last_mut().and_then(|last| Some((last.strip_suffix('\\')?.to_owned(), last))) {
            Some((start, last)) => *last = format!("{start}/{part}"),
            None => steps.push(part.to_owned()),
        }
    }
    steps.iter().map(|step| step.trim().to_owned()).filter(|step| !step.is_empty()).collect()
}

/// A file path with one more segment; after the last if there are not so many.
fn with_segment(path: &str, position: i64, segment: &str) -> String {
    let (root, rest) = path.strip_prefix('/').map_or(("", path), |rest| ("/", rest));
    let mut segments: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let index = usize::try_from(position - 1).unwrap_or(0).min(segments.len());
    segments.insert(index, segment);
    format!("{root}{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_put_into_a_path() {
        assert_eq!(with_segment("/a/b", 1, "x"), "/x/a/b");
        assert_eq!(with_segment("a/b", 9, "x"), "a/b/x");
        assert_eq!(steps("a/b\\/c"), ["a", "b/c"]);
    }
}
