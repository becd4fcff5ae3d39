//! From the command line, the environment and the files to the settings in force.

use std::path::PathBuf;

use socle_kit::config::{Problem, Setting, SettingKind, Source, Sources, Specification, Values};
use socle_kit::kernel::{Error, Result};
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
        let known: Vec<&str> = profiles::PROFILES.iter().map(|(name, _)| *name).collect();
        let reason = format!("there is no profile {wanted:?}; the profiles are {}", known.join(", "));
        return Ok(Err(vec![Problem::new("profile", Source::Default, reason)]));
    };
    sources.profile = Some((name.to_owned(), text));
    Ok(Values::load(&specification, &sources).and_then(|values| check(&specification, values)))
}

/// What no single setting can see.
fn check(_: &Specification, values: Values) -> std::result::Result<Values, Vec<Problem>> {
    let enabled = values.list("modules.enabled").unwrap_or_default();
    let unknown: Vec<Problem> = enabled
        .iter()
        .filter(|name| !MODULES.iter().any(|module| module.name == name.as_str()))
        .map(|name| {
            let known: Vec<&str> = MODULES.iter().map(|module| module.name).collect();
            let source = values.source("modules.enabled").cloned().unwrap_or(Source::Default);
            Problem::new(
                "modules.enabled",
                source,
                format!("there is no module {name:?}; the modules are {}", known.join(", ")),
            )
        })
        .collect();
    if unknown.is_empty() { Ok(values) } else { Err(unknown) }
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

/// Is this a server for others than this machine, or in production? Then weak defaults are refused.
pub fn is_exposed(values: &Values) -> Result<bool> {
    let host = values.text("server.host")?;
    let loopback =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    Ok(!loopback || values.choice("environment")? == "production")
}

/// The data folder, made when missing, for its owner alone.
pub fn data_dir(values: &Values) -> Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let folder = values.path("data_dir")?.to_path_buf();
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(|error| {
        Error::internal(format!("the data folder {} cannot be made: {error}", folder.display()))
    })?;
    Ok(folder)
}
