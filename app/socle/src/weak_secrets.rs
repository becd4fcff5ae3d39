//! Secrets that others would guess.

use socle_kit::config::Values;
use socle_kit::crypto::secret_weakness;
use socle_kit::kernel::{Result, Trouble};

/// What is weak about the sealing key that is set. Production refuses it; elsewhere the operator is warned.
pub fn weak_sealing_key(values: &Values) -> Result<Option<Trouble>> {
    let key = values.secret("encryption.key")?;
    Ok(key.and_then(|key| secret_weakness("encryption.key", "ENCRYPTION_KEY", key.expose().trim())))
}

/// What is weak about the pepper that is set. Production refuses it; elsewhere the operator is warned.
pub fn weak_pepper(values: &Values) -> Result<Option<Trouble>> {
    let pepper = values.secret("password.pepper")?;
    Ok(pepper
        .and_then(|pepper| secret_weakness("password.pepper", "PASSWORD_PEPPER", pepper.expose().trim())))
}

/// What is weak about the secrets that are set, by the key of the setting.
pub fn weak_secrets(values: &Values) -> Result<Vec<(&'static str, Trouble)>> {
    let weak = [
        ("jwt.secret", socle_identity::operator::weak_secret(values)?),
        ("encryption.key", weak_sealing_key(values)?),
        ("password.pepper", weak_pepper(values)?),
    ];
    Ok(weak.into_iter().filter_map(|(key, weakness)| Some((key, weakness?))).collect())
}
