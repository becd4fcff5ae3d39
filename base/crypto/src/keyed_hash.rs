//! Hashes that only the holder of a key can make: HMAC-SHA-256 (RFC 2104).

use hmac::digest::Key;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use socle_kernel::Secret;
use zeroize::Zeroizing;

use crate::same;
use crate::token::hexadecimal;

/// The block of SHA-256, to which HMAC brings its key.
const BLOCK: usize = 64;

/// Tags data with a key. One key serves several purposes: each has its own context.
#[derive(Clone)]
pub struct KeyedHash(Secret<Vec<u8>>);

impl KeyedHash {
    /// With this key, of any length; 32 random bytes are right.
    pub fn new(key: &Secret<Vec<u8>>) -> Self {
        // As RFC 2104 says: a key longer than a block is hashed, a shorter one is filled with zeros.
        let mut block = vec![0; BLOCK];
        if key.expose().len() > BLOCK {
            block.iter_mut().zip(Sha256::digest(key.expose())).for_each(|(to, from)| *to = from);
        } else {
            block.iter_mut().zip(key.expose()).for_each(|(to, from)| *to = *from);
        }
        Self(Secret::new(block))
    }

    /// The tag of the data in this context. The same data has another tag in another context.
    pub fn tag(&self, context: &str, data: &[u8]) -> [u8; 32] {
        // The length of the context comes first, so that no two pairs are the same bytes.
        let length = u64::try_from(context.len()).unwrap_or(u64::MAX).to_be_bytes();
        self.hmac(&[&length, context.as_bytes(), data])
    }

    /// The tag as 64 hexadecimal digits.
    pub fn tag_text(&self, context: &str, data: &[u8]) -> String {
        hexadecimal(&self.tag(context, data))
    }

    /// Is this the tag of the data in this context? In constant time.
    pub fn verify(&self, context: &str, data: &[u8], tag: &[u8]) -> bool {
        same(&self.tag(context, data), tag)
    }

    fn hmac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut key = Zeroizing::new([0; BLOCK]);
        key.iter_mut().zip(self.0.expose()).for_each(|(to, from)| *to = *from);
        let mut hmac = Hmac::<Sha256>::new(&Key::<Hmac<Sha256>>::from(*key));
        parts.iter().for_each(|part| hmac.update(part));
        hmac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyedHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed(key: &[u8]) -> KeyedHash {
        KeyedHash::new(&Secret::new(key.to_vec()))
    }

    #[test]
    fn the_vectors_of_rfc_4231_hold_for_short_and_long_keys() {
        let short = keyed(b"Jefe").hmac(&[b"what do ya want ", b"for nothing?"]);
        assert_eq!(hexadecimal(&short), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let long = keyed(&[0xaa; 131]).hmac(&[b"Test Using Larger Than Block-Size Key - Hash Key First"]);
        assert_eq!(hexadecimal(&long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn a_tag_belongs_to_its_key_its_context_and_its_data() {
        let hash = keyed(b"key");
        let tag = hash.tag("cookie", b"data");
        assert!(hash.verify("cookie", b"data", &tag));
        assert!(!hash.verify("cookie", b"date", &tag) && !hash.verify("cooki", b"edata", &tag));
        assert!(
            !keyed(b"kez").verify("cookie", b"data", &tag) && !hash.verify("cookie", b"data", &tag[..31])
        );
        assert_eq!(hash.tag_text("cookie", b"data"), hexadecimal(&tag));
    }
}
