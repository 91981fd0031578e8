//! YAML: text to a tree of spanned values, scalars as Kubernetes resolves them, and printing as kustomize prints.
//!
//! The way in is [`Documents::of`], which parses each file once.

pub mod binary;
mod branch;
mod document;
mod documents;
pub mod embedded;
pub mod go_float;
mod moved;
mod node;
mod origin;
pub mod parse;
pub mod print;
pub mod problem;
pub mod reencode;
mod relocate;
pub mod scalar;
mod secrecy;
mod secret;
mod shared_vec;
pub mod sort;
mod span;
mod tag;
mod text;
mod timestamp;
pub mod visits;
pub mod yaml11;

pub use document::{Comment, Document, Stream};
pub use documents::Documents;
pub use moved::Move;
pub use node::{Entry, Mapping, Node, Scalar, Sequence, Style, Value};
pub use origin::{Origin, Variable};
pub use secrecy::{MARK, Secrecy, without_quotations};
pub use shared_vec::SharedVec;
pub use span::Span;
pub use tag::Tag;
pub use text::Text;
