//! From the command line, the environment and the files to the settings in force.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use socle_kit::config::{Problem, Setting, SettingKind, Source, Sources, Values};
use socle_kit::kernel::{Result, Secret, Trouble};
use socle_kit::{Module, assembly};

use crate::encrypted_file::{self, FileKeys};
use crate::modules::{ALWAYS_ON, MODULES};
use crate::profiles;
use crate::weak_secrets::weak_secrets;

/// The settings of the roof itself.
pub const ROOF: &[Setting] = &[
    Setting::new("modules.enabled", SettingKind::List, "", "The modules that are on; empty means all."),
    Setting::new(
        KEY_FILE,
        SettingKind::Text,
        "",
        "The file of the age key that opens an encrypted configuration file.",
    )
    .env("SOCLE_CONFIG_KEY_FILE"),
    Setting::new(
        PASSPHRASE,
        SettingKind::Secret,
        "",
        "The passphrase that opens an encrypted configuration file; slower to start with than a key.",
    )
    .env("SOCLE_CONFIG_PASSPHRASE"),
];

/// What opens the configuration file cannot stand in it.
const KEY_FILE: &str = "config.key_file";
const PASSPHRASE: &str = "config.passphrase";

/// Every setting of this binary, whichever modules are on.
pub fn settings() -> Vec<Setting> {
    assembly::settings(MODULES, ROOF)
}

/// What was given on the command line.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--config FILE`.
    pub file: Option<PathBuf>,
    /// Flags that are settings, by flag name.
    pub flags: Vec<(String, String)>,
}

/// The settings in force, or everything that is wrong with them.
pub fn load(given: &Given) -> Result<std::result::Result<Values, Vec<Problem>>> {
    let specification = assembly::specification(MODULES, ROOF)?;
    let mut sources = Sources { file: given.file.clone().or_else(default_file), ..besides_the_file(given) };
    if let Some(path) = sources.file.as_deref().filter(|path| encrypted_file::is_encrypted(path)) {
        match encrypted_file::open(path, &file_keys(given)?) {
            Ok(text) => sources.opened = Some(text),
            Err(trouble) => {
                let source = Source::File { path: path.to_owned(), line: None };
                return Ok(Err(vec![Problem::new("", source, trouble)]));
            }
        }
    }
    let wanted = Values::peek(&specification, &sources, "profile").unwrap_or_else(|| "full".to_owned());
    sources.profile = profiles::find(&wanted).map(|(name, text)| (name.to_owned(), text));
    let (values, mut problems) = Values::judge(&specification, &sources);
    if sources.profile.is_none() {
        let known = profiles::PROFILES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let text = format!("names {wanted:?}; the profiles are {known}");
        let trouble = Trouble::new("setting-profile", text).arg("value", wanted).arg("words", known);
        problems.push(Problem::new("profile", source_of(&values, "profile"), trouble));
    }
    problems.extend(check(&values));
    Ok(if problems.is_empty() { Ok(values) } else { Err(problems) })
}

/// What says something of settings, but for the configuration file.
fn besides_the_file(given: &Given) -> Sources {
    Sources {
        dotenv: Some(PathBuf::from(".env")),
        environment: environment(),
        flags: given.flags.clone(),
        ..Sources::default()
    }
}

/// What opens an encrypted configuration file, as everything but the file itself says.
pub fn file_keys(given: &Given) -> Result<FileKeys> {
    let specification = assembly::specification(MODULES, ROOF)?;
    let sources = besides_the_file(given);
    let text = |key| Values::peek(&specification, &sources, key).filter(|text| !text.is_empty());
    Ok(FileKeys { file: text(KEY_FILE).map(PathBuf::from), passphrase: text(PASSPHRASE).map(Secret::new) })
}

fn source_of(values: &Values, key: &str) -> Source {
    values.source(key).cloned().unwrap_or(Source::Default)
}

/// What the kind of a setting does not say: whether its value will do. Those without a value are judged already.
fn check(values: &Values) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |key: &str, trouble: Trouble| {
        problems.push(Problem::new(key, source_of(values, key), trouble));
    };
    let known = MODULES.iter().map(|module| module.name).collect::<Vec<_>>();
    for name in values.list("modules.enabled").unwrap_or_default() {
        if !known.contains(&name.as_str()) {
            refuse("modules.enabled", unknown_module(name, &known));
        }
    }
    for (key, wanted) in [
        ("database.url", ["sqlite", "postgres", "postgresql"].as_slice()),
        ("database.read_url", ["postgres", "postgresql"].as_slice()),
    ] {
        let scheme = values.url(key).ok().flatten().and_then(|url| url.split(':').next());
        if scheme.is_some_and(|scheme| !wanted.contains(&scheme)) {
            let wanted = format!("{}:", wanted.join(":, "));
            let text = format!("begins with {wanted} or nothing");
            refuse(key, Trouble::new("setting-scheme", text).arg("words", wanted));
        }
    }
    for origin in values.list("cors.allowed_origins").unwrap_or_default() {
        let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        if rest.is_none_or(|rest| rest.is_empty() || rest.contains('/')) {
            let text = format!("holds {origin:?}, which is no origin like https://app.example.com");
            refuse(
                "cors.allowed_origins",
                Trouble::new("setting-no-origin", text).arg("value", origin.as_str()),
            );
        }
    }
    for (key, trouble) in socle_kit::mail::troubles(values) {
        refuse(key, trouble);
    }
    for (key, trouble) in database_troubles(values) {
        refuse(key, trouble);
    }
    for (key, trouble) in socle_identity::operator::administrator_troubles(values) {
        refuse(key, trouble);
    }
    if let Err(error) = address(values)
        && let Some(trouble) = error.cause::<Trouble>()
    {
        refuse("server.host", trouble.clone());
    }
    if values.text("log.level").is_ok_and(|level| !socle_kit::observe::logs::is_filter(level)) {
        let text = "is a level (error, warn, info, debug, trace, off) or directives like info,socle_db=debug";
        refuse("log.level", Trouble::new("setting-no-level", text));
    }
    let production = values.choice("environment").is_ok_and(|environment| environment == "production");
    for (key, weakness) in weak_secrets(values).unwrap_or_default() {
        if production {
            refuse(key, said_of_setting(&weakness));
        }
    }
    for (key, trouble) in socle_identity::operator::api_key_troubles(values) {
        refuse(key, trouble);
    }
    problems
}

