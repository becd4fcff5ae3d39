//! The end of the server, announced in steps.

use std::sync::Arc;

use tokio::sync::watch;

/// How far the end has come. Cheap to clone; all clones see the same.
#[derive(Clone, Debug)]
pub struct Shutdown(Arc<watch::Sender<Step>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Starting,
    Running,
    Notice,
    Draining,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

impl Shutdown {
    /// A server that is starting.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Step::Starting)))
    }

    /// The server may be used: `/ready` says so.
    pub fn ready(&self) {
        self.advance(Step::Running);
    }

    /// The end is near: `/ready` answers 503, so that a balancer sends nobody new; work goes on.
    pub fn notice(&self) {
        self.advance(Step::Notice);
    }

    /// No new connections; streams end; requests under way are finished.
    pub fn drain(&self) {
        self.advance(Step::Draining);
    }

    fn advance(&self, step: Step) {
        self.0.send_if_modified(|now| {
            let forward = step > *now;
            if forward {
                *now = step;
            }
            forward
        });
    }

    /// May the server be used now?
    pub fn is_ready(&self) -> bool {
        *self.0.borrow() == Step::Running
    }

    /// Is it ending?
    pub fn is_draining(&self) -> bool {
        *self.0.borrow() == Step::Draining
    }

    /// The same as a future of its own, for tasks that outlive the borrow.
    pub async fn draining_owned(self) {
        self.draining().await;
    }

    /// Returns when draining begins.
    pub async fn draining(&self) {
        let mut watch = self.0.subscribe();
        // The sender lives in `self`, so the channel cannot close before the wait ends.
        let _closed = watch.wait_for(|step| *step == Step::Draining).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_steps_only_go_forward() {
        let shutdown = Shutdown::new();
        assert!(!shutdown.is_ready());
        shutdown.ready();
        assert!(shutdown.is_ready());
        shutdown.drain();
        shutdown.ready();
        assert!(!shutdown.is_ready() && shutdown.is_draining());
        shutdown.draining().await;
    }
}
