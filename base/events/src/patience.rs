//! Growing pauses between tries that fail.

use std::time::Duration;

use socle_kernel::Error;

/// The first pause; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(100);

/// How long to wait before the next try of something that is tried until it succeeds.
pub(crate) struct Patience {
    what: String,
    longest: Duration,
    failures: u32,
}

impl Patience {
    /// For `what` (a noun phrase for the log), never waiting longer than `longest`.
    pub(crate) fn new(what: impl Into<String>, longest: Duration) -> Self {
        Self { what: what.into(), longest, failures: 0 }
    }

    /// It failed: logs why, and says how long to wait.
    pub(crate) fn failed(&mut self, error: &Error) -> Duration {
        let pause = FIRST.saturating_mul(1 << self.failures.min(20)).min(self.longest);
        self.failures = self.failures.saturating_add(1);
        tracing::warn!(
            failures = self.failures,
            pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
            %error,
            "{} failed and will be tried again",
            self.what,
        );
        pause
    }

    /// It succeeded: the next failure is a first one again.
    pub(crate) fn succeeded(&mut self) {
        if self.failures > 0 {
            tracing::info!(failures = self.failures, "{} works again", self.what);
            self.failures = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_anew_after_a_success() {
        let mut patience = Patience::new("the test", Duration::from_millis(350));
        let error = Error::internal("no");
        let pauses: Vec<u128> = (0..4).map(|_| patience.failed(&error).as_millis()).collect();
        assert_eq!(pauses, [100, 200, 350, 350]);
        patience.succeeded();
        assert_eq!(patience.failed(&error).as_millis(), 100);
    }
}
