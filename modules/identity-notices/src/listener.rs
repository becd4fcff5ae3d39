//! Writes the mails, from letters.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use socle_identity_core::accounts::store as accounts;
use socle_identity_core::signing_key;
use socle_kit::crypto::KeyedHash;
use socle_kit::events::Recorded;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Error, Result};
use socle_kit::{Kit, Listener};

use crate::{notice, store};

/// What happened longer ago is no news: a listener that is new hears all that ever happened.
const NEWS: Duration = Duration::from_secs(24 * 60 * 60);
/// A device not seen for so long is a new one.
const REMEMBERED: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Who hears the letters of the room and writes to the owners of accounts.
pub(crate) fn listener(kit: &Kit) -> Listener {
    let (kit, key) = (kit.clone(), Arc::new(OnceLock::new()));
    Listener::new("identity.notices", notice::KINDS, move |event| hear(kit.clone(), key.clone(), event))
}

/// The key that devices are hashed with, read once.
fn key_of(kit: &Kit, known: &OnceLock<KeyedHash>) -> Result<KeyedHash> {
    if let Some(key) = known.get() {
        return Ok(key.clone());
    }
    let key = KeyedHash::new(&signing_key::load(&kit.settings, &kit.random)?);
    Ok(known.get_or_init(|| key).clone())
}

/// Writes the mail about one letter, once. A device is remembered in the same transaction.
async fn hear(kit: Kit, key: Arc<OnceLock<KeyedHash>>, event: Arc<Recorded>) -> Result<()> {
    let user = event.subject.parse().map_err(Error::internal)?;
    let default = Language::parse(kit.settings.choice("language.default")?).unwrap_or(Language::Fr);
    let key = key_of(&kit, &key)?;
    let (now, mailer) = (kit.clock.now(), kit.mailer.clone());
    let write = kit.db.write(move |tx| {
        let Some(account) = accounts::find(tx, user)? else { return Ok(()) };
        let Some(mail) = notice::about(tx, &event, &account, default, &key, now)? else { return Ok(()) };
        if now.since(event.created_at) < NEWS {
            mailer.send_once(tx, &format!("identity.notices:{}", event.id), &mail)?;
        }
        Ok(())
    });
    write.await
}

/// Forgets devices that have not been seen for more than a year.
pub(crate) async fn forget_old_devices(kit: &Kit) -> Result<()> {
    let before = kit.clock.now().minus(REMEMBERED);
    let forgotten = kit.db.write(move |tx| store::forget(tx, before)).await?;
    if forgotten > 0 {
        tracing::debug!(forgotten, "devices that were not seen for long were forgotten");
    }
    Ok(())
}
