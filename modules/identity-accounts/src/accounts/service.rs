//! Accounts: registering, one's own profile, one's own password.

use socle_kit::Kit;
use socle_kit::contracts::identity::{UserPasswordChanged, UserProfileUpdated, UserRegistered};
use socle_kit::crypto::{Passwords, Token};
use socle_kit::db::Db;
use socle_kit::events::Emit;
use socle_kit::http::{Caller, IfMatch, Origin};
use socle_kit::i18n::Language;
use socle_kit::kernel::{
    Actor, Clock, Error, FieldError, Id, Ids, Line, OrNotFound, Random, Result, Secret, UserId, codes,
};

use super::api::{ProfileInput, Registration};
use crate::confirmations::model::{PendingRegistration, WAITS};
use crate::confirmations::service::Confirmations;
use crate::errors::INVITATION_REQUIRED;
use crate::invitations::model::Invitation;
use crate::invitations::service::Invitations;
use crate::requests::model::MailRequest;
use socle_identity_core::accounts::judge::Judge;
use socle_identity_core::accounts::model::{Account, Beginning, folded, is_match};
use socle_identity_core::accounts::rules::Rules;
use socle_identity_core::accounts::store;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::{
    EMAIL_TAKEN, PASSWORD_UNCHANGED, PASSWORD_WRONG, REGISTRATION_CLOSED, USERNAME_TAKEN,
};
use socle_identity_core::sessions::attempts::{Attempt, Attempts};
use socle_identity_core::sessions::service::{Client, Sessions, SignedIn, session_of};
use socle_identity_core::{factors, reader, roles, sessions};

/// What people do with their own accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Accounts {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    passwords: Passwords,
    sessions: Sessions,
    judge: Judge,
    invitations: Invitations,
    confirmations: Confirmations,
    /// `open`, `invitation` or `closed`.
    registration: &'static str,
    /// `off`, `optional` or `required`.
    email_confirmation: &'static str,
    default_role: &'static str,
    attempts: Attempts,
    changes: Changes,
}

/// What became of a registration.
pub(crate) enum Registered {
    /// There is an account, and it is signed in.
    SignedIn(Box<SignedIn>),
    /// There will be one when its address is confirmed; the mail is to be sent aside.
    Waits(Option<Id<MailRequest>>),
}

