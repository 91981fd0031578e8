//! Evaluates expressions.

use std::borrow::Cow;

use super::fault::Fault;
use super::parser::Expression;
use super::value::{Value, View};
use crate::kinds::Scope;
use crate::validate::pattern::matches;

type Evaluated<'a> = Result<Value<'a>, Fault>;

/// Macros in each other, each over a list, cost the product of the lengths.
const MAX_STEPS: usize = 100_000;

pub(super) struct Evaluator<'a> {
    scope: Scope<'a>,
    /// The innermost last.
    variables: Vec<(&'a str, Value<'a>)>,
    steps: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(scope: Scope<'a>, own: Value<'a>) -> Self {
        Self { scope, variables: vec![("self", own)], steps: 0 }
    }

    pub(super) fn evaluate(&mut self, expression: &'a Expression) -> Evaluated<'a> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Fault::Unsupported);
        }
        match expression {
            Expression::Text(text) => Ok(Value::Text(Cow::Borrowed(text))),
            Expression::Int(value) => Ok(Value::Int(*value)),
            Expression::Bool(value) => Ok(Value::Bool(*value)),
            Expression::Null => Ok(Value::Null),
            Expression::List(items) => {
                items.iter().map(|item| self.evaluate(item)).collect::<Result<_, _>>().map(Value::List)
            }
            Expression::Name(name) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                known.map(|(_, value)| value.clone()).ok_or(Fault::Unsupported)
            }
            Expression::Select(of, name) => self.selected(of, name)?.unwrap_or(Err(Fault::Fails)),
            Expression::Index(of, index) => match (self.evaluate(of)?, self.evaluate(index)?) {
                (Value::View(view), Value::Int(index)) => {
                    let mut items = view.items(self.scope).ok_or(Fault::Fails)?;
                    let index = usize::try_from(index).map_err(|_| Fault::Fails)?;
                    items.nth(index).unwrap_or(Err(Fault::Fails))
                }
                (Value::View(view), Value::Text(key)) if view.node.as_mapping().is_some() => {
                    view.get(&key, self.scope).unwrap_or(Err(Fault::Fails))
                }
                _ => Err(Fault::Unsupported),
            },
            Expression::Not(inner) => self.truth(inner).map(|value| Value::Bool(!value)),
            Expression::Negative(inner) => match self.evaluate(inner)? {
                Value::Int(value) => value.checked_neg().map(Value::Int).ok_or(Fault::Fails),
                Value::Float(value) => Ok(Value::Float(-value)),
                _ => Err(Fault::Fails),
            },
            Expression::Binary("&&", left, right) => self.logic(left, right, false),
            Expression::Binary("||", left, right) => self.logic(left, right, true),
            Expression::Binary(sign, left, right) => {
                let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
                self.compare(sign, &left, &right).map(Value::Bool)
            }
            Expression::Choice(parts) => {
                let [condition, then, otherwise] = &**parts;
                match self.truth(condition)? {
                    true => self.evaluate(then),
                    false => self.evaluate(otherwise),
                }
            }
            Expression::Call(target, name, arguments) => self.call(target.as_deref(), name, arguments),
        }
    }

    /// The value of a field of something; `None` where it is not set.
    fn selected(&mut self, of: &'a Expression, name: &str) -> Result<Option<Evaluated<'a>>, Fault> {
        match self.evaluate(of)? {
            Value::View(view) if view.node.as_mapping().is_some() => Ok(view.get(name, self.scope)),
            Value::Filled => Err(Fault::Unsupported),
            _ => Err(Fault::Fails),
        }
    }

    fn truth(&mut self, expression: &'a Expression) -> Result<bool, Fault> {
        match self.evaluate(expression)? {
            Value::Bool(value) => Ok(value),
            _ => Err(Fault::Fails),
        }
    }

    /// `&&` (decided by false) and `||` (by true): one side can decide even if the other one fails.
    fn logic(&mut self, left: &'a Expression, right: &'a Expression, decides: bool) -> Evaluated<'a> {
        let left = self.truth(left);
        if left == Ok(decides) {
            return Ok(Value::Bool(decides));
        }
        match (left, self.truth(right)) {
            (_, Ok(right)) if right == decides => Ok(Value::Bool(decides)),
            (Ok(_), Ok(_)) => Ok(Value::Bool(!decides)),
            (Err(Fault::Unsupported), _) | (_, Err(Fault::Unsupported)) => Err(Fault::Unsupported),
            _ => Err(Fault::Fails),
        }
    }

    fn compare(&self, sign: &str, left: &Value<'_>, right: &Value<'_>) -> Result<bool, Fault> {
        match sign {
            "==" => equal(left, right),
            "!=" => equal(left, right).map(|is_equal| !is_equal),
            "in" => match right {
                Value::List(items) => items.iter().try_fold(false, |found, item| Ok(found || equal(left, item)?)),
                Value::View(view) => {
                    let mut items = view.items(self.scope).ok_or(Fault::Unsupported)?;
                    items.try_fold(false, |found, item| Ok(found || equal(left, &item?)?))
                }
                _ => Err(Fault::Unsupported),
            },
            _ => {
                let order = match (left, right) {
                    (Value::Int(left), Value::Int(right)) => left.partial_cmp(right),
                    (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
                    (Value::Text(left), Value::Text(right)) => left.partial_cmp(right),
                    _ => return Err(Fault::Unsupported),
                };
                let Some(order) = order else { return Ok(false) };
                match sign {
                    "<" => Ok(order.is_lt()),
                    "<=" => Ok(order.is_le()),
                    ">" => Ok(order.is_gt()),
                    ">=" => Ok(order.is_ge()),
                    _ => Err(Fault::Unsupported),
                }
            }
        }
    }

    fn call(&mut self, target: Option<&'a Expression>, name: &str, arguments: &'a [Expression]) -> Evaluated<'a> {
        match (target, name, arguments) {
            (None, "has", [Expression::Select(of, name)]) => {
                self.selected(of, name).map(|value| Value::Bool(value.is_some()))
            }
            (None, "size", [of]) | (Some(of), "size", []) => {
                let value = self.evaluate(of)?;
                self.size(&value)
            }
            (Some(list), "all" | "exists" | "exists_one", [Expression::Name(variable), condition]) => {
                self.over(list, name, variable, condition)
            }
            (Some(text), _, _) => {
                let text = self.evaluate(text)?;
                let arguments: Vec<Value<'_>> =
                    arguments.iter().map(|it| self.evaluate(it)).collect::<Result<_, _>>()?;
                of_text(&text, name, &arguments)
            }
            _ => Err(Fault::Unsupported),
        }
    }

    fn size(&self, value: &Value<'_>) -> Evaluated<'a> {
        let count = match value {
            Value::Text(text) => text.chars().count(),
            Value::List(items) => items.len(),
            Value::View(view) => view.node.items().len().max(view.node.entries().len()),
            Value::Filled => return Err(Fault::Unsupported),
            _ => return Err(Fault::Fails),
        };
        i64::try_from(count).map(Value::Int).map_err(|_| Fault::Unsupported)
    }

    /// A macro over the items of a list.
    fn over(
        &mut self,
        list: &'a Expression,
        name: &str,
        variable: &'a str,
        condition: &'a Expression,
    ) -> Evaluated<'a> {
        let items: Vec<Value<'a>> = match self.evaluate(list)? {
            Value::View(View { node, field }) => {
                let items = View { node, field }.items(self.scope).ok_or(Fault::Unsupported)?;
                items.collect::<Result<_, _>>()?
            }
            Value::List(items) => items,
            Value::Filled => return Err(Fault::Unsupported),
            _ => return Err(Fault::Fails),
        };
        let (mut holds, mut fault) = (0, None);
        let count = items.len();
        for item in items {
            self.variables.push((variable, item));
            let is_so = self.truth(condition);
            self.variables.pop();
            match is_so {
                Ok(false) if name == "all" => return Ok(Value::Bool(false)),
                Ok(true) if name == "exists" => return Ok(Value::Bool(true)),
                Ok(is_so) => holds += usize::from(is_so),
                Err(Fault::Unsupported) => fault = Some(Fault::Unsupported),
                Err(found) => fault = fault.or(Some(found)),
            }
        }
        match (fault, name) {
            (Some(fault), _) => Err(fault),
            (None, "all") => Ok(Value::Bool(holds == count)),
            (None, "exists") => Ok(Value::Bool(holds > 0)),
            (None, _) => Ok(Value::Bool(holds == 1)),
        }
    }
}

