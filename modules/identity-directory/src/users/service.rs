//! What those do who administer accounts.

use socle_identity_core::accounts::address_change;
use socle_identity_core::accounts::judge::Judge;
use socle_identity_core::accounts::model::Account;
use socle_identity_core::accounts::one_time::one_time_password;
use socle_identity_core::accounts::rules::Rules;
use socle_identity_core::accounts::store::find;
use socle_identity_core::changes::Changes;
use socle_identity_core::permissions::MANAGE_USERS;
use socle_identity_core::sessions::attempts::Attempts;
use socle_identity_core::sessions::store as sessions;
use socle_kit::contracts::identity::{
    UserActivated, UserDeactivated, UserDeleted, UserPasswordSet, UserRegistered, UserRoleChanged,
    UserUnlocked, UserUpdated,
};
use socle_kit::crypto::Passwords;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Clock, Ids, Random, Secret};
use socle_kit::mail::Mailer;
use socle_kit::prelude::*;

use super::api::{NewUserInput, NewUserView, PasswordView, ShownView, UserFilter, UserInput};
use super::rights::{refuse_own, require_role};
use super::store;
use socle_identity_core::roles::rules::{ensure_an_administrator_remains, require_over};

/// Administers accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Users {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) ids: Ids,
    pub(super) passwords: Passwords,
    judge: Judge,
    pub(super) default_role: &'static str,
    pub(super) import_rows: usize,
    random: Random,
    attempts: Attempts,
    /// Are the profiles of others hidden from those who do not administer accounts?
    hides_profiles: bool,
    mailer: Mailer,
    /// Of those who have chosen none.
    language: Language,
    changes: Changes,
}

