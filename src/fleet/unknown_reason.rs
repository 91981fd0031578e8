//! Why it is not known what a reconciler creates: what is missing, as data, with the words for it and the way out.

use std::fmt;

use smol_str::SmolStr;

use super::note::NoteReason;
use super::source_id::{SourceId, shown};
use crate::flux::substitute::ELSEWHERE;
use crate::object::ObjectId;

/// Why it is not known what a reconciler creates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnknownReason {
    /// It was not its turn yet.
    NotRendered,
    /// The object itself holds variables that are not known.
    OpenObject(ObjectId),
    /// It names no source.
    NoSourceRef(ObjectId),
    /// A source is not on this machine.
    SourceUnavailable { source: SourceId, url: String },
    /// A source has no URL, or one that is not known.
    SourceWithoutUrl(SourceId),
    /// A source holds variables that are not known.
    OpenSource(SourceId),
    /// Nothing defines a source that others are put together from.
    SourceUndefined(SourceId),
    /// The branch or tag of a source that others are put together from does not exist.
    ReferenceMissing(SourceId),
    /// A source is there, but cannot be read.
    SourceUnreadable { source: SourceId, why: String },
    /// What is given for a URL does not answer for the branch that is asked for.
    NotForBranch { url: String, given: Vec<String>, asked: String },
    /// A clone lacks what is asked for; `fetch` is the line that brings it.
    NotInClone { url: String, asked: String, fetch: String },
    /// What an ArtifactGenerator or an `include` puts together is not known.
    OpenArtifact { source: SourceId, why: OpenArtifact },
    /// The folder that an `include` copies does not exist.
    IncludeMissing { repository: ObjectId, from: String, included: String },
    /// The folder into which an `include` copies is there already.
    IncludeTaken { repository: ObjectId, to: String, included: String },
    /// The source has submodules.
    Submodules,
    /// A variable is empty in `spec.path`, so that the path leads to the folder above.
    EmptyInPath(SmolStr),
    /// What the engines say of a build that takes something from elsewhere.
    Build(String),
    /// What they say of values that are not known.
    Values(String),
}

/// Why it is not known what an artifact holds that is put together of others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpenArtifact {
    /// An object may create it, under names that are not known.
    OpenName(ObjectId),
    /// It is created from itself.
    OfItself,
    TooManyLevels,
    TooManySources,
    /// What creates it holds variables that are not known.
    OpenGenerator(ObjectId),
    /// What creates it is turned off.
    Disabled(ObjectId),
}

impl UnknownReason {
    /// What to do about it, where the way out is that of this reason alone.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotForBranch { url, .. } => Some(format!("add `--source {url}=PATH` for all others")),
            Self::NotInClone { fetch, .. } => Some(format!("run `{fetch}`")),
            _ => None,
        }
    }

    /// The kind of note that tells it.
    pub fn note(&self) -> NoteReason {
        match self {
            Self::NotInClone { .. } => NoteReason::NotInClone,
            Self::SourceUnavailable { .. } | Self::NotForBranch { .. } => NoteReason::SourceUnavailable,
            _ => NoteReason::PartlyChecked,
        }
    }

    /// Only values are missing, and the configuration declares that they are elsewhere.
    pub fn is_of_declared_values(&self) -> bool {
        matches!(self, Self::Values(text) if text.ends_with(ELSEWHERE))
    }
}

impl fmt::Display for UnknownReason {
    /// Lower case, without a full stop and without the way out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRendered => f.write_str("not rendered"),
            Self::OpenObject(id) => write!(f, "`{id}` itself holds variables that are not known"),
            Self::NoSourceRef(id) => write!(f, "`{id}` has no `sourceRef`"),
            Self::SourceUnavailable { source, url } => write!(f, "source {} (`{url}`) is not available", shown(source)),
            Self::SourceWithoutUrl(source) => write!(f, "{} has no URL that fleetlint can read", shown(source)),
            Self::OpenSource(source) => write!(f, "source {} holds variables that are not known", shown(source)),
            Self::SourceUndefined(source) => write!(f, "nothing in the fleet defines source {}", shown(source)),
            Self::ReferenceMissing(source) => {
                write!(f, "the branch or tag of source {} does not exist", shown(source))
            }
            Self::SourceUnreadable { source, why } => write!(f, "source {} cannot be read: {why}", shown(source)),
            Self::NotForBranch { url, given, asked } => {
                let branches = if given.len() == 1 { "branch" } else { "branches" };
                write!(f, "`{url}` is given only for {branches} `{}`, not for {asked}", given.join("`, `"))
            }
            Self::NotInClone { url, asked, .. } => write!(f, "the clone of `{url}` does not hold {asked}"),
            Self::OpenArtifact { source, why } => write!(f, "the files of {} are not known: {why}", shown(source)),
            Self::IncludeMissing { repository, from, included } => {
                write!(f, "{repository} includes folder `{from}` of `{included}`, which does not exist")
            }
            Self::IncludeTaken { repository, to, included } => {
                write!(f, "{repository} includes `{included}` as `{to}`, where its own repository has files")
            }
            Self::Submodules => f.write_str("its source has submodules, whose files fleetlint does not read"),
            Self::EmptyInPath(name) => write!(f, "`{name}` is empty in `spec.path`, which leads to the folder above"),
            Self::Build(text) | Self::Values(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for OpenArtifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenName(id) => write!(f, "{id} may create it, with names that fleetlint does not know"),
            Self::OfItself => f.write_str("it is created from itself"),
            Self::TooManyLevels => f.write_str("it is created from more levels of sources than fleetlint follows"),
            Self::TooManySources => f.write_str("it is created from more sources than fleetlint follows"),
            Self::OpenGenerator(id) => write!(f, "{id} creates it and has variables that are not known"),
            Self::Disabled(id) => write!(f, "{id} creates it and is disabled"),
        }
    }
}
