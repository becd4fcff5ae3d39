//! `socle config`: are the settings right, what are they, and who said so.

use std::process::ExitCode;

use serde_json::json;
use socle_kit::config;
use socle_kit::kernel::{Error, Result};

use super::call::Call;
use super::config_file;
use crate::configuration::settings;
use crate::terminal::{complain, line};

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    if let Some(("keys", own)) = call.matches.subcommand() {
        return keys(call, own.get_flag("json"));
    }
    match call.matches.subcommand() {
        Some(("encrypt", own)) => return config_file::encrypt(call, own),
        Some(("decrypt", own)) => return config_file::decrypt(call, own),
        _ => {}
    }
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    for warning in values.warnings() {
        complain(&call.voice.problem(warning));
    }
    match call.matches.subcommand() {
        Some(("show", own)) => {
            let shown = config::show(&values);
            if own.get_flag("json") {
                let entries: Vec<_> = shown
                    .iter()
                    .map(|entry| json!({"key": entry.key, "value": entry.value, "source": entry.source.to_string()}))
                    .collect();
                line(&serde_json::to_string_pretty(&entries).unwrap_or_default());
            } else {
                for entry in shown {
                    let source = call.voice.source(&entry.source);
                    line(&format!("{:<32} {:<32} {source}", entry.key, entry.value));
                }
            }
        }
        _ => call.voice.say("config-right", &[]),
    }
    Ok(ExitCode::SUCCESS)
}

/// Every setting there is: its flag, its variable, its key in the file, its default and what it is for.
fn keys(call: &Call<'_>, as_json: bool) -> Result<ExitCode> {
    let voice = &call.voice;
    if as_json {
        let entries: Vec<_> = settings()
            .iter()
            .map(|setting| {
                json!({
                    "key": setting.key, "variable": setting.variable(), "flag": format!("--{}", setting.flag()),
                    "kind": setting.kind.word(), "default": setting.default, "about": voice.said(setting.doc),
                })
            })
            .collect();
        line(&serde_json::to_string_pretty(&entries).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    voice.say("settings-intro", &[]);
    for setting in settings() {
        let default = if setting.default.is_empty() { "–" } else { setting.default };
        line(&format!("\n--{}  {}", setting.flag(), setting.variable()));
        line(&format!("    {}", voice.said(setting.doc)));
        let args = [("key", setting.key.into()), ("default", default.into())];
        line(&format!("    {}", voice.text("settings-entry", &args)));
    }
    Ok(ExitCode::SUCCESS)
}
