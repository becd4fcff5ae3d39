//! The port of the edge, implemented: what a request presents becomes a caller.

use std::sync::Arc;

use socle_kit::config::Values;
use socle_kit::crypto::Sealer;
use socle_kit::db::Db;
use socle_kit::http::{Authenticator, BoxFuture, Caller, HeaderMap, Origin, Who};
use socle_kit::kernel::{Clock, Code, Random, Result};

use super::api_key::ApiKeys;
use super::bearer::Bearers;
use super::cookie::Cookies;
use super::presence::Presences;
use socle_identity_core::changes::Changes;

/// Reads the credentials of requests: `Authorization` first, then the session's cookie, then the API key (C18).
struct SessionAuthenticator {
    bearers: Bearers,
    cookies: Cookies,
    api_keys: ApiKeys,
}

/// The authenticator of a server on this database. The settings and the sealer must be those the services are given,
/// since they name the keys that both sign with. Blocks: to be called at start, when there are tables.
pub fn authenticator(
    db: &Db,
    settings: &Values,
    sealer: &Sealer,
    clock: &Clock,
    random: &Random,
) -> Result<Arc<dyn Authenticator>> {
    let presences = Presences::new(db, settings, clock)?;
    Ok(Arc::new(SessionAuthenticator {
        bearers: Bearers::new(db, settings, sealer, random, presences.clone())?,
        cookies: Cookies::new(settings, random, presences)?,
        api_keys: ApiKeys::new(db, settings, clock.clone(), Changes::of(db)?)?,
    }))
}

impl Authenticator for SessionAuthenticator {
    fn authenticate<'a>(&'a self, headers: &'a HeaderMap, origin: &'a Origin) -> BoxFuture<'a, Result<Who>> {
        Box::pin(async move {
            if let Some(authorization) = headers.get("authorization") {
                return self.bearers.who(authorization, origin).await;
            }
            if let Some(token) = Cookies::presented(headers) {
                return self.cookies.who(token).await;
            }
            self.api_keys.authenticate(headers, origin).await
        })
    }

    fn admit_write(&self, caller: &Caller, headers: &HeaderMap) -> Result<(), Code> {
        self.cookies.admit_write(caller, headers)
    }
}
