//! Files that are no manifests yet: Helm charts, and templates that other tools fill in (Jinja, cookiecutter, scaffolds).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kustomize::Reader;
use crate::source::File;
use crate::source::path::parent;

/// What begins an expression or a statement in the templates of Helm, Go, Jinja, Backstage, cookiecutter, ERB.
const MARKS: [&str; 3] = ["{{", "{%", "<%"];

/// The folders of Helm charts.
pub(super) struct Charts(BTreeSet<String>);

impl Charts {
    pub(super) fn of(reader: Reader<'_>) -> Self {
        let files = reader.tree.files().into_iter();
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
/// statements stand between the lines of a text that is no YAML.
pub(super) fn is_template(reader: Reader<'_>, file: &Arc<File>, offset: u32) -> bool {
    let Some(text) = file.text() else { return false };
    let before = text.get(..offset as usize).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let is_statement = |line: &str| MARKS.iter().any(|mark| line.trim_start().starts_with(mark));
    let is_broken = || reader.documents.of(file).documents.iter().any(Result::is_err);
    MARKS.iter().any(|mark| line.contains(mark)) || (is_broken() && text.lines().any(is_statement))
}
