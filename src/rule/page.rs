//! The page of a rule: documentation, `fleetlint explain`, and test, in one.
//!
//! ````text
//! # family/rule
//! ## What it finds … ## Why it matters …
//! ## Bad
//! ### one example per heading, or one for the whole section
//! ```yaml file=tenants/apps/sync.yaml base=d1
//! spec:
//!   path: ./missing # <- here
//! ```
//! ## Good … ## Options … ## References …
//! ````

mod mark;

pub use mark::Mark;

/// The sections of a page, in their order.
pub const SECTIONS: [&str; 6] = ["What it finds", "Why it matters", "Bad", "Good", "Options", "References"];

/// A page, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The `# ` heading.
    pub title: String,
    /// What stands between it and the first section.
    pub intro: String,
    pub sections: Vec<Section>,
}

/// What stands below a `## ` heading.
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
}

/// A fenced block that is a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFile {
    pub path: String,
    /// The repository; the fleet itself if absent.
    pub repository: Option<String>,
    pub branch: Option<String>,
    /// Without the marks.
    pub text: String,
    pub marks: Vec<Mark>,
    /// The line of the page on which the text begins, from 1.
    pub line: usize,
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

/// Reads a page.
///
/// # Errors
/// A heading that is no section, a fence that is not closed, a block that names no file, a mark that marks nothing.
pub fn parse(text: &str) -> Result<Page, PageError> {
    let mut parser = Parser::default();
    for (index, line) in text.lines().enumerate() {
        parser.line(index + 1, line)?;
    }
    if let Some(fence) = &parser.fence {
        return Err(error(fence.line, "this block is never closed"));
    }
    let mut page = parser.page;
    page.sections.iter_mut().for_each(|section| section.examples.retain(|example| !example.files.is_empty()));
    Ok(page)
}

#[derive(Default)]
struct Parser {
    page: Page,
    fence: Option<Fence>,
}

/// An open fenced block.
struct Fence {
    /// The backticks or tildes that close it.
    marker: String,
    line: usize,
    info: Info,
    text: String,
    marks: Vec<Mark>,
}

/// The info string of a fence.
#[derive(Default)]
struct Info {
    language: String,
    file: Option<String>,
    base: Option<String>,
    repository: Option<String>,
    branch: Option<String>,
}

impl Parser {
    fn line(&mut self, number: usize, line: &str) -> Result<(), PageError> {
        if let Some(fence) = &mut self.fence {
            let is_end = line.starts_with(&fence.marker) && line.trim_start_matches(['`', '~']).trim().is_empty();
            match is_end {
                true => self.close()?,
                false => fence.line(number, line)?,
            }
        } else if let Some(marker) = fence_marker(line) {
            let info = Info::parse(&line[marker.len()..]).map_err(|message| error(number, message))?;
            self.fence = Some(Fence { marker, line: number, info, text: String::new(), marks: Vec::new() });
        } else if let Some(name) = line.strip_prefix("## ") {
            return self.section(number, name.trim());
        } else if let Some(heading) = line.strip_prefix("### ") {
            let example = Example { heading: Some(heading.trim().into()), ..Example::default() };
            self.page.sections.last_mut().into_iter().for_each(|section| section.examples.push(example.clone()));
        } else if let Some(title) = line.strip_prefix("# ").filter(|_| self.page.title.is_empty()) {
            self.page.title = title.trim().into();
            return Ok(());
        }
        self.keep(line);
        Ok(())
    }

    /// Keeps a line as text of the section, or of what stands before the first one.
    fn keep(&mut self, line: &str) {
        let text = match self.page.sections.last_mut() {
            Some(section) => &mut section.text,
            None => &mut self.page.intro,
        };
        text.push_str(line);
        text.push('\n');
    }

    fn section(&mut self, number: usize, name: &str) -> Result<(), PageError> {
        let order = |name: &str| SECTIONS.iter().position(|known| *known == name);
        let last = self.page.sections.last().map(|section| section.name.as_str());
        match order(name) {
            None => return Err(error(number, format!("`{name}` is no section of a rule's page"))),
            order_of_name if last.is_some_and(|last| order(last) >= order_of_name) => {
                return Err(error(number, format!("section `{name}` is not at its place")));
            }
            Some(_) => {}
        }
        self.page.sections.push(Section { name: name.into(), text: String::new(), examples: Vec::new() });
        Ok(())
    }

    /// Takes a finished block into the example that it belongs to.
    fn close(&mut self) -> Result<(), PageError> {
        let Some(fence) = self.fence.take() else { return Ok(()) };
        let section = self.page.sections.last_mut();
        let Some(section) = section.filter(|section| ["Bad", "Good"].contains(&section.name.as_str())) else {
            return Ok(());
        };
        let Some(path) = fence.info.file else {
            let is_yaml = fence.info.language == "yaml";
            return if is_yaml { Err(error(fence.line, "this block needs `file=path`")) } else { Ok(()) };
        };
        if section.examples.is_empty() {
            section.examples.push(Example::default());
        }
        let Some(example) = section.examples.last_mut() else { return Ok(()) };
        if fence.info.base.is_some() && example.base.is_some() && fence.info.base != example.base {
            return Err(error(fence.line, "the example lies over another base already"));
        }
        example.base = example.base.take().or(fence.info.base);
        let Info { repository, branch, .. } = fence.info;
        let (text, marks, line) = (fence.text, fence.marks, fence.line + 1);
        example.files.push(PageFile { path, repository, branch, text, marks, line });
        Ok(())
    }
}

impl Fence {
    fn line(&mut self, number: usize, line: &str) -> Result<(), PageError> {
        let own_line = number - self.line;
        match mark::split(line).map_err(|message| error(number, message))? {
            None => self.text.push_str(line),
            Some((rest, columns)) => {
                self.text.push_str(rest);
                self.marks.push(Mark { line: own_line, column: columns.start, end_column: columns.end });
            }
        }
        self.text.push('\n');
        Ok(())
    }
}

impl Info {
    fn parse(text: &str) -> Result<Self, String> {
        let mut info = Self::default();
        for word in text.split_whitespace() {
            let Some((key, value)) = word.split_once('=') else {
                info.language = word.into();
                continue;
            };
            let field = match key {
                "file" => &mut info.file,
                "base" => &mut info.base,
                "repo" => &mut info.repository,
                "branch" => &mut info.branch,
                _ => return Err(format!("a block has no attribute `{key}`")),
            };
            *field = Some(value.into());
        }
        Ok(info)
    }
}

fn fence_marker(line: &str) -> Option<String> {
    let fence = line.chars().next().filter(|c| ['`', '~'].contains(c))?;
    let marker: String = line.chars().take_while(|c| *c == fence).collect();
    (marker.len() >= 3).then_some(marker)
}

fn error(line: usize, message: impl Into<String>) -> PageError {
    PageError { line, message: message.into() }
}
