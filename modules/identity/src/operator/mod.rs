//! What the command line does with accounts and keys. All of it blocks: to be called outside the runtime.

mod keys;

use socle_kit::config::Values;
use socle_kit::contracts::identity::{UserPasswordSet, UserRegistered, UserRoleChanged};
use socle_kit::crypto::Passwords;
use socle_kit::db::{Conn, Db};
use socle_kit::events::Emit;
use socle_kit::kernel::{
    Actor, Clock, Error, FieldError, Ids, OrNotFound, Page, Random, Result, Secret, Slice, Timestamp,
    Trouble, UserId,
};

use socle_identity_core::accounts::model::{Account, Beginning, PreferenceDefaults, folded};
use socle_identity_core::accounts::one_time::one_time_password;
use socle_identity_core::accounts::rules::Rules;
use socle_identity_core::accounts::store;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::UNKNOWN_ROLE;
use socle_identity_core::roles::rules::ensure_an_administrator_remains;
use socle_identity_core::roles::store::{ADMIN, role_exists};
use socle_identity_core::sessions::attempts::Attempts;
use socle_identity_core::{demo, exposure, sessions, signing_key};

pub use keys::{KeyState, KeySummary, SigningKeys};

/// The user name of the first administrator.
const FIRST: &str = "admin";

/// The operator's hand on the accounts: no permission is asked for, the letters say "Socle".
#[derive(Clone)]
pub struct Operator {
    db: Db,
    passwords: Passwords,
    clock: Clock,
    ids: Ids,
    random: Random,
    settings: Values,
    rules: Rules,
    admin_email: String,
    admin_password: Option<Secret<String>>,
    /// What is wrong with the settings of the first administrator.
    refusals: Vec<(&'static str, Trouble)>,
    changes: Changes,
}

pub use socle_identity_access::api_key_troubles;
pub use socle_identity_core::accounts::one_time::OneTimePassword;
pub use socle_identity_directory::operator::{erase_person, export_person};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The user name.
    pub username: String,
    /// The address, if there is one.
    pub email: Option<String>,
    /// The name shown; the user name when there is none.
    pub name: Option<String>,
    /// The role's name.
    pub role: String,
    /// The password; one is made when there is none.
    pub password: Option<Secret<String>>,
}

/// An account, as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSummary {
    /// The identifier.
    pub id: UserId,
    /// The user name.
    pub username: String,
    /// The address.
    pub email: Option<String>,
    /// The name shown.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// May it sign in?
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The administrator that was made because there was none.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// The user name.
    pub username: String,
    /// The address.
    pub email: String,
    /// The password, when it was made here and not set by the operator.
    pub password: Option<OneTimePassword>,
}

impl Operator {
    /// With these handles.
    pub fn new(
        db: &Db,
        passwords: &Passwords,
        clock: &Clock,
        random: &Random,
        settings: &Values,
    ) -> Result<Self> {
        // Accounts made here begin like any other.
        db.attach(PreferenceDefaults::of(settings)?);
        Ok(Self {
            db: db.clone(),
            passwords: passwords.clone(),
            clock: clock.clone(),
            ids: Ids::new(clock.clone(), random.clone()),
            random: random.clone(),
            settings: settings.clone(),
            rules: Rules::of(settings)?,
            admin_email: settings.text("identity.admin_email")?.to_owned(),
            admin_password: settings.secret("identity.admin_password")?,
            refusals: administrator_troubles(settings),
            changes: Changes::of(db)?,
        })
    }

