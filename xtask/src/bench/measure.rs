//! One round of one contender: start it on fresh data, ask everything of it, stop it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use super::data::token;
use super::identity::{Costs, Crowd, crowd};
use super::plan::{Contender, Known, Operation, requests};
use super::servers::{Data, Programs};
use super::steady::{self, Waits};
use super::usage;
use super::wrk::{self, Load};

/// How long things are measured.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub(crate) load_seconds: u64,
    pub(crate) steady_seconds: u64,
}

/// What one round saw.
pub(crate) struct Round {
    pub(crate) contender: Contender,
    pub(crate) start_ms: f64,
    pub(crate) idle_mib: f64,
    /// After the reads.
    pub(crate) reads_mib: f64,
    /// The most it ever held.
    pub(crate) peak_mib: f64,
    /// Of Socle: what it costs to know a caller, and how two hundred sign in at once.
    pub(crate) costs: Option<Costs>,
    pub(crate) crowd: Option<Crowd>,
    pub(crate) loads: BTreeMap<Operation, Measured>,
    pub(crate) steady: BTreeMap<Operation, Waits>,
}

/// An operation under full load.
pub(crate) struct Measured {
    pub(crate) load: Load,
    /// Of the server's own process, per request, in microseconds.
    pub(crate) cpu_micros: f64,
}

/// Requests a second at a steady rate.
pub(crate) const STEADY_RATE: u32 = 1_000;
const STEADY: &[Operation] = &[Operation::ReadOne, Operation::ListByPage, Operation::Create];

/// Runs one round.
pub(crate) fn round(
    programs: &Programs,
    contender: Contender,
    data: &Data,
    known: &Known,
    scratch: &Path,
    times: Times,
) -> Result<Round> {
    let server = programs.start(contender, data)?;
    let id = server.id();
    std::thread::sleep(Duration::from_secs(1));
    let idle_mib = usage::memory_mib(id)?;
    let mut known = known.clone();
    if contender == Contender::Socle {
        known.token = Some(token(server.port)?);
    }
    let mut loads = BTreeMap::new();
    let mut steady = BTreeMap::new();
    let mut reads_mib = idle_mib;
    for operation in Operation::ALL {
        let requests = requests(contender, *operation, &known);
        if requests.is_empty() {
            continue;
        }
        let what = || format!("{}: {}", contender.name(), operation.name());
        if STEADY.contains(operation) {
            let waits =
                steady::run(server.port, &requests, STEADY_RATE, times.steady_seconds).with_context(what)?;
            steady.insert(*operation, waits);
        }
        let before = usage::cpu_micros(id)?;
        let load = wrk::run(scratch, server.port, &requests, operation.connections(), times.load_seconds)
            .with_context(what)?;
        let cpu_micros = (usage::cpu_micros(id)? - before) / load.requests;
        println!(
            "    {:<18} {:>9.0}/s  p99 {:>8.2} ms  {cpu_micros:>8.1} µs of CPU",
            operation.name(),
            load.per_second,
            load.p99_ms
        );
        loads.insert(*operation, Measured { load, cpu_micros });
        if *operation == Operation::ReadOne {
            reads_mib = usage::memory_mib(id)?;
        }
    }
    let peak_mib = usage::peak_mib(id)?;
    let (mut costs, mut many) = (None, None);
    if contender == Contender::Socle {
        let names = crowd(programs, data)?;
        many = Some(Crowd::measure((id, server.port), &names, times.load_seconds)?);
        costs = Some(Costs::measure(programs, data, &token(server.port)?, scratch)?);
    }
    let start_ms = server.start_ms;
    server.stop()?;
    Ok(Round { contender, start_ms, idle_mib, reads_mib, peak_mib, costs, crowd: many, loads, steady })
}
