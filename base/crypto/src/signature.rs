//! Keys that sign so that others can check without being able to sign: Ed25519 (RFC 8032).

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use socle_kernel::{Error, Random, Result, Secret};
use zeroize::Zeroizing;

/// A pair of keys.
pub struct SignatureKey {
    private: Secret<Vec<u8>>,
    public: String,
}

impl SignatureKey {
    /// A new pair.
    pub fn generate(random: &Random) -> Result<Self> {
        let seed = Zeroizing::new(random.bytes::<32>());
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed);
        let pair = pair.map_err(|_| Error::internal("a signature key could not be made"))?;
        let private =
            pair.to_pkcs8v1().map_err(|_| Error::internal("a signature key could not be written"))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self { private: Secret::new(private.as_ref().to_vec()), public })
    }

    /// The private key: PKCS #8, version 1.
    pub const fn private(&self) -> &Secret<Vec<u8>> {
        &self.private
    }

    /// The public key in URL-safe base64, as a JSON Web Key has it (RFC 8037).
    pub fn public(&self) -> &str {
        &self.public
    }
}

impl std::fmt::Debug for SignatureKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignatureKey({})", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_new_each_time_and_its_private_half_is_not_printed() {
        let random = Random::seeded(1);
        let (one, other) =
            (SignatureKey::generate(&random).unwrap(), SignatureKey::generate(&random).unwrap());
        assert_ne!(one.public(), other.public());
        assert_eq!((one.public().len(), one.private().expose().len()), (43, 48));
        assert_eq!(format!("{one:?}"), format!("SignatureKey({})", one.public()));
    }
}
