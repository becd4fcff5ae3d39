//! Taking a table of accounts in: all that is wrong with any line is said at once, as far as anybody reads, and then
//! nothing is written.

use std::collections::{BTreeSet, HashMap};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value};
use socle_identity_core::accounts::model::{Account, folded};
use socle_identity_core::accounts::rules::PASSWORD_MAX;
use socle_identity_core::errors::{EMAIL_TAKEN, PASSWORD_TOO_LONG, USERNAME_TAKEN};
use socle_kit::http::check_value;
use socle_kit::kernel::Secret;
use socle_kit::prelude::*;

use super::api::{ImportView, ImportedView, UserInput};
use super::columns::{MOST_COLUMNS, delimiter, field_of, known};
use super::rights::require_role;
use super::service::{Users, insert};
use super::store;
use crate::errors::{EMPLOYEE_ID_TAKEN, NOT_A_HASH, STANDS_TWICE, UNKNOWN_COLUMN, WRONG_CELLS};

/// How many passwords are hashed at once: an import must leave room for those who sign in.
const AT_ONCE: usize = 2;
/// So many mistakes are told: more are not read, and each of them costs more than the cell that holds it.
const MOST_TOLD: usize = 50;
/// So much of the name of a column is repeated.
const LONGEST_COLUMN: usize = 50;

/// What is wrong on a line.
type Mistake = (u64, FieldError);

/// A line that reads well.
#[derive(Clone)]
struct Line {
    number: u64,
    input: UserInput,
    role: String,
    password: Option<Password>,
}

/// The password of a line.
#[derive(Clone)]
enum Password {
    /// In plain text: hashed here (R4-89), and to be changed, since it stood in a file.
    Plain(Secret<String>),
    /// As another system, or this one, has hashed it.
    Hashed(String),
}

/// What a line is found by when two must not have the same.
type Unique = fn(&Line) -> Option<String>;

/// Which of these texts an account has already.
type Taken = fn(&mut Conn, &[String]) -> Result<Vec<String>>;

const UNIQUE: [(&str, Unique); 3] = [
    ("username", |line| Some(folded(&line.input.username))),
    ("email", |line| line.input.email.as_deref().map(folded)),
    ("employeeId", |line| line.input.employee_id.as_ref().map(ToString::to_string)),
];

impl Users {
    /// Takes a table in, or only says what would come of it.
    pub(crate) async fn import(&self, actor: &Actor, text: String, is_dry_run: bool) -> Result<ImportView> {
        // A table is long: those who are served by this thread do not wait until it is read.
        let users = self.clone();
        let read = tokio::task::spawn_blocking(move || users.read(&text));
        let (lines, mut wrong) = read.await.map_err(Error::internal)??;
        let (by, checked) = (actor.clone(), lines.clone());
        let taken = self.db.read_long(move |conn| against_the_database(conn, &by, &checked)).await?;
        wrong.extend(taken);
        if !wrong.is_empty() {
            wrong.sort_by_key(|(number, _)| *number);
            wrong.truncate(MOST_TOLD);
            return Err(Error::invalid(wrong.into_iter().map(|(_, field)| field).collect()));
        }
        let users: Vec<ImportedView> = lines.iter().map(view).collect();
        if !is_dry_run {
            let accounts = self.accounts(lines).await?;
            let actor = actor.clone();
            self.db
                .write(move |tx| {
                    // The role may have been taken away, or have grown, while the passwords were hashed.
                    let roles: BTreeSet<&str> =
                        accounts.iter().map(|account| account.role.as_str()).collect();
                    roles.into_iter().try_for_each(|role| require_role(tx, &actor, role))?;
                    accounts.iter().try_for_each(|account| insert(tx, &actor, account))
                })
                .await?;
        }
        Ok(ImportView { is_dry_run, created: users.len(), users })
    }

