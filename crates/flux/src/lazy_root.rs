//! The tree of an object, made when somebody looks at it.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use fleetlint_yaml::Node;

/// What makes the tree of an object.
pub trait Recipe: Send + Sync {
    /// The tree; always the same.
    fn make(&self) -> Node;

    /// A tree that differs from it in the values of variables only, none of which comes from a Secret.
    fn pattern(&self) -> &Arc<Node>;
}

/// The root of an object. Of thousands of objects that differ from cluster to cluster in the values of variables only a few
/// are ever looked at: the others are never made.
#[derive(Clone)]
pub struct LazyRoot {
    made: OnceLock<Arc<Node>>,
    recipe: Option<Arc<dyn Recipe>>,
}

impl LazyRoot {
    /// A tree that is made at first sight.
    pub fn of_recipe(recipe: Arc<dyn Recipe>) -> Self {
        Self { made: OnceLock::new(), recipe: Some(recipe) }
    }

    /// The tree, to be shared.
    pub fn shared(&self) -> &Arc<Node> {
        // Without a recipe it is made from the start.
        let made = || self.recipe.as_ref().map_or_else(|| Node::plain("", Default::default()), |recipe| recipe.make());
        self.made.get_or_init(|| Arc::new(made()))
    }

    /// The tree, or, where it is not made, one that differs in the values of variables only, none of which comes from a Secret.
    pub fn pattern(&self) -> &Arc<Node> {
        match (&self.recipe, self.made.get()) {
            (Some(recipe), None) => recipe.pattern(),
            _ => self.shared(),
        }
    }
}

impl<T: Into<Arc<Node>>> From<T> for LazyRoot {
    fn from(node: T) -> Self {
        Self { made: OnceLock::from(node.into()), recipe: None }
    }
}

impl Deref for LazyRoot {
    type Target = Node;

    fn deref(&self) -> &Node {
        self.shared()
    }
}

impl PartialEq for LazyRoot {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |left: &Arc<dyn Recipe>, right: &Arc<dyn Recipe>| Arc::ptr_eq(left, right);
        self.recipe.as_ref().zip(other.recipe.as_ref()).is_some_and(|(left, right)| is_same(left, right))
            || self.shared() == other.shared()
    }
}

impl Eq for LazyRoot {}

impl fmt::Debug for LazyRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared().fmt(f)
    }
}
