//! A text as a person wrote it, as far as it can be read without running anything.

use smol_str::SmolStr;

use crate::yaml::Span;

/// A word of a command, or a value of a workflow: a branch, the name of a Secret, a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Without quotes; variables and expressions as they are written. Passwords in URLs are left out.
    pub text: SmolStr,
    /// What of it is decided elsewhere, in its order; empty if the text is all of it.
    pub unread: Vec<Unread>,
    pub place: Span,
}

/// What was not read, so that nothing follows from it, least of all that something does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unread {
    /// A variable of a shell or of make, by its name.
    Variable(SmolStr),
    /// `${{ … }}` of a workflow, `{{ … }}` of a template: what is in it.
    Expression(SmolStr),
    /// The output of a command.
    Output,
    /// `<your token>`: what is in it. The reader puts something there.
    Placeholder(SmolStr),
    /// What a command reads from its standard input.
    Stdin,
    /// The namespace of kubectl's current context.
    ContextNamespace,
    /// The branch that is checked out.
    CheckedOutBranch,
    /// The default branch of a repository.
    DefaultBranch,
    /// The repository's keys or objects are in a file or folder that only exists when the command runs.
    Files,
    /// A manifest that a command applies, and that is made on the way.
    Manifest,
    /// A workflow or an action of elsewhere, by what names it.
    Workflow(SmolStr),
    /// A shell other than bash and sh.
    Shell(SmolStr),
    /// The pipelines of another CI system, by its name.
    Pipeline(&'static str),
    /// A file that is not what its name says.
    Syntax,
    /// A file that is not text.
    NotText,
    /// A file with more bytes than are looked at.
    TooLarge,
    /// Files beyond the number that are looked at.
    TooMany,
}

impl Written {
    /// A text that is all there is.
    pub fn known(text: impl Into<SmolStr>, place: Span) -> Self {
        Self { text: text.into(), unread: Vec::new(), place }
    }

    /// What is decided elsewhere, as a whole.
    pub fn elsewhere(why: Unread, place: Span) -> Self {
        Self { text: SmolStr::default(), unread: vec![why], place }
    }

    /// The text if nothing of it is decided elsewhere.
    pub fn text(&self) -> Option<&str> {
        self.unread.is_empty().then_some(self.text.as_str())
    }

    /// Whether it is this text. What is not known is not.
    pub fn is(&self, text: &str) -> bool {
        self.text() == Some(text)
    }

    /// The only variable, expression or placeholder that it consists of.
    pub fn only_unread(&self) -> Option<&Unread> {
        match self.unread.as_slice() {
            [Unread::Variable(name)] if is_variable(&self.text, name) => self.unread.first(),
            [Unread::Expression(_)] if self.text.starts_with(['$', '{']) && self.text.ends_with("}}") => {
                self.unread.first()
            }
            [Unread::Placeholder(name)] if self.text.len() == name.len() + 2 => self.unread.first(),
            [only] if self.text.is_empty() || *only == Unread::Output => Some(only),
            _ => None,
        }
    }
}

fn is_variable(text: &str, name: &str) -> bool {
    let inner = text.strip_prefix('$').unwrap_or(text);
    let brackets = [("{", "}"), ("(", ")")];
    let inside = brackets.iter().find_map(|(open, close)| inner.strip_prefix(open)?.strip_suffix(close));
    inside.unwrap_or(inner) == name
}
