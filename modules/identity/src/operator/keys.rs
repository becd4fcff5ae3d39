//! What the command line does with the keys that sign access tokens. All of it blocks: to be called outside the runtime.

use socle_kit::config::Values;
use socle_kit::crypto::Sealer;
use socle_kit::db::Db;
use socle_kit::kernel::{Clock, Error, Id, Random, Result, Timestamp};

use socle_identity_core::access_token::signs_with_secret;
use socle_identity_core::errors::KEYS_NOT_USED;
use socle_identity_core::keys::model::SigningKey;
use socle_identity_core::keys::ring::KeyRing;
use socle_identity_core::keys::{rotation, store};

/// The operator's hand on the signing keys.
pub struct SigningKeys {
    db: Db,
    clock: Clock,
    ring: KeyRing,
}

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is known, and will sign.
    Announced,
    /// It signs.
    InForce,
    /// What it signed is still believed.
    Verifying,
}

/// A key, as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySummary {
    /// The `kid` of the tokens it signs.
    pub id: String,
    /// What it is good for.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// Until when what it signed is believed, once another takes its place.
    pub verifies_until: Option<Timestamp>,
}

impl SigningKeys {
    /// With these handles; `KEYS_NOT_USED` where tokens are signed with a secret.
    pub fn new(db: &Db, settings: &Values, sealer: &Sealer, clock: &Clock, random: &Random) -> Result<Self> {
        if signs_with_secret(settings)? {
            return Err(Error::new(KEYS_NOT_USED));
        }
        let ring = KeyRing::of(db, settings, sealer, clock, random)?;
        Ok(Self { db: db.clone(), clock: clock.clone(), ring })
    }

    /// The keys there are, the newest first; none where tokens are signed with a secret. Only looks: nothing that
    /// seals is needed.
    pub fn list(db: &Db, settings: &Values, clock: &Clock) -> Result<Vec<KeySummary>> {
        if signs_with_secret(settings)? {
            return Ok(Vec::new());
        }
        let (now, life) = (clock.now(), settings.duration("identity.access_token_lifetime")?);
        let rows = db.read_blocking(store::all)?;
        let signer = rows.iter().find(|row| row.signs(now, life)).map(|row| row.id);
        Ok(rows.iter().map(|row| summary(row, signer, now)).collect())
    }

    /// Announces a new key, which signs a short while later; the tokens of the others stay good.
    pub fn rotate(&self) -> Result<KeySummary> {
        let (now, life) = (self.clock.now(), self.ring.life());
        let is_first = self.db.read_blocking(store::all)?.is_empty();
        let key = self.ring.make(now, rotation::begins(now, is_first))?;
        let made = key.clone();
        self.db.write_blocking(move |tx| {
            let replaced: Vec<_> = store::all(tx)?.iter().map(|row| row.id).collect();
            rotation::announce(tx, &key, &replaced, life)
        })?;
        Ok(summary(&made, None, now))
    }

    /// A new key signs at once, and the tokens of the others are no longer believed: for a key that others may have.
    pub fn rotate_at_once(&self) -> Result<KeySummary> {
        let now = self.clock.now();
        let key = self.ring.make(now, now)?;
        let made = key.clone();
        self.db.write_blocking(move |tx| rotation::replace_at_once(tx, &key))?;
        Ok(summary(&made, None, now))
    }
}

fn summary(key: &SigningKey, signer: Option<Id<SigningKey>>, now: Timestamp) -> KeySummary {
    let state = if signer == Some(key.id) {
        KeyState::InForce
    } else if now < key.signs_from {
        KeyState::Announced
    } else {
        KeyState::Verifying
    };
    KeySummary {
        id: key.id.to_string(),
        state,
        created_at: key.created_at,
        signs_from: key.signs_from,
        verifies_until: key.verifies_until,
    }
}
