//! Settings as one JSON object: a key for each subject.

use serde_json::{Map, Value, json};

use super::Settings;
use crate::report::escape;

/// The version of the format: keys are added, and none is removed or changes its meaning.
const VERSION: u32 = 1;

/// The settings as JSON, with a final newline.
pub fn json(settings: &Settings) -> String {
    let mut document = Map::new();
    document.insert("version".into(), json!(VERSION));
    document.insert("file".into(), json!(settings.file));
    for section in &settings.sections {
        let value = match section.settings.as_slice() {
            // It is the setting itself, not a list of such.
            [only] if only.name.is_empty() => json!({"value": only.value, "from": only.from}),
            settings => json!(settings),
        };
        document.insert(section.name.into(), value);
    }
    escape::json(&format!("{:#}", Value::from(document))) + "\n"
}
