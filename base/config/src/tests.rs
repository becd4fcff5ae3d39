//! Facts about loading: which source wins, what is refused, what is shown.

use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use crate::SettingKind::{Bool, Choice, Integer, List, Networks, Quota, Secret, Size, Url};
use crate::*;

const SETTINGS: &[Setting] = &[
    Setting::new("server.port", Integer { min: 0, max: 65_535 }, "8080", "Port.").env("PORT"),
    Setting::new("environment", Choice(&["development", "production"]), "development", "Mode.")
        .aliases(&["NODE_ENV"]),
    Setting::new("server.wait", SettingKind::Duration, "30s", "Wait."),
    Setting::new("server.limit", Size, "1MiB", "Limit."),
    Setting::new("server.proxies", Networks, "127.0.0.1", "Proxies.").env("TRUSTED_PROXIES"),
    Setting::new("limits.api_ip", Quota, "100/1m", "Limit per address."),
    Setting::new("jwt.secret", Secret, "", "Key."),
    Setting::new("database.url", Url, "", "Database."),
    Setting::new("cors.origins", List, "", "Origins."),
    Setting::new("docs.enabled", Bool, "true", "Docs."),
    Setting::new("data_dir", SettingKind::Path, "./data", "Data.").env("SOCLE_DATA_DIR"),
];

fn specification() -> Specification {
    Specification::new([SETTINGS]).unwrap()
}

fn environment(pairs: &[(&str, &str)]) -> Sources {
    let environment = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Sources { environment, ..Sources::default() }
}

fn load(sources: &Sources) -> Values {
    Values::load(&specification(), sources).unwrap_or_else(|problems| panic!("{}", lines(&problems)))
}

