//! What of a text comes from Secrets: it travels with the value's origin through copies, cuts, merges and templates.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::{Node, Origin, Text, Value};

/// What stands for a text that must not be shown.
pub const MARK: &str = "…";

/// How much of a scalar's text comes from Secrets and must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// All of it.
    Whole,
    /// These texts in it. Where none of them can be found any more (something has changed them since), all of it.
    Parts(Arc<[Text]>),
}

impl Secrecy {
    /// These texts, without empty ones; `None` where nothing is left.
    pub fn of_parts(parts: impl IntoIterator<Item = Text>) -> Option<Self> {
        let mut parts: Vec<Text> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
        parts.sort();
        parts.dedup();
        (!parts.is_empty()).then(|| Self::Parts(parts.into()))
    }

    /// The texts in a text that must not be shown.
    pub fn texts<'t>(&'t self, text: &'t str) -> Vec<&'t str> {
        let Self::Parts(parts) = self else { return vec![text] };
        let found: Vec<&str> = parts.iter().map(|part| &**part).filter(|part| text.contains(part)).collect();
        if found.is_empty() { vec![text] } else { found }
    }

    /// What is left of it where only a range of the text is taken.
    pub fn cut(&self, text: &str, range: Range<usize>) -> Option<Self> {
        let Self::Parts(_) = self else { return Some(Self::Whole) };
        let places = self.texts(text).into_iter().flat_map(|part| text.match_indices(part));
        let touched = places.filter_map(|(start, part)| {
            let (start, end) = (start.max(range.start), (start + part.len()).min(range.end));
            text.get(start..end).filter(|piece| !piece.is_empty()).map(Text::from)
        });
        Self::of_parts(touched)
    }
}

/// A message without what it quotes: its text stands in no tree that would know what of it is secret. `keeps` says which
/// quotations may stay.
pub fn without_quotations(message: &str, keeps: &dyn Fn(&str) -> bool) -> String {
    let pieces = message.split('`').enumerate();
    let shown = pieces.map(|(index, piece)| if index % 2 == 0 || keeps(piece) { piece } else { MARK });
    shown.collect::<Vec<_>>().join("`")
}

impl Origin {
    /// The same origin of a value that also holds what another one holds.
    #[must_use]
    pub fn joined_with(self, own: &str, other: &Node) -> Self {
        let Some(added) = other.secret() else { return self };
        let mut parts: Vec<Text> = added.texts(other.text().unwrap_or_default()).into_iter().map(Text::from).collect();
        match self.secret() {
            Some(Secrecy::Whole) => return self,
            Some(known) => parts.extend(known.texts(own).into_iter().map(Text::from)),
            None => {}
        }
        self.with_secret(Secrecy::of_parts(parts))
    }
}

impl Node {
    /// How much of its text comes from Secrets.
    pub fn secret(&self) -> Option<&Secrecy> {
        self.origin.secret()
    }

    /// The texts of a scalar that must not be shown.
    pub fn secret_texts(&self) -> Vec<&str> {
        match (self.secret(), self.text()) {
            (Some(secret), Some(text)) if !text.is_empty() => secret.texts(text),
            _ => Vec::new(),
        }
    }

    /// The text of a scalar as it may be shown: [`MARK`] in place of what comes from Secrets, however short it is.
    pub fn shown(&self) -> Cow<'_, str> {
        let text = self.text().unwrap_or_default();
        let mut secrets = self.secret_texts();
        if secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Cow::Owned(secrets.iter().fold(text.to_owned(), |text, secret| text.replace(*secret, MARK)))
    }

    /// Notes for all values of a tree that they come from a Secret. Keys stay: they are names.
    pub fn conceal(&mut self) {
        match &mut self.value {
            Value::Scalar(_) => {
                if self.origin.secret() != Some(&Secrecy::Whole) {
                    self.origin = std::mem::take(&mut self.origin).with_secret(Some(Secrecy::Whole));
                }
            }
            Value::Sequence(items) => items.iter_mut().for_each(Self::conceal),
            Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| entry.value.conceal()),
        }
    }

    /// Notes for each scalar and key of a tree that was read from a text which of these texts it holds.
    pub fn conceal_parts(&mut self, parts: &[&str]) {
        match &mut self.value {
            Value::Scalar(scalar) => {
                let found: Vec<Text> =
                    parts.iter().filter(|part| scalar.text.contains(**part)).map(|part| Text::from(*part)).collect();
                if let Some(secret) = Secrecy::of_parts(found) {
                    self.origin = std::mem::take(&mut self.origin).with_secret(Some(secret));
                }
            }
            Value::Sequence(items) => items.iter_mut().for_each(|item| item.conceal_parts(parts)),
            Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| {
                entry.key.conceal_parts(parts);
                entry.value.conceal_parts(parts);
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(parts: &[&str]) -> Secrecy {
        Secrecy::of_parts(parts.iter().copied().map(Text::from)).unwrap()
    }

    #[test]
    fn parts_that_are_gone_make_all_of_it_secret() {
        assert_eq!(parts(&["b", "c"]).texts("abc"), ["b", "c"]);
        assert_eq!(parts(&["b"]).texts("aBc"), ["aBc"]);
        assert_eq!(Secrecy::Whole.texts("abc"), ["abc"]);
        assert_eq!(Secrecy::of_parts([Text::from(" ")]), None);
    }

    #[test]
    fn quotations_are_taken_out_of_messages() {
        let shown = without_quotations("`*hush` has no `b`: `c", &|piece| piece == "b");
        assert_eq!(shown, "`…` has no `b`: `…");
    }

    #[test]
    fn a_cut_keeps_what_it_touches() {
        let secret = parts(&["hush"]);
        assert_eq!(secret.cut("a-hush-b", 0..1), None);
        assert_eq!(secret.cut("a-hush-b", 0..4), Some(parts(&["hu"])));
        assert_eq!(secret.cut("a-hush-b", 2..8), Some(parts(&["hush"])));
        assert_eq!(Secrecy::Whole.cut("hush", 0..1), Some(Secrecy::Whole));
    }

    #[test]
    fn values_are_noted_and_copies_keep_it() {
        let text = |text: &str| Node::string(text, Origin::default());
        let mut data = Node::mapping(vec![crate::Entry { key: text("a"), value: text("hush") }], Origin::default());
        data.conceal();
        let value = data.get("a").cloned().unwrap();
        assert_eq!((value.secret(), value.secret_texts()), (Some(&Secrecy::Whole), vec!["hush"]));
        assert_eq!(data.entries()[0].key.secret(), None);
        let joined = Origin::default().joined_with("", &value);
        assert_eq!(joined.secret(), Some(&parts(&["hush"])));
        assert_eq!((&*value.shown(), &*Node { origin: joined, ..text("a-hush") }.shown()), ("…", "a-…"));
    }
}
