//! What the tests share: nodes on one throw-away database, a letter, and patience with an end.

use std::future::Future;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use socle_db::throwaway::Throwaway;
use socle_db::{Db, Tx};
use socle_kernel::{Actor, Clock, Ids, Random, Result};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::{Audience, Emit, Events, Feed, Letter, Listener, MIGRATIONS, Recorded};

/// Longer than anything here takes; what has not come by then never will.
const NEVER: Duration = Duration::from_secs(30);

/// The letter of the tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Noted {
    pub(super) writer: i64,
    pub(super) number: i64,
}

impl Letter for Noted {
    const KIND: &'static str = "note.written";
    fn subject(&self) -> String {
        format!("{}-{}", self.writer, self.number)
    }
    fn audience(&self) -> Audience {
        Audience::Everyone
    }
}

/// Another kind of letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ended;

impl Letter for Ended {
    const KIND: &'static str = "note.ended";
    fn subject(&self) -> String {
        String::new()
    }
    fn audience(&self) -> Audience {
        Audience::Nobody
    }
}

/// A process as far as the outbox can tell: its own connections, its own events.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) db: Db,
    pub(super) events: Events,
}

impl Node {
    fn on(db: Db) -> Self {
        let clock = Clock::system();
        let events = Events::new(db.clone(), clock.clone(), Ids::new(clock, Random::system()));
        Self { db, events }
    }

    pub(super) fn start(&self, listeners: Vec<Listener>) {
        self.events.start(listeners, std::future::pending()).unwrap();
    }

    /// One committed letter.
    pub(super) async fn note(&self, writer: i64, number: i64) {
        self.try_note(writer, number).await.unwrap();
    }

    pub(super) async fn try_note(&self, writer: i64, number: i64) -> Result<()> {
        self.db.write(move |tx| emit(tx, writer, number)).await
    }

    /// Many letters in one transaction.
    pub(super) async fn notes(&self, writer: i64, numbers: std::ops::Range<i64>) {
        self.db
            .write(move |tx| numbers.clone().try_for_each(|number| emit(tx, writer, number)))
            .await
            .unwrap();
    }

    pub(super) async fn end(&self) {
        self.db.write(|tx| tx.emit(&Actor::system(), Ended)).await.unwrap();
    }
}

pub(super) fn emit(tx: &mut Tx<'_>, writer: i64, number: i64) -> Result<()> {
    tx.emit(&Actor::system(), Noted { writer, number })
}

/// A transaction that has done its work and waits to be committed.
pub(super) struct Open {
    commit: mpsc::Sender<()>,
    end: JoinHandle<Result<()>>,
}

impl Open {
    /// Does the work in a transaction that stays open.
    pub(super) async fn begin(
        node: &Node,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static,
    ) -> Self {
        let (done, mut is_done) = tokio::sync::mpsc::channel(1);
        let (commit, may_commit) = mpsc::channel();
        let db = node.db.clone();
        let end = tokio::spawn(async move {
            db.write(move |tx| {
                work(tx)?;
                // The closure runs again after a conflict: then nobody waits for the first, and the second is free.
                let _first_time = done.try_send(());
                let _or_again = may_commit.recv_timeout(NEVER);
                Ok(())
            })
            .await
        });
        tokio::time::timeout(NEVER, is_done.recv()).await.expect("the work is not done").unwrap();
        Self { commit, end }
    }

    pub(super) async fn commit(self) {
        self.commit.send(()).unwrap();
        self.end.await.unwrap().unwrap();
    }
}

/// Runs a test with so many nodes on one new database.
pub(super) fn with_nodes<F: Future<Output = ()>>(count: usize, test: impl FnOnce(Vec<Node>) -> F) {
    let throwaway = Throwaway::from_env(&[MIGRATIONS]).unwrap();
    let nodes: Vec<Node> = (0..count).map(|_| Node::on(Db::open(throwaway.settings()).unwrap())).collect();
    let runtime = runtime();
    runtime.block_on(async {
        tokio::time::timeout(2 * NEVER, test(nodes.clone())).await.expect("the test hangs");
    });
    runtime.block_on(async {
        for node in &nodes {
            node.events.stop().await;
        }
    });
    drop(runtime);
    nodes.iter().for_each(|node| node.db.close());
}

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The next event, which must come.
pub(super) async fn next(feed: &mut Feed) -> Arc<Recorded> {
    tokio::time::timeout(NEVER, feed.next()).await.expect("no event comes").expect("the feed has ended")
}

/// The next letter, which must come and be a note: (writer, number).
pub(super) async fn next_note(feed: &mut Feed) -> (i64, i64) {
    let note: Noted = next(feed).await.letter().unwrap().expect("a note");
    (note.writer, note.number)
}

/// All notes up to the letter that ends them, with the checks that hold for every feed: each place once, in
/// order, none left out.
pub(super) async fn notes_until_end(feed: &mut Feed) -> Vec<(i64, i64)> {
    let mut notes = Vec::new();
    let mut last = None;
    loop {
        let event = next(feed).await;
        assert!(last.is_none_or(|last| event.sequence == last + 1), "{} follows {last:?}", event.sequence);
        last = Some(event.sequence);
        match event.letter::<Noted>().unwrap() {
            Some(note) => notes.push((note.writer, note.number)),
            None => return notes,
        }
    }
}