    /// The lines that read well, and what is wrong with the others.
    fn read(&self, text: &str) -> Result<(Vec<Line>, Vec<Mistake>)> {
        let (mut lines, mut wrong) = (Vec::new(), Vec::new());
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(text))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(unreadable)?.clone();
        let fields = header_fields(&header)?;
        let mut numbers = LineNumbers { text, byte: 0, number: 1 };
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let number = numbers.of(&record);
            if record.iter().all(str::is_empty) {
                continue;
            }
            if lines.len() + wrong.len() >= self.import_rows {
                let most = i64::try_from(self.import_rows).unwrap_or(i64::MAX);
                let field = FieldError::new(path(number, ""), codes::TOO_MANY).arg("max", most);
                return Err(Error::invalid(vec![field]));
            }
            match self.line(number, &fields, &record) {
                Ok(line) => lines.push(line),
                Err(fields) => wrong.extend(fields.into_iter().map(|field| (number, field))),
            }
            if wrong.len() >= MOST_TOLD {
                break;
            }
        }
        if lines.is_empty() && wrong.is_empty() {
            return Err(Error::invalid_field("", codes::REQUIRED));
        }
        stands_twice(&lines, &mut wrong);
        Ok((lines, wrong))
    }

    fn line(
        &self,
        number: u64,
        fields: &[&'static str],
        record: &csv::StringRecord,
    ) -> Result<Line, Vec<FieldError>> {
        if record.len() != fields.len() {
            let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
            let field = FieldError::new(path(number, ""), WRONG_CELLS);
            return Err(vec![field.arg("expected", count(fields.len())).arg("found", count(record.len()))]);
        }
        let cells = fields.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        let mut cells: HashMap<&str, &str> = cells.map(|(field, cell)| (*field, cell)).collect();
        let mut wrong = Vec::new();
        let password = self.password(cells.remove("password"), cells.remove("passwordHash"), &mut wrong);
        let role = cells.remove("role").map_or_else(|| self.default_role.to_owned(), str::to_lowercase);
        let value: Map<String, Value> =
            cells.into_iter().map(|(field, cell)| (field.to_owned(), cell.into())).collect();
        let input = check_value::<UserInput>(Value::Object(value));
        match &input {
            Ok(input) => wrong.extend(self.problems(input)),
            Err(error) => wrong.extend(error.fields().iter().cloned()),
        }
        match input {
            Ok(input) if wrong.is_empty() => Ok(Line { number, input, role, password }),
            _ => Err(wrong.into_iter().map(|field| at(number, field)).collect()),
        }
    }

    /// A cell for passwords may hold hashes too: that is how other systems write their tables out.
    fn password(
        &self,
        plain: Option<&str>,
        hashed: Option<&str>,
        wrong: &mut Vec<FieldError>,
    ) -> Option<Password> {
        if let Some(hash) = hashed {
            if !self.passwords.is_hash(hash) {
                wrong.push(FieldError::new("passwordHash", NOT_A_HASH));
            }
            return Some(Password::Hashed(hash.to_owned()));
        }
        let plain = plain?;
        if self.passwords.is_hash(plain) {
            return Some(Password::Hashed(plain.to_owned()));
        }
        if plain.chars().count() > PASSWORD_MAX {
            let max = i64::try_from(PASSWORD_MAX).unwrap_or(i64::MAX);
            wrong.push(FieldError::new("password", PASSWORD_TOO_LONG).arg("max", max));
        }
        Some(Password::Plain(Secret::new(plain.to_owned())))
    }

    /// The accounts of these lines, their passwords hashed.
    async fn accounts(&self, lines: Vec<Line>) -> Result<Vec<Account>> {
        let now = self.clock.now();
        let hashed = stream::iter(lines).map(|line| async move {
            let password = match line.password {
                Some(Password::Plain(password)) => Some((self.passwords.hash(password).await?, true)),
                Some(Password::Hashed(hash)) => Some((hash, false)),
                None => None,
            };
            Ok::<_, Error>(line.input.into_account(self.ids.next(), line.role, password, now))
        });
        hashed.buffered(AT_ONCE).try_collect().await
    }
}

/// Counts lines as people do: the reader counts those that are empty to the record after them.
struct LineNumbers<'a> {
    text: &'a str,
    byte: usize,
    number: u64,
}

impl LineNumbers<'_> {
    /// The line on which a record begins; records are asked for in their order.
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let begins = record.position().map_or(0, csv::Position::byte);
        let begins = usize::try_from(begins).unwrap_or(usize::MAX);
        let before = self.text.get(self.byte..begins).unwrap_or_default();
        let after = self.text.get(begins..).unwrap_or_default();
        let empty = after.len() - after.trim_start_matches(['\r', '\n']).len();
        let passed = before.bytes().chain(after.bytes().take(empty));
        self.number += passed.filter(|byte| *byte == b'\n').map(|_| 1).sum::<u64>();
        self.byte = begins.saturating_add(empty);
        self.number
    }
}

