//! What an API key may be: pure checks.

use std::net::IpAddr;

use ipnet::IpNet;
use socle_kit::kernel::PermissionSet;
use socle_kit::prelude::*;

use super::api::ApiKeyInput;
use crate::errors::{NETWORK_INVALID, NOT_IN_THE_FUTURE, SCOPE_NOT_HELD};
use socle_identity_core::api_keys::model::is_held;

/// What is written of a key, checked and in one spelling.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) networks: Vec<String>,
    pub(crate) expires_at: Option<Timestamp>,
}

/// Checks what was written: all that is wrong at once. A scope is a permission that exists and that the owner holds; one
/// that the key has already (`kept`) may stay when its owner lost it, for it is worth nothing then.
pub(crate) fn check(
    input: &ApiKeyInput,
    held: &PermissionSet,
    declared: &[String],
    kept: &[String],
    now: Timestamp,
) -> Result<Checked> {
    let mut wrong = Vec::new();
    for (place, scope) in input.scopes.iter().enumerate() {
        let name = scope.split('@').next().unwrap_or_default();
        let exists = declared.iter().any(|declared| declared == name);
        let is_good = kept.contains(scope) || (exists && is_held(scope, held));
        if !is_good {
            wrong.push(FieldError::new(format!("scopes[{place}]"), SCOPE_NOT_HELD));
        }
    }
    let mut networks = Vec::with_capacity(input.networks.len());
    for (place, text) in input.networks.iter().enumerate() {
        match network(text) {
            Some(network) => networks.push(network.to_string()),
            None => wrong.push(FieldError::new(format!("networks[{place}]"), NETWORK_INVALID)),
        }
    }
    if input.expires_at.is_some_and(|end| end <= now) {
        wrong.push(FieldError::new("expiresAt", NOT_IN_THE_FUTURE));
    }
    if !wrong.is_empty() {
        return Err(Error::invalid(wrong));
    }
    let mut scopes = input.scopes.clone();
    for names in [&mut scopes, &mut networks] {
        names.sort();
        names.dedup();
    }
    Ok(Checked { name: input.name.as_str().to_owned(), scopes, networks, expires_at: input.expires_at })
}

/// The network of this text, or the network of the one address.
fn network(text: &str) -> Option<IpNet> {
    let parsed = text.parse::<IpNet>().ok().map(|network| network.trunc());
    parsed.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(scopes: &[&str], networks: &[&str], expires_at: Option<i64>) -> ApiKeyInput {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        ApiKeyInput {
            name: Line::parse("build").unwrap(),
            scopes: owned(scopes),
            networks: owned(networks),
            expires_at: expires_at.map(Timestamp::from_seconds),
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let held = PermissionSet::of(["read"]);
        let declared = ["read".to_owned(), "write".to_owned()];
        let bad = input(&["read", "write", "old"], &["10.0.0.0/8", "nowhere"], Some(5));
        let kept = ["old".to_owned()];
        let error = check(&bad, &held, &declared, &kept, Timestamp::from_seconds(5)).unwrap_err();
        let fields: Vec<_> = error.fields().iter().map(|field| field.path.as_str()).collect();
        assert_eq!(fields, ["scopes[1]", "networks[1]", "expiresAt"]);
    }

    #[test]
    fn an_administrators_key_names_permissions_that_exist() {
        let check = |scope| {
            let declared = ["read".to_owned()];
            check(&input(&[scope], &[], None), &PermissionSet::all(), &declared, &[], Timestamp::EPOCH)
        };
        assert!(check("read").is_ok() && check("everything").is_err());
    }

    #[test]
    fn networks_have_one_spelling() {
        let networks = input(&[], &["10.1.2.3/8", "192.0.2.7", "2001:db8::1", "10.0.0.0/8"], None);
        let checked = check(&networks, &PermissionSet::default(), &[], &[], Timestamp::EPOCH).unwrap();
        assert_eq!(checked.networks, ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::1/128"]);
    }
}
