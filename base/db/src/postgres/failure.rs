//! What PostgreSQL's errors mean.

use std::error::Error as StdError;

use postgres::config::{Config, Host};
use postgres::error::{DbError, SqlState};
use socle_kernel::{Error, Trouble, codes};

use crate::constraint::{ConstraintKind, ConstraintViolation};
use crate::failure::{Failure, Poison, StatementError, unavailable};

/// The failure that an error of the driver is.
pub(crate) fn failure(error: postgres::Error, sql: &str) -> Failure {
    let poison = poison(&error);
    let violation = error.as_db_error().and_then(violation);
    let state = error.code().cloned();
    let described = StatementError::new(sql, state.as_ref().map(|state| state.code().to_owned()), error);
    let error = match (poison, violation, state) {
        (Poison::Lost | Poison::Serialization | Poison::StalePlan, ..) => unavailable(described),
        (Poison::Statement, Some(violation), _) => violation.into_error(),
        (Poison::Statement, None, Some(SqlState::QUERY_CANCELED)) => {
            Error::new(codes::REQUEST_TIMEOUT).because(described)
        }
        (Poison::Statement, None, _) => Error::internal(described),
    };
    Failure { error, poison }
}

/// Why no connection could be opened, without the password that the configuration holds.
pub(crate) fn not_reached(error: &postgres::Error, config: &Config) -> Trouble {
    let mut reason = error.to_string();
    let (mut cause, mut io) = (error.source(), None);
    while let Some(deeper) = cause {
        reason.push_str(&format!(": {deeper}"));
        io = io.or_else(|| deeper.downcast_ref::<std::io::Error>());
        cause = deeper.source();
    }
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let server = format!("{}:{port}", hosts.join(","));
    let text = format!("the PostgreSQL server {server} cannot be used: {reason}");
    let user = config.get_user().unwrap_or_default();
    let trouble = match error.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            Trouble::new("database-login", text).arg("user", user)
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => {
            Trouble::new("database-unknown", text).arg("name", config.get_dbname().unwrap_or(user))
        }
        _ => Trouble::new("database-away", text),
    };
    let trouble = trouble.arg("server", server);
    match io {
        Some(io) => trouble.io(io),
        None => trouble.arg("reason", reason),
    }
}

fn poison(error: &postgres::Error) -> Poison {
    let Some(told) = error.as_db_error() else {
        let is_io = error.source().is_some_and(<dyn StdError>::is::<std::io::Error>);
        return if error.is_closed() || is_io { Poison::Lost } else { Poison::Statement };
    };
    match *told.code() {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Poison::Serialization,
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Poison::Lost,
        // The code alone says "not supported"; the routine tells which.
        SqlState::FEATURE_NOT_SUPPORTED if told.routine() == Some("RevalidateCachedQuery") => {
            Poison::StalePlan
        }
        _ => Poison::Statement,
    }
}

fn violation(told: &DbError) -> Option<ConstraintViolation> {
    let kind = match *told.code() {
        SqlState::UNIQUE_VIOLATION => ConstraintKind::Unique,
        SqlState::FOREIGN_KEY_VIOLATION => ConstraintKind::ForeignKey,
        SqlState::CHECK_VIOLATION => ConstraintKind::Check,
        SqlState::NOT_NULL_VIOLATION => ConstraintKind::NotNull,
        _ => return None,
    };
    let given = told.constraint().unwrap_or_default();
    let table = told.table().unwrap_or_default();
    let name = match kind {
        ConstraintKind::NotNull => format!("{table}_{}_not_null", told.column().unwrap_or_default()),
        ConstraintKind::Unique if !given.ends_with("_pkey") => {
            told.detail().and_then(|detail| unique_name(table, detail)).unwrap_or_else(|| given.to_owned())
        }
        _ => given.to_owned(),
    };
    Some(ConstraintViolation { kind, name })
}

/// `Key (a, b)=(1, 2) already exists.` → `table_a_b_key`, whatever the server's language; `None` for an index
/// on an expression, which has only the name it was given.
fn unique_name(table: &str, detail: &str) -> Option<String> {
    let (_, columns) = detail.split_once('(')?;
    let (columns, _) = columns.split_once(")=(")?;
    let columns: Vec<&str> = columns.split(", ").map(|column| column.trim_matches('"')).collect();
    let is_plain = |column: &&str| column.chars().all(|c| c.is_alphanumeric() || c == '_');
    columns.iter().all(is_plain).then(|| format!("{table}_{}_key", columns.join("_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_unique_key_make_its_name_in_every_language() {
        let name = |detail| unique_name("user", detail);
        assert_eq!(
            name("Key (email, realm)=(a, (b)=(c) already exists."),
            Some("user_email_realm_key".into())
        );
        assert_eq!(name("La clé « (email)=(x) » existe déjà."), Some("user_email_key".into()));
        assert_eq!(name("Key (lower(email))=(x) already exists."), None);
    }
}