    /// Makes an account; the password, when it was made here.
    pub fn add_user(&self, new: NewAccount) -> Result<(AccountSummary, Option<OneTimePassword>)> {
        let mut wrong: Vec<FieldError> = new.email.as_deref().and_then(Rules::email).into_iter().collect();
        wrong.extend(self.rules.username(&new.username));
        if let Some(password) = &new.password {
            let identities = [Some(new.username.as_str()), new.email.as_deref()];
            let identities: Vec<&str> = identities.into_iter().flatten().collect();
            wrong.extend(self.rules.password("password", password.expose(), &identities));
        }
        if !wrong.is_empty() {
            return Err(Error::invalid(wrong));
        }
        let (password, made) = self.password_or_new(new.password);
        let beginning = Beginning {
            username: new.username,
            email: new.email.filter(|email| !email.is_empty()),
            password_hash: Some(self.passwords.hash_blocking(&password)?),
            password_one_time: made.is_some(),
            name: new.name,
            role: new.role,
            ..Beginning::default()
        };
        let account = Account::new(self.ids.next(), beginning, self.clock.now());
        let written = account.clone();
        self.db.write_blocking(move |tx| {
            require_role(tx, &account.role)?;
            store::insert(tx, &account)?;
            let (username, role) = (account.username.clone(), account.role.clone());
            tx.emit(&Actor::system(), UserRegistered { user: account.id, username, role })
        })?;
        Ok((summary(written), made))
    }

    /// A page of the accounts whose names, address, department or position hold the words.
    pub fn list_users(&self, search: Option<&str>, page: &Page) -> Result<Slice<AccountSummary>> {
        let (search, page) = (search.map(str::to_owned), page.clone());
        let slice = self.db.read_blocking(move |conn| store::page(conn, search.as_deref(), &page))?;
        Ok(slice.map(summary))
    }

    /// Sets the password of an account, found by user name or address, opens its lock and ends its sessions; the
    /// password, when it was made here.
    pub fn set_password(
        &self,
        who: &str,
        password: Option<Secret<String>>,
    ) -> Result<Option<OneTimePassword>> {
        let found = self.find(who)?;
        if let Some(password) = &password {
            let wrong = self.rules.password("password", password.expose(), &found.identities());
            if !wrong.is_empty() {
                return Err(Error::invalid(wrong));
            }
        }
        let (password, made) = self.password_or_new(password);
        let hash = self.passwords.hash_blocking(&password)?;
        let (one_time, now, attempts) = (made.is_some(), self.clock.now(), self.attempts()?);
        self.db.write_blocking(move |tx| {
            let mut account = store::find(tx, found.id)?.or_not_found("account")?;
            account.take_password(hash.clone(), one_time, now);
            store::update(tx, &account)?;
            attempts.forgive(tx, &account, None)?;
            sessions::store::revoke_all(tx, account.id, None, now)?;
            tx.emit(&Actor::system(), UserPasswordSet { user: account.id })
        })?;
        self.changes.note();
        Ok(made)
    }

    /// Gives an account, found by user name or address, another role, and ends its sessions; the role before.
    /// The last administrator stays one (`LAST_ADMINISTRATOR`).
    pub fn promote(&self, who: &str, role: &str) -> Result<String> {
        let (found, role, now) = (self.find(who)?, role.to_lowercase(), self.clock.now());
        let before = self.db.write_blocking(move |tx| {
            require_role(tx, &role)?;
            let mut account = store::find(tx, found.id)?.or_not_found("account")?;
            let before = std::mem::replace(&mut account.role, role.clone());
            if before == role {
                return Ok(before);
            }
            ensure_an_administrator_remains(tx, account.id)?;
            account.touch(now);
            store::update(tx, &account)?;
            sessions::store::revoke_all(tx, account.id, None, now)?;
            let letter = UserRoleChanged { user: account.id, from: before.clone(), to: role.clone() };
            tx.emit(&Actor::system(), letter)?;
            Ok(before)
        })?;
        self.changes.note();
        Ok(before)
    }

