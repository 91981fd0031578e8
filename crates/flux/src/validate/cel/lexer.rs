//! Words of an expression.

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Int(i64),
    /// `&&`, `(` and the like.
    Sign(&'static str),
}

/// Longer ones are before their beginnings.
const SIGNS: [&str; 20] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ".", ",", "?", ":", "-", "+", "%"];

/// The words of an expression; `None` where something is none that is known.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                let (value, length) = string(rest, first)?;
                tokens.push(Token::Text(value));
                length
            }
            '0'..='9' => {
                let length = rest.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(rest.len());
                // `1.5`, `0x1` and `1u` are not read.
                let is_float = rest.get(length..).is_some_and(|after| after.starts_with('.'));
                tokens.push(Token::Int(rest.get(..length)?.parse().ok().filter(|_| !is_float)?));
                length
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
                let length = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
                // `r'…'` and `b'…'` are not read.
                let is_prefix = rest.get(length..).is_some_and(|after| after.starts_with(['\'', '"']));
                tokens.push(Token::Name(rest.get(..length).filter(|_| !is_prefix)?.to_owned()));
                length
            }
            _ => {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
                tokens.push(Token::Sign(sign));
                sign.len()
            }
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

/// A string at the start of a text, and how long it is with its quotes.
fn string(text: &str, quote: char) -> Option<(String, usize)> {
    let (mut value, mut is_escaped) = (String::new(), false);
    for (index, it) in text.char_indices().skip(1) {
        match it {
            _ if is_escaped => {
                value.push(match it {
                    '\\' | '\'' | '"' | '?' | '`' => it,
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    _ => return None,
                });
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '\n' => return None,
            it if it == quote => return Some((value, index + 1)),
            it => value.push(it),
        }
    }
    None
}
