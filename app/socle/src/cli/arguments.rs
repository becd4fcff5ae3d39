//! The commands and their flags. Every setting is a flag of every command, so that what a file can say, a line can.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use socle_kit::config::Setting;
use socle_kit::kernel::Result;

use crate::configuration::{Given, settings};
use crate::modules::MODULES;
use crate::terminal::Voice;

/// The whole command line, described in the language of the environment.
pub(crate) fn command() -> Result<Command> {
    let voice = Voice::new(None, MODULES)?;
    let about = |key: &str| voice.text(&format!("command-{key}"), &[]);
    let flag =
        |name: &'static str, key: &str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(about(key));
    let text = |name: &'static str, key: &str| Arg::new(name).long(name).value_name("TEXT").help(about(key));
    let user = Arg::new("user").required(true).value_name("USER").help(about("user-name"));
    let mut command = Command::new("socle")
        .version(crate::wiring::VERSION)
        .about(about("socle"))
        .arg(
            Arg::new("config")
                .long("config")
                .global(true)
                .value_name("FILE")
                .value_parser(value_parser!(std::path::PathBuf))
                .help(about("config-file")),
        )
        .arg(Arg::new("lang").long("lang").global(true).value_parser(["fr", "en"]).help(about("lang")))
        .subcommand(Command::new("serve").about(about("serve")))
        .subcommand(
            Command::new("migrate")
                .about(about("migrate"))
                .subcommand_required(true)
                .subcommand(Command::new("status").about(about("migrate-status")))
                .subcommand(Command::new("plan").about(about("migrate-plan")))
                .subcommand(Command::new("up").about(about("migrate-up"))),
        )
        .subcommand(
            Command::new("config")
                .about(about("config"))
                .subcommand_required(true)
                .subcommand(Command::new("check").about(about("config-check")))
                .subcommand(Command::new("show").about(about("config-show")).arg(flag("json", "json"))),
        )
        .subcommand(
            Command::new("user")
                .about(about("user"))
                .subcommand_required(true)
                .subcommand(
                    Command::new("add")
                        .about(about("user-add"))
                        .arg(user.clone())
                        .arg(text("email", "user-email").required(true))
                        .arg(text("role", "user-role"))
                        .arg(text("name", "user-full-name"))
                        .arg(flag("password-stdin", "user-password-stdin")),
                )
                .subcommand(
                    Command::new("list")
                        .about(about("user-list"))
                        .arg(text("search", "user-search"))
                        .arg(flag("json", "json")),
                )
                .subcommand(
                    Command::new("set-password")
                        .about(about("user-set-password"))
                        .arg(user.clone())
                        .arg(flag("password-stdin", "user-password-stdin")),
                )
                .subcommand(
                    Command::new("promote")
                        .about(about("user-promote"))
                        .arg(user)
                        .arg(text("role", "user-role")),
                ),
        )
        .subcommand(Command::new("seed").about(about("seed")).arg(flag("demo", "seed-demo").required(true)))
        .subcommand(Command::new("openapi").about(about("openapi")))
        .subcommand(Command::new("doctor").about(about("doctor")).arg(flag("json", "json")))
        .subcommand(
            Command::new("reference").about(about("reference")).hide(true).arg(
                Arg::new("what").required(true).value_parser(["errors", "config", "env", "permissions"]),
            ),
        )
        .subcommand(
            Command::new("completions")
                .about(about("completions"))
                .arg(Arg::new("shell").required(true).value_parser(value_parser!(clap_complete::Shell))),
        )
        .subcommand(Command::new("version").about(about("version")));
    for setting in settings() {
        let name = setting.flag();
        if name == "config" || name == "lang" {
            continue;
        }
        command = command.arg(setting_flag(&setting, name, &voice));
    }
    Ok(command)
}

/// A setting as a flag. There are some fifty of them: `-h` shows the command, `--help` shows everything.
fn setting_flag(setting: &Setting, name: String, voice: &Voice) -> Arg {
    let default = if setting.default.is_empty() { "–" } else { setting.default };
    Arg::new(name.clone())
        .long(name)
        .global(true)
        .value_name("VALUE")
        .help(format!("{} [{}; {default}]", setting.doc, setting.variable()))
        .hide_short_help(true)
        .help_heading(voice.text("command-settings", &[]))
}

/// What the line says of files and settings.
pub(crate) fn given(all: &ArgMatches, own: &ArgMatches) -> Given {
    let flags = settings()
        .iter()
        .map(Setting::flag)
        .filter(|name| {
            all.value_source(name) == Some(ValueSource::CommandLine)
                || own
                    .try_contains_id(name)
                    .is_ok_and(|there| there && own.value_source(name) == Some(ValueSource::CommandLine))
        })
        .filter_map(|name| {
            let value = own
                .try_get_one::<String>(&name)
                .ok()
                .flatten()
                .or_else(|| all.try_get_one(&name).ok().flatten());
            value.cloned().map(|value| (name, value))
        })
        .collect();
    Given { file: all.get_one("config").cloned(), flags }
}
