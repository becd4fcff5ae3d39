//! The commands and their flags, in the operator's language. Every setting is a flag of every command, so that what a
//! file can say, a line can; `socle config keys` lists them.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use socle_kit::config::Setting;

use crate::configuration::{Given, settings};
use crate::terminal::Voice;

/// The whole command line, in the language of this voice.
pub(crate) fn command(voice: &Voice) -> Command {
    let words = Words(voice);
    let mut command =
        words
            .command("socle")
            .version(crate::wiring::VERSION)
            .arg(
                Arg::new("config")
                    .long("config")
                    .global(true)
                    .value_name(words.about("value-file"))
                    .value_parser(value_parser!(std::path::PathBuf))
                    .display_order(900)
                    .help(words.about("config-file")),
            )
            .arg(
                Arg::new("lang")
                    .long("lang")
                    .global(true)
                    .value_name("fr|en")
                    .value_parser(["fr", "en"])
                    .hide_possible_values(true)
                    .display_order(901)
                    .help(words.about("lang")),
            )
            .arg(
                Arg::new("version-flag")
                    .short('V')
                    .long("version")
                    .action(ArgAction::Version)
                    .display_order(902)
                    .help(words.about("version")),
            )
            .subcommand(words.command("serve"))
            .subcommand(migrate(&words))
            .subcommand(config(&words))
            .subcommand(user(&words))
            .subcommand(keys(&words))
            .subcommand(mail(&words))
            .subcommand(words.command("seed").arg(words.flag("demo", "seed-demo").required(true)))
            .subcommand(words.command("openapi"))
            .subcommand(words.command("doctor").arg(words.flag("json", "json")))
            .subcommand(words.command("reference").hide(true).arg(
                Arg::new("what").required(true).value_parser(["errors", "config", "env", "permissions"]),
            ))
            .subcommand(
                words
                    .command("measure")
                    .hide(true)
                    .arg(Arg::new("token").required(true).value_parser(value_parser!(std::path::PathBuf))),
            )
            .subcommand(
                words.command("completions").arg(
                    Arg::new("shell")
                        .required(true)
                        .value_name("SHELL")
                        .hide_possible_values(true)
                        .value_parser(value_parser!(clap_complete::Shell))
                        .help("bash, elvish, fish, powershell, zsh"),
                ),
            )
            .subcommand(words.command("version"))
            .subcommand(
                words.command("help").arg(
                    Arg::new("of")
                        .num_args(0..)
                        .value_name(words.about("value-command"))
                        .help(words.about("help-of")),
                ),
            );
    for setting in settings() {
        command = command.arg(setting_flag(&setting));
    }
    command
}

fn migrate(words: &Words<'_>) -> Command {
    words
        .command("migrate")
        .subcommand_required(true)
        .subcommand(words.below("migrate", "status"))
        .subcommand(words.below("migrate", "plan"))
        .subcommand(words.below("migrate", "up"))
}

fn config(words: &Words<'_>) -> Command {
    let file = |name: &'static str| {
        Arg::new(name)
            .required(true)
            .value_name(words.about("value-file"))
            .value_parser(value_parser!(std::path::PathBuf))
            .help(words.about(&format!("config-{name}")))
    };
    let files = |name| words.below("config", name).arg(file("input")).arg(file("output"));
    words
        .command("config")
        .subcommand_required(true)
        .subcommand(words.below("config", "keys").arg(words.flag("json", "json")))
        .subcommand(words.below("config", "check"))
        .subcommand(words.below("config", "show").arg(words.flag("json", "json")))
        .subcommand(
            files("encrypt")
                .arg(
                    words.text("recipient", "config-recipient").action(ArgAction::Append).value_name("age1…"),
                )
                .arg(
                    words
                        .text("new-key", "config-new-key")
                        .value_parser(value_parser!(std::path::PathBuf))
                        .value_name(words.about("value-file"))
                        .conflicts_with("recipient"),
                ),
        )
        .subcommand(files("decrypt"))
}

