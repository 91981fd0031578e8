//! One Kustomization of one cluster: build, substitute, set common metadata.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::applied::Applied;
use super::builds::{Alike, Builds, Built, Given, PreparedBuild};
use super::reconciler::OpenReason;
use super::rendered::Rendered;
use super::roles::Role;
use crate::flux::api::Kustomization;
use crate::flux::build;
use crate::flux::release::{Feature, Features};
use crate::flux::substitute::{self, Prepared, SubstituteSource, VariableUse, Variables};
use crate::flux::texts;
use crate::kustomize::Reader;
use crate::near::typo_of;
use crate::object::Object;
use crate::problem::{Problem, ProblemKind};
use crate::source::Tree;
use crate::yaml::Node;

/// Renders a Kustomization from its files and the ConfigMaps and Secrets of its cluster. With `is_open` the root may give
/// variables to everything below it.
pub(super) fn render(
    builds: &Builds<'_>,
    kustomization: Kustomization<'_>,
    tree: &Arc<Tree>,
    source: &dyn SubstituteSource,
    (features, is_open_root): (&Features, bool),
) -> Arc<Rendered> {
    let built = builds.get(kustomization.object, tree, features);
    let prepared = built.prepared();
    // Where nothing is substituted, Flux does not even look at the variables.
    let substitutes = substitute::substitutes_any(kustomization.object, &built.build.resources);
    let (mut variables, problems) = match substitutes {
        true => Variables::build(kustomization.object, source),
        false => (Variables::default(), Vec::new()),
    };
    if is_open_root {
        variables.leave_open(OF_ROOT);
    }
    let unseen = || built.unseen(kustomization.object, Reader { tree: &**tree, documents: builds.documents() });
    let strict = features.has(Feature::StrictSubstitution);
    let given = Given::of(kustomization, prepared, &variables, (strict, is_open_root, substitutes));
    let of_build = built.build.problems_of(kustomization.object);
    let told = [&*of_build, &problems];
    let made = || Rendered { unseen: unseen(), ..rendered(&built, kustomization, &variables, (&given, told)) };
    // What is wrong with the Kustomization itself is not shared with others that have the same build.
    match problems.is_empty() && matches!(of_build, Cow::Borrowed(_)) {
        true => built.rendered(&given, made),
        false => Arc::new(made()),
    }
}

fn rendered(
    built: &Built,
    kustomization: Kustomization<'_>,
    variables: &Variables,
    (given, [of_build, of_variables]): (&Given, [&[Problem]; 2]),
) -> Rendered {
    let (prepared, resources) = (built.prepared(), &built.build.resources);
    let mut rendered = Rendered { path_not_found: built.build.path_not_found, ..Rendered::default() };
    rendered.take_problems(of_build);
    rendered.told.extend(built.build.dropped.iter().cloned());
    rendered.remarks = built.build.remarks.as_slice().into();
    rendered.take_problems(of_variables);
    let substitutes = given.strategy.is_some();
    if substitutes {
        rendered.uses = prepared.uses(kustomization.object, variables);
    }
    let is_lazy = substitutes && given.common_metadata.is_none();
    let used = is_lazy.then(|| Arc::new(prepared.used(variables)));
    let lazy: Vec<Option<(Object, &Arc<Object>)>> = prepared
        .resources
        .iter()
        .map(|resource| used.as_ref().and_then(|used| resource.lazy(kustomization.object, used)))
        .collect();
    // What is wrong with one variable, or not known of it, costs what uses it.
    let (nodes, unknown): (Vec<Arc<Node>>, Vec<bool>) = prepared
        .resources
        .iter()
        .zip(&lazy)
        .map(|(resource, lazy)| match substitutes {
            _ if lazy.is_some() => (Arc::clone(resource.resource()), false),
            true => rendered.substitute(resource, kustomization, variables, given.strict),
            false => (Arc::clone(resource.resource()), given.is_open_root && has_expression(resource.resource())),
        })
        .unzip();
    if given.is_open_root && unknown.contains(&true) {
        rendered.unknown_values = Some(variables_of_root(resources.iter().zip(&unknown)));
    }
    rendered.take_problems(&substitute::clashes(resources, &nodes));
    // What something remote could change exists, but no rule judges it.
    let is_resolved = built.build.settled.iter().zip(unknown).map(|(is_resolved, is_open)| *is_resolved && !is_open);
    let made = lazy.into_iter().zip(nodes).map(|(lazy, node)| lazy.map_or(Made::Node(node), Made::Lazy));
    rendered.place_all(built, made.zip(is_resolved), kustomization.object);
    rendered
}

