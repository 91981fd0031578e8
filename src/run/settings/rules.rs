//! The levels and options of rules.

use serde_json::{Value, json};

use super::{Given, setting};
use crate::config::{ConfiguredLevel, LevelSelector, OptionValue, level_of};
use crate::report::settings::{From, Setting};
use crate::rule::Rule;
use crate::rules::{OPTIONS, RULES};

impl Given<'_> {
    /// The level of each rule outside the files that overrides are about.
    pub(super) fn rules(&self) -> Vec<Setting> {
        RULES.iter().map(|rule| self.rule(rule)).collect()
    }

    fn rule(&self, rule: &Rule) -> Setting {
        let level = level_of(&self.config.levels, rule.id);
        let is_quiet = rule.is_pedantic && !level.is_some_and(ConfiguredLevel::is_by_name);
        let word = level.map_or(rule.severity.as_str(), |it| it.level.as_str());
        let value = if is_quiet { json!({"level": word, "only_with": "--pedantic"}) } else { json!({"level": word}) };
        setting(rule.id, value, self.at(level.and_then(|it| it.place)))
    }

    pub(super) fn options(&self) -> Vec<Setting> {
        let all = OPTIONS.iter().flat_map(|(rule, options)| options.iter().map(move |option| (rule.id, option)));
        let option = |(rule, option)| {
            let set = self.config.options.configured(rule, option);
            let from = set.map_or(From::Default, |set| self.at(set.place));
            setting(format!("{rule} {}", option.name), value(&self.config.options.value(rule, option)), from)
        };
        all.map(option).collect()
    }

    pub(super) fn overrides(&self) -> Vec<Setting> {
        let entries = self.config.overrides.iter().flat_map(|it| it.levels.iter().map(move |level| (it, level)));
        let entry = |(it, level): (&crate::config::Override, &ConfiguredLevel)| {
            let (LevelSelector::Rule(name) | LevelSelector::Family(name)) = &level.selector;
            let paths: Vec<&str> = it.paths.iter().map(|path| path.pattern.as_str()).collect();
            setting(name.as_str(), json!({"level": level.level.as_str(), "paths": paths}), self.at(level.place))
        };
        entries.map(entry).collect()
    }
}

fn value(value: &OptionValue) -> Value {
    match value {
        OptionValue::Flag(flag) => json!(flag),
        OptionValue::Texts(texts) => json!(texts.iter().map(AsRef::as_ref).collect::<Vec<&str>>()),
    }
}
