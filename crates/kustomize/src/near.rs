//! What was meant: known words near an unknown one.

/// Longer words are compared by their beginnings.
const MAX_WORD: usize = 64;

/// The known words near a word, nearest first, three at most. A word also stands for the ids that end in `/word`.
pub fn near<'a>(word: &str, known: &[&'a str]) -> Vec<&'a str> {
    let word = lower(word);
    let mut ranked: Vec<(usize, &str)> = known.iter().filter_map(|known| Some((rank(&word, known)?, *known))).collect();
    ranked.sort_unstable();
    ranked.dedup();
    // Where only the case differs, nothing else is meant.
    if ranked.first().is_some_and(|(edits, _)| *edits == 0) {
        ranked.retain(|(edits, _)| *edits == 0);
    }
    ranked.into_iter().take(3).map(|(_, known)| known).collect()
}

/// The name that a word is a typo of: at most one edit in four letters of it. A difference in case alone is one.
pub fn typo_of<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let edits = |name: &str| match word.eq_ignore_ascii_case(name) {
        true => usize::from(word != name),
        false => edit_distance(word, name),
    };
    let near = known.iter().map(|name| (edits(name), *name)).filter(|(edits, name)| *edits * 4 <= name.len());
    near.min().filter(|_| !known.contains(&word)).map(|(_, name)| name)
}

/// `did you mean …?`, if something is near.
pub fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    let near: Vec<String> = near(word, known).iter().map(|known| format!("`{known}`")).collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

/// How many edits lead from one to the other; `None` where these are too many for a typo.
fn rank(word: &str, known: &str) -> Option<usize> {
    let name = known.split_once('/').map_or(known, |(_, name)| name);
    let candidates = if word.contains('/') { vec![known] } else { vec![known, name] };
    let edits = candidates.into_iter().map(|candidate| edit_distance(word, &lower(candidate))).min()?;
    (edits <= (word.chars().count() / 3).max(1)).then_some(edits)
}

/// The number of edits between two words: letters that are left out, added, exchanged or swapped with the next one.
pub fn edit_distance(left: &str, right: &str) -> usize {
    strsim::osa_distance(left, right)
}

/// The same where it is at most this many; most pairs of words are told apart by their letters alone.
pub fn edits_within(left: &str, right: &str, most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most * 4 || missing_letters(left, right) > most {
        return None;
    }
    Some(edit_distance(left, right)).filter(|edits| *edits <= most)
}

/// How many letters one of the words has that the other lacks, the longer way: each costs an edit. Letters that are no
/// ASCII are not counted.
fn missing_letters(left: &str, right: &str) -> usize {
    let mut counts = [0_i32; 128];
    let mut add = |word: &str, one: i32| {
        let letters = word.bytes().map(usize::from);
        letters.for_each(|letter| counts.get_mut(letter).into_iter().for_each(|count| *count += one));
    };
    add(left, 1);
    add(right, -1);
    let more = |sign: i32| counts.iter().map(|count| (count * sign).max(0) as usize).sum::<usize>();
    more(1).max(more(-1))
}

fn lower(word: &str) -> String {
    word.chars().take(MAX_WORD).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_changes_nothing_within_it() {
        let words = ["", "a", "ab", "ba", "abc", "acb", "äb", "äbc", "tenant-1", "tenant-12", "tenant-21", "xyz"];
        for (left, right) in words.iter().flat_map(|left| words.iter().map(move |right| (left, right))) {
            let edits = edit_distance(left, right);
            assert_eq!(edits_within(left, right, 2), Some(edits).filter(|edits| *edits <= 2), "{left} {right}");
        }
    }

    #[test]
    fn finds_slips_and_bare_names() {
        let known = ["rules", "sources", "tokens", "sources/plain-http", "rbac/wildcard-rule", "rbac"];
        assert_eq!(near("source", &known), ["sources"]);
        assert_eq!(near("tokesn", &known), ["tokens"]);
        assert_eq!(near("plain-http", &known), ["sources/plain-http"]);
        assert_eq!(near("rbac/wildcrad-rule", &known), ["rbac/wildcard-rule"]);
        assert_eq!(near("Rulse", &known), ["rules"]);
        assert_eq!(near("Deployment.yml", &["Deployment.yaml", "service.yaml"]), ["Deployment.yaml"]);
        assert_eq!(near("GitHub", &["gitlab", "github"]), ["github"]);
        assert_eq!(near("profile", &known), [""; 0]);
        assert_eq!(did_you_mean("x", &known), None);
        assert_eq!(did_you_mean("rbca", &known).as_deref(), Some("did you mean `rbac`?"));
    }
}
