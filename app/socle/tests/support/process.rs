//! The real binary as a process of its own, on a free port, with its own folder and database.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use socle_kit::db::Settings;
use socle_testkit::Throwaway;

/// A place for the binary to work in.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    database: Option<Throwaway>,
}

/// A running server.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    pub(crate) banner: Vec<String>,
}

impl Place {
    /// An empty place: on SQLite a folder, on PostgreSQL an empty database too.
    pub(crate) fn new() -> Self {
        let postgres = std::env::var("SOCLE_TEST_DATABASE").is_ok_and(|engine| engine == "postgres");
        let database = postgres.then(|| Throwaway::from_env(&[]).unwrap());
        Self { folder: tempfile::tempdir().unwrap(), database }
    }

    /// May several servers work here? With a database server, not with a file.
    pub(crate) fn is_shareable(&self) -> bool {
        self.database.is_some()
    }

    /// Changes rows behind the servers' back.
    pub(crate) fn change(&self, sql: &'static str) {
        let database = self.database.as_ref().unwrap();
        let changed = database.db().write_blocking(move |tx| tx.exec(sql, &[])).unwrap();
        assert!(changed > 0, "{sql} changed nothing");
    }

    /// The database of this place, for who looks into it from outside.
    pub(crate) fn database_settings(&self) -> Settings {
        match &self.database {
            Some(database) => Settings::new(database.settings().url.expose().clone()),
            None => Settings::new(format!("sqlite:{}", self.data().join("socle.db").display())),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The binary with these arguments, seeing nothing of the tester's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_socle"));
        command
            .args(arguments)
            .env_clear()
            .current_dir(self.folder.path())
            .env("SOCLE_DATA_DIR", self.data());
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database.settings().url.expose());
        }
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Starts the server on a free port and waits for its banner.
    pub(crate) fn serve(&self, variables: &[(&str, &str)]) -> Running {
        self.start(variables, Stdio::null())
    }

    /// The same, with what it logs in this file.
    pub(crate) fn serve_logging(&self, variables: &[(&str, &str)], log: &Path) -> Running {
        self.start(variables, std::fs::File::create(log).unwrap().into())
    }

    fn start(&self, variables: &[(&str, &str)], log: Stdio) -> Running {
        let mut child = self
            .command(&["serve"])
            .env("PORT", "0")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let banner: Vec<String> = lines.by_ref().take(5).map(|line| line.unwrap()).collect();
        // The rest must be read, or the server would one day wait for us.
        std::thread::spawn(move || lines.for_each(drop));
        let first = banner.first().unwrap_or_else(|| panic!("the server said nothing"));
        let address = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        let running = Running { child, address, banner };
        running.wait_until_ready();
        running
    }
}

impl Running {
    fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while reqwest::blocking::get(format!("{}/ready", self.address))
            .map_or(true, |r| !r.status().is_success())
        {
            assert!(Instant::now() < deadline, "the server is not ready in 20 seconds");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: no farewell.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and the exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}
