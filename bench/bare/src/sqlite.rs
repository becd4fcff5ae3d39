//! SQLite: reads on the worker's own connection, one writer that commits in groups.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow};
use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::oneshot;

use crate::announcement::{Announcement, COLUMNS};

/// The file and its writer.
pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Sender<Write>,
}

struct Write {
    row: Announcement,
    done: oneshot::Sender<Result<()>>,
}

/// How many inserts one commit carries at most.
const GROUP: usize = 512;

thread_local! {
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

impl Sqlite {
    pub(crate) fn open(path: &str) -> Result<Self> {
        let path = PathBuf::from(path);
        let connection = connect(&path)?;
        connection.query_row("SELECT count(*) FROM intranet_announcement", [], |_| Ok(()))?;
        let (writer, queue) = bounded(4_096);
        thread::Builder::new().name("writer".to_owned()).spawn(move || write_all(&connection, &queue))?;
        Ok(Self { path, writer })
    }

    pub(crate) fn find(&self, id: &str) -> Result<Option<Announcement>> {
        self.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM intranet_announcement WHERE id = ?1");
            connection.prepare_cached(&sql)?.query_row([id], announcement).optional()
        })
    }

    pub(crate) fn list(&self, limit: i64, offset: i64) -> Result<(Vec<Announcement>, i64)> {
        self.read(|connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM intranet_announcement \
                 ORDER BY is_pinned DESC, published_at DESC, id DESC LIMIT ?1 OFFSET ?2"
            );
            let mut page = connection.prepare_cached(&sql)?;
            let rows = page.query_map([limit, offset], announcement)?.collect::<Result<_, _>>()?;
            let mut count = connection.prepare_cached("SELECT count(*) FROM intranet_announcement")?;
            Ok((rows, count.query_row([], |row| row.get(0))?))
        })
    }

    pub(crate) fn password(&self, email: &str) -> Result<Option<String>> {
        self.read(|connection| {
            let sql = "SELECT password_hash FROM identity_user WHERE email_folded = ?1";
            connection.prepare_cached(sql)?.query_row([email], |row| row.get(0)).optional()
        })
    }

    pub(crate) async fn insert(&self, row: Announcement) -> Result<()> {
        let (done, answer) = oneshot::channel();
        self.writer.try_send(Write { row, done }).map_err(|_| anyhow!("the queue is full"))?;
        answer.await.context("the writer is gone")?
    }

    fn read<T>(&self, f: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        READER.with_borrow_mut(|reader| {
            let connection = match reader.take() {
                Some(connection) => connection,
                None => connect(&self.path)?,
            };
            let outcome = f(&connection);
            *reader = Some(connection);
            Ok(outcome?)
        })
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 2000;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Takes what waits, writes it in one transaction, commits, and answers them all.
fn write_all(connection: &Connection, queue: &Receiver<Write>) {
    while let Ok(first) = queue.recv() {
        let group: Vec<Write> = std::iter::once(first).chain(queue.try_iter().take(GROUP - 1)).collect();
        let outcome = commit(connection, &group);
        for write in group {
            let answer = outcome.as_ref().copied().map_err(|error| anyhow!("{error}"));
            // Whoever asked may have gone; the row is there all the same.
            let _ = write.done.send(answer);
        }
    }
}

fn commit(connection: &Connection, group: &[Write]) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    {
        let sql = format!(
            "INSERT INTO intranet_announcement ({COLUMNS}) VALUES \
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"
        );
        let mut insert = transaction.prepare_cached(&sql)?;
        for Write { row, .. } in group {
            insert.execute(params![
                row.id,
                row.title,
                row.content,
                row.kind,
                row.author_id,
                row.author_name,
                row.image_url,
                row.icon,
                row.is_important,
                row.is_pinned,
                row.must_acknowledge,
                row.for_everyone,
                row.audience_roles,
                row.audience_departments,
                row.published_at,
                row.expires_at,
                row.phase,
                row.search_text,
                row.version,
                row.created_at,
                row.updated_at
            ])?;
        }
    }
    transaction.commit()
}

fn announcement(row: &Row<'_>) -> rusqlite::Result<Announcement> {
    Ok(Announcement {
        id: row.get(0)?,
        title: row.get(1)?,
        content: row.get(2)?,
        kind: row.get(3)?,
        author_id: row.get(4)?,
        author_name: row.get(5)?,
        image_url: row.get(6)?,
        icon: row.get(7)?,
        is_important: row.get(8)?,
        is_pinned: row.get(9)?,
        must_acknowledge: row.get(10)?,
        for_everyone: row.get(11)?,
        audience_roles: row.get(12)?,
        audience_departments: row.get(13)?,
        published_at: row.get(14)?,
        expires_at: row.get(15)?,
        phase: row.get(16)?,
        search_text: row.get(17)?,
        version: row.get(18)?,
        created_at: row.get(19)?,
        updated_at: row.get(20)?,
    })
}
