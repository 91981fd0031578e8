//! What a stage could not do, with the place that a person has to look at.
//!
//! A stage returns what it understood *and* its problems; it never fails as a whole. The rules of family `build` turn
//! problems into findings, the `build` command turns them into an error.

use crate::Span;

/// What went wrong, as far as the reader of the finding has to tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The text is not YAML, or not as Kubernetes reads YAML.
    YamlSyntax,
    /// Two objects are in one document, which is not YAML for that.
    MissingSeparator,
    /// kustomize refuses the folder.
    KustomizeFailed,
    /// Flux refuses the substitution.
    SubstitutionFailed,
    /// A built object that the API server cannot take.
    InvalidObject,
    /// A file or folder whose name is not UTF-8: no path can name it.
    UnreadableName,
    /// An artifact of a generator fails, and those after it are not created.
    ArtifactBlocked,
    /// A source is given that the fleet does not read.
    UnmatchedSource,
    /// Nothing is wrong as far as we can see, but objects are missing from the result, which lie elsewhere; those at hand
    /// are as they are, unless the build says otherwise: a note, never a finding.
    Incomplete,
    /// The same, and any object of the result may be another one than it seems.
    Undetermined,
}

impl ProblemKind {
    /// Whether a text is not YAML.
    pub fn is_syntax(self) -> bool {
        matches!(self, Self::YamlSyntax | Self::MissingSeparator)
    }
}

/// One thing that went wrong, once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Lower case, values in backticks, no full stop.
    pub message: String,
    /// The text to edit; `None` where no file is to blame (a folder that is missing).
    pub place: Option<Span>,
    /// The value that is wrong with it, where the place is only a part of that.
    pub value: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places on the way, each with what it contributes.
    pub related: Vec<(Span, String)>,
    /// A name that is almost the one that is looked for, and the latter. Whatever else looks for it has the same cause if it
    /// is the name that is misspelt.
    pub slip: Option<Box<(Span, String)>>,
}

impl Problem {
    /// A problem without help or related places.
    pub fn new(kind: ProblemKind, message: impl Into<String>, place: Option<Span>) -> Self {
        Self { kind, message: message.into(), place, value: None, help: None, related: Vec::new(), slip: None }
    }

    /// Says which value is wrong, if the place is a part of it.
    #[must_use]
    pub fn inside(mut self, value: Option<Span>) -> Self {
        self.value = value.filter(|_| value != self.place);
        self
    }

    /// Adds what a person can do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a place on the way, if there is one.
    #[must_use]
    pub fn related(mut self, place: Option<Span>, label: impl Into<String>) -> Self {
        if let Some(place) = place {
            self.related.push((place, label.into()));
        }
        self
    }

    /// Adds a name that may be the one that is misspelt, if its place is known: `wanted` is what is looked for.
    #[must_use]
    pub fn slip(mut self, place: Option<Span>, wanted: &str) -> Self {
        self.slip = place.map(|place| Box::new((place, wanted.to_owned())));
        self.related(place, "or this name is the one that is misspelt")
    }

    /// Whether the input does not determine the result, as opposed to being wrong.
    pub fn is_undetermined(&self) -> bool {
        matches!(self.kind, ProblemKind::Incomplete | ProblemKind::Undetermined)
    }
}
