//! Reads pages.

use super::{Content, Example, Page, PageError, PageFile, Recorded, SECTIONS, Section, edit, error, unmarked};

/// The beginning of the line that names the other rules.
const ALSO: &str = "also:";

/// The sections with examples.
const WITH_EXAMPLES: [&str; 2] = ["Bad", "Good"];

/// Reads a page.
///
/// # Errors
/// A heading that is not a section, a fence that is not closed, a block that names no file, an edit that cannot be read, a mark
/// that marks nothing, findings without an example.
pub fn parse(text: &str) -> Result<Page, PageError> {
    read(text, Reader { has_sections: true, ..Reader::default() })
}

/// The files and edits in all blocks of a Markdown text that is not a page.
///
/// # Errors
/// As for [`parse`], but for sections.
pub fn files(text: &str) -> Result<Vec<PageFile>, PageError> {
    let section = Section { name: WITH_EXAMPLES[0].into(), text: String::new(), examples: Vec::new() };
    let page = Page { sections: vec![section], ..Page::default() };
    let page = read(text, Reader { page, ..Reader::default() })?;
    let examples = page.sections.into_iter().flat_map(|section| section.examples);
    Ok(examples.flat_map(|example| example.files).collect())
}

fn read(text: &str, mut reader: Reader) -> Result<Page, PageError> {
    for (index, line) in text.lines().enumerate() {
        reader.line(index + 1, line)?;
    }
    if let Some(fence) = &reader.fence {
        return Err(error(fence.line, "this block is never closed"));
    }
    let mut page = reader.page;
    page.sections.iter_mut().for_each(|section| section.examples.retain(|example| !example.files.is_empty()));
    Ok(page)
}

#[derive(Default)]
struct Reader {
    /// Whether headings are read.
    has_sections: bool,
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
}

/// The info string of a fence.
#[derive(Default)]
struct Info {
    language: String,
    kind: Option<Kind>,
    base: Option<String>,
}

/// What a block is for the tests: the word in its info string.
#[derive(Clone, Copy)]
enum Kind {
    /// `file`
    File,
    /// `edit`
    Edit,
    /// `findings`
    Findings,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), PageError> {
        if let Some(fence) = &mut self.fence {
            let is_end = line.starts_with(&fence.marker) && line.trim_start_matches(['`', '~']).trim().is_empty();
            match is_end {
                true => self.close(number)?,
                false => fence.text.extend([line, "\n"]),
            }
        } else if let Some(marker) = fence_marker(line) {
            let info = Info::parse(&line[marker.len()..]).map_err(|message| error(number, message))?;
            self.fence = Some(Fence { marker, line: number, info, text: String::new() });
        } else if self.has_sections && line.starts_with('#') {
            return self.heading(number, line);
        } else if let Some(rules) = line.strip_prefix(ALSO) {
            self.also(number, rules)?;
        }
        self.keep(line);
        Ok(())
    }

    fn heading(&mut self, number: usize, line: &str) -> Result<(), PageError> {
        if let Some(name) = line.strip_prefix("## ") {
            return self.section(number, name.trim());
        }
        if let Some(title) = line.strip_prefix("# ").filter(|_| self.page.title.is_empty()) {
            self.page.title = title.trim().into();
            return Ok(());
        }
        if let (Some(heading), Some(section)) = (line.strip_prefix("### "), self.page.sections.last_mut()) {
            section.examples.push(Example { heading: Some(heading.trim().into()), ..Example::default() });
        }
        self.keep(line);
        Ok(())
    }

    /// Keeps a line as text of the section, or of what is before the first one.
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
            None => return Err(error(number, format!("`{name}` is not a section of a rule's page"))),
            order_of_name if last.is_some_and(|last| order(last) >= order_of_name) => {
                return Err(error(number, format!("section `{name}` is not at its place")));
            }
            Some(_) => {}
        }
        self.page.sections.push(Section { name: name.into(), text: String::new(), examples: Vec::new() });
        Ok(())
    }

    /// The example that is being read, if the section has any.
    fn example(&mut self) -> Option<&mut Example> {
        let section = self.page.sections.last_mut()?;
        if !WITH_EXAMPLES.contains(&section.name.as_str()) {
            return None;
        }
        if section.examples.is_empty() {
            section.examples.push(Example::default());
        }
        section.examples.last_mut()
    }

    /// Takes the rules between backticks of a line `also:`.
    fn also(&mut self, number: usize, line: &str) -> Result<(), PageError> {
        let Some(example) = self.example() else { return Ok(()) };
        let rules: Vec<String> = line.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        if rules.is_empty() {
            return Err(error(number, "`also:` names rules in backticks"));
        }
        example.also.extend(rules);
        example.last_line = number;
        Ok(())
    }

    /// Takes a finished block into the example that it belongs to.
    fn close(&mut self, number: usize) -> Result<(), PageError> {
        let Some(Fence { line, info, text, .. }) = self.fence.take() else { return Ok(()) };
        let is_page = self.has_sections;
        let Some(example) = self.example() else { return Ok(()) };
        let Some(kind) = info.kind else {
            let is_yaml = is_page && info.language == "yaml";
            return if is_yaml { Err(error(line, "this block needs `file` or `edit`")) } else { Ok(()) };
        };
        let (head, rest) = match kind {
            Kind::Findings => return example.record(Recorded { text, lines: line..=number }),
            Kind::File | Kind::Edit => text.split_once('\n').unwrap_or_default(),
        };
        let Some(Place { path, repository, branch }) = Place::parse(head) else {
            return Err(error(line + 1, "the first line of a block names its file: `# path`"));
        };
        let content = match kind {
            Kind::Edit => Content::Edits(edit::parse(rest, line + 1)?),
            _ => whole(rest, line + 1)?,
        };
        if info.base.is_some() && example.base.is_some() && info.base != example.base {
            return Err(error(line, "the example already has a different base"));
        }
        example.base = example.base.take().or(info.base);
        example.last_line = number;
        example.files.push(PageFile { path, repository, branch, content, line: line + 2 });
        Ok(())
    }
}

