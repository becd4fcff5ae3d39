//! `socle user`: accounts, from the machine itself.

use std::process::ExitCode;

use serde_json::json;
use socle_identity::operator::{AccountSummary, NewAccount, Operator};
use socle_kit::kernel::{Error, MAX_LIMIT, Page, Position, Result, Secret, codes};

use super::call::Call;
use crate::ground;
use crate::terminal::{is_interactive, line, progress, read_line};

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let (ground, _) = ground::open(&values)?;
    let operator = ground.operator()?;
    let voice = &call.voice;
    let Some((name, own)) = call.matches.subcommand() else { return Ok(ExitCode::FAILURE) };
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
        "promote" => {
            let (user, role) = (user(), text("role").unwrap_or_else(|| "admin".to_owned()));
            operator.promote(&user, &role)?;
            voice.say("user-promoted", &[("user", user.as_str().into()), ("role", role.as_str().into())]);
        }
        _ => {
            let users = everybody(&operator, text("search").as_deref())?;
            if own.get_flag("json") {
                let entries: Vec<_> = users
                    .iter()
                    .map(|user| {
                        json!({
                            "id": user.id, "username": user.username, "email": user.email, "name": user.name,
                            "role": user.role, "isActive": user.is_active,
                        })
                    })
                    .collect();
                line(&serde_json::to_string_pretty(&entries).map_err(Error::internal)?);
            } else {
                for user in &users {
                    let state = if user.is_active { "" } else { "×" };
                    let email = user.email.as_deref().unwrap_or("–");
                    line(&format!(
                        "{:<24} {:<36} {:<10} {} {state}",
                        user.username, email, user.role, user.name
                    ));
                }
                let count = i64::try_from(users.len()).unwrap_or(i64::MAX);
                voice.say("user-count", &[("count", count.into())]);
            }
        }
    }
    ground.kit.db.close();
    Ok(ExitCode::SUCCESS)
}

/// Every account, page by page: the list is for a terminal or a file, which take what they are given.
fn everybody(operator: &Operator, search: Option<&str>) -> Result<Vec<AccountSummary>> {
    let mut all = Vec::new();
    let mut page = Page { position: Position::After(None), limit: MAX_LIMIT, sort: Vec::new() };
    loop {
        let slice = operator.list_users(search, &page)?;
        all.extend(slice.items);
        match slice.next_cursor {
            Some(cursor) => page.position = Position::After(Some(cursor)),
            None => return Ok(all),
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
