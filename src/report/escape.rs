//! Text from repositories as it may be in a terminal or a CI log: nothing in it drives either.

/// Whether a character could: control characters, what turns the direction of text, what cannot be seen.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text on one line, for formats that escape by themselves what means something to them. In a log, `##[…]` is a command
/// wherever it is.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|c| shown.push(in_log(c, &shown, true)));
    shown
}

/// A text on one line, for terminals and logs. Each character stays one character, so that columns stay right.
///
/// Workflow commands (`::add-mask::`, `##[error]`, `##vso[…]`) are broken up, too.
pub(super) fn visible(text: &str, unicode: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        shown.push(match c {
            ':' if shown.ends_with(':') && unicode => '∶',
            ':' if shown.ends_with(':') => '.',
            c => in_log(c, &shown, unicode),
        });
    }
    shown
}

/// A character as it may follow a text in a log.
fn in_log(c: char, before: &str, unicode: bool) -> char {
    match c {
        '[' if ends_with_command(before) && unicode => '⟦',
        '[' if ends_with_command(before) => '(',
        c if is_hidden(c) => replacement(c, unicode),
        c => c,
    }
}

/// A text of one or more lines, each as [`visible`] shows it: for what commands say besides reports.
pub fn escaped(text: &str) -> String {
    text.split('\n').map(|line| visible(line, true)).collect::<Vec<_>>().join("\n")
}

fn ends_with_command(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).ends_with("##")
}

/// The picture of a control character where there is one.
fn replacement(c: char, unicode: bool) -> char {
    match c {
        _ if !unicode => '?',
        '\u{7f}' => '␡',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// JSON text with every hidden character, and what starts a workflow command inside a line, written as an escape: the
/// same JSON, safe to print.
pub(super) fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if (c != '\n' && is_hidden(c)) || (c == '[' && ends_with_command(&escaped)) {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible_ones() {
        assert_eq!(visible("a\u{1b}[31m\tb\r\nc\u{7f}", true), "a␛[31m␉b␍␊c␡");
        assert_eq!(visible("x\u{202e}y\u{9b}z\u{e0041}", true), "x\u{fffd}y\u{fffd}z\u{fffd}");
        assert_eq!(visible("a\u{1b}b\u{2066}", false), "a?b?");
        assert_eq!(visible("grün 日本", true), "grün 日本");
    }

    #[test]
    fn workflow_commands_are_broken_up() {
        assert_eq!(visible("::error::x", true), ":∶error:∶x");
        assert_eq!(escaped("a\n::b\r"), "a\n:∶b␍");
        assert_eq!(visible(":::::", false), ":.:.:");
        assert_eq!(visible("##[group]x ##vso[a] [b] #[c]", true), "##⟦group]x ##vso⟦a] [b] #[c]");
    }

    #[test]
    fn formats_with_rules_of_their_own_keep_colons() {
        assert_eq!(printable("::a\u{1b}\n##[x]"), "::a␛␊##⟦x]");
    }

    #[test]
    fn json_stays_the_same_json() {
        assert_eq!(json("\"##[a]\""), "\"##\\u005ba]\"");
        assert_eq!(json("\"a\u{7f}\u{202e}\u{e0041}ü\"\n"), "\"a\\u007f\\u202e\\udb40\\udc41ü\"\n");
    }
}
