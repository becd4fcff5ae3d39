//! An address of mail.

use lettre::Address;

/// The address, its domain in the letters that every server knows (IDNA).
pub(crate) fn address(text: &str) -> Option<Address> {
    let (user, domain) = text.trim().rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    Address::new(user, domain).ok()
}
