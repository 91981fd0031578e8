//! What a scalar of a kustomization file is once YAML 1.1 has become JSON.

use smol_str::SmolStr;

use fleetlint_yaml::scalar::Typed;
use fleetlint_yaml::{Node, Value, go_float, yaml11};

/// A JSON type with its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Boolean(bool),
    Integer(i128),
    Float(f64),
    Text(SmolStr),
    Collection,
}

/// The JSON that a node becomes.
///
/// # Errors
/// A tag that the text does not fit.
pub(super) fn of(node: &Node) -> Result<Json, String> {
    let Value::Scalar(scalar) = &node.value else { return Ok(Json::Collection) };
    Ok(match yaml11::typed(scalar, node.tag.as_deref())? {
        (Typed::Null, _) => Json::Null,
        (Typed::Bool(value), _) => Json::Boolean(value),
        (Typed::Int(value), _) => Json::Integer(value),
        (Typed::Float(value), _) => Json::Float(value),
        (Typed::String | Typed::Timestamp(_), text) => Json::Text(text),
    })
}

impl Json {
    /// The text that `sigs.k8s.io/yaml` makes of a scalar where it sees that a text is wanted: floats are float32 there.
    pub(super) fn converted(self) -> Option<SmolStr> {
        match self {
            Self::Text(text) => Some(text),
            Self::Boolean(value) => Some(SmolStr::new_static(bool_text(value))),
            Self::Integer(value) => Some(value.to_string().into()),
            Self::Float(value) => Some(go_float::single(value).into()),
            Self::Null | Self::Collection => None,
        }
    }

    /// The digits of a number that Go reads as an `int64`.
    pub(super) fn integer(&self) -> Option<SmolStr> {
        match *self {
            Self::Integer(value) => i64::try_from(value).ok().map(|value| value.to_string().into()),
            Self::Float(value) => {
                let digits = yaml11::float(value).ok()?;
                digits.parse::<i64>().ok().map(|_| digits.into())
            }
            _ => None,
        }
    }
}

/// A truth value as JSON has it.
pub(super) fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
