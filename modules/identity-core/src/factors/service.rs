//! Is a code right? Taken once, in the transaction of what it allows.

use socle_kit::Kit;
use socle_kit::contracts::identity::{FactorVerified, RecoveryCodeUsed};
use socle_kit::crypto::{KeyedHash, Sealer, TokenHash, same};
use socle_kit::db::{Conn, Tx};
use socle_kit::events::Emit;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Actor, Clock, Error, Ids, Random, Result, Secret, Timestamp, UserId};
use socle_kit::mail::{Mail, Mailer};

use super::model::{
    FactorKind, MAILED_LIVES, MAILED_REST, MailedCode, Method, RECOVERY_CODES, RecoveryCode, Shape,
    mailed_code, recovery_code, recovery_hash, shape_of,
};
use super::{store, totp};
use crate::accounts::model::Account;
use crate::signing_key;

/// What there is to know of second factors. Cheap to clone.
#[derive(Clone)]
pub struct Factors {
    clock: Clock,
    ids: Ids,
    random: Random,
    sealer: Sealer,
    mailer: Mailer,
    codes: KeyedHash,
    language: Language,
}

/// Recovery codes: to be shown once, and to be stored.
#[derive(Clone)]
pub struct NewRecoveryCodes {
    /// What is shown.
    pub shown: Vec<Secret<String>>,
    hashes: Vec<TokenHash>,
}

impl Factors {
    /// With the handles of the kit.
    pub fn new(kit: &Kit) -> Result<Self> {
        let key = signing_key::load(&kit.settings, &kit.random)?;
        Ok(Self {
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            sealer: kit.sealer.clone(),
            mailer: kit.mailer.clone(),
            codes: KeyedHash::new(&key),
            language: Language::parse(kit.settings.choice("language.default")?).unwrap_or(Language::Fr),
        })
    }

    /// The ways in which this account may prove itself besides its password; none when it has no factor.
    pub fn methods(&self, conn: &mut Conn, user: UserId) -> Result<Vec<Method>> {
        let mut methods = Vec::new();
        if !store::confirmed(conn, user, FactorKind::Totp)?.is_empty() {
            methods.push(Method::Totp);
        }
        if !store::confirmed(conn, user, FactorKind::Email)?.is_empty() {
            methods.push(Method::Email);
        }
        if !store::passkeys(conn, user)?.is_empty() {
            methods.push(Method::Passkey);
        }
        if !methods.is_empty() && store::recovery_codes_left(conn, user)? > 0 {
            methods.push(Method::Recovery);
        }
        Ok(methods)
    }

    /// Takes a code if it is right: what it was. What it looks like tells what it may be. A code counts once; a
    /// wrong one is the caller's to count.
    pub fn take(
        &self,
        tx: &mut Tx,
        account: &Account,
        code: &Secret<String>,
        actor: &Actor,
    ) -> Result<Option<Method>> {
        let now = self.clock.now();
        let (shape, bare) = shape_of(code.expose());
        let bare = Secret::new(bare);
        let taken = match shape {
            Shape::Totp => self.take_totp(tx, account.id, bare.expose(), now)?.then_some(Method::Totp),
            Shape::Mailed => self.take_mailed(tx, account.id, bare.expose(), now)?.then_some(Method::Email),
            Shape::Recovery => {
                self.take_recovery(tx, account, code.expose(), actor)?.then_some(Method::Recovery)
            }
        };
        if let Some(method) = taken {
            tx.emit(actor, FactorVerified { user: account.id, method: method.to_string() })?;
        }
        Ok(taken)
    }

