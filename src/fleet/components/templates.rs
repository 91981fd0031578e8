//! Files that are not manifests yet: Helm charts, and templates that other tools fill in (Jinja, cookiecutter, scaffolds).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kustomize::Reader;
use crate::source::path::parent;
use crate::source::{File, Tree};

/// What begins an expression or a statement in the templates of Helm, Go, Jinja, Backstage, cookiecutter, ERB.
const MARKS: [&str; 3] = ["{{", "{%", "<%"];

/// The folders of Helm charts.
pub(super) struct Charts(BTreeSet<String>);

impl Charts {
    pub(super) fn of(artifact: &Tree) -> Self {
        let files = artifact.files().into_iter();
        let charts = files.filter(|path| path.rsplit('/').next() == Some("Chart.yaml"));
        Self(charts.filter_map(|path| parent(&path).map(str::to_owned)).collect())
    }

    /// Whether a file belongs to a chart: its templates, resource definitions, subcharts and values. What else is in the
    /// folder of a chart, which may be a whole repository, does not.
    pub(super) fn hold(&self, file: &str) -> bool {
        let folders = std::iter::successors(parent(file), |folder| parent(folder));
        folders.into_iter().filter(|folder| self.0.contains(*folder)).any(|folder| {
            let rest = file.strip_prefix(folder).unwrap_or(file).trim_start_matches('/');
            let is_values = rest.starts_with("values") || rest == "Chart.yaml";
            match rest.split_once('/') {
                Some((first, _)) => matches!(first, "templates" | "crds" | "charts"),
                None => is_values,
            }
        })
    }
}

/// Whether what is wrong at an offset of a file follows from the file being a template: the line holds an expression, or
/// statements are between the lines of a text that is not YAML.
pub(super) fn is_template(reader: Reader<'_>, file: &Arc<File>, offset: u32) -> bool {
    let Some(text) = file.text() else { return false };
    let before = text.get(..offset as usize).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let is_statement = |line: &str| MARKS.iter().any(|mark| line.trim_start().starts_with(mark));
    let is_broken = || reader.documents.of(file).documents.iter().any(Result::is_err);
    MARKS.iter().any(|mark| line.contains(mark)) || (is_broken() && lines_outside_of_texts(text).any(is_statement))
}

/// The lines that are not part of a block scalar: what is in one is a text, whatever it begins with.
fn lines_outside_of_texts(text: &str) -> impl Iterator<Item = &str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut inside: Option<usize> = None;
    text.lines().filter(move |line| {
        if line.trim().is_empty() || inside.is_some_and(|header| indent(line) > header) {
            return false;
        }
        inside = begins_text(line).then(|| indent(line));
        true
    })
}

/// Whether a line ends with the header of a block scalar: `key: |`, `- >-`, `key: !!str |2 # why`.
fn begins_text(line: &str) -> bool {
    let code = line.split(" #").next().unwrap_or(line).trim_end();
    let Some((before, header)) = code.rsplit_once(' ') else { return false };
    let is_header = header
        .strip_prefix(['|', '>'])
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-')));
    is_header && before.contains([':', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_block_scalars_are_left_out() {
        let text = "a: |\n  {{ x }}\n\n  {% y %}\nb:\n- >-\n  {{ z }}\n- c: !!str |2 # why\n   {{ w }}\n{% if v %}\n";
        let outside: Vec<&str> = lines_outside_of_texts(text).collect();
        assert_eq!(outside, ["a: |", "b:", "- >-", "- c: !!str |2 # why", "{% if v %}"]);
    }
}
