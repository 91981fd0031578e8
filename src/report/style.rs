//! How text for people looks.

/// How the human format looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub colour: bool,
    /// Source lines that are longer are cut.
    pub width: usize,
    /// Draw with more than ASCII.
    pub unicode: bool,
}
