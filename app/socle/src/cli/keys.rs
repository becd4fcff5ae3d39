//! `socle keys`: the keys of this server, those that sign access tokens and those that seal fields.

use std::process::ExitCode;

use serde_json::json;
use socle_identity::operator::{KeyState, KeySummary, SigningKeys};
use socle_kit::config::Values;
use socle_kit::kernel::{Clock, Error, Random, Result};

use super::call::Call;
use super::fields;
use crate::ground;
use crate::terminal::line;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let Some((name, own)) = call.matches.subcommand() else { return Ok(ExitCode::FAILURE) };
    if name == "rotate" && own.get_flag("fields") {
        return fields::rotate(call, &values);
    }
    if name == "list" {
        return list(call, &values, own.get_flag("json"));
    }
    let (ground, _) = ground::open(&values)?;
    match name {
        "rotate" if own.get_flag("at-once") => {
            let key = ground.signing_keys()?.rotate_at_once()?;
            call.voice.say("keys-replaced", &[("key", key.id.as_str().into())]);
        }
        "rotate" => {
            let key = ground.signing_keys()?.rotate()?;
            let from = key.signs_from.to_string();
            call.voice
                .say("keys-rotated", &[("key", key.id.as_str().into()), ("from", from.as_str().into())]);
        }
        _ => return Ok(ExitCode::FAILURE),
    }
    ground.kit.db.close();
    Ok(ExitCode::SUCCESS)
}

/// The keys there are. Only looks: a database or a key that is missing is not made. The keys that seal are told even
/// where the database does not answer, or has others.
fn list(call: &Call<'_>, values: &Values, as_json: bool) -> Result<ExitCode> {
    let sealer = ground::given_sealer(values, &Random::system())?;
    let signing = signing(values);
    if as_json {
        let signing: Vec<_> = signing?.iter().map(as_entry).collect();
        let entries = json!({"signing": signing, "sealing": fields::names(sealer.as_ref())});
        line(&serde_json::to_string_pretty(&entries).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    for key in signing.iter().flatten() {
        let state = call.voice.text(&format!("keys-state-{}", word(key.state)), &[]);
        line(&format!("{}  {}  {state}", key.id, key.created_at));
    }
    if let Ok(all) = &signing {
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        call.voice.say("keys-count", &[("count", count.into())]);
    }
    fields::list(call, sealer.as_ref());
    signing.map(|_| ExitCode::SUCCESS)
}

/// The keys that sign.
fn signing(values: &Values) -> Result<Vec<KeySummary>> {
    let db = ground::open_to_read(values)?;
    let keys = SigningKeys::list(&db, values, &Clock::system());
    db.close();
    keys
}

fn as_entry(key: &KeySummary) -> serde_json::Value {
    json!({
        "id": key.id, "state": word(key.state), "createdAt": key.created_at, "signsFrom": key.signs_from,
        "verifiesUntil": key.verifies_until,
    })
}

const fn word(state: KeyState) -> &'static str {
    match state {
        KeyState::Announced => "announced",
        KeyState::InForce => "in-force",
        KeyState::Verifying => "verifying",
    }
}
