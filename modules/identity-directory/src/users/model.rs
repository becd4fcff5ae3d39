//! What is written into an account by somebody else than its owner.

use socle_identity_core::accounts::model::{Account, Beginning, folded};
use socle_kit::kernel::{Id, Line, Timestamp, User};

use super::api::{NewUserInput, UserInput};

impl UserInput {
    /// What is written so far. A name that was built from its parts is left out, so that it follows them.
    pub(crate) fn of(account: &Account) -> Self {
        let line = |text: &Option<String>| text.as_deref().and_then(Line::parse);
        Self {
            username: Line::parse(&account.username).unwrap_or_default(),
            email: line(&account.email),
            name: (account.name != account.built_name()).then(|| Line::parse(&account.name)).flatten(),
            first_name: line(&account.first_name),
            last_name: line(&account.last_name),
            avatar: account.avatar.clone(),
            employee_id: line(&account.employee_id),
            department: line(&account.department),
            position: line(&account.position),
            phone: line(&account.phone),
            language: account.language,
        }
    }

    /// Writes itself into an account. Another address is not proved to be the owner's.
    pub(crate) fn write_to(self, account: &mut Account, now: Timestamp) {
        let email = filled(self.email);
        if email.as_deref().map(folded) != account.email_folded {
            account.email_verified_at = None;
        }
        account.username = self.username.into_string();
        account.username_folded = folded(&account.username);
        account.email_folded = email.as_deref().map(folded);
        account.email = email;
        account.first_name = filled(self.first_name);
        account.last_name = filled(self.last_name);
        account.name = filled(self.name).unwrap_or_else(|| account.built_name());
        account.avatar = self.avatar;
        account.employee_id = filled(self.employee_id);
        account.department = filled(self.department);
        account.position = filled(self.position);
        account.phone = filled(self.phone);
        account.language = self.language;
        account.touch(now);
    }

    /// A new account with this role, whose password is set by somebody else.
    pub(crate) fn into_account(
        self,
        id: Id<User>,
        role: String,
        password: Option<(String, bool)>,
        now: Timestamp,
    ) -> Account {
        let (password_hash, password_one_time) =
            password.map_or((None, false), |(hash, one)| (Some(hash), one));
        let username = self.username.to_string();
        let beginning =
            Beginning { username, password_hash, password_one_time, role, ..Beginning::default() };
        let mut account = Account::new(id, beginning, now);
        self.write_to(&mut account, now);
        account.version = 1;
        account
    }
}

impl From<&NewUserInput> for UserInput {
    fn from(new: &NewUserInput) -> Self {
        Self {
            username: new.username.clone(),
            email: new.email.clone(),
            name: new.name.clone(),
            first_name: new.first_name.clone(),
            last_name: new.last_name.clone(),
            avatar: new.avatar.clone(),
            employee_id: new.employee_id.clone(),
            department: new.department.clone(),
            position: new.position.clone(),
            phone: new.phone.clone(),
            language: new.language,
        }
    }
}

fn filled(text: Option<Line>) -> Option<String> {
    text.map(Line::into_string).filter(|text| !text.is_empty())
}