/// A file as it is, if its marks can be read.
fn whole(text: &str, line: usize) -> Result<Content, PageError> {
    unmarked(text).map_err(|why| error(line + why.line, why.message))?;
    Ok(Content::Whole(text.to_owned()))
}

/// Which file a block is about.
struct Place {
    path: String,
    repository: Option<String>,
    branch: Option<String>,
}

impl Place {
    /// Reads `# path`, `# path of repository`, `# path of repository, branch name`.
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.strip_prefix("# ")?.split_whitespace().collect();
        let owned = |word: &str| Some(word.trim_end_matches(',').to_owned());
        let (path, repository, branch) = match words.as_slice() {
            [path] => (path, None, None),
            [path, "of", repository] => (path, owned(repository), None),
            [path, "of", repository, "branch", branch] => (path, owned(repository), owned(branch)),
            _ => return None,
        };
        Some(Self { path: (*path).to_owned(), repository, branch })
    }
}

impl Example {
    fn record(&mut self, recorded: Recorded) -> Result<(), PageError> {
        let line = *recorded.lines.start();
        if self.files.is_empty() {
            return Err(error(line, "findings come after the files of their example"));
        }
        if self.findings.is_some() {
            return Err(error(line, "an example has one block of findings"));
        }
        self.findings = Some(recorded);
        Ok(())
    }
}

impl Info {
    fn parse(text: &str) -> Result<Self, String> {
        let mut info = Self::default();
        for word in text.split_whitespace() {
            let Some((key, value)) = word.split_once('=') else {
                match word {
                    "file" => info.kind = Some(Kind::File),
                    "edit" => info.kind = Some(Kind::Edit),
                    "findings" => info.kind = Some(Kind::Findings),
                    _ => info.language = word.into(),
                }
                continue;
            };
            match key {
                "base" => info.base = Some(value.into()),
                _ => return Err(format!("a block has no attribute `{key}`")),
            }
        }
        Ok(info)
    }
}

fn fence_marker(line: &str) -> Option<String> {
    let fence = line.chars().next().filter(|c| ['`', '~'].contains(c))?;
    let marker: String = line.chars().take_while(|c| *c == fence).collect();
    (marker.len() >= 3).then_some(marker)
}
