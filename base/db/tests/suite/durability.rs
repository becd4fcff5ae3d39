//! What is acknowledged is there after the process was killed.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use socle_db::{Db, Settings};

use crate::support::{item, on_postgres, on_sqlite};
use socle_db::throwaway::Throwaway;

/// Where the child finds the database.
const URL: &str = "SOCLE_TEST_CHILD_URL";
const TASKS: usize = 32;

/// The child of the tests below, in a process of its own: writes and acknowledges until it is killed. Without the
/// address that they give it, there is nothing to do.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Ok(url) = std::env::var(URL) else { return };
    let db = Db::open(&Settings::new(url)).unwrap();
    let run = std::process::id();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> =
            (0..TASKS).map(|task| tokio::spawn(write_for_ever(db.clone(), run, task))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

async fn write_for_ever(db: Db, run: u32, task: usize) {
    for number in 0.. {
        let id = format!("{run}-{task}-{number}");
        let row = item(&id);
        db.write(move |tx| tx.insert("shop_item", &row)).await.unwrap();
        // One write of one line: it is whole or it is not there.
        let line = format!("acknowledged {id}\n");
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    }
}

fn nothing_acknowledged_is_lost(throwaway: &Throwaway) {
    let mut acknowledged = HashSet::new();
    for _ in 0..3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "durability::child_that_writes_until_it_is_killed", "--nocapture"])
            .env(URL, throwaway.settings().url.expose())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = 0;
        while let Some(Ok(line)) = lines.next() {
            if let Some(id) = line.strip_prefix("acknowledged ") {
                acknowledged.insert(id.to_owned());
                told += 1;
            }
            if told == 2_000 {
                // SIGKILL, in the midst of other writes; the lines after it are still read.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(told >= 2_000, "the child ended by itself");
    }
    let found: Vec<String> =
        throwaway.db().read_blocking(|conn| conn.scalars("SELECT id FROM shop_item", &[])).unwrap();
    let found: HashSet<String> = found.into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), acknowledged.len());
}

#[test]
fn nothing_acknowledged_by_sqlite_is_lost_when_the_process_is_killed() {
    on_sqlite(nothing_acknowledged_is_lost);
}

#[test]
fn nothing_acknowledged_by_postgres_is_lost_when_the_process_is_killed() {
    on_postgres(nothing_acknowledged_is_lost);
}
