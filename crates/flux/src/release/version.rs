//! The Flux releases that a cluster may run, read from the texts that name them.

/// A minor release of Flux, as `(major, minor)`.
pub type Minor = (u32, u32);

/// The newest minor that fleetlint knows (facts-2026-11). Flux itself may be newer.
pub const NEWEST: Minor = (2, 10);

/// A release of Flux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    pub minor: Minor,
    pub patch: u32,
}

/// An inclusive range of minors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FluxVersion {
    pub oldest: Minor,
    pub newest: Minor,
    /// The patch release, where the version is one release and no range.
    pub patch: Option<u32>,
}

impl FluxVersion {
    /// Reads a release or a range: `2.7`, `2.7.x`, `2.x`, `v2.2.2`, `*`, `>=2.6.0`, `>=2.6 <2.9`, `2.6-2.9`. Of alternatives
    /// (`2.6.x || 2.8.x`) the range holds all. `None` for what is none of these, or is empty.
    pub fn parse(text: &str) -> Option<Self> {
        let alternatives: Option<Vec<Self>> = text.split("||").map(Self::all_of).collect();
        alternatives?.into_iter().reduce(|a, b| Self::range(a.oldest.min(b.oldest), a.newest.max(b.newest)))
    }

    /// Whether it is of Flux 2, whose releases before 2.0 are 0.1 to 0.41. Flux 1 is another product.
    pub fn is_of_flux_2(self) -> bool {
        self.oldest.0 == 2 || self.oldest > (0, 0) && self.oldest < (1, 0)
    }

    /// The release that a tag of an image or of an artifact, or the default of a chart names: `v2.7.1`, `2.x`. A digest
    /// after it does not count.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.split('@').next()?.trim();
        let number = tag.strip_prefix('v').unwrap_or(tag);
        number.starts_with(|first: char| first.is_ascii_digit()).then(|| Self::of_term(number)).flatten()
    }

    /// The release that the label `app.kubernetes.io/version` of a component of Flux names: `v2.7.1`.
    pub fn of_label(value: &str) -> Option<Self> {
        Self::of_tag(value).filter(|_| value.contains('.'))
    }

    /// The release that the address of Flux's own manifests names: `ghcr.io/fluxcd/flux-manifests:v2.7.0`, with or without
    /// `oci://`; `https://github.com/fluxcd/flux2/manifests/install?ref=v2.7.0`; `…/fluxcd/flux2/releases/download/v2.7.0/…`.
    pub fn of_address(address: &str) -> Option<Self> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if let Some((_, tag)) = path.rsplit('/').next()?.split_once("flux-manifests:") {
            return Self::of_tag(tag);
        }
        let (_, inside) = path.split_once("fluxcd/flux2")?;
        if inside.contains("/manifests/") {
            let reference = query.split('&').find_map(|field| field.strip_prefix("ref="))?;
            return Self::of_tag(reference);
        }
        Self::of_tag(inside.strip_prefix("/releases/download/")?.split('/').next()?)
    }

    /// `2.7`, `2.6-2.9`.
    pub fn shown(self) -> String {
        let minor = |(major, minor): Minor| format!("{major}.{minor}");
        match self.oldest == self.newest {
            true => minor(self.oldest),
            false => format!("{}-{}", minor(self.oldest), minor(self.newest)),
        }
    }

    /// The newest release in the range: of a range of patch releases the newest there may be.
    pub fn newest_release(self) -> Release {
        Release { minor: self.newest, patch: self.patch.unwrap_or(u32::MAX) }
    }

    fn range(oldest: Minor, newest: Minor) -> Self {
        Self { oldest, newest, patch: None }
    }

    /// Conditions that hold at once, with blanks or commas between them.
    fn all_of(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split([' ', ',', '\t']).filter(|word| !word.is_empty()).collect();
        if let [oldest, "-", newest] = words[..] {
            return Self::between(oldest, newest);
        }
        let mut terms: Vec<String> = Vec::new();
        for word in words {
            // `>= 2.6` is `>=2.6`.
            match terms.last_mut().filter(|term| term.ends_with(['<', '>', '=', '~', '^'])) {
                Some(operator) => operator.push_str(word),
                None => terms.push(word.to_owned()),
            }
        }
        let terms: Option<Vec<Self>> = terms.iter().map(|term| Self::of_term(term)).collect();
        // Of `>=2.6` and `<2.9` the bound that is written counts, not the newest release that is known.
        let joined = terms?.into_iter().reduce(|a, b| Self::range(a.oldest.max(b.oldest), a.newest.min(b.newest)))?;
        (joined.oldest <= joined.newest).then_some(joined)
    }

    fn between(oldest: &str, newest: &str) -> Option<Self> {
        let range = Self::range(Self::of_term(oldest)?.oldest, Self::of_term(newest)?.newest);
        (range.oldest <= range.newest).then_some(range)
    }

    /// A version, perhaps with an operator before it.
    fn of_term(term: &str) -> Option<Self> {
        let number = term.trim_start_matches(['<', '>', '=', '~', '^']);
        let operator = &term[..term.len() - number.len()];
        let number = number.strip_prefix('v').unwrap_or(number);
        if let Some((oldest, newest)) = number.split_once('-').filter(|_| operator.is_empty())
            && is_minor(oldest)
            && is_minor(newest)
        {
            return Self::between(oldest, newest);
        }
        let Version { major, minor, patch } = Version::parse(number)?;
        let lowest = (major, minor.unwrap_or(0));
        let highest = minor.map_or_else(|| NEWEST.max((major, 0)), |minor| (major, minor));
        Some(match operator {
            "" | "=" => Self { oldest: lowest, newest: highest, patch },
            "~" | "~>" => Self::range(lowest, highest),
            ">=" | "^" => Self::range(lowest, NEWEST.max(lowest)),
            ">" if patch.is_none() => {
                let next = minor.map_or((major + 1, 0), |minor| (major, minor + 1));
                Self::range(next, NEWEST.max(next))
            }
            ">" => Self::range(lowest, NEWEST.max(lowest)),
            "<=" => Self::range(FIRST.min(lowest), highest),
            "<" => Self::range(FIRST.min(lowest), below(lowest, patch)?),
            _ => return None,
        })
    }
}

