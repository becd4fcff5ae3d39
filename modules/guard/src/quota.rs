//! The arithmetic of a limit: the generic cell rate algorithm (ITU-T I.371), as a leaky bucket that empties
//! evenly over its window and holds the whole quota at once.

use std::time::Duration;

use socle_kit::config::Quota;

/// What one request did to a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It passes.
    Pass {
        /// The counter's new state.
        state: i64,
        /// Requests left now.
        remaining: u32,
        /// Microseconds until the quota is whole again.
        reset: i64,
    },
    /// It does not.
    Refuse {
        /// Microseconds until one request passes.
        wait: i64,
        /// Microseconds until the quota is whole again.
        reset: i64,
    },
}

/// A quota, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    /// Requests per window.
    pub(crate) count: u32,
    /// The window.
    pub(crate) window: Duration,
    window_micros: i64,
    interval: i64,
}

impl Rate {
    pub(crate) fn new(quota: Quota) -> Self {
        let window_micros =
            i64::try_from(quota.per.as_micros()).unwrap_or(i64::MAX / 4).clamp(1, i64::MAX / 4);
        let interval = (window_micros / i64::from(quota.count.max(1))).max(1);
        Self { count: quota.count, window: quota.per, window_micros, interval }
    }

    /// Counts a request at `now`. The state is the instant at which the bucket will be empty; one in the past
    /// is an empty bucket.
    pub(crate) fn count(&self, state: i64, now: i64) -> Verdict {
        let empty_at = state.max(now);
        let next = empty_at + self.interval;
        // The interval is rounded down, so that a whole quota always fits the window.
        let over = next - now - self.window_micros;
        if self.count == 0 || over > 0 {
            let wait = if self.count == 0 { self.window_micros } else { over };
            return Verdict::Refuse { wait, reset: empty_at - now };
        }
        let free = self.window_micros - (next - now);
        let remaining = u32::try_from(free / self.interval).unwrap_or(u32::MAX).min(self.count);
        Verdict::Pass { state: next, remaining, reset: next - now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(count: u32, seconds: u64) -> Rate {
        Rate::new(Quota { count, per: Duration::from_secs(seconds) })
    }

    fn pass(verdict: Verdict) -> Option<(i64, u32)> {
        match verdict {
            Verdict::Pass { state, remaining, .. } => Some((state, remaining)),
            Verdict::Refuse { .. } => None,
        }
    }

    #[test]
    fn r2_45_five_per_quarter_of_an_hour_lets_five_through_and_refuses_the_sixth() {
        let (rate, now) = (rate(5, 900), 1_000_000_000);
        let mut state = 0;
        for left in (0..5).rev() {
            let (next, remaining) = pass(rate.count(state, now)).unwrap();
            assert_eq!(remaining, left);
            state = next;
        }
        assert_eq!(rate.count(state, now), Verdict::Refuse { wait: 180_000_000, reset: 900_000_000 });
        assert!(pass(rate.count(state, now + 180_000_000)).is_some(), "one more after a fifth of the window");
        assert_eq!(pass(rate.count(state, now + 900_000_000)).unwrap().1, 4, "all of them after the window");
    }

    #[test]
    fn over_any_window_at_most_twice_the_quota_passes_and_the_pace_is_the_quotas() {
        let rate = rate(100, 60);
        let mut state = 0;
        let mut passed = 0;
        for millisecond in 0..600_000_i64 {
            if let Some((next, _)) = pass(rate.count(state, millisecond * 1000)) {
                state = next;
                passed += 1;
            }
        }
        assert_eq!(
            passed,
            100 + 10 * 100 - 1,
            "the first hundred at once, then 100 a minute for ten minutes"
        );
    }

    #[test]
    fn a_quota_of_nothing_refuses_everything() {
        assert_eq!(pass(rate(0, 60).count(0, 5)), None);
    }
}
