//! `socle user`: accounts, from the machine itself.

use std::process::ExitCode;

use clap::ArgMatches;
use serde_json::json;
use socle_identity::operator::{AccountSummary, NewAccount, Operator, erase_person, export_person};
use socle_kit::config::Values;
use socle_kit::crypto::{PasswordSettings, Passwords};
use socle_kit::kernel::{Clock, Error, MAX_LIMIT, Page, Position, Random, Result, Secret, Trouble, codes};

use super::call::Call;
use crate::ground;
use crate::terminal::{is_interactive, line, progress, read_line};

/// How many accounts are shown when nobody says how many.
const SHOWN: usize = 100;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let Some((name, own)) = call.matches.subcommand() else { return Ok(ExitCode::FAILURE) };
    if name == "list" {
        return list(call, &values, own);
    }
    let (ground, _) = ground::open(&values)?;
    let operator = ground.operator()?;
    let voice = &call.voice;
    let text = |name: &str| own.get_one::<String>(name).cloned();
    let user = || own.try_get_one::<String>("user").ok().flatten().cloned().unwrap_or_default();
    match name {
        "add" => {
            let given = if own.get_flag("password-stdin") { Some(secret(call)?) } else { None };
            let default = values.choice("identity.default_role")?;
            let (made, password) = operator.add_user(NewAccount {
                username: user(),
                email: text("email"),
                name: text("name"),
                role: text("role").unwrap_or_else(|| default.to_owned()),
                password: given,
            })?;
            voice.say(
                "user-added",
                &[("user", made.username.as_str().into()), ("role", made.role.as_str().into())],
            );
            if let Some(password) = password {
                voice.say("user-password", &[("password", password.expose().as_str().into())]);
            }
        }
        "set-password" => {
            let given = if own.get_flag("password-stdin") { Some(secret(call)?) } else { None };
            let user = user();
            let made = operator.set_password(&user, given)?;
            voice.say("user-password-set", &[("user", user.as_str().into())]);
            if let Some(password) = made {
                voice.say("user-password", &[("password", password.expose().as_str().into())]);
            }
        }
        "export-data" => {
            let id = operator.user(&user())?;
            // A reader that has gone away is told like a disk that is full: what was written is not whole.
            export_person(&ground.kit, id, &mut std::io::stdout().lock())?;
            line("");
        }
        "erase" => {
            let user = user();
            let id = operator.user(&user)?;
            if !own.get_flag("yes") {
                return Err(Trouble::new("erase-unconfirmed", format!("{user} was not erased"))
                    .arg("user", user)
                    .into());
            }
            erase_person(&ground.kit, id)?;
            voice.say("user-erased", &[("user", user.as_str().into())]);
        }
        _ => {
            let (user, role) = (user(), text("role").unwrap_or_else(|| "admin".to_owned()));
            operator.promote(&user, &role)?;
            voice.say("user-promoted", &[("user", user.as_str().into()), ("role", role.as_str().into())]);
        }
    }
    ground.kit.db.close();
    Ok(ExitCode::SUCCESS)
}

/// The accounts as a table or as JSON. Only looks: a database that is missing or old stays as it is.
fn list(call: &Call<'_>, values: &Values, own: &ArgMatches) -> Result<ExitCode> {
    let db = ground::open_to_read(values)?;
    let (clock, random) = (Clock::system(), Random::system());
    let passwords = Passwords::new(&PasswordSettings::default(), random.clone())?;
    let operator = Operator::new(&db, &passwords, &clock, &random, values)?;
    let as_json = own.get_flag("json");
    let asked = own.get_one::<usize>("limit").copied();
    // A terminal is for people, who read so far and no further; programs ask for everything.
    let limit = asked.unwrap_or(if as_json { 0 } else { SHOWN });
    let (users, more) = users(&operator, own.get_one::<String>("search").map(String::as_str), limit)?;
    if as_json {
        let entries: Vec<_> = users.iter().map(as_entry).collect();
        line(&serde_json::to_string_pretty(&entries).map_err(Error::internal)?);
    } else {
        if !users.is_empty() {
            print(call, &users);
        }
        let count = i64::try_from(users.len()).unwrap_or(i64::MAX);
        let key = if more { "user-count-first" } else { "user-count" };
        call.voice.say(key, &[("count", count.into())]);
    }
    db.close();
    Ok(ExitCode::SUCCESS)
}

fn as_entry(user: &AccountSummary) -> serde_json::Value {
    json!({
        "id": user.id, "username": user.username, "email": user.email, "name": user.name,
        "role": user.role, "isActive": user.is_active, "createdAt": user.created_at,
    })
}

/// A table with a header, each column as wide as what stands in it.
fn print(call: &Call<'_>, users: &[AccountSummary]) {
    let word = |key: &str| call.voice.text(key, &[]);
    let header = ["user", "email", "name", "role", "state", "since"];
    let mut rows = vec![header.map(|column| word(&format!("user-column-{column}")))];
    rows.extend(users.iter().map(|user| {
        let state = if user.is_active { "user-active" } else { "user-inactive" };
        let since = user.created_at.to_string().chars().take(10).collect();
        let email = user.email.clone().unwrap_or_else(|| "–".to_owned());
        [user.username.clone(), email, user.name.clone(), user.role.clone(), word(state), since]
    }));
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        line(cells.join("  ").trim_end());
    }
}

/// The accounts, `limit` at most (0: all of them), and whether there are more.
fn users(operator: &Operator, search: Option<&str>, limit: usize) -> Result<(Vec<AccountSummary>, bool)> {
    let mut all = Vec::new();
    let mut page = Page { position: Position::After(None), limit: MAX_LIMIT, sort: Vec::new() };
    loop {
        let slice = operator.list_users(search, &page)?;
        all.extend(slice.items);
        if limit > 0 && all.len() > limit {
            all.truncate(limit);
            return Ok((all, true));
        }
        match slice.next_cursor {
            Some(cursor) => page.position = Position::After(Some(cursor)),
            None => return Ok((all, false)),
        }
    }
}

/// One line of standard input: never an argument, which every process of the machine can read.
fn secret(call: &Call<'_>) -> Result<Secret<String>> {
    if is_interactive() {
        progress(&call.voice.text("user-type-password", &[]));
    }
    read_line()
        .filter(|line| !line.is_empty())
        .map(Secret::new)
        .ok_or_else(|| Error::invalid_field("password", codes::REQUIRED))
}
