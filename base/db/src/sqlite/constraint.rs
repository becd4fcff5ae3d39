//! Names for violated constraints where SQLite gives none, by PostgreSQL's rules.

use rusqlite::{Connection, OptionalExtension, ffi, params};
use socle_kernel::Value;

use crate::constraint::{ConstraintKind, ConstraintViolation};
use crate::params::Params;
use crate::sqlite::value::Bound;

/// The violation that a failed statement tells of; `None` when it failed for another reason.
///
/// This is the path of an error: it may ask the database a few questions.
pub(crate) fn violation(
    connection: &Connection,
    extended_code: i32,
    message: &str,
    sql: &str,
    params: Params<'_>,
) -> Option<ConstraintViolation> {
    let told = message.split_once(" constraint failed: ").map_or("", |(_, told)| told);
    let (kind, name) = match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE => (ConstraintKind::Unique, unique_name(told)),
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            let table = told.split('.').next().unwrap_or_default();
            (ConstraintKind::Unique, format!("{table}_pkey"))
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            (ConstraintKind::NotNull, format!("{}_not_null", told.replace('.', "_")))
        }
        ffi::SQLITE_CONSTRAINT_CHECK => (ConstraintKind::Check, check_name(connection, told, sql)),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => {
            (ConstraintKind::ForeignKey, foreign_key_name(connection, sql, params).unwrap_or_default())
        }
        _ => return None,
    };
    Some(ConstraintViolation { kind, name })
}

/// `t.a, t.b` → `t_a_b_key`; `index 'name'` → `name`.
fn unique_name(told: &str) -> String {
    if let Some(index) = told.strip_prefix("index ") {
        return index.trim_matches('\'').to_owned();
    }
    let mut columns = told.split(", ");
    let mut name = columns.next().unwrap_or_default().replace('.', "_");
    for column in columns {
        name.push('_');
        name.push_str(column.rsplit('.').next().unwrap_or_default());
    }
    name.push_str("_key");
    name
}

/// The name a check has, or the one PostgreSQL would give it: of the table, and of the column when its
/// expression speaks of only one.
fn check_name(connection: &Connection, told: &str, sql: &str) -> String {
    if !told.is_empty() && told.chars().all(is_word) {
        return told.to_owned();
    }
    let Some((_, table)) = target(sql) else { return told.to_owned() };
    let columns = names(connection, "SELECT name FROM pragma_table_info(?1)", table);
    let mut spoken_of: Vec<&str> =
        told.split(|c| !is_word(c)).filter(|word| columns.iter().any(|column| column == word)).collect();
    spoken_of.sort_unstable();
    spoken_of.dedup();
    match spoken_of.as_slice() {
        [column] => format!("{table}_{column}_check"),
        _ => format!("{table}_check"),
    }
}

/// Which foreign key a plain INSERT, UPDATE or DELETE by key broke; `None` for anything else.
fn foreign_key_name(connection: &Connection, sql: &str, params: Params<'_>) -> Option<String> {
    let (verb, table) = target(sql)?;
    let values: Vec<Value> =
        params.values().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
    if verb.eq_ignore_ascii_case("DELETE") {
        return referring(connection, table, values.first()?);
    }
    let columns = written_columns(sql);
    let keys = foreign_keys(connection, table);
    keys.into_iter().find_map(|key| {
        let value = values.get(columns.iter().position(|column| *column == key.column)?)?;
        let is_missing = *value != Value::Null && !holds(connection, &key.parent, &key.parent_column, value);
        is_missing.then(|| format!("{table}_{}_fkey", key.column))
    })
}

/// The columns a text built by `insert` or `update` writes, in the order of its values.
fn written_columns(sql: &str) -> Vec<&str> {
    let list = match (sql.split_once('('), sql.split_once(" SET ")) {
        (_, Some((_, list))) => list.split(" WHERE ").next().unwrap_or_default(),
        (Some((_, list)), None) => list.split(')').next().unwrap_or_default(),
        (None, None) => "",
    };
    list.split(',').map(|item| item.split('=').next().unwrap_or_default().trim()).collect()
}

/// The first table whose rows point at the row of `table` with this key and would not follow it.
fn referring(connection: &Connection, table: &str, id: &Value) -> Option<String> {
    let tables = names(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> ?1", "");
    tables.into_iter().find_map(|child| {
        foreign_keys(connection, &child)
            .into_iter()
            .filter(|key| key.parent == table && matches!(key.on_delete.as_str(), "NO ACTION" | "RESTRICT"))
            .find(|key| holds(connection, &child, &key.column, id))
            .map(|key| format!("{child}_{}_fkey", key.column))
    })
}

struct ForeignKey {
    column: String,
    parent: String,
    parent_column: String,
    on_delete: String,
}

fn foreign_keys(connection: &Connection, table: &str) -> Vec<ForeignKey> {
    const SQL: &str =
        "SELECT \"from\", \"table\", COALESCE(\"to\", 'id'), on_delete FROM pragma_foreign_key_list(?1)";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(ForeignKey {
            column: row.get(0)?,
            parent: row.get(1)?,
            parent_column: row.get(2)?,
            on_delete: row.get(3)?,
        })
    };
    let found =
        connection.prepare(SQL).and_then(|mut statement| statement.query_map([table], read)?.collect());
    found.unwrap_or_default()
}

fn names(connection: &Connection, sql: &str, table: &str) -> Vec<String> {
    let found = connection
        .prepare(sql)
        .and_then(|mut statement| statement.query_map([table], |row| row.get(0))?.collect());
    found.unwrap_or_default()
}

/// Is there a row of `table` whose `column` has this value? The names come from the schema itself.
fn holds(connection: &Connection, table: &str, column: &str, value: &Value) -> bool {
    let sql = format!("SELECT 1 FROM \"{table}\" WHERE \"{column}\" = ?1 LIMIT 1");
    let found = connection.query_row(&sql, params![Bound(value)], |_| Ok(())).optional();
    matches!(found, Ok(Some(())))
}

/// The verb and the table of a statement that writes.
fn target(sql: &str) -> Option<(&str, &str)> {
    let mut words = sql.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    let verb = words.next()?;
    let table = match verb.to_ascii_uppercase().as_str() {
        "INSERT" => words.find(|word| word.eq_ignore_ascii_case("INTO")).and_then(|_| words.next()),
        "DELETE" => words.find(|word| word.eq_ignore_ascii_case("FROM")).and_then(|_| words.next()),
        "UPDATE" => words.next(),
        _ => None,
    }?;
    Some((verb, table))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_unique_key_make_its_name() {
        assert_eq!(unique_name("user.email"), "user_email_key");
        assert_eq!(unique_name("user.email, user.realm"), "user_email_realm_key");
        assert_eq!(unique_name("index 'user_lower_email'"), "user_lower_email");
    }

    #[test]
    fn the_target_of_a_statement_is_its_table() {
        assert_eq!(target("INSERT OR IGNORE INTO a_b (c) VALUES (1)"), Some(("INSERT", "a_b")));
        assert_eq!(target("  update a_b SET c = 1"), Some(("update", "a_b")));
        assert_eq!(target("DELETE FROM a_b"), Some(("DELETE", "a_b")));
        assert_eq!(target("SELECT 1 FROM a_b"), None);
    }

    #[test]
    fn written_columns_stand_in_the_order_of_their_values() {
        assert_eq!(written_columns("INSERT INTO t (a, b) VALUES (?1, ?2)"), ["a", "b"]);
        assert_eq!(written_columns("UPDATE t SET a = ?1, b = ?2 WHERE id = ?3"), ["a", "b"]);
    }
}
