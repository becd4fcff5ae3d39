//! Handing out what is held about a person, and forgetting the person.

use socle_identity_core::accounts::model::{Account, folded};
use socle_identity_core::changes::Changes;
use socle_identity_core::sessions::attempts::Attempts;
use socle_identity_core::sessions::store as sessions;
use socle_kit::contracts::identity::UserErased;
use socle_kit::i18n::Language;
use socle_kit::kernel::Clock;
use socle_kit::mail::{Mail, Mailer};
use socle_kit::prelude::*;
use socle_kit::{Erasure, Personal};

use super::api::ErasureInput;
use super::store;
use crate::errors::CONFIRMATION_WRONG;
use crate::users::rights::refuse_own;
use socle_identity_core::roles::rules::{ensure_an_administrator_remains, require_over};

/// What is held about people. Cheap to clone.
#[derive(Clone)]
pub(crate) struct PersonalRecords {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) personal: Personal,
    mailer: Mailer,
    attempts: Attempts,
    language: Language,
    former: String,
    changes: Changes,
}

/// What stands where the name of a former member stood: data like any name, so in one language, the server's.
pub(super) fn former(kit: &Kit) -> String {
    kit.catalogue.text(language(kit), "former-member", &[])
}

fn language(kit: &Kit) -> Language {
    let chosen = kit.settings.choice("language.default").ok();
    chosen.and_then(Language::parse).unwrap_or(Language::Fr)
}

impl PersonalRecords {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            personal: kit.personal.clone(),
            mailer: kit.mailer.clone(),
            attempts: Attempts::new(kit)?,
            language: language(kit),
            former: former(kit),
            changes: Changes::of(&kit.db)?,
        })
    }

    /// Erases the caller's own account.
    pub(crate) async fn erase_own(&self, actor: &Actor, confirmed: ErasureInput) -> Result<()> {
        let user = actor.user()?;
        self.erase(actor, user, confirmed, |_, _, _| Ok(())).await
    }

    /// Erases the account of somebody else, removed or not.
    pub(crate) async fn erase_other(
        &self,
        actor: &Actor,
        user: UserId,
        confirmed: ErasureInput,
    ) -> Result<()> {
        let now = self.clock.now();
        self.erase(actor, user, confirmed, move |conn, actor, account| {
            require_over(conn, actor, account.id, now)?;
            refuse_own(actor, account)
        })
        .await
    }

    async fn erase(
        &self,
        actor: &Actor,
        user: UserId,
        confirmed: ErasureInput,
        allowed: impl Fn(&mut Conn, &Actor, &Account) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (service, actor) = (self.clone(), actor.clone());
        self.db
            .write(move |tx| {
                let account = store::find_any(tx, user)?.or_not_found("account")?;
                allowed(tx, &actor, &account)?;
                if folded(&confirmed.username) != account.username_folded {
                    return Err(Error::invalid_field("username", CONFIRMATION_WRONG));
                }
                service.forget(tx, &actor, &account)
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// Erases an account at the operator's word. Blocks.
    pub(crate) fn erase_blocking(&self, user: UserId) -> Result<()> {
        let service = self.clone();
        self.db.write_blocking(move |tx| {
            let account = store::find_any(tx, user)?.or_not_found("account")?;
            service.forget(tx, &Actor::system(), &account)
        })?;
        self.changes.note();
        Ok(())
    }

    /// Forgets a person in all rooms, in one transaction.
    fn forget(&self, tx: &mut Tx<'_>, actor: &Actor, account: &Account) -> Result<()> {
        ensure_an_administrator_remains(tx, account.id)?;
        for name in account.sign_in_names() {
            sessions::forget_failure(tx, &self.attempts.key_of(&name))?;
        }
        self.tell(tx, account)?;
        let erasure = Erasure { user: account.id, former: self.former.clone(), now: self.clock.now() };
        self.personal.erase(tx, &erasure)?;
        tx.emit(&self.signature(actor, account.id), UserErased { user: account.id })
    }

    /// Who the letter is from: of who erases themselves, the name is forgotten already.
    fn signature(&self, actor: &Actor, erased: UserId) -> Actor {
        if !actor.is(erased) {
            return actor.clone();
        }
        Actor { name: self.former.as_str().into(), address: None, ..actor.clone() }
    }

    /// A last mail, to the address that is forgotten with this.
    fn tell(&self, tx: &mut Tx<'_>, account: &Account) -> Result<()> {
        let Some(email) = &account.email else { return Ok(()) };
        let language = account.language.unwrap_or(self.language);
        let mail = Mail::new(email, &account.name, language, "account-erased");
        self.mailer.send(tx, &mail.arg("username", account.username.as_str()))
    }
}
