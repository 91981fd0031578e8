//! The OpenAPI schemas of a build: kustomize's own, or a file that `openapi.path` names (kustomize-semantics, section 14).
//! They say which lists a strategic merge merges, and by which keys.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::schema::{self, Builtin, BuiltinField};
use fleetlint_yaml::problem::Problem;
use fleetlint_yaml::{Node, Origin};

/// How many references may follow each other: kustomize would follow a cycle forever.
const MAX_REFERENCES: usize = 100;

/// What a build knows about types. kustomize reads a schema when it first needs one, on top of what it has read already.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Schemas {
    choice: Choice,
    is_read: bool,
    builtin: Reading,
    layers: Vec<Layer>,
}

#[derive(Clone, Debug, Default)]
enum Choice {
    #[default]
    None,
    Builtin,
    File(Arc<Definitions>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reading {
    #[default]
    NotYet,
    /// To be read after the next schema that is read.
    Delayed,
    Done,
}

#[derive(Clone, Debug)]
enum Layer {
    Builtin,
    File(Arc<Definitions>),
}

/// The definitions of a schema file.
#[derive(Debug)]
pub(in super::super) struct Definitions {
    definitions: Node,
    /// The names of definitions by API version and kind.
    types: HashMap<(SmolStr, SmolStr), SmolStr>,
    /// API versions and kinds that live outside of namespaces.
    cluster_scoped: HashSet<(SmolStr, SmolStr)>,
    /// Why it is not OpenAPI: kustomize fails when it first needs the schema.
    problem: Option<Problem>,
}

impl Schemas {
    /// Whether a kustomization has chosen a schema.
    pub(in super::super) fn is_chosen(&self) -> bool {
        !matches!(self.choice, Choice::None)
    }

    /// Chooses the schema that kustomize holds.
    pub(in super::super) fn choose_builtin(&mut self) {
        (self.choice, self.is_read) = (Choice::Builtin, false);
    }

    /// Chooses the schema of a file.
    pub(in super::super) fn choose(&mut self, definitions: Definitions) {
        (self.choice, self.is_read) = (Choice::File(Arc::new(definitions)), false);
    }

    /// Makes sure that the chosen schema is read; why it cannot be, the first time.
    pub(in super::super) fn need(&mut self) -> Option<Problem> {
        if std::mem::replace(&mut self.is_read, true) {
            return None;
        }
        let mut problem = None;
        match &self.choice {
            Choice::File(definitions) => {
                problem.clone_from(&definitions.problem);
                self.layers.push(Layer::File(Arc::clone(definitions)));
            }
            Choice::None | Choice::Builtin => {
                self.layers.push(Layer::Builtin);
                self.builtin = Reading::Done;
            }
        }
        if self.builtin == Reading::Delayed {
            self.layers.push(Layer::Builtin);
            self.builtin = Reading::Done;
        }
        problem
    }

    /// Takes note of an object: of some types kustomize has the scope at hand, for others it looks into the schema.
    pub(in super::super) fn see(&mut self, api_version: &str, kind: &str) -> Option<Problem> {
        let is_settled = self.is_read || !matches!(self.choice, Choice::File(_)) && self.builtin != Reading::NotYet;
        if is_settled || schema::shape_of(api_version, kind).is_some() {
            return None;
        }
        if let Choice::File(_) = &self.choice {
            return self.need();
        }
        self.builtin = Reading::Delayed;
        None
    }

    /// The shape of a type; unknown types have none, so that all their lists are replaced.
    pub(super) fn shape_of(&self, api_version: &str, kind: &str) -> Option<Shape<'_>> {
        if (api_version, kind) == ("kustomize.config.k8s.io/v1beta1", "Kustomization") {
            return schema::shape_of(api_version, kind).map(Shape::Builtin);
        }
        self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Builtin => schema::shape_of(api_version, kind).map(Shape::Builtin),
            Layer::File(definitions) => {
                let name = definitions.types.get(&(api_version.into(), kind.into()))?;
                Some(Shape::Own(self, definitions.definitions.get(name)?))
            }
        })
    }

    /// The definition that a reference means.
    fn resolve(&self, reference: &str) -> Option<&Node> {
        let path = reference.strip_prefix("#/definitions/")?;
        let (name, rest) = path.split_once('/').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let name = name.replace("~1", "/").replace("~0", "~");
        let definition = self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Builtin => None,
            Layer::File(definitions) => definitions.definitions.get(&name),
        })?;
        rest.map_or(Some(definition), |rest| definition.at(&format!("/{rest}")))
    }

    /// A schema with its references followed.
    fn followed<'s>(&'s self, mut schema: &'s Node) -> Option<&'s Node> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = schema.get("$ref").and_then(Node::text).filter(|text| !text.is_empty()) else {
                return Some(schema);
            };
            schema = self.resolve(reference)?;
        }
        None
    }
}

