//! Accounts, sessions, roles: who somebody is, and what they may do.
//!
//! To the others a room like any (its card is [`MODULE`]). What is special is handed to the roof: the implementations
//! of two ports ([`authenticator`], [`people`]), what is to be done at start ([`install_roles`]), and what the
//! command line does ([`operator`]).

mod authenticator;
pub mod operator;
mod people;

use socle_kit::Module;

pub use authenticator::authenticator;
pub use people::people;
pub use socle_identity_access::{DELEGATE_PERMISSIONS, MANAGE_ROLES, install_roles};
pub use socle_identity_core::permissions::MANAGE_USERS;

/// The card on the door.
pub const MODULE: Module = Module {
    name: "identity",
    // In the order of the document: first one signs in.
    parts: &[
        socle_identity_core::PART,
        socle_identity_sign_in::PART,
        socle_identity_factors::PART,
        socle_identity_oidc::PART,
        socle_identity_accounts::PART,
        socle_identity_access::PART,
        socle_identity_notices::PART,
        socle_identity_directory::PART,
    ],
    ..Module::NONE
};

#[cfg(test)]
mod tests {
    use socle_kit::assembly;
    use socle_kit::i18n::{Language, error_key};

    use super::*;

    #[test]
    fn every_code_permission_and_role_has_its_sentence_in_both_languages() {
        let catalogue = assembly::catalogue(&[MODULE]).unwrap();
        assert!(catalogue.missing().is_empty(), "{:?}", catalogue.missing());
        let codes = MODULE.with_parts().flat_map(|part| part.errors).map(|code| error_key(code.name));
        let permissions = MODULE
            .with_parts()
            .flat_map(|part| part.permissions)
            .map(|permission| format!("permission-{}", permission.name));
        for key in codes.chain(permissions).chain(["role-admin".to_owned(), "noun-account".to_owned()]) {
            assert!(catalogue.has(Language::Fr, &key), "{key}");
        }
    }
}
