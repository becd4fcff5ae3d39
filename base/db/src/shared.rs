//! What all connections of one database have in common.

use std::any::{Any, TypeId};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use crate::dialect::Dialect;

type Callback = Arc<dyn Fn() + Send + Sync>;
type Attachment = Arc<dyn Any + Send + Sync>;

/// The dialect, what was attached, who is told of commits, and the texts seen.
pub(crate) struct Shared {
    pub(crate) dialect: Dialect,
    pub(crate) records_statements: bool,
    attachments: RwLock<HashMap<TypeId, Attachment>>,
    callbacks: RwLock<Vec<Callback>>,
    seen: Mutex<BTreeSet<String>>,
    /// Does the PostgreSQL database compare texts by their bytes? Known once asked.
    pub(crate) sorts_bytes: OnceLock<bool>,
    text_columns: RwLock<HashMap<String, bool>>,
}

impl Shared {
    pub(crate) fn new(dialect: Dialect, records_statements: bool) -> Arc<Self> {
        Arc::new(Self {
            dialect,
            records_statements,
            attachments: RwLock::default(),
            callbacks: RwLock::default(),
            seen: Mutex::default(),
            sorts_bytes: OnceLock::new(),
            text_columns: RwLock::default(),
        })
    }

    pub(crate) fn attach<T: Send + Sync + 'static>(&self, value: T) {
        let mut attachments = self.attachments.write().unwrap_or_else(PoisonError::into_inner);
        attachments.insert(TypeId::of::<T>(), Arc::new(value));
    }

    pub(crate) fn attachment<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let attachments = self.attachments.read().unwrap_or_else(PoisonError::into_inner);
        attachments.get(&TypeId::of::<T>()).cloned()?.downcast().ok()
    }

    pub(crate) fn on_commit(&self, callback: Callback) {
        self.callbacks.write().unwrap_or_else(PoisonError::into_inner).push(callback);
    }

    /// Tells everybody who wants to know that something was committed.
    pub(crate) fn committed(&self) {
        for callback in &*self.callbacks.read().unwrap_or_else(PoisonError::into_inner) {
            callback();
        }
    }

    /// Is `table.column` a text? `None` when nobody has asked yet.
    pub(crate) fn text_column(&self, name: &str) -> Option<bool> {
        self.text_columns.read().unwrap_or_else(PoisonError::into_inner).get(name).copied()
    }

    pub(crate) fn remember_text_column(&self, name: String, is_text: bool) {
        self.text_columns.write().unwrap_or_else(PoisonError::into_inner).insert(name, is_text);
    }

    pub(crate) fn saw(&self, sql: &str) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.contains(sql) {
            seen.insert(sql.to_owned());
        }
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
