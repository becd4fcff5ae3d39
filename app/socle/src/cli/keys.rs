//! `socle keys`: the keys of this server, those that sign access tokens and those that seal fields.

use std::process::ExitCode;

use serde_json::json;
use socle_identity::operator::{KeyState, KeySummary, SigningKeys};
use socle_kit::kernel::{Error, Result};

use super::call::Call;
use super::fields;
use crate::ground::{self, Ground};
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
        _ => list(call, &ground, own.get_flag("json"), SigningKeys::are_used(&values)?)?,
    }
    ground.kit.db.close();
    Ok(ExitCode::SUCCESS)
}

/// Shows the keys that sign, of which there are none where a secret signs, and those that seal.
fn list(call: &Call<'_>, ground: &Ground, is_json: bool, signs_with_keys: bool) -> Result<()> {
    let signing = if signs_with_keys { ground.signing_keys()?.list()? } else { Vec::new() };
    if is_json {
        let signing: Vec<_> = signing.iter().map(as_entry).collect();
        let entries = json!({"signing": signing, "sealing": fields::names(&ground.kit.sealer)});
        line(&serde_json::to_string_pretty(&entries).map_err(Error::internal)?);
        return Ok(());
    }
    for key in &signing {
        let state = call.voice.text(&format!("keys-state-{}", word(key.state)), &[]);
        line(&format!("{}  {}  {state}", key.id, key.created_at));
    }
    let count = i64::try_from(signing.len()).unwrap_or(i64::MAX);
    call.voice.say("keys-count", &[("count", count.into())]);
    fields::list(call, &ground.kit.sealer);
    Ok(())
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
