//! Another address for an account, whoever gave it.

use socle_kit::contracts::identity::UserEmailChanged;
use socle_kit::db::Tx;
use socle_kit::events::Emit;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Actor, Result};
use socle_kit::mail::{Mail, Mailer};

use super::model::{Account, folded};

/// Tells of the address that an account has from now on: the events, and whoever reads at the old one, who may not have
/// wanted it. `default` is the language of those who have chosen none.
pub fn tell(
    tx: &mut Tx,
    mailer: &Mailer,
    account: &Account,
    old: Option<String>,
    default: Language,
    actor: &Actor,
) -> Result<()> {
    tx.emit(actor, UserEmailChanged { user: account.id })?;
    let Some(old) = old.filter(|old| Some(folded(old)) != account.email_folded) else { return Ok(()) };
    let language = account.language.unwrap_or(default);
    let mail = Mail::new(old, account.name.clone(), language, "email-changed");
    let mail = match &account.email {
        Some(new) => mail.arg("email", masked(new)),
        None => mail,
    };
    mailer.send(tx, &mail)
}

/// Enough of an address to know one's own again: `z***@example.org`.
fn masked(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first = local.chars().next().map(String::from).unwrap_or_default();
    format!("{first}***@{domain}")
}