/// The fields that the header names; all that is wrong with it, at once.
fn header_fields(header: &csv::StringRecord) -> Result<Vec<&'static str>> {
    if header.len() > MOST_COLUMNS {
        let most = i64::try_from(MOST_COLUMNS).unwrap_or(i64::MAX);
        return Err(Error::invalid(vec![FieldError::new(path(1, ""), codes::TOO_MANY).arg("max", most)]));
    }
    let (mut fields, mut wrong) = (Vec::new(), Vec::new());
    for name in header {
        match field_of(name) {
            None => {
                let name: String = name.chars().take(LONGEST_COLUMN).collect();
                wrong.push(FieldError::new(path(1, &name), UNKNOWN_COLUMN).arg("known", known()));
            }
            Some(field) if fields.contains(&field) => {
                wrong.push(FieldError::new(path(1, field), codes::DUPLICATE_FIELD));
            }
            Some(field) => fields.push(field),
        }
    }
    if !fields.contains(&"username") {
        wrong.push(FieldError::new(path(1, "username"), codes::REQUIRED));
    }
    if wrong.is_empty() { Ok(fields) } else { Err(Error::invalid(wrong)) }
}

/// What stands on two lines and may stand on one.
fn stands_twice(lines: &[Line], wrong: &mut Vec<Mistake>) {
    for (field, unique) in UNIQUE {
        let mut seen: HashMap<String, u64> = HashMap::new();
        for line in lines {
            let Some(text) = unique(line) else { continue };
            if let Some(first) = seen.get(&text) {
                let first = i64::try_from(*first).unwrap_or(i64::MAX);
                let error = FieldError::new(path(line.number, field), STANDS_TWICE).arg("line", first);
                wrong.push((line.number, error));
            } else {
                seen.insert(text, line.number);
            }
        }
    }
}

/// What the accounts and the roles there are have against these lines: a question for each sort of thing, not one for
/// each line.
fn against_the_database(conn: &mut Conn, actor: &Actor, lines: &[Line]) -> Result<Vec<Mistake>> {
    let mut wrong = Vec::new();
    let asked: [(Taken, Code); 3] = [
        (store::taken_usernames, USERNAME_TAKEN),
        (store::taken_emails, EMAIL_TAKEN),
        (store::taken_employee_ids, EMPLOYEE_ID_TAKEN),
    ];
    for ((field, unique), (taken, code)) in UNIQUE.into_iter().zip(asked) {
        let texts: Vec<String> = lines.iter().filter_map(unique).collect();
        let taken: BTreeSet<String> = taken(conn, &texts)?.into_iter().collect();
        for line in lines.iter().filter(|line| unique(line).is_some_and(|text| taken.contains(&text))) {
            wrong.push((line.number, FieldError::new(path(line.number, field), code)));
        }
    }
    let mut roles: HashMap<&str, Option<Code>> = HashMap::new();
    for line in lines {
        if !roles.contains_key(line.role.as_str()) {
            let refused = match require_role(conn, actor, &line.role) {
                Ok(()) => None,
                Err(error) => Some(error.fields().first().map_or(error.code(), |field| field.code)),
            };
            roles.insert(&line.role, refused);
        }
        if let Some(Some(code)) = roles.get(line.role.as_str()) {
            wrong.push((line.number, FieldError::new(path(line.number, "role"), *code)));
        }
    }
    Ok(wrong)
}

/// A field of a line of the file: `lines[12].email`.
fn path(number: u64, field: &str) -> String {
    if field.is_empty() { format!("lines[{number}]") } else { format!("lines[{number}].{field}") }
}

fn at(number: u64, field: FieldError) -> FieldError {
    FieldError { path: path(number, &field.path), ..field }
}

fn unreadable(error: csv::Error) -> Error {
    let number = error.position().map_or(0, csv::Position::line);
    let field = FieldError::new(path(number, ""), codes::BAD_FORMAT).arg("format", "CSV");
    Error::invalid(vec![field]).because(error)
}

fn view(line: &Line) -> ImportedView {
    ImportedView {
        line: line.number,
        username: line.input.username.to_string(),
        email: line.input.email.as_ref().map(ToString::to_string),
        role: line.role.clone(),
        has_password: line.password.is_some(),
    }
}
