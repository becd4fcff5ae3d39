//! A real mail server as a process: Python's aiosmtpd.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use serde_json::{Value, json};

use super::world::NEVER;

/// A running mail server; ended when dropped.
pub(super) struct Sink {
    child: Child,
    said: mpsc::Receiver<Value>,
    pub(super) port: u16,
}

impl Sink {
    /// One that takes everything.
    pub(super) fn start() -> Self {
        Self::with(json!({}))
    }

    /// One that is as these options say (see `sink.py`).
    #[expect(clippy::needless_pass_by_value, reason = "options are written where they are given")]
    pub(super) fn with(options: Value) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/sink.py");
        let mut child = Command::new(python())
            .arg(script)
            .arg(options.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (tell, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _nobody_listens = tell.send(serde_json::from_str(&line).unwrap());
            }
        });
        let listening: Value = said.recv_timeout(NEVER).expect("the mail server listens");
        let port = u16::try_from(listening["port"].as_u64().unwrap()).unwrap();
        Self { child, said, port }
    }

    pub(super) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What it says next.
    #[track_caller]
    pub(super) fn next(&self) -> Value {
        self.said.recv_timeout(NEVER).expect("the mail server is spoken to")
    }

    /// The next message it was handed.
    #[track_caller]
    pub(super) fn message(&self) -> Value {
        let said = self.next();
        assert_eq!(said["event"], "message", "{said}");
        said
    }

    /// What it has said and nobody has heard.
    pub(super) fn rest(&self) -> Vec<Value> {
        self.said.try_iter().collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The Python that has aiosmtpd: `cargo xtask test` makes it and says where.
fn python() -> PathBuf {
    if let Some(python) = std::env::var_os("SOCLE_TEST_AIOSMTPD") {
        return python.into();
    }
    let made = "target/tools/aiosmtpd/bin/python";
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(made);
    assert!(python.exists(), "there is no {made}: `cargo xtask test -p socle-mail` makes it");
    python
}

/// A certificate for `localhost` and its key, in this folder.
pub(super) fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let (key, certificate) = (folder.join("server.key"), folder.join("server.crt"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    (certificate, key)
}
