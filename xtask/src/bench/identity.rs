//! What identity costs: to know a caller, in the process itself, and to sign two hundred people in at once.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use super::client::{self, Connection};
use super::servers::{Data, Programs};
use super::usage;
use crate::process;

/// How many sign in at once, each with an account of their own: more than may wait, so that some are sent away.
const CROWD: usize = 200;
/// What the people of the demonstration sign in with.
const CROWD_PASSWORD: &str = "socle-demo-2026";

/// Microseconds to know who calls.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Costs {
    /// A token that was seen a short while ago.
    pub(crate) remembered_micros: f64,
    /// Verifying a signature.
    pub(crate) signature_micros: f64,
    /// A token that is seen the first time: its signature, and its session in the database.
    pub(crate) first_micros: f64,
}

impl Costs {
    /// Asks Socle itself, on the data of a server that has given this token.
    pub(crate) fn measure(programs: &Programs, data: &Data, token: &str, scratch: &Path) -> Result<Self> {
        let file = scratch.join("token");
        fs::write(&file, token)?;
        let text = process::capture(programs.socle(data).arg("measure").arg(&file))?;
        fs::remove_file(&file)?;
        serde_json::from_str(text.trim()).context("socle measure prints something else")
    }

    /// Of finding the session in the database alone.
    pub(crate) fn session_micros(&self) -> f64 {
        (self.first_micros - self.signature_micros).max(0.0)
    }
}

/// Two hundred people who sign in again and again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crowd {
    /// Sign-ins a second.
    pub(crate) per_second: f64,
    /// Sent away with 503, for a second, since too many waited.
    pub(crate) sent_away: f64,
    /// The most memory that the server held meanwhile.
    pub(crate) peak_mib: f64,
}

impl Crowd {
    /// Lets them in for so many seconds.
    pub(crate) fn measure(server: (u32, u16), names: &[String], seconds: u64) -> Result<Self> {
        let (id, port) = server;
        usage::forget_peak(id)?;
        let start = Instant::now();
        let end = start + Duration::from_secs(seconds);
        let counts: Result<Vec<(u64, u64)>> = thread::scope(|scope| {
            let people: Vec<_> = names
                .iter()
                .cycle()
                .take(CROWD)
                .map(|name| scope.spawn(move || one(port, name, end)))
                .collect();
            people
                .into_iter()
                .map(|person| person.join().unwrap_or_else(|_| anyhow::bail!("a client failed")))
                .collect()
        });
        let took = start.elapsed().as_secs_f64();
        let (let_in, sent_away) = counts?.into_iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        ensure!(let_in > 0, "nobody was signed in");
        Ok(Self {
            per_second: let_in as f64 / took,
            sent_away: sent_away as f64 / took,
            peak_mib: usage::peak_mib(id)?,
        })
    }
}

/// One person: how often signed in, and how often sent away.
fn one(port: u16, name: &str, end: Instant) -> Result<(u64, u64)> {
    let body = json!({ "username": name, "password": CROWD_PASSWORD }).to_string();
    let request = client::request("POST", "/api/v1/auth/login", None, Some(&body));
    let mut connection = Connection::open(port)?;
    let (mut let_in, mut sent_away) = (0, 0);
    while Instant::now() < end {
        match connection.send(&request)?.status {
            200 => let_in += 1,
            503 => {
                sent_away += 1;
                // The answer asks for a second; a crowd is less patient.
                thread::sleep(Duration::from_millis(100));
            }
            status => anyhow::bail!("a sign-in was answered {status}"),
        }
    }
    Ok((let_in, sent_away))
}

/// The names of the people of the demonstration who share a password.
pub(crate) fn crowd(programs: &Programs, data: &Data) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct User {
        username: String,
    }
    const NAMED: &[&str] = &["admin", "marie.martin", "pierre.dubois", "testuser"];
    let mut command: Command = programs.socle(data);
    let text = process::capture(command.args(["user", "list", "--json", "--search", "socle-demo.example"]))?;
    let users: Vec<User> = serde_json::from_str(&text).context("socle user list prints something else")?;
    let names = users.into_iter().map(|user| user.username);
    let names: Vec<String> = names.filter(|name| !NAMED.contains(&name.as_str())).take(CROWD).collect();
    ensure!(names.len() == CROWD, "the demonstration has {} people, not {CROWD}", names.len());
    Ok(names)
}
