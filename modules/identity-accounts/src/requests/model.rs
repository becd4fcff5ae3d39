//! A request for a mail: the row, and what it asks for.

use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use socle_kit::db::Row;
use socle_kit::http::Origin;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Id, Timestamp, UserId, text_enum};

use crate::confirmations::model::PendingRegistration;

/// What counts together is what is asked for within this time.
pub(crate) const WINDOW: Duration = Duration::from_secs(60 * 60);
/// What was not done within this time is not done any more.
pub(crate) const WAITS: Duration = Duration::from_secs(24 * 60 * 60);
/// So many mails of one kind are sent to one address within the window; further requests are answered and forgotten.
pub(crate) const MOST: i64 = 3;

text_enum! {
    /// What is asked for.
    pub(crate) enum RequestKind {
        /// To confirm an address.
        Confirm = "confirm",
        /// To have another address.
        Change = "change",
        /// To have another password.
        Reset = "reset",
    }
}

/// What is asked for, and for whom. Sealed where it is stored: it holds an address.
#[derive(Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) kind: RequestKind,
    /// The address that was typed.
    pub(crate) email: String,
    /// The language it was asked in.
    pub(crate) language: Language,
    /// Who asked, where somebody signed in did.
    pub(crate) user: Option<UserId>,
    /// The registration that asked, where one did.
    pub(crate) registration: Option<Id<PendingRegistration>>,
    /// Where it was asked from.
    pub(crate) address: IpAddr,
}

impl Request {
    /// By somebody who did not say who they are.
    pub(crate) fn new(kind: RequestKind, email: String, language: Language, origin: &Origin) -> Self {
        Self { kind, email, language, user: None, registration: None, address: origin.address }
    }
}

/// A request as it is stored.
#[derive(Debug, Clone, Row)]
pub(crate) struct MailRequest {
    pub(crate) id: Id<MailRequest>,
    pub(crate) kind: RequestKind,
    pub(crate) address_hash: String,
    pub(crate) sealed: Option<String>,
    pub(crate) created_at: Timestamp,
}

impl MailRequest {
    /// What it is sealed under.
    pub(crate) fn context(id: Id<Self>) -> String {
        format!("identity_mail_request.sealed:{id}")
    }
}
