//! Options of rules: each rule declares its own as constants, and the configuration gives them values.

use smol_str::SmolStr;

use crate::yaml::Span;

/// An option as its rule declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleOption {
    /// Its key below the rule in `rules`.
    pub name: &'static str,
    /// What it does, in one line, for the schema.
    pub summary: &'static str,
    pub default: OptionDefault,
}

/// The value of an option where the configuration gives none; it also says which type the option has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionDefault {
    /// `true` or `false`.
    Flag(bool),
    /// A list of strings.
    Texts(&'static [&'static str]),
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    Flag(bool),
    Texts(Vec<SmolStr>),
}

/// An option of a rule that the configuration sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredOption {
    pub rule: SmolStr,
    pub name: SmolStr,
    pub value: OptionValue,
    /// The value.
    pub place: Option<Span>,
}

/// A rule as the configuration can name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownRule<'a> {
    /// `family/rule`.
    pub id: &'a str,
    pub summary: &'a str,
    pub options: &'static [RuleOption],
}

impl OptionDefault {
    /// The default as a value.
    pub fn value(self) -> OptionValue {
        match self {
            Self::Flag(flag) => OptionValue::Flag(flag),
            Self::Texts(texts) => OptionValue::Texts(texts.iter().copied().map(SmolStr::from).collect()),
        }
    }
}

/// The options that a configuration sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOptions(pub Vec<ConfiguredOption>);

impl RuleOptions {
    /// What the configuration says of an option, if it says anything. Of several entries the last one counts.
    pub fn configured(&self, rule: &str, option: &RuleOption) -> Option<&ConfiguredOption> {
        self.0.iter().rfind(|set| set.rule == rule && set.name == option.name)
    }

    /// The value of an option: as it is configured, or else its default.
    pub fn value(&self, rule: &str, option: &RuleOption) -> OptionValue {
        self.configured(rule, option).map_or_else(|| option.default.value(), |set| set.value.clone())
    }

    /// The value of an option that is a list of strings.
    pub fn texts(&self, rule: &str, option: &RuleOption) -> Vec<SmolStr> {
        match self.value(rule, option) {
            OptionValue::Texts(texts) => texts,
            OptionValue::Flag(_) => Vec::new(),
        }
    }

    /// The value of an option that is `true` or `false`.
    pub fn flag(&self, rule: &str, option: &RuleOption) -> bool {
        self.value(rule, option) == OptionValue::Flag(true)
    }
}
