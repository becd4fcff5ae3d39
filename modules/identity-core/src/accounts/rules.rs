//! What user names, addresses and passwords must be here: pure checks, set by the operator.

use socle_kit::config::Values;
use socle_kit::crypto::{PasswordRule, Weakness};
use socle_kit::kernel::{Error, FieldError, Result};

use crate::errors as codes;

/// The longest password, in characters (ruling: 128 code points).
pub const PASSWORD_MAX: usize = 128;
const USERNAME_MIN: usize = 3;
/// The signs of which R3-228 asks for one.
const SPECIAL: &str = "!@#$%^&*";

/// The rules in force.
#[derive(Debug, Clone)]
pub struct Rules {
    password: PasswordRule,
    upper: bool,
    digit: bool,
    special: bool,
    username_max: usize,
    alphanumeric: bool,
}

impl Rules {
    /// As the settings say; a composition rule that does not exist is refused.
    pub fn of(settings: &Values) -> Result<Self> {
        let required = settings.list("identity.password_require")?;
        let known = ["upper", "digit", "special"];
        if let Some(unknown) = required.iter().find(|word| !known.contains(&word.as_str())) {
            let message =
                format!("identity.password_require holds {unknown:?} (expected: {})", known.join(", "));
            return Err(Error::internal(message));
        }
        let requires = |word: &str| required.iter().any(|required| required == word);
        let count =
            |key: &str| settings.integer(key).map(|count| usize::try_from(count).unwrap_or(PASSWORD_MAX));
        Ok(Self {
            password: PasswordRule { min: count("identity.password_min_length")?, max: PASSWORD_MAX },
            upper: requires("upper"),
            digit: requires("digit"),
            special: requires("special"),
            username_max: count("identity.username_max_length")?,
            alphanumeric: settings.choice("identity.username_pattern")? == "alphanumeric",
        })
    }

    /// All that is wrong with a password; `identities` are the names and addresses of its owner.
    pub fn password(&self, field: &'static str, password: &str, identities: &[&str]) -> Vec<FieldError> {
        let weaknesses = self.password.check(password, identities);
        let mut wrong: Vec<FieldError> =
            weaknesses.iter().map(|weakness| weakness_error(field, weakness)).collect();
        if weaknesses.iter().any(|weakness| matches!(weakness, Weakness::TooLong { .. })) {
            return wrong;
        }
        let composition = [
            (self.upper && !password.chars().any(char::is_uppercase), codes::PASSWORD_NEEDS_UPPER),
            (self.digit && !password.chars().any(|c| c.is_ascii_digit()), codes::PASSWORD_NEEDS_DIGIT),
            (self.special && !password.chars().any(|c| SPECIAL.contains(c)), codes::PASSWORD_NEEDS_SPECIAL),
        ];
        let lacking = composition.into_iter().filter(|(lacks, _)| *lacks);
        wrong.extend(lacking.map(|(_, code)| FieldError::new(field, code)));
        wrong
    }

    /// All that is wrong with a user name (C25).
    pub fn username(&self, username: &str) -> Vec<FieldError> {
        let field = |code| FieldError::new("username", code);
        let length = username.chars().count();
        let mut wrong = Vec::new();
        if length < USERNAME_MIN {
            wrong.push(field(codes::USERNAME_TOO_SHORT).arg("min", number(USERNAME_MIN)));
        }
        if length > self.username_max {
            wrong.push(field(codes::USERNAME_TOO_LONG).arg("max", number(self.username_max)));
        }
        let allowed =
            |c: char| c.is_ascii_alphanumeric() || (!self.alphanumeric && matches!(c, '.' | '_' | '-'));
        let begins_well = username.chars().next().is_none_or(|first| first.is_ascii_alphanumeric());
        if !begins_well || !username.chars().all(allowed) {
            wrong.push(field(codes::USERNAME_BAD_CHARACTERS));
        }
        wrong
    }

    /// What is wrong with an address, if anything (R1-103).
    pub fn email(email: &str) -> Option<FieldError> {
        (!is_email(email)).then(|| FieldError::new("email", codes::EMAIL_INVALID))
    }
}

