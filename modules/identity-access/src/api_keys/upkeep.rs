//! What becomes of API keys in time: their owners are told before they end, and they end; and what their owners are told
//! when they change their password, which ends no key.

use std::time::Duration;

use socle_kit::contracts::access::{ApiKeyExpiring, ApiKeyRetired};
use socle_kit::contracts::identity::{UserPasswordChanged, UserPasswordReset, UserPasswordSet};
use socle_kit::events::{Letter, Recorded};
use socle_kit::i18n::Language;
use socle_kit::mail::{Mail, Mailer};
use socle_kit::prelude::*;
use socle_kit::{Kit, Listener};

use super::settings::KeySettings;
use super::store::{self, Addressee};
use socle_identity_core::api_keys::model::ApiKey;
use socle_identity_core::api_keys::store::count_of;

/// How long a key that has ended is still shown to its owner.
const SHOWN_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// A password that was changed longer ago is no news: a listener that is new hears all that ever happened.
const NEWS: Duration = Duration::from_secs(24 * 60 * 60);

/// Tells the owners of keys that end soon, once each, and retires those that have ended (R0-17). Run from time to time on
/// every node: a second run finds nothing left to do.
pub(crate) async fn end_keys(kit: &Kit) -> Result<()> {
    let (settings, now) = (KeySettings::of(&kit.settings)?, kit.clock.now());
    let times = Times {
        now,
        too_old: now.minus(settings.max_age),
        soon: now.plus(settings.warn_before),
        soon_too_old: now.plus(settings.warn_before).minus(settings.max_age),
        forgotten: now.minus(SHOWN_FOR),
        settings,
    };
    let has_work = kit
        .db
        .read(move |conn| {
            Ok(!store::ending(conn, times.soon, times.soon_too_old)?.is_empty()
                || !store::ended(conn, now, times.too_old)?.is_empty()
                || store::is_any_forgotten(conn, times.forgotten)?)
        })
        .await?;
    if !has_work {
        return Ok(());
    }
    let (mailer, language) = (kit.mailer.clone(), default_language(kit)?);
    kit.db
        .write(move |tx| {
            retire(tx, &times)?;
            warn(tx, &times, &mailer, language)?;
            store::forget(tx, times.forgotten).map(drop)
        })
        .await
}

/// The moments that decide.
#[derive(Clone, Copy)]
struct Times {
    now: Timestamp,
    /// A secret made then or before is too old.
    too_old: Timestamp,
    soon: Timestamp,
    /// A secret made then or before is soon too old.
    soon_too_old: Timestamp,
    forgotten: Timestamp,
    settings: KeySettings,
}

fn retire(tx: &mut Tx, times: &Times) -> Result<()> {
    for mut key in store::ended(tx, times.now, times.too_old)? {
        key.retired_at = Some(times.now);
        key.previous_hash = None;
        key.touch(times.now);
        store::update(tx, &key)?;
        tx.emit(&Actor::system(), ApiKeyRetired { key: key.id.to_string(), user: key.user_id })?;
    }
    Ok(())
}

fn warn(tx: &mut Tx, times: &Times, mailer: &Mailer, language: Language) -> Result<()> {
    for mut key in store::ending(tx, times.soon, times.soon_too_old)? {
        key.warned_at = Some(times.now);
        store::update(tx, &key)?;
        let ends_at = key.ends_at(times.settings.max_age);
        if is_short(&key, ends_at, times.settings.warn_before) {
            continue;
        }
        tx.emit(&Actor::system(), ApiKeyExpiring { key: key.id.to_string(), user: key.user_id, ends_at })?;
        if let Some(owner) = store::addressee(tx, key.user_id)? {
            let mail = mail(owner, language, "api-key-expiring");
            let mail = mail.arg("key", key.name.as_str()).arg("prefix", key.prefix.as_str());
            mailer.send(tx, &mail.arg("days", days(ends_at.since(times.now))))?;
        }
    }
    Ok(())
}

/// A key that was made for less than the notice is not told of: its owner knows.
fn is_short(key: &ApiKey, ends_at: Timestamp, notice: Duration) -> bool {
    ends_at.since(key.rotated_at) <= notice
}

/// Whole days, a begun one counted.
fn days(time: Duration) -> i64 {
    i64::try_from(time.as_secs().div_ceil(24 * 60 * 60)).unwrap_or(i64::MAX)
}

/// Tells owners of keys that a new password has left them as they are: whoever changes it because somebody else knows it
/// must know what else to take back.
pub(crate) fn password_listener(kit: &Kit) -> Listener {
    const KINDS: &[&str] = &[UserPasswordChanged::KIND, UserPasswordSet::KIND, UserPasswordReset::KIND];
    let kit = kit.clone();
    Listener::new("identity.api_keys_after_password", KINDS, move |event| {
        let kit = kit.clone();
        async move { tell_of_kept_keys(&kit, &event).await }
    })
}

/// Writes to an owner of keys how many there are, once for each password.
async fn tell_of_kept_keys(kit: &Kit, event: &Recorded) -> Result<()> {
    if kit.clock.now().since(event.created_at) >= NEWS {
        return Ok(());
    }
    let user: UserId = event.subject.parse().map_err(Error::internal)?;
    let key = format!("identity.api_keys_kept:{}", event.id);
    let (mailer, language) = (kit.mailer.clone(), default_language(kit)?);
    kit.db
        .write(move |tx| {
            let keys = count_of(tx, user)?;
            let owner = store::addressee(tx, user)?.filter(|_| keys > 0);
            let Some(owner) = owner else { return Ok(()) };
            let mail = mail(owner, language, "api-keys-kept").arg("keys", keys);
            mailer.send_once(tx, &key, &mail).map(drop)
        })
        .await
}

fn mail(owner: Addressee, language: Language, template: &'static str) -> Mail {
    Mail::new(owner.email, owner.name, owner.language.unwrap_or(language), template)
}

fn default_language(kit: &Kit) -> Result<Language> {
    Ok(Language::parse(kit.settings.choice("language.default")?).unwrap_or(Language::Fr))
}