    /// Makes the account `admin` when nobody could administer the server; `None` when somebody can. Fails when
    /// another account has its names, and in production when the password set breaks the rule.
    pub fn first_administrator(&self) -> Result<Option<FirstAdministrator>> {
        let administrators = self.db.read_blocking(|conn| store::other_administrators(conn, None))?;
        if administrators > 0 {
            return Ok(None);
        }
        if let Some((_, trouble)) = self.refusals.first() {
            return Err(trouble.clone().into());
        }
        let (password, made) = self.password_or_new(self.admin_password.clone());
        let beginning = Beginning {
            username: FIRST.to_owned(),
            email: Some(self.admin_email.clone()),
            password_hash: Some(self.passwords.hash_blocking(&password)?),
            password_one_time: made.is_some(),
            role: ADMIN.to_owned(),
            ..Beginning::default()
        };
        let account = Account::new(self.ids.next(), beginning, self.clock.now());
        let was_made = self.db.write_blocking(move |tx| {
            // Another node may have started at the same moment.
            if store::other_administrators(tx, None)? > 0 {
                return Ok(false);
            }
            store::insert(tx, &account)?;
            let (username, role) = (account.username.clone(), account.role.clone());
            tx.emit(&Actor::system(), UserRegistered { user: account.id, username, role })?;
            Ok(true)
        })?;
        let first = FirstAdministrator {
            username: FIRST.to_owned(),
            email: self.admin_email.clone(),
            password: made,
        };
        Ok(was_made.then_some(first))
    }

    /// The account with this user name or address.
    pub fn user(&self, who: &str) -> Result<UserId> {
        self.find(who).map(|account| account.id)
    }

    /// Made where it is asked for: it reads the secret that the names of refused sign-ins are kept under.
    fn attempts(&self) -> Result<Attempts> {
        Attempts::of(&self.db, &self.clock, &self.random, &self.settings)
    }

    fn find(&self, who: &str) -> Result<Account> {
        let name = folded(who);
        let found = self.db.read_blocking(move |conn| store::find_by_identifier(conn, &name))?;
        found.ok_or_else(|| {
            Trouble::new("no-account", format!("there is no account {who}")).arg("user", who).into()
        })
    }

    /// The password given, or a new one, which is then also what was made.
    fn password_or_new(&self, given: Option<Secret<String>>) -> (Secret<String>, Option<OneTimePassword>) {
        match given {
            Some(password) => (password, None),
            None => {
                let made = one_time_password(&self.random);
                (made.clone(), Some(made))
            }
        }
    }
}

/// Are there accounts of the demonstration, whose passwords everybody knows? Blocks.
pub fn has_demo_accounts(db: &Db) -> Result<bool> {
    db.read_blocking(demo::store::exist)
}

/// Can others than this machine reach the server? Then weak defaults are refused, and demonstration accounts do not
/// sign in.
pub fn is_exposed(settings: &Values) -> Result<bool> {
    exposure::is_exposed(settings)
}

/// What is wrong with the settings of the first administrator, and which setting it is. What cannot be read is
/// judged elsewhere.
pub fn administrator_troubles(settings: &Values) -> Vec<(&'static str, Trouble)> {
    let mut troubles = Vec::new();
    let email = settings.text("identity.admin_email").unwrap_or_default();
    if settings.text("identity.admin_email").is_ok() && Rules::email(email).is_some() {
        let text = "setting identity.admin_email is not an address";
        troubles.push(("identity.admin_email", Trouble::new("setting-no-email", text)));
    }
    let password = settings.secret("identity.admin_password").ok().flatten();
    if let (Some(password), Ok(rules)) = (password, Rules::of(settings))
        && let Some(wrong) = rules.password("password", password.expose(), &[FIRST, email]).first()
    {
        let text = format!("setting identity.admin_password is too weak: {}", wrong.code.name);
        troubles.push(("identity.admin_password", Trouble::new("setting-weak-password", text)));
    }
    troubles
}

/// What is weak about the signing secret that is set: production refuses it.
pub fn weak_secret(settings: &Values) -> Result<Option<Trouble>> {
    signing_key::weakness_of(settings)
}

fn require_role(conn: &mut Conn, role: &str) -> Result<()> {
    if role_exists(conn, role)? { Ok(()) } else { Err(Error::invalid_field("role", UNKNOWN_ROLE)) }
}

fn summary(account: Account) -> AccountSummary {
    AccountSummary {
        id: account.id,
        username: account.username,
        email: account.email,
        name: account.name,
        role: account.role,
        is_active: account.is_active,
        created_at: account.created_at,
    }
}

#[cfg(test)]
mod tests;
