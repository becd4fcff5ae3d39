//! A signing key: the row and its pure rules.

use std::time::Duration;

use socle_kit::crypto::{Sealer, SignatureKey};
use socle_kit::db::Row;
use socle_kit::kernel::{Id, Random, Result, Timestamp};

/// A new key is known for so long before it signs: every node has read it by then, and whoever keeps our public
/// keys has asked again.
pub const ANNOUNCED: Duration = Duration::from_secs(2 * 60);
/// An old key outlives the last token it signed by so much: clocks differ.
const MARGIN: Duration = Duration::from_secs(60);

/// A pair of keys as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Row)]
pub struct SigningKey {
    /// The identifier: the `kid` of the tokens it signs.
    pub id: Id<SigningKey>,
    /// The public key, in URL-safe base64.
    pub public_key: String,
    /// The private key, sealed.
    pub private_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// Until when what it signed is believed; none while no other has taken its place.
    pub verifies_until: Option<Timestamp>,
}

impl SigningKey {
    /// A new key.
    pub fn make(
        id: Id<Self>,
        sealer: &Sealer,
        random: &Random,
        now: Timestamp,
        signs_from: Timestamp,
    ) -> Result<Self> {
        let pair = SignatureKey::generate(random)?;
        Ok(Self {
            id,
            public_key: pair.public().to_owned(),
            private_key: sealer.seal(&context(id), pair.private().expose())?,
            created_at: now,
            signs_from,
            verifies_until: None,
        })
    }

    /// Where the private key is sealed to.
    pub fn context(&self) -> String {
        context(self.id)
    }

    /// Is what it signed still believed?
    pub fn verifies(&self, now: Timestamp) -> bool {
        self.verifies_until.is_none_or(|until| now < until)
    }

    /// May it sign a token of this life?
    pub fn signs(&self, now: Timestamp, life: Duration) -> bool {
        self.signs_from <= now && self.verifies(now.plus(life))
    }

    /// What it signed until `successor` does is believed until those tokens are over.
    pub fn give_way(&mut self, successor: Timestamp, life: Duration) {
        let until = successor.plus(life).plus(MARGIN);
        self.verifies_until = Some(self.verifies_until.map_or(until, |earlier| earlier.min(until)));
    }
}

fn context(id: Id<SigningKey>) -> String {
    format!("identity_signing_key.private_key:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_key_signs_until_its_successor_does_and_verifies_until_its_tokens_are_over() {
        let at = Timestamp::from_seconds;
        let (life, successor) = (Duration::from_secs(900), at(1_120));
        let mut key = SigningKey {
            id: Id::from_u128(1),
            public_key: String::new(),
            private_key: String::new(),
            created_at: at(0),
            signs_from: at(0),
            verifies_until: None,
        };
        key.give_way(successor, life);
        assert!(key.signs(successor, life), "until the other signs");
        assert!(!key.signs(at(1_120 + 60), life));
        assert!(key.verifies(successor.plus(life)) && !key.verifies(successor.plus(life).plus(MARGIN)));
        key.give_way(at(5_000), life);
        assert!(!key.verifies(at(5_000)), "a later successor does not bring it back");
    }
}
