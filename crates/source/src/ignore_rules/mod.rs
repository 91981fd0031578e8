//! Which files source-controller leaves out of an artifact (flux-build-semantics 2.4).

mod glob;
mod pattern;

use pattern::{Effect, Pattern};

/// The name of files that hold ignore rules for their folder.
pub(super) const FILE_NAME: &str = ".sourceignore";

const VERSION_CONTROL: &str = ".git/ .gitignore .gitmodules .gitattributes";

/// In force only where a repository has no rule of its own.
const DEFAULTS: &str = "*.jpg *.jpeg *.gif *.png *.wmv *.flv *.tar.gz *.zip \
    .github/ .circleci/ .travis.yml .gitlab-ci.yml appveyor.yml .drone.yml cloudbuild.yaml codeship-services.yml \
    codeship-steps.yml **/.goreleaser.yml **/.sops.yaml **/.flux.yaml";

/// Go's scanner gives up at a longer line, and with it on the rest of the file.
const LINE_LIMIT: usize = 64 * 1024;

/// All rules of one artifact, the strongest last.
#[derive(Debug)]
pub(super) struct IgnoreRules {
    patterns: Vec<Pattern>,
}

impl IgnoreRules {
    /// The rules of a source: those of its `.sourceignore` files, each with its folder, then those of `spec.ignore`.
    /// Order the files so that a folder comes before what is in it.
    pub(super) fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>, spec_ignore: &str) -> Self {
        let mut own: Vec<Pattern> = Vec::new();
        for (folder, text) in files {
            own.extend(read(text, &segments(folder)));
        }
        own.extend(read(spec_ignore.as_bytes(), &[]));
        let defaults = if own.is_empty() { DEFAULTS } else { "" };
        let built_in = VERSION_CONTROL.split(' ').chain(defaults.split_whitespace());
        let built_in = built_in.map(|line| Pattern::parse(line.as_bytes(), &[]));
        Self { patterns: built_in.chain(own).collect() }
    }

    /// Whether a file is left out.
    pub(super) fn exclude(&self, path: &str) -> bool {
        let path = segments(path);
        self.patterns.iter().rev().find_map(|pattern| pattern.effect_on(&path)) == Some(Effect::Exclude)
    }
}

fn read(text: &[u8], domain: &[&[u8]]) -> Vec<Pattern> {
    let lines = text.split(|&byte| byte == b'\n').take_while(|line| line.len() < LINE_LIMIT);
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.starts_with(b"#") && !is_blank(line)).map(|line| Pattern::parse(line, domain)).collect()
}

fn is_blank(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok_and(|line| line.trim().is_empty())
}

fn segments(path: &str) -> Vec<&[u8]> {
    if path.is_empty() { Vec::new() } else { path.split('/').map(str::as_bytes).collect() }
}
