//! Accounts: registering, one's own profile, one's own password.

use std::sync::Arc;

use socle_kit::Kit;
use socle_kit::contracts::identity::{UserPasswordChanged, UserProfileUpdated, UserRegistered};
use socle_kit::crypto::Passwords;
use socle_kit::db::Db;
use socle_kit::events::Emit;
use socle_kit::http::{Caller, IfMatch, Origin};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Actor, Clock, Error, FieldError, Ids, Line, OrNotFound, Result, Secret, UserId, codes};

use super::api::{ProfileInput, Registration};
use socle_identity_core::accounts::model::{Account, Beginning, folded, is_match};
use socle_identity_core::accounts::rules::Rules;
use socle_identity_core::accounts::store;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::{
    EMAIL_TAKEN, PASSWORD_UNCHANGED, PASSWORD_WRONG, REGISTRATION_CLOSED, USERNAME_TAKEN,
};
use socle_identity_core::sessions::service::{Client, Sessions, SignedIn, session_of};
use socle_identity_core::{factors, reader, roles, sessions};

/// What people do with their own accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Accounts {
    db: Db,
    clock: Clock,
    ids: Ids,
    passwords: Passwords,
    sessions: Sessions,
    rules: Arc<Rules>,
    is_open: bool,
    default_role: &'static str,
    changes: Changes,
}

