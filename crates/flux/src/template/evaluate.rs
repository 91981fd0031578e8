//! Evaluation of a parsed template, bounded in steps, depth and size.

use std::ops::Range;

use super::function::{self, Parameter};
use super::items::{Items, items};
use super::tree::{Node, Operand, Pipeline};
use super::{Piece, PieceKind, Rendered, Template, TemplateError, Value};

/// What one rendering may take: nodes, calls, and what functions make.
const MAX_STEPS: usize = 2_000_000;

/// Results longer than this are refused, in bytes.
const MAX_TEXT: usize = 4 * 1024 * 1024;

/// How deep templates may call each other.
const MAX_CALLS: usize = 100;

/// How deep nodes may be nested in calls: each level of evaluation uses stack.
const MAX_DEPTH: usize = 1_000;

pub(super) fn render(template: &Template, inputs: &Value) -> Result<Rendered, TemplateError> {
    let mut state = State {
        template,
        inputs,
        out: Rendered::default(),
        variables: vec![Variable { name: "$".to_owned(), value: Value::Nil, path: None }],
        dot_path: None,
        steps: MAX_STEPS,
        calls: 0,
        depth: 0,
    };
    state.list(&Value::Nil, &template.nodes)?;
    Ok(state.out)
}

struct State<'a> {
    template: &'a Template,
    inputs: &'a Value,
    out: Rendered,
    variables: Vec<Variable>,
    /// Where `.` is below `inputs`, if it is a part of them.
    dot_path: Path,
    steps: usize,
    calls: usize,
    depth: usize,
}

/// The steps below `inputs` that lead to a value: keys and positions.
type Path = Option<Vec<String>>;

/// A variable of the template, with its `$`.
struct Variable {
    name: String,
    value: Value,
    path: Path,
}

/// How a list of nodes ended.
#[derive(Clone, Copy, PartialEq)]
enum Flow {
    Done,
    Break,
    Continue,
}

