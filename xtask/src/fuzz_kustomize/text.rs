//! YAML as it is written: values whose scalars are source text, printed in one of many legal styles.

use super::rng::Rng;

/// A value to write. Keys and scalars are source text, quotes and all.
#[derive(Clone, Debug)]
pub(crate) enum Y {
    Scalar(String),
    /// A block scalar: header and lines.
    Block(&'static str, Vec<String>),
    /// A block scalar whose lines are a document with this value.
    Document(Box<Y>, Vec<String>),
    Map(Vec<(String, Y)>),
    List(Vec<Y>),
}

impl Y {
    pub(crate) fn scalar(text: impl Into<String>) -> Self {
        Self::Scalar(text.into())
    }

    pub(crate) fn map<K: Into<String>>(entries: Vec<(K, Y)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Y> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// Sets a key, at the end if it is new.
    pub(crate) fn set(&mut self, key: &str, value: Y) {
        let Self::Map(entries) = self else { return };
        match entries.iter_mut().find(|(own, _)| own == key) {
            Some((_, old)) => *old = value,
            None => entries.push((key.to_owned(), value)),
        }
    }
}

/// How a document is written.
pub(crate) struct Writer<'a> {
    rng: &'a mut Rng,
    /// Flow style, comments, anchors, indented lists.
    odd: bool,
    indented_lists: bool,
    anchor: Anchor,
    out: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Anchor {
    None,
    /// Inside the anchored value, which must not hold itself.
    Open,
    Defined,
}

/// A value as a document, without `---`.
pub(crate) fn write(value: &Y, odd: bool, rng: &mut Rng) -> String {
    let indented_lists = rng.chance(40);
    let mut writer = Writer { rng, odd, indented_lists, anchor: Anchor::None, out: String::new() };
    match value {
        Y::Map(entries) if !entries.is_empty() => writer.map(entries, 0),
        Y::List(items) if !items.is_empty() => writer.list(items, 0),
        other => {
            writer.inline(other, 0);
        }
    }
    writer.out
}

impl Writer<'_> {
    fn pad(&mut self, indent: usize) {
        self.out.push_str(&" ".repeat(indent));
    }

    fn map(&mut self, entries: &[(String, Y)], indent: usize) {
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 || !self.out.ends_with("- ") {
                self.line_of_comment(indent);
                self.pad(indent);
            }
            self.out.push_str(key);
            self.out.push(':');
            self.value(value, indent);
        }
    }

    /// What follows `key:`.
    fn value(&mut self, value: &Y, indent: usize) {
        if self.as_flow(value) {
            return;
        }
        match value {
            Y::Map(entries) if !entries.is_empty() => {
                if self.odd && self.anchor == Anchor::None && self.rng.chance(3) {
                    self.anchor = Anchor::Open;
                    self.out.push_str(" &m");
                    self.comment();
                    self.map(entries, indent + 2);
                    self.anchor = Anchor::Defined;
                    return;
                }
                let merges = self.odd && self.anchor == Anchor::Defined && self.rng.chance(8);
                self.comment();
                if merges {
                    self.pad(indent + 2);
                    self.out.push_str("<<: *m\n");
                }
                self.map(entries, indent + 2);
            }
            Y::List(items) if !items.is_empty() => {
                self.comment();
                let deeper = if self.indented_lists { 2 } else { 0 };
                self.list(items, indent + deeper);
            }
            other => {
                self.out.push(' ');
                self.inline(other, indent);
            }
        }
    }

    fn list(&mut self, items: &[Y], indent: usize) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 || !self.out.ends_with("- ") {
                self.line_of_comment(indent);
                self.pad(indent);
            }
            self.out.push('-');
            if self.as_flow(item) {
                continue;
            }
            self.out.push(' ');
            match item {
                Y::Map(entries) if !entries.is_empty() => self.map(entries, indent + 2),
                Y::List(items) if !items.is_empty() => self.list(items, indent + 2),
                other => self.inline(other, indent),
            }
        }
    }

    fn inline(&mut self, value: &Y, indent: usize) {
        match value {
            Y::Scalar(text) => {
                self.out.push_str(text);
                self.comment();
            }
            Y::Block(header, lines) => self.block(header, lines, indent),
            Y::Document(_, lines) => self.block("|", lines, indent),
            Y::Map(_) => self.out.push_str("{}\n"),
            Y::List(_) => self.out.push_str("[]\n"),
        }
    }

    fn block(&mut self, header: &str, lines: &[String], indent: usize) {
        self.out.push_str(header);
        self.out.push('\n');
        for line in lines {
            if !line.is_empty() {
                self.pad(indent + 2);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn line_of_comment(&mut self, indent: usize) {
        if self.odd && self.rng.chance(1) {
            self.pad(indent);
            self.out.push_str("# below: this\n");
        }
    }

    fn comment(&mut self) {
        if self.odd && self.rng.chance(2) {
            self.out.push_str(" # why: \"this\"");
        }
        self.out.push('\n');
    }

    /// Writes a small collection in flow style now and then.
    fn as_flow(&mut self, value: &Y) -> bool {
        let collection = matches!(value, Y::Map(entries) if !entries.is_empty())
            || matches!(value, Y::List(items) if !items.is_empty());
        if !collection || !self.odd || !self.rng.chance(8) {
            return false;
        }
        let Some(text) = flow(value, false) else { return false };
        self.out.push(' ');
        self.out.push_str(&text);
        self.comment();
        true
    }
}

/// A value in flow style (or as JSON), if its scalars allow it.
pub(crate) fn flow(value: &Y, json: bool) -> Option<String> {
    match value {
        Y::Scalar(text) => flow_scalar(text, json),
        Y::Block(..) | Y::Document(..) => None,
        Y::Map(entries) => {
            let entry = |(key, value): &(String, Y)| {
                let key =
                    if json && !key.starts_with('"') { format!("\"{}\"", key.trim_matches('\'')) } else { key.clone() };
                flow(value, json).map(|value| format!("{key}: {value}"))
            };
            let parts: Option<Vec<String>> = entries.iter().map(entry).collect();
            parts.map(|parts| format!("{{{}}}", parts.join(", ")))
        }
        Y::List(items) => {
            let parts: Option<Vec<String>> = items.iter().map(|item| flow(item, json)).collect();
            parts.map(|parts| format!("[{}]", parts.join(", ")))
        }
    }
}

fn flow_scalar(text: &str, json: bool) -> Option<String> {
    let quoted = |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    if quoted('"') && !text.contains('\n') {
        return Some(text.to_owned());
    }
    if json {
        let word = matches!(text, "true" | "false" | "null");
        let number = text.parse::<f64>().is_ok()
            && text.chars().all(|c| c.is_ascii_digit() || c == '.')
            && !text.starts_with('0');
        if word || (number && !text.starts_with('.') && !text.ends_with('.')) {
            return Some(text.to_owned());
        }
        let plain = text.chars().all(|c| c.is_alphanumeric() || "-_./ ".contains(c));
        return (plain && !text.is_empty()).then(|| format!("\"{text}\""));
    }
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_./+".contains(c));
    (plain || (quoted('\'') && !text.contains('\n'))).then(|| text.to_owned())
}
