//! Folded scalars (`>`): kustomize writes them once more as folded text and reads that again, with a writer that puts
//! too many line breaks before lines that start with a blank (seen with 5.8.1 on folded CEL expressions).

use super::super::{Node, Style};

/// What becomes of a folded text of several lines; `None` for everything that stays as it is.
pub fn refolded(node: &Node) -> Option<String> {
    let scalar = node.as_scalar().filter(|scalar| scalar.style == Style::Folded)?;
    let text = scalar.text.as_str();
    // Such texts are written in double quotes.
    let is_quoted = text.contains(" \n") || text.ends_with(' ');
    (text.contains('\n') && !is_quoted).then(|| read(&write(text), text))
}

/// go-yaml's writer. It means to look at the line behind the break, but looks at the first line.
fn write(text: &str) -> String {
    let doubles = text.trim_start_matches('\n').starts_with(|c| !is_blank(c));
    let mut out = String::with_capacity(text.len() + 16);
    let (mut is_line_start, mut is_indented) = (true, true);
    for c in text.chars() {
        if c == '\n' {
            if !is_line_start && !is_indented && doubles {
                out.push('\n');
            }
            is_line_start = true;
        } else {
            if is_line_start {
                is_indented = is_blank(c);
            }
            is_line_start = false;
        }
        out.push(c);
    }
    out
}

/// Reads a folded text; how many line breaks its end keeps depends on the original.
fn read(folded: &str, original: &str) -> String {
    let body = folded.trim_end_matches('\n');
    let mut out = String::with_capacity(folded.len());
    let (mut breaks, mut was_indented) = (0, false);
    for (index, line) in body.split('\n').enumerate() {
        if line.is_empty() {
            breaks += 1;
            continue;
        }
        let is_indented = line.starts_with(is_blank);
        if index > 0 && breaks == 0 && !was_indented && !is_indented {
            out.push(' ');
        }
        // Between lines that are not indented one break goes into the folding; before the first line none does.
        let is_first = out.is_empty();
        let kept = breaks + usize::from(index > 0 && !is_first && (was_indented || is_indented));
        out.extend(std::iter::repeat_n('\n', kept));
        out.push_str(line);
        (breaks, was_indented) = (0, is_indented);
    }
    let ends = match original.len() - original.trim_end_matches('\n').len() {
        0 => 0,
        1 => 1,
        _ => folded.len() - body.len(),
    };
    out.extend(std::iter::repeat_n('\n', ends));
    out
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

#[cfg(test)]
mod tests {
    use super::super::super::Origin;
    use super::*;

    fn refold(text: &str) -> Option<String> {
        refolded(&Node::scalar(text, Style::Folded, Origin::default()))
    }

    #[test]
    fn an_indented_line_gets_a_break_before_it() {
        assert_eq!(refold("a\n  b\n  c\nd\ne\n").as_deref(), Some("a\n\n  b\n  c\nd\ne\n"));
    }

    #[test]
    fn other_lines_stay() {
        assert_eq!(refold("a\nb\n\nc").as_deref(), Some("a\nb\n\nc"));
        assert_eq!(refold("a b"), None);
    }

    #[test]
    fn a_text_that_starts_with_a_blank_loses_its_breaks() {
        assert_eq!(refold(" a\nb\nc\n").as_deref(), Some(" a\nb c\n"));
    }
}
