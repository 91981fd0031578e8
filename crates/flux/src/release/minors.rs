//! The minor releases of Flux, and which of them are supported.

use super::Minor;

/// The day on which the tables of this module were true (facts-2026-11; release notes of flux2 and of the controllers).
pub const AS_OF: &str = "2026-11-30";

/// How many minors upstream supports: the newest ones.
const SUPPORTED: usize = 3;

/// A minor release of Flux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FluxMinor {
    pub minor: Minor,
    /// The month of its first release, as `2026-02`.
    pub released: &'static str,
}

/// All minors that are known, the oldest first.
pub const MINORS: [FluxMinor; 11] = [
    FluxMinor::new(0, "2023-07"),
    FluxMinor::new(1, "2023-08"),
    FluxMinor::new(2, "2023-12"),
    FluxMinor::new(3, "2024-05"),
    FluxMinor::new(4, "2024-09"),
    FluxMinor::new(5, "2025-02"),
    FluxMinor::new(6, "2025-05"),
    FluxMinor::new(7, "2025-09"),
    FluxMinor::new(8, "2026-02"),
    FluxMinor::new(9, "2026-06"),
    FluxMinor::new(10, "2026-10"),
];

impl FluxMinor {
    const fn new(minor: u32, released: &'static str) -> Self {
        Self { minor: (2, minor), released }
    }

    /// The entry of a minor; `None` for one that is not known.
    pub fn of(minor: Minor) -> Option<Self> {
        MINORS.into_iter().find(|it| it.minor == minor)
    }

    /// The month in which upstream stopped to support it: that of the release that pushed it out. `None` while it is
    /// supported.
    pub fn supported_until(self) -> Option<&'static str> {
        let index = MINORS.iter().position(|it| it.minor == self.minor)?;
        MINORS.get(index + SUPPORTED).map(|it| it.released)
    }
}

#[cfg(test)]
mod tests {
    use super::super::NEWEST;
    use super::*;

    #[test]
    fn the_three_newest_minors_are_supported() {
        let supported = MINORS.iter().filter(|it| it.supported_until().is_none()).map(|it| it.minor);
        assert_eq!(supported.collect::<Vec<_>>(), [(2, 8), (2, 9), (2, 10)]);
        assert_eq!(MINORS.last().map(|it| it.minor), Some(NEWEST));
        assert_eq!(FluxMinor::of((2, 7)).and_then(FluxMinor::supported_until), Some("2026-10"));
        assert_eq!(FluxMinor::of((2, 11)), None);
        assert!(MINORS.is_sorted_by_key(|it| (it.minor, it.released)) && MINORS[10].released < AS_OF);
    }
}
