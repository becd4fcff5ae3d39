//! `cargo xtask test`: every test, on SQLite and on a throw-away PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::postgres::{Durability, Postgres};
use crate::{aiosmtpd, process, provider, workspace};

/// What `test` may be told.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only on this engine
    #[arg(long)]
    only: Option<Engine>,
    /// Only this crate (may be given several times)
    #[arg(long, short)]
    package: Vec<String>,
    /// Show every test, not only those that fail
    #[arg(long, short)]
    verbose: bool,
    /// Passed to the test programs: a part of a test's name, `--nocapture`, …
    #[arg(last = true)]
    arguments: Vec<String>,
}

impl Options {
    /// Are the tests among them that speak with a mail server?
    fn talks_to_mail_servers(&self) -> bool {
        self.package.is_empty() || self.package.iter().any(|package| package == "socle-mail")
    }

    /// Are the tests among them that sign in at a provider?
    fn talks_to_providers(&self) -> bool {
        self.package.is_empty() || self.package.iter().any(|package| package == "socle-identity-oidc")
    }
}

/// The two engines.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Engine {
    /// The embedded one
    Sqlite,
    /// The server
    Postgres,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// How many tests passed and failed, and how long it took.
#[derive(Clone, Copy, Default)]
struct Tally {
    passed: u64,
    failed: u64,
    time: Duration,
}

/// Runs the tests; an error when one fails.
pub(crate) fn run(options: &Options) -> Result<()> {
    let server = if options.only == Some(Engine::Sqlite) {
        None
    } else {
        println!("starting PostgreSQL");
        Some(Postgres::start(Durability::ThrowAway)?)
    };
    let provider = if options.talks_to_providers() { Some(provider::prepare()?) } else { None };
    let mail_server = if options.talks_to_mail_servers() { Some(aiosmtpd::python()?) } else { None };
    let around = Around { server, provider, mail_server };
    provide_programs()?;
    println!("building the tests");
    let programs = build(options)?;
    let mut tallies = Vec::new();
    let mut complete = true;
    if options.only != Some(Engine::Postgres) {
        let (tally, ok) = on_sqlite(options, &around)?;
        tallies.push((Engine::Sqlite, tally));
        complete &= ok;
    }
    if around.server.is_some() {
        let (tally, ok) = on_postgres(options, &around, &programs)?;
        tallies.push((Engine::Postgres, tally));
        complete &= ok;
    }
    drop(around);
    conclude(&tallies, complete)
}

/// Installs what the tests start besides servers: `oathtool` makes the codes that second factors are tested with.
fn provide_programs() -> Result<()> {
    const PROGRAMS: &[&str] = &["oathtool"];
    let lacking: Vec<&str> =
        PROGRAMS.iter().copied().filter(|program| process::find(program).is_none()).collect();
    if lacking.is_empty() { Ok(()) } else { process::install(&lacking) }
}

/// A program that holds tests.
struct Program {
    path: PathBuf,
    /// Its crate, for the reader.
    package: String,
    /// The folder of its crate, where cargo would run it.
    folder: PathBuf,
}

/// Builds all tests and returns the programs of the crates whose tests depend on the engine: those that
/// use the test kit, and the binary.
fn build(options: &Options) -> Result<Vec<Program>> {
    #[derive(Deserialize)]
    struct Message {
        manifest_path: Option<PathBuf>,
        executable: Option<PathBuf>,
        profile: Option<Profile>,
    }
    #[derive(Deserialize)]
    struct Profile {
        test: bool,
    }

    let dependent: Vec<String> = workspace::packages()?
        .into_iter()
        .filter(|package| package.name == "socle" || package.depends_on("socle-testkit"))
        .map(|package| package.name)
        .collect();
    let mut command = select(options);
    let mut programs = Vec::new();
    let status =
        process::lines(command.args(["--no-run", "--message-format=json-render-diagnostics"]), |line| {
            let Ok(message) = serde_json::from_str::<Message>(line) else { return };
            let (Some(path), Some(manifest)) = (message.executable, message.manifest_path) else { return };
            let Some(folder) = manifest.parent() else { return };
            let Some(package) = package_in(folder) else { return };
            if message.profile.is_some_and(|profile| profile.test) && dependent.contains(&package) {
                programs.push(Program { path, package, folder: folder.to_path_buf() });
            }
        })?;
    ensure!(status.success(), "the tests do not build");
    Ok(programs)
}

fn package_in(folder: &Path) -> Option<String> {
    let manifest: toml::Table = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?.parse().ok()?;
    Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
}

fn select(options: &Options) -> Command {
    let mut command = workspace::cargo();
    command.arg("test");
    if options.package.is_empty() {
        command.arg("--workspace");
    }
    options.package.iter().for_each(|package| {
        command.args(["--package", package]);
    });
    command
}

