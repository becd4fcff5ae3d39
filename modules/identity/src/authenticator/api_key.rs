//! API keys: a key in the header `X-API-Key` becomes a caller who may do what the key is for and its owner may.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use moka::sync::Cache;
use socle_kit::config::Values;
use socle_kit::crypto::TokenHash;
use socle_kit::db::Db;
use socle_kit::http::{Caller, HeaderMap, Means, Origin, Who};
use socle_kit::kernel::{Clock, Result, Timestamp};

use super::presence::{Place, actor, held};
use super::store::{self, KeyPresence};
use socle_identity_core::api_keys::format::is_key;
use socle_identity_core::api_keys::model::{ends_at, usable};
use socle_identity_core::api_keys::store::note_use;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::INVALID_API_KEY;

const HEADER: &str = "x-api-key";
/// How many keys are remembered at most; the least used are forgotten first.
const MOST: u64 = 20_000;
/// What nobody has used for so long is forgotten.
const REST: Duration = Duration::from_secs(10 * 60);
/// The last use of a key is written down at most once in this time.
const USED_EVERY: Duration = Duration::from_secs(60);

/// Who is behind which key. What is remembered is believed for a second at most, as with tokens.
pub(super) struct ApiKeys {
    db: Db,
    clock: Clock,
    /// By the hash of the key: the key itself is in nobody's memory.
    known: Cache<String, Arc<Place<Holder>>>,
    changes: Changes,
    max_age: Duration,
}

/// The caller a key makes, where it may be used from.
#[derive(Clone)]
struct Holder {
    caller: Caller,
    networks: Arc<[IpNet]>,
}

impl ApiKeys {
    pub(super) fn new(db: &Db, settings: &Values, clock: Clock, changes: Changes) -> Result<Self> {
        Ok(Self {
            db: db.clone(),
            clock,
            known: Cache::builder().max_capacity(MOST).time_to_idle(REST).build(),
            changes,
            max_age: settings.duration("api_keys.max_age")?,
        })
    }

    /// Whose key is this, if there is one? One that may not be used from here is refused as if it did not exist: who
    /// found it learns nothing.
    pub(super) async fn authenticate(&self, headers: &HeaderMap, origin: &Origin) -> Result<Who> {
        let Some(key) = headers.get(HEADER) else { return Ok(Who::Anonymous) };
        let Some(key) = key.to_str().ok().map(str::trim).filter(|text| is_key(text)) else {
            return Ok(Who::Refused(INVALID_API_KEY));
        };
        let now = self.clock.now();
        let holder = self.holder(&TokenHash::of(key), origin.address, now).await?;
        let holder = holder.filter(|holder| admits(&holder.networks, origin.address));
        Ok(holder.map_or(Who::Refused(INVALID_API_KEY), |holder| Who::Known(holder.caller)))
    }

    async fn holder(&self, hash: &TokenHash, from: IpAddr, now: Timestamp) -> Result<Option<Holder>> {
        // Only ours are remembered: others must not push them out.
        let Some(place) = self.known.get(hash.as_str()) else {
            let place = Arc::new(Place::default());
            let holder = self.look_up(hash, &place, from, now).await?;
            if holder.is_some() {
                self.known.insert(hash.as_str().to_owned(), place);
            }
            return Ok(holder);
        };
        if let Some(holder) = place.fresh(self.changes.seen(), now) {
            return Ok(holder);
        }
        let _turn = place.turn.lock().await;
        match place.fresh(self.changes.seen(), now) {
            Some(holder) => Ok(holder),
            None => self.look_up(hash, &place, from, now).await,
        }
    }

    /// Asks the database.
    async fn look_up(
        &self,
        hash: &TokenHash,
        place: &Place<Holder>,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<Option<Holder>> {
        let (asked, seen, hash) = (Instant::now(), self.changes.seen(), hash.clone());
        let presence = self.db.read(move |conn| store::key_presence(conn, &hash, now)).await?;
        let presence = presence.map(|presence| (self.works_until(&presence), presence));
        let presence = presence.filter(|(until, _)| now < *until);
        let until = presence.as_ref().map(|(until, presence)| match presence.person.grant_ends_at {
            Some(end) => end.min(*until),
            None => *until,
        });
        let holder = presence.and_then(|(_, presence)| {
            let holder = holder(&presence)?;
            self.note_use(&presence, &holder, from, now);
            Some(holder)
        });
        place.remember(holder.clone(), until, asked, seen);
        Ok(holder)
    }

    /// When the key as it was presented works no more.
    fn works_until(&self, presence: &KeyPresence) -> Timestamp {
        let end = ends_at(presence.expires_at, presence.rotated_at, self.max_age);
        match presence.previous_until {
            Some(overlap) if presence.is_previous => end.min(overlap),
            None if presence.is_previous => Timestamp::EPOCH,
            _ => end,
        }
    }

    /// Writes down, beside the request, that the key is in use.
    fn note_use(&self, presence: &KeyPresence, holder: &Holder, from: IpAddr, now: Timestamp) {
        let id = presence.key_id;
        let recent = presence.last_used_at.is_some_and(|last| now.since(last) < USED_EVERY);
        if recent || !admits(&holder.networks, from) {
            return;
        }
        let (db, address) = (self.db.clone(), from.to_string());
        tokio::spawn(async move {
            if let Err(error) = db.write(move |tx| note_use(tx, id, now, &address)).await {
                tracing::debug!(%id, %error, "api key {id}: its use was not written down");
            }
        });
    }
}

/// May the key be used from this address? From anywhere when it names no network.
fn admits(networks: &[IpNet], address: IpAddr) -> bool {
    networks.is_empty() || networks.iter().any(|network| network.contains(&address))
}

/// The caller whom a key makes: nobody has proved anything by it. None when its networks cannot be read: it must not be
/// usable from anywhere because of that.
fn holder(presence: &KeyPresence) -> Option<Holder> {
    let person = &presence.person;
    let networks: Vec<IpNet> =
        presence.networks.iter().map(|network| network.parse().ok()).collect::<Option<_>>()?;
    Some(Holder {
        caller: Caller {
            actor: actor(person, usable(&presence.scopes, &held(person))),
            session: presence.key_id.to_string().into(),
            means: Means::ApiKey,
            proved_until: None,
            language: person.language,
            // A key was made by somebody who proved who they are; programs have no second factor.
            confined: None,
        },
        networks: networks.into(),
    })
}