fn of_text<'a>(text: &Value<'a>, name: &str, arguments: &[Value<'a>]) -> Evaluated<'a> {
    let Value::Text(text) = text else { return Err(Fault::Fails) };
    match (name, arguments) {
        ("startsWith", [Value::Text(part)]) => Ok(Value::Bool(text.starts_with(&**part))),
        ("endsWith", [Value::Text(part)]) => Ok(Value::Bool(text.ends_with(&**part))),
        ("contains", [Value::Text(part)]) => Ok(Value::Bool(text.contains(&**part))),
        ("matches", [Value::Text(pattern)]) => matches(pattern, text).map(Value::Bool).ok_or(Fault::Unsupported),
        ("substring", [Value::Int(start)]) => {
            let start = usize::try_from(*start).map_err(|_| Fault::Fails)?;
            let count = text.chars().count();
            (start <= count).then(|| Value::Text(text.chars().skip(start).collect())).ok_or(Fault::Fails)
        }
        ("startsWith" | "endsWith" | "contains" | "matches", [_]) => Err(Fault::Fails),
        _ => Err(Fault::Unsupported),
    }
}

/// Values of different types are not equal, but for numbers.
fn equal(left: &Value<'_>, right: &Value<'_>) -> Result<bool, Fault> {
    Ok(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => left == right,
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => *int as f64 == *float,
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::List(_) | Value::View(_) | Value::Filled, Value::List(_) | Value::View(_) | Value::Filled) => {
            return Err(Fault::Unsupported);
        }
        _ => false,
    })
}
