//! The data that both contenders serve: made once by Socle, copied anew for every start.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use super::client::{self, Connection};
use super::plan::{Contender, Known, announcement_body, sign_in_body};
use super::servers::{Data, Programs};
use crate::postgres::Postgres;
use crate::process;

/// The data to copy from.
pub(crate) struct Template<'a> {
    data: Data,
    postgres: Option<&'a Postgres>,
    pub(crate) known: Known,
    /// How long the very first start took: new database, new keys, every migration.
    pub(crate) first_start_ms: f64,
}

const TEMPLATE: &str = "bench_template";
const COPY: &str = "bench_copy";

impl<'a> Template<'a> {
    /// Has Socle make its data in `folder`: the demo company and `announcements` announcements.
    pub(crate) fn make(
        programs: &Programs,
        postgres: Option<&'a Postgres>,
        folder: &Path,
        announcements: usize,
    ) -> Result<Self> {
        let folder = folder.join("template");
        std::fs::create_dir_all(&folder)?;
        let url = match postgres {
            Some(server) => {
                server.execute(&format!("CREATE DATABASE {TEMPLATE}"))?;
                server.url(TEMPLATE)
            }
            None => format!("sqlite:{}", folder.join("socle.db").display()),
        };
        let data = Data { url, folder };
        let server = programs.start(Contender::Socle, &data)?;
        let first_start_ms = server.start_ms;
        server.stop()?;
        process::run(programs.socle(&data).args(["seed", "--demo"]).stdout(Stdio::null()))?;
        let server = programs.start(Contender::Socle, &data)?;
        let known = fill(server.port, announcements)?;
        server.stop()?;
        Ok(Self { data, postgres, known, first_start_ms })
    }

    /// A copy of it that nobody has written to.
    pub(crate) fn fresh(&self, folder: &Path) -> Result<Data> {
        let folder = folder.join("copy");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        process::run(Command::new("cp").arg("-r").arg(&self.data.folder).arg(&folder))?;
        let url = match self.postgres {
            Some(server) => {
                server.execute(&format!("DROP DATABASE IF EXISTS {COPY} WITH (FORCE)"))?;
                server.execute(&format!("CREATE DATABASE {COPY} TEMPLATE {TEMPLATE}"))?;
                server.execute("CHECKPOINT")?;
                server.url(COPY)
            }
            None => format!("sqlite:{}", folder.join("socle.db").display()),
        };
        Ok(Data { url, folder })
    }
}

/// Signs in at Socle.
pub(crate) fn token(port: u16) -> Result<String> {
    let mut connection = Connection::open(port)?;
    let answer =
        connection.send(&client::request("POST", "/api/v1/auth/login", None, Some(&sign_in_body())))?;
    let answer = answer.json().context("Socle does not sign the administrator in")?;
    let token = answer.pointer("/data/accessToken").and_then(Value::as_str);
    Ok(token.context("the answer holds no access token")?.to_owned())
}

/// Writes announcements through the product until there are enough, and notes some of their ids.
fn fill(port: u16, announcements: usize) -> Result<Known> {
    let mut connection = Connection::open(port)?;
    let token = token(port)?;
    let list = |connection: &mut Connection, query: &str| {
        let path = format!("/api/v1/announcements?{query}");
        connection.send(&client::request("GET", &path, Some(&token), None))?.json()
    };
    let first = list(&mut connection, "limit=1")?;
    let total =
        first.pointer("/pagination/total").and_then(Value::as_u64).context("the list holds no total")?;
    for number in usize::try_from(total)?..announcements {
        let body = announcement_body(number);
        connection
            .send(&client::request("POST", "/api/v1/announcements", Some(&token), Some(&body)))?
            .json()?;
    }
    let mut known = Known::default();
    for page in 1..=10 {
        let answer = list(&mut connection, &format!("limit=100&page={page}"))?;
        let items = answer.pointer("/data").and_then(Value::as_array).context("the list holds no data")?;
        known.ids.extend(items.iter().filter_map(|item| item.get("id")?.as_str()).map(str::to_owned));
        let cursor = answer.pointer("/pagination/next_cursor").and_then(Value::as_str);
        known.cursor = cursor.map(str::to_owned).or(known.cursor);
    }
    Ok(known)
}
