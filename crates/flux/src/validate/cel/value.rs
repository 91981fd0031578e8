//! Values of an evaluation: of an object, with the defaults that the server fills in, or made on the way.

use std::borrow::Cow;

use fleetlint_yaml::scalar::{Typed, resolve};
use fleetlint_yaml::{Node, Value as Tree};

use super::fault::Fault;
use crate::kinds::{Field, Scope, Type};

/// A part of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) node: &'a Node,
    /// What the table says of it; nothing below what takes anything.
    pub(super) field: Option<Field>,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    /// A mapping or a list of the object.
    View(View<'a>),
    /// A mapping or a list that the server fills in.
    Filled,
}

impl<'a> View<'a> {
    /// The value of the object.
    pub(super) fn value(self) -> Result<Value<'a>, Fault> {
        if !matches!(self.node.value, Tree::Scalar(_)) {
            return Ok(Value::View(self));
        }
        Ok(match resolve(self.node).map_err(|_| Fault::Fails)? {
            Typed::Null => Value::Null,
            Typed::Bool(value) => Value::Bool(value),
            Typed::Int(value) => Value::Int(i64::try_from(value).map_err(|_| Fault::Unsupported)?),
            Typed::Float(value) => Value::Float(value),
            Typed::String | Typed::Timestamp(_) => Value::Text(Cow::Borrowed(self.node.text().unwrap_or_default())),
        })
    }

    /// A field of it; what is not set has its default.
    pub(super) fn get(self, name: &str, scope: Scope<'_>) -> Option<Result<Value<'a>, Fault>> {
        let name = unescaped(name);
        let field = self.field.and_then(|field| match field.value_type() {
            Type::Map => field.child("{}", scope),
            _ => field.child(&name, scope),
        });
        let is_null = |node: &Node| matches!(resolve(node), Ok(Typed::Null)) && node.as_scalar().is_some();
        let takes_null = field.is_some_and(Field::is_nullable);
        let node = self.node.get(&name).filter(|node| takes_null || !is_null(node));
        match node {
            Some(node) => Some(View { node, field }.value()),
            None => field.and_then(default).map(Ok),
        }
    }

    /// Its items, if it is a list.
    pub(super) fn items(self, scope: Scope<'_>) -> Option<impl Iterator<Item = Result<Value<'a>, Fault>>> {
        let field = self.field.and_then(|field| field.child("[]", scope));
        Some(self.node.as_sequence()?.iter().map(move |node| View { node, field }.value()))
    }
}

fn default<'a>(field: Field) -> Option<Value<'a>> {
    let text = field.default()?;
    Some(match field.value_type() {
        Type::Boolean => Value::Bool(text == "true"),
        Type::Integer => Value::Int(text.parse().ok()?),
        Type::Number => Value::Float(text.parse().ok()?),
        Type::Object | Type::Map | Type::List | Type::Any => Value::Filled,
        _ => Value::Text(Cow::Borrowed(text)),
    })
}

/// The name of a field; CEL escapes those that are words of its own (`__namespace__`).
fn unescaped(name: &str) -> Cow<'_, str> {
    match name.strip_prefix("__").and_then(|name| name.strip_suffix("__")) {
        Some("dot" | "dash" | "slash" | "underscores") | None => {
            Cow::Owned(name.replace("__dot__", ".").replace("__dash__", "-").replace("__slash__", "/"))
        }
        Some(word) => Cow::Borrowed(word),
    }
}
