//! Which tag a range of versions picks: the ranges of Go's `Masterminds/semver`, which source-controller reads.

use std::cmp::Ordering;

/// The tag with the highest version in a range; of tags with equal versions the last by name. `Err` if the range is
/// none. Tags are versions if they have all three numbers; a `v` may be before them.
pub(super) fn highest<'a>(range: &str, tags: impl IntoIterator<Item = &'a str>) -> Result<Option<&'a str>, NotARange> {
    let range = Range::parse(range)?;
    let versions = tags.into_iter().filter_map(|tag| Some((Version::parse(tag)?, tag)));
    let matching = versions.filter(|(version, _)| range.contains(version));
    Ok(matching.max().map(|(_, tag)| tag))
}

/// The text is not a version range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotARange;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    numbers: [u64; 3],
    prerelease: Prerelease,
}

/// The identifiers of a prerelease; a release has none and comes after all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Prerelease(Vec<Identifier>);

/// Numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

impl Ord for Prerelease {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.is_empty().cmp(&other.0.is_empty()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Prerelease {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Prerelease {
    fn parse(text: &str) -> Option<Self> {
        let identifier = |text: &str| {
            let is_valid = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            is_valid.then(|| text.parse().map_or_else(|_| Identifier::Word(text.to_owned()), Identifier::Number))
        };
        text.split('.').map(identifier).collect::<Option<_>>().map(Self)
    }
}

impl Version {
    fn parse(tag: &str) -> Option<Self> {
        let partial = Partial::parse(tag)?;
        let numbers = tag.split(['-', '+']).next().unwrap_or_default().trim_start_matches('v');
        let has_leading_zero = numbers.split('.').any(|number| number.len() > 1 && number.starts_with('0'));
        (partial.precision == 3 && !has_leading_zero).then_some(partial.version)
    }
}

/// A version of which only the first numbers may be given; the others are 0.
#[derive(Clone, Debug)]
struct Partial {
    version: Version,
    /// How many numbers are given: none in `*`, one in `1` and `1.x`.
    precision: usize,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        if let Some(build) = build {
            Prerelease::parse(build)?;
        }
        let (numbers, prerelease) = text.split_once('-').map_or((text, None), |(text, rest)| (text, Some(rest)));
        let prerelease = prerelease.map_or(Some(Prerelease(Vec::new())), Prerelease::parse)?;
        let mut version = Version { numbers: [0; 3], prerelease };
        let mut precision = 0;
        let mut is_open = false;
        for (index, number) in numbers.split('.').enumerate() {
            let slot = version.numbers.get_mut(index)?;
            is_open = is_open || matches!(number, "x" | "X" | "*");
            if is_open && !matches!(number, "x" | "X" | "*") {
                // `1.x.3`: what follows a wildcard must be a number and means nothing.
                number.parse::<u64>().ok()?;
            } else if !is_open {
                let is_digits = number.bytes().all(|byte| byte.is_ascii_digit());
                *slot = number.parse().ok().filter(|_| is_digits)?;
                precision += 1;
            }
        }
        Some(Self { version, precision })
    }
}

/// Alternatives, each of comparisons that must all hold.
struct Range(Vec<Vec<Comparison>>);

struct Comparison {
    operator: Operator,
    bound: Partial,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Tilde,
    Caret,
}

impl Range {
    fn parse(text: &str) -> Result<Self, NotARange> {
        text.split("||").map(parse_all_of).collect::<Result<_, _>>().map(Self)
    }

    fn contains(&self, version: &Version) -> bool {
        self.0.iter().any(|all_of| {
            // Prereleases are for those who ask for one.
            let wants_prereleases = all_of.iter().any(|one| !one.bound.version.prerelease.0.is_empty());
            (version.prerelease.0.is_empty() || wants_prereleases) && all_of.iter().all(|one| one.holds(version))
        })
    }
}

/// Comparisons separated by blanks or commas; `1.2 - 2.3` is two. No text at all is `*`.
fn parse_all_of(text: &str) -> Result<Vec<Comparison>, NotARange> {
    let mut found: Vec<Comparison> = Vec::new();
    let mut rest = text.trim();
    if rest.is_empty() {
        rest = "*";
    }
    while !rest.is_empty() {
        let is_end_of_range = strip_hyphen(rest).is_some();
        rest = strip_hyphen(rest).unwrap_or(rest);
        let (operator, after) = split_operator(rest).ok_or(NotARange)?;
        let (bound, after) = split_version(after.trim_start());
        let mut operator = operator.unwrap_or(Operator::Equal);
        if is_end_of_range {
            let start = found.last_mut().filter(|start| start.operator == Operator::Equal).ok_or(NotARange)?;
            start.operator = Operator::GreaterOrEqual;
            operator = Operator::LessOrEqual;
        }
        found.push(Comparison { operator, bound: Partial::parse(bound).ok_or(NotARange)? });
        rest = after.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = Some(after.trim_start()).filter(|after| !after.is_empty()).ok_or(NotARange)?;
        }
    }
    Ok(found)
}

/// What follows a hyphen that stands alone.
fn strip_hyphen(text: &str) -> Option<&str> {
    text.strip_prefix('-').filter(|rest| rest.starts_with(char::is_whitespace)).map(str::trim_start)
}

/// The operator before a version; `None` inside if there is none.
fn split_operator(text: &str) -> Option<(Option<Operator>, &str)> {
    let end = text.find(|character| !"=!<>~^".contains(character)).unwrap_or(text.len());
    let (operator, rest) = text.split_at(end);
    let operator = match operator {
        "" => None,
        "=" => Some(Operator::Equal),
        "!=" => Some(Operator::NotEqual),
        ">" => Some(Operator::Greater),
        ">=" | "=>" => Some(Operator::GreaterOrEqual),
        "<" => Some(Operator::Less),
        "<=" | "=<" => Some(Operator::LessOrEqual),
        "~" | "~>" => Some(Operator::Tilde),
        "^" => Some(Operator::Caret),
        _ => return None,
    };
    Some((operator, rest))
}

fn split_version(text: &str) -> (&str, &str) {
    let ends = |character: char| character.is_whitespace() || ",=!<>~^".contains(character);
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

impl Comparison {
    fn holds(&self, version: &Version) -> bool {
        let (bound, precision) = (&self.bound.version, self.bound.precision);
        let given = |version: &Version| version.numbers.get(..precision).map(<[u64]>::to_vec);
        let is_whole = precision == 3;
        match self.operator {
            Operator::Equal if is_whole => version == bound,
            Operator::NotEqual if is_whole => version != bound,
            Operator::NotEqual => given(version) != given(bound),
            // `>1.2` is above all of 1.2, `<=1.2` includes all of it.
            Operator::Greater if is_whole || precision == 0 => version > bound,
            Operator::Greater => given(version) > given(bound),
            Operator::GreaterOrEqual => version >= bound,
            Operator::Less => version < bound,
            Operator::LessOrEqual if is_whole => version <= bound,
            Operator::LessOrEqual => given(version) <= given(bound),
            Operator::Equal | Operator::Tilde => version >= bound && same_first(version, bound, self.tilde_numbers()),
            Operator::Caret => version >= bound && same_first(version, bound, self.caret_numbers()),
        }
    }

    /// `~1.2.3` keeps two numbers, `~1` one; `~0.0.0` is anything.
    fn tilde_numbers(&self) -> usize {
        if self.bound.precision == 3 && self.bound.version.numbers == [0; 3] { 0 } else { self.bound.precision.min(2) }
    }

    /// `^` keeps everything up to the first number that is not 0.
    fn caret_numbers(&self) -> usize {
        let leading_zeros = self.bound.version.numbers.iter().take_while(|&&number| number == 0).count();
        (leading_zeros + 1).min(self.bound.precision)
    }
}

fn same_first(version: &Version, bound: &Version, count: usize) -> bool {
    version.numbers.get(..count) == bound.numbers.get(..count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAGS: &[&str] = &[
        "v0.0.3",
        "0.2.3",
        "v0.2.9",
        "0.3.0",
        "1.0.0",
        "v1.2.0",
        "1.2.9",
        "v1.9.9",
        "2.0.0-rc.2",
        "2.0.0-rc.10",
        "v2.0.0",
        "2.1.0-alpha",
        "v3",
        "latest",
        "v01.2.3",
        "1.2.3.4",
        "10.0.0-x",
        "v1.2.9-beta.1",
    ];

    #[test]
    fn picks_the_highest_tag_in_the_range() {
        let cases: &[(&str, Option<&str>)] = &[
            ("*", Some("v2.0.0")),
            ("", Some("v2.0.0")),
            ("x", Some("v2.0.0")),
            ("1.x", Some("v1.9.9")),
            ("1", Some("v1.9.9")),
            ("v1.2.x", Some("1.2.9")),
            ("1.2", Some("1.2.9")),
            ("=1.2.0", Some("v1.2.0")),
            ("1.2.1", None),
            (">=1.0.0 <2.0.0", Some("v1.9.9")),
            (">= 1.0.0, < 1.9.0", Some("1.2.9")),
            (">=1.0.0<1.9.0", Some("1.2.9")),
            ("=>0.2.3 =<1.0.0", Some("1.0.0")),
            (">1.2 <2.0.0", Some("v1.9.9")),
            (">1.9", Some("v2.0.0")),
            (">2", None),
            ("<=1.2", Some("1.2.9")),
            ("<=1", Some("v1.9.9")),
            ("~1.2", Some("1.2.9")),
            ("~>1.2.1", Some("1.2.9")),
            ("~1", Some("v1.9.9")),
            ("~0.0.0", Some("v2.0.0")),
            ("^1", Some("v1.9.9")),
            ("^1.2.1", Some("v1.9.9")),
            ("^0.2.4", Some("v0.2.9")),
            ("^0.2", Some("v0.2.9")),
            ("^0", Some("0.3.0")),
            ("^0.0.3", Some("v0.0.3")),
            ("^0.0.2", None),
            ("1.0.0 - 1.5", Some("1.2.9")),
            ("0.2.3 - 0.2.9 || 1.0.0", Some("1.0.0")),
            ("9.x || 0.x", Some("0.3.0")),
            (">=1.0.0 !=2.0.0", Some("v1.9.9")),
            ("!=2.x", Some("v1.9.9")),
            (">=2.0.0-rc.1 <2.0.0", Some("2.0.0-rc.10")),
            ("~2.1.0-0", Some("2.1.0-alpha")),
            (">=1.0.0-0", Some("10.0.0-x")),
            ("*-0", Some("10.0.0-x")),
            ("<1.2.9-rc", Some("v1.2.9-beta.1")),
        ];
        for (range, expected) in cases {
            assert_eq!(highest(range, TAGS.iter().copied()), Ok(*expected), "`{range}`");
        }
    }

    #[test]
    fn refuses_what_is_no_range() {
        for range in ["main", ">>1", "1.2.3.4", "1.", ">=", "1.0.0,", "1 - ", "- 1", "é", "1.0.0-", "||,"] {
            assert_eq!(highest(range, []), Err(NotARange), "`{range}`");
        }
    }
}
