//! What transformers touch: kustomize's built-in field specs, and those that `configurations` and `crds` add (section 7).

mod crds;
mod defaults;
mod read;

use std::sync::LazyLock;

use super::field_spec::{self, FieldSpec};
use super::id::Gvk;
use super::order;

pub(super) use crds::read_crds;
pub(super) use read::read_configuration;

/// The field specs of an accumulation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TransformerConfig {
    pub(super) name_prefix: Vec<FieldSpec>,
    pub(super) name_suffix: Vec<FieldSpec>,
    pub(super) namespace: Vec<FieldSpec>,
    pub(super) common_labels: Vec<FieldSpec>,
    pub(super) labels: Vec<FieldSpec>,
    pub(super) template_labels: Vec<FieldSpec>,
    pub(super) common_annotations: Vec<FieldSpec>,
    pub(super) name_reference: Vec<NameReference>,
    pub(super) var_reference: Vec<FieldSpec>,
    pub(super) images: Vec<FieldSpec>,
    pub(super) replicas: Vec<FieldSpec>,
}

/// The field specs that an accumulation has taken in. Each folder and each component merges them again, and every merge may
/// drop a general spec after a special one of the same field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Specs {
    #[default]
    None,
    Builtin,
    /// The built-in ones with what `configurations` and `crds` added.
    Own(Box<TransformerConfig>),
}

impl Specs {
    /// Merges others into these, as kustomize does for each folder.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), String> {
        *self = match (&*self, other) {
            (_, Self::None) => return Ok(()),
            (Self::None | Self::Builtin, Self::Builtin) => Self::Builtin,
            (mine, theirs) => {
                let mut merged = mine.all().clone();
                merged.merge(theirs.all())?;
                Self::Own(Box::new(merged))
            }
        };
        Ok(())
    }

    /// All of them.
    pub(super) fn all(&self) -> &TransformerConfig {
        static NONE: LazyLock<TransformerConfig> = LazyLock::new(TransformerConfig::default);
        match self {
            Self::None => &NONE,
            Self::Builtin => TransformerConfig::builtin(),
            Self::Own(specs) => specs,
        }
    }
}

/// The fields that hold the name of a kind of object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NameReference {
    pub(super) target: Gvk,
    pub(super) referrers: Vec<FieldSpec>,
}

impl TransformerConfig {
    /// Whether it names no field.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another config has on top. Lists to which nothing is added stay as they are.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), String> {
        let lists: [(&str, &mut Vec<FieldSpec>, &[FieldSpec]); 10] = [
            ("NamePrefix", &mut self.name_prefix, &other.name_prefix),
            ("NameSuffix", &mut self.name_suffix, &other.name_suffix),
            ("NameSpace", &mut self.namespace, &other.namespace),
            ("CommonAnnotations", &mut self.common_annotations, &other.common_annotations),
            ("CommonLabels", &mut self.common_labels, &other.common_labels),
            ("Labels", &mut self.labels, &other.labels),
            ("TemplateLabels", &mut self.template_labels, &other.template_labels),
            ("VarReference", &mut self.var_reference, &other.var_reference),
            ("Images", &mut self.images, &other.images),
            ("Replicas", &mut self.replicas, &other.replicas),
        ];
        for (name, into, more) in lists.into_iter().filter(|(_, _, more)| !more.is_empty()) {
            field_spec::merge(into, more).map_err(|error| format!("failed to merge {name} fieldSpec: {error}"))?;
            into.sort_by_cached_key(|spec| order::kind_key(&spec.gvk));
        }
        for reference in &other.name_reference {
            self.add_name_reference(reference)
                .map_err(|error| format!("failed to merge NameReference fieldSpec: {error}"))?;
        }
        if !other.name_reference.is_empty() {
            self.name_reference.sort_by_cached_key(|reference| order::kind_key(&reference.target));
        }
        Ok(())
    }

    fn add_name_reference(&mut self, reference: &NameReference) -> Result<(), String> {
        match self.name_reference.iter_mut().find(|have| have.target == reference.target) {
            Some(have) => field_spec::merge(&mut have.referrers, &reference.referrers),
            None => {
                self.name_reference.push(reference.clone());
                Ok(())
            }
        }
    }
}
