//! Sealing: small secrets that are stored so that a copy of the database is useless without the key.
//!
//! AES-256-GCM-SIV (RFC 8452): authenticated, and a nonce that comes twice by accident betrays only that two texts are
//! equal. The context (which column of which row) is authenticated with the text, so that a value that is moved to
//! another row does not open there.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use socle_kernel::{Error, Random, Result, Secret};

use crate::KeyedHash;

/// What sealed texts begin with: the form, so that another may follow one day.
const FORM: &str = "s1";
/// Hexadecimal digits of a key's name: enough to tell the keys of one ring apart.
const NAME: usize = 8;

/// A ring of keys: the first seals, all of them open.
#[derive(Clone)]
pub struct Sealer {
    ring: std::sync::Arc<[RingKey]>,
    random: Random,
}

struct RingKey {
    name: String,
    key: LessSafeKey,
}

impl Sealer {
    /// With these keys, the one in force first. Each may be of any length, as an operator has it: what is used is
    /// derived from it.
    pub fn new(keys: &[Secret<Vec<u8>>], random: Random) -> Result<Self> {
        let ring = keys.iter().map(RingKey::derive).collect::<Result<Vec<_>>>()?;
        if ring.is_empty() {
            return Err(Error::internal("a sealer without a key"));
        }
        Ok(Self { ring: ring.into(), random })
    }

    /// Seals a text in a context (`identity_factor.secret:<id>`): `s1.<key>.<nonce and cipher text>`.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<String> {
        let Some(current) = self.ring.first() else { return Err(Error::internal("a sealer without a key")) };
        let nonce: [u8; NONCE_LEN] = self.random.bytes();
        let mut sealed = plain.to_vec();
        let tag = current.key.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context.as_bytes()),
            &mut sealed,
        );
        let tag = tag.map_err(|_| Error::internal("a text could not be sealed"))?;
        let bytes = [nonce.as_slice(), &sealed, tag.as_ref()].concat();
        Ok(format!("{FORM}.{}.{}", current.name, URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Opens what was sealed in the same context. An error is never the reader's fault: the key is missing, or
    /// somebody has changed the row.
    pub fn open(&self, context: &str, sealed: &str) -> Result<Secret<Vec<u8>>> {
        let broken = || Error::internal(format!("a sealed text does not open in the context {context}"));
        let (name, text) = parts(sealed).ok_or_else(broken)?;
        let Some(key) = self.ring.iter().find(|key| key.name == name) else {
            return Err(Error::internal(format!(
                "a text was sealed with the key {name}, which is not in the ring"
            )));
        };
        let mut bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| broken())?;
        let nonce = bytes.get(..NONCE_LEN).and_then(|nonce| <[u8; NONCE_LEN]>::try_from(nonce).ok());
        let nonce = Nonce::assume_unique_for_key(nonce.ok_or_else(broken)?);
        let body = bytes.get_mut(NONCE_LEN..).unwrap_or_default();
        let plain = key.key.open_in_place(nonce, Aad::from(context.as_bytes()), body);
        let plain = plain.map(|plain| Secret::new(plain.to_vec())).map_err(|_| broken())?;
        drop(Secret::new(bytes));
        Ok(plain)
    }

    /// Was it sealed with the key in force? If not, it is to be sealed anew.
    pub fn is_current(&self, sealed: &str) -> bool {
        let current = self.ring.first().map(|key| key.name.as_str());
        current.is_some() && parts(sealed).map(|(name, _)| name) == current
    }

    /// What every text begins with that the key in force has sealed.
    pub fn prefix(&self) -> String {
        format!("{FORM}.{}.", self.current())
    }

    /// The name of the key that sealed a text, and whether the ring has it; none of what is no sealed text.
    pub fn key_of<'a>(&self, sealed: &'a str) -> Option<(&'a str, bool)> {
        let (name, _) = parts(sealed)?;
        Some((name, self.ring.iter().any(|key| key.name == name)))
    }

    /// The name of the key that sealed a text, for who has no ring; none of what is no sealed text.
    pub fn key_name(sealed: &str) -> Option<&str> {
        parts(sealed).map(|(name, _)| name)
    }

    /// The name of the key in force, which tells nothing of it.
    pub fn current(&self) -> &str {
        self.ring.first().map_or("", |key| key.name.as_str())
    }

    /// The names of all keys, the one in force first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.ring.iter().map(|key| key.name.as_str())
    }
}

fn parts(sealed: &str) -> Option<(&str, &str)> {
    sealed.strip_prefix(FORM)?.strip_prefix('.')?.split_once('.')
}

impl RingKey {
    fn derive(given: &Secret<Vec<u8>>) -> Result<Self> {
        let hash = KeyedHash::new(given);
        let name = hash.tag_text("the name of a sealing key", b"").get(..NAME).unwrap_or_default().to_owned();
        let bytes = Secret::new(hash.tag("a sealing key", b"").to_vec());
        let key = UnboundKey::new(&AES_256_GCM_SIV, bytes.expose());
        let key = key.map_err(|_| Error::internal("a sealing key could not be made"))?;
        Ok(Self { name, key: LessSafeKey::new(key) })
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealer({})", self.names().collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(keys: &[&str]) -> Sealer {
        let keys: Vec<_> = keys.iter().map(|key| Secret::new(key.as_bytes().to_vec())).collect();
        Sealer::new(&keys, Random::seeded(1)).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_context_alone_and_never_looks_the_same() {
        let sealer = sealer(&["one"]);
        let sealed = sealer.seal("table.column:1", b"secret").unwrap();
        assert_eq!(sealer.open("table.column:1", &sealed).unwrap().expose(), b"secret");
        assert!(sealer.open("table.column:2", &sealed).is_err());
        assert_ne!(sealer.seal("table.column:1", b"secret").unwrap(), sealed);
        assert!(!sealed.contains("secret"));
    }

    #[test]
    fn one_changed_character_anywhere_is_found() {
        let sealer = sealer(&["one"]);
        let sealed = sealer.seal("c", b"text").unwrap();
        for at in 0..sealed.len() {
            let mut forged = sealed.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert!(sealer.open("c", &String::from_utf8(forged).unwrap()).is_err(), "{at}");
        }
        for short in ["", "s1", "s1.", "s1.x.y", "s2.a.b"] {
            assert!(sealer.open("c", short).is_err(), "{short}");
        }
    }

    #[test]
    fn an_old_key_opens_and_only_the_new_one_seals() {
        let old = sealer(&["one"]);
        let sealed = old.seal("c", b"text").unwrap();
        let new = sealer(&["two", "one"]);
        assert_eq!(new.open("c", &sealed).unwrap().expose(), b"text");
        assert!(old.is_current(&sealed) && !new.is_current(&sealed));
        assert!(new.is_current(&new.seal("c", b"text").unwrap()));
        let told = sealer(&["two"]).open("c", &sealed).unwrap_err().to_string();
        assert!(told.contains("not in the ring"), "{told}");
    }

    #[test]
    fn keys_are_not_printed() {
        let shown = format!("{:?}", sealer(&["one"]));
        assert!(shown.starts_with("Sealer(") && shown.len() == "Sealer()".len() + NAME, "{shown}");
    }
}
