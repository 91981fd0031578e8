//! YAML: text to a tree of spanned values, scalars as Kubernetes resolves them, and printing as kustomize prints.
//!
//! The way in is [`Documents::of`], which parses each file once.

pub mod binary;
mod document;
pub mod embedded;
pub mod go_float;
mod node;
mod origin;
pub mod parse;
pub mod print;
pub mod problem;
pub mod reencode;
mod relocate;
pub mod scalar;
mod secret;
mod sequence;
mod shared_vec;
pub mod sort;
mod tag;
mod text;
mod timestamp;
pub mod yaml11;

pub use document::{Comment, Document, Documents, Stream};
pub use node::{Entry, Mapping, Node, Scalar, Span, Style, Value};
pub use origin::{Origin, Variable};
pub use secret::{MARK, Secrecy, without_quotations};
pub use sequence::Sequence;
pub use shared_vec::SharedVec;
pub use tag::Tag;
pub use text::Text;
