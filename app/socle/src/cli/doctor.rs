//! `socle doctor`: is everything as it should be, and if not, what to do.

mod checks;
mod finding;
mod mail;

use std::process::ExitCode;

use serde_json::json;
use socle_kit::kernel::Result;

use super::call::Call;
use crate::terminal::line;
use finding::{Finding, Level};

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let findings = checks::all(&values, &call.voice);
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    if call.matches.get_flag("json") {
        let entries: Vec<_> = findings.iter().map(|finding| as_json(call, finding)).collect();
        let whole = json!({"status": worst.as_str(), "findings": entries});
        line(&serde_json::to_string_pretty(&whole).unwrap_or_default());
    } else {
        findings.iter().for_each(|finding| print(call, finding));
        call.voice.say(
            match worst {
                Level::Ok => "doctor-healthy",
                Level::Warning => "doctor-fair",
                Level::Error => "doctor-ill",
            },
            &[],
        );
    }
    Ok(if worst == Level::Error { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn hint(call: &Call<'_>, finding: &Finding) -> Option<String> {
    (finding.level != Level::Ok).then(|| call.voice.text(&format!("{}-hint", finding.key), &finding.args))
}

fn as_json(call: &Call<'_>, finding: &Finding) -> serde_json::Value {
    json!({
        "check": finding.check,
        "level": finding.level.as_str(),
        "code": finding.key,
        "message": call.voice.text(finding.key, &finding.args),
        "hint": hint(call, finding),
    })
}

fn print(call: &Call<'_>, finding: &Finding) {
    let mark = match finding.level {
        Level::Ok => "✓",
        Level::Warning => "!",
        Level::Error => "✗",
    };
    line(&format!("{mark} {}", call.voice.text(finding.key, &finding.args)));
    if let Some(hint) = hint(call, finding) {
        line(&format!("    → {hint}"));
    }
}
