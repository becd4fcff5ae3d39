//! Access tokens: short-lived JSON Web Tokens (RFC 9068), signed with one algorithm and one key.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use socle_kit::config::Values;
use socle_kit::crypto::KeyedHash;
use socle_kit::kernel::{Error, Id, Random, Result, Secret, Timestamp, UserId};

use crate::accounts::model::Account;
use crate::sessions::model::Session;

/// The clocks of two nodes may differ by so much.
const LEEWAY: Duration = Duration::from_secs(10);
/// Ours are under 600 bytes: a longer text is not looked at.
const LONGEST: usize = 4 * 1024;
const TYPE: &str = "at+jwt";

/// Signs and verifies access tokens.
pub struct AccessTokens {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: String,
    lifetime: Duration,
    random: Random,
}

/// What a token says (C20, R3-225).
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    id: UserId,
    user_id: UserId,
    username: String,
    role: String,
    sid: Id<Session>,
    jti: String,
    iat: i64,
    exp: i64,
}

/// What matters of a token whose signature is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The session it belongs to.
    pub session: Id<Session>,
    /// Whose it is.
    pub user: UserId,
    expires_at: Timestamp,
}

impl Verified {
    /// Is its time over?
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.plus(LEEWAY) <= now
    }
}

impl AccessTokens {
    /// With this key, as the settings say.
    pub fn new(key: &Secret<Vec<u8>>, settings: &Values, random: Random) -> Result<Self> {
        let issuer = settings.text("identity.issuer")?.to_owned();
        let audience = settings.text("identity.audience")?.to_owned();
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        // Enough of a hash of the key to tell two keys apart, nothing that helps to find it.
        header.kid = KeyedHash::new(key).tag_text("access token key", b"").get(..16).map(str::to_owned);
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[&audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The end is held against our clock, not the library's.
        validation.validate_exp = false;
        Ok(Self {
            header,
            encoding: EncodingKey::from_secret(key.expose()),
            decoding: DecodingKey::from_secret(key.expose()),
            validation,
            issuer,
            audience,
            lifetime: settings.duration("identity.access_token_lifetime")?,
            random,
        })
    }

    /// How long a token lives.
    pub const fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A token of this account in this session.
    pub fn issue(&self, account: &Account, session: Id<Session>, now: Timestamp) -> Result<String> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account.id,
            id: account.id,
            user_id: account.id,
            username: account.username.clone(),
            role: account.role.clone(),
            sid: session,
            jti: format!("{:032x}", u128::from_be_bytes(self.random.bytes())),
            iat: now.seconds(),
            exp: now.plus(self.lifetime).seconds(),
        };
        encode(&self.header, &claims, &self.encoding).map_err(Error::internal)
    }

    /// Is the token ours? Its end is for the caller to check, each time.
    pub fn verify(&self, token: &str) -> Option<Verified> {
        if token.len() > LONGEST {
            return None;
        }
        let data = decode::<Claims>(token, &self.decoding, &self.validation).ok()?;
        if data.header.typ != self.header.typ || data.header.kid != self.header.kid {
            return None;
        }
        let Claims { sub, sid, exp, .. } = data.claims;
        Some(Verified { session: sid, user: sub, expires_at: Timestamp::from_seconds(exp) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use socle_kit::config::{BASE, Sources, Specification};

    use super::*;
    use crate::accounts::model::Beginning;

    fn settings() -> Values {
        let specification = Specification::new([BASE, crate::settings::ALL]).unwrap();
        Values::load(&specification, &Sources::default()).unwrap()
    }

    fn with_key(key: &[u8]) -> AccessTokens {
        AccessTokens::new(&Secret::new(key.to_vec()), &settings(), Random::seeded(1)).unwrap()
    }

    fn account() -> Account {
        let beginning = Beginning { username: "zoe".into(), role: "user".into(), ..Beginning::default() };
        Account::new(Id::from_u128(7), beginning, Timestamp::EPOCH)
    }

    const KEY: &[u8] = b"q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa";

    fn issued(tokens: &AccessTokens) -> String {
        tokens.issue(&account(), Id::from_u128(9), Timestamp::from_seconds(1_000)).unwrap()
    }

    /// A token with these edits to header and claims, signed with our key.
    fn forged(header: &[(&str, Value)], claims: &[(&str, Value)]) -> String {
        let tokens = with_key(KEY);
        let mut all = serde_json::to_value(Claims {
            iss: "socle".into(),
            aud: "socle-api".into(),
            sub: Id::from_u128(7),
            id: Id::from_u128(7),
            user_id: Id::from_u128(7),
            username: "zoe".into(),
            role: "user".into(),
            sid: Id::from_u128(9),
            jti: "1".into(),
            iat: 1_000,
            exp: 1_900,
        })
        .unwrap();
        for (name, value) in claims {
            all[*name] = value.clone();
        }
        let mut head = tokens.header.clone();
        for (name, value) in header {
            match *name {
                "typ" => head.typ = value.as_str().map(str::to_owned),
                "kid" => head.kid = value.as_str().map(str::to_owned),
                "alg" => head.alg = serde_json::from_value(value.clone()).unwrap(),
                _ => unreachable!(),
            }
        }
        encode(&head, &all, &tokens.encoding).unwrap()
    }

    #[test]
    fn c20_a_token_says_who_in_which_role_and_session_until_when() {
        let tokens = with_key(KEY);
        let verified = tokens.verify(&issued(&tokens)).unwrap();
        assert_eq!((verified.user, verified.session), (Id::from_u128(7), Id::from_u128(9)));
        assert!(!verified.is_over(Timestamp::from_seconds(1_909)));
        assert!(verified.is_over(Timestamp::from_seconds(1_910)));
    }

    #[test]
    fn a_token_of_another_key_algorithm_type_issuer_or_audience_is_refused() {
        let tokens = with_key(KEY);
        assert!(tokens.verify(&forged(&[], &[])).is_some(), "the forge itself works");
        assert_eq!(tokens.verify(&issued(&with_key(b"another key of thirty-two bytes!"))), None);
        for (header, claims) in [
            (&[("typ", json!("JWT"))][..], &[][..]),
            (&[("kid", json!("other"))], &[]),
            (&[("alg", json!("HS512"))], &[]),
            (&[], &[("iss", json!("other"))]),
            (&[], &[("aud", json!("other"))]),
            (&[], &[("iss", Value::Null)]),
            (&[], &[("exp", Value::Null)]),
            (&[], &[("sid", json!("none"))]),
        ] {
            assert_eq!(tokens.verify(&forged(header, claims)), None, "{header:?} {claims:?}");
        }
    }

    #[test]
    fn an_edited_token_an_unsigned_one_and_noise_are_refused() {
        let tokens = with_key(KEY);
        let token = issued(&tokens);
        let parts: Vec<&str> = token.split('.').collect();
        // {"alg":"none","typ":"at+jwt"}
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", parts[1]);
        let mut edited = token.clone().into_bytes();
        edited[parts[0].len() + 5] ^= 1;
        let long = "a".repeat(5_000);
        for bad in
            [unsigned.as_str(), &String::from_utf8(edited).unwrap(), &long, "", ".", "..", "a.b.c", parts[0]]
        {
            assert_eq!(tokens.verify(bad), None, "{bad}");
        }
    }
}
