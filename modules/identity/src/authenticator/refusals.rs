//! Tells of tokens that were refused, so seldom that a flood of them writes nothing.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use socle_kit::contracts::identity::TokenRefused;
use socle_kit::db::Db;
use socle_kit::events::Emit;
use socle_kit::http::Origin;
use socle_kit::kernel::{Actor, Clock, Timestamp};

use socle_identity_core::access_token::Distrust;

/// One address is told of once in this time, for each reason.
const SILENCE: Duration = Duration::from_secs(60);
/// In the same time so many are told of at most, from wherever they come.
const MOST: usize = 128;

/// The refusals that were told of lately.
pub(super) struct Refusals {
    db: Db,
    clock: Clock,
    told: Mutex<HashMap<(IpAddr, Distrust), Timestamp>>,
}

impl Refusals {
    pub(super) fn new(db: &Db, clock: &Clock) -> Self {
        Self { db: db.clone(), clock: clock.clone(), told: Mutex::default() }
    }

    /// Writes the letter, beside the request, when it is one to be written.
    pub(super) fn tell(&self, why: Distrust, origin: &Origin) {
        if !self.is_news(why, origin.address) {
            return;
        }
        let (db, address) = (self.db.clone(), origin.address);
        tokio::spawn(async move {
            let actor = Actor { address: Some(address), ..Actor::anonymous() };
            let letter = TokenRefused { reason: why.as_str().to_owned() };
            if let Err(error) = db.write(move |tx| tx.emit(&actor, letter.clone())).await {
                tracing::debug!(%error, "a refused token was not written down");
            }
        });
    }

    fn is_news(&self, why: Distrust, address: IpAddr) -> bool {
        let (now, key) = (self.clock.now(), (network(address), why));
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Timestamp| now.since(*at) < SILENCE;
        if told.get(&key).is_some_and(is_recent) {
            return false;
        }
        if told.len() >= MOST {
            told.retain(|_, at| is_recent(at));
        }
        let has_room = told.len() < MOST;
        if has_room {
            told.insert(key, now);
        }
        has_room
    }
}

/// One household, one key: of an IPv6 address the first half.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}
