//! `cargo xtask bench`: Socle against a bare server that sends the same SQL, on both engines, as ratios.
//!
//! Both are started on fresh copies of the same data, in turns, A B A B, so that a noisy hour is noisy for both.
//! A missed target is told and fails nothing: a slow machine is no broken product.

mod client;
mod data;
mod identity;
mod measure;
mod plan;
mod report;
mod results;
mod servers;
mod steady;
mod targets;
mod usage;
mod wrk;

use anyhow::Result;

use crate::postgres::{Durability, Postgres};
use crate::test::Engine;
use data::Template;
use measure::Times;
use plan::Contender;
use results::Results;
use servers::Programs;

/// What `bench` may be told.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// One short round: shows that it works, measures little
    #[arg(long)]
    quick: bool,
    /// Only on this engine
    #[arg(long)]
    only: Option<Engine>,
}

const ANNOUNCEMENTS: usize = 5_000;

/// Measures, prints, and writes the results.
pub(crate) fn run(options: &Options) -> Result<()> {
    let rounds = if options.quick { 1 } else { 3 };
    let times = if options.quick {
        Times { load_seconds: 2, steady_seconds: 2 }
    } else {
        Times { load_seconds: 8, steady_seconds: 5 }
    };
    wrk::prepare()?;
    println!("building the release");
    let programs = Programs::build()?;
    let mut all = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if options.only.is_none_or(|only| only == engine) {
            let results = on(engine, &programs, rounds, times)?;
            report::print(&results);
            all.push(results);
        }
    }
    report::write(&all)
}

fn on(engine: Engine, programs: &Programs, rounds: usize, times: Times) -> Result<Results> {
    println!("\nmaking the data on {}", engine.name());
    let scratch = tempfile::tempdir()?;
    let postgres = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Postgres::start(Durability::Real)?),
    };
    let hash_ms = programs.hash_ms()?;
    let template = Template::make(programs, postgres.as_ref(), scratch.path(), ANNOUNCEMENTS)?;
    let mut measured = Vec::new();
    for round in 1..=rounds {
        for contender in Contender::ALL.iter().copied() {
            println!("  round {round} of {rounds}: {}", contender.name());
            let data = template.fresh(scratch.path())?;
            measured.push(measure::round(
                programs,
                contender,
                &data,
                &template.known,
                scratch.path(),
                times,
            )?);
        }
    }
    let cores = std::thread::available_parallelism()?.get();
    Ok(Results { engine, first_start_ms: template.first_start_ms, hash_ms, cores, rounds: measured })
}
