//! Computes a value once per key, whatever the number of threads that ask.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock};

/// Values by key, each made by the first that asks for it; others who ask meanwhile wait for it.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    cells: Mutex<HashMap<K, Arc<OnceLock<V>>>>,
}

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self { cells: Mutex::default() }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Cache<K, V> {
    /// The value of a key, made now if nobody has asked before. `make` must not ask for the same key.
    pub(super) fn get_or_make<Q>(&self, key: &Q, make: impl FnOnce() -> V) -> V
    where
        Q: ?Sized + Eq + Hash + ToOwned<Owned = K>,
        K: std::borrow::Borrow<Q>,
    {
        self.cell(key).get_or_init(make).clone()
    }

    fn cell<Q>(&self, key: &Q) -> Arc<OnceLock<V>>
    where
        Q: ?Sized + Eq + Hash + ToOwned<Owned = K>,
        K: std::borrow::Borrow<Q>,
    {
        let mut cells = self.cells.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(cell) = cells.get(key) {
            return Arc::clone(cell);
        }
        Arc::clone(cells.entry(key.to_owned()).or_default())
    }
}
