//! A PostgreSQL server of one's own, and a streaming replica of it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A running server; it ends when this is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    data: PathBuf,
    _folder: TempDir,
}

impl Server {
    /// A new server, empty.
    pub(crate) fn primary() -> Self {
        let (folder, data) = folder();
        run(
            "initdb",
            &["-D", text(&data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
        );
        Self::start(folder, data, "")
    }

    /// A new server that speaks TLS only, with a certificate for `localhost`; and the file with its issuer.
    pub(crate) fn with_tls() -> (Self, PathBuf) {
        let (folder, data) = folder();
        run(
            "initdb",
            &["-D", text(&data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
        );
        let (key, certificate) = (data.join("server.key"), data.join("server.crt"));
        let made = as_postgres(Path::new("openssl"))
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
            .args([
                "-addext",
                "subjectAltName=DNS:localhost",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ])
            .args(["-keyout", text(&key), "-out", text(&certificate)])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        std::fs::write(data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\nlocal all all trust\n")
            .unwrap();
        (Self::start(folder, data, "-c ssl=on"), certificate)
    }

    /// A streaming replica.
    pub(crate) fn replica(&self) -> Self {
        let (folder, data) = folder();
        let port = self.port.to_string();
        run(
            "pg_basebackup",
            &["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-D", text(&data), "-R", "-X", "stream"],
        );
        Self::start(folder, data, "")
    }

    fn start(folder: TempDir, data: PathBuf, options: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off {options}",
            folder.path().display()
        );
        let log = data.join("log");
        run("pg_ctl", &["-D", text(&data), "-w", "-l", text(&log), "-o", &options, "start"]);
        Self { port, data, _folder: folder }
    }

    pub(crate) fn stop(&self) {
        run("pg_ctl", &["-D", text(&self.data), "-w", "-m", "immediate", "stop"]);
    }

    pub(crate) fn url(&self, host: &str, parameters: &str) -> String {
        format!("postgres://postgres@{host}:{}/postgres?{parameters}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop =
            as_postgres(&tool("pg_ctl")).args(["-D", text(&self.data), "-m", "immediate", "stop"]).output();
        drop(stop);
    }
}

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::with_prefix("socle-pg-").unwrap();
    let owned = Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap();
    // A user who is not root owns the folder already, and runs the server.
    assert!(owned.success() || !is_root());
    let data = folder.path().join("data");
    (folder, data)
}

fn run(name: &str, arguments: &[&str]) {
    let output =
        as_postgres(&tool(name)).args(arguments).stdout(std::process::Stdio::null()).status().unwrap();
    assert!(output.success(), "{name} failed");
}

/// The server refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").map(|data| std::os::unix::fs::MetadataExt::uid(&data) == 0).unwrap()
}

/// The newest installed version of a program of the server's.
fn tool(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").unwrap().map(|version| version.unwrap().path());
    let newest =
        versions.max_by_key(|path| path.file_name().unwrap().to_string_lossy().parse::<u32>().unwrap_or(0));
    newest.unwrap().join("bin").join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
