//! Kubernetes label selectors in their text form: `a=b,c!=d,e in (x,y),!f,g`.

use fleetlint_yaml::Node;

/// What labels must be like; all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requirements {
    all: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
    Greater(i64),
    Less(i64),
}

impl Requirements {
    /// Reads a selector; an empty one asks for nothing.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text);
        let mut parser = Parser { tokens: &tokens, at: 0 };
        let mut all = Vec::new();
        while !parser.is_at_end() {
            all.push(parser.requirement()?);
            match parser.next() {
                None => break,
                Some(",") if !parser.is_at_end() => {}
                Some(",") => {
                    return Err("it ends after a `,`: a key is missing, or the `,` is superfluous".to_owned());
                }
                Some(found) => return Err(format!("found `{found}`, expected `,` before the next key")),
            }
        }
        Ok(Self { all })
    }

    /// Whether a map of labels or annotations is as required.
    pub(super) fn are_met_by(&self, labels: Option<&Node>) -> bool {
        self.all.iter().all(|requirement| requirement.is_met_by(labels))
    }
}

impl Requirement {
    fn is_met_by(&self, labels: Option<&Node>) -> bool {
        let value = labels.and_then(|labels| labels.get(&self.key)).map(|value| value.text().unwrap_or_default());
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match &self.test {
            Test::Exists => value.is_some(),
            Test::Missing => value.is_none(),
            Test::In(values) => value.is_some_and(|value| values.iter().any(|wanted| wanted == value)),
            Test::NotIn(values) => value.is_none_or(|value| !values.iter().any(|wanted| wanted == value)),
            Test::Greater(bound) => number().is_some_and(|number| number > *bound),
            Test::Less(bound) => number().is_some_and(|number| number < *bound),
        }
    }
}

struct Parser<'a> {
    tokens: &'a [&'a str],
    at: usize,
}

impl<'a> Parser<'a> {
    fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn next(&mut self) -> Option<&'a str> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let is_negated = self.peek() == Some("!");
        if is_negated {
            self.next();
        }
        let key = self.word()?;
        check_key(key)?;
        let key = key.to_owned();
        if is_negated {
            return Ok(Requirement { key, test: Test::Missing });
        }
        let test = match self.peek() {
            None | Some(",") => return Ok(Requirement { key, test: Test::Exists }),
            Some(operator) => {
                self.next();
                self.test(operator)?
            }
        };
        Ok(Requirement { key, test })
    }

    fn test(&mut self, operator: &str) -> Result<Test, String> {
        match operator {
            "=" | "==" => Ok(Test::In(vec![self.exact_value()?])),
            "!=" => Ok(Test::NotIn(vec![self.exact_value()?])),
            "in" => Ok(Test::In(self.values()?)),
            "notin" => Ok(Test::NotIn(self.values()?)),
            ">" | "<" => {
                let value = self.exact_value()?;
                let bound =
                    value.parse().map_err(|_| format!("`{operator}` needs an integer after it, not `{value}`"))?;
                Ok(if operator == ">" { Test::Greater(bound) } else { Test::Less(bound) })
            }
            other => Err(format!("found `{other}`, expected an operator")),
        }
    }

    fn word(&mut self) -> Result<&'a str, String> {
        match self.next() {
            Some(word) if !is_symbol(word) => Ok(word),
            Some(found) => Err(format!("found `{found}`, expected a word")),
            None => Err("it ends where a word is expected".to_owned()),
        }
    }

    /// One value; nothing at all is the empty value.
    fn exact_value(&mut self) -> Result<String, String> {
        if matches!(self.peek(), None | Some(",")) {
            return Ok(String::new());
        }
        let value = self.word()?;
        check_value(value)?;
        Ok(value.to_owned())
    }

    /// `(x, y)`; an empty place between commas is the empty value.
    fn values(&mut self) -> Result<Vec<String>, String> {
        if self.next() != Some("(") {
            return Err("expected `(` after `in` or `notin`".to_owned());
        }
        let mut values = Vec::new();
        loop {
            match self.peek() {
                Some("," | ")") => values.push(String::new()),
                _ => {
                    let value = self.word()?;
                    check_value(value)?;
                    values.push(value.to_owned());
                }
            }
            match self.next() {
                Some(")") => return Ok(values),
                Some(",") => {}
                _ => return Err("expected `,` or `)` in a list of values".to_owned()),
            }
        }
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            ',' | '(' | ')' => 1,
            '=' | '!' | '<' | '>' => rest.len() - rest.trim_start_matches(['=', '!', '<', '>']).len(),
            _ => rest.find(|c: char| is_special(c) || c.is_ascii_whitespace()).unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(len.min(rest.len()));
        tokens.push(token);
        rest = behind.trim_start();
    }
    tokens
}

fn is_special(c: char) -> bool {
    matches!(c, ',' | '(' | ')' | '=' | '!' | '<' | '>')
}

fn is_symbol(token: &str) -> bool {
    token.starts_with(is_special)
}

/// `prefix/name`: a DNS subdomain and a name.
fn check_key(key: &str) -> Result<(), String> {
    let (prefix, name) = key.rsplit_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let is_domain = |prefix: &str| {
        prefix.len() <= 253
            && prefix.split('.').all(|part| {
                let bytes = part.as_bytes();
                let is_end =
                    |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
                is_end(bytes.first())
                    && is_end(bytes.last())
                    && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
            })
    };
    if name.is_empty() || !is_name(name) || !prefix.is_none_or(is_domain) {
        return Err(format!("`{key}` is not a label key: {NAME}, after an optional domain and `/`"));
    }
    Ok(())
}

/// What [`is_name`] asks for.
const NAME: &str = "at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends";

fn check_value(value: &str) -> Result<(), String> {
    if value.is_empty() || is_name(value) { Ok(()) } else { Err(format!("`{value}` is not a label value: {NAME}")) }
}

fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    bytes.len() <= 63
        && is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