/// Everything once, documentation tests included.
fn on_sqlite(options: &Options, around: &Around) -> Result<(Tally, bool)> {
    println!("\ntesting on SQLite");
    let mut command = select(options);
    command.arg("--no-fail-fast").env("SOCLE_TEST_DATABASE", Engine::Sqlite.name());
    if !options.arguments.is_empty() {
        command.arg("--").args(&options.arguments);
    }
    around.announce(&mut command);
    let mut tally = Tally::default();
    let started = Instant::now();
    let status = watch(&mut command, options, &mut tally)?;
    tally.time = started.elapsed();
    Ok((tally, status))
}

/// The same programs again, for the crates where the engine matters. They are started directly: asking
/// cargo for a part of the workspace would unify features anew and build much of it a second time.
fn on_postgres(options: &Options, around: &Around, programs: &[Program]) -> Result<(Tally, bool)> {
    println!("\ntesting on PostgreSQL");
    let mut tally = Tally::default();
    let mut complete = true;
    let started = Instant::now();
    for program in programs {
        println!("     Running {} ({})", program.package, program.path.display());
        let mut command = Command::new(&program.path);
        command
            .args(&options.arguments)
            .current_dir(&program.folder)
            .env("CARGO_MANIFEST_DIR", &program.folder)
            .env("CARGO_PKG_NAME", &program.package)
            .env("SOCLE_TEST_DATABASE", Engine::Postgres.name());
        around.announce(&mut command);
        complete &= watch(&mut command, options, &mut tally)?;
    }
    tally.time = started.elapsed();
    Ok((tally, complete))
}

/// What tests speak to besides Socle.
struct Around {
    server: Option<Postgres>,
    /// The folder of the OpenID provider.
    provider: Option<PathBuf>,
    /// The Python that has a mail server.
    mail_server: Option<PathBuf>,
}

impl Around {
    /// Tells the tests where the throw-away server is, its programs (for tests that start more of them), the
    /// provider and the mail server.
    fn announce(&self, command: &mut Command) {
        if let Some(server) = &self.server {
            command.env("SOCLE_TEST_POSTGRES", server.url("postgres")).env("SOCLE_PG_BIN", server.bin());
        }
        if let Some(folder) = &self.provider {
            command.env("SOCLE_OIDC_PROVIDER", folder);
        }
        if let Some(python) = &self.mail_server {
            command.env("SOCLE_TEST_AIOSMTPD", python);
        }
    }
}

/// Runs the tests, adds up their results, and shows what a reader wants to see.
fn watch(command: &mut Command, options: &Options, tally: &mut Tally) -> Result<bool> {
    let everything = options.verbose || !options.arguments.is_empty();
    let status = process::lines(command, |line| {
        if let Some((passed, failed)) = result(line) {
            tally.passed += passed;
            tally.failed += failed;
            if passed + failed == 0 && !everything {
                return;
            }
        }
        if everything || !is_routine(line) {
            println!("{line}");
        }
    })?;
    Ok(status.success())
}

/// The figures of `test result: ok. 3 passed; 0 failed; …`.
fn result(line: &str) -> Option<(u64, u64)> {
    let figures = line.strip_prefix("test result: ")?;
    let figure = |name: &str| -> Option<u64> {
        let (before, _) = figures.split_once(name)?;
        before.trim_end().rsplit(' ').next()?.parse().ok()
    };
    Some((figure("passed;")?, figure("failed;")?))
}

fn is_routine(line: &str) -> bool {
    let passed =
        line.starts_with("test ") && (line.ends_with("... ok") || line.ends_with("- should panic ... ok"));
    passed || line.is_empty() || (line.starts_with("running ") && line.contains(" test"))
}

fn conclude(tallies: &[(Engine, Tally)], complete: bool) -> Result<()> {
    println!();
    let mut total = Tally::default();
    for (engine, tally) in tallies {
        println!("{}: {}", engine.name(), sentence(tally));
        total.passed += tally.passed;
        total.failed += tally.failed;
        total.time += tally.time;
    }
    println!("{}", sentence(&total));
    ensure!(total.failed == 0, "{} tests failed", total.failed);
    if !complete {
        bail!("a test program did not end well");
    }
    (total.passed > 0).then_some(()).context("no test ran")
}

fn sentence(tally: &Tally) -> String {
    format!("{} passed, {} failed in {:.1} s", tally.passed, tally.failed, tally.time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_result_line_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(result(line), Some((12, 3)));
        assert_eq!(result("test result_is_shown ... ok"), None);
    }

    #[test]
    fn passing_tests_are_routine_and_failing_ones_are_shown() {
        assert!(is_routine("test a::b ... ok"));
        assert!(is_routine("running 12 tests"));
        assert!(!is_routine("test a::b ... FAILED"));
        assert!(!is_routine("thread 'a' panicked at src/lib.rs:3:4"));
    }

    #[test]
    fn a_failed_test_and_a_crashed_program_and_an_empty_run_are_errors() {
        let tally = |passed, failed| vec![(Engine::Sqlite, Tally { passed, failed, time: Duration::ZERO })];
        assert!(conclude(&tally(3, 0), true).is_ok());
        assert!(conclude(&tally(3, 1), true).is_err());
        assert!(conclude(&tally(3, 0), false).is_err());
        assert!(conclude(&tally(0, 0), true).is_err());
    }
}
