//! Access tokens: short-lived JSON Web Tokens (RFC 9068), signed with one algorithm: with the key ring's Ed25519 keys,
//! or with the secret that the operator has set.

use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use socle_kit::config::Values;
use socle_kit::crypto::{KeyedHash, Sealer};
use socle_kit::db::Db;
use socle_kit::kernel::{Clock, Error, Id, Random, Result, Secret, Timestamp, UserId};

use crate::accounts::model::Account;
use crate::keys::ring::KeyRing;
use crate::sessions::model::Session;
use crate::signing_key;

/// The clocks of two nodes may differ by so much.
const LEEWAY: Duration = Duration::from_secs(10);
/// Ours are under 800 bytes: a longer text is not looked at.
const LONGEST: usize = 4 * 1024;
const TYPE: &str = "at+jwt";

/// Signs and verifies access tokens.
pub struct AccessTokens {
    signature: Signature,
    validation: Validation,
    issuer: String,
    audience: String,
    lifetime: Duration,
    random: Random,
}

/// How tokens are signed. There is one way at a time, and it is ours: what a token says of its algorithm is only
/// compared.
enum Signature {
    /// With a secret that all nodes share (HS256).
    Secret { kid: String, encoding: EncodingKey, decoding: DecodingKey },
    /// With a key of the ring (EdDSA).
    Ring(KeyRing),
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

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distrust {
    /// It is no token at all, or says that it is not signed.
    Malformed,
    /// Another algorithm than ours.
    Algorithm,
    /// A token of another sort.
    Type,
    /// A key that we do not have.
    Key,
    /// The signature is not the key's.
    Signature,
    /// Another issuer.
    Issuer,
    /// For somebody else.
    Audience,
    /// Something is missing of what a token says.
    Claims,
    /// Its time is over.
    Expired,
}

impl Distrust {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Algorithm => "algorithm",
            Self::Type => "type",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Claims => "claims",
            Self::Expired => "expired",
        }
    }

    fn of(kind: &ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidSignature => Self::Signature,
            ErrorKind::InvalidAlgorithm => Self::Algorithm,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::MissingRequiredClaim(_) | ErrorKind::Json(_) => Self::Claims,
            _ => Self::Malformed,
        }
    }
}

impl Verified {
    /// Is its time over?
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.plus(LEEWAY) <= now
    }
}

impl AccessTokens {
    /// As the settings say. Blocks for a moment: to be called at start.
    pub fn new(db: &Db, settings: &Values, sealer: &Sealer, clock: &Clock, random: &Random) -> Result<Self> {
        let signature = if signs_with_secret(settings)? {
            Signature::secret(&signing_key::load(settings, random)?)
        } else {
            Signature::Ring(KeyRing::of(db, settings, sealer, clock, random)?)
        };
        Self::signed(signature, settings, random)
    }

    fn signed(signature: Signature, settings: &Values, random: &Random) -> Result<Self> {
        let issuer = settings.text("identity.issuer")?.to_owned();
        let audience = settings.text("identity.audience")?.to_owned();
        let mut validation = Validation::new(signature.algorithm());
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[&audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The end is held against our clock, not the library's.
        validation.validate_exp = false;
        Ok(Self {
            signature,
            validation,
            issuer,
            audience,
            lifetime: settings.duration("identity.access_token_lifetime")?,
            random: random.clone(),
        })
    }

    /// How long a token lives.
    pub const fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// The ring, where tokens are signed with one.
    pub const fn ring(&self) -> Option<&KeyRing> {
        match &self.signature {
            Signature::Ring(ring) => Some(ring),
            Signature::Secret { .. } => None,
        }
    }

    /// Moves whenever what was believed before is to be verified again.
    pub fn generation(&self) -> u64 {
        self.ring().map_or(0, KeyRing::generation)
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
        self.signature.sign(&claims, now)
    }

    /// Is the token ours? Its end is for the caller to check, each time.
    pub fn verify(&self, token: &str, now: Timestamp) -> std::result::Result<Verified, Distrust> {
        if token.len() > LONGEST {
            return Err(Distrust::Malformed);
        }
        let header = decode_header(token).map_err(|_| Distrust::Malformed)?;
        if header.alg != self.signature.algorithm() {
            return Err(Distrust::Algorithm);
        }
        if header.typ.as_deref() != Some(TYPE) {
            return Err(Distrust::Type);
        }
        let kid = header.kid.as_deref().ok_or(Distrust::Key)?;
        let data = match &self.signature {
            Signature::Secret { kid: ours, decoding, .. } if ours == kid => {
                decode::<Claims>(token, decoding, &self.validation)
            }
            Signature::Secret { .. } => return Err(Distrust::Key),
            Signature::Ring(ring) => {
                let key = ring.find(kid, now).ok_or(Distrust::Key)?;
                decode::<Claims>(token, &key.decoding, &self.validation)
            }
        };
        let Claims { sub, sid, exp, .. } = data.map_err(|error| Distrust::of(error.kind()))?.claims;
        Ok(Verified { session: sid, user: sub, expires_at: Timestamp::from_seconds(exp) })
    }

    /// A token named a key that is not known: looks whether there is one by now, seldom enough that those who name
    /// keys of their own cost nothing. Is there anything new?
    pub async fn learn(&self) -> Result<bool> {
        match self.ring() {
            Some(ring) => ring.learn().await,
            None => Ok(false),
        }
    }
}

/// Are tokens signed with a secret, rather than with the ring's keys?
pub fn signs_with_secret(settings: &Values) -> Result<bool> {
    Ok(match settings.choice("identity.token_signature")? {
        "hs256" => true,
        "eddsa" => false,
        _ => settings.secret("jwt.secret")?.is_some(),
    })
}

impl Signature {
    fn secret(key: &Secret<Vec<u8>>) -> Self {
        // Enough of a hash of the key to tell two keys apart, nothing that helps to find it.
        let tag = KeyedHash::new(key).tag_text("access token key", b"");
        Self::Secret {
            kid: tag.get(..16).unwrap_or_default().to_owned(),
            encoding: EncodingKey::from_secret(key.expose()),
            decoding: DecodingKey::from_secret(key.expose()),
        }
    }

