//! `socle mail`: whether mail arrives, and what became of it.

use std::process::ExitCode;
use std::sync::Arc;

use clap::ArgMatches;
use serde_json::json;
use socle_kit::assembly;
use socle_kit::config::Values;
use socle_kit::kernel::{Clock, Error, Ids, Random, Result};
use socle_kit::mail::{Delivered, Mail, Post, Queued, Refusal};

use super::call::Call;
use crate::configuration::{data_dir, enabled};
use crate::ground;
use crate::terminal::{complain, line};

/// How many mails are shown when nobody says how many.
const SHOWN: i64 = 100;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    match call.matches.subcommand() {
        Some(("test", own)) => test(call, &values, own),
        Some(("list", own)) => list(call, &values, own),
        Some(("retry", own)) => retry(call, &values, own),
        _ => Ok(ExitCode::FAILURE),
    }
}

/// Sends one mail at once, as the server would, and says where it went or why not.
fn test(call: &Call<'_>, values: &Values, own: &ArgMatches) -> Result<ExitCode> {
    data_dir(values)?;
    let address = own.get_one::<String>("address").cloned().unwrap_or_default();
    let post = Post::new(values, Arc::new(assembly::catalogue(&enabled(values)?)?))?;
    let mail = Mail::new(address, "", call.voice.language(), "test").link("/");
    let clock = Clock::system();
    let id = Ids::new(clock.clone(), Random::system()).next::<Mail>().to_string();
    match in_runtime(async { post.deliver(&mail, &id, clock.now()).await })? {
        Ok(Delivered::File(path)) => {
            call.voice.say("mail-test-file", &[("path", path.display().to_string().into())]);
            Ok(ExitCode::SUCCESS)
        }
        Ok(Delivered::Server(server)) => {
            call.voice.say("mail-test-sent", &[("server", server.into())]);
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            complain(&call.voice.text("mail-test-failed", &[("reason", refusal.reason.into())]));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Does the mail server answer? For the doctor.
pub(super) fn check(values: &Values) -> Result<(Option<String>, std::result::Result<(), Refusal>)> {
    let post = Post::new(values, Arc::new(assembly::catalogue(&enabled(values)?)?))?;
    let answer = in_runtime(async { post.check().await })?;
    Ok((post.server().map(str::to_owned), answer))
}

fn in_runtime<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(Error::internal)?.block_on(work))
}

/// The queue. Only looks: a database that is missing or old stays as it is.
fn list(call: &Call<'_>, values: &Values, own: &ArgMatches) -> Result<ExitCode> {
    let limit = own.get_one::<i64>("limit").copied().unwrap_or(SHOWN);
    let db = ground::open_to_read(values)?;
    let mails = db.read_blocking(move |conn| Queued::first(conn, limit))?;
    db.close();
    if own.get_flag("json") {
        let entries: Vec<_> = mails.iter().map(as_entry).collect();
        line(&serde_json::to_string_pretty(&entries).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    for mail in &mails {
        let args = [
            ("id", mail.id.as_str().into()),
            ("template", mail.template.as_str().into()),
            ("attempts", mail.attempts.into()),
            ("due", mail.due_at.map(|at| at.to_string()).unwrap_or_default().into()),
            ("dead", mail.dead_at.map(|at| at.to_string()).unwrap_or_default().into()),
            ("reason", mail.last_error.clone().unwrap_or_default().into()),
        ];
        call.voice.say(if mail.dead_at.is_some() { "mail-line-dead" } else { "mail-line-waiting" }, &args);
    }
    call.voice.say("mail-count", &[("count", i64::try_from(mails.len()).unwrap_or(i64::MAX).into())]);
    Ok(ExitCode::SUCCESS)
}

fn as_entry(mail: &Queued) -> serde_json::Value {
    json!({
        "id": mail.id, "template": mail.template, "state": if mail.dead_at.is_some() { "given_up" } else { "waiting" },
        "attempts": mail.attempts, "createdAt": mail.created_at, "dueAt": mail.due_at,
        "givenUpAt": mail.dead_at, "lastError": mail.last_error,
    })
}

/// Makes mails due at once; the servers of this database send them.
fn retry(call: &Call<'_>, values: &Values, own: &ArgMatches) -> Result<ExitCode> {
    let id = own.get_one::<String>("id").cloned();
    let db = ground::open_to_read(values)?;
    let (now, wanted) = (Clock::system().now(), id.clone());
    let count = db.write_blocking(move |tx| match &wanted {
        Some(id) => Queued::retry(tx, id, now).map(u64::from),
        None => Queued::retry_all(tx, now),
    })?;
    db.close();
    match id {
        Some(id) if count == 0 => {
            complain(&call.voice.text("mail-unknown", &[("id", id.into())]));
            Ok(ExitCode::FAILURE)
        }
        _ => {
            call.voice.say("mail-retried", &[("count", i64::try_from(count).unwrap_or(i64::MAX).into())]);
            Ok(ExitCode::SUCCESS)
        }
    }
}
