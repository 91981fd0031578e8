//! Line breaks inside a scalar, and what they become.

/// The breaks between two lines of text.
#[derive(Default)]
pub(super) struct Breaks {
    first: Option<char>,
    rest: String,
}

impl Breaks {
    pub(super) fn push(&mut self, c: char) {
        match self.first {
            None => self.first = Some(c),
            Some(_) => self.rest.push(c),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none() && self.rest.is_empty()
    }

    /// A break that an escape took: it stands for nothing, and the next ones for themselves.
    pub(super) fn push_rest(&mut self, c: char) {
        self.rest.push(c);
    }

    /// One line feed becomes a blank, of several the first one goes; separators stay.
    pub(super) fn fold_into(&mut self, text: &mut String) {
        match self.first.take() {
            Some('\n') if self.rest.is_empty() => text.push(' '),
            Some('\n') | None => text.push_str(&self.rest),
            Some(separator) => {
                text.push(separator);
                text.push_str(&self.rest);
            }
        }
        self.rest.clear();
    }
}
