//! Block scalars: kustomize writes each as what it was and reads that again, and its writer makes mistakes. It puts too many
//! line breaks before indented lines of folded text (seen with 5.8.1 on folded CEL expressions), and does not tell the
//! indentation of a text that starts with a tab.

use smol_str::SmolStr;

use super::super::parse::value_of;
use super::super::{Node, Style, Value};
use super::quote::{is_break, is_special};

/// Why kustomize cannot read a block again that it wrote.
const TAB_IN_BLOCK: &str = "a block string that starts with a tab is printed in a form that cannot be read again";

/// What becomes of a block scalar; `None` for what stays as it is, as all does in brackets: there it is in double quotes.
///
/// # Errors
/// What kustomize wrote and cannot read.
pub fn rewritten(node: &Node, in_flow: bool) -> Result<Option<SmolStr>, String> {
    let Some(scalar) = node.as_scalar().filter(|_| !in_flow) else { return Ok(None) };
    let text = &*scalar.text;
    let is_folded = scalar.style == Style::Folded && text.contains(is_break);
    let starts_with_tab = text.starts_with('\t')
        && match scalar.style {
            Style::Folded | Style::Literal => true,
            // What kustomize made; it writes that as a block if it has several lines.
            Style::Plain => text.contains('\n'),
            Style::SingleQuoted | Style::DoubleQuoted => false,
        };
    if !(is_folded || starts_with_tab) || !is_block(text) {
        return Ok(None);
    }
    if starts_with_tab {
        return Err(TAB_IN_BLOCK.to_owned());
    }
    Ok(value_of(&format!("a: >{}\n{}", hints(text), folded(text))))
}

/// Whether kustomize can read what it makes of JSON: it writes every text of several lines as a block.
///
/// # Errors
/// A text that starts with a tab.
pub fn check_written(json: &Node) -> Result<(), String> {
    match &json.value {
        Value::Mapping(mapping) => mapping.entries.iter().try_for_each(|entry| check_written(&entry.value)),
        Value::Sequence(items) => items.iter().try_for_each(check_written),
        Value::Scalar(scalar) if breaks_as_block(&scalar.text) => Err(TAB_IN_BLOCK.to_owned()),
        Value::Scalar(_) => Ok(()),
    }
}

/// Whether kustomize writes a text of several lines as a block that starts with a tab, which it cannot read again.
fn breaks_as_block(text: &str) -> bool {
    text.starts_with('\t') && text.contains('\n') && is_block(text)
}

/// Whether a text can be in a block; else it is written in double quotes.
fn is_block(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let mut last = '\n';
    while let Some(c) = chars.next() {
        let is_before_break = c == ' ' && chars.peek().is_some_and(|&next| is_break(next));
        if is_before_break || (is_special(c) && c != '\n' && c != '\t') {
            return false;
        }
        last = c;
    }
    last != ' '
}

fn hints(text: &str) -> String {
    let mut ends = text.chars().rev();
    let (last, before) = (ends.next().is_some_and(is_break), ends.next().is_none_or(is_break));
    let chomping = match (last, before) {
        (false, _) => "-",
        (true, true) => "+",
        (true, false) => "",
    };
    let indent = if text.starts_with(|c| c == ' ' || is_break(c)) { "2" } else { "" };
    format!("{indent}{chomping}")
}

/// go-yaml's writer. It means to look at the line after the break, but looks at the first line.
fn folded(text: &str) -> String {
    let doubles = text.trim_start_matches(is_break).starts_with(|c| !matches!(c, ' ' | '\t'));
    let mut out = String::with_capacity(text.len() + 16);
    let (mut is_line_start, mut is_indented) = (true, true);
    for c in text.chars() {
        if is_break(c) {
            if !is_line_start && !is_indented && c == '\n' && doubles {
                out.push('\n');
            }
            is_line_start = true;
        } else {
            if is_line_start {
                out.push_str("  ");
                is_indented = matches!(c, ' ' | '\t');
            }
            is_line_start = false;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::Origin;
    use super::*;

    fn rewrite(text: &str) -> Result<Option<String>, String> {
        let node = Node::scalar(text, Style::Folded, Origin::default());
        rewritten(&node, false).map(|text| text.map(|text| text.to_string()))
    }

    #[test]
    fn an_indented_line_gets_a_break_before_it() {
        assert_eq!(rewrite("a\n  b\n  c\nd\ne\n"), Ok(Some("a\n\n  b\n  c\nd\ne\n".to_owned())));
    }

    #[test]
    fn other_lines_stay() {
        assert_eq!(rewrite("a\nb\n\nc"), Ok(Some("a\nb\n\nc".to_owned())));
        assert_eq!(rewrite("a b"), Ok(None));
        assert_eq!(rewrite("🎉\n  a"), Ok(None));
    }

    #[test]
    fn a_text_that_starts_with_a_blank_loses_its_breaks() {
        assert_eq!(rewrite(" a\nb\nc\n"), Ok(Some(" a\nb c\n".to_owned())));
    }

    #[test]
    fn a_text_that_starts_with_a_tab_is_refused() {
        assert!(rewrite("\ta\n").is_err());
    }
}
