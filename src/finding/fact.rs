//! What defects bring about: the words in which findings say which of them follow from which.
//!
//! A rule reports what it sees, whoever else may report the cause. Where its finding follows from a fact, it says so
//! ([`Finding::because`](super::Finding::because)); the finding that brings the fact about says that, too
//! ([`Finding::explains`](super::Finding::explains)). `triage::causes` joins the two once it is known which rules are on.

use smol_str::SmolStr;

use crate::object::ObjectId;
use crate::yaml::Span;

/// Something that is so on a cluster because of a defect.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// Nothing of what this Kustomization (or ResourceSet) makes is applied.
    NotApplied(String, ObjectId),
    /// The path of this Kustomization misses the overlay that its variable names.
    NoOverlay(String, ObjectId),
    /// A variable has no value where this Kustomization substitutes it.
    NoValue(String, ObjectId, SmolStr),
    /// This Kustomization replaces no variables in what it applies.
    NotSubstituted(String, ObjectId),
    /// The value written here is wrong, wherever it is read.
    WrongValue(Span),
    /// A build refuses the value written here.
    Refused(Span),
    /// The name of a field written here is wrong: the field that is meant is not set.
    WrongName(Span),
    /// This object lacks the field at this JSON pointer, or has nothing in it.
    Unset(String, ObjectId, String),
    /// The cluster lacks this object.
    NoObject(String, ObjectId),
    /// What this object depends on is not what it should be.
    NotOrdered(String, ObjectId),
    /// This object should not be on the cluster.
    Unwanted(String, ObjectId),
    /// This Namespace is another one, renamed.
    Renamed(String, ObjectId),
    /// Who applies this object has no right to.
    Forbidden(String, ObjectId),
    /// This Namespace lacks the label by which policies know its tenant.
    NoTenantLabel(String, SmolStr),
    /// The token behind the credential of this source does not reach the source's repository.
    OutOfReach(String, ObjectId),
    /// The token behind the credential of this source may not do what it is used for.
    WrongToken(String, ObjectId),
}
