//! Secrets that an operator chose, and that others would guess.

use socle_kernel::Trouble;

/// The least number of bytes (R3-220: 256 bits).
const LEAST: usize = 32;

/// What documentation and tutorials show, in lower case and without signs: everybody knows these.
const SAMPLES: &[&str] = &[
    "astringsecretatleast256bitslong",
    "changeme",
    "changethis",
    "encryptionkey",
    "jwtsecret",
    "keyboardcat",
    "mysecret",
    "replaceme",
    "secretkey",
    "supersecret",
    "verysecret",
    "your256bitsecret",
    "your384bitsecret",
    "your512bitsecret",
    "yoursecret",
    "yourjwtsecret",
    "yoursupersecret",
];

/// What is weak about the secret of a setting, if anything (R3-220: 256 bits). Production refuses it; elsewhere the
/// operator is warned.
pub fn secret_weakness(setting: &'static str, variable: &'static str, secret: &str) -> Option<Trouble> {
    let text = |reason: &str| {
        format!(
            "setting {setting} {reason}; give 32 random bytes or more, or leave it unset to have a key made"
        )
    };
    let weakness = if secret.len() < LEAST {
        Trouble::new("secret-short", text("is shorter than 32 bytes"))
    } else if holds_sample(secret) {
        Trouble::new("secret-known", text("holds a sample that everybody knows"))
    } else if is_monotonous(secret) {
        Trouble::new("secret-monotonous", text("repeats a few characters"))
    } else {
        return None;
    };
    Some(weakness.arg("name", variable))
}

fn holds_sample(secret: &str) -> bool {
    let signs = secret.chars().filter(char::is_ascii_alphanumeric);
    let letters = signs.collect::<String>().to_ascii_lowercase();
    SAMPLES.iter().any(|sample| letters.contains(sample))
}

fn is_monotonous(secret: &str) -> bool {
    secret.chars().collect::<std::collections::BTreeSet<char>>().len() < 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_220_a_secret_in_production_is_long_unknown_and_varied() {
        let weakness = |secret| secret_weakness("encryption.key", "ENCRYPTION_KEY", secret);
        for bad in [
            "short",
            "a-string-secret-at-least-256-bits-long",
            "your-super-secret-jwt-key-change-this-in-production",
            "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
            "my-encryption-key-which-is-32-characters",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(weakness(bad).is_some(), "{bad}");
        }
        assert_eq!(weakness("q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa"), None);
    }
}
