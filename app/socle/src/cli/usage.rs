//! What is said of a command line that is not understood, and the help that is asked for by name.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command, Error};
use socle_kit::kernel::Arg;

use crate::terminal::{Voice, complain};

/// Says what is wrong with the arguments, in the operator's language; help and version are no failures.
pub(super) fn refuse(error: &Error, voice: &Voice) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has gone away is no failure.
        let _gone = error.print();
        return ExitCode::SUCCESS;
    }
    complain(&voice.text("failed", &[("reason", sentence(error, voice).into())]));
    if let Some(meant) = meant(error) {
        complain(&format!("  → {}", voice.text("usage-meant", &[("meant", meant.into())])));
    }
    if let Some(usage) = one(error, ContextKind::Usage) {
        let usage = usage.trim().trim_start_matches("Usage:").trim().to_owned();
        complain(&format!("\n{}", voice.text("usage-line", &[("usage", usage.into())])));
    }
    complain(&voice.text("usage-more", &[]));
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn sentence(error: &Error, voice: &Voice) -> String {
    let argument = all(error, ContextKind::InvalidArg).join(", ");
    let value = one(error, ContextKind::InvalidValue).unwrap_or_default();
    let valid = all(error, ContextKind::ValidValue).join(", ");
    let commands = all(error, ContextKind::ValidSubcommand).join(", ");
    let key = match error.kind() {
        ErrorKind::UnknownArgument => "usage-unknown",
        ErrorKind::InvalidSubcommand => "usage-no-command",
        ErrorKind::MissingSubcommand => "usage-command-missing",
        ErrorKind::MissingRequiredArgument => "usage-missing",
        ErrorKind::InvalidValue if value.is_empty() => "usage-value-missing",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "usage-bad-value",
        ErrorKind::ArgumentConflict => "usage-conflict",
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => "usage-count",
        _ => "usage-other",
    };
    let command = one(error, ContextKind::InvalidSubcommand).unwrap_or_default();
    let args: [(&'static str, Arg); 6] = [
        ("argument", argument.into()),
        ("value", value.into()),
        ("valid", valid.into()),
        ("command", command.into()),
        ("commands", commands.into()),
        ("reason", error.kind().to_string().into()),
    ];
    voice.text(key, &args)
}

/// What was probably meant.
fn meant(error: &Error) -> Option<String> {
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let found = kinds.into_iter().map(|kind| all(error, kind)).find(|found| !found.is_empty())?;
    Some(found.join(", "))
}

fn one(error: &Error, kind: ContextKind) -> Option<String> {
    all(error, kind).into_iter().next()
}

fn all(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) if !text.is_empty() => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        _ => Vec::new(),
    }
}

/// `socle help`, with the names of a command and of what is below it.
pub(super) fn help(command: &mut Command, own: &ArgMatches, voice: &Voice) -> ExitCode {
    command.build();
    let mut found: &Command = command;
    for name in own.get_many::<String>("of").into_iter().flatten() {
        let Some(below) = found.find_subcommand(name) else {
            let sentence = voice.text("usage-no-command", &[("command", name.as_str().into())]);
            complain(&voice.text("failed", &[("reason", sentence.into())]));
            return ExitCode::from(2);
        };
        found = below;
    }
    let _gone = found.clone().print_help();
    ExitCode::SUCCESS
}