impl Users {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        let settings = &kit.settings;
        let rows = settings.integer("identity.import_rows")?;
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            passwords: kit.passwords.clone(),
            judge: Judge::new(kit)?,
            default_role: settings.choice("identity.default_role")?,
            import_rows: usize::try_from(rows).unwrap_or(usize::MAX),
            random: kit.random.clone(),
            attempts: Attempts::new(kit)?,
            hides_profiles: settings.choice("identity.profiles")? == "administrators",
            mailer: kit.mailer.clone(),
            language: Language::parse(settings.choice("language.default")?).unwrap_or(Language::Fr),
            changes: Changes::of(&kit.db)?,
        })
    }

    /// A page of the accounts.
    pub(crate) async fn list(&self, filter: UserFilter, page: Page) -> Result<Slice<Account>> {
        let now = self.clock.now();
        self.db.read_long(move |conn| store::page(conn, &filter, &page, now)).await
    }

    /// An account, as much of it as the actor may see (C17); and its version, where all of it is seen.
    pub(crate) async fn show(&self, actor: &Actor, id: UserId) -> Result<(ShownView, Option<i64>)> {
        let sees_all = actor.is(id) || actor.may(&MANAGE_USERS);
        if self.hides_profiles && !sees_all {
            return Err(Error::forbidden(&MANAGE_USERS));
        }
        let account = self.db.read(move |conn| find(conn, id)?.or_not_found("account")).await?;
        if sees_all {
            let version = account.version;
            return Ok((ShownView::Full(Box::new(account.into())), Some(version)));
        }
        // Who may not sign in is not shown around.
        let account = Some(account).filter(|account| account.is_active).or_not_found("account")?;
        Ok((ShownView::Public(Box::new(account.into())), None))
    }

    /// Makes an account (R4-118). Whoever chose the password, its owner chooses another.
    pub(crate) async fn create(&self, actor: &Actor, new: NewUserInput) -> Result<NewUserView> {
        let input = UserInput::from(&new);
        let mut wrong = self.problems(&input);
        if let Some(password) = &new.password {
            wrong.extend(self.judge.wrong("password", password, identities(&input)).await?);
        }
        if !wrong.is_empty() {
            return Err(Error::invalid(wrong));
        }
        let role = new.role.as_deref().map_or_else(|| self.default_role.to_owned(), str::to_lowercase);
        // Before the hashing, which costs more than all the rest.
        let (asked, by) = (role.clone(), actor.clone());
        self.db.read(move |conn| require_role(conn, &by, &asked)).await?;
        let (password, made) = self.password_or_new(new.password);
        let hash = self.passwords.hash(password).await?;
        let account = input.into_account(self.ids.next(), role, Some((hash, true)), self.clock.now());
        let actor = actor.clone();
        let account = self
            .db
            .write(move |tx| {
                require_role(tx, &actor, &account.role)?;
                insert(tx, &actor, &account)?;
                Ok(account.clone())
            })
            .await?;
        Ok(NewUserView { user: account.into(), one_time_password: made })
    }

    /// Replaces what is written about an account by what `change` makes of it. Another address resets the password:
    /// whoever read at the old one is told, and one's own is changed where the new one is proved first.
    pub(crate) async fn write(
        &self,
        actor: &Actor,
        id: UserId,
        expected: IfMatch,
        change: impl Fn(&UserInput) -> Result<UserInput> + Send + 'static,
    ) -> Result<Account> {
        let (service, now, by) = (self.clone(), self.clock.now(), actor.clone());
        self.act(actor, id, expected, move |tx, account| {
            let before = UserInput::of(account);
            let input = change(&before)?;
            // A name that came before the rule may stay.
            let mut wrong: Vec<FieldError> = Vec::new();
            if input.username != before.username {
                wrong.extend(service.judge.rules().username(&input.username));
            }
            wrong.extend(input.email.as_deref().filter(|email| !email.is_empty()).and_then(Rules::email));
            if !wrong.is_empty() {
                return Err(Error::invalid(wrong));
            }
            let (old, old_folded) = (account.email.clone(), account.email_folded.clone());
            input.write_to(account, now);
            if account.email_folded != old_folded {
                refuse_own(&by, account)?;
                store::update(tx, account)?;
                address_change::tell(tx, &service.mailer, account, old, service.language, &by)?;
            } else {
                store::update(tx, account)?;
            }
            tx.emit(&by, UserUpdated { user: account.id, version: account.version })
        })
        .await
    }

    /// Lets an account sign in (R4-120).
    pub(crate) async fn activate(&self, actor: &Actor, id: UserId, expected: IfMatch) -> Result<Account> {
        let (now, by) = (self.clock.now(), actor.clone());
        self.act(actor, id, expected, move |tx, account| {
            if account.is_active {
                return Ok(());
            }
            account.is_active = true;
            account.touch(now);
            store::update(tx, account)?;
            tx.emit(&by, UserActivated { user: account.id })
        })
        .await
    }

    /// Lets an account sign in no more: its sessions end at once, and its owner is told (R4-121, R2-81).
    pub(crate) async fn deactivate(&self, actor: &Actor, id: UserId, expected: IfMatch) -> Result<Account> {
        let (now, by) = (self.clock.now(), actor.clone());
        self.act(actor, id, expected, move |tx, account| {
            refuse_own(&by, account)?;
            if !account.is_active {
                return Ok(());
            }
            ensure_an_administrator_remains(tx, account.id)?;
            account.is_active = false;
            account.touch(now);
            store::update(tx, account)?;
            let sessions_ended = sessions::revoke_all(tx, account.id, None, now)?;
            tx.emit(&by, UserDeactivated { user: account.id, sessions_ended })
        })
        .await
    }

    /// Forgets the refused sign-ins of an account, and its lock with them (R2-51).
    pub(crate) async fn unlock(&self, actor: &Actor, id: UserId) -> Result<Account> {
        let (attempts, by) = (self.attempts.clone(), actor.clone());
        self.act(actor, id, IfMatch::ANY, move |tx, account| {
            // Otherwise whoever guesses at it by a stolen session would never be locked out.
            refuse_own(&by, account)?;
            attempts.forgive(tx, account, None)?;
            if account.failed_attempts == 0 && account.locked_until.is_none() {
                return Ok(());
            }
            (account.failed_attempts, account.locked_until) = (0, None);
            tx.emit(&by, UserUnlocked { user: account.id })
        })
        .await
    }

    /// Removes an account; what it has written remains, and so does its name, until it is erased.
    pub(crate) async fn delete(&self, actor: &Actor, id: UserId, expected: IfMatch) -> Result<()> {
        let (now, by) = (self.clock.now(), actor.clone());
        self.act(actor, id, expected, move |tx, account| {
            refuse_own(&by, account)?;
            ensure_an_administrator_remains(tx, account.id)?;
            (account.is_active, account.deleted_at) = (false, Some(now));
            account.touch(now);
            store::update(tx, account)?;
            sessions::revoke_all(tx, account.id, None, now)?;
            tx.emit(&by, UserDeleted { user: account.id })
        })
        .await
        .map(drop)
    }

    /// Gives an account the role that `change` makes of the present one (R3-73); its sessions end.
    pub(crate) async fn give_role(
        &self,
        actor: &Actor,
        id: UserId,
        expected: IfMatch,
        role: &str,
    ) -> Result<Account> {
        let (now, by, role) = (self.clock.now(), actor.clone(), role.to_lowercase());
        self.act(actor, id, expected, move |tx, account| {
            require_role(tx, &by, &role)?;
            if account.role == role {
                return Ok(());
            }
            refuse_own(&by, account)?;
            ensure_an_administrator_remains(tx, account.id)?;
            let from = std::mem::replace(&mut account.role, role.clone());
            account.touch(now);
            store::update(tx, account)?;
            sessions::revoke_all(tx, account.id, None, now)?;
            tx.emit(&by, UserRoleChanged { user: account.id, from, to: role.clone() })
        })
        .await
    }

    /// Sets a password that its owner is to change; the sessions end, the lock opens, and the owner is told.
    pub(crate) async fn set_password(
        &self,
        actor: &Actor,
        id: UserId,
        password: Option<Secret<String>>,
    ) -> Result<PasswordView> {
        let (found, by, attempts) = (self.find_for(actor, id).await?, actor.clone(), self.attempts.clone());
        refuse_own(actor, &found)?;
        if let Some(password) = &password {
            let identities = found.identities().into_iter().map(str::to_owned).collect();
            self.judge.check("password", password, identities).await?;
        }
        let (password, made) = self.password_or_new(password);
        let hash = self.passwords.hash(password).await?;
        let now = self.clock.now();
        let sessions_ended = self
            .db
            .write(move |tx| {
                let mut account = find(tx, id)?.or_not_found("account")?;
                require_over(tx, &by, account.id, now)?;
                account.take_password(hash.clone(), true, now);
                store::update(tx, &account)?;
                attempts.forgive(tx, &account, None)?;
                let ended = sessions::revoke_all(tx, account.id, None, now)?;
                tx.emit(&by, UserPasswordSet { user: account.id })?;
                Ok(ended)
            })
            .await?;
        self.changes.note();
        Ok(PasswordView { one_time_password: made, sessions_ended })
    }

    /// Does something to an account over which the actor has rights, of an expected version.
    async fn act(
        &self,
        actor: &Actor,
        id: UserId,
        expected: IfMatch,
        work: impl Fn(&mut Tx<'_>, &mut Account) -> Result<()> + Send + 'static,
    ) -> Result<Account> {
        let (actor, now) = (actor.clone(), self.clock.now());
        let account = self
            .db
            .write(move |tx| {
                let mut account = find(tx, id)?.or_not_found("account")?;
                require_over(tx, &actor, account.id, now)?;
                expected.check(account.version)?;
                work(tx, &mut account)?;
                Ok(account)
            })
            .await?;
        self.changes.note();
        Ok(account)
    }

    async fn find_for(&self, actor: &Actor, id: UserId) -> Result<Account> {
        let (actor, now) = (actor.clone(), self.clock.now());
        self.db
            .read(move |conn| {
                let account = find(conn, id)?.or_not_found("account")?;
                require_over(conn, &actor, account.id, now)?;
                Ok(account)
            })
            .await
    }

    /// All that the rules of this server have against what is written.
    pub(super) fn problems(&self, input: &UserInput) -> Vec<FieldError> {
        let mut wrong = self.judge.rules().username(&input.username);
        wrong.extend(input.email.as_deref().and_then(Rules::email));
        wrong
    }

    fn password_or_new(&self, given: Option<Secret<String>>) -> (Secret<String>, Option<String>) {
        match given {
            Some(password) => (password, None),
            None => {
                let made = one_time_password(&self.random);
                (made.clone(), Some(made.expose().clone()))
            }
        }
    }
}

/// Writes a new account, with its letter.
pub(super) fn insert(tx: &mut Tx<'_>, actor: &Actor, account: &Account) -> Result<()> {
    store::insert(tx, account)?;
    let (username, role) = (account.username.clone(), account.role.clone());
    tx.emit(actor, UserRegistered { user: account.id, username, role })
}

/// The names a password may not lean on.
fn identities(input: &UserInput) -> Vec<String> {
    let optional = [&input.email, &input.first_name, &input.last_name].into_iter().flatten();
    std::iter::once(&input.username).chain(optional).map(ToString::to_string).collect()
}
