//! `patchesStrategicMerge`, `patches` and `patchesJson6902` (kustomize-semantics, section 6), and `replacements`.

use std::sync::Arc;

use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Span, Stream};

use super::super::Remark;
use super::super::kustomization::{Kustomization, Mode, PatchEntry, check_shape, replacement_shape};
use super::super::load::{Site, read_file};
use super::super::near::edits_within;
use super::super::patch::entry::{self, Content};
use super::super::patch::json6902::{self, Operation};
use super::super::patch::selector::{self, Selector};
use super::super::patch::strategic::Refusal;
use super::super::patch::{StrategicPatch, patch_json, patch_named, patch_selected};
use super::super::replacement;
use super::{Accumulation, Builder};

impl Builder<'_> {
    pub(super) fn patch(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        self.apply_legacy_strategic(site, &file.patches_strategic_merge, current);
        if !file.patches_strategic_merge.is_empty() {
            self.note(site, "PatchStrategicMergeTransformer", current);
        }
        self.is_component = file.is_component;
        for entry in &file.patches {
            if let Err(problem) = self.apply_entry(site, entry, current) {
                self.refuse_patch(problem);
            }
            self.note(site, "PatchTransformer", current);
        }
    }

    pub(super) fn patch_json6902(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        for entry in &file.patches_json6902 {
            if let Err(problem) = self.apply_legacy_json(site, entry, current) {
                self.refuse_patch(problem);
            }
            self.note(site, "PatchJson6902Transformer", current);
        }
    }

    /// Applies entries of `patchesStrategicMerge`.
    pub(in super::super) fn apply_legacy_strategic(
        &mut self,
        site: &Site,
        entries: &[Node],
        current: &mut Accumulation,
    ) {
        let known = self.problems.len();
        let mut is_empty = true;
        for entry in entries {
            let patches = self.legacy_strategic(site, entry);
            is_empty &= patches.is_empty();
            self.lay_over(&patches, entry.place(), current);
        }
        // One of several may hold nothing.
        if let Some(first) = entries.first().filter(|_| is_empty && self.problems.len() == known) {
            let problem = failed("the patch appears to be empty", first.place());
            self.problems.push(problem.help("write a patch, or remove the entry"));
        }
    }

    /// An entry of `patchesStrategicMerge` is tried as a text first, then as the path of a file.
    fn legacy_strategic(&mut self, site: &Site, entry: &Node) -> Vec<Node> {
        let inline = self.reader.documents.embedded(entry, false);
        if let Ok(patches) = entry::strategic(&inline, entry) {
            self.tell_of_repeated_keys(&inline);
            return patches;
        }
        let read = read_file(self.reader, self.options, site, entry).and_then(|file| {
            let stream = self.reader.documents.of(&file);
            self.tell_of_repeated_keys(&stream);
            entry::strategic(&stream, entry)
        });
        read.unwrap_or_else(|problem| {
            self.problems.push(problem);
            Vec::new()
        })
    }

    /// Of a key that a patch has twice kustomize takes one value, mostly the first, and says nothing.
    fn tell_of_repeated_keys(&mut self, stream: &Stream) {
        let repeated = stream.documents.iter().flatten().flat_map(|document| &document.duplicate_keys);
        for key in repeated {
            let told = key.clone().help("kustomize silently uses one of the values: remove the other");
            // A base with the patch may be behind several overlays.
            if !self.dropped.contains(&told) {
                self.dropped.push(told);
            }
        }
    }

    fn lay_over(&mut self, patches: &[Node], place: Option<Span>, current: &mut Accumulation) {
        self.need_schema();
        let schemas = &self.schemas.clone();
        for root in patches {
            let (allow_name_change, allow_kind_change) = (false, false);
            let patch = StrategicPatch { root, place, allow_name_change, allow_kind_change, schemas, copied: true };
            if let Err(problem) = patch_named(&mut current.resources, patch, &mut self.budget) {
                self.refuse_patch(problem);
            }
        }
    }

    /// Takes in what a patch or a replacement cannot do. Where not all resources are known, what it does not find may be
    /// among the others.
    pub(in super::super) fn refuse_patch(&mut self, problem: Problem) {
        let is_open = self.problems.iter().any(Problem::is_undetermined);
        let kind = if is_open { ProblemKind::Undetermined } else { problem.kind };
        let problem = Problem { kind, ..problem };
        // What is wrong with an object is found by each patch of it.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// An entry of `patches`.
    pub(in super::super) fn apply_entry(
        &mut self,
        site: &Site,
        entry: &PatchEntry,
        current: &mut Accumulation,
    ) -> Result<(), Problem> {
        self.missing.see_patch(entry);
        let (source, text, stream) = self.patch_text(site, entry, true)?;
        match entry::read(&text, &stream, source)? {
            Content::Nothing => Ok(()),
            Content::Strategic(patches) => {
                self.tell_of_repeated_keys(&stream);
                self.apply_strategic(entry, source, &patches, current)
            }
            Content::Json(operations) => self.apply_json(entry, source, &operations, current),
        }
    }

    fn apply_strategic(
        &mut self,
        entry: &PatchEntry,
        source: &Node,
        patches: &[Node],
        current: &mut Accumulation,
    ) -> Result<(), Problem> {
        // Where nothing is selected nobody needs the schema.
        let selected = entry.target.as_ref().map(|target| self.select(target, current)).transpose()?;
        if let (Some(target), true) = (&entry.target, selected.as_ref().is_some_and(Vec::is_empty)) {
            self.remark_unmatched(target, current);
        }
        if selected.as_ref().is_none_or(|selected| !selected.is_empty()) {
            self.need_schema();
        }
        let schemas = &self.schemas.clone();
        let patch = |root, copied| StrategicPatch {
            root,
            schemas,
            place: entry.place,
            allow_name_change: entry.allow_name_change,
            allow_kind_change: entry.allow_kind_change,
            copied,
        };
        let Some(selected) = selected else {
            let budget = &mut self.budget;
            return patches.iter().try_for_each(|root| patch_named(&mut current.resources, patch(root, false), budget));
        };
        let [root] = patches else {
            let message = "several strategic merge patches in one `patches` entry cannot have a `target`";
            let help = "leave out the target, or make one entry of each patch";
            return Err(failed(message, source.place()).help(help));
        };
        patch_selected(&mut current.resources, &selected, patch(root, true), &mut self.budget)
    }

    fn apply_json(
        &mut self,
        entry: &PatchEntry,
        source: &Node,
        operations: &[Operation],
        current: &mut Accumulation,
    ) -> Result<(), Problem> {
        let Some(target) = &entry.target else {
            return Err(failed("must specify a target for a JSON patch", source.place())
                .help("select the resources that it is for with `target`"));
        };
        self.missing.is_renamed |= operations.iter().any(Operation::may_rename);
        let mut result = Ok(());
        let selected = self.select(target, current)?;
        if selected.is_empty() {
            self.remark_unmatched(target, current);
        }
        for index in selected {
            let Some(resource) = current.resources.get_mut(index) else { continue };
            result = result.and(self.misplaced_comment(resource).map_or(Ok(()), Err));
            result = result.and(patch_json(resource, operations, entry.place, true, &mut self.budget));
        }
        result
    }

    /// An entry of `patchesJson6902`.
    pub(in super::super) fn apply_legacy_json(
        &mut self,
        site: &Site,
        entry: &PatchEntry,
        current: &mut Accumulation,
    ) -> Result<(), Problem> {
        let target = entry
            .target
            .as_ref()
            .filter(|target| target.get("name").and_then(Node::text).is_some_and(|name| !name.is_empty()));
        let Some(target) = target else {
            return Err(failed(
                "must specify the target name",
                entry.target.as_ref().and_then(Node::place).or(entry.place),
            )
            .help("give the target a `name`, or move the entry to `patches`"));
        };
        let (source, text, stream) = self.patch_text(site, entry, false)?;
        let operations = json6902::read(&text, &stream).map_err(|refusal| refused(refusal, source))?;
        if operations.is_empty() {
            return Err(
                failed("the patch appears to be empty", source.place()).help("write an operation, or remove the entry")
            );
        }
        self.missing.is_renamed |= operations.iter().any(Operation::may_rename);
        let mut result = Ok(());
        for index in self.select(target, current)? {
            let Some(resource) = current.resources.get_mut(index) else { continue };
            result = result.and(self.misplaced_comment(resource).map_or(Ok(()), Err));
            result = result.and(patch_json(resource, &operations, entry.place, false, &mut self.budget));
        }
        result
    }

    /// The indices of the resources that a target selects.
    fn select(&mut self, target: &Node, current: &Accumulation) -> Result<Vec<usize>, Problem> {
        let selector = Selector::of(target).map_err(|refusal| refused(refusal, target))?;
        self.budget.look(current.resources.len()).map_err(|message| failed(message, target.place()))?;
        Ok(current.resources.find(|resource| selector.selects(resource)))
    }

    /// Notes a target that gives a name and selects nothing. Without a name it is for whatever there may be, and so is a
    /// name that is a pattern, and a component's patch. Where not all resources are known, it may be for one of the others.
    fn remark_unmatched(&mut self, target: &Node, current: &Accumulation) {
        let is_open = self.is_lacking || self.is_component || self.problems.iter().any(Problem::is_undetermined);
        if is_open || !selector::is_literal(target, "name") {
            return;
        }
        let wanted = target.get("name").and_then(Node::text).unwrap_or_default();
        let without_name = selector::without(target, "name");
        let Ok(selector) = Selector::of(&without_name) else { return };
        let alike = current.resources.iter().filter(|resource| selector.selects(resource));
        let names = alike.filter_map(|resource| resource.node.at("/metadata/name"));
        let near = names.filter_map(|name| Some((edits_within(name.text()?, wanted, 2)?, name)));
        let near = near.min_by_key(|(edits, _)| *edits).map(|(_, name)| name.clone());
        self.remarks.push(Remark::UnmatchedTarget { target: target.clone(), near });
    }

    /// The text of a patch, inline (where `patches` trims it) or in a file, and the node that names it.
    fn patch_text<'e>(
        &self,
        site: &Site,
        entry: &'e PatchEntry,
        trims: bool,
    ) -> Result<(&'e Node, String, Arc<Stream>), Problem> {
        let inline = entry.patch.as_ref().filter(|patch| !patch.text().unwrap_or_default().trim().is_empty());
        match (inline, &entry.path) {
            (None, None) => Err(failed("must specify one of `patch` and `path`", entry.place)
                .help("write the patch below `patch`, or name its file with `path`")),
            (Some(patch), Some(path)) => Err(failed("`patch` and `path` cannot be set at the same time", path.place())
                .help("remove one of the two")
                .related(patch.place(), "the inline patch")),
            (Some(patch), None) => {
                let text = patch.text().unwrap_or_default();
                let text = if trims { text.trim() } else { text };
                Ok((patch, text.to_owned(), self.reader.documents.embedded(patch, trims)))
            }
            (None, Some(path)) => {
                let file = read_file(self.reader, self.options, site, path)?;
                if entry.target.as_ref().is_some_and(selector::names_secrets) {
                    file.note(fleetlint_source::Content::PatchOfSecret);
                }
                let text = file.text().unwrap_or_default().to_owned();
                Ok((path, text, self.reader.documents.of(&file)))
            }
        }
    }

    /// Applies `replacements`, those of files included.
    pub(super) fn replace(&mut self, site: &Site, file: &Kustomization, current: &mut Accumulation) {
        self.apply_replacements(site, &file.replacements, current);
        if !file.replacements.is_empty() {
            self.note(site, "ReplacementTransformer", current);
        }
    }

    /// Applies entries of `replacements`.
    pub(in super::super) fn apply_replacements(&mut self, site: &Site, entries: &[Node], current: &mut Accumulation) {
        self.missing.is_copied |= !entries.is_empty();
        for entry in entries {
            for replacement in self.replacements_of(site, entry) {
                if let Err(problem) = replacement::apply(&mut current.resources, &replacement, &mut self.budget) {
                    self.refuse_patch(problem);
                }
            }
        }
    }

    /// The replacements of an entry: itself, or those of the file that it names, which holds one or a list.
    fn replacements_of(&mut self, site: &Site, entry: &Node) -> Vec<Node> {
        let Some(path) = entry.get("path").filter(|path| path.text() != Some("")) else { return vec![entry.clone()] };
        if entry.get("source").is_some() || entry.get("targets").is_some_and(|targets| !targets.items().is_empty()) {
            self.fail("cannot specify both path and inline replacement", path.place());
            return Vec::new();
        }
        let Some(root) = self.first_document(site, path) else { return Vec::new() };
        let items = if root.as_sequence().is_some() { root.items() } else { std::slice::from_ref(&root) };
        let problems = &mut self.problems;
        items.iter().filter_map(|item| check_shape(item, replacement_shape(), Mode::Lenient, problems)).collect()
    }
}

fn refused(refusal: Refusal, entry: &Node) -> Problem {
    failed(refusal.message, refusal.place.or(entry.place())).related(entry.place(), "required by this entry")
}

fn failed(message: impl Into<String>, place: Option<Span>) -> Problem {
    Problem::new(ProblemKind::KustomizeFailed, message, place)
}
