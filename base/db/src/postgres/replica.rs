//! A read replica: used as long as it answers and knows what the reader wrote.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use socle_kernel::{Kind as ErrorKind, Result};

use crate::conn::{Conn, read_value};
use crate::job::ReadJob;
use crate::params::Params;
use crate::postgres::address::{Address, Role};
use crate::postgres::position::Position;
use crate::postgres::worker::{Kind, Worker};
use crate::queue::{Incoming, Queue};
use crate::settings::Settings;
use crate::shared::Shared;

/// A replica that failed is left alone for so long.
const REST: Duration = Duration::from_secs(1);

/// A read on its way.
pub(crate) struct Reading {
    pub(crate) job: Box<dyn ReadJob>,
    pub(crate) kind: Kind,
    /// How far a replica must be to answer it.
    pub(crate) needed: Position,
}

/// The pool of the replica.
pub(crate) struct Replica {
    queue: Queue<Reading>,
    health: Arc<Health>,
}

/// Until when the replica is left alone, in milliseconds since the beginning.
struct Health {
    beginning: Instant,
    resting_until: AtomicU64,
}

impl Health {
    fn now(&self) -> u64 {
        u64::try_from(self.beginning.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn is_resting(&self) -> bool {
        self.now() < self.resting_until.load(Ordering::Relaxed)
    }

    fn failed(&self) {
        let until = self.now().saturating_add(u64::try_from(REST.as_millis()).unwrap_or(0));
        self.resting_until.store(until, Ordering::Relaxed);
    }
}

impl Replica {
    /// Starts the pool; what the replica cannot answer goes to `primary`.
    pub(crate) fn start(
        address: &Address,
        settings: &Settings,
        shared: &Arc<Shared>,
        primary: &Arc<Queue<Reading>>,
    ) -> Result<Self> {
        let health = Arc::new(Health { beginning: Instant::now(), resting_until: AtomicU64::new(0) });
        let servers = (0..settings.readers.max(1)).map(|_| {
            let worker = Worker::new(address.clone(), Role::Reader, shared.clone());
            let mut server = Server { worker, replayed: 0, health: health.clone(), primary: primary.clone() };
            move |incoming| server.serve(incoming)
        });
        let queue = Queue::start("db-replica", settings.queue, servers.collect())?;
        Ok(Self { queue, health })
    }

    /// Takes a read, or gives it back: the replica rests, or has enough to do.
    pub(crate) fn offer(&self, reading: Box<Reading>) -> Result<(), Box<Reading>> {
        if self.health.is_resting() {
            return Err(reading);
        }
        self.queue.offer(reading).map_err(|(_, reading)| reading)
    }

    pub(crate) fn close(&self) {
        self.queue.close();
    }
}

struct Server {
    worker: Worker,
    /// How far the server behind this connection was when last asked. Each connection asks for itself: the
    /// address may stand for several replicas.
    replayed: Position,
    health: Arc<Health>,
    primary: Arc<Queue<Reading>>,
}

impl Server {
    fn serve(&mut self, mut incoming: Incoming<Reading>) {
        while let Some(reading) = incoming.next() {
            if !reading.job.is_abandoned() {
                self.answer(reading);
            }
        }
    }

    fn answer(&mut self, mut reading: Box<Reading>) {
        match self.is_recent_enough(reading.needed) {
            Ok(true) => {}
            Ok(false) => return self.pass_on(reading),
            Err(error) => {
                self.health.failed();
                tracing::warn!(%error, "the read replica does not answer: its reads go to the primary");
                return self.pass_on(reading);
            }
        }
        let outcome = self.worker.read(&mut *reading.job, reading.kind);
        // The connection died, or the replay of the log was in the way: the primary has neither trouble.
        if outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unavailable) {
            metrics::counter!("db_replica_fallbacks").increment(1);
            return self.pass_on(reading);
        }
        reading.job.answer(outcome);
    }

    fn is_recent_enough(&mut self, needed: Position) -> Result<bool> {
        if !self.worker.is_connected() {
            self.replayed = 0;
        }
        let conn = self.worker.conn()?;
        if needed > self.replayed {
            self.replayed = replayed_position(conn)?;
        }
        Ok(needed <= self.replayed)
    }

    fn pass_on(&self, reading: Box<Reading>) {
        if let Err((error, reading)) = self.primary.offer(reading) {
            reading.job.answer(Err(error));
        }
    }
}

/// How far the log of a primary is.
pub(crate) fn read_position(conn: &mut Conn) -> Result<Position> {
    position(conn, "SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS BIGINT)")
}

/// How far a replica has replayed the log; a server that is no replica knows everything.
fn replayed_position(conn: &mut Conn) -> Result<Position> {
    position(
        conn,
        "SELECT CASE WHEN pg_is_in_recovery()
                THEN CAST(pg_wal_lsn_diff(COALESCE(pg_last_wal_replay_lsn(), '0/0'), '0/0') AS BIGINT)
                ELSE 9223372036854775807 END",
    )
}

fn position(conn: &mut Conn, sql: &'static str) -> Result<Position> {
    Ok(conn.first(sql, Params::NONE, read_value)?.unwrap_or(0))
}