impl Definitions {
    /// Reads a schema file that became JSON.
    pub(in super::super) fn read(root: &Node) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("invalid schema file: {what}"));
        let none = || Node::mapping(Vec::new(), root.origin.clone());
        if root.as_mapping().is_none() && !root.is_null() {
            return wrong("it must be a mapping");
        }
        let definitions = root.get("definitions").filter(|it| !it.is_null()).cloned().unwrap_or_else(none);
        if definitions.as_mapping().is_none() {
            return wrong("`definitions` must be a mapping");
        }
        let mut types = HashMap::new();
        for entry in definitions.entries() {
            if entry.value.as_mapping().is_none() {
                return wrong("a definition must be a mapping");
            }
            for gvk in entry.value.get(GVK).map(Node::items).unwrap_or_default() {
                let name = entry.key.text().unwrap_or_default().into();
                types.insert(type_of(gvk)?, name);
            }
        }
        let cluster_scoped = cluster_scoped(root.get("paths"))?;
        Ok(Self { definitions, types, cluster_scoped, problem: None })
    }

    /// A schema file that cannot be read.
    pub(in super::super) fn broken(problem: Problem) -> Self {
        let definitions = Node::mapping(Vec::new(), Origin::default());
        Self { definitions, types: HashMap::new(), cluster_scoped: HashSet::new(), problem: Some(problem) }
    }

    /// A type outside of namespaces that kustomize does not know itself.
    pub(in super::super) fn some_cluster_scoped(&self) -> Option<&str> {
        let mut unknown =
            self.cluster_scoped.iter().filter(|(version, kind)| schema::shape_of(version, kind).is_none());
        unknown.next().map(|(_, kind)| kind.as_str())
    }
}

const GVK: &str = "x-kubernetes-group-version-kind";

/// The types that are read at a path without a namespace, and at none with one.
fn cluster_scoped(paths: Option<&Node>) -> Result<HashSet<(SmolStr, SmolStr)>, String> {
    let (mut cluster_scoped, mut namespaced) = (HashSet::new(), HashSet::new());
    for entry in paths.map(Node::entries).unwrap_or_default() {
        let Some(gvk) = entry.value.get("get").and_then(|get| get.get(GVK)).filter(|gvk| gvk.as_mapping().is_some())
        else {
            continue;
        };
        let named = type_of(gvk)?;
        let is_namespaced = entry.key.text().is_some_and(|path| path.contains("namespaces/{namespace}"));
        if is_namespaced {
            namespaced.insert(named)
        } else {
            cluster_scoped.insert(named)
        };
    }
    Ok(cluster_scoped.difference(&namespaced).cloned().collect())
}

fn type_of(gvk: &Node) -> Result<(SmolStr, SmolStr), String> {
    let text = |key| gvk.get(key).and_then(Node::text);
    let (Some(version), Some(kind)) = (text("version"), text("kind")) else {
        return Err("invalid schema file: a type needs a version and a kind".to_owned());
    };
    let api_version = match text("group").unwrap_or_default() {
        "" => version.to_owned(),
        group => format!("{group}/{version}"),
    };
    Ok((api_version.into(), kind.into()))
}

/// What a schema says about a mapping.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape<'s> {
    Builtin(&'static Builtin),
    Own(&'s Schemas, &'s Node),
}

/// What a schema says about a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field<'s> {
    /// Whatever it holds: no list that is merged.
    Object(Shape<'s>),
    List(ListShape<'s>),
}

/// A list whose elements are told apart by the values of keys; without keys by themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListShape<'s> {
    keys: Keys<'s>,
    element: Option<Shape<'s>>,
}

#[derive(Clone, Copy, Debug)]
enum Keys<'s> {
    Builtin(&'static [&'static str]),
    /// One key, or a list of them.
    Own(Option<&'s Node>),
}

impl<'s> Shape<'s> {
    /// What the schema says about a field; nothing where it does not know it.
    pub(super) fn field(self, name: &str) -> Option<Field<'s>> {
        match self {
            Self::Builtin(shape) => shape.field(name).map(|field| match field {
                BuiltinField::Object(shape) => Field::Object(Self::Builtin(shape)),
                BuiltinField::List(keys, element) => {
                    Field::List(ListShape { keys: Keys::Builtin(keys), element: Some(Self::Builtin(element)) })
                }
            }),
            Self::Own(schemas, schema) => {
                let of_any = || schema.get("additionalProperties").filter(|any| any.as_mapping().is_some());
                let field = schema.get("properties").and_then(|fields| fields.get(name)).or_else(of_any)?;
                schemas.followed(field).map(|field| own_field(schemas, field))
            }
        }
    }
}

fn own_field<'s>(schemas: &'s Schemas, schema: &'s Node) -> Field<'s> {
    let strategy = schema.get("x-kubernetes-patch-strategy").and_then(Node::text).unwrap_or_default();
    if !strategy.split(',').any(|word| word == "merge") {
        return Field::Object(Shape::Own(schemas, schema));
    }
    let keys = schema.get("x-kubernetes-list-map-keys").or_else(|| schema.get("x-kubernetes-patch-merge-key"));
    let is_list = match schema.get("type") {
        Some(kind) if kind.as_sequence().is_some() => {
            kind.items().len() == 1 && kind.items().first().and_then(Node::text) == Some("array")
        }
        kind => kind.and_then(Node::text) == Some("array"),
    };
    let items = schema.get("items").filter(|items| is_list && items.as_mapping().is_some());
    let element = items.and_then(|items| schemas.followed(items)).map(|items| Shape::Own(schemas, items));
    Field::List(ListShape { keys: Keys::Own(keys), element })
}

impl<'s> ListShape<'s> {
    /// The keys.
    pub(super) fn keys(self) -> Vec<&'s str> {
        match self.keys {
            Keys::Builtin(keys) => keys.to_vec(),
            Keys::Own(None) => Vec::new(),
            Keys::Own(Some(keys)) if keys.as_sequence().is_some() => {
                keys.items().iter().filter_map(Node::text).collect()
            }
            Keys::Own(Some(key)) => key.text().into_iter().collect(),
        }
    }

    /// What the schema says about its elements.
    pub(super) fn element(self) -> Option<Field<'s>> {
        self.element.map(Field::Object)
    }
}
