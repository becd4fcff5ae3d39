//! The text of an API key.
//!
//! `sk_live_7Qm2vT0zLr_<43 characters>_<8 digits>`: what it is, where it works (`live`, or `test` outside production),
//! the part by which people tell keys apart, the secret, and a checksum. All but the last part is letters and digits, so
//! that a double click selects it and a scanner of leaked secrets finds it:
//!
//! ```text
//! sk_(live|test)_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}_[0-9a-f]{8}
//! ```
//!
//! The checksum is the first eight hexadecimal digits of the SHA-256 of everything before its underscore: a key that
//! was mistyped or cut is refused without asking the database, and anybody can tell a key from a text that looks like
//! one (`printf '%s' sk_live_… | sha256sum`).

use socle_kit::crypto::{TokenHash, same};
use socle_kit::kernel::{Random, Secret};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The characters that tell keys apart.
const NAME: usize = 10;
/// The characters of the secret: 62 to the 43rd is more than 2 to the 256th.
const SECRET: usize = 43;
const CHECKSUM: usize = 8;

/// A key that was just made.
pub struct NewKey {
    /// The whole key: handed out once.
    pub text: Secret<String>,
    /// Its readable beginning.
    pub prefix: String,
    /// What is stored of it.
    pub hash: TokenHash,
}

/// A new key, for production or not.
pub fn generate(random: &Random, is_production: bool) -> NewKey {
    let environment = if is_production { "live" } else { "test" };
    let prefix = format!("sk_{environment}_{}", characters(random, NAME));
    let body = Secret::new(format!("{prefix}_{}", characters(random, SECRET)));
    let text = Secret::new(format!("{}_{}", body.expose(), checksum(body.expose())));
    let hash = TokenHash::of(text.expose());
    NewKey { text, prefix, hash }
}

/// Is this the text of a key, whether or not there is such a key?
pub fn is_key(text: &str) -> bool {
    let Some((body, sum)) = text.rsplit_once('_') else { return false };
    let parts: Vec<&str> = body.split('_').collect();
    let [kind, environment, name, secret] = parts.as_slice() else { return false };
    let plain = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_alphanumeric());
    *kind == "sk"
        && matches!(*environment, "live" | "test")
        && plain(name, NAME)
        && plain(secret, SECRET)
        && same(sum.as_bytes(), checksum(body).as_bytes())
}

fn checksum(body: &str) -> String {
    TokenHash::of(body).as_str().chars().take(CHECKSUM).collect()
}

/// So many characters, each as likely as any other.
fn characters(random: &Random, count: usize) -> String {
    let mut text = String::with_capacity(count);
    while text.len() < count {
        // A byte beyond the last whole alphabet would make the first letters likelier.
        let byte = random.bytes::<1>()[0];
        let letter = ALPHABET.get(usize::from(byte % 62)).filter(|_| byte < 248);
        text.extend(letter.map(|letter| char::from(*letter)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r0_14_a_key_says_what_it_is_and_is_told_from_a_text_that_is_none() {
        let random = Random::seeded(1);
        let key = generate(&random, true);
        let text = key.text.expose();
        assert!(is_key(text), "{text}");
        assert!(text.starts_with(&key.prefix) && key.prefix.starts_with("sk_live_"));
        assert_eq!(text.len(), "sk_live_".len() + NAME + 1 + SECRET + 1 + CHECKSUM);
        assert_eq!(TokenHash::of(text), key.hash);
        assert!(generate(&random, false).prefix.starts_with("sk_test_"));
    }

    #[test]
    fn a_key_with_one_character_changed_cut_or_added_is_none() {
        let key = generate(&Random::seeded(2), true);
        let text = key.text.expose();
        for place in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[place] = if other[place] == b'a' { b'b' } else { b'a' };
            assert!(!is_key(std::str::from_utf8(&other).unwrap()), "{place}");
        }
        assert!(!is_key(&text[..text.len() - 1]) && !is_key(&format!("{text}0")));
        for bad in ["", "sk", "sk_live_a_b_c", "é_é_é_é_é"] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn every_letter_is_as_likely_as_any_other() {
        let text = characters(&Random::seeded(3), 62_000);
        for letter in ALPHABET {
            let count = text.bytes().filter(|byte| byte == letter).count();
            assert!((850..1_150).contains(&count), "{letter}: {count} of about 1000");
        }
    }
}