    fn take_totp(&self, tx: &mut Tx, user: UserId, code: &str, now: Timestamp) -> Result<bool> {
        for mut factor in store::confirmed(tx, user, FactorKind::Totp)? {
            if let Some(step) = self.step_of(&factor, code, now)? {
                factor.last_step = step;
                factor.touch(now);
                store::update_factor(tx, &factor)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The step of which this is the code of this application, if it was not taken before.
    pub fn step_of(&self, factor: &super::model::Factor, code: &str, now: Timestamp) -> Result<Option<i64>> {
        let Some(sealed) = &factor.secret else { return Ok(None) };
        let seed = self.sealer.open(&factor.context(), sealed)?;
        totp::step_of(&seed, code, factor.last_step, now)
    }

    /// Takes the code that was last mailed; a wrong one is counted on it.
    pub fn take_mailed(&self, tx: &mut Tx, user: UserId, code: &str, now: Timestamp) -> Result<bool> {
        let Some(mut mailed) = store::mailed(tx, user)?.filter(|mailed| mailed.is_live(now)) else {
            return Ok(false);
        };
        if !same(mailed.code_hash.as_bytes(), self.mailed_hash(user, code).as_bytes()) {
            mailed.attempts += 1;
            store::save_mailed(tx, &mailed)?;
            return Ok(false);
        }
        store::delete_mailed(tx, user)?;
        for mut factor in store::confirmed(tx, user, FactorKind::Email)? {
            factor.touch(now);
            store::update_factor(tx, &factor)?;
        }
        Ok(true)
    }

    fn take_recovery(&self, tx: &mut Tx, account: &Account, code: &str, actor: &Actor) -> Result<bool> {
        let hash = recovery_hash(account.id, code);
        if !store::take_recovery_code(tx, account.id, &hash, self.clock.now())? {
            return Ok(false);
        }
        let left = store::recovery_codes_left(tx, account.id)?;
        tx.emit(actor, RecoveryCodeUsed { user: account.id, left })?;
        self.tell(tx, account, "recovery-code-used", |mail| mail.arg("left", left))?;
        Ok(true)
    }

    /// Mails a code, unless one was mailed a moment ago; until when it is taken. None when the account has no
    /// address that is proved to be its own.
    pub fn mail_code(
        &self,
        tx: &mut Tx,
        account: &Account,
        code: &Secret<String>,
    ) -> Result<Option<Timestamp>> {
        let now = self.clock.now();
        let (Some(_), Some(_)) = (account.email_verified_at, account.email.as_ref()) else { return Ok(None) };
        let recent = store::mailed(tx, account.id)?.filter(|mailed| mailed.sent_at.plus(MAILED_REST) > now);
        if let Some(recent) = recent {
            return Ok(Some(recent.expires_at));
        }
        let expires_at = now.plus(MAILED_LIVES);
        let code_hash = self.mailed_hash(account.id, code.expose());
        let mailed = MailedCode { user_id: account.id, code_hash, attempts: 0, sent_at: now, expires_at };
        store::save_mailed(tx, &mailed)?;
        let minutes = i64::try_from(MAILED_LIVES.as_secs() / 60).unwrap_or(i64::MAX);
        self.tell(tx, account, "sign-in-code", |mail| {
            mail.arg("minutes", minutes).code(code.expose().clone())
        })?;
        Ok(Some(expires_at))
    }

    /// A code to be mailed.
    pub fn new_mailed_code(&self) -> Secret<String> {
        mailed_code(&self.random)
    }

    fn mailed_hash(&self, user: UserId, code: &str) -> String {
        self.codes.tag_text("mailed code", format!("{user} {code}").as_bytes())
    }

    /// Recovery codes for this account, to be written.
    pub fn new_recovery_codes(&self, user: UserId) -> NewRecoveryCodes {
        let shown: Vec<_> = (0..RECOVERY_CODES).map(|_| recovery_code(&self.random)).collect();
        let hashes = shown.iter().map(|code| recovery_hash(user, code.expose())).collect();
        NewRecoveryCodes { shown, hashes }
    }

    /// Puts these recovery codes in the place of those before.
    pub fn write_recovery_codes(&self, tx: &mut Tx, user: UserId, codes: &NewRecoveryCodes) -> Result<()> {
        let now = self.clock.now();
        let row = |code_hash: &TokenHash| RecoveryCode {
            id: self.ids.next(),
            user_id: user,
            code_hash: code_hash.clone(),
            used_at: None,
            created_at: now,
        };
        let rows: Vec<_> = codes.hashes.iter().map(row).collect();
        store::replace_recovery_codes(tx, user, &rows)
    }

    /// Seals the seed of an authenticator application.
    pub fn seal(&self, factor: &super::model::Factor, seed: &Secret<Vec<u8>>) -> Result<String> {
        self.sealer.seal(&factor.context(), seed.expose())
    }

    /// Tells the owner of an account something by mail, if there is an address.
    pub fn tell(
        &self,
        tx: &mut Tx,
        account: &Account,
        template: &'static str,
        fill: impl FnOnce(Mail) -> Mail,
    ) -> Result<()> {
        let Some(address) = &account.email else { return Ok(()) };
        let language = account.language.unwrap_or(self.language);
        self.mailer.send(tx, &fill(Mail::new(address.clone(), account.name.clone(), language, template)))
    }

    /// Removes what is over.
    pub async fn purge(kit: &Kit) -> Result<()> {
        const UNVERIFIED_KEPT: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
        let now = kit.clock.now();
        let removed = kit.db.write(move |tx| store::purge(tx, now, now.minus(UNVERIFIED_KEPT))).await?;
        if removed > 0 {
            tracing::debug!(removed, "challenges and codes that are over were removed");
        }
        Ok(())
    }
}

/// The refusal of a code that is wrong, used up or over.
pub fn wrong_code() -> Error {
    Error::new(crate::errors::FACTOR_WRONG)
}
