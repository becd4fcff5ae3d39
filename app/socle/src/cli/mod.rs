//! The command line.

mod arguments;
mod call;
mod completions;
mod config;
mod config_file;
mod doctor;
mod fields;
mod keys;
mod mail;
mod measure;
mod migrate;
mod openapi;
mod reference;
mod seed;
mod serve;
mod usage;
mod user;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::modules::MODULES;
use crate::terminal::{Voice, asked_for, complain};
use call::Call;

/// Runs the command that was asked for; `serve` when none was.
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let voice = match Voice::new(asked_for(&arguments), MODULES) {
        Ok(voice) => voice,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::FAILURE;
        }
    };
    let mut command = arguments::command(&voice);
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage::refuse(&error, &voice),
    };
    let (name, own) = matches.subcommand().unwrap_or(("serve", &matches));
    let call = Call { matches: own, given: arguments::given(&matches, own), voice };
    let done = match name {
        "migrate" => migrate::run(&call),
        "config" => config::run(&call),
        "user" => user::run(&call),
        "keys" => keys::run(&call),
        "mail" => mail::run(&call),
        "seed" => seed::run(&call),
        "openapi" => openapi::run(&call),
        "doctor" => doctor::run(&call),
        "reference" => reference::run(&call),
        "measure" => measure::run(&call),
        "help" => Ok(usage::help(&mut command, own, &call.voice)),
        "completions" => completions::run(&call),
        "version" => {
            crate::terminal::line(&format!("socle {}", crate::wiring::VERSION));
            Ok(ExitCode::SUCCESS)
        }
        _ => serve::run(&call),
    };
    done.unwrap_or_else(|error| {
        call.voice.complain(&error);
        ExitCode::FAILURE
    })
}
