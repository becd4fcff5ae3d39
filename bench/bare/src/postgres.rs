//! PostgreSQL: a fixed number of threads, each with its own connection and its own prepared statements.

use std::collections::HashMap;
use std::thread;

use anyhow::{Context, Result, anyhow};
use crossbeam_channel::{Sender, bounded};
use postgres::{Client, NoTls, Row, Statement};
use tokio::sync::oneshot;

use crate::announcement::{Announcement, COLUMNS};

/// The threads that read and those that write.
pub(crate) struct Postgres {
    readers: Sender<Job>,
    writers: Sender<Job>,
}

type Job = Box<dyn FnOnce(&mut Session) + Send>;

/// As many as Socle has on two cores.
const THREADS: usize = 8;

/// A connection with the statements it knows.
struct Session {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    fn statement(&mut self, name: &'static str, sql: impl FnOnce() -> String) -> Result<Statement> {
        if let Some(statement) = self.statements.get(name) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&sql())?;
        self.statements.insert(name, statement.clone());
        Ok(statement)
    }
}

impl Postgres {
    pub(crate) fn open(url: &str) -> Result<Self> {
        Ok(Self { readers: pool(url, "reader")?, writers: pool(url, "writer")? })
    }

    pub(crate) async fn find(&self, id: String) -> Result<Option<Announcement>> {
        run(&self.readers, move |session| {
            let find = session
                .statement("find", || format!("SELECT {COLUMNS} FROM intranet_announcement WHERE id = $1"))?;
            session.client.query_opt(&find, &[&id])?.as_ref().map(announcement).transpose()
        })
        .await
    }

    pub(crate) async fn list(&self, limit: i64, offset: i64) -> Result<(Vec<Announcement>, i64)> {
        run(&self.readers, move |session| {
            let page = session.statement("page", || {
                format!(
                    "SELECT {COLUMNS} FROM intranet_announcement \
                     ORDER BY is_pinned DESC, published_at DESC, id DESC LIMIT $1 OFFSET $2"
                )
            })?;
            let count =
                session.statement("count", || "SELECT count(*) FROM intranet_announcement".to_owned())?;
            let rows = session.client.query(&page, &[&limit, &offset])?;
            let total = session.client.query_one(&count, &[])?.try_get(0)?;
            Ok((rows.iter().map(announcement).collect::<Result<_>>()?, total))
        })
        .await
    }

    pub(crate) async fn password(&self, email: String) -> Result<Option<String>> {
        run(&self.readers, move |session| {
            let password = session.statement("password", || {
                "SELECT password_hash FROM identity_user WHERE email_folded = $1".to_owned()
            })?;
            let row = session.client.query_opt(&password, &[&email])?;
            Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
        })
        .await
    }

    pub(crate) async fn insert(&self, row: Announcement) -> Result<()> {
        run(&self.writers, move |session| {
            let insert = session.statement("insert", || {
                format!(
                    "INSERT INTO intranet_announcement ({COLUMNS}) VALUES \
                     ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
                )
            })?;
            session.client.execute(
                &insert,
                &[
                    &row.id,
                    &row.title,
                    &row.content,
                    &row.kind,
                    &row.author_id,
                    &row.author_name,
                    &row.image_url,
                    &row.icon,
                    &row.is_important,
                    &row.is_pinned,
                    &row.must_acknowledge,
                    &row.for_everyone,
                    &row.audience_roles,
                    &row.audience_departments,
                    &row.published_at,
                    &row.expires_at,
                    &row.phase,
                    &row.search_text,
                    &row.version,
                    &row.created_at,
                    &row.updated_at,
                ],
            )?;
            Ok(())
        })
        .await
    }
}

fn pool(url: &str, name: &str) -> Result<Sender<Job>> {
    let (sender, queue) = bounded::<Job>(1_024);
    for number in 0..THREADS {
        let queue = queue.clone();
        // Opened here, so that a wrong URL is told at the start.
        let client = Client::connect(url, NoTls).context("cannot connect to PostgreSQL")?;
        let mut session = Session { client, statements: HashMap::new() };
        thread::Builder::new().name(format!("{name}-{number}")).spawn(move || {
            for job in queue {
                job(&mut session);
            }
        })?;
    }
    Ok(sender)
}

async fn run<T: Send + 'static>(
    pool: &Sender<Job>,
    f: impl FnOnce(&mut Session) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (done, answer) = oneshot::channel();
    let job: Job = Box::new(move |session| {
        // Whoever asked may have gone.
        let _ = done.send(f(session));
    });
    pool.try_send(job).map_err(|_| anyhow!("the queue is full"))?;
    answer.await.context("the connection is gone")?
}

fn announcement(row: &Row) -> Result<Announcement> {
    Ok(Announcement {
        id: row.try_get(0)?,
        title: row.try_get(1)?,
        content: row.try_get(2)?,
        kind: row.try_get(3)?,
        author_id: row.try_get(4)?,
        author_name: row.try_get(5)?,
        image_url: row.try_get(6)?,
        icon: row.try_get(7)?,
        is_important: row.try_get(8)?,
        is_pinned: row.try_get(9)?,
        must_acknowledge: row.try_get(10)?,
        for_everyone: row.try_get(11)?,
        audience_roles: row.try_get(12)?,
        audience_departments: row.try_get(13)?,
        published_at: row.try_get(14)?,
        expires_at: row.try_get(15)?,
        phase: row.try_get(16)?,
        search_text: row.try_get(17)?,
        version: row.try_get(18)?,
        created_at: row.try_get(19)?,
        updated_at: row.try_get(20)?,
    })
}
