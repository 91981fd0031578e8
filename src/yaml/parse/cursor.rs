//! Walks over what stands between scalars (indicators, properties, blanks) and collects the comments there.

/// A place in the text of a document. It only moves forward, over each scalar in one jump: what it walks over is structure.
pub(super) struct Cursor<'a> {
    source: &'a str,
    at: usize,
    /// Open brackets.
    depth: usize,
    /// Only blanks stand between the start of the line, or a `- ` or `? `, and here: go-yaml takes no tab there.
    indenting: bool,
    /// A plain scalar ended here: go-yaml reads the blanks behind it with other rules.
    behind_plain: bool,
    pub(super) comments: Vec<(usize, usize)>,
    /// The first tab that go-yaml does not accept.
    pub(super) tab: Option<usize>,
}

const MARKER: u8 = 0;

/// A token of the structure: one character, a property, an alias, a directive, or a document's marker.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) start: usize,
    /// Its first character; [`MARKER`] for `---` and `...`.
    pub(super) first: u8,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let comments = Vec::new();
        Self { source, at: 0, depth: 0, indenting: true, behind_plain: false, comments, tab: None }
    }

    /// The end of what was walked over.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Walks over structure up to `to`.
    pub(super) fn walk(&mut self, to: usize) {
        while self.token(to).is_some() {}
    }

    /// Jumps over a scalar or an alias that starts at `start`.
    pub(super) fn jump(&mut self, start: usize, end: usize, plain: bool) {
        self.walk(start);
        if end > start {
            self.at = self.at.max(end);
            self.indenting = false;
            self.behind_plain = plain;
        }
    }

    /// Walks up to the first token that `wanted` accepts, not over it. Without such a token nothing changes.
    pub(super) fn find(&mut self, to: usize, mut wanted: impl FnMut(Token) -> bool) -> Option<usize> {
        let before = (self.at, self.depth, self.indenting, self.behind_plain, self.comments.len(), self.tab);
        while let Some(token) = self.next(to) {
            if wanted(token) {
                return Some(token.start);
            }
            self.take(token);
        }
        (self.at, self.depth, self.indenting, self.behind_plain, _, self.tab) = before;
        self.comments.truncate(before.4);
        None
    }

    /// Walks over the next closing bracket.
    pub(super) fn close(&mut self) {
        if self.find(self.source.len(), |token| matches!(token.first, b']' | b'}')).is_some() {
            self.token(self.source.len());
        }
    }

    /// The end of an absent value: behind the indicator that asks for it, and behind its tag or anchor.
    pub(super) fn absent(&mut self, to: usize, indicators: &[u8], has_properties: bool) -> usize {
        if self.find(to, |token| indicators.contains(&token.first)).is_none() {
            // A key without `?` is absent where its `:` stands.
            self.walk(if indicators == b"?" { to.saturating_sub(1) } else { self.at });
            return self.at;
        }
        self.token(to);
        let mut end = self.at;
        while has_properties && self.find(to, |token| matches!(token.first, b'&' | b'!')).is_some() {
            self.token(to);
            end = self.at;
        }
        end
    }

    /// Walks over the next token that starts before `to`.
    fn token(&mut self, to: usize) -> Option<Token> {
        let token = self.next(to)?;
        self.take(token);
        Some(token)
    }

    /// The next token that starts before `to`; walks over the blanks and comments before it.
    fn next(&mut self, to: usize) -> Option<Token> {
        let bytes = self.source.as_bytes();
        while let Some(&first) = bytes.get(self.at).filter(|_| self.at < to) {
            match first {
                b'\n' | b'\r' => self.indenting = true,
                b'\t' => self.see_tab(),
                b' ' => {}
                b'#' if self.is_behind_blank() => {
                    self.comment();
                    continue;
                }
                _ if self.is_marker() => return Some(Token { start: self.at, first: MARKER }),
                _ => return Some(Token { start: self.at, first }),
            }
            self.at += 1;
        }
        None
    }

    fn see_tab(&mut self) {
        let refused = self.indenting && self.depth == 0 && (!self.behind_plain || self.is_line_start());
        if refused && self.tab.is_none() {
            self.tab = Some(self.at);
        }
    }

    fn is_line_start(&self) -> bool {
        self.at == 0 || self.source.as_bytes().get(self.at - 1) == Some(&b'\n')
    }

    fn is_marker(&self) -> bool {
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        self.is_line_start() && (rest.starts_with(b"---") || rest.starts_with(b"..."))
    }

    fn is_behind_blank(&self) -> bool {
        self.at == 0 || matches!(self.source.as_bytes().get(self.at - 1), Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn comment(&mut self) {
        let end = line_end(self.source, self.at);
        self.comments.push((self.at, end));
        self.at = end;
        self.behind_plain = false;
    }

    fn take(&mut self, token: Token) {
        let rest = self.source.as_bytes().get(token.start..).unwrap_or_default();
        match token.first {
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        let length = match token.first {
            b'&' | b'!' | b'*' => self.word(rest),
            MARKER => 3,
            b'%' if self.is_line_start() => line_end(self.source, token.start) - token.start,
            0x80.. => self.source.get(token.start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8),
            _ => 1,
        };
        self.at = token.start + length;
        self.behind_plain = false;
        self.indenting = self.depth == 0 && matches!(token.first, b'-' | b'?') && length == 1;
    }

    /// The length of an anchor, tag or alias.
    fn word(&self, rest: &[u8]) -> usize {
        let in_flow = self.depth > 0 && !rest.starts_with(b"!<");
        let ends = |&byte: &u8| {
            matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
                || (in_flow && matches!(byte, b',' | b'[' | b']' | b'{' | b'}'))
        };
        rest.iter().position(ends).unwrap_or(rest.len())
    }
}

/// The end of the line of an offset, without its break.
pub(super) fn line_end(source: &str, at: usize) -> usize {
    let bytes = source.as_bytes();
    bytes.iter().skip(at).position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |length| at + length)
}
