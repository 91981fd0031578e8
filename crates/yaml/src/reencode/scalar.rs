//! Scalars: which quotes they get, and how they are written.

use super::super::Style;
use super::super::print::in_double_quotes;
use super::mark::{is_break, is_special};
use super::output::Output;

/// What a text allows.
pub(super) struct Looks {
    pub(super) has_breaks: bool,
    plain_in_flow: bool,
    plain_in_block: bool,
    single_quoted: bool,
    block: bool,
}

/// What of a text cannot stand raw everywhere.
#[derive(Default)]
struct Blanks {
    /// A blank or a break at an end of the text.
    at_end: bool,
    last_blank: bool,
    blank_before_break: bool,
    blank_behind_break: bool,
    breaks: bool,
    special: bool,
    tab: bool,
}

impl Looks {
    pub(super) fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self {
                has_breaks: false,
                plain_in_flow: false,
                plain_in_block: true,
                single_quoted: true,
                block: false,
            };
        }
        let (in_flow, in_block) = indicators(text);
        let blanks = blanks(text);
        let raw = !(blanks.blank_before_break || blanks.special);
        let single_quoted = raw && !blanks.blank_behind_break && !blanks.tab;
        let plain = single_quoted && !blanks.at_end && !blanks.breaks;
        Self {
            has_breaks: blanks.breaks,
            plain_in_flow: plain && !in_flow,
            plain_in_block: plain && !in_block,
            single_quoted,
            block: raw && !blanks.last_blank,
        }
    }

    /// The style that a text gets which should have another one.
    pub(super) fn style(&self, wanted: Style, text: &str, in_flow: bool, is_key: bool) -> Style {
        let mut style = if is_key && self.has_breaks { Style::DoubleQuoted } else { wanted };
        let is_plain = if in_flow { self.plain_in_flow } else { self.plain_in_block };
        if style == Style::Plain && (!is_plain || text.is_empty() && (in_flow || is_key)) {
            style = Style::SingleQuoted;
        }
        match style {
            Style::SingleQuoted if !self.single_quoted => Style::DoubleQuoted,
            Style::Literal | Style::Folded if !self.block || in_flow || is_key => Style::DoubleQuoted,
            style => style,
        }
    }
}

/// Whether a text holds what means something else in plain text: in a flow collection, and outside.
fn indicators(text: &str) -> (bool, bool) {
    let is_marker = text.starts_with("---") || text.starts_with("...");
    let (mut in_flow, mut in_block) = (is_marker, is_marker);
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_before_blank = chars.peek().is_none_or(|&next| matches!(next, ' ' | '\t'));
        let is_behind_blank = before.is_none_or(|c| matches!(c, ' ' | '\t' | '\0') || is_break(c));
        let (flow, block) = match (c, before) {
            ('#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`', None) => {
                (true, true)
            }
            ('-', None) => (is_before_blank, is_before_blank),
            ('?', None) | (':', _) => (true, is_before_blank),
            (',' | '?' | '[' | ']' | '{' | '}', _) => (true, false),
            ('#', _) => (is_behind_blank, is_behind_blank),
            _ => (false, false),
        };
        (in_flow, in_block) = (in_flow || flow, in_block || block);
        before = Some(c);
    }
    (in_flow, in_block)
}

fn blanks(text: &str) -> Blanks {
    let is_end = |c: char| c == ' ' || is_break(c);
    let mut blanks = Blanks {
        at_end: text.starts_with(is_end) || text.ends_with(is_end),
        last_blank: text.ends_with(' '),
        ..Blanks::default()
    };
    let mut before = None;
    for c in text.chars() {
        blanks.tab |= c == '\t';
        blanks.special |= is_special(c);
        blanks.breaks |= is_break(c);
        blanks.blank_before_break |= is_break(c) && before == Some(' ');
        blanks.blank_behind_break |= c == ' ' && before.is_some_and(is_break);
        before = Some(c);
    }
    blanks
}

impl Output {
    /// Writes a text in its style; `comment` comes after the header of a block.
    pub(super) fn scalar(&mut self, text: &str, style: Style, comment: &mut String) {
        match style {
            Style::Plain => {
                if !text.is_empty() {
                    self.blank();
                }
                self.lines(text);
                self.has_blank &= text.is_empty();
                self.is_indentation = false;
            }
            Style::SingleQuoted => {
                self.word("'");
                self.lines(&text.replace('\'', "''"));
                self.piece("'");
            }
            Style::DoubleQuoted => self.word(&in_double_quotes(text)),
            Style::Literal | Style::Folded => self.block(text, style == Style::Folded, comment),
        }
    }

    /// Text whose line breaks double.
    fn lines(&mut self, text: &str) {
        let mut is_new_line = false;
        for c in text.chars() {
            if is_break(c) {
                if !is_new_line && c == '\n' {
                    self.line_break('\n');
                }
                self.line_break(c);
                is_new_line = true;
                continue;
            }
            if is_new_line {
                self.indent();
            }
            self.put(c);
            if c != ' ' {
                (self.is_indentation, is_new_line) = (false, false);
            }
        }
    }

    fn block(&mut self, text: &str, is_folded: bool, comment: &mut String) {
        self.word(if is_folded { ">" } else { "|" });
        self.block_hints(text);
        if comment.is_empty() {
            self.line_break('\n');
        } else {
            self.blank();
            self.comment(&std::mem::take(comment));
        }
        self.has_blank = true;
        // The emitter means to look at the line after the break, but looks at the first line.
        let first = text.trim_start_matches(is_break).chars().next();
        let doubles = is_folded && first.is_some_and(|c| !matches!(c, ' ' | '\t'));
        let (mut is_new_line, mut is_indented) = (true, true);
        for c in text.chars() {
            if is_break(c) {
                if doubles && !is_new_line && !is_indented && c == '\n' {
                    self.line_break('\n');
                }
                self.line_break(c);
                is_new_line = true;
                continue;
            }
            if is_new_line {
                self.indent();
                is_indented = matches!(c, ' ' | '\t');
            }
            self.put(c);
            (self.is_indentation, is_new_line) = (false, false);
        }
    }

    fn block_hints(&mut self, text: &str) {
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.piece("2");
        }
        let mut ends = text.chars().rev();
        match (ends.next().is_some_and(is_break), ends.next().is_none_or(is_break)) {
            (false, _) => self.piece("-"),
            (true, true) => self.piece("+"),
            (true, false) => {}
        }
    }
}
