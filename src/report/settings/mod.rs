//! `fleetlint config`: what is in force, and where each value comes from.

mod json;
mod text;

use serde::Serialize;
use serde_json::Value;

use crate::locate::Location;
use crate::redact::{self, Redactor};
use crate::source::Files;
use crate::yaml::Span;

pub use json::json;
pub use text::text;

/// What is in force in a run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The configuration file as messages name it; `None` where there is none.
    pub file: Option<String>,
    /// By subject.
    pub sections: Vec<Section>,
}

/// The settings of one subject.
#[derive(Clone, Debug)]
pub struct Section {
    /// As the configuration names it.
    pub name: &'static str,
    pub settings: Vec<Setting>,
}

/// A value that is in force.
#[derive(Clone, Debug, Serialize)]
pub struct Setting {
    /// What has the value; empty where the section has only one.
    pub name: String,
    pub value: Value,
    pub from: From,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum From {
    /// fleetlint itself.
    Default,
    /// The defaults of the layout.
    Profile { profile: &'static str },
    /// The configuration file.
    Configuration { file: String, line: usize, column: usize },
    /// An option.
    CommandLine { option: &'static str },
    /// Something in the repository.
    Repository { file: String, line: usize, what: String },
    /// What the repository shows as a whole.
    Detected { what: String },
}

impl From {
    /// A place in the configuration file; the default where there is none.
    pub fn configuration(place: Option<Span>, files: &Files) -> Self {
        let Some(Location { file, line, column, .. }) = place.map(|span| Location::of(span, files)) else {
            return Self::Default;
        };
        Self::Configuration { file, line, column }
    }

    /// A place in the repository, and what is there.
    pub fn repository(place: Span, what: impl Into<String>, files: &Files) -> Self {
        let Location { file, line, .. } = Location::of(place, files);
        Self::Repository { file, line, what: what.into() }
    }
}

impl Settings {
    /// The same without what must not be shown.
    pub fn redacted(mut self, redactor: &Redactor) -> Self {
        for setting in self.sections.iter_mut().flat_map(|section| &mut section.settings) {
            redact(&mut setting.name, redactor);
            redact_value(&mut setting.value, redactor);
            if let From::Repository { what, .. } | From::Detected { what } = &mut setting.from {
                redact(what, redactor);
            }
        }
        self
    }
}

fn redact(text: &mut String, redactor: &Redactor) {
    redactor.redact(text);
    let shown = redact::text(text).into_owned();
    *text = shown;
}

fn redact_value(value: &mut Value, redactor: &Redactor) {
    match value {
        Value::String(text) => redact(text, redactor),
        Value::Array(items) => items.iter_mut().for_each(|item| redact_value(item, redactor)),
        Value::Object(entries) => entries.values_mut().for_each(|value| redact_value(value, redactor)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
