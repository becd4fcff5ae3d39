//! A factor, recovery codes, mailed codes, challenges: the rows and their pure rules.

use std::time::Duration;

use socle_kit::crypto::TokenHash;
use socle_kit::db::Row;
use socle_kit::kernel::{Id, Random, Secret, Timestamp, UserId, text_enum};

text_enum! {
    /// The sorts of factors that a code is typed for.
    pub enum FactorKind {
        /// An authenticator application (RFC 6238).
        Totp = "totp",
        /// A code by mail.
        Email = "email",
    }
}

text_enum! {
    /// By what one may answer a challenge.
    pub enum Method {
        /// The code of an authenticator application.
        Totp = "totp",
        /// One of the recovery codes.
        Recovery = "recovery",
        /// A code by mail.
        Email = "email",
        /// A passkey.
        Passkey = "passkey",
    }
}

text_enum! {
    /// What a challenge is for.
    pub enum ChallengeKind {
        /// A sign-in of which the password was right.
        SignIn = "sign_in",
        /// A passkey that is being made.
        Registration = "passkey_registration",
        /// A passkey that is to sign in without a password.
        Passwordless = "passkey_sign_in",
        /// A passkey that is to prove anew who one is.
        Proof = "passkey_proof",
    }
}

/// A factor that a code is typed for.
#[derive(Debug, Clone, Row)]
pub struct Factor {
    /// The identifier.
    pub id: Id<Factor>,
    /// The account.
    pub user_id: UserId,
    /// The sort.
    pub kind: FactorKind,
    /// What the owner calls it.
    pub name: String,
    /// The seed of an authenticator application, sealed.
    pub secret: Option<String>,
    /// The step of the last code that was taken.
    pub last_step: i64,
    /// When it was first verified; until then it protects nothing.
    pub confirmed_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// The version of the row.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Factor {
    /// A new one, which protects nothing yet.
    pub fn new(id: Id<Self>, user_id: UserId, kind: FactorKind, name: String, now: Timestamp) -> Self {
        Self {
            id,
            user_id,
            kind,
            name,
            secret: None,
            last_step: 0,
            confirmed_at: None,
            last_used_at: None,
            version: 1,
            created_at: now,
        }
    }

    /// In which context its secret is sealed: it opens in this row alone.
    pub fn context(&self) -> String {
        format!("identity_factor.secret:{}:{}", self.id, self.user_id)
    }

    /// It was used.
    pub fn touch(&mut self, now: Timestamp) {
        self.last_used_at = Some(now);
    }
}

