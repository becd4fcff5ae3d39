//! Small draws of the demonstration.

use socle_kit::kernel::Random;

/// One of them; none of none.
pub(super) fn pick<'a, T>(random: &Random, from: &'a [T]) -> Option<&'a T> {
    let count = u64::try_from(from.len()).unwrap_or(0);
    from.get(usize::try_from(random.below(count)).unwrap_or(0))
}

/// A whole number between two others, both included.
pub(super) fn between(random: &Random, low: i64, high: i64) -> i64 {
    let span = u64::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(1);
    low.saturating_add(i64::try_from(random.below(span)).unwrap_or(0))
}

/// True so many times in a hundred.
pub(super) fn chance(random: &Random, percent: u64) -> bool {
    random.below(100) < percent
}
