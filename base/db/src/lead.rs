//! The lead in something that only one node may do at a time.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The lead in something, until it is dropped or the connection that holds it is lost.
pub struct Lead {
    is_held: Arc<AtomicBool>,
    release: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Lead {
    pub(crate) fn new(is_held: Arc<AtomicBool>, release: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self { is_held, release: Some(Box::new(release)) }
    }

    /// Is it still ours? Ask before each step: another node may have it by now.
    pub fn is_held(&self) -> bool {
        self.is_held.load(Ordering::Acquire)
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            release();
        }
    }
}

/// The leads taken within one process, which is enough when the process alone has the file.
#[derive(Default)]
pub(crate) struct LocalLeads(Arc<Mutex<HashSet<String>>>);

impl LocalLeads {
    /// The lead, unless somebody in this process has it.
    pub(crate) fn try_lead(&self, name: &str) -> Option<Lead> {
        let is_new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        let (names, name) = (self.0.clone(), name.to_owned());
        is_new.then(|| {
            Lead::new(Arc::new(AtomicBool::new(true)), move || {
                names.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
            })
        })
    }
}
