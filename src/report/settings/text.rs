//! Settings for people: a table for each subject.

use serde_json::Value;

use super::{From, Section, Setting, Settings};
use crate::report::escaped;

/// Wider columns are not aligned.
const MAX_COLUMN: usize = 60;

/// The settings as tables, with a final newline. Subjects about which nothing is set are left out.
pub fn text(settings: &Settings) -> String {
    let file = settings.file.as_deref().unwrap_or("none");
    let sections = settings.sections.iter().filter(|section| !section.settings.is_empty()).map(table);
    std::iter::once(format!("configuration: {}\n", escaped(file))).chain(sections).collect::<Vec<_>>().join("\n")
}

fn table(section: &Section) -> String {
    let rows: Vec<[String; 3]> = section.settings.iter().map(row).collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.filter(|width| *width <= MAX_COLUMN).max().unwrap_or_default()
    };
    let (names, values) = (width(0), width(1));
    let has_values = rows.iter().any(|[_, value, _]| !value.is_empty());
    let line = |[name, value, from]: &[String; 3]| {
        let cells = [(name, names, !name.is_empty()), (value, values, has_values)];
        let cells = cells.map(|(cell, width, is_shown)| match is_shown {
            true => format!("{cell:width$}  "),
            false => String::new(),
        });
        format!("  {}{from}\n", cells.concat())
    };
    format!("{}:\n{}", section.name, rows.iter().map(line).collect::<String>())
}

fn row(setting: &Setting) -> [String; 3] {
    [setting.name.clone(), value(&setting.value), from(&setting.from)].map(|cell| escaped(&cell))
}

/// A value on one line; what is not said is left out.
fn value(value_shown: &Value) -> String {
    match value_shown {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(value).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            let said = entries.iter().filter(|(_, it)| !is_nothing(it));
            said.map(|(key, it)| format!("{key}: {}", nested(it))).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn nested(inner: &Value) -> String {
    match inner {
        Value::Object(_) => format!("{{{}}}", value(inner)),
        Value::Array(_) => format!("[{}]", value(inner)),
        _ => value(inner),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn from(from: &From) -> String {
    match from {
        From::Default => "default".to_owned(),
        From::Profile { profile } => format!("profile {profile}"),
        From::Configuration { file, line, column } => format!("{file}:{line}:{column}"),
        From::CommandLine { option } => (*option).to_owned(),
        From::Repository { file, line, what } => format!("{file}:{line} ({what})"),
        From::Detected { what } => format!("detected: {what}"),
    }
}
