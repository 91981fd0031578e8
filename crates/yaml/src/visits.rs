//! How much of trees is looked at: what tests count instead of time. Only debug builds count.

use std::cell::Cell;

thread_local! {
    static VISITS: Cell<u64> = const { Cell::new(0) };
}

/// Counts a look at an entry, a scalar or an object.
#[inline]
pub fn visit() {
    if cfg!(debug_assertions) {
        VISITS.set(VISITS.get() + 1);
    }
}

/// The looks of this thread so far.
pub fn visits() -> u64 {
    VISITS.get()
}