impl Accounts {
    pub(crate) fn new(kit: &Kit, sessions: Sessions) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            passwords: kit.passwords.clone(),
            sessions,
            judge: Judge::new(kit)?,
            invitations: Invitations::new(kit)?,
            confirmations: Confirmations::new(kit)?,
            registration: kit.settings.choice("identity.registration")?,
            email_confirmation: kit.settings.choice("identity.email_confirmation")?,
            default_role: kit.settings.choice("identity.default_role")?,
            attempts: Attempts::new(kit)?,
            changes: Changes::of(&kit.db)?,
        })
    }

    /// Makes an account and signs it in, unless its address is to be confirmed first (C14). The role is the
    /// profile's, or the invitation's: nobody chooses their own (R1-87).
    pub(crate) async fn register(
        &self,
        registration: Registration,
        language: Language,
        origin: &Origin,
    ) -> Result<Registered> {
        if self.registration == "closed" {
            return Err(Error::new(REGISTRATION_CLOSED));
        }
        let token = registration.invitation.as_ref().filter(|token| !token.expose().is_empty());
        if self.registration == "invitation" && token.is_none() {
            return Err(Error::new(INVITATION_REQUIRED));
        }
        self.check(&registration).await?;
        let invitation = match token {
            Some(token) => Some(self.invitations.look(token, &registration.email).await?),
            None => None,
        };
        if invitation.is_none() && self.email_confirmation == "required" {
            return self.put_down(registration, language, origin).await;
        }
        let signed_in = self.make(registration, invitation, language, origin).await?;
        Ok(Registered::SignedIn(Box::new(signed_in)))
    }

    async fn make(
        &self,
        registration: Registration,
        invitation: Option<Invitation>,
        language: Language,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let Registration { email, username, password, first_name, last_name, session, .. } = registration;
        self.refuse_taken(&email, &username).await?;
        let invited_role = invitation.as_ref().map(|invitation| invitation.role.clone());
        let beginning = Beginning {
            username: username.into_string(),
            email: Some(email.into_string()),
            password_hash: Some(self.passwords.hash(password).await?),
            first_name: filled(first_name),
            last_name: filled(last_name),
            role: invited_role.unwrap_or_else(|| self.default_role.to_owned()),
            language: Some(language),
            ..Beginning::default()
        };
        let now = self.clock.now();
        let mut account = Account::new(self.ids.next(), beginning, now);
        // Whoever has the invitation reads at its address.
        account.email_verified_at = invitation.is_some().then_some(now);
        let asks = invitation.is_none() && self.email_confirmation != "off";
        let (actor, service) = (account.as_actor(origin.address), self.clone());
        let (opening, handout) = self.sessions.opening(account.id, &Client::new(origin, session));
        let (session, user) = (opening.session.id, account.id);
        let write = self.db.write(move |tx| {
            store::insert(tx, &account)?;
            let (username, role) = (account.username.clone(), account.role.clone());
            tx.emit(&actor, UserRegistered { user: account.id, username, role })?;
            if let Some(invitation) = &invitation {
                service.invitations.accept(tx, invitation, &account, &actor)?;
            }
            if asks {
                service.confirmations.ask(tx, &account, language)?;
            }
            service.sessions.open(tx, &opening, &account, &actor)?;
            Ok(account.clone())
        });
        let account = reader::as_reader(user, write).await?;
        self.sessions.signed_in(account, session, handout)
    }

    /// Puts the registration down until its address is confirmed. Whether the address has an account is not looked
    /// at here: the work and the answer are the same. A user name is looked up, since people choose it and others
    /// see it.
    async fn put_down(
        &self,
        registration: Registration,
        language: Language,
        origin: &Origin,
    ) -> Result<Registered> {
        let Registration { email, username, password, first_name, last_name, .. } = registration;
        let name = folded(&username);
        if self.db.read(move |conn| store::username_is_taken(conn, &name)).await? {
            return Err(Error::new(USERNAME_TAKEN));
        }
        let now = self.clock.now();
        // Nobody has this token: the mail brings another one.
        let (_, token_hash) = Token::generate(&self.random);
        let pending = PendingRegistration {
            id: self.ids.next(),
            email_folded: folded(&email),
            email: email.into_string(),
            username: username.into_string(),
            password_hash: self.passwords.hash(password).await?,
            first_name: filled(first_name),
            last_name: filled(last_name),
            language,
            token_hash,
            created_at: now,
            expires_at: now.plus(WAITS),
        };
        Ok(Registered::Waits(self.confirmations.put_down(pending, origin).await?))
    }

    /// Everything that is wrong, at once.
    async fn check(&self, registration: &Registration) -> Result<()> {
        let Registration { email, username, password, first_name, last_name, .. } = registration;
        let optional = [first_name.as_deref(), last_name.as_deref()].into_iter().flatten();
        let identities = [email.as_str(), username.as_str()].into_iter().chain(optional);
        let identities = identities.map(str::to_owned).collect();
        let mut wrong: Vec<FieldError> = Rules::email(email).into_iter().collect();
        wrong.extend(self.judge.rules().username(username));
        wrong.extend(self.judge.wrong("password", password, identities).await?);
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

    /// Changes the caller's password, who shows the present one; every other session ends (C29), and the lock
    /// opens: what was guessed at is no password any more.
    pub(crate) async fn change_password(
        &self,
        caller: &Caller,
        current: Secret<String>,
        new: Secret<String>,
        origin: &Origin,
    ) -> Result<()> {
        let (service, caller, origin) = (self.clone(), caller.clone(), origin.clone());
        // What is counted is seen to its end, whether or not the client waits for it.
        tokio::spawn(async move { service.replace_password(&caller, current, new, &origin).await })
            .await
            .unwrap_or_else(|lost| Err(Error::internal(lost)))
    }

    /// A wrong present password counts like one at sign-in: a stolen session must not guess at it for ever.
    async fn replace_password(
        &self,
        caller: &Caller,
        current: Secret<String>,
        new: Secret<String>,
        origin: &Origin,
    ) -> Result<()> {
        let user = caller.actor.user()?;
        self.refuse_without_factor(caller, user).await?;
        let account = self.find(user).await?;
        let identities = account.identities().into_iter().map(str::to_owned).collect();
        self.judge.check("newPassword", &new, identities).await?;
        let stored = account.password_hash.clone().ok_or_else(wrong_password)?;
        let attempt = self.attempts.begin(account.username_folded.clone()).await?;
        match self.verify_and_write(caller, &attempt, stored, current, new).await {
            Ok(true) => {
                self.changes.note();
                Ok(())
            }
            Ok(false) => {
                self.attempts.refuse(&attempt, origin).await?;
                Err(wrong_password())
            }
            Err(error) => Err(self.attempts.give_back(&attempt, error).await),
        }
    }

    /// Was the present password the one that is stored, and is it still?
    async fn verify_and_write(
        &self,
        caller: &Caller,
        attempt: &Attempt,
        stored: String,
        current: Secret<String>,
        new: Secret<String>,
    ) -> Result<bool> {
        if !is_match(self.passwords.verify(current.clone(), stored.clone()).await?) {
            return Ok(false);
        }
        if current.expose() == new.expose() {
            return Err(Error::invalid_field("newPassword", PASSWORD_UNCHANGED));
        }
        let hash = self.passwords.hash(new).await?;
        let (user, keep, now) = (caller.actor.user()?, session_of(caller)?, self.clock.now());
        let (actor, attempts, key) = (caller.actor.clone(), self.attempts.clone(), attempt.key.clone());
        self.db
            .write(move |tx| {
                let mut account = store::find(tx, user)?.or_not_found("account")?;
                // Somebody else may have changed it while this one was verified.
                if account.password_hash.as_ref() != Some(&stored) {
                    return Ok(false);
                }
                account.take_password(hash.clone(), false, now);
                store::update(tx, &account)?;
                attempts.forgive(tx, &account, Some(&key))?;
                let sessions_ended = sessions::store::revoke_all(tx, user, Some(keep), now)?;
                tx.emit(&actor, UserPasswordChanged { user, sessions_ended })?;
                Ok(true)
            })
            .await
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

fn filled(text: Option<Line>) -> Option<String> {
    text.map(Line::into_string).filter(|text| !text.is_empty())
}

fn wrong_password() -> Error {
    Error::invalid_field("currentPassword", PASSWORD_WRONG)
}
