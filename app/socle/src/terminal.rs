//! What the command line says: the one place that writes to the terminal.
#![expect(clippy::print_stderr, reason = "speaking to the terminal is this file's purpose")]

use std::io::{IsTerminal, Write};
use std::sync::{Arc, OnceLock};

use socle_kit::config::{Problem, Source};
use socle_kit::i18n::{Catalogue, Language, Locale, Texts};
use socle_kit::kernel::{Arg, Error, Kind, Result, Trouble};
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
    modules: &'static [Module],
    /// What is seldom needed, read when it is: the sentences of all modules, and the French of the code.
    all: Arc<OnceLock<Arc<Catalogue>>>,
    texts: Arc<OnceLock<Texts>>,
}

impl Voice {
    /// The voice for `language`, or the one the environment asks for (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    pub(crate) fn new(language: Option<Language>, modules: &'static [Module]) -> Result<Self> {
        Ok(Self {
            language: language.unwrap_or_else(from_environment),
            own: Arc::new(Catalogue::new(LOCALES)?),
            modules,
            all: Arc::default(),
            texts: Arc::default(),
        })
    }

    /// The sentences of every module, or ours alone where theirs do not agree: tests see to it that they do.
    fn all(&self) -> &Catalogue {
        self.all.get_or_init(|| assembly::catalogue(self.modules).map_or_else(|_| self.own.clone(), Arc::new))
    }

    /// The language it speaks.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The sentence of `key`.
    pub(crate) fn text(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        self.own.text(self.language, key, args)
    }

    /// A text of the code in the operator's language: what a setting is for.
    pub(crate) fn said<'a>(&'a self, english: &'a str) -> &'a str {
        self.texts.get_or_init(|| crate::wiring::texts().unwrap_or_default()).text(self.language, english)
    }

    /// The sentence of a trouble.
    pub(crate) fn trouble(&self, trouble: &Trouble) -> String {
        self.text(&format!("trouble-{}", trouble.key()), &self.arguments(trouble))
    }

    /// What to do about a trouble.
    pub(crate) fn hint(&self, trouble: &Trouble) -> String {
        self.text(&format!("trouble-{}-hint", trouble.key()), &self.arguments(trouble))
    }

    /// The arguments of a trouble. What the system said, and which kind of value was expected, are words that have
    /// sentences of their own.
    fn arguments(&self, trouble: &Trouble) -> Vec<(&'static str, Arg)> {
        let word = |name: &str| {
            trouble.args().iter().find_map(|(known, value)| match value {
                Arg::Text(text) if *known == name => Some(text.as_str()),
                _ => None,
            })
        };
        let mut args = trouble.args().to_vec();
        if let Some(key) = word("io").map(|io| format!("io-{io}"))
            && self.own.has(self.language, &key)
        {
            args.retain(|(name, _)| *name != "reason");
            args.push(("reason", self.text(&key, &[]).into()));
        }
        if let Some(kind) = word("kind") {
            args.push(("expected", self.text(&format!("kind-{kind}"), trouble.args()).into()));
        }
        args
    }

    /// What is wrong with a setting, and where.
    pub(crate) fn told(&self, problem: &Problem) -> String {
        let args = [
            ("source", self.source(&problem.source).into()),
            ("key", problem.key.as_str().into()),
            ("trouble", self.trouble(&problem.trouble).into()),
        ];
        self.text("problem", &args)
    }

    /// The same, with what was probably meant or what to do.
    pub(crate) fn problem(&self, problem: &Problem) -> String {
        let text = self.told(problem);
        match &problem.nearest {
            Some(nearest) => {
                let meant = self.text("problem-nearest", &[("nearest", nearest.as_str().into())]);
                format!("  {text}\n    → {meant}")
            }
            None => format!("  {text}\n    → {}", self.hint(&problem.trouble)),
        }
    }

    /// Where a value comes from.
    pub(crate) fn source(&self, source: &Source) -> String {
        let named = |key: &str, name: &str| self.text(key, &[("name", name.into())]);
        match source {
            Source::Default => self.text("source-default", &[]),
            Source::Profile { name, line: None } => named("source-profile", name),
            Source::Profile { name, line: Some(line) } => named("source-profile", &format!("{name}:{line}")),
            Source::Environment(name) => named("source-environment", name),
            Source::Flag(name) => named("source-flag", name),
            file @ (Source::File { .. } | Source::DotEnv { .. }) => file.to_string(),
        }
    }

    /// Prints the sentence of `key`.
    pub(crate) fn say(&self, key: &str, args: &[(&'static str, Arg)]) {
        line(&self.text(key, args));
    }

    /// The sentence of an error, and what to do about it where that is known.
    pub(crate) fn error(&self, error: &Error) -> String {
        match error.cause::<Trouble>() {
            Some(trouble) => format!("{}\n  → {}", self.trouble(trouble), self.hint(trouble)),
            None => self.reason(error),
        }
    }

    /// The sentence of an error; the log form, with its causes, when it is ours.
    pub(crate) fn reason(&self, error: &Error) -> String {
        if let Some(trouble) = error.cause::<Trouble>() {
            return self.trouble(trouble);
        }
        // Whoever sits at the machine needs the cause of what went wrong inside it.
        if matches!(error.kind(), Kind::Internal | Kind::Unavailable) {
            let text = error.to_string();
            return text.split_once(": ").map_or(text.clone(), |(_, cause)| cause.to_owned());
        }
        let key = socle_kit::i18n::error_key(error.code().name);
        let mut text = self.all().text(self.language, &key, error.args());
        for field in error.fields() {
            let key = socle_kit::i18n::error_key(field.code.name);
            let sentence = self.all().text(self.language, &key, &field.args);
            text.push_str(&format!("\n  {}: {sentence}", field.path));
        }
        text
    }

    /// Prints an error to the error stream.
    pub(crate) fn complain(&self, error: &Error) {
        complain(&self.text("failed", &[("reason", self.error(error).into())]));
    }
}

/// The language that the arguments ask for by `--lang`, before they are understood: even what is wrong with them is
/// said in it.
pub(crate) fn asked_for(arguments: &[std::ffi::OsString]) -> Option<Language> {
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let apart = words.windows(2).find_map(|pair| match pair {
        ["--lang", word] => Some(*word),
        _ => None,
    });
    let joined = || words.iter().find_map(|word| word.strip_prefix("--lang="));
    apart.or_else(joined).and_then(Language::parse)
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
