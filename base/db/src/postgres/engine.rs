//! The server engine as a whole: its pools and its replica.

use std::sync::Arc;

use socle_kernel::Result;

use crate::aside;
use crate::job::{ReadJob, WriteJob};
use crate::postgres::address::{Address, Role};
use crate::postgres::leads::Leads;
use crate::postgres::position::{Position, Positions};
use crate::postgres::replica::{Reading, Replica, read_position};
use crate::postgres::worker::{Kind, Worker};
use crate::queue::{Incoming, Queue};
use crate::settings::Settings;
use crate::shared::Shared;

/// A write and in whose name it is done.
pub(crate) struct Writing {
    job: Box<dyn WriteJob>,
    /// Remember how far the log is afterwards, for this reader.
    reader: Option<u64>,
}

/// A PostgreSQL server, open.
pub(crate) struct PostgresEngine {
    writes: Queue<Writing>,
    reads: Arc<Queue<Reading>>,
    replica: Option<Replica>,
    positions: Arc<Positions>,
    pub(crate) leads: Leads,
}

impl PostgresEngine {
    /// Connects, and fails when the server does not answer.
    pub(crate) fn open(settings: &Settings, shared: &Arc<Shared>) -> Result<Self> {
        let address = Address::parse(&settings.url)?;
        let positions = Arc::<Positions>::default();
        let mut first = Some(aside::run(|| connected(&address, shared))?);
        let writers = (0..settings.writers.max(1)).map(|_| {
            let fresh = || Worker::new(address.clone(), Role::Writer, shared.clone());
            let worker = first.take().unwrap_or_else(fresh);
            let positions = settings.read_url.is_some().then(|| positions.clone());
            move |incoming| serve_writes(worker, positions.as_deref(), incoming)
        });
        let writes = Queue::start("db-write", settings.queue, writers.collect())?;
        let readers = (0..settings.readers.max(1)).map(|_| {
            let worker = Worker::new(address.clone(), Role::Reader, shared.clone());
            move |incoming| serve_reads(worker, incoming)
        });
        let reads = Arc::new(Queue::start("db-read", settings.queue, readers.collect())?);
        let replica = match &settings.read_url {
            Some(url) => Some(Replica::start(&Address::parse(url)?, settings, shared, &reads)?),
            None => None,
        };
        Ok(Self { writes, reads, replica, positions, leads: Leads::new(address) })
    }

    /// A short read, by the replica when it knows what this reader wrote.
    pub(crate) fn read(&self, job: Box<dyn ReadJob>, reader: Option<u64>) -> Result<()> {
        self.submit(job, Kind::Short, reader)
    }

    /// A long read, likewise.
    pub(crate) fn read_long(&self, job: Box<dyn ReadJob>, reader: Option<u64>) -> Result<()> {
        self.submit(job, Kind::Long, reader)
    }

    pub(crate) fn write(&self, job: Box<dyn WriteJob>, reader: Option<u64>) -> Result<()> {
        self.writes.submit(Box::new(Writing { job, reader }))
    }

    fn submit(&self, job: Box<dyn ReadJob>, kind: Kind, reader: Option<u64>) -> Result<()> {
        let mut reading = Box::new(Reading { job, kind, needed: 0 });
        if let (Some(replica), Some(reader)) = (&self.replica, reader) {
            reading.needed = self.positions.needed(reader);
            match replica.offer(reading) {
                Ok(()) => return Ok(()),
                Err(returned) => reading = returned,
            }
        }
        self.reads.submit(reading)
    }

    /// Finishes what is queued and ends the threads.
    pub(crate) fn close(&self) {
        self.writes.close();
        if let Some(replica) = &self.replica {
            replica.close();
        }
        self.reads.close();
        self.leads.close();
    }
}

fn connected(address: &Address, shared: &Arc<Shared>) -> Result<Worker> {
    let mut worker = Worker::new(address.clone(), Role::Writer, shared.clone());
    worker.conn()?;
    Ok(worker)
}

fn serve_writes(mut worker: Worker, positions: Option<&Positions>, mut incoming: Incoming<Writing>) {
    while let Some(mut writing) = incoming.next() {
        if writing.job.is_abandoned() {
            continue;
        }
        let outcome = worker.write(&mut *writing.job);
        if let (Ok(()), Some(positions), Some(reader)) = (&outcome, positions, writing.reader) {
            // Not known: then no replica is good enough until the reader's next write.
            let position = worker.conn().and_then(read_position).unwrap_or(Position::MAX);
            positions.wrote(reader, position);
        }
        writing.job.answer(outcome);
    }
}

fn serve_reads(mut worker: Worker, mut incoming: Incoming<Reading>) {
    while let Some(mut reading) = incoming.next() {
        if !reading.job.is_abandoned() {
            let outcome = worker.read(&mut *reading.job, reading.kind);
            reading.job.answer(outcome);
        }
    }
}
