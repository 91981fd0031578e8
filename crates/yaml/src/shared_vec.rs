//! Children of a node, which copies of the node share until one of them changes.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A vector that costs nothing to copy: bases, overlays and clusters hold the same children as long as none of them changes
/// them. Changing it copies the vector first if somebody else holds it, but not what is below its elements. A tree holds
/// thousands of short vectors, so that one is made without room to spare, and grows by little (see [`SharedVec::add`]).
#[derive(Debug)]
pub struct SharedVec<T>(Arc<Vec<T>>);

impl<T> Clone for SharedVec<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> SharedVec<T> {
    /// Whether both hold the very same elements: no copy was changed.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: PartialEq> PartialEq for SharedVec<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_shared_with(other) || self.0 == other.0
    }
}

impl<T: Eq> Eq for SharedVec<T> {}

impl<T> Deref for SharedVec<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Clone> DerefMut for SharedVec<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        Arc::make_mut(&mut self.0)
    }
}

/// Vectors that are shorter than this grow by one element.
const SHORT: usize = 16;

impl<T: Clone> SharedVec<T> {
    /// Adds an element at the end. Unlike [`Vec::push`], which makes room for four elements at once and then for twice as
    /// many, it leaves no room behind the elements of a short vector.
    pub fn add(&mut self, element: T) {
        let items = Arc::make_mut(&mut self.0);
        if items.len() < SHORT {
            items.reserve_exact(1);
        }
        items.push(element);
    }
}

impl<T> From<Vec<T>> for SharedVec<T> {
    fn from(mut items: Vec<T>) -> Self {
        items.shrink_to_fit();
        Self(Arc::new(items))
    }
}

impl<T> FromIterator<T> for SharedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T: Clone> IntoIterator for SharedVec<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

impl<'a, T> IntoIterator for &'a SharedVec<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, T: Clone> IntoIterator for &'a mut SharedVec<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.deref_mut().iter_mut()
    }
}
