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

    /// Closes the block collections that are indented deeper than a column.
    pub(super) fn close_blocks(&mut self, column: isize) {
        if self.flow > 0 {
            return;
        }
        let at = self.cursor.at();
        while self.indent > column {
            self.queue.push_back(Token::new(Kind::BlockEnd, at, at));
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
