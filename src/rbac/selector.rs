//! Label selectors, as aggregation rules have them.

use smol_str::SmolStr;

use crate::yaml::Node;

/// The labels of an object.
pub(super) type Labels = Vec<(SmolStr, SmolStr)>;

/// A label selector: all of its requirements have to be met, so that one without any selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Requirement {
    In(SmolStr, Vec<SmolStr>),
    NotIn(SmolStr, Vec<SmolStr>),
    Exists(SmolStr),
    DoesNotExist(SmolStr),
    /// What the API server does not know selects nothing.
    Unknown,
}

impl Selector {
    /// What selects one value of one label.
    pub(super) fn of_label(key: &str, value: &str) -> Self {
        Self { requirements: vec![Requirement::In(key.into(), vec![value.into()])] }
    }

    /// Reads `matchLabels` and `matchExpressions`.
    pub(super) fn read(node: &Node) -> Self {
        let labels = node.get("matchLabels").map(Node::entries).unwrap_or_default().iter();
        let labels = labels.filter_map(|entry| {
            let value = entry.value.text().unwrap_or_default();
            Some(Requirement::In(entry.key.text()?.into(), vec![value.into()]))
        });
        let expressions = node.get("matchExpressions").map(Node::items).unwrap_or_default();
        Self { requirements: labels.chain(expressions.iter().map(Requirement::read)).collect() }
    }

    /// Whether it selects an object with these labels.
    pub(super) fn selects(&self, labels: &Labels) -> bool {
        let value = |key: &SmolStr| labels.iter().find(|(known, _)| known == key).map(|(_, value)| value);
        self.requirements.iter().all(|requirement| match requirement {
            Requirement::In(key, values) => value(key).is_some_and(|it| values.contains(it)),
            Requirement::NotIn(key, values) => value(key).is_none_or(|it| !values.contains(it)),
            Requirement::Exists(key) => value(key).is_some(),
            Requirement::DoesNotExist(key) => value(key).is_none(),
            Requirement::Unknown => false,
        })
    }
}

impl Requirement {
    fn read(node: &Node) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::text).unwrap_or_default();
        let values = node.get("values").map(Node::items).unwrap_or_default();
        let values: Vec<SmolStr> = values.iter().filter_map(Node::text).map(SmolStr::from).collect();
        let key = SmolStr::from(text("key"));
        match text("operator") {
            "In" => Self::In(key, values),
            "NotIn" => Self::NotIn(key, values),
            "Exists" => Self::Exists(key),
            "DoesNotExist" => Self::DoesNotExist(key),
            _ => Self::Unknown,
        }
    }
}

/// The labels in an object's metadata.
pub(super) fn labels_of(root: &Node) -> Labels {
    let labels = root.at("/metadata/labels").map(Node::entries).unwrap_or_default();
    let pair = |key: &Node, value: &Node| Some((key.text()?.into(), value.text()?.into()));
    labels.iter().filter_map(|entry| pair(&entry.key, &entry.value)).collect()
}
