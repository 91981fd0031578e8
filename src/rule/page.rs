//! The page of a rule: documentation, `fleetlint explain`, and test, in one.
//!
//! ````text
//! # family/rule
//! ## What it finds … ## Why it matters …
//! ## Bad
//! ### one example per heading, or one for the whole section
//! ```yaml edit base=d1
//! # tenants/apps/sync.yaml
//! set Kustomization/apps spec.path: ./missing # <- here
//! ```
//! also: `family/other-rule`
//! ```text findings
//! error[family/rule]: what a run with all rules reports; written by `UPDATE=1 cargo test --test rules`
//! ```
//! ## Good … ## Options … ## References …
//! ````

mod edit;
mod mark;
mod parse;

pub use edit::{Edit, Step, Verb};
pub use mark::{Mark, unmarked};
pub use parse::{files, parse};

/// The sections of a page, in their order.
pub const SECTIONS: [&str; 6] = ["What it finds", "Why it matters", "Bad", "Good", "Options", "References"];

/// A page, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The `# ` heading.
    pub title: String,
    /// What is between it and the first section.
    pub intro: String,
    pub sections: Vec<Section>,
}

/// What is below a `## ` heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    /// Markdown, as written.
    pub text: String,
    /// Its files by `### ` heading; those before the first one, or without any, are one example.
    pub examples: Vec<Example>,
}

/// A small fleet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    pub heading: Option<String>,
    /// The fleet of `testdata/fleets/` over which the files are laid.
    pub base: Option<String>,
    pub files: Vec<PageFile>,
    /// The other rules that report something, too, as its line `also:` says.
    pub also: Vec<String>,
    /// What a run reports, as recorded.
    pub findings: Option<Recorded>,
    /// The last line of the page that belongs to its files or to `also:`, from 1.
    pub last_line: usize,
}

/// A fenced block with the findings of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub text: String,
    /// The lines of the page from one fence to the other, both included, from 1.
    pub lines: std::ops::RangeInclusive<usize>,
}

/// A fenced block that is a file, or changes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFile {
    pub path: String,
    /// The repository; the fleet itself if absent.
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub content: Content,
    /// The line of the page on which the content begins, from 1.
    pub line: usize,
}

/// What a fenced block makes of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The file, with its marks.
    Whole(String),
    /// What becomes of the file of the base, or of an earlier block.
    Edits(Vec<Edit>),
}

/// What is wrong with a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct PageError {
    pub line: usize,
    pub message: String,
}

impl Page {
    /// A section by its name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// The examples of a section; none if there is no such section.
    pub fn examples(&self, name: &str) -> &[Example] {
        self.section(name).map_or(&[], |section| &section.examples)
    }
}

fn error(line: usize, message: impl Into<String>) -> PageError {
    PageError { line, message: message.into() }
}
