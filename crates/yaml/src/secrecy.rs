//! How much of a text comes from Secrets, and what is left of that where the text is cut.

use std::ops::Range;
use std::sync::Arc;

use super::Text;

/// What stands for a text that must not be shown.
pub const MARK: &str = "…";

/// How much of a scalar's text comes from Secrets and must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// All of it.
    Whole,
    /// These texts in it. Where none of them can be found any more (something has changed them since), all of it.
    Parts(Arc<[Text]>),
}

impl Secrecy {
    /// These texts, without empty ones; `None` where nothing is left.
    pub fn of_parts(parts: impl IntoIterator<Item = Text>) -> Option<Self> {
        let mut parts: Vec<Text> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
        parts.sort();
        parts.dedup();
        (!parts.is_empty()).then(|| Self::Parts(parts.into()))
    }

    /// The texts in a text that must not be shown.
    pub fn texts<'t>(&'t self, text: &'t str) -> Vec<&'t str> {
        let Self::Parts(parts) = self else { return vec![text] };
        let found: Vec<&str> = parts.iter().map(|part| &**part).filter(|part| text.contains(part)).collect();
        if found.is_empty() { vec![text] } else { found }
    }

    /// What is left of it where only a range of the text is taken.
    pub fn cut(&self, text: &str, range: Range<usize>) -> Option<Self> {
        let Self::Parts(_) = self else { return Some(Self::Whole) };
        let places = self.texts(text).into_iter().flat_map(|part| text.match_indices(part));
        let touched = places.filter_map(|(start, part)| {
            let (start, end) = (start.max(range.start), (start + part.len()).min(range.end));
            text.get(start..end).filter(|piece| !piece.is_empty()).map(Text::from)
        });
        Self::of_parts(touched)
    }
}

/// A message without what it quotes: its text is in no tree that would know what of it is secret. `keeps` says which
/// quotations may stay.
pub fn without_quotations(message: &str, keeps: &dyn Fn(&str) -> bool) -> String {
    let pieces = message.split('`').enumerate();
    let shown = pieces.map(|(index, piece)| if index % 2 == 0 || keeps(piece) { piece } else { MARK });
    shown.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(parts: &[&str]) -> Secrecy {
        Secrecy::of_parts(parts.iter().copied().map(Text::from)).unwrap()
    }

    #[test]
    fn parts_that_are_gone_make_all_of_it_secret() {
        assert_eq!(parts(&["b", "c"]).texts("abc"), ["b", "c"]);
        assert_eq!(parts(&["b"]).texts("aBc"), ["aBc"]);
        assert_eq!(Secrecy::Whole.texts("abc"), ["abc"]);
        assert_eq!(Secrecy::of_parts([Text::from(" ")]), None);
    }

    #[test]
    fn quotations_are_taken_out_of_messages() {
        let shown = without_quotations("`*hush` has no `b`: `c", &|piece| piece == "b");
        assert_eq!(shown, "`…` has no `b`: `…");
    }

    #[test]
    fn a_cut_keeps_what_it_touches() {
        let secret = parts(&["hush"]);
        assert_eq!(secret.cut("a-hush-b", 0..1), None);
        assert_eq!(secret.cut("a-hush-b", 0..4), Some(parts(&["hu"])));
        assert_eq!(secret.cut("a-hush-b", 2..8), Some(parts(&["hush"])));
        assert_eq!(Secrecy::Whole.cut("hush", 0..1), Some(Secrecy::Whole));
    }
}
