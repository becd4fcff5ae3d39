//! Opaque tokens: random, handed out once, stored only as a hash.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use socle_kernel::{FromValue, Random, Secret, ToValue, Value, ValueError};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Are these the same bytes? Takes as long whatever they hold; the length is not hidden.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// The SHA-256 of these bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Makes opaque tokens of 256 random bits.
#[derive(Debug)]
pub enum Token {}

impl Token {
    /// A new token in URL-safe base64, to be handed out once, and its hash, to be stored.
    pub fn generate(random: &Random) -> (Secret<String>, TokenHash) {
        let bytes = Zeroizing::new(random.bytes::<32>());
        let token = Secret::new(URL_SAFE_NO_PAD.encode(*bytes));
        let hash = TokenHash::of(token.expose());
        (token, hash)
    }
}

/// The SHA-256 of a token in hexadecimal: it finds the row, and it is useless to a thief of the database,
/// because 256 random bits cannot be guessed.
#[derive(Clone, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a presented token.
    pub fn of(token: &str) -> Self {
        Self(hexadecimal(&Sha256::digest(token.as_bytes())))
    }

    /// The 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }
}
impl fmt::Debug for TokenHash {
    /// Enough to tell two apart in a log, too little to find the row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({}…)", self.0.get(..8).unwrap_or_default())
    }
}
impl ToValue for TokenHash {
    fn to_value(&self) -> Value {
        Value::Text(self.0.clone())
    }
}
impl FromValue for TokenHash {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        let text = String::from_value(value)?;
        let well_formed =
            text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if well_formed { Ok(Self(text)) } else { Err(ValueError::new("a SHA-256 in hexadecimal")) }
    }
}

/// Bytes in hexadecimal, lower case.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_256_bits_of_url_safe_text_and_its_hash_finds_it_again() {
        let random = Random::seeded(1);
        let (token, hash) = Token::generate(&random);
        assert_eq!(token.expose().len(), 43);
        assert!(token.expose().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert_eq!(TokenHash::of(token.expose()), hash);
        assert_eq!(TokenHash::from_value(hash.to_value()), Ok(hash.clone()));
        assert_ne!(Token::generate(&random).1, hash);
        assert!(!format!("{hash:?}").contains(hash.as_str()));
    }

    #[test]
    fn the_hash_is_sha_256_in_hexadecimal() {
        // FIPS 180-2, the example "abc".
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(TokenHash::of("abc").as_str(), expected);
        assert!(TokenHash::from_value(Value::Text(expected.to_uppercase())).is_err());
        assert!(TokenHash::from_value(Value::Text("abc".into())).is_err());
    }

    #[test]
    fn only_equal_bytes_are_the_same() {
        assert!(same(b"abc", b"abc") && same(b"", b""));
        assert!(!same(b"abc", b"abd") && !same(b"abc", b"ab"));
    }
}
