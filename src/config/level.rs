//! `rules` and `overrides`: levels of rules and families, for all files and for some, and options of rules.

use smol_str::SmolStr;

use super::clusters::PathPattern;
use super::option::{ConfiguredOption, OptionDefault, OptionValue, RuleOption};
use super::shape::{ConfigReader, is_null};
use crate::finding::Severity;
use crate::near::did_you_mean;
use crate::yaml::{Entry, Node, Span};

pub(super) const OVERRIDE_KEYS: [&str; 2] = ["paths", "rules"];

/// The key that every rule has; the others are its options.
const LEVEL: &str = "level";

/// What a level is set for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LevelSelector {
    Family(SmolStr),
    /// `family/rule`.
    Rule(SmolStr),
}

/// A level of `rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    Error,
    Warning,
    Info,
    Off,
}

/// The level of a rule or family, as the configuration sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredLevel {
    pub selector: LevelSelector,
    pub level: Level,
    /// The level.
    pub place: Option<Span>,
}

/// An entry of `overrides`: other levels for the findings in some files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Files, relative to their repository.
    pub paths: Vec<PathPattern>,
    pub levels: Vec<ConfiguredLevel>,
}

impl Level {
    /// All of them, as the configuration lists them.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Off];

    /// The word of the configuration.
    pub fn as_str(self) -> &'static str {
        self.severity().map_or("off", Severity::as_str)
    }

    /// The severity that findings get; `None` for rules that are off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

/// What levels say about a rule: those of the rule's own name count more than those of its family, and of several the last.
pub fn level_of<'l>(levels: &'l [ConfiguredLevel], rule: &str) -> Option<&'l ConfiguredLevel> {
    let family = rule.split_once('/').map_or(rule, |(family, _)| family);
    let named = levels.iter().rfind(|it| matches!(&it.selector, LevelSelector::Rule(id) if id == rule));
    named.or_else(|| levels.iter().rfind(|it| matches!(&it.selector, LevelSelector::Family(name) if name == family)))
}

impl ConfiguredLevel {
    /// Whether it is set for the rule itself, not for its family.
    pub fn is_by_name(&self) -> bool {
        matches!(self.selector, LevelSelector::Rule(_))
    }
}

impl Override {
    /// Whether it is about a file.
    pub fn is_about(&self, file: &str) -> bool {
        self.paths.iter().any(|pattern| pattern.covers(file))
    }
}

