//! A set of steps of the web, a bit for each: roots may reach many, and many roots the same.

/// Positions of steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps(Vec<u64>);

impl Steps {
    /// Adds a step; whether it is new.
    pub(super) fn insert(&mut self, step: usize) -> bool {
        let (word, bit) = (step / 64, 1 << (step % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let is_new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        is_new
    }

    /// Adds the steps of another set.
    pub(super) fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    pub(super) fn contains(&self, step: usize) -> bool {
        self.0.get(step / 64).is_some_and(|word| word & (1 << (step % 64)) != 0)
    }

    /// In their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(index, word)| {
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| index * 64 + bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_is_added() {
        let (mut left, mut right) = (Steps::default(), Steps::default());
        assert!(left.insert(3) && left.insert(64) && !left.insert(3));
        assert!(right.insert(200));
        right.add(&left);
        assert_eq!(right.iter().collect::<Vec<_>>(), [3, 64, 200]);
        assert!(right.contains(64) && !right.contains(65) && !left.contains(200));
    }
}