    const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Secret { .. } => Algorithm::HS256,
            Self::Ring(_) => Algorithm::EdDSA,
        }
    }

    fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String> {
        let header = |kid: String| {
            let mut header = Header::new(self.algorithm());
            header.typ = Some(TYPE.to_owned());
            header.kid = Some(kid);
            header
        };
        let signed = match self {
            Self::Secret { kid, encoding, .. } => encode(&header(kid.clone()), claims, encoding),
            Self::Ring(ring) => {
                let key = ring.signer(now);
                let key = key.as_ref().and_then(|key| Some((key.row.id, key.encoding.as_ref()?)));
                let (kid, encoding) = key.ok_or_else(|| Error::internal("there is no key to sign with"))?;
                encode(&header(kid.to_string()), claims, encoding)
            }
        };
        signed.map_err(Error::internal)
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
        let signature = Signature::secret(&Secret::new(key.to_vec()));
        AccessTokens::signed(signature, &settings(), &Random::seeded(1)).unwrap()
    }

    fn account() -> Account {
        let beginning = Beginning { username: "zoe".into(), role: "user".into(), ..Beginning::default() };
        Account::new(Id::from_u128(7), beginning, Timestamp::EPOCH)
    }

    const KEY: &[u8] = b"q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa";

    const NOW: Timestamp = Timestamp::EPOCH;

    fn verify(tokens: &AccessTokens, token: &str) -> std::result::Result<Verified, Distrust> {
        tokens.verify(token, NOW)
    }

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
        let Signature::Secret { kid, encoding, .. } = &tokens.signature else { unreachable!() };
        let mut head = Header::new(Algorithm::HS256);
        (head.typ, head.kid) = (Some(TYPE.to_owned()), Some(kid.clone()));
        for (name, value) in header {
            match *name {
                "typ" => head.typ = value.as_str().map(str::to_owned),
                "kid" => head.kid = value.as_str().map(str::to_owned),
                "alg" => head.alg = serde_json::from_value(value.clone()).unwrap(),
                _ => unreachable!(),
            }
        }
        encode(&head, &all, encoding).unwrap()
    }

    #[test]
    fn c20_a_token_says_who_in_which_role_and_session_until_when() {
        let tokens = with_key(KEY);
        let token = issued(&tokens);
        let verified = verify(&tokens, &token).unwrap();
        assert_eq!((verified.user, verified.session), (Id::from_u128(7), Id::from_u128(9)));
        assert!(!verified.is_over(Timestamp::from_seconds(1_909)));
        assert!(verified.is_over(Timestamp::from_seconds(1_910)));
        let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&token).unwrap().claims;
        for claim in ["sub", "id", "user_id"] {
            assert_eq!(claims[claim], json!(Id::<()>::from_u128(7)), "{claim}");
        }
        assert_eq!((&claims["username"], &claims["role"]), (&json!("zoe"), &json!("user")));
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_000), &json!(1_900)));
        assert_eq!(claims["jti"].as_str().unwrap().len(), 32);
    }

    #[test]
    fn a_token_of_another_key_algorithm_type_issuer_or_audience_is_refused_and_told_apart() {
        let tokens = with_key(KEY);
        assert!(verify(&tokens, &forged(&[], &[])).is_ok(), "the forge itself works");
        assert_eq!(
            verify(&tokens, &issued(&with_key(b"another key of thirty-two bytes!"))),
            Err(Distrust::Key)
        );
        for (header, claims, why) in [
            (&[("typ", json!("JWT"))][..], &[][..], Distrust::Type),
            (&[("kid", json!("other"))], &[], Distrust::Key),
            (&[("alg", json!("HS512"))], &[], Distrust::Algorithm),
            (&[], &[("iss", json!("other"))], Distrust::Issuer),
            (&[], &[("aud", json!("other"))], Distrust::Audience),
            (&[], &[("iss", Value::Null)], Distrust::Claims),
            (&[], &[("exp", Value::Null)], Distrust::Claims),
            (&[], &[("sid", json!("none"))], Distrust::Claims),
        ] {
            assert_eq!(verify(&tokens, &forged(header, claims)), Err(why), "{header:?} {claims:?}");
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
        let edited = String::from_utf8(edited).unwrap();
        assert_eq!(verify(&tokens, &edited), Err(Distrust::Signature));
        let long = "a".repeat(5_000);
        for bad in [unsigned.as_str(), &long, "", ".", "..", "a.b.c", parts[0]] {
            assert_eq!(verify(&tokens, bad), Err(Distrust::Malformed), "{bad}");
        }
    }
}
