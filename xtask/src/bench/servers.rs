//! Starting a contender on its data, and stopping it.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::client::{self, Connection};
use super::plan::{Contender, EMAIL, PASSWORD};
use crate::process::{self, Running};
use crate::{interrupt, workspace};

/// Where a contender finds its data.
pub(crate) struct Data {
    /// The database.
    pub(crate) url: String,
    /// Socle's folder: its keys, and the database when that is a file.
    pub(crate) folder: PathBuf,
}

/// The release builds.
pub(crate) struct Programs {
    socle: PathBuf,
    bare: PathBuf,
}

/// A contender that answers.
pub(crate) struct Server {
    running: Running,
    pub(crate) port: u16,
    /// From its start to its first answer.
    pub(crate) start_ms: f64,
}

impl Programs {
    /// Builds both as they would be delivered.
    pub(crate) fn build() -> Result<Self> {
        let packages = ["--package", "socle", "--package", "bench-bare"];
        process::run(workspace::cargo().args(["build", "--release", "--bins"]).args(packages))?;
        let folder = workspace::target_directory()?.join("release");
        Ok(Self { socle: folder.join("socle"), bare: folder.join("bench-bare") })
    }

    /// Starts a contender and waits for its first answer.
    pub(crate) fn start(&self, contender: Contender, data: &Data) -> Result<Server> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = match contender {
            Contender::Socle => {
                let mut command = self.socle(data);
                command.arg("serve").env("HOST", "127.0.0.1").env("PORT", port.to_string());
                command
            }
            Contender::Bare => {
                let mut command = Command::new(&self.bare);
                command.args(["serve", "--database", &data.url, "--port", &port.to_string()]);
                command
            }
        };
        let log = data.folder.with_extension(format!("{}.log", contender.name()));
        command.stdout(File::create(&log)?).stderr(File::options().append(true).open(&log)?);
        let started = Instant::now();
        let mut running = Running::start(&mut command)?;
        let ready = client::request("GET", "/ready", None, None);
        loop {
            let answer = Connection::open(port).and_then(|mut connection| connection.send(&ready));
            if answer.is_ok_and(|answer| answer.status == 200) {
                break;
            }
            let ended = running.ended()?.is_some();
            if ended || interrupt::happened() || started.elapsed() > Duration::from_secs(30) {
                let told = std::fs::read_to_string(&log).unwrap_or_default();
                bail!("{} does not start:\n{told}", contender.name());
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        Ok(Server { running, port, start_ms: started.elapsed().as_secs_f64() * 1000.0 })
    }

    /// The product on this data, with nothing changed but the limits on requests.
    pub(crate) fn socle(&self, data: &Data) -> Command {
        let mut command = Command::new(&self.socle);
        command
            .env("DATABASE_URL", &data.url)
            .env("SOCLE_DATA_DIR", &data.folder)
            .env("SOCLE_ADMIN_EMAIL", EMAIL)
            .env("SOCLE_ADMIN_PASSWORD", PASSWORD);
        for policy in RAISED_LIMITS {
            command.env(policy, "1000000000/1m");
        }
        command
    }

    /// How long one password hash takes on one CPU with nothing else to do, in milliseconds.
    pub(crate) fn hash_ms(&self) -> Result<f64> {
        let text = process::capture(Command::new(&self.bare).arg("hash-time"))?;
        text.trim().parse().context("an odd hash time")
    }
}

/// The limits that stand in a load generator's way.
const RAISED_LIMITS: &[&str] = &["LIMITS_API_IP", "LIMITS_API_USER", "LIMITS_LOGIN"];

impl Server {
    pub(crate) fn id(&self) -> u32 {
        self.running.id()
    }

    /// Asks it to stop, as an operator would, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let id = self.running.id();
        ensure!(self.running.ended()?.is_none(), "the server ended by itself");
        process::run(Command::new("kill").args(["-TERM", &id.to_string()]))?;
        let asked = Instant::now();
        while self.running.ended()?.is_none() {
            ensure!(asked.elapsed() < Duration::from_secs(60), "the server does not stop");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}
