//! Which mail a letter makes.

use socle_identity_core::accounts::model::Account;
use socle_identity_core::sessions::store as sessions;
use socle_kit::contracts::identity::{AccountLocked, UserSignedIn};
use socle_kit::crypto::KeyedHash;
use socle_kit::db::Tx;
use socle_kit::events::Recorded;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Error, Result, Timestamp};
use socle_kit::mail::Mail;

use crate::{device, store};

/// The letters that make a mail by themselves, and the sentences of that mail. They are heard by their kind: some are
/// of other parts of the room.
const TOLD: &[(&str, &str)] = &[
    ("user.password_changed", "password-changed"),
    ("user.password_reset", "password-changed"),
    ("user.password_set", "password-changed"),
    ("user.deactivated", "account-deactivated"),
    ("user.refresh_token_reused", "session-stolen"),
    (LOCKED, "account-locked"),
    (SIGNED_IN, "new-device"),
];
const LOCKED: &str = "user.locked";
const SIGNED_IN: &str = "user.signed_in";

/// The kinds of those letters.
pub(crate) const KINDS: &[&str] = &[
    "user.password_changed",
    "user.password_reset",
    "user.password_set",
    "user.deactivated",
    "user.refresh_token_reused",
    LOCKED,
    SIGNED_IN,
];

/// The mail to the owner of an account about this letter; none where there is nothing to tell, or no address.
pub(crate) fn about(
    tx: &mut Tx,
    event: &Recorded,
    account: &Account,
    default: Language,
    key: &KeyedHash,
    now: Timestamp,
) -> Result<Option<Mail>> {
    let template = TOLD.iter().find(|(kind, _)| *kind == event.kind).map(|(_, template)| *template);
    let Some(template) = template else { return Ok(None) };
    let language = account.language.unwrap_or(default);
    let mail = |to: &String| Mail::new(to.clone(), account.name.clone(), language, template);
    let (mail, address) = (account.email.as_ref().map(mail), event.address.clone());
    let from_here = |mail: Mail| mail.arg("address", address.clone().unwrap_or_default());
    match event.kind.as_str() {
        SIGNED_IN => Ok(signed_in(tx, event, account, key, now)?
            .and_then(|name| mail.map(|mail| from_here(mail).arg("device", name.unwrap_or_default())))),
        LOCKED => {
            let locked = event.letter::<AccountLocked>()?;
            Ok(mail.zip(locked).map(|(mail, locked)| from_here(mail).arg("until", locked.until)))
        }
        // Whoever deactivated it or set a password is an administrator, whose place is none of the owner's business.
        _ if event.actor_id.is_some_and(|actor| actor != account.id) => Ok(mail),
        _ => Ok(mail.map(from_here)),
    }
}

/// What a sign-in came from, when it is from elsewhere than those before it.
fn signed_in(
    tx: &mut Tx,
    event: &Recorded,
    account: &Account,
    key: &KeyedHash,
    now: Timestamp,
) -> Result<Option<Option<String>>> {
    let Some(letter) = event.letter::<UserSignedIn>()? else { return Ok(None) };
    // Over and removed already: then nobody is there any more.
    let session = letter.session.parse().map_err(Error::internal)?;
    let Some(session) = sessions::find(tx, session)? else { return Ok(None) };
    let (client, address) = (session.user_agent.as_deref(), session.address.as_deref());
    let fingerprint = device::fingerprint(key, account.id, client, address);
    let is_new = store::is_new(tx, account.id, &fingerprint, now)?;
    Ok(is_new.then(|| device::name_of(client)))
}