/// A weakness as it is said beside the name of the setting, which the sentence then leaves out.
fn said_of_setting(weakness: &Trouble) -> Trouble {
    match weakness.key() {
        "secret-short" => Trouble::new("setting-short", "has fewer than 32 bytes"),
        "secret-known" => Trouble::new("setting-known", "holds a sample that everybody knows"),
        _ => Trouble::new("setting-monotonous", "repeats a few characters"),
    }
}

/// What is wrong with the addresses of databases beyond their scheme.
fn database_troubles(values: &Values) -> Vec<(&'static str, Trouble)> {
    let url = |key: &str| values.url(key).ok().flatten().map(str::to_owned);
    let is_postgres = |url: &String| url.starts_with("postgres:") || url.starts_with("postgresql:");
    let (main, read) = (url("database.url"), url("database.read_url"));
    let mut troubles = Vec::new();
    for (key, url) in [("database.url", &main), ("database.read_url", &read)] {
        let Some(url) = url.as_ref().filter(|url| is_postgres(url)) else { continue };
        let Err(error) = socle_kit::db::check_address(&Secret::new(url.clone())) else { continue };
        let Some(trouble) = error.cause::<Trouble>() else { continue };
        let said = trouble.to_string();
        match trouble.key() {
            "database-sslmode" => troubles.push((key, Trouble::new("setting-no-sslmode", said))),
            "database-address" => troubles.push((key, Trouble::new("setting-no-address", said))),
            // A certificate that is not there: the start and the doctor tell of it.
            _ => {}
        }
    }
    if read.is_some() && !main.as_ref().is_some_and(is_postgres) {
        let text = "is for PostgreSQL: a SQLite file has no replica";
        troubles.push(("database.read_url", Trouble::new("setting-no-replica", text)));
    }
    troubles
}

fn unknown_module(name: &str, known: &[&str]) -> Trouble {
    let known = known.join(", ");
    let text = format!("names {name:?}; the modules are {known}");
    Trouble::new("setting-module", text).arg("value", name).arg("words", known)
}

/// `socle.toml` beside the process, if there is one, or the same encrypted.
fn default_file() -> Option<PathBuf> {
    ["socle.toml", "socle.toml.age"].into_iter().map(PathBuf::from).find(|file| file.is_file())
}

/// The environment, but for names or values that are not Unicode, which no setting of ours has.
fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The modules that are on.
pub fn enabled(values: &Values) -> Result<Vec<Module>> {
    let listed = values.list("modules.enabled")?;
    Ok(MODULES
        .iter()
        .filter(|module| {
            listed.is_empty()
                || ALWAYS_ON.contains(&module.name)
                || listed.iter().any(|name| name == module.name)
        })
        .copied()
        .collect())
}

/// Is this a server for others than this machine, or in production? Then weak defaults are refused. One rule for
/// the server, the doctor, the demonstration and the accounts.
pub fn is_exposed(values: &Values) -> Result<bool> {
    socle_identity::operator::is_exposed(values)
}

/// The address to listen on.
pub fn address(values: &Values) -> Result<SocketAddr> {
    let host = values.text("server.host")?;
    let host = if host == "localhost" { "127.0.0.1" } else { host };
    let host: IpAddr = host.trim_start_matches('[').trim_end_matches(']').parse().map_err(|_| {
        let text = format!("is an IP address or localhost, not {host:?}");
        Trouble::new("setting-no-host", text).arg("value", host)
    })?;
    let port = u16::try_from(values.integer("server.port")?).unwrap_or_default();
    Ok(SocketAddr::new(host, port))
}

/// The data folder, made when missing, for its owner alone.
pub fn data_dir(values: &Values) -> Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let folder = values.path("data_dir")?.to_path_buf();
    if folder.exists() && !folder.is_dir() {
        let shown = folder.display().to_string();
        let text = format!("the data folder {shown} is a file");
        return Err(Trouble::new("data-folder-file", text).arg("path", shown).into());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(|error| {
        let shown = folder.display().to_string();
        let text = format!("the data folder {shown} cannot be made: {error}");
        Trouble::new("data-folder", text).arg("path", shown).io(&error)
    })?;
    Ok(folder)
}
