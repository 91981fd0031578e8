//! How much a report says.

/// `-q`, nothing, or `-v`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Findings only.
    Quiet,
    /// Also what was not judged, and what was checked; long lists shortened.
    #[default]
    Normal,
    /// All of it.
    Verbose,
}

impl Detail {
    /// Whether what was not judged is shown.
    pub(super) fn shows_notes(self) -> bool {
        self > Self::Quiet
    }

    /// How much of a list is shown that is shortened to `most`.
    pub(super) fn most(self, most: usize) -> usize {
        if self == Self::Verbose { usize::MAX } else { most }
    }
}