/// A passkey of an account.
#[derive(Debug, Clone, Row)]
pub struct Passkey {
    /// The identifier.
    pub id: Id<Passkey>,
    /// The account.
    pub user_id: UserId,
    /// The authenticator's name for it, in URL-safe base64.
    pub credential_id: String,
    /// The public key and what else is checked of it, as JSON.
    pub credential: String,
    /// What the owner calls it.
    pub name: String,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// The version of the row.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A code for the day on which everything else is lost.
#[derive(Debug, Clone, Row)]
pub struct RecoveryCode {
    /// The identifier.
    pub id: Id<RecoveryCode>,
    /// The account.
    pub user_id: UserId,
    /// The hash by which it is found.
    pub code_hash: TokenHash,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How many recovery codes an account is given at once.
pub const RECOVERY_CODES: usize = 10;
/// Without those that are mistaken for each other.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS: usize = 4;
const GROUP: usize = 4;

/// A new recovery code, as it is written down: some 79 bits, so that a plain hash keeps it.
pub fn recovery_code(random: &Random) -> Secret<String> {
    let bound = u64::try_from(LETTERS.len()).unwrap_or(u64::MAX);
    let letter = || {
        let at = usize::try_from(random.below(bound)).unwrap_or(0);
        char::from(LETTERS.get(at).copied().unwrap_or(b'a'))
    };
    let groups: Vec<String> = (0..GROUPS).map(|_| (0..GROUP).map(|_| letter()).collect()).collect();
    Secret::new(groups.join("-"))
}

/// The hash of a recovery code of this account, however it was typed.
pub fn recovery_hash(user: UserId, code: &str) -> TokenHash {
    TokenHash::of(&format!("recovery code {user} {}", bare(code)))
}

/// What was typed, without what people put between.
fn bare(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a code looks like, which tells what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Six digits: of an authenticator application.
    Totp,
    /// Eight digits: by mail.
    Mailed,
    /// Anything else.
    Recovery,
}

/// What this code looks like, and the code without what people put between.
pub fn shape_of(code: &str) -> (Shape, String) {
    let bare = bare(code);
    let digits = bare.bytes().all(|byte| byte.is_ascii_digit());
    let shape = match bare.len() {
        6 if digits => Shape::Totp,
        8 if digits => Shape::Mailed,
        _ => Shape::Recovery,
    };
    (shape, bare)
}

/// The code that was last mailed to an account.
#[derive(Debug, Clone, Row)]
pub struct MailedCode {
    /// The account.
    pub user_id: UserId,
    /// The keyed hash of the code.
    pub code_hash: String,
    /// How many wrong ones were tried.
    pub attempts: i64,
    /// When it was mailed.
    pub sent_at: Timestamp,
    /// Until when it is taken.
    pub expires_at: Timestamp,
}

/// How long a mailed code is good.
pub const MAILED_LIVES: Duration = Duration::from_secs(10 * 60);
/// Within this time no other is mailed.
pub const MAILED_REST: Duration = Duration::from_secs(60);
/// After so many wrong ones it is worth nothing.
pub const MAILED_TRIES: i64 = 5;

impl MailedCode {
    /// Is it still taken?
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.attempts < MAILED_TRIES && now < self.expires_at
    }
}

/// A new code to be mailed: eight digits.
pub fn mailed_code(random: &Random) -> Secret<String> {
    Secret::new(format!("{:08}", random.below(100_000_000)))
}

/// Something that waits for an answer.
#[derive(Debug, Clone, Row)]
pub struct Challenge {
    /// The identifier.
    pub id: Id<Challenge>,
    /// The hash by which it is found.
    pub token_hash: TokenHash,
    /// What it is for.
    pub kind: ChallengeKind,
    /// Who is to answer; none while nobody has said who they are.
    pub user_id: Option<UserId>,
    /// What refusals are counted under.
    pub counted_as: Option<String>,
    /// What the verification of a passkey needs, as JSON.
    pub state: Option<String>,
    /// How many wrong answers there were.
    pub attempts: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

/// How long a challenge waits.
pub const CHALLENGE_LIVES: Duration = Duration::from_secs(10 * 60);
/// How many wrong answers it bears.
pub const CHALLENGE_TRIES: i64 = 5;
/// How many of one sort wait for one account at most: the oldest make room.
pub const MOST_CHALLENGES: i64 = 5;
/// How many wait on the whole for nobody in particular.
pub const MOST_OPEN_CHALLENGES: i64 = 10_000;
/// How many factors, and how many passkeys, an account may have.
pub const MOST_FACTORS: usize = 10;

impl Challenge {
    /// May it still be answered?
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.attempts < CHALLENGE_TRIES && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_four_groups_and_is_found_however_it_is_typed() {
        let code = recovery_code(&Random::seeded(1));
        let code = code.expose();
        assert_eq!(code.len(), 19);
        assert_eq!(code.split('-').filter(|group| group.len() == 4).count(), 4);
        let user = Id::from_u128(7);
        let typed = format!(" {} ", code.to_uppercase().replace('-', " "));
        assert_eq!(recovery_hash(user, code), recovery_hash(user, &typed));
        assert_ne!(recovery_hash(user, code), recovery_hash(Id::from_u128(8), code));
        assert_eq!(shape_of(code).0, Shape::Recovery);
    }

    #[test]
    fn six_digits_are_of_an_application_and_eight_came_by_mail() {
        assert_eq!(shape_of("123 456"), (Shape::Totp, "123456".to_owned()));
        assert_eq!(shape_of("1234-5678").0, Shape::Mailed);
        assert_eq!(shape_of("1234567").0, Shape::Recovery);
        assert_eq!(mailed_code(&Random::seeded(3)).expose().len(), 8);
    }
}
