//! How far the log was when somebody last wrote: what a replica must have replayed before they read from it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Writers that are remembered one by one.
const READERS: usize = 65_536;

/// A place in the server's log. Bytes since its beginning.
pub(crate) type Position = i64;

/// The last write of each reader.
#[derive(Default)]
pub(crate) struct Positions(Mutex<Known>);

#[derive(Default)]
struct Known {
    last: HashMap<u64, Position>,
    /// What everybody not remembered needs: when the map is full it is emptied and nobody's guarantee is lost.
    floor: Position,
}

impl Positions {
    /// `reader` wrote, and the log was here afterwards.
    pub(crate) fn wrote(&self, reader: u64, position: Position) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.last.len() >= READERS && !known.last.contains_key(&reader) {
            known.floor = known.last.values().copied().fold(known.floor, Position::max);
            known.last.clear();
        }
        let last = known.last.entry(reader).or_default();
        *last = position.max(*last);
    }

    /// How far a replica must be for `reader` to see their own writes.
    pub(crate) fn needed(&self, reader: u64) -> Position {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.last.get(&reader).copied().unwrap_or(known.floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_needs_their_last_write_even_after_the_map_was_full() {
        let positions = Positions::default();
        assert_eq!(positions.needed(7), 0);
        positions.wrote(7, 50);
        positions.wrote(7, 40);
        assert_eq!(positions.needed(7), 50);
        assert_eq!(positions.needed(8), 0);
        for reader in 100..100 + READERS as u64 {
            positions.wrote(reader, 60);
        }
        assert!(positions.needed(7) >= 50);
        assert_eq!(positions.needed(100 + READERS as u64 - 1), 60);
    }
}
