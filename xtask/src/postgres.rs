//! A throw-away PostgreSQL server: its own data, its own port, gone when the task ends.
//!
//! It never touches a server that is already there. PostgreSQL refuses to run as root, so root runs it
//! as the user `postgres` that Debian's package makes.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, bail, ensure};

use crate::process;

/// What the server promises about its data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing survives a crash of the machine: quick, for tests.
    ThrowAway,
    /// A commit is on the disk when it is answered: for measurements.
    Real,
}

/// A running server; stopped and removed when dropped.
pub(crate) struct Postgres {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
}

/// The first word of the folders' names, by which a later run finds what a killed one left behind.
const FOLDER: &str = "socle-postgres-";
static COUNT: AtomicU32 = AtomicU32::new(0);

impl Postgres {
    /// Starts a server, installing PostgreSQL first if the machine has none.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let bin = find_or_install()?;
        sweep(&bin);
        let mut last = None;
        for _ in 0..3 {
            // Between the search for a free port and its use somebody else may take it: try again then.
            match Self::start_once(&bin, durability) {
                Ok(server) => return Ok(server),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| anyhow::anyhow!("PostgreSQL does not start")))
    }

    fn start_once(bin: &Path, durability: Durability) -> Result<Self> {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let server = Self { bin: bin.to_path_buf(), folder, port: free_port()? };
        if process::is_root() {
            process::run(Command::new("chown").arg("postgres").arg(&server.folder))
                .context("root runs PostgreSQL as the user postgres, whom Debian's package makes")?;
        }
        let data = server.data();
        process::run(
            server
                .command("initdb")
                .arg("-D")
                .arg(&data)
                .args(["-U", "socle", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
                .stdout(Stdio::null()),
        )?;
        let settings = data.join("postgresql.auto.conf");
        let text = format!("{}{}", fs::read_to_string(&settings)?, server.settings(durability));
        fs::write(&settings, text)?;
        let log = server.folder.join("log");
        let started = process::run(
            server
                .command("pg_ctl")
                .arg("-D")
                .arg(&data)
                .arg("-l")
                .arg(&log)
                .args(["-w", "-t", "60", "start"])
                .stdout(Stdio::null()),
        );
        if let Err(error) = started {
            let told = fs::read_to_string(&log).unwrap_or_default();
            bail!("PostgreSQL does not start: {error:#}\n{told}");
        }
        Ok(server)
    }

    fn settings(&self, durability: Durability) -> String {
        let durable = match durability {
            Durability::ThrowAway => "fsync = off\nfull_page_writes = off\n",
            Durability::Real => "fsync = on\nfull_page_writes = on\n",
        };
        format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = ''\nmax_connections = 300\n\
             synchronous_commit = on\nwal_level = replica\nmax_wal_senders = 20\nhot_standby = on\n\
             shared_buffers = 256MB\nlogging_collector = off\n{durable}",
            self.port
        )
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://socle@127.0.0.1:{}/{database}", self.port)
    }

    /// The folder of its programs.
    pub(crate) fn bin(&self) -> &Path {
        &self.bin
    }

    /// Runs one SQL command in the database `postgres`.
    pub(crate) fn execute(&self, sql: &str) -> Result<()> {
        let status = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url("postgres"), "-c", sql])
            .stdin(Stdio::null())
            .status()
            .context("cannot start psql")?;
        ensure!(status.success(), "PostgreSQL refuses: {sql}");
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, program: &str) -> Command {
        command(&self.bin, program)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        remove(&self.bin, &self.folder);
    }
}

/// A program of PostgreSQL, as a user that it accepts.
fn command(bin: &Path, program: &str) -> Command {
    let path = bin.join(program);
    let mut command = if process::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    // The caller's folder may be closed to that user, and PGDATA and its like must not lead it astray.
    command.current_dir("/");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command
}

/// Stops the server of that folder, if it runs, and removes the folder.
fn remove(bin: &Path, folder: &Path) {
    let data = folder.join("data");
    if data.join("postmaster.pid").exists() {
        let _ = command(bin, "pg_ctl")
            .arg("-D")
            .arg(&data)
            .args(["-m", "immediate", "-w", "-t", "30", "stop"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
    let _ = fs::remove_dir_all(folder);
}

/// Removes the servers of tasks that were killed before they could do it themselves.
fn sweep(bin: &Path) {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let owner = name.strip_prefix(FOLDER).and_then(|rest| rest.split('-').next());
        if owner.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
            remove(bin, &entry.path());
        }
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn find_or_install() -> Result<PathBuf> {
    if let Some(bin) = find() {
        return Ok(bin);
    }
    keep_debian_from_starting_its_own();
    process::install(&["postgresql"])?;
    find().context("PostgreSQL is installed, but its programs are not in /usr/lib/postgresql/*/bin")
}

/// Debian's package makes and starts a server of its own, unless it is told not to. Nobody here needs it.
fn keep_debian_from_starting_its_own() {
    let folder = Path::new("/etc/postgresql-common");
    if process::is_root() && !folder.exists() && fs::create_dir_all(folder).is_ok() {
        let _ = fs::write(folder.join("createcluster.conf"), "create_main_cluster = false\n");
    }
}

/// The newest PostgreSQL that has a server: Debian's folders first, then the PATH.
fn find() -> Option<PathBuf> {
    let complete =
        |bin: &PathBuf| ["initdb", "pg_ctl", "postgres", "psql"].iter().all(|p| bin.join(p).is_file());
    let version = |bin: &PathBuf| -> u32 {
        let folder = bin.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        folder.and_then(|name| name.parse().ok()).unwrap_or(0)
    };
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = installed.map(|entry| entry.path().join("bin")).filter(complete).max_by_key(version);
    newest.or_else(|| process::find("initdb")?.parent().map(Path::to_path_buf).filter(complete))
}
