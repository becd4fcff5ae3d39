//! `socle config`: are the settings right, what are they, and who said so.

use std::process::ExitCode;

use serde_json::json;
use socle_kit::config;
use socle_kit::kernel::Result;

use super::call::Call;
use crate::terminal::{complain, line};

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    for warning in values.warnings() {
        complain(&format!("  {warning}"));
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
                    line(&format!("{:<32} {:<32} {}", entry.key, entry.value, entry.source));
                }
            }
        }
        _ => call.voice.say("config-right", &[]),
    }
    Ok(ExitCode::SUCCESS)
}
