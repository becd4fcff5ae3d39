//! The ID token: who signed in, said by the provider to us, for this once (OpenID Connect Core 1.0, section 3.1.3.7).

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use socle_kit::crypto::same;
use socle_kit::kernel::{Result, Timestamp};

use super::failure::refused;

/// Clocks may differ by so much, and a token is used at once.
const LEEWAY: Duration = Duration::from_secs(60);
const OLDEST: Duration = Duration::from_secs(10 * 60);
/// A longer text is not looked at.
const LONGEST: usize = 32 * 1024;
const LONGEST_SUBJECT: usize = 255;

/// Is a signature of this kind believed? Only of those that whoever verifies cannot make.
pub(super) fn is_believed(algorithm: &Algorithm) -> bool {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA].contains(algorithm)
}

/// A token whose signature is not yet verified.
pub(super) struct IdToken<'a> {
    text: &'a str,
    header: Header,
}

/// What the claims must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// Who signed in at the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    /// What the provider calls the account, for ever.
    pub(crate) subject: String,
    /// The address, and whether the provider has verified it.
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    /// What the person is called there.
    pub(crate) username: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    #[serde(flatten)]
    person: Person,
}

/// What the ID token and the userinfo answer say of a person.
#[derive(Deserialize)]
pub(super) struct Person {
    sub: String,
    email: Option<String>,
    email_verified: Option<YesOrNo>,
    preferred_username: Option<String>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Some providers write it as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum YesOrNo {
    Bool(bool),
    Text(String),
}

impl<'a> IdToken<'a> {
    /// Reads the header; a token that is signed in a way that is not believed is refused.
    pub(super) fn read(text: &'a str, algorithms: &[Algorithm]) -> Result<Self> {
        if text.len() > LONGEST {
            return Err(refused("the ID token is too long"));
        }
        let header = decode_header(text).map_err(|_| refused("the ID token is none"))?;
        if !is_believed(&header.alg) || !algorithms.contains(&header.alg) {
            return Err(refused("the ID token is signed in a way that is not believed"));
        }
        Ok(Self { text, header })
    }

    /// The name of the key.
    pub(super) fn key(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    pub(super) fn algorithm_name(&self) -> String {
        format!("{:?}", self.header.alg)
    }

    /// Verifies signature and claims, and says who it is.
    pub(super) fn verify(&self, key: &DecodingKey, expected: &Expected<'_>) -> Result<Identity> {
        let mut validation = Validation::new(self.header.alg);
        // The claims are checked below, against our own clock.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let claims = decode::<Claims>(self.text, key, &validation)
            .map_err(|error| refused(format!("the ID token does not verify: {error}")))?
            .claims;
        claims.check(expected)?;
        let mut identity = Identity::default();
        identity.take(claims.person);
        Ok(identity)
    }
}

impl Claims {
    fn check(&self, expected: &Expected<'_>) -> Result<()> {
        let audiences = match &self.aud {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Several(several) => several.as_slice(),
        };
        let at = Timestamp::from_seconds;
        let now = expected.now;
        let subject = self.person.sub.as_str();
        let party = self.azp.as_deref();
        for (holds, reason) in [
            (self.iss == expected.issuer, "of another issuer"),
            (audiences.iter().any(|one| one == expected.client), "for another client"),
            (audiences.len() == 1 || party.is_some(), "for several clients, without saying whose it is"),
            (party.is_none_or(|party| party == expected.client), "issued to another client"),
            (now < at(self.exp).plus(LEEWAY), "over"),
            (at(self.iat) <= now.plus(LEEWAY), "of the future"),
            (now < at(self.iat).plus(OLDEST), "old"),
            (self.nbf.is_none_or(|from| at(from) <= now.plus(LEEWAY)), "not yet valid"),
            (!subject.is_empty() && subject.len() <= LONGEST_SUBJECT, "of nobody"),
            (
                self.nonce.as_deref().is_some_and(|nonce| same(nonce.as_bytes(), expected.nonce.as_bytes())),
                "not for this sign-in",
            ),
        ] {
            if !holds {
                return Err(refused(format!("the ID token is {reason}")));
            }
        }
        Ok(())
    }
}

impl Identity {
    /// With what the userinfo answer adds; it must speak of the same account.
    pub(super) fn completed(mut self, person: Person) -> Result<Self> {
        if person.sub != self.subject {
            return Err(refused("the userinfo answer is about somebody else"));
        }
        self.take(person);
        Ok(self)
    }

    fn take(&mut self, person: Person) {
        self.subject = person.sub;
        if person.email.is_some() {
            self.email = person.email;
            self.email_verified = person.email_verified.is_some_and(|verified| verified.is_yes());
        }
        self.username = person.preferred_username.or(self.username.take());
        self.name = person.name.or(self.name.take());
        self.first_name = person.given_name.or(self.first_name.take());
        self.last_name = person.family_name.or(self.last_name.take());
    }
}

impl YesOrNo {
    fn is_yes(&self) -> bool {
        match self {
            Self::Bool(yes) => *yes,
            Self::Text(text) => text == "true",
        }
    }
}
