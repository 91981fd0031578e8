//! Patterns of the tables, compiled once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use regex::Regex;

type Compiled = HashMap<String, Option<Arc<Regex>>>;

/// Whether a text matches a pattern somewhere; `None` for a pattern that is none.
pub(crate) fn matches(pattern: &str, text: &str) -> Option<bool> {
    static COMPILED: OnceLock<Mutex<Compiled>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Mutex::default);
    let regex = {
        let mut compiled = compiled.lock().unwrap_or_else(PoisonError::into_inner);
        match compiled.get(pattern) {
            Some(known) => known.clone(),
            None => {
                let made = Regex::new(pattern).ok().map(Arc::new);
                compiled.insert(pattern.to_owned(), made.clone());
                made
            }
        }
    };
    regex.map(|regex| regex.is_match(text))
}

/// Whether a text is a duration as the schemas of Flux have it: numbers, each with a unit.
pub(super) fn is_duration(text: &str, units: &[&str]) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = |text: &str| text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let whole = digits(rest);
        if whole == 0 {
            return false;
        }
        rest = &rest[whole..];
        if let Some(fraction) = rest.strip_prefix('.') {
            let count = digits(fraction);
            if count == 0 {
                return false;
            }
            rest = &fraction[count..];
        }
        // `ms` is before `m` in the list.
        let Some(next) = units.iter().find_map(|unit| rest.strip_prefix(unit)) else { return false };
        rest = next;
    }
    !text.is_empty()
}

/// A time of the day and its offset, as the API server reads it.
const TIME: &str = r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})$";

/// Whether a text is a date and a time as RFC 3339 has them.
pub(super) fn is_time(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some((date, time)) = lower.split_once('t') else { return false };
    let parts: Vec<&str> = date.split('-').collect();
    let is_number = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| part.parse::<u32>().unwrap_or_default();
    let [year, month, day] = parts.as_slice() else { return false };
    let is_date = is_number(year, 4) && is_number(month, 2) && is_number(day, 2);
    is_date && (1..=12).contains(&number(month)) && (1..=31).contains(&number(day)) && matches(TIME, time) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for text in ["1h", "1h30m", "1.5h", "10ms", "1m10ms", "0s"] {
            assert!(is_duration(text, &["ms", "s", "m", "h"]), "{text}");
        }
        for text in ["", "1", "h", "1d", "1h ", "-1h", "1.h", ".5h", "1h5", "1 h"] {
            assert!(!is_duration(text, &["ms", "s", "m", "h"]), "{text}");
        }
        assert!(!is_duration("1h", &["ms", "s", "m"]));
    }

    #[test]
    fn times_are_dates_with_an_offset() {
        for text in ["2026-01-31T12:00:00Z", "2026-01-31t12:00:00.5z", "2026-12-01T00:00:00+02:00"] {
            assert!(is_time(text), "{text}");
        }
        for text in ["", "2026-01-31", "2026-13-31T12:00:00Z", "2026-01-31T12:00:00", "text", "26-01-31T12:00:00Z"] {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn a_pattern_that_is_none_says_nothing() {
        assert_eq!(matches("^[", "a"), None);
        assert_eq!((matches("^a", "ab"), matches("^a", "b")), (Some(true), Some(false)));
    }
}
