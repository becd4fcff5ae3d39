//! Codes of authenticator applications (RFC 6238): SHA-1, six digits, thirty seconds, as all applications have it.

use socle_kit::kernel::{Error, Random, Result, Secret, Timestamp};
use totp_rs::{Builder, Totp};

/// 160 bits, as RFC 4226 (section 4, R6) recommends.
const SEED: usize = 20;

/// A new seed.
pub fn seed(random: &Random) -> Secret<Vec<u8>> {
    Secret::new(random.bytes::<SEED>().to_vec())
}

/// What an application is told of a seed.
pub struct Enrolment {
    /// The seed, in base32.
    pub secret: Secret<String>,
    /// The address that applications read: `otpauth://totp/…`.
    pub uri: Secret<String>,
}

/// What an application is told of this seed: the label is `<issuer>:<user name>` (C27).
pub fn enrolment(seed: &Secret<Vec<u8>>, issuer: &str, username: &str) -> Result<Enrolment> {
    // A colon separates the two parts of the label.
    let (issuer, username) = (issuer.replace(':', " "), username.replace(':', " "));
    let builder = builder(seed).with_issuer(Some(issuer)).with_account_name(username);
    let totp = builder.build().map_err(Error::internal)?;
    Ok(Enrolment {
        secret: Secret::new(totp.secret().to_base32()),
        uri: Secret::new(totp.to_url().map_err(Error::internal)?),
    })
}

/// The step whose code this is: the present one, the one before or the one after, since clocks drift. A step is
/// taken once: `after` is the last that was.
pub fn step_of(seed: &Secret<Vec<u8>>, code: &str, after: i64, now: Timestamp) -> Result<Option<i64>> {
    let totp: Totp = builder(seed).build().map_err(Error::internal)?;
    let seconds = u64::try_from(now.seconds()).map_err(Error::internal)?;
    let step = totp.check(code, seconds).and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| *step > after))
}

fn builder(seed: &Secret<Vec<u8>>) -> Builder {
    Builder::new().with_secret(seed.expose().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, with the seed of SHA-1: the last six of its eight digits.
    const VECTORS: &[(i64, &str)] =
        &[(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")];

    fn rfc_seed() -> Secret<Vec<u8>> {
        Secret::new(b"12345678901234567890".to_vec())
    }

    #[test]
    fn the_vectors_of_rfc_6238_hold_and_each_step_is_taken_once() {
        for (seconds, code) in VECTORS {
            let now = Timestamp::from_seconds(*seconds);
            let step = step_of(&rfc_seed(), code, 0, now).unwrap();
            assert_eq!(step, Some(seconds / 30), "{seconds}");
            assert_eq!(step_of(&rfc_seed(), code, step.unwrap(), now).unwrap(), None);
        }
    }

    #[test]
    fn clocks_may_drift_by_one_step_and_no_more() {
        let at = |seconds| step_of(&rfc_seed(), "081804", 0, Timestamp::from_seconds(seconds)).unwrap();
        let step = 1_111_111_109 / 30;
        assert_eq!((at((step - 1) * 30), at((step + 2) * 30 - 1)), (Some(step), Some(step)));
        assert_eq!((at((step - 1) * 30 - 1), at((step + 2) * 30)), (None, None));
    }

    #[test]
    fn c27_the_label_names_the_issuer_and_the_account() {
        let told = enrolment(&rfc_seed(), "Socle", "zoe.martin").unwrap();
        assert!(told.uri.expose().starts_with("otpauth://totp/Socle:zoe.martin?"), "{}", told.uri.expose());
        assert!(told.uri.expose().contains(told.secret.expose()));
        assert_eq!(told.secret.expose().len(), 32);
    }
}