/// Whether a range takes minors that are not released yet: `*`, `2.x`, `>=2.6`. What holds a variable may not.
pub fn is_unbounded(text: &str) -> bool {
    let is_open = |alternative: &str| {
        // `>= 2.6` is `>=2.6`: an operator alone is no version.
        let words =
            alternative.split([' ', ',', '\t']).filter(|word| !word.is_empty() && *word != ">" && *word != ">=");
        let words: Vec<&str> = words.collect();
        let has_operator = alternative.contains('>');
        let has_end =
            |word: &&str| word.starts_with('<') || *word == "-" || word.starts_with('~') && word.contains('.');
        let is_whole = |word: &&str| {
            let number = word.trim_start_matches(['=', 'v']);
            let mut parts = number.split('.');
            let is_any = |part: Option<&str>| part.is_none_or(|part| matches!(part, "*" | "x" | "X"));
            has_operator || word.starts_with('^') || is_any(parts.next()) || is_any(parts.next())
        };
        !words.iter().any(has_end) && words.iter().all(is_whole)
    };
    !text.contains("${") && text.split("||").any(is_open)
}

/// The first release of Flux 2.
const FIRST: Minor = (2, 0);

/// The newest minor that is in part below a version: that of its patch releases, else the one before it.
fn below((major, minor): Minor, patch: Option<u32>) -> Option<Minor> {
    match (patch, minor) {
        (Some(1..), _) => Some((major, minor)),
        (_, 0) => Some(NEWEST).filter(|newest| *newest < (major, 0)),
        _ => Some((major, minor - 1)),
    }
}

fn is_minor(text: &str) -> bool {
    Version::parse(text).is_some_and(|version| version.minor.is_some() && version.patch.is_none())
}

