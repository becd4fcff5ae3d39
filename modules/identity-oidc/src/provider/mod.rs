//! The provider: what it says of itself, its keys, and what it answers.

mod addresses;
mod failure;
mod fetch;
mod id_token;
mod keys;
mod metadata;

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use socle_kit::config::Values;
use socle_kit::kernel::{Clock, Error, Result, Secret, Timestamp, Trouble};
use tokio::sync::Mutex;

use failure::{LastFailure, refused};
use fetch::Fetch;
pub(crate) use id_token::Identity;
use id_token::{Expected, IdToken};
use keys::Keys;
use metadata::Metadata;

/// How long what the provider says of itself is believed without asking again.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);

/// The provider that is set.
pub(crate) struct Provider {
    issuer: String,
    client_id: String,
    client_secret: Option<Secret<String>>,
    /// How the secret is sent: `basic`, `post`, or as the provider says.
    authentication: &'static str,
    scopes: String,
    /// Where the provider sends browsers back to.
    redirect: String,
    fetch: Fetch,
    clock: Clock,
    known: Mutex<Known>,
    keys: Keys,
}

/// What the provider has said of itself, if it did.
#[derive(Default)]
struct Known {
    metadata: Option<(Timestamp, Arc<Metadata>)>,
    failure: LastFailure,
}

/// What is sent along to the provider, and must come back.
pub(crate) struct Errand<'a> {
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) challenge: &'a str,
}

/// What comes back from the provider, and what it must match.
pub(crate) struct Homecoming<'a> {
    pub(crate) code: &'a str,
    /// Which provider says so (RFC 9207).
    pub(crate) issuer: Option<&'a str>,
    pub(crate) nonce: &'a str,
    pub(crate) verifier: &'a str,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
    access_token: Option<String>,
}

impl Provider {
    /// As the settings say; none when no issuer is set.
    pub(crate) fn of(settings: &Values, clock: Clock, redirect: String) -> Result<Option<Self>> {
        let Some(issuer) = settings.url("oidc.issuer")? else { return Ok(None) };
        let refuse = |text: &str| Error::from(Trouble::new("oidc-settings", text).arg("reason", text));
        let url = Url::parse(issuer).map_err(|_| refuse("oidc.issuer is no address"))?;
        let production = settings.choice("environment")? == "production";
        let is_here = addresses::is_loopback(&url);
        if url.scheme() != "https" && !(url.scheme() == "http" && is_here && !production) {
            return Err(refuse("oidc.issuer does not begin with https:"));
        }
        let client_id = settings.text("oidc.client_id")?.to_owned();
        if client_id.is_empty() {
            return Err(refuse("oidc.issuer is set and oidc.client_id is not"));
        }
        let listed = settings.list("oidc.scopes")?.iter().map(String::as_str);
        let scopes: Vec<&str> =
            std::iter::once("openid").chain(listed.filter(|scope| *scope != "openid")).collect();
        Ok(Some(Self {
            issuer: issuer.to_owned(),
            client_id,
            client_secret: settings.secret("oidc.client_secret")?,
            authentication: settings.choice("oidc.client_authentication")?,
            scopes: scopes.join(" "),
            redirect,
            fetch: Fetch::new(&url, settings.text("oidc.ca_file")?)?,
            keys: Keys::new(clock.clone()),
            clock,
            known: Mutex::default(),
        }))
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where a browser is sent to sign in.
    pub(crate) async fn address(&self, errand: &Errand<'_>) -> Result<String> {
        let metadata = self.metadata().await?;
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect),
            ("scope", &self.scopes),
            ("state", errand.state),
            ("nonce", errand.nonce),
            ("code_challenge", errand.challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url.into())
    }

    /// Exchanges the code, and says whose it is. What is not as it must be is `OIDC_REFUSED`, with the reason for the
    /// log.
    pub(crate) async fn identity(&self, home: &Homecoming<'_>) -> Result<Identity> {
        let metadata = self.metadata().await?;
        // A provider that was mixed up with another, which hands us the other's code.
        let told = home.issuer.is_some() || metadata.names_itself;
        if told && home.issuer != Some(self.issuer.as_str()) {
            return Err(refused("another issuer answers"));
        }
        let answer: TokenAnswer = self.fetch.json(self.token_request(&metadata, home)?).await?;
        let token = IdToken::read(&answer.id_token, &metadata.algorithms)?;
        let expected = Expected {
            issuer: &self.issuer,
            client: &self.client_id,
            nonce: home.nonce,
            now: self.clock.now(),
        };
        let key = self.keys.find(&self.fetch, &metadata.jwks_uri, &token).await?;
        let identity = token.verify(&key, &expected)?;
        match (&metadata.userinfo_endpoint, answer.access_token) {
            (Some(endpoint), Some(access)) if identity.email.is_none() => {
                let request = self.fetch.get(endpoint)?.bearer_auth(access);
                identity.completed(self.fetch.json(request).await?)
            }
            _ => Ok(identity),
        }
    }

    fn token_request(&self, metadata: &Metadata, home: &Homecoming<'_>) -> Result<reqwest::RequestBuilder> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", home.code),
            ("redirect_uri", &self.redirect),
            ("code_verifier", home.verifier),
        ];
        let request = self.fetch.post(&metadata.token_endpoint)?;
        let Some(secret) = &self.client_secret else {
            form.push(("client_id", &self.client_id));
            return Ok(request.form(&form));
        };
        let in_header = match self.authentication {
            "basic" => true,
            "post" => false,
            _ => metadata.takes_basic,
        };
        if in_header {
            // RFC 6749, section 2.3.1: both are encoded as in a form before they are joined.
            let encode = |text: &str| {
                let mut url = self.fetch.blank();
                url.query_pairs_mut().append_key_only(text);
                url.query().unwrap_or_default().to_owned()
            };
            let request = request.basic_auth(encode(&self.client_id), Some(encode(secret.expose())));
            return Ok(request.form(&form));
        }
        form.push(("client_id", &self.client_id));
        form.push(("client_secret", secret.expose()));
        Ok(request.form(&form))
    }

    /// What the provider says of itself, asked for when it is first needed and from time to time.
    async fn metadata(&self) -> Result<Arc<Metadata>> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some((at, metadata)) = known.metadata.as_ref()
            && now < at.plus(REMEMBERED)
        {
            return Ok(metadata.clone());
        }
        known.failure.check(now)?;
        let answer = Metadata::ask(&self.fetch, &self.issuer).await;
        let metadata = Arc::new(known.failure.note(answer, self.clock.now())?);
        known.metadata = Some((now, metadata.clone()));
        Ok(metadata)
    }
}

/// The host of an issuer, for people to read.
pub(crate) fn host_of(issuer: &str) -> String {
    Url::parse(issuer).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}
