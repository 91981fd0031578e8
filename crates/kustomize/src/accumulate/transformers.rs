//! The built-in transformers, in kustomize's fixed order (section 2, step 5).

use fleetlint_yaml::Node;
use fleetlint_yaml::problem::{Problem, ProblemKind};

use super::super::Remark;
use super::super::build_metadata::note_transformation;
use super::super::config::TransformerConfig;
use super::super::field_spec::{self, FieldSpec};
use super::super::kustomization::{Kustomization, LabelEntry};
use super::super::load::Site;
use super::super::resmap::ResMap;
use super::super::transform::{
    Affix, NamespaceArguments, add_affix, set_annotations, set_images, set_labels, set_namespace, set_replicas,
};
use super::{Accumulation, Builder};

impl Builder<'_> {
    /// Runs the transformers of a kustomization's fields, then its plugins.
    pub(super) fn transform(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        let specs = std::mem::take(&mut current.specs);
        let config = specs.all();
        self.patch(site, file, current);
        self.rename(site, file, config, current);
        self.label(site, file, config, current);
        self.patch_json6902(site, file, current);
        for entry in &file.replicas {
            set_replicas(&mut current.resources, entry, &config.replicas, &mut self.problems);
            self.note(site, "ReplicaCountTransformer", current);
        }
        for entry in &file.images {
            set_images(&mut current.resources, entry, &config.images, &mut self.problems);
            self.note(site, "ImageTagTransformer", current);
        }
        self.replace(site, file, current);
        self.run_transformer_plugins(site, file, current);
        current.specs = specs;
    }

    fn rename(&mut self, site: &Site, file: &Kustomization, config: &TransformerConfig, current: &mut Accumulation) {
        if let Some(namespace) = &file.namespace {
            let arguments =
                NamespaceArguments { namespace, specs: &config.namespace, unset_only: false, subjects: "defaultOnly" };
            self.remark_renamed(namespace, &current.resources);
            set_namespace(&mut current.resources, &arguments, &mut self.problems);
            self.missing.is_moved = true;
            self.note(site, "NamespaceTransformer", current);
        }
        self.missing.is_renamed |= file.name_prefix.is_some() || file.name_suffix.is_some();
        if let Some(prefix) = &file.name_prefix {
            let specs = &config.name_prefix;
            add_affix(&mut current.resources, Affix::Prefix, prefix, specs, &mut self.problems);
            self.note(site, "PrefixTransformer", current);
        }
        if let Some(suffix) = &file.name_suffix {
            let specs = &config.name_suffix;
            add_affix(&mut current.resources, Affix::Suffix, suffix, specs, &mut self.problems);
            self.note(site, "SuffixTransformer", current);
        }
    }

    /// Notes the Namespaces that a `namespace` renames.
    fn remark_renamed(&mut self, namespace: &Node, resources: &ResMap) {
        let is_v1 = |node: &Node| node.get("apiVersion").and_then(Node::text) == Some("v1");
        let is_namespace = |node: &Node| node.get("kind").and_then(Node::text) == Some("Namespace") && is_v1(node);
        let names = resources.iter().map(|resource| &resource.node).filter(|node| is_namespace(node));
        let names = names.filter_map(|node| node.at("/metadata/name"));
        let renamed = names.filter(|name| name.text() != namespace.text());
        let remark = |name: &Node| Remark::RenamedNamespace { name: name.clone(), namespace: namespace.clone() };
        self.remarks.extend(renamed.map(remark));
    }

    fn label(&mut self, site: &Site, file: &Kustomization, config: &TransformerConfig, current: &mut Accumulation) {
        for entry in &file.labels {
            match label_specs(entry, config) {
                Ok(specs) => set_labels(&mut current.resources, &entry.pairs, &specs, &mut self.problems),
                Err(message) => {
                    let place = entry.fields.first().and_then(Node::place).or(file.place);
                    self.problems.push(Problem::new(ProblemKind::KustomizeFailed, message, place));
                }
            }
            self.note(site, "LabelTransformer", current);
        }
        if !file.labels.is_empty() || !file.common_labels.is_empty() {
            set_labels(&mut current.resources, &file.common_labels, &config.common_labels, &mut self.problems);
            self.note(site, "LabelTransformer", current);
        }
        if !file.common_annotations.is_empty() {
            let specs = &config.common_annotations;
            set_annotations(&mut current.resources, &file.common_annotations, specs, &mut self.problems);
            self.note(site, "AnnotationsTransformer", current);
        }
    }

    /// Notes that a transformer ran, if the root asks for it.
    pub(super) fn note(&mut self, site: &Site, plugin: &str, current: &mut Accumulation) {
        if let Some(origin) = self.origin(site, plugin) {
            note_transformation(&mut current.resources, &origin);
        }
    }
}

/// The fields that an entry of `labels` sets.
fn label_specs(entry: &LabelEntry, config: &TransformerConfig) -> Result<Vec<FieldSpec>, String> {
    let mut specs: Vec<FieldSpec> = entry.fields.iter().map(FieldSpec::of).collect();
    let mut add = |more: &[FieldSpec]| {
        field_spec::merge(&mut specs, more).map_err(|error| format!("failed to merge labels: {error}"))
    };
    add(&config.labels)?;
    if entry.include_selectors {
        add(&config.common_labels)?;
    } else {
        if entry.include_templates {
            add(&config.template_labels)?;
        }
        add(&[FieldSpec::everywhere("metadata/labels", true)])?;
    }
    Ok(specs)
}