impl State<'_> {
    fn spend(&mut self, steps: usize) -> Result<(), TemplateError> {
        match self.steps.checked_sub(steps + 1) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(TemplateError::wrong("the template takes too long or produces too much output")),
        }
    }

    fn write(&mut self, text: &str, from: &Range<usize>, kind: PieceKind) -> Result<(), TemplateError> {
        let start = self.out.text.len();
        if start + text.len() > MAX_TEXT {
            return Err(TemplateError::wrong(format!("the template produces more than {MAX_TEXT} bytes")));
        }
        self.out.text.push_str(text);
        self.out.pieces.push(Piece { at: start..start + text.len(), from: from.clone(), kind });
        Ok(())
    }

    fn list(&mut self, dot: &Value, nodes: &[Node]) -> Result<Flow, TemplateError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TemplateError::wrong("templates call each other endlessly"));
        }
        for node in nodes {
            let flow = self.node(dot, node)?;
            if flow != Flow::Done {
                self.depth -= 1;
                return Ok(flow);
            }
        }
        self.depth -= 1;
        Ok(Flow::Done)
    }

    fn node(&mut self, dot: &Value, node: &Node) -> Result<Flow, TemplateError> {
        self.spend(0)?;
        match node {
            Node::Text { text, at } => self.write(text, at, PieceKind::Text)?,
            Node::Action { pipeline, at } => {
                let value = self.pipeline(dot, pipeline).map_err(|fault| fault.within(at))?;
                if pipeline.variables.is_empty() {
                    let shown = match value {
                        Value::Nil => "<no value>".to_owned(),
                        value => value.shown().map_err(|fault| fault.within(at))?,
                    };
                    let path = self.path(pipeline).filter(|path| !path.is_empty());
                    self.write(&shown, at, PieceKind::Action(path)).map_err(|fault| fault.within(at))?;
                }
            }
            Node::If { pipeline, then, otherwise, at } => {
                let known = self.variables.len();
                let value = self.pipeline(dot, pipeline).and_then(known_value).map_err(|fault| fault.within(at))?;
                let flow = self.list(dot, if value.is_true() { then } else { otherwise })?;
                self.variables.truncate(known);
                return Ok(flow);
            }
            Node::With { pipeline, then, otherwise, at } => {
                let known = self.variables.len();
                let path = self.path(pipeline);
                let value = self.pipeline(dot, pipeline).and_then(known_value).map_err(|fault| fault.within(at))?;
                let flow = if value.is_true() { self.list_at(&value, path, then)? } else { self.list(dot, otherwise)? };
                self.variables.truncate(known);
                return Ok(flow);
            }
            Node::Range { pipeline, then, otherwise, at } => return self.range(dot, pipeline, then, otherwise, at),
            Node::Template { name, pipeline, at } => {
                self.call_template(dot, name, pipeline.as_ref()).map_err(|fault| fault.within(at))?;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Done)
    }

    fn range(
        &mut self,
        dot: &Value,
        pipeline: &Pipeline,
        then: &[Node],
        otherwise: &[Node],
        at: &Range<usize>,
    ) -> Result<Flow, TemplateError> {
        let known = self.variables.len();
        let path = self.path(pipeline);
        let value = self.pipeline(dot, pipeline).and_then(known_value).map_err(|fault| fault.within(at))?;
        let items = items(&value, pipeline.variables.len()).map_err(|fault| fault.within(at))?;
        let mark = self.variables.len();
        let is_empty = matches!(&items, Items::Count(count) if *count <= 0)
            || matches!(&items, Items::Pairs(pairs) if pairs.is_empty());
        if is_empty {
            let flow = self.list(dot, otherwise)?;
            self.variables.truncate(known);
            return Ok(flow);
        }
        let mut index = 0;
        while let Some((key, item)) = items.get(index) {
            self.spend(0).map_err(|fault| fault.within(at))?;
            let step = key.shown().ok().filter(|_| matches!(items, Items::Pairs(_)));
            let path = path.clone().zip(step).map(|(path, step)| [path, vec![step.to_string()]].concat());
            self.bind(pipeline, key, (item.clone(), path.clone()), mark);
            let flow = self.list_at(&item, path, then)?;
            self.variables.truncate(mark);
            if flow == Flow::Break {
                break;
            }
            index += 1;
        }
        self.variables.truncate(known);
        Ok(Flow::Done)
    }

    /// Sets the variables of a `range` for one element; those of a declaration lie right below `mark`.
    fn bind(&mut self, pipeline: &Pipeline, key: Value, item: (Value, Path), mark: usize) {
        let values = match pipeline.variables.len() {
            0 => return,
            1 => vec![item],
            _ => vec![(key, None), item],
        };
        let count = values.len();
        for (offset, (name, (value, path))) in pipeline.variables.iter().zip(values).enumerate() {
            match pipeline.assigns {
                true => self.assign(name, value, path),
                false => {
                    if let Some(slot) = (mark + offset).checked_sub(count).and_then(|it| self.variables.get_mut(it)) {
                        (slot.value, slot.path) = (value, path);
                    }
                }
            }
        }
    }

    fn assign(&mut self, name: &str, value: Value, path: Path) {
        if let Some(slot) = self.variables.iter_mut().rev().find(|known| known.name == name) {
            (slot.value, slot.path) = (value, path);
        }
    }

    /// Where the value of a pipeline is below `inputs`, if it is nothing but a path to it.
    fn path(&self, pipeline: &Pipeline) -> Path {
        let [command] = pipeline.commands.as_slice() else { return None };
        let [operand] = command.as_slice() else { return None };
        let of_variable = |name: &str| self.variables.iter().rev().find(|known| known.name == name)?.path.clone();
        let (base, fields): (Vec<String>, &[String]) = match operand {
            Operand::Function(name, fields) if name == "inputs" => (Vec::new(), fields),
            Operand::Dot => (self.dot_path.clone()?, &[]),
            Operand::Field(fields) => (self.dot_path.clone()?, fields),
            Operand::Variable(name, fields) => (of_variable(name)?, fields),
            _ => return None,
        };
        Some([&base, fields].concat())
    }

    /// Evaluates nodes with another `.`, and where it is.
    fn list_at(&mut self, dot: &Value, path: Path, nodes: &[Node]) -> Result<Flow, TemplateError> {
        let outer = std::mem::replace(&mut self.dot_path, path);
        let flow = self.list(dot, nodes);
        self.dot_path = outer;
        flow
    }

    fn call_template(&mut self, dot: &Value, name: &str, pipeline: Option<&Pipeline>) -> Result<(), TemplateError> {
        let template = self.template;
        let defined = template.defined.iter().rev().find(|(known, _)| known == name);
        let Some((_, nodes)) = defined else {
            return Err(TemplateError::wrong(format!("template `{name}` is not defined")));
        };
        if self.calls >= MAX_CALLS {
            return Err(TemplateError::wrong(format!("template `{name}` calls itself endlessly")));
        }
        let path = pipeline.and_then(|pipeline| self.path(pipeline));
        let argument = match pipeline {
            Some(pipeline) => self.pipeline(dot, pipeline)?,
            None => Value::Nil,
        };
        self.calls += 1;
        let own = Variable { name: "$".to_owned(), value: argument.clone(), path: path.clone() };
        let variables = std::mem::replace(&mut self.variables, vec![own]);
        self.list_at(&argument, path, nodes)?;
        self.variables = variables;
        self.calls -= 1;
        Ok(())
    }

    fn pipeline(&mut self, dot: &Value, pipeline: &Pipeline) -> Result<Value, TemplateError> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(dot, command, value)?);
        }
        let value = value.unwrap_or_default();
        if pipeline.variables.is_empty() {
            return Ok(value);
        }
        let path = self.path(pipeline);
        for name in &pipeline.variables {
            let (value, path) = (value.clone(), path.clone());
            match pipeline.assigns {
                true => self.assign(name, value, path),
                false => self.variables.push(Variable { name: name.clone(), value, path }),
            }
        }
        Ok(value)
    }

    fn command(&mut self, dot: &Value, command: &[Operand], piped: Option<Value>) -> Result<Value, TemplateError> {
        let Some((first, arguments)) = command.split_first() else { return Ok(Value::Nil) };
        let has_arguments = !arguments.is_empty() || piped.is_some();
        match first {
            // Fields after a function are those of its result: with arguments it is none that can be called.
            Operand::Function(name, fields) if fields.is_empty() => self.call(dot, name, arguments, piped),
            Operand::Nil => Err(TemplateError::wrong("`nil` is not a command")),
            _ if has_arguments => Err(TemplateError::wrong("arguments after something that is not a function")),
            operand => self.operand(dot, operand, Parameter::Any),
        }
    }

    /// The value of an operand, as a parameter takes it.
    fn operand(&mut self, dot: &Value, operand: &Operand, parameter: Parameter) -> Result<Value, TemplateError> {
        self.spend(0)?;
        let value = match operand {
            Operand::Nil => Value::Nil,
            Operand::Dot => dot.clone(),
            Operand::Bool(value) => Value::Bool(*value),
            Operand::Text(text) => Value::text(text.as_str()),
            Operand::Float(value) => match (parameter, *value) {
                (Parameter::Int, value) if value.fract() == 0.0 && value.abs() < 9e15 => Value::Int(value as i64),
                (_, value) => Value::Float(value),
            },
            Operand::Int(value) if parameter == Parameter::Float => Value::Float(*value as f64),
            Operand::Int(value) => Value::Int(*value),
            Operand::Field(names) => fields(dot.clone(), names)?,
            Operand::Variable(name, names) => {
                let found = self.variables.iter().rev().find(|known| known.name == *name);
                let value = found.map(|known| known.value.clone());
                fields(value.ok_or_else(|| TemplateError::wrong(format!("variable `{name}` is not defined")))?, names)?
            }
            Operand::Function(name, names) => fields(self.call(dot, name, &[], None)?, names)?,
            Operand::Pipeline(pipeline, names) => fields(self.pipeline(dot, pipeline)?, names)?,
        };
        parameter.check(value)
    }

    fn call(
        &mut self,
        dot: &Value,
        name: &str,
        operands: &[Operand],
        piped: Option<Value>,
    ) -> Result<Value, TemplateError> {
        match name {
            "inputs" if operands.is_empty() && piped.is_none() => return Ok(self.inputs.clone()),
            "inputs" => return Err(TemplateError::wrong("`inputs` takes no arguments")),
            "and" | "or" => return self.shortcut(dot, name == "or", operands, piped),
            _ => {}
        }
        let Some(function) = function::find(name) else {
            return Err(TemplateError::undetermined(format!("fleetlint does not know the template function `{name}`")));
        };
        let count = operands.len() + usize::from(piped.is_some());
        function.check_count(name, count)?;
        let mut values = Vec::with_capacity(count);
        for (index, operand) in operands.iter().enumerate() {
            values.push(self.operand(dot, operand, function.parameter(index))?);
        }
        if let Some(value) = piped {
            values.push(function.parameter(values.len()).check(value)?);
        }
        let weight = values.iter().map(Value::size).fold(0, usize::saturating_add);
        self.spend(weight)?;
        let result = (function.call)(&values).map_err(|fault| named(name, fault))?;
        self.spend(result.size())?;
        Ok(result)
    }

    /// `and` and `or` evaluate no more than they need.
    fn shortcut(
        &mut self,
        dot: &Value,
        stops_at: bool,
        operands: &[Operand],
        piped: Option<Value>,
    ) -> Result<Value, TemplateError> {
        let mut last = None;
        for operand in operands {
            let value = known_value(self.operand(dot, operand, Parameter::Any)?)?;
            if value.is_true() == stops_at {
                return Ok(value);
            }
            last = Some(value);
        }
        piped.or(last).ok_or_else(|| TemplateError::wrong("`and` and `or` need an argument"))
    }
}

fn named(name: &str, fault: TemplateError) -> TemplateError {
    TemplateError { message: format!("`{name}`: {}", fault.message), ..fault }
}

fn known_value(value: Value) -> Result<Value, TemplateError> {
    match value {
        Value::Unknown(why) => Err(TemplateError::undetermined(why.as_str())),
        value => Ok(value),
    }
}

/// A path of fields. A key that is not there is an error (`missingkey=error`).
fn fields(value: Value, names: &[String]) -> Result<Value, TemplateError> {
    names.iter().try_fold(value, |value, name| match &value {
        Value::Map(entries) => {
            let found = entries.get(name.as_str()).cloned();
            found.ok_or_else(|| TemplateError::no_key(name))
        }
        Value::Nil => Err(TemplateError::wrong(format!("there is no key `{name}`: the value before it is null"))),
        Value::Unknown(why) => Err(TemplateError::undetermined(why.as_str())),
        other => Err(TemplateError::wrong(format!("there is no key `{name}` in a {}", other.type_name()))),
    })
}
