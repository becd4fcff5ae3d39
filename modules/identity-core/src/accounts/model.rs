//! An account: the row and its pure rules.

use std::net::IpAddr;

use socle_kit::config::Values;
use socle_kit::crypto::Verification;
use socle_kit::db::Row;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Actor, ActorKind, Id, Line, Result, Timestamp, User, UserId, fold};

/// An account as it is stored.
#[derive(Debug, Clone, Row)]
pub struct Account {
    /// The identifier.
    pub id: UserId,
    /// The user name, as it was written.
    pub username: String,
    /// The user name as names are compared.
    pub username_folded: String,
    /// The address, as it was written.
    pub email: Option<String>,
    /// The address as addresses are compared.
    pub email_folded: Option<String>,
    /// The hash of the password, in PHC form; none for who signs in by other means.
    pub password_hash: Option<String>,
    /// The password was chosen by somebody else, and is to be changed.
    pub password_one_time: bool,
    /// When the password was last changed.
    pub password_changed_at: Option<Timestamp>,
    /// The name shown to others.
    pub name: String,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The name of the role.
    pub role: String,
    /// The address of a picture.
    pub avatar: Option<String>,
    /// The number at the company.
    pub employee_id: Option<String>,
    /// The department at the company.
    pub department: Option<String>,
    /// What one does there.
    pub position: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The language of what one reads.
    pub language: Option<Language>,
    /// May the owner sign in?
    pub is_active: bool,
    /// When the address was proved to be the owner's.
    pub email_verified_at: Option<Timestamp>,
    /// Refused sign-ins in a row, for administrators to see.
    pub failed_attempts: i64,
    /// Until when no sign-in is tried.
    pub locked_until: Option<Timestamp>,
    /// What searches look at, folded.
    pub search_text: String,
    /// The version of the row.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was removed.
    pub deleted_at: Option<Timestamp>,
}

/// What the owner of an account may want by default (R1-34).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Row)]
pub struct Preference {
    /// The account.
    pub user_id: UserId,
    /// Wants to be notified.
    pub notifications: bool,
    /// Wants light letters on dark.
    pub dark_mode: bool,
    /// Minutes to be learned a day.
    pub learning_goal: i64,
    /// The version of the row.
    pub version: i64,
}

/// What accounts begin with here, where an operator has set something else: attached to the database, since accounts
/// are made at several doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreferenceDefaults {
    /// Wants to be notified.
    pub notifications: bool,
    /// Wants light letters on dark.
    pub dark_mode: bool,
    /// Minutes to be learned a day.
    pub learning_goal: i64,
}

impl PreferenceDefaults {
    /// As the settings say.
    pub fn of(settings: &Values) -> Result<Self> {
        Ok(Self {
            notifications: settings.bool("identity.default_notifications")?,
            dark_mode: settings.bool("identity.default_dark_mode")?,
            learning_goal: settings.integer("identity.default_learning_goal")?,
        })
    }
}

impl Preference {
    /// As every account begins (R1-34; the language stands with the account).
    pub const fn beginning(user_id: UserId) -> Self {
        Self { user_id, notifications: true, dark_mode: false, learning_goal: 10, version: 1 }
    }

    /// As an account begins where an operator has set something else.
    pub const fn beginning_with(user_id: UserId, defaults: &PreferenceDefaults) -> Self {
        let PreferenceDefaults { notifications, dark_mode, learning_goal } = *defaults;
        Self { user_id, notifications, dark_mode, learning_goal, version: 1 }
    }
}

/// What is known of an account when it is made.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    /// The user name, as it was written.
    pub username: String,
    /// The address, as it was written.
    pub email: Option<String>,
    /// The hash of the password, in PHC form; none for who signs in by other means.
    pub password_hash: Option<String>,
    /// The password was chosen by somebody else, and is to be changed.
    pub password_one_time: bool,
    /// The name shown to others.
    pub name: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The name of the role.
    pub role: String,
    /// The language of what one reads.
    pub language: Option<Language>,
}

