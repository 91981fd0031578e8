//! What comes from Secrets in trees: it travels with the value's origin through copies, cuts, merges and templates.

use std::borrow::Cow;

use super::{MARK, Node, Origin, Secrecy, Text, Value};

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

    #[test]
    fn values_are_noted_and_copies_keep_it() {
        let text = |text: &str| Node::string(text, Origin::default());
        let mut data = Node::mapping(vec![crate::Entry { key: text("a"), value: text("hush") }], Origin::default());
        data.conceal();
        let value = data.get("a").cloned().unwrap();
        assert_eq!((value.secret(), value.secret_texts()), (Some(&Secrecy::Whole), vec!["hush"]));
        assert_eq!(data.entries()[0].key.secret(), None);
        let joined = Origin::default().joined_with("", &value);
        assert_eq!(joined.secret(), Secrecy::of_parts([Text::from("hush")]).as_ref());
        assert_eq!((&*value.shown(), &*Node { origin: joined, ..text("a-hush") }.shown()), ("…", "a-…"));
    }
}
