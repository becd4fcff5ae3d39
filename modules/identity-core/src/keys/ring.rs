//! The signing keys in memory, and how they come there.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::{DecodingKey, EncodingKey};
use socle_kit::config::Values;
use socle_kit::crypto::Sealer;
use socle_kit::db::{Db, Tx};
use socle_kit::kernel::{Clock, Id, Ids, Random, Result, Timestamp};

use super::model::SigningKey;
use super::{rotation, store};

/// A key that is not known is looked for at most once in this time, however many tokens name it.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The signing keys of this database. Cheap to clone; all clones share what is known.
#[derive(Clone)]
pub struct KeyRing(Arc<Inner>);

struct Inner {
    db: Db,
    sealer: Sealer,
    clock: Clock,
    random: Random,
    ids: Ids,
    /// The life of the tokens that are signed.
    life: Duration,
    /// How old a key becomes before another takes its place.
    rotation: Duration,
    known: RwLock<Arc<Known>>,
    generation: AtomicU64,
    looked: Mutex<Option<Instant>>,
}

/// What was last read.
#[derive(Default)]
struct Known {
    rows: Vec<SigningKey>,
    keys: Vec<Arc<Key>>,
}

/// A key that can be used.
pub struct Key {
    /// The row.
    pub row: SigningKey,
    /// What verifies.
    pub decoding: DecodingKey,
    /// What signs; none when it was sealed with a key that this node does not have.
    pub encoding: Option<EncodingKey>,
}

impl KeyRing {
    /// The ring of this database, begun by whoever asks first. Blocks for a moment: to be called at start. The keys
    /// are read by [`Self::open`].
    pub fn of(db: &Db, settings: &Values, sealer: &Sealer, clock: &Clock, random: &Random) -> Result<Self> {
        if let Some(begun) = db.read_blocking(|conn| Ok(conn.attachment::<Self>()))? {
            return Ok((*begun).clone());
        }
        let begun = Self(Arc::new(Inner {
            db: db.clone(),
            sealer: sealer.clone(),
            clock: clock.clone(),
            random: random.clone(),
            ids: Ids::new(clock.clone(), random.clone()),
            life: settings.duration("identity.access_token_lifetime")?,
            rotation: settings.duration("identity.key_rotation")?,
            known: RwLock::default(),
            generation: AtomicU64::new(0),
            looked: Mutex::default(),
        }));
        db.attach(begun.clone());
        Ok(begun)
    }

    /// Reads the keys, and makes the first. Blocks: to be called at start, when there are tables.
    pub fn open(&self) -> Result<()> {
        let rows = self.0.db.read_blocking(store::all)?;
        self.take_over(rows)?;
        if self.signer(self.0.clock.now()).is_none() {
            let ring = self.clone();
            let rows = self.0.db.write_blocking(move |tx| ring.supply(tx))?;
            self.take_over(rows)?;
        }
        Ok(())
    }

    /// Reads what other nodes and the command line have done; rotates when it is time, and removes what is over.
    pub async fn tend(&self) -> Result<()> {
        self.refresh().await?;
        let (now, rows) = (self.0.clock.now(), self.rows());
        let is_over = rows.iter().any(|row| !row.verifies(now));
        if is_over || self.is_due(now) || self.signer(now).is_none() {
            let ring = self.clone();
            let rows = self.0.db.write(move |tx| ring.supply(tx)).await?;
            self.take_over(rows)?;
        }
        Ok(())
    }

    /// Looks for a key that is not known, unless somebody has looked a moment ago. Is anything new?
    pub async fn learn(&self) -> Result<bool> {
        {
            let mut looked = self.0.looked.lock().unwrap_or_else(PoisonError::into_inner);
            if looked.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
                return Ok(false);
            }
            *looked = Some(Instant::now());
        }
        self.refresh().await
    }

    /// The key that signs now.
    pub fn signer(&self, now: Timestamp) -> Option<Arc<Key>> {
        let known = self.known();
        let mut can_sign = known.keys.iter().filter(|key| key.encoding.is_some());
        can_sign.find(|key| key.row.signs(now, self.0.life)).cloned()
    }

    /// The key of this name, when it is believed.
    pub fn find(&self, kid: &str, now: Timestamp) -> Option<Arc<Key>> {
        let kid: Id<SigningKey> = kid.parse().ok()?;
        self.known().keys.iter().find(|key| key.row.id == kid && key.row.verifies(now)).cloned()
    }

    /// Moves whenever the keys are not what they were: what was verified before is to be verified again.
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Every key, the newest first.
    pub fn rows(&self) -> Vec<SigningKey> {
        self.known().rows.clone()
    }

    /// A new key, sealed.
    pub fn make(&self, now: Timestamp, signs_from: Timestamp) -> Result<SigningKey> {
        SigningKey::make(self.0.ids.next(), &self.0.sealer, &self.0.random, now, signs_from)
    }

    /// The life of the tokens that are signed.
    pub fn life(&self) -> Duration {
        self.0.life
    }

    async fn refresh(&self) -> Result<bool> {
        let rows = self.0.db.read(store::all).await?;
        self.take_over(rows)
    }

    /// What is missing is made and what is over removed, as the table is in this transaction: another node may have
    /// done it already.
    fn supply(&self, tx: &mut Tx) -> Result<Vec<SigningKey>> {
        let now = self.0.clock.now();
        store::remove_over(tx, now)?;
        let own: Vec<SigningKey> = store::all(tx)?.into_iter().filter(|row| self.opens(row)).collect();
        let has_signer = own.iter().any(|row| row.signs(now, self.0.life));
        let is_due = own.first().is_none_or(|newest| newest.created_at.plus(self.0.rotation) <= now);
        if !has_signer || is_due {
            let key = self.make(now, rotation::begins(now, !has_signer))?;
            let replaced: Vec<_> = own.iter().map(|row| row.id).collect();
            rotation::announce(tx, &key, &replaced, self.0.life)?;
        }
        store::all(tx)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let known = self.known();
        let newest = known.keys.iter().find(|key| key.encoding.is_some());
        newest.is_none_or(|key| key.row.created_at.plus(self.0.rotation) <= now)
    }

    fn opens(&self, row: &SigningKey) -> bool {
        self.0.sealer.open(&row.context(), &row.private_key).is_ok()
    }

    fn take_over(&self, rows: Vec<SigningKey>) -> Result<bool> {
        if self.known().rows == rows {
            return Ok(false);
        }
        let keys = rows.iter().map(|row| self.key(row).map(Arc::new)).collect::<Result<Vec<_>>>()?;
        *self.0.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Known { rows, keys });
        self.0.generation.fetch_add(1, Ordering::Release);
        Ok(true)
    }

    fn key(&self, row: &SigningKey) -> Result<Key> {
        let decoding = DecodingKey::from_ed_components(&row.public_key);
        let decoding = decoding.map_err(socle_kit::kernel::Error::internal)?;
        // A key sealed by another node's own key verifies here and does not sign.
        let encoding = match self.0.sealer.open(&row.context(), &row.private_key) {
            Ok(private) => Some(EncodingKey::from_ed_der(private.expose())),
            Err(error) => {
                tracing::warn!(key = %row.id, %error, "signing key {} does not sign here", row.id);
                None
            }
        };
        Ok(Key { row: row.clone(), decoding, encoding })
    }

    fn known(&self) -> Arc<Known> {
        self.0.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
