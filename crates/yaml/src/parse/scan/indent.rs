//! Block collections open and close by the columns of their lines.

use super::{Kind, Mark, Mistake, Result, Scanner, Token};

impl Scanner<'_> {
    /// Opens a block collection at the place, if it is indented deeper than the one around it.
    pub(super) fn start_block(&mut self, kind: Kind, otherwise: Mistake) -> Result<()> {
        if !self.keys.allowed {
            return Err(self.failure(otherwise));
        }
        self.open_block(self.cursor.mark(), None, kind);
        Ok(())
    }

    pub(super) fn open_block(&mut self, mark: Mark, place: Option<usize>, kind: Kind) {
        let column = isize::try_from(mark.column).unwrap_or(isize::MAX);
        if self.flow > 0 || self.indent >= column {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column;
        self.insert(place, Token::new(kind, mark.byte, mark.byte));
    }

    /// Closes the block collections that are indented deeper than a column; `from` is where the way to here began.
    pub(super) fn close_blocks(&mut self, column: isize, from: usize) {
        if self.flow > 0 {
            return;
        }
        let at = self.cursor.at();
        let mut reach = from.saturating_sub(1);
        while self.indent > column {
            reach = self.reach_of_end(reach);
            self.queue.push_back(Token { reach, ..Token::new(Kind::BlockEnd, at, at) });
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
