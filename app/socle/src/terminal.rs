//! What the command line says: the one place that writes to the terminal.
#![expect(clippy::print_stderr, reason = "speaking to the terminal is this file's purpose")]

use std::io::{IsTerminal, Write};
use std::sync::Arc;

use socle_kit::i18n::{Catalogue, Language, Locale};
use socle_kit::kernel::{Arg, Error, Kind, Result};
use socle_kit::{Module, assembly};

/// The sentences of the command line.
const LOCALES: &[Locale] = &[
    Locale { language: Language::En, ftl: include_str!("../i18n/en.ftl"), origin: "socle" },
    Locale { language: Language::Fr, ftl: include_str!("../i18n/fr.ftl"), origin: "socle" },
];

/// A voice in the operator's language.
#[derive(Clone)]
pub(crate) struct Voice {
    language: Language,
    own: Arc<Catalogue>,
    all: Arc<Catalogue>,
}

impl Voice {
    /// The voice for `language`, or the one the environment asks for (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    pub(crate) fn new(language: Option<Language>, modules: &[Module]) -> Result<Self> {
        Ok(Self {
            language: language.unwrap_or_else(from_environment),
            own: Arc::new(Catalogue::new(LOCALES)?),
            all: Arc::new(assembly::catalogue(modules)?),
        })
    }

    /// The sentence of `key`.
    pub(crate) fn text(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        self.own.text(self.language, key, args)
    }

    /// Prints the sentence of `key`.
    pub(crate) fn say(&self, key: &str, args: &[(&'static str, Arg)]) {
        line(&self.text(key, args));
    }

    /// The sentence of an error; the log form, with its causes, when it is ours.
    pub(crate) fn error(&self, error: &Error) -> String {
        // Whoever sits at the machine needs the cause of what went wrong inside it.
        if matches!(error.kind(), Kind::Internal | Kind::Unavailable) {
            let text = error.to_string();
            return text.split_once(": ").map_or(text.clone(), |(_, cause)| cause.to_owned());
        }
        let key = socle_kit::i18n::error_key(error.code().name);
        let mut text = self.all.text(self.language, &key, error.args());
        for field in error.fields() {
            let key = socle_kit::i18n::error_key(field.code.name);
            let sentence = self.all.text(self.language, &key, &field.args);
            text.push_str(&format!("\n  {}: {sentence}", field.path));
        }
        text
    }

    /// Prints an error to the error stream.
    pub(crate) fn complain(&self, error: &Error) {
        complain(&self.text("failed", &[("reason", self.error(error).into())]));
    }
}

/// French where the environment says so, else English: what terminals do.
fn from_environment() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Language::of_tag(&value))
        .unwrap_or(Language::En)
}

/// Prints a line. A reader that has gone away (`socle … | head`) is no failure.
pub(crate) fn line(text: &str) {
    let _gone = writeln!(std::io::stdout(), "{text}");
}

/// Prints a line to the error stream.
pub(crate) fn complain(text: &str) {
    eprintln!("{text}");
}

/// Rewrites the current line with how far a long work has come; silent when nobody watches.
pub(crate) fn progress(text: &str) {
    if std::io::stderr().is_terminal() {
        eprint!("\r\u{1b}[2K{text}");
    }
}

/// Asks for a secret: from a terminal without echo when possible, else one line of standard input.
pub(crate) fn read_line() -> Option<String> {
    let mut text = String::new();
    std::io::stdin().read_line(&mut text).ok().filter(|read| *read > 0)?;
    Some(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Is somebody at the terminal?
pub(crate) fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