fn problems(sources: &Sources) -> String {
    lines(&Values::load(&specification(), sources).expect_err("a problem"))
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn each_source_is_stronger_than_the_one_before_it() {
    let folder = TempDir::new().unwrap();
    let port = |sources: &Sources| {
        let values = load(sources);
        (values.integer("server.port").unwrap(), values.source("server.port").unwrap().to_string())
    };
    let mut sources = Sources::default();
    assert_eq!(port(&sources), (8080, "default".into()));
    sources.profile = Some(("music".into(), "[server]\nport = 1"));
    assert_eq!(port(&sources), (1, "profile music:2".into()));
    let file = write(&folder, "socle.toml", "# first\n[server]\n\nport = 2\n");
    sources.file = Some(file.clone());
    assert_eq!(port(&sources), (2, format!("{}:4", file.display())));
    let dotenv = write(&folder, ".env", "# first\nexport PORT=3\n");
    sources.dotenv = Some(dotenv.clone());
    assert_eq!(port(&sources), (3, format!("{}:2", dotenv.display())));
    sources.environment = vec![("PORT".into(), "4".into())];
    assert_eq!(port(&sources), (4, "environment PORT".into()));
    sources.flags = vec![("port".into(), "5".into())];
    assert_eq!(port(&sources), (5, "flag --port".into()));
    assert_eq!(Values::peek(&specification(), &sources, "server.port").as_deref(), Some("5"));
}

#[test]
fn an_empty_value_counts_as_unset_but_an_empty_list_does_not() {
    let mut sources = environment(&[("PORT", " "), ("TRUSTED_PROXIES", "")]);
    assert_eq!(load(&sources).integer("server.port").unwrap(), 8080);
    assert_eq!(load(&sources).networks("server.proxies").unwrap().len(), 1);
    sources.profile = Some(("p".into(), "[server]\nproxies = []"));
    assert_eq!(load(&sources).networks("server.proxies").unwrap().len(), 0);
}

#[test]
fn an_alias_speaks_only_when_nothing_of_ours_does() {
    let mut sources = environment(&[("NODE_ENV", "production")]);
    sources.profile = Some(("p".into(), "environment = 'development'"));
    assert_eq!(load(&sources).choice("environment").unwrap(), "production");
    let folder = TempDir::new().unwrap();
    sources.file = Some(write(&folder, "socle.toml", "environment = 'development'"));
    assert_eq!(load(&sources).choice("environment").unwrap(), "development");
}

#[test]
fn every_problem_is_reported_at_once_with_its_place() {
    let folder = TempDir::new().unwrap();
    let file =
        write(&folder, "socle.toml", "data_dir = 3\n[server]\nprot = 1\nwait = 'soon'\n[servr]\nport = 1\n");
    let dotenv = write(&folder, ".env", "nonsense\nSOCLE_DATA_DRI=x\nOTHER=ignored\n");
    let mut sources =
        environment(&[("LIMITS_API_PI", "1/1s"), ("LIMITS_API_IP", "many"), ("SHELL", "/bin/sh")]);
    sources.flags = vec![("prot".into(), "1".into()), ("docs.enabled".into(), "perhaps".into())];
    sources.file = Some(file.clone());
    sources.dotenv = Some(dotenv.clone());
    let (file, dotenv) = (file.display(), dotenv.display());
    let all = problems(&sources);
    for expected in [
        format!("{file}:1: data_dir is not of the right type (expected: path)\n"),
        format!("{file}:3: server.prot is not a setting; did you mean server.port?\n"),
        format!("{file}:4: server.wait is not valid: \"soon\""),
        format!("{file}:6: servr.port is not a setting; did you mean server.port?\n"),
        format!("{dotenv}:1: is not NAME=value\n"),
        format!("{dotenv}:2: SOCLE_DATA_DRI is not a setting; did you mean SOCLE_DATA_DIR?\n"),
        "environment LIMITS_API_PI: LIMITS_API_PI is not a setting; did you mean LIMITS_API_IP?\n".to_owned(),
        "environment LIMITS_API_IP: limits.api_ip is not valid: \"many\"".to_owned(),
        "flag --prot: prot is not a setting; did you mean --port?\n".to_owned(),
        "flag --docs.enabled: docs.enabled is not valid".to_owned(),
    ] {
        assert!(all.contains(&expected), "missing {expected}in\n{all}");
    }
    assert_eq!(all.lines().count(), 10, "{all}");
}

#[test]
fn a_name_that_resembles_nothing_has_no_nearest() {
    let sources = environment(&[("SOCLE_ZZZZZZZZ", "1")]);
    assert_eq!(problems(&sources), "environment SOCLE_ZZZZZZZZ: SOCLE_ZZZZZZZZ is not a setting\n");
}

#[test]
fn a_wrong_value_is_refused_even_where_a_stronger_one_replaces_it() {
    let mut sources = environment(&[("PORT", "99999")]);
    sources.flags = vec![("port".into(), "1".into())];
    assert!(problems(&sources).contains("environment PORT: server.port is not valid: \"99999\""));
}

#[test]
fn a_file_that_is_not_toml_or_not_there_is_a_problem_and_a_missing_dotenv_is_not() {
    let folder = TempDir::new().unwrap();
    let broken = write(&folder, "socle.toml", "a = 1\na = 2\n");
    let sources = |file: PathBuf| Sources { file: Some(file), ..Sources::default() };
    assert!(problems(&sources(broken)).contains("socle.toml:2: is not TOML"));
    assert!(problems(&sources(folder.path().join("none.toml"))).contains("none.toml: cannot be read"));
    load(&Sources { dotenv: Some(folder.path().join(".env")), ..Sources::default() });
}

#[test]
fn a_secret_is_read_from_its_file_without_the_final_line_end() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "key", " hunter2\n\n");
    let sources = environment(&[("JWT_SECRET_FILE", path.to_str().unwrap())]);
    let values = load(&sources);
    assert_eq!(values.secret("jwt.secret").unwrap().unwrap().expose(), " hunter2\n");
    assert_eq!(values.source("jwt.secret").unwrap(), &Source::Environment("JWT_SECRET_FILE".into()));
}

#[test]
fn a_secret_file_that_others_may_read_is_accepted_with_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "key", "hunter2");
    let warnings = |mode| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        lines(load(&environment(&[("JWT_SECRET_FILE", path.to_str().unwrap())])).warnings())
    };
    assert_eq!(warnings(0o600), "");
    assert!(warnings(0o640).contains("jwt.secret is read from"));
}