/// The part of an account that its owner may write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name shown to others.
    pub name: Option<Line>,
    /// The first name.
    pub first_name: Option<Line>,
    /// The last name.
    pub last_name: Option<Line>,
    /// The address of a picture.
    pub avatar: Option<String>,
    /// What one does there.
    pub position: Option<Line>,
    /// A telephone number.
    pub phone: Option<Line>,
    /// The language of what one reads.
    pub language: Option<Language>,
}

/// The form in which user names and addresses are compared: one account, however it is spelled.
pub fn folded(identifier: &str) -> String {
    identifier.trim().to_lowercase()
}

impl Account {
    /// A new, active account.
    pub fn new(id: Id<User>, beginning: Beginning, now: Timestamp) -> Self {
        let Beginning {
            username,
            email,
            password_hash,
            password_one_time,
            name,
            first_name,
            last_name,
            role,
            language,
        } = beginning;
        let mut account = Self {
            id,
            username_folded: folded(&username),
            email_folded: email.as_deref().map(folded),
            name: shown_name(name.as_deref(), first_name.as_deref(), last_name.as_deref(), &username),
            password_changed_at: password_hash.is_some().then_some(now),
            username,
            email,
            password_hash,
            password_one_time,
            first_name,
            last_name,
            role,
            avatar: None,
            employee_id: None,
            department: None,
            position: None,
            phone: None,
            language,
            is_active: true,
            email_verified_at: None,
            failed_attempts: 0,
            locked_until: None,
            search_text: String::new(),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        account.searchable_again();
        account
    }

    /// Takes over what the owner wrote.
    pub fn write_profile(&mut self, profile: Profile, now: Timestamp) {
        let Profile { name, first_name, last_name, avatar, position, phone, language } = profile;
        self.name = shown_name(name.as_deref(), first_name.as_deref(), last_name.as_deref(), &self.username);
        self.first_name = filled(first_name);
        self.last_name = filled(last_name);
        self.avatar = avatar;
        self.position = filled(position);
        self.phone = filled(phone);
        self.language = language;
        self.touch(now);
    }

    /// Takes a new password, chosen by the owner or (`one_time`) by somebody else.
    pub fn take_password(&mut self, hash: String, one_time: bool, now: Timestamp) {
        self.password_hash = Some(hash);
        self.password_one_time = one_time;
        self.password_changed_at = Some(now);
        self.touch(now);
    }

    /// Forgets the person: what remains is an identifier for others to refer to, and what stands for a name.
    pub fn forget(&mut self, former: &str, now: Timestamp) {
        let erased = Beginning {
            username: format!("erased-{}", self.id),
            name: Some(former.to_owned()),
            role: "user".to_owned(),
            ..Beginning::default()
        };
        let (version, created_at, removed) = (self.version, self.created_at, self.deleted_at);
        *self = Self::new(self.id, erased, now);
        (self.version, self.created_at) = (version, created_at);
        (self.is_active, self.deleted_at) = (false, Some(removed.unwrap_or(now)));
        self.touch(now);
    }

    /// Another version of the row.
    pub fn touch(&mut self, now: Timestamp) {
        self.searchable_again();
        self.updated_at = now;
        self.version += 1;
    }

    /// The names one signs in with, folded.
    pub fn sign_in_names(&self) -> Vec<String> {
        std::iter::once(self.username_folded.clone()).chain(self.email_folded.clone()).collect()
    }

    /// The account as the one who acts, before anything is known of its permissions.
    pub fn as_actor(&self, address: IpAddr) -> Actor {
        Actor {
            kind: ActorKind::User,
            user: Some(self.id),
            name: self.name.as_str().into(),
            role: self.role.as_str().into(),
            department: self.department.as_deref().map(Into::into),
            address: Some(address),
            ..Actor::anonymous()
        }
    }

    /// The names a password may not lean on.
    pub fn identities(&self) -> Vec<&str> {
        let optional = [self.email.as_deref(), self.first_name.as_deref(), self.last_name.as_deref()];
        [self.username.as_str()].into_iter().chain(optional.into_iter().flatten()).collect()
    }

    /// The name as it is when the owner gives none.
    pub fn built_name(&self) -> String {
        shown_name(None, self.first_name.as_deref(), self.last_name.as_deref(), &self.username)
    }

    /// What is searched follows what was written.
    pub fn searchable_again(&mut self) {
        self.search_text = self.searchable();
    }

    fn searchable(&self) -> String {
        let optional = [
            &self.email,
            &self.first_name,
            &self.last_name,
            &self.department,
            &self.position,
            &self.employee_id,
        ];
        let texts = [&self.name, &self.username].into_iter().chain(optional.into_iter().flatten());
        fold(&texts.map(String::as_str).collect::<Vec<_>>().join(" "))
    }
}

/// The name shown: the one given, else the first and last name, else the user name (C26).
fn shown_name(name: Option<&str>, first: Option<&str>, last: Option<&str>, username: &str) -> String {
    let parts: Vec<&str> = [first, last].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    match name {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ if parts.is_empty() => username.to_owned(),
        _ => parts.join(" "),
    }
}

fn filled(text: Option<Line>) -> Option<String> {
    text.map(Line::into_string).filter(|text| !text.is_empty())
}

/// Is the password right, whatever the age of its hash?
pub const fn is_match(verification: Verification) -> bool {
    matches!(verification, Verification::Match | Verification::MatchButOutdated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<Line> {
        Line::parse(text)
    }

    fn account() -> Account {
        let beginning = Beginning {
            username: "Zoe.D".into(),
            email: Some("Zoe@Example.ORG".into()),
            role: "user".into(),
            ..Beginning::default()
        };
        Account::new(Id::from_u128(1), beginning, Timestamp::EPOCH)
    }

    #[test]
    fn c26_the_name_is_built_from_its_parts_when_it_is_absent() {
        assert_eq!(shown_name(Some("Z"), Some("Zoé"), None, "zoe"), "Z");
        assert_eq!(shown_name(None, Some("Zoé"), Some("Durand"), "zoe"), "Zoé Durand");
        assert_eq!(shown_name(Some(""), None, Some("Durand"), "zoe"), "Durand");
        assert_eq!(shown_name(None, None, Some(""), "zoe"), "zoe");
    }

    #[test]
    fn an_account_is_found_however_its_names_are_spelled() {
        let account = account();
        assert_eq!(
            (account.username_folded.as_str(), account.email_folded.as_deref()),
            ("zoe.d", Some("zoe@example.org"))
        );
        assert_eq!(account.name, "Zoe.D");
    }

    #[test]
    fn a_profile_replaces_what_the_owner_may_write_and_nothing_else() {
        let mut account = account();
        account.department = Some("Achats".into());
        let profile = Profile { first_name: line("Zoé"), phone: line(""), ..Profile::default() };
        account.write_profile(profile, Timestamp::from_seconds(5));
        assert_eq!((account.name.as_str(), account.phone.as_deref(), account.version), ("Zoé", None, 2));
        assert_eq!(account.department.as_deref(), Some("Achats"));
        assert!(account.search_text.contains("zoe") && account.search_text.contains("achats"));
        assert_eq!(account.updated_at, Timestamp::from_seconds(5));
    }

    #[test]
    fn of_somebody_forgotten_the_identifier_remains_and_nothing_that_was_written() {
        let mut account = account();
        account.phone = Some("1".into());
        account.role = "admin".into();
        account.forget("Former member", Timestamp::from_seconds(9));
        assert_eq!((account.id, account.name.as_str()), (Id::from_u128(1), "Former member"));
        assert!(!account.is_active && account.deleted_at.is_some() && account.version == 2);
        assert!(!format!("{account:?}").to_lowercase().contains("zoe"), "{account:?}");
        assert_eq!((account.phone, account.email, account.role.as_str()), (None, None, "user"));
    }

    #[test]
    fn a_password_set_by_another_is_to_be_changed() {
        let mut account = account();
        account.take_password("hash".into(), true, Timestamp::from_seconds(1));
        assert!(account.password_one_time);
        account.take_password("other".into(), false, Timestamp::from_seconds(2));
        assert!(!account.password_one_time && account.version == 3);
    }
}
