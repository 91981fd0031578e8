//! Role-based access control as the API server does it: who may do what, by which rule of which binding.
//!
//! [`Policy`] holds the roles and bindings of a cluster, those included that every API server creates. [`View::decide`]
//! answers a request, [`apply`] judges a server-side apply, the check against escalation included. What may be there and is not
//! known is a [`Gap`], never a no.

mod aggregate;
mod apply;
mod authorize;
mod binding;
mod given;
mod policy;
mod request;
mod resource;
mod role;
mod rule;
mod selector;
mod validate;

pub use apply::{Answer, ApplyVerdict, Denial, FoundRole, Judge, Target, apply, covers_all};
pub use authorize::{Decision, Gap, Proof, View};
pub use binding::{Binding, Subject, referenced_role};
pub use given::Given;
pub use policy::{Certainty, Entry, Policy};
pub use request::{ALL_ACCOUNTS, AUTHENTICATED, Request, ResourceRequest, User, account_name};
pub use resource::{Evidence, Resource, Scope, resource_by_convention, resource_of, split_resource};
pub use role::{GrantedRule, Role, RoleId, Written};
pub use rule::PolicyRule;
pub use validate::{Invalid, invalid};
