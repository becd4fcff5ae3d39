//! How fast and how patiently mail is sent.

use std::time::Duration;

use socle_config::Values;
use socle_kernel::{Random, Result};

/// How fast and how patiently mail is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// How many are sent at once.
    pub(crate) concurrency: usize,
    /// How long one delivery may take.
    pub(crate) timeout: Duration,
    /// How often one is tried.
    pub(crate) attempts: i64,
    /// The pause after the first failure; each further one is twice as long.
    pub(crate) first_pause: Duration,
    /// The longest pause.
    pub(crate) longest_pause: Duration,
    /// How often the queue is looked at without being called: for what other nodes left behind.
    pub(crate) poll: Duration,
    /// How long those are kept that were given up.
    pub(crate) keep_failed: Duration,
}

impl Pace {
    /// As the settings say.
    pub(crate) fn of(values: &Values) -> Result<Self> {
        Ok(Self {
            concurrency: usize::try_from(values.integer("mail.concurrency")?).unwrap_or(1),
            timeout: values.duration("mail.timeout")?,
            attempts: values.integer("mail.attempts")?,
            first_pause: Duration::from_secs(60),
            longest_pause: Duration::from_secs(4 * 60 * 60),
            poll: Duration::from_secs(2),
            keep_failed: values.duration("mail.keep_failed")?,
        })
    }

    /// How long a mail is one node's. Longer than a delivery can take, so that nobody else has it meanwhile.
    pub(crate) fn lease(&self) -> Duration {
        self.timeout.saturating_mul(2)
    }

    /// The pause after so many failures, up to a fifth longer or shorter, so that what failed together is not tried
    /// together for ever.
    pub(crate) fn pause(&self, failures: i64, random: &Random) -> Duration {
        let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(0).min(30);
        let pause = self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause);
        let fifth = u64::try_from(pause.as_millis() / 5).unwrap_or(0);
        let jitter = Duration::from_millis(random.below(fifth.saturating_mul(2).saturating_add(1)));
        (pause + jitter).saturating_sub(Duration::from_millis(fifth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r4_50_pauses_double_from_a_minute_to_four_hours_give_or_take_a_fifth() {
        let pace = Pace {
            concurrency: 1,
            timeout: Duration::from_secs(1),
            attempts: 12,
            first_pause: Duration::from_secs(60),
            longest_pause: Duration::from_secs(4 * 60 * 60),
            poll: Duration::from_secs(1),
            keep_failed: Duration::from_secs(1),
        };
        let random = Random::seeded(7);
        let minutes = [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240];
        for (failures, minutes) in (1..).zip(minutes) {
            let pauses: Vec<u64> = (0..50).map(|_| pace.pause(failures, &random).as_secs()).collect();
            assert!(
                pauses.iter().all(|pause| (minutes * 48 - 1..=minutes * 72).contains(pause)),
                "{pauses:?}"
            );
            assert!(pauses.iter().max() > pauses.iter().min());
        }
        assert!(pace.pause(i64::MAX, &random) <= Duration::from_secs(5 * 60 * 60));
    }
}
