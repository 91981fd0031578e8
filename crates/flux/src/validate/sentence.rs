//! What the rules of the tables say, in words for people.

use std::collections::HashMap;
use std::sync::OnceLock;

static TEXT: &str = include_str!("../../kinds/rules.txt");

/// A rule in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The CEL expression.
    pub rule: &'static str,
    /// It says which fields go together, and which do not.
    pub is_choice: bool,
    /// The fields to edit, relative to the object of the rule: the first one that is set.
    pub fields: Vec<&'static str>,
    pub what: &'static str,
    pub help: &'static str,
}

impl Sentence {
    /// Whether the rule reads a field of its object.
    pub fn reads(&self, field: &str) -> bool {
        let is_word = |rest: &str| rest.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
        let mut reads = self.rule.split("self.").skip(1).filter_map(|rest| rest.strip_prefix(field));
        reads.any(|rest| !is_word(rest))
    }
}

/// The sentence of a rule.
pub(super) fn of(rule: &str) -> Option<&'static Sentence> {
    all().get(rule)
}

pub(super) fn all() -> &'static HashMap<&'static str, Sentence> {
    static ALL: OnceLock<HashMap<&'static str, Sentence>> = OnceLock::new();
    ALL.get_or_init(|| TEXT.lines().filter_map(parse).map(|sentence| (sentence.rule, sentence)).collect())
}

fn parse(line: &'static str) -> Option<Sentence> {
    let mut columns = line.split('\t').filter(|_| !line.starts_with('#'));
    let (rule, class, fields) = (columns.next()?, columns.next()?, columns.next()?);
    Some(Sentence {
        rule,
        is_choice: class == "choice",
        fields: fields.split(',').filter(|field| !field.is_empty()).collect(),
        what: columns.next()?,
        help: columns.next()?,
    })
}
