//! The tables on the terminal and the file of a run.

use std::process::Command;

use anyhow::Result;
use serde_json::json;

use super::measure::{Measured, Round};
use super::plan::{Contender, Operation};
use super::results::{Figure, Results};
use super::targets::{Target, judged};
use crate::{process, workspace};

/// A figure of a round.
type OfRound = fn(&Round) -> f64;

/// Prints one engine's figures and targets.
pub(crate) fn print(results: &Results) {
    let rounds = results.rounds.len() / Contender::ALL.len();
    println!(
        "\n{}: medians of {rounds} rounds (± half of the spread), 64 connections, 8 for sign-in\n",
        results.engine.name()
    );
    println!("{:<20}{:>30}{:>30}{:>8}", "", "socle", "bare", "ratio");
    let heads = format!("{:>9}{:>6}{:>7}{:>8}", "per s", "±", "p99 ms", "CPU µs");
    println!("{:<20}{heads}{heads}", "");
    for operation in Operation::ALL.iter().copied() {
        let ratio =
            results.ratio(operation, operation).map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        let (socle, bare) =
            (cells(results, Contender::Socle, operation), cells(results, Contender::Bare, operation));
        println!("{:<20}{socle}{bare}{ratio:>8}", operation.name());
    }
    let rows: [(&str, OfRound); 4] = [
        ("start, ms", |round| round.start_ms),
        ("idle, MiB", |round| round.idle_mib),
        ("after reads, MiB", |round| round.reads_mib),
        ("peak, MiB", |round| round.peak_mib),
    ];
    for (name, of) in rows {
        let cell = |contender| {
            results.figure(contender, |round| Some(of(round))).map_or(f64::NAN, |figure| figure.median)
        };
        println!("{name:<20}{:>30.1}{:>30.1}", cell(Contender::Socle), cell(Contender::Bare));
    }
    println!("\nidentity");
    for (name, figure) in results.identity() {
        println!("{name:<50}{:>10.2}", figure.map_or(f64::NAN, |figure| figure.median));
    }
    println!("\n{:<40}{:>10}{:>10}", "target", "bound", "seen");
    for target in judged(results) {
        let seen = target.seen.map_or_else(|| "–".to_owned(), |seen| format!("{seen:.2}"));
        println!("{:<40}{:>10}{seen:>10}  {}", target.what, target.bound(), verdict(&target));
    }
}

fn verdict(target: &Target) -> &'static str {
    if target.met() { "met" } else { "MISSED" }
}

fn cells(results: &Results, contender: Contender, operation: Operation) -> String {
    let figure = |of: fn(&Measured) -> f64| results.load(contender, operation, of);
    let Some(Figure { median, spread }) = figure(|measured| measured.load.per_second) else {
        return format!("{:>30}", "–");
    };
    let half = format!("{:.0}%", spread * 50.0);
    let p99 = figure(|measured| measured.load.p99_ms).map_or(f64::NAN, |figure| figure.median);
    let cpu = figure(|measured| measured.cpu_micros).map_or(f64::NAN, |figure| figure.median);
    format!("{median:>9.0}{half:>6}{p99:>7.2}{cpu:>8.1}")
}

/// Writes `bench/results/<date>.json`.
pub(crate) fn write(all: &[Results]) -> Result<()> {
    let date = process::capture(Command::new("date").args(["--utc", "+%Y-%m-%d"]))?;
    let told = json!({
        "date": date.trim(),
        "cores": all.first().map(|results| results.cores),
        "engines": all.iter().map(Results::json).collect::<Vec<_>>(),
        "targets": all.iter().map(targets).collect::<Vec<_>>(),
    });
    let folder = workspace::root().join("bench").join("results");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}.json", date.trim()));
    std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&told)?))?;
    println!("\nwritten to bench/results/{}.json", date.trim());
    Ok(())
}

fn targets(results: &Results) -> serde_json::Value {
    let told = judged(results).into_iter().map(|target| {
        json!({ "what": target.what, "bound": target.bound(), "seen": target.seen, "met": target.met() })
    });
    json!({ "engine": results.engine.name(), "targets": told.collect::<Vec<_>>() })
}