#[test]
fn a_secret_given_twice_or_from_a_missing_or_empty_file_is_a_problem() {
    let folder = TempDir::new().unwrap();
    let empty = write(&folder, "empty", "\n");
    let twice = environment(&[("JWT_SECRET", "a"), ("JWT_SECRET_FILE", "/nowhere")]);
    assert!(problems(&twice).contains("given twice: by JWT_SECRET and by JWT_SECRET_FILE"));
    assert!(problems(&environment(&[("JWT_SECRET_FILE", "/nowhere")])).contains("/nowhere cannot be read"));
    assert!(problems(&environment(&[("JWT_SECRET_FILE", empty.to_str().unwrap())])).contains("is empty"));
}

#[test]
fn nothing_that_is_shown_holds_a_secret() {
    let mut sources =
        environment(&[("JWT_SECRET", "hunter2"), ("DATABASE_URL", "postgres://socle:hunter2@db/socle")]);
    sources.flags = vec![("jwt-secret".into(), "hunter2".into())];
    let values = load(&sources);
    let shown = show(&values);
    let value = |key: &str| shown.iter().find(|shown| shown.key == key).unwrap().value.as_str();
    assert_eq!(value("jwt.secret"), "[set]");
    assert_eq!(value("database.url"), "postgres://socle:***@db/socle");
    assert_eq!(value("server.port"), "8080");
    assert!(!format!("{shown:?}{values:?}{}", lines(values.warnings())).contains("hunter2"));
    assert_eq!(values.url("database.url").unwrap(), Some("postgres://socle:hunter2@db/socle"));
    assert!(lines(values.warnings()).contains("secret on the command line"));
}

#[test]
fn values_are_typed_and_a_wrong_question_is_our_fault() {
    let values = load(&environment(&[("LIMITS_API_IP", "off"), ("CORS_ORIGINS", "https://a, https://b")]));
    assert_eq!(values.duration("server.wait").unwrap(), Duration::from_secs(30));
    assert_eq!(values.size("server.limit").unwrap(), 1_048_576);
    assert_eq!(values.quota("limits.api_ip").unwrap(), None);
    assert_eq!(values.list("cors.origins").unwrap(), ["https://a", "https://b"]);
    assert_eq!(values.url("database.url").unwrap(), None);
    assert!(values.secret("jwt.secret").unwrap().is_none());
    assert!(values.bool("docs.enabled").unwrap());
    assert_eq!(values.text("server.port").unwrap_err().code(), socle_kernel::codes::INTERNAL_ERROR);
    assert_eq!(values.text("nowhere").unwrap_err().code(), socle_kernel::codes::INTERNAL_ERROR);
}

#[test]
fn the_default_file_uncommented_loads_and_changes_nothing() {
    let specification = Specification::new([BASE]).unwrap();
    let text: String = default_toml(&specification)
        .lines()
        .map(|line| {
            format!("{}\n", line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
        })
        .collect();
    let folder = TempDir::new().unwrap();
    let sources = Sources { file: Some(write(&folder, "socle.toml", &text)), ..Sources::default() };
    let values =
        Values::load(&specification, &sources).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
    let defaults = Values::load(&specification, &Sources::default()).unwrap();
    for (from_file, default) in show(&values).iter().zip(show(&defaults)) {
        assert_eq!((from_file.key, &from_file.value), (default.key, &default.value));
    }
    assert!(values.is_set("server.port").unwrap());
}

#[test]
fn the_example_environment_uncommented_loads() {
    let specification = Specification::new([BASE]).unwrap();
    let example = env_example(&specification);
    let text: String = example
        .lines()
        .map(|line| {
            format!("{}\n", line.strip_prefix("# ").filter(|rest| rest.contains('=')).unwrap_or(line))
        })
        .collect();
    let folder = TempDir::new().unwrap();
    let sources = Sources { dotenv: Some(write(&folder, ".env", &text)), ..Sources::default() };
    let values =
        Values::load(&specification, &sources).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
    assert!(values.is_set("data_dir").unwrap());
    assert!(example.contains("## Or JWT_SECRET_FILE"));
}
