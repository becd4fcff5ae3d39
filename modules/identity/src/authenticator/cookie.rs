//! The cookie of a session, and what its writes must show.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use socle_kit::config::Values;
use socle_kit::crypto::{KeyedHash, TokenHash};
use socle_kit::db::Conn;
use socle_kit::http::{Caller, HeaderMap, Means, Who, cookie_of};
use socle_kit::kernel::{Code, Random, Result, UserId};

use super::presence::{Place, Presences};
use super::store;
use socle_identity_core::errors::{CROSS_SITE_REQUEST, CSRF_TOKEN_INVALID, INVALID_TOKEN};
use socle_identity_core::sessions::api::SESSION_COOKIE;
use socle_identity_core::sessions::csrf::{Csrf, HEADER};
use socle_identity_core::signing_key;

/// How many cookies are remembered at most; the least used are forgotten first.
const MOST: u64 = 20_000;
/// What nobody has used for so long is forgotten.
const REST: Duration = Duration::from_secs(10 * 60);
/// Ours have 80 characters: a longer text is not looked at.
const LONGEST: usize = 128;

/// Reads the cookies of sessions.
pub(super) struct Cookies {
    /// By the cookie's hash.
    known: Cache<String, Arc<Place>>,
    presences: Presences,
    csrf: Csrf,
    pages: Pages,
}

impl Cookies {
    pub(super) fn new(settings: &Values, random: &Random, presences: Presences) -> Result<Self> {
        Ok(Self {
            known: Cache::builder().max_capacity(MOST).time_to_idle(REST).build(),
            presences,
            csrf: Csrf::new(KeyedHash::new(&signing_key::load(settings, random)?)),
            pages: Pages::of(settings)?,
        })
    }

    /// What a request presents.
    pub(super) fn presented(headers: &HeaderMap) -> Option<&str> {
        cookie_of(headers, SESSION_COOKIE).filter(|token| !token.is_empty())
    }

    /// Whose cookie is this?
    pub(super) async fn who(&self, token: &str) -> Result<Who> {
        let Some(user) = owner(token) else { return Ok(Who::Refused(INVALID_TOKEN)) };
        let (hash, now) = (TokenHash::of(token), self.presences.clock().now());
        let known = self.known.get(hash.as_str());
        let (is_known, place) = (known.is_some(), known.unwrap_or_default());
        let asked = hash.clone();
        let ask = move |conn: &mut Conn| store::presence_by_cookie(conn, &asked, now);
        let Some(caller) = self.presences.caller(&place, user, Means::Cookie, now, ask).await? else {
            self.known.invalidate(hash.as_str());
            return Ok(Who::Refused(INVALID_TOKEN));
        };
        // Only ours are remembered: others must not push them out.
        if !is_known {
            self.known.insert(hash.as_str().to_owned(), place);
        }
        Ok(Who::Known(caller))
    }

    /// A browser sends cookies along whoever had it make the request: that it was a page of ours is shown by what the
    /// browser says of the page, and by a token that other pages cannot read.
    pub(super) fn admit_write(&self, caller: &Caller, headers: &HeaderMap) -> Result<(), Code> {
        if !self.pages.is_ours(headers) {
            return Err(CROSS_SITE_REQUEST);
        }
        let presented = headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if self.csrf.holds(&caller.session, presented) { Ok(()) } else { Err(CSRF_TOKEN_INVALID) }
    }
}

/// The account that stands before the secret; which of them it is, the whole decides.
fn owner(token: &str) -> Option<UserId> {
    if token.len() > LONGEST {
        return None;
    }
    token.split_once('.')?.0.parse().ok()
}

/// The pages that may write.
struct Pages {
    listed: Vec<String>,
    /// Pages served from this machine too, in development.
    local: bool,
}

impl Pages {
    fn of(settings: &Values) -> Result<Self> {
        let mut listed = settings.list("cors.allowed_origins")?.to_vec();
        listed.extend(settings.url("server.public_url")?.and_then(origin_of));
        Ok(Self { listed, local: settings.choice("environment")? != "production" })
    }

    /// Does the browser say that a page of ours asks? One that says nothing of it is too old to know, or no browser;
    /// the token decides then.
    fn is_ours(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match (text("sec-fetch-site"), text("origin")) {
            (Some("same-origin" | "none"), _) => true,
            (_, Some(origin)) => self.is_listed(origin) || is_host(origin, text("host")),
            (Some(_), None) => false,
            (None, None) => true,
        }
    }

    fn is_listed(&self, origin: &str) -> bool {
        self.listed.iter().any(|listed| listed == origin) || (self.local && is_local(origin))
    }
}

/// `https://a.example:8443/x` is of the origin `https://a.example:8443`.
fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    Some(format!("{scheme}://{authority}"))
}

/// Is the page from the very host that is asked?
fn is_host(origin: &str, host: Option<&str>) -> bool {
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some_and(|authority| host.is_some_and(|host| host.eq_ignore_ascii_case(authority)))
}

fn is_local(origin: &str) -> bool {
    let authority = origin.strip_prefix("http://").unwrap_or_default();
    // No browser names anybody in an origin: what stands before the @ is not the host.
    if authority.contains('@') {
        return false;
    }
    let host = match authority.rfind(']') {
        Some(end) => authority.get(..=end).unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_page_of_ours_is_the_host_s_own_or_one_that_is_listed() {
        let pages = Pages { listed: vec!["https://app.example".into()], local: false };
        for (asked, ours) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
            (vec![("sec-fetch-site", "same-site"), ("origin", "https://app.example")], true),
            (vec![("origin", "https://api.example"), ("host", "api.example")], true),
            (vec![("origin", "https://evil.example"), ("host", "api.example")], false),
            (vec![("origin", "https://app.example.evil"), ("host", "api.example")], false),
            (vec![("origin", "null"), ("host", "api.example")], false),
            (vec![("origin", "http://localhost:5173"), ("host", "localhost:8080")], false),
        ] {
            assert_eq!(pages.is_ours(&headers(&asked)), ours, "{asked:?}");
        }
        let development = Pages { listed: Vec::new(), local: true };
        assert!(development.is_ours(&headers(&[("origin", "http://localhost:5173"), ("host", "localhost")])));
        for evil in ["http://localhost.evil", "http://localhost:1@evil.example", "http://[::1]@evil.example"]
        {
            assert!(!development.is_ours(&headers(&[("origin", evil), ("host", "a")])), "{evil}");
        }
    }

    #[test]
    fn an_address_has_its_origin() {
        assert_eq!(origin_of("https://a.example:8443/x?y").as_deref(), Some("https://a.example:8443"));
        assert_eq!(origin_of("a.example"), None);
    }
}