fn user(words: &Words<'_>) -> Command {
    let user =
        Arg::new("user").required(true).value_name(words.about("value-user")).help(words.about("user-name"));
    let from_input = || words.flag("password-stdin", "user-password-stdin");
    let limit = words.text("limit", "user-limit").value_parser(value_parser!(usize)).value_name("N");
    words
        .command("user")
        .subcommand_required(true)
        .subcommand(
            words
                .below("user", "add")
                .arg(user.clone())
                .arg(words.text("email", "user-email").required(true))
                .arg(words.text("role", "user-role"))
                .arg(words.text("name", "user-full-name"))
                .arg(from_input()),
        )
        .subcommand(
            words
                .below("user", "list")
                .arg(words.text("search", "user-search"))
                .arg(limit)
                .arg(words.flag("json", "json")),
        )
        .subcommand(words.below("user", "set-password").arg(user.clone()).arg(from_input()))
        .subcommand(words.below("user", "promote").arg(user.clone()).arg(words.text("role", "user-role")))
        .subcommand(words.below("user", "export-data").arg(user.clone()))
        .subcommand(words.below("user", "erase").arg(user).arg(words.flag("yes", "user-erase-yes")))
}

fn keys(words: &Words<'_>) -> Command {
    words
        .command("keys")
        .subcommand_required(true)
        .subcommand(words.below("keys", "list").arg(words.flag("json", "json")))
        .subcommand(
            words
                .below("keys", "rotate")
                .arg(words.flag("at-once", "keys-at-once"))
                .arg(words.flag("fields", "keys-fields").conflicts_with("at-once")),
        )
}

fn mail(words: &Words<'_>) -> Command {
    let limit = words.text("limit", "mail-limit").value_parser(value_parser!(i64).range(1..)).value_name("N");
    let given = |name: &'static str, value: &str, help: &str| {
        Arg::new(name).value_name(words.about(value)).help(words.about(help))
    };
    words
        .command("mail")
        .subcommand_required(true)
        .subcommand(
            words.below("mail", "test").arg(given("address", "value-address", "mail-address").required(true)),
        )
        .subcommand(words.below("mail", "list").arg(limit).arg(words.flag("json", "json")))
        .subcommand(
            words
                .below("mail", "retry")
                .arg(given("id", "value-id", "mail-id").required_unless_present("all").conflicts_with("all"))
                .arg(words.flag("all", "mail-all")),
        )
}

/// The words of the command line, in one language. Clap's own are English, so every one that it would add by itself
/// is given here.
struct Words<'a>(&'a Voice);

impl Words<'_> {
    fn about(&self, key: &str) -> String {
        self.0.text(&format!("command-{key}"), &[])
    }

    fn command(&self, name: &'static str) -> Command {
        self.dressed(name, &self.about(name))
    }

    fn below(&self, parent: &str, name: &'static str) -> Command {
        self.dressed(name, &self.about(&format!("{parent}-{name}")))
    }

    fn dressed(&self, name: &'static str, about: &str) -> Command {
        let help = Arg::new("help-flag").short('h').long("help").action(ArgAction::Help);
        Command::new(name)
            .about(about.to_owned())
            .disable_help_flag(true)
            .disable_version_flag(true)
            .disable_help_subcommand(true)
            .help_template(self.about("template"))
            .subcommand_help_heading(self.about("heading-commands"))
            .subcommand_value_name(self.about("value-command"))
            .next_help_heading(self.about("heading-options"))
            .after_help(self.about("settings"))
            .arg(help.help(self.about("help-flag")).display_order(1_000))
    }

    fn flag(&self, name: &'static str, key: &str) -> Arg {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(self.about(key))
    }

    fn text(&self, name: &'static str, key: &str) -> Arg {
        Arg::new(name).long(name).value_name(self.about("value-text")).help(self.about(key))
    }
}

/// A setting as a flag: taken by every command, and listed by `socle config keys` alone.
fn setting_flag(setting: &Setting) -> Arg {
    Arg::new(setting.flag())
        .long(setting.flag())
        .global(true)
        .value_name("VALUE")
        .help(setting.doc)
        .hide(true)
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