/// The numbers of a version; `None` where it holds `x` or `*`, or ends before.
struct Version {
    major: u32,
    minor: Option<u32>,
    patch: Option<u32>,
}

impl Version {
    /// Reads `2`, `2.7`, `2.7.1`, `2.7.x`, with or without a suffix (`-rc.1`, `+build`); `*` is any release of Flux 2.
    fn parse(text: &str) -> Option<Self> {
        if is_wildcard(text) {
            return Some(Self { major: FIRST.0, minor: None, patch: None });
        }
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.');
        let major = number(parts.next()?)?;
        let mut rest = [None; 2];
        for (value, part) in rest.iter_mut().zip(parts.by_ref()) {
            *value = if is_wildcard(part) { None } else { Some(number(part)?) };
        }
        let is_whole = parts.next().is_none();
        is_whole.then_some(Self { major, minor: rest[0], patch: rest[0].and(rest[1]) })
    }
}

fn is_wildcard(text: &str) -> bool {
    matches!(text, "x" | "X" | "*")
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.len() < 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Range = Option<(Minor, Minor)>;

    fn bounds(version: Option<FluxVersion>) -> Range {
        version.map(|version| (version.oldest, version.newest))
    }

    #[test]
    fn ranges_are_minors() {
        let cases: &[(&str, Range)] = &[
            ("2.7", Some(((2, 7), (2, 7)))),
            ("2.10", Some(((2, 10), (2, 10)))),
            ("2.7.x", Some(((2, 7), (2, 7)))),
            ("v2.2.2", Some(((2, 2), (2, 2)))),
            (" =2.7.1 ", Some(((2, 7), (2, 7)))),
            ("~2.7", Some(((2, 7), (2, 7)))),
            ("2.8.0-rc.1", Some(((2, 8), (2, 8)))),
            ("2.11", Some(((2, 11), (2, 11)))),
            ("2", Some(((2, 0), NEWEST))),
            ("2.x", Some(((2, 0), NEWEST))),
            ("2.*.*", Some(((2, 0), NEWEST))),
            ("*", Some(((2, 0), NEWEST))),
            ("3.x", Some(((3, 0), (3, 0)))),
            (">=2.6.0", Some(((2, 6), NEWEST))),
            (">= 2.6.0", Some(((2, 6), NEWEST))),
            ("^2.6", Some(((2, 6), NEWEST))),
            (">2.6", Some(((2, 7), NEWEST))),
            (">2.6.1", Some(((2, 6), NEWEST))),
            ("<2.9", Some(((2, 0), (2, 8)))),
            ("<2.9.1", Some(((2, 0), (2, 9)))),
            ("<3", Some(((2, 0), NEWEST))),
            ("<=2.8", Some(((2, 0), (2, 8)))),
            (">=2.6.0 <2.9.0", Some(((2, 6), (2, 8)))),
            (">= 2.6, < 2.9.4", Some(((2, 6), (2, 9)))),
            ("2.6 - 2.8", Some(((2, 6), (2, 8)))),
            ("2.6-2.8", Some(((2, 6), (2, 8)))),
            ("2.6.x || 2.8.x", Some(((2, 6), (2, 8)))),
        ];
        for (text, expected) in cases {
            assert_eq!(bounds(FluxVersion::parse(text)), *expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        let texts =
            ["latest", "", " ", "2.y", "2.7.foo", "2.7.1.1", "v", ">=", "=>2.7", "-2.7", "2.8 2.7", "2.8 - 2.7"];
        for text in texts.into_iter().chain(["2.99999999999", "2.6 ||", "<2.0", "main", "<é"]) {
            assert_eq!(FluxVersion::parse(text), None, "{text}");
        }
    }

    #[test]
    fn tags_and_labels_name_releases() {
        let cases: &[(&str, Range, Range)] = &[
            ("v2.7.1", Some(((2, 7), (2, 7))), Some(((2, 7), (2, 7)))),
            ("2.x", Some(((2, 0), NEWEST)), Some(((2, 0), NEWEST))),
            ("v2", Some(((2, 0), NEWEST)), None),
            ("v2.7.1@sha256:abc", Some(((2, 7), (2, 7))), Some(((2, 7), (2, 7)))),
            ("latest", None, None),
            (">=2.7", None, None),
            ("", None, None),
        ];
        for (text, tag, label) in cases {
            assert_eq!(bounds(FluxVersion::of_tag(text)), *tag, "{text}");
            assert_eq!(bounds(FluxVersion::of_label(text)), *label, "{text}");
        }
    }

    #[test]
    fn addresses_of_manifests_name_releases() {
        let cases: &[(&str, Range)] = &[
            ("ghcr.io/fluxcd/flux-manifests:v2.7.0", Some(((2, 7), (2, 7)))),
            ("oci://ghcr.io/fluxcd/flux-manifests:v2.7.0", Some(((2, 7), (2, 7)))),
            ("registry.example:5000/mirror/flux-manifests:v2.6.4@sha256:abc", Some(((2, 6), (2, 6)))),
            ("https://github.com/fluxcd/flux2/manifests/install?ref=v2.2.0", Some(((2, 2), (2, 2)))),
            ("github.com/fluxcd/flux2//manifests/install?timeout=90s&ref=v2.2.0", Some(((2, 2), (2, 2)))),
            ("https://github.com/fluxcd/flux2.git//manifests/install?ref=v2.2.0", Some(((2, 2), (2, 2)))),
            ("https://github.com/fluxcd/flux2/releases/download/v2.3.0/install.yaml", Some(((2, 3), (2, 3)))),
            ("https://github.com/fluxcd/flux2/releases/latest/download/install.yaml", None),
            ("https://github.com/fluxcd/flux2/manifests/install?ref=main", None),
            ("https://github.com/fluxcd/flux2/manifests/install", None),
            ("oci://ghcr.io/fluxcd/flux-manifests", None),
            ("oci://ghcr.io/controlplaneio-fluxcd/flux-operator-manifests:v0.30.0", None),
            ("https://github.com/acme/fleet?ref=v2.7.0", None),
        ];
        for (text, expected) in cases {
            assert_eq!(bounds(FluxVersion::of_address(text)), *expected, "{text}");
        }
    }

    #[test]
    fn one_release_knows_its_patch() {
        let newest = |text| FluxVersion::parse(text).map(|version| version.newest_release());
        let release = |minor, patch| Some(Release { minor: (2, minor), patch });
        for (text, expected) in [
            ("2.9.1", release(9, 1)),
            ("=v2.9.1", release(9, 1)),
            ("2.9.0-rc.1", release(9, 0)),
            ("2.9", release(9, u32::MAX)),
            ("2.9.x", release(9, u32::MAX)),
            ("~2.9.1", release(9, u32::MAX)),
            ("2.9.1 || 2.9.2", release(9, u32::MAX)),
            (">=2.9.1 <2.10", release(9, u32::MAX)),
        ] {
            assert_eq!(newest(text), expected, "{text}");
        }
    }

    #[test]
    fn versions_are_shown_as_they_are_written() {
        let shown = |text| FluxVersion::parse(text).map(FluxVersion::shown);
        assert_eq!(shown("v2.7.1").as_deref(), Some("2.7"));
        assert_eq!(shown("2.x").as_deref(), Some("2.0-2.10"));
        assert_eq!(shown("2.6-2.8").as_deref(), Some("2.6-2.8"));
    }

    #[test]
    fn ranges_without_an_end_are_unbounded() {
        for text in ["*", "2.x", "2", "2.*", ">=2.6", ">2.6", "^2.6.0", "2.7.x || 2.x", ">= 2.6"] {
            assert!(is_unbounded(text), "{text}");
        }
        for text in ["2.8.x", "2.8.1", "v2.8.1", "~2.8", ">=2.7 <2.9", ">=2.7, <2.9", "2.6 - 2.9", "<2.9", "${FLUX}"] {
            assert!(!is_unbounded(text), "{text}");
        }
    }
}