/// What became of a resource.
enum Made<'a> {
    Node(Arc<Node>),
    /// See [`Prepared::lazy`].
    Lazy((Object, &'a Arc<Object>)),
}

/// Whether a changed object is in the same place of every index as the one that it was.
fn is_alike(changed: &Object, before: &Object) -> bool {
    changed.id == before.id && Role::of(changed) == Role::of(before)
}

impl Rendered {
    /// Problems that leave the result open are its reasons, the others are kept.
    fn take_problems(&mut self, problems: &[Problem]) {
        for problem in problems {
            if !problem.is_undetermined() {
                self.problems.push(problem.clone());
                continue;
            }
            let reason = OpenReason { message: problem.message.clone(), help: problem.help.clone() };
            if !self.undetermined.contains(&reason) {
                self.undetermined.push(reason);
            }
        }
    }

    /// An object after substitution, and whether a value in it is not known. Undefined variables become empty here, whatever
    /// the version of Flux says, so that the rest of the object can be judged; what strict mode refuses is noted beside it.
    fn substitute(
        &mut self,
        resource: &Prepared,
        kustomization: Kustomization<'_>,
        variables: &Variables,
        strict: Option<bool>,
    ) -> (Arc<Node>, bool) {
        let substituted = resource.substitute(kustomization.object, variables);
        match (substituted.problem, substituted.undefined) {
            // Strict mode refuses the variable before anything reads the result.
            (Some(_), Some(_)) if strict == Some(true) => {}
            (Some(problem), Some(name)) => self.undefined.push((name, problem)),
            (problem, _) => self.take_problems(problem.as_slice()),
        }
        let uses = resource.uses(kustomization.object, variables).iter();
        // Where another expression of the text fails, its problem names this one, too.
        let is_missing =
            |used: &&VariableUse| !used.has_default && !used.is_beside_failure && !variables.is_defined(&used.name);
        for used in uses.filter(is_missing) {
            match strict {
                Some(false) => {}
                Some(true) => self.undefined.push((used.name.clone(), undefined(used, variables))),
                None => {
                    let name = &used.name;
                    let reason = format!(
                        "undefined variable `${{{name}}}`: the result depends on the Flux version, which is unknown"
                    );
                    self.unknown_values.get_or_insert(reason);
                }
            }
        }
        let is_open = substituted.undetermined.is_some();
        self.unknown_values = self.unknown_values.take().or(substituted.undetermined);
        (substituted.node, is_open)
    }

    /// Adds the objects: the shared ones where neither substitution nor common metadata changed them.
    fn place_all<'b>(
        &mut self,
        built: &'b Built,
        made: impl Iterator<Item = (Made<'b>, bool)>,
        kustomization: &Object,
    ) {
        let PreparedBuild { resources, contents, .. } = built.prepared();
        let has_metadata = kustomization.at("/spec/commonMetadata").is_some();
        let (mut objects, mut are_indexed) = (Vec::with_capacity(resources.len()), true);
        for (index, (made, is_resolved)) in made.enumerate() {
            let (object, is_indexed) = match made {
                Made::Node(node) if has_metadata => {
                    self.changed(built, index, build::with_common_metadata(node, kustomization))
                }
                Made::Node(node) => self.changed(built, index, node),
                Made::Lazy((object, like)) => (Some(Arc::new(object)), self.is_indexed(built, index, like)),
            };
            are_indexed &= is_indexed;
            objects.extend(object.map(|object| (object, is_resolved)));
        }
        self.applied = Arc::new(match are_indexed {
            true => Applied::with_contents(objects, Arc::clone(contents)),
            false => Applied::new(objects),
        });
    }

    /// The object that a resource became, and whether the index of the build holds for it.
    fn changed(&mut self, built: &Built, index: usize, node: Arc<Node>) -> (Option<Arc<Object>>, bool) {
        let PreparedBuild { resources, told, .. } = built.prepared();
        let before = built.object(index);
        if resources.get(index).is_some_and(|resource| Arc::ptr_eq(&node, resource.resource())) {
            self.told.extend(told.get(index).into_iter().flatten().cloned());
            return (before.cloned(), true);
        }
        self.told.extend(texts::all_problems(&node));
        let object = Object::new(node).map(Arc::new);
        let is_indexed = match (&object, before) {
            (Some(object), Some(before)) => is_alike(object, before),
            (object, before) => object.is_none() && before.is_none(),
        };
        (object, is_indexed)
    }

    /// Whether the index of the build holds for an object that differs from another one in values only.
    fn is_indexed(&mut self, built: &Built, index: usize, like: &Object) -> bool {
        let is_indexed = || built.object(index).is_some_and(|before| is_alike(like, before));
        let made = || Alike { is_indexed: is_indexed(), told: texts::all_problems(&like.root) };
        let Some(alike) = built.prepared().alike.get(index).map(|alike| alike.get_or_init(made)) else { return false };
        self.told.extend(alike.told.iter().cloned());
        alike.is_indexed
    }
}

/// Why a variable is not known that only an assumed root can give.
const OF_ROOT: &str = "it may come from the root, which is not in the repository";

/// The reason, with the variables of the objects that use one.
fn variables_of_root<'n>(resources: impl Iterator<Item = (&'n Arc<Node>, &'n bool)>) -> String {
    let used = resources.filter(|(_, is_unknown)| **is_unknown).flat_map(|(node, _)| substitute::names_in(node));
    let names: BTreeSet<SmolStr> = used.collect();
    let shown = match (names.first(), names.len()) {
        (None, _) => "a variable".to_owned(),
        (Some(only), 1) => format!("`${{{only}}}`"),
        (Some(first), count) => format!("`${{{first}}}` and {} more", count - 1),
    };
    format!("{shown} may come from the root, which is not in the repository")
}

fn undefined(used: &VariableUse, variables: &Variables) -> Problem {
    let name = &used.name;
    let message = format!("variable `{name}` is not defined: Flux 2.9 and later refuse the substitution");
    let otherwise =
        format!("define it, give it a default (`${{{name}:=…}}`), or write `$${{{name}}}` if it is not a variable");
    let known: Vec<&str> = variables.all_names().collect();
    let help = match typo_of(name, &known) {
        Some(meant) => format!("did you mean `${{{meant}}}`? Otherwise {otherwise}"),
        None => otherwise,
    };
    Problem::new(ProblemKind::SubstitutionFailed, message, used.place).help(help)
}

/// Whether `${` is anywhere in the tree.
pub(super) fn has_expression(node: &Node) -> bool {
    node.scalars().any(|scalar| scalar.text().is_some_and(|text| text.contains("${")))
}
