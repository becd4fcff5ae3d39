//! The command line.

mod arguments;
mod call;
mod completions;
mod config;
mod doctor;
mod migrate;
mod openapi;
mod reference;
mod seed;
mod serve;
mod user;

use std::process::ExitCode;

use socle_kit::i18n::Language;

use crate::modules::MODULES;
use crate::terminal::{Voice, complain};
use call::Call;

/// Runs the command that was asked for; `serve` when none was.
pub fn run() -> ExitCode {
    let command = match arguments::command() {
        Ok(command) => command,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::FAILURE;
        }
    };
    let matches = command.get_matches();
    let language = matches.get_one::<String>("lang").and_then(|word| Language::parse(word));
    let voice = match Voice::new(language, MODULES) {
        Ok(voice) => voice,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::FAILURE;
        }
    };
    let (name, own) = matches.subcommand().unwrap_or(("serve", &matches));
    let call = Call { matches: own, given: arguments::given(&matches, own), voice };
    let done = match name {
        "migrate" => migrate::run(&call),
        "config" => config::run(&call),
        "user" => user::run(&call),
        "seed" => seed::run(&call),
        "openapi" => openapi::run(&call),
        "doctor" => doctor::run(&call),
        "reference" => reference::run(&call),
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
