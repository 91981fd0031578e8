//! What a `range` goes through.

use super::{TemplateError, Value};

/// What a `range` goes through.
pub(super) enum Items {
    Count(i64),
    Pairs(Vec<(Value, Value)>),
}

impl Items {
    pub(super) fn get(&self, index: usize) -> Option<(Value, Value)> {
        match self {
            Self::Count(count) => {
                let index = i64::try_from(index).ok().filter(|index| index < count)?;
                Some((Value::Nil, Value::Int(index)))
            }
            Self::Pairs(pairs) => pairs.get(index).cloned(),
        }
    }
}

/// The elements of a value; `variables` is how many the `range` declares.
pub(super) fn items(value: &Value, variables: usize) -> Result<Items, TemplateError> {
    let pairs = match value {
        Value::Nil => Vec::new(),
        Value::List(items) => {
            let index = |index: usize| Value::Int(i64::try_from(index).unwrap_or(i64::MAX));
            items.iter().enumerate().map(|(at, item)| (index(at), item.clone())).collect()
        }
        Value::Map(entries) => entries.iter().map(|(key, value)| (Value::Text(key.clone()), value.clone())).collect(),
        Value::Int(count) | Value::Int64(count) if variables < 2 => return Ok(Items::Count(*count)),
        other => return Err(TemplateError::wrong(format!("`range` cannot iterate over a {}", other.type_name()))),
    };
    Ok(Items::Pairs(pairs))
}
