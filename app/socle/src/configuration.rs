//! From the command line, the environment and the files to the settings in force.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use socle_kit::config::{Problem, Setting, SettingKind, Source, Sources, Values};
use socle_kit::kernel::{Result, Trouble};
use socle_kit::{Module, assembly};

use crate::modules::{ALWAYS_ON, MODULES};
use crate::profiles;

/// The settings of the roof itself.
pub const ROOF: &[Setting] =
    &[Setting::new("modules.enabled", SettingKind::List, "", "The modules that are on; empty means all.")];

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
    let mut sources = Sources {
        profile: None,
        file: given.file.clone().or_else(default_file),
        dotenv: Some(PathBuf::from(".env")),
        environment: environment(),
        flags: given.flags.clone(),
    };
    let wanted = Values::peek(&specification, &sources, "profile").unwrap_or_else(|| "full".to_owned());
    let Some((name, text)) = profiles::find(&wanted) else {
        let known = profiles::PROFILES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let text = format!("names {wanted:?}; the profiles are {known}");
        let trouble = Trouble::new("setting-profile", text).arg("value", wanted).arg("words", known);
        return Ok(Err(vec![Problem::new("profile", Source::Default, trouble)]));
    };
    sources.profile = Some((name.to_owned(), text));
    Ok(Values::load(&specification, &sources).and_then(check))
}

/// What the kind of a setting does not say: whether its value will do.
fn check(values: Values) -> std::result::Result<Values, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut refuse = |key: &str, trouble: Trouble| {
        let source = values.source(key).cloned().unwrap_or(Source::Default);
        problems.push(Problem::new(key, source, trouble));
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
    if let Err(error) = address(&values)
        && let Some(trouble) = error.cause::<Trouble>()
    {
        refuse("server.host", trouble.clone());
    }
    if !socle_kit::observe::logs::is_filter(values.text("log.level").unwrap_or_default()) {
        let text = "is a level (error, warn, info, debug, trace, off) or directives like info,socle_db=debug";
        refuse("log.level", Trouble::new("setting-no-level", text));
    }
    let production = values.choice("environment").is_ok_and(|environment| environment == "production");
    let secret = values.secret("jwt.secret").ok().flatten();
    if production && secret.is_some_and(|secret| secret.expose().len() < 32) {
        refuse("jwt.secret", Trouble::new("setting-short", "has fewer than 32 bytes"));
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

fn unknown_module(name: &str, known: &[&str]) -> Trouble {
    let known = known.join(", ");
    let text = format!("names {name:?}; the modules are {known}");
    Trouble::new("setting-module", text).arg("value", name).arg("words", known)
}

/// `socle.toml` beside the process, if there is one.
fn default_file() -> Option<PathBuf> {
    let file = PathBuf::from("socle.toml");
    file.is_file().then_some(file)
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
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(|error| {
        let shown = folder.display().to_string();
        let text = format!("the data folder {shown} cannot be made: {error}");
        Trouble::new("data-folder", text).arg("path", shown).io(&error)
    })?;
    Ok(folder)
}