impl ConfigReader<'_> {
    /// `rules`: levels and options.
    pub(super) fn rules(&mut self, node: &Node) -> (Vec<ConfiguredLevel>, Vec<ConfiguredOption>) {
        let (mut levels, mut options) = (Vec::new(), Vec::new());
        for Entry { key, value } in self.entries(node, "`rules`") {
            let Some(selector) = self.selector(key) else { continue };
            if value.as_mapping().is_none() {
                levels.extend(self.configured_level(selector, value));
                continue;
            }
            for entry in value.entries() {
                match entry.key.text().unwrap_or_default() {
                    LEVEL => levels.extend(self.configured_level(selector.clone(), &entry.value)),
                    _ => options.extend(self.option(&selector, entry)),
                }
            }
        }
        (levels, options)
    }

    /// An option of a rule. Families have none.
    fn option(&mut self, selector: &LevelSelector, Entry { key, value }: &Entry) -> Option<ConfiguredOption> {
        let LevelSelector::Rule(rule) = selector else {
            self.unknown_key(key, &[LEVEL], "a family of rules");
            return None;
        };
        let declared = self.options_of(rule);
        let Some(option) = declared.iter().find(|option| key.text() == Some(option.name)) else {
            let known: Vec<&str> = std::iter::once(LEVEL).chain(declared.iter().map(|option| option.name)).collect();
            self.unknown_key(key, &known, &format!("rule `{rule}`"));
            return None;
        };
        if is_null(value) {
            return None;
        }
        let what = format!("`{}` of rule `{rule}`", option.name);
        let value_read = match option.default {
            OptionDefault::Flag(_) => OptionValue::Flag(self.boolean(value, &what)?),
            OptionDefault::Texts(_) => {
                OptionValue::Texts(self.named(value, option.name).into_iter().map(|(text, _)| text).collect())
            }
        };
        Some(ConfiguredOption { rule: rule.clone(), name: option.name.into(), value: value_read, place: key.place() })
    }

    fn options_of(&self, rule: &str) -> &'static [RuleOption] {
        self.known_rules.iter().find(|known| known.id == rule).map_or(&[], |known| known.options)
    }

    /// `overrides`.
    pub(super) fn overrides(&mut self, node: &Node) -> Vec<Override> {
        let items = self.mappings(node, "overrides", "name the `paths`, and the `rules` with their levels there");
        items.into_iter().map(|item| self.override_entry(item)).collect()
    }

    fn override_entry(&mut self, node: &Node) -> Override {
        let (mut paths, mut levels) = (Vec::new(), Vec::new());
        for Entry { key, value } in self.entries(node, "an override") {
            match key.text().unwrap_or_default() {
                "paths" => paths = self.patterns(value, "paths"),
                "rules" => levels = self.levels_only(value),
                _ => self.unknown_key(key, &OVERRIDE_KEYS, "an override"),
            }
        }
        for (name, why) in [("paths", "say in which files"), ("rules", "say which rules have another level there")] {
            if let Some(first) = node.entries().first().filter(|_| node.get(name).is_none_or(is_empty)) {
                self.wrong(&first.key, &format!("an override has no `{name}`"), why);
            }
        }
        Override { paths, levels }
    }

    /// Levels without options: a rule runs once over the whole fleet.
    fn levels_only(&mut self, node: &Node) -> Vec<ConfiguredLevel> {
        let (levels, options) = self.rules(node);
        for option in options {
            let message = format!("`{}` cannot differ from file to file", option.name);
            let help = format!("set it below `{}` in `rules` at the top", option.rule);
            self.wrong_at(option.place, &message, &help);
        }
        levels
    }

    fn configured_level(&mut self, selector: LevelSelector, node: &Node) -> Option<ConfiguredLevel> {
        let text = self.text(node, "the level of a rule")?;
        let level = Level::ALL.into_iter().find(|level| level.as_str() == text);
        if level.is_none() {
            self.unknown_word(node, "level", &text, &Level::ALL.map(Level::as_str));
        }
        level.map(|level| ConfiguredLevel { selector, level, place: node.place() })
    }

    /// The name of a rule or a family.
    pub(super) fn rule_or_family(&mut self, node: &Node) -> Option<SmolStr> {
        self.selector(node).map(|selector| match selector {
            LevelSelector::Rule(name) | LevelSelector::Family(name) => name,
        })
    }

    fn selector(&mut self, key: &Node) -> Option<LevelSelector> {
        let text = self.text(key, "the name of a rule")?;
        if self.known_rules.iter().any(|rule| rule.id == text) {
            return Some(LevelSelector::Rule(text));
        }
        let ids = self.known_rules.iter().map(|rule| rule.id);
        let mut families: Vec<&str> = ids.clone().filter_map(|id| Some(id.split_once('/')?.0)).collect();
        families.dedup();
        if families.contains(&text.as_str()) {
            return Some(LevelSelector::Family(text));
        }
        let known: Vec<&str> = ids.chain(families).collect();
        let help = did_you_mean(&text, &known).unwrap_or_else(|| "`fleetlint rules` lists all rules".into());
        self.wrong(key, &format!("there is no rule or family `{text}`"), &help);
        None
    }
}

/// Whether nothing is given: no value, no entry, no item.
fn is_empty(node: &Node) -> bool {
    is_null(node) || node.as_scalar().is_none() && node.entries().is_empty() && node.items().is_empty()
}
