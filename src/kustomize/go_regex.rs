//! Go's regular expressions in the words of the `regex` crate: the same family, but Go takes some brackets literally.

/// The expression with what only Go takes literally escaped: a `{` that starts no repetition (`${name}`), a `[` in a class.
pub(super) fn translated(go: &str) -> String {
    let mut out = String::with_capacity(go.len() + 8);
    let mut rest = go;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' => {
                let len = 1 + behind.chars().next().map_or(0, char::len_utf8);
                out.push_str(rest.get(..len).unwrap_or(rest));
                rest = rest.get(len..).unwrap_or_default();
                continue;
            }
            '[' if in_class && !behind.starts_with(':') => out.push_str("\\["),
            '&' | '~' | '-' if in_class && behind.starts_with(c) => {
                out.push('\\');
                out.push(c);
            }
            '{' if !in_class && !is_repetition(behind) => out.push_str("\\{"),
            _ => out.push(c),
        }
        if c == '[' && !in_class {
            in_class = true;
            // A `]` right behind the opening bracket, or behind `[^`, is literal.
            let negated = usize::from(behind.starts_with('^'));
            let literal = usize::from(behind.get(negated..).is_some_and(|class| class.starts_with(']')));
            out.push_str(behind.get(..negated).unwrap_or_default());
            out.push_str(if literal == 1 { "\\]" } else { "" });
            rest = behind.get(negated + literal..).unwrap_or_default();
            continue;
        }
        if c == ']' {
            in_class = false;
        }
        rest = behind;
    }
    out
}

/// `3}`, `3,}` or `3,5}`
fn is_repetition(text: &str) -> bool {
    let Some((inner, _)) = text.split_once('}') else { return false };
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_without_a_repetition_are_literal() {
        assert_eq!(translated("${cluster}-a{2,}"), "$\\{cluster}-a{2,}");
    }

    #[test]
    fn brackets_in_classes_are_literal() {
        assert_eq!(translated("[[]x[^]a][[:alpha:]]{"), "[\\[]x[^\\]a][[:alpha:]]\\{");
    }
}
