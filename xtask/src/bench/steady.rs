//! Requests at a fixed rate: what a user waits for when the server is not driven to its limit.
//!
//! Each request has its moment, and its time is counted from that moment, sent late or not: a server that
//! stalls is charged for everybody who would have come meanwhile.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::client::{self, Connection};
use super::plan::Request;

const CONNECTIONS: u32 = 16;

/// The waiting times, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) longest_ms: f64,
}

/// Sends `rate` requests a second for `seconds`.
pub(crate) fn run(port: u16, requests: &[Request], rate: u32, seconds: u64) -> Result<Waits> {
    let texts: Vec<String> = requests
        .iter()
        .map(|request| {
            client::request(request.method, &request.path, request.token.as_deref(), request.body.as_deref())
        })
        .collect();
    let start = Instant::now() + Duration::from_millis(50);
    let schedule = Schedule { start, length: Duration::from_secs(seconds), rate };
    let times: Result<Vec<Vec<f64>>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|worker| {
                let (texts, schedule) = (&texts, &schedule);
                scope.spawn(move || one(port, texts, worker, schedule))
            })
            .collect();
        let joined = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| anyhow::bail!("a client failed")));
        joined.collect()
    });
    let mut times: Vec<f64> = times?.into_iter().flatten().collect();
    times.sort_by(f64::total_cmp);
    ensure!(!times.is_empty(), "no request was answered");
    let at = |share: f64| times.get(((times.len() - 1) as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    Ok(Waits { p50_ms: at(0.5), p99_ms: at(0.99), longest_ms: at(1.0) })
}

/// When requests are due.
struct Schedule {
    start: Instant,
    length: Duration,
    /// A second, over all connections.
    rate: u32,
}

/// One connection's share of the requests, and how long each took.
fn one(port: u16, texts: &[String], worker: u32, schedule: &Schedule) -> Result<Vec<f64>> {
    let mut connection = Connection::open(port)?;
    let step = Duration::from_secs(1) * CONNECTIONS / schedule.rate;
    let mut moment = schedule.start + Duration::from_secs(1) * worker / schedule.rate;
    let mut times = Vec::new();
    for text in texts.iter().cycle().skip(worker as usize) {
        if moment.duration_since(schedule.start) >= schedule.length {
            break;
        }
        thread::sleep(moment.saturating_duration_since(Instant::now()));
        let answer = connection.send(text)?;
        ensure!((200..300).contains(&answer.status), "answered {} at a steady rate", answer.status);
        times.push(moment.elapsed().as_secs_f64() * 1000.0);
        moment += step;
    }
    Ok(times)
}