impl Accounts {
    pub(crate) fn new(kit: &Kit, sessions: Sessions) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            passwords: kit.passwords.clone(),
            sessions,
            rules: Arc::new(Rules::of(&kit.settings)?),
            is_open: kit.settings.choice("identity.registration")? == "open",
            default_role: kit.settings.choice("identity.default_role")?,
            changes: Changes::of(&kit.db)?,
        })
    }

    /// Makes an account and signs it in (C14). The role is the profile's: nobody chooses their own (R1-87).
    pub(crate) async fn register(
        &self,
        registration: Registration,
        language: Language,
        origin: &Origin,
    ) -> Result<SignedIn> {
        if !self.is_open {
            return Err(Error::new(REGISTRATION_CLOSED));
        }
        self.check(&registration)?;
        let Registration { email, username, password, first_name, last_name, session, .. } = registration;
        self.refuse_taken(&email, &username).await?;
        let beginning = Beginning {
            username: username.into_string(),
            email: Some(email.into_string()),
            password_hash: Some(self.passwords.hash(password).await?),
            first_name: first_name.map(Line::into_string).filter(|name| !name.is_empty()),
            last_name: last_name.map(Line::into_string).filter(|name| !name.is_empty()),
            role: self.default_role.to_owned(),
            language: Some(language),
            ..Beginning::default()
        };
        let account = Account::new(self.ids.next(), beginning, self.clock.now());
        let actor = account.as_actor(origin.address);
        let (opening, handout) = self.sessions.opening(account.id, &Client::new(origin, session));
        let (session, user, sessions) = (opening.session.id, account.id, self.sessions.clone());
        let write = self.db.write(move |tx| {
            store::insert(tx, &account)?;
            let (username, role) = (account.username.clone(), account.role.clone());
            tx.emit(&actor, UserRegistered { user: account.id, username, role })?;
            sessions.open(tx, &opening, &account, &actor)?;
            Ok(account.clone())
        });
        let account = reader::as_reader(user, write).await?;
        self.sessions.signed_in(account, session, handout)
    }

    /// Everything that is wrong, at once.
    fn check(&self, registration: &Registration) -> Result<()> {
        let Registration { email, username, password, first_name, last_name, .. } = registration;
        let optional = [first_name.as_deref(), last_name.as_deref()].into_iter().flatten();
        let identities: Vec<&str> = [email.as_str(), username.as_str()].into_iter().chain(optional).collect();
        let mut wrong: Vec<FieldError> = Rules::email(email).into_iter().collect();
        wrong.extend(self.rules.username(username));
        wrong.extend(self.rules.password("password", password.expose(), &identities));
        if wrong.is_empty() { Ok(()) } else { Err(Error::invalid(wrong)) }
    }

    /// Spares the hashing; the constraints of the tables have the last word.
    async fn refuse_taken(&self, email: &str, username: &str) -> Result<()> {
        let (email, username) = (folded(email), folded(username));
        self.db
            .read(move |conn| {
                if store::email_is_taken(conn, &email)? {
                    return Err(Error::new(EMAIL_TAKEN));
                }
                if store::username_is_taken(conn, &username)? {
                    return Err(Error::new(USERNAME_TAKEN));
                }
                Ok(())
            })
            .await
    }

    /// The caller's account, and the names of the permissions held.
    pub(crate) async fn own(&self, actor: &Actor) -> Result<(Account, Vec<String>)> {
        let (user, held) = (actor.user()?, actor.permissions.clone());
        self.db
            .read(move |conn| {
                let account = store::find(conn, user)?.or_not_found("account")?;
                let names = if held.is_all() {
                    roles::store::permission_names(conn)?
                } else {
                    held.names().iter().map(ToString::to_string).collect()
                };
                Ok((account, names))
            })
            .await
    }

    /// Replaces the caller's profile by what `change` makes of the present one.
    pub(crate) async fn write_profile(
        &self,
        actor: &Actor,
        if_match: IfMatch,
        change: impl Fn(&ProfileInput) -> Result<ProfileInput> + Send + 'static,
    ) -> Result<Account> {
        let (user, actor, now) = (actor.user()?, actor.clone(), self.clock.now());
        let account = self
            .db
            .write(move |tx| {
                let mut account = store::find(tx, user)?.or_not_found("account")?;
                if_match.check(account.version)?;
                let profile = change(&ProfileInput::of(&account))?;
                account.write_profile(profile.into(), now);
                store::update(tx, &account)?;
                tx.emit(&actor, UserProfileUpdated { user, version: account.version })?;
                Ok(account)
            })
            .await?;
        self.changes.note();
        Ok(account)
    }

    /// Changes the caller's password, who shows the present one; every other session ends (C29).
    pub(crate) async fn change_password(
        &self,
        caller: &Caller,
        current: Secret<String>,
        new: Secret<String>,
    ) -> Result<()> {
        let user = caller.actor.user()?;
        self.refuse_without_factor(caller, user).await?;
        let account = self.find(user).await?;
        let wrong = self.rules.password("newPassword", new.expose(), &account.identities());
        if !wrong.is_empty() {
            return Err(Error::invalid(wrong));
        }
        let stored = account.password_hash.clone().ok_or_else(wrong_password)?;
        if !is_match(self.passwords.verify(current.clone(), stored.clone()).await?) {
            return Err(wrong_password());
        }
        if current.expose() == new.expose() {
            return Err(Error::invalid_field("newPassword", PASSWORD_UNCHANGED));
        }
        let hash = self.passwords.hash(new).await?;
        let (actor, now, keep) = (caller.actor.clone(), self.clock.now(), session_of(caller)?);
        self.db
            .write(move |tx| {
                let mut account = store::find(tx, user)?.or_not_found("account")?;
                // Somebody else may have changed it while this one was verified.
                if account.password_hash.as_ref() != Some(&stored) {
                    return Err(wrong_password());
                }
                account.take_password(hash.clone(), false, now);
                store::update(tx, &account)?;
                let sessions_ended = sessions::store::revoke_all(tx, user, Some(keep), now)?;
                tx.emit(&actor, UserPasswordChanged { user, sessions_ended })
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// The password that is shown is proof enough for an account that has nothing else; one with a second factor has
    /// shown that a short while ago.
    async fn refuse_without_factor(&self, caller: &Caller, user: UserId) -> Result<()> {
        let now = self.clock.now();
        if caller.proved_until.is_some_and(|until| until > now) {
            return Ok(());
        }
        let is_protected = self.db.read(move |conn| factors::store::is_protected(conn, user)).await?;
        if is_protected { Err(Error::new(codes::PROOF_REQUIRED)) } else { Ok(()) }
    }

    async fn find(&self, user: UserId) -> Result<Account> {
        self.db.read(move |conn| store::find(conn, user)?.or_not_found("account")).await
    }
}

fn wrong_password() -> Error {
    Error::invalid_field("currentPassword", PASSWORD_WRONG)
}