/// An address as people have them: the unquoted form of RFC 5321, in ASCII, with a domain of several labels (or
/// this machine's).
pub fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    let good_local = (1..=64).contains(&local.len())
        && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
    let good_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let good_domain = (domain == "localhost" || domain.contains('.')) && domain.split('.').all(good_label);
    email.len() <= 254 && good_local && good_domain
}

fn weakness_error(field: &'static str, weakness: &Weakness) -> FieldError {
    match weakness {
        Weakness::TooShort { min } => {
            FieldError::new(field, codes::PASSWORD_TOO_SHORT).arg("min", number(*min))
        }
        Weakness::TooLong { max } => {
            FieldError::new(field, codes::PASSWORD_TOO_LONG).arg("max", number(*max))
        }
        Weakness::Common => FieldError::new(field, codes::PASSWORD_COMMON),
        Weakness::ContainsIdentity => FieldError::new(field, codes::PASSWORD_CONTAINS_IDENTITY),
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            password: PasswordRule { min: 8, max: PASSWORD_MAX },
            upper: false,
            digit: false,
            special: false,
            username_max: 50,
            alphanumeric: false,
        }
    }

    fn codes_of(wrong: &[FieldError]) -> Vec<&'static str> {
        wrong.iter().map(|field| field.code.name).collect()
    }

    #[test]
    fn r1_103_an_address_has_a_local_part_and_a_domain() {
        for good in ["test@example.com", "a+b.c'd@sub.example.org", "admin@localhost", "UPPER@EXAMPLE.ORG"] {
            assert!(is_email(good), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "", "a", "a@", "@b.c", "a@b", "a b@c.d", "a..b@c.d", "a@-b.c", "a@b..c", "é@b.c", "a@b.c\n",
            &long,
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }

    #[test]
    fn c25_a_user_name_begins_with_a_letter_or_digit_and_has_three_to_fifty() {
        assert!(rules().username("marie.martin").is_empty() && rules().username("0_x-y").is_empty());
        assert_eq!(codes_of(&rules().username("ab")), ["USERNAME_TOO_SHORT"]);
        assert_eq!(codes_of(&rules().username(&"a".repeat(51))), ["USERNAME_TOO_LONG"]);
        for bad in [".abc", "a@b", "a b c", "ééé", "_ab"] {
            assert_eq!(codes_of(&rules().username(bad)), ["USERNAME_BAD_CHARACTERS"], "{bad}");
        }
    }

    #[test]
    fn r3_226_alphanumeric_user_names_have_no_signs_at_all() {
        let rules = Rules { alphanumeric: true, ..rules() };
        assert!(rules.username("DJ2000").is_empty());
        assert_eq!(codes_of(&rules.username("dj.2000")), ["USERNAME_BAD_CHARACTERS"]);
    }

    #[test]
    fn r1_105_to_107_and_r3_228_the_composition_asked_for_is_named_at_once() {
        let rules = Rules { upper: true, digit: true, special: true, ..rules() };
        assert_eq!(
            codes_of(&rules.password("password", "vkqzrw", &[])),
            ["PASSWORD_TOO_SHORT", "PASSWORD_NEEDS_UPPER", "PASSWORD_NEEDS_DIGIT", "PASSWORD_NEEDS_SPECIAL"]
        );
        assert!(rules.password("password", "Vkqzrw7!", &[]).is_empty());
    }

    #[test]
    fn a_password_that_is_too_long_is_not_looked_at_further() {
        let rules = Rules { upper: true, ..rules() };
        assert_eq!(codes_of(&rules.password("password", &"a".repeat(129), &[])), ["PASSWORD_TOO_LONG"]);
    }

    #[test]
    fn without_a_composition_rule_a_long_phrase_is_enough() {
        assert!(rules().password("password", "girafe samovar tournevis", &["marie"]).is_empty());
        assert_eq!(codes_of(&rules().password("password", "motdepasse1", &[])), ["PASSWORD_COMMON"]);
        assert_eq!(
            codes_of(&rules().password("password", "zoe.durand", &["zoe.durand"])),
            ["PASSWORD_CONTAINS_IDENTITY"]
        );
    }
}
