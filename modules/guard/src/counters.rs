//! A bounded table of counters, in shards so that requests do not wait for each other.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use socle_kit::http::Scope;

/// Who is counted, against what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The position of the policy.
    pub(crate) policy: u16,
    /// What is counted.
    pub(crate) scope: Scope,
    /// The bits of the account, of the key, or of the address.
    pub(crate) bits: u128,
}

const SHARDS: usize = 64;
/// How many entries are looked at to find one to forget.
const SAMPLE: usize = 16;

/// The counters. When a shard is full, counters that are empty go first, then the emptiest of a few: an
/// attacker with many addresses makes the table forget, never grow.
pub(crate) struct Counters {
    shards: Vec<Mutex<HashMap<Key, i64>>>,
    hasher: RandomState,
    per_shard: usize,
}

impl Counters {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
            per_shard: (capacity / SHARDS).max(1),
        }
    }

    /// Runs `count` on the state of `key` (0 when unknown) and keeps the state it gives back, if any.
    pub(crate) fn with<T>(
        &self,
        key: Key,
        now: i64,
        count: impl FnOnce(i64) -> (Option<i64>, T),
    ) -> Option<T> {
        let shard = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).ok()?;
        let mut shard = self.shards.get(shard)?.lock().unwrap_or_else(PoisonError::into_inner);
        let (state, result) = count(shard.get(&key).copied().unwrap_or_default());
        if let Some(state) = state {
            if shard.len() >= self.per_shard && !shard.contains_key(&key) {
                make_room(&mut shard, now);
            }
            shard.insert(key, state);
        }
        Some(result)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap().len()).sum()
    }
}

fn make_room(shard: &mut HashMap<Key, i64>, now: i64) {
    let sampled: Vec<(Key, i64)> = shard.iter().take(SAMPLE).map(|(key, state)| (*key, *state)).collect();
    let before = shard.len();
    for (key, state) in &sampled {
        if *state <= now {
            shard.remove(key);
        }
    }
    let emptiest = sampled.iter().min_by_key(|(_, state)| *state);
    if let (true, Some((key, _))) = (shard.len() == before, emptiest) {
        shard.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_addresses_never_grows_the_table() {
        let counters = Counters::new(6_400);
        for bits in 0..100_000 {
            counters.with(Key { policy: 0, scope: Scope::Address, bits }, 0, |_| (Some(i64::MAX), ()));
        }
        assert!(counters.len() <= 6_400);
    }

    #[test]
    fn a_state_is_kept_by_its_key_alone() {
        let counters = Counters::new(1_000);
        let key = |policy, scope| Key { policy, scope, bits: 7 };
        counters.with(key(0, Scope::Address), 0, |_| (Some(42), ()));
        for (other, expected) in [
            (key(0, Scope::Address), 42),
            (key(1, Scope::Address), 0),
            (key(0, Scope::Account), 0),
            (key(0, Scope::ApiKey), 0),
        ] {
            assert_eq!(counters.with(other, 0, |state| (None, state)), Some(expected));
        }
    }
}
