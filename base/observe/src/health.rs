//! Health: what the service stands on, checked when somebody asks.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use socle_kernel::{Result, text_enum};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

text_enum! {
    /// How the service, or a part of it, is (R3-178). The worse is the greater.
    pub enum Status {
        /// It works.
        Healthy = "healthy",
        /// It works, but something it can do without does not.
        Degraded = "degraded",
        /// It does not work.
        Unhealthy = "unhealthy",
    }
}

/// What it means for the service when a part fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importance {
    /// It cannot serve: unhealthy.
    Vital,
    /// It serves with less: degraded.
    Useful,
}

/// The state of one part (R3-183).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its name.
    pub name: &'static str,
    /// Healthy or unhealthy.
    pub status: Status,
    /// What is wrong, in words fit for the public: the reason itself is in the log.
    pub message: Option<String>,
    /// How long the check took.
    pub latency: Duration,
}

/// The state of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Of the whole.
    pub status: Status,
    /// Of each part, in the order of registration.
    pub components: Vec<Component>,
}

/// The future of a check.
pub type Checking = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

type Check = Arc<dyn Fn() -> Checking + Send + Sync>;

/// A check that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// A report is given again for so long: whoever asks a thousand times a second costs one check.
const FRESH: Duration = Duration::from_secs(1);

/// The checks of the service, and their last answers.
#[derive(Default)]
pub struct Health {
    checks: Vec<(&'static str, Importance, Check)>,
    last: Mutex<Option<(Instant, Arc<Report>)>>,
}

impl Health {
    /// With no check: always healthy.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more part to check.
    #[must_use]
    pub fn with(
        mut self,
        name: &'static str,
        importance: Importance,
        check: impl Fn() -> Checking + Send + Sync + 'static,
    ) -> Self {
        self.checks.push((name, importance, Arc::new(check)));
        self
    }

    /// The state of the service, at most a second old. All parts are checked at once, for two seconds at most;
    /// whoever asks meanwhile waits for the same answer.
    pub async fn report(&self) -> Arc<Report> {
        let mut last = self.last.lock().await;
        if let Some((at, report)) = &*last
            && at.elapsed() < FRESH
        {
            return report.clone();
        }
        let report = Arc::new(self.examine().await);
        *last = Some((Instant::now(), report.clone()));
        report
    }

    async fn examine(&self) -> Report {
        let started: Vec<_> = self
            .checks
            .iter()
            .map(|(name, importance, check)| (*importance, *name, tokio::spawn(examine(name, check.clone()))))
            .collect();
        let mut report = Report { status: Status::Healthy, components: Vec::with_capacity(started.len()) };
        for (importance, name, running) in started {
            let component = running.await.unwrap_or_else(|panic| {
                tracing::error!(component = name, error = %panic, "health check {name} panicked");
                let message = Some("the check itself failed".to_owned());
                Component { name, status: Status::Unhealthy, message, latency: Duration::ZERO }
            });
            let status = match (component.status, importance) {
                (Status::Unhealthy, Importance::Useful) => Status::Degraded,
                (status, _) => status,
            };
            report.status = report.status.max(status);
            report.components.push(component);
        }
        report
    }
}

async fn examine(name: &'static str, check: Check) -> Component {
    let started = Instant::now();
    let answer = timeout(PATIENCE, check()).await;
    let latency = started.elapsed();
    let (status, message) = match answer {
        Ok(Ok(())) => (Status::Healthy, None),
        Ok(Err(error)) => {
            tracing::warn!(component = name, error = %error, "health check {name} failed");
            (Status::Unhealthy, Some("unavailable"))
        }
        Err(_elapsed) => {
            tracing::warn!(component = name, "health check {name} did not answer in time");
            (Status::Unhealthy, Some("no answer in time"))
        }
    };
    Component { name, status, message: message.map(str::to_owned), latency }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.checks.iter().map(|(name, ..)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use socle_kernel::Error;

    use super::*;

    fn fine() -> Checking {
        Box::pin(async { Ok(()) })
    }

    fn broken() -> Checking {
        Box::pin(async { Err(Error::internal("password=hunter2 refused")) })
    }

    #[tokio::test]
    async fn r3_178_a_vital_part_that_fails_is_unhealthy_and_a_useful_one_degraded() {
        let status = async |health: Health| health.report().await.status;
        let base = || Health::new().with("database", Importance::Vital, fine);
        assert_eq!(status(base()).await, Status::Healthy);
        assert_eq!(status(base().with("redis", Importance::Useful, broken)).await, Status::Degraded);
        let both = base().with("files", Importance::Vital, broken).with("redis", Importance::Useful, broken);
        assert_eq!(status(both).await, Status::Unhealthy);
    }

    #[tokio::test]
    async fn the_public_does_not_learn_why_a_part_fails() {
        let report = Health::new().with("database", Importance::Vital, broken).report().await;
        assert_eq!(report.components[0].message.as_deref(), Some("unavailable"));
        assert!(!format!("{report:?}").contains("hunter2"));
    }

    #[tokio::test(start_paused = true)]
    async fn checks_run_together_and_none_is_waited_for_longer_than_two_seconds() {
        let never = || -> Checking { Box::pin(std::future::pending()) };
        let health = Health::new().with("a", Importance::Vital, never).with("b", Importance::Vital, never);
        let started = Instant::now();
        let report = health.report().await;
        assert_eq!(started.elapsed().as_secs(), 2);
        assert!(
            report
                .components
                .iter()
                .all(|component| component.message.as_deref() == Some("no answer in time"))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_serves_everybody_for_a_second() {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = {
            let asked = asked.clone();
            move || {
                asked.fetch_add(1, Ordering::SeqCst);
                fine()
            }
        };
        let health = Health::new().with("database", Importance::Vital, counted);
        for _ in 0..100 {
            health.report().await;
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        tokio::time::advance(FRESH).await;
        health.report().await;
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_check_that_panics_is_a_part_that_fails() {
        let health =
            Health::new().with("odd", Importance::Useful, || Box::pin(async { panic!("on purpose") }));
        assert_eq!(health.report().await.status, Status::Degraded);
    }
}
