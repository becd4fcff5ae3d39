//! What a process has used, as the kernel counts it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The time a process has spent on the CPUs, in microseconds.
pub(crate) fn cpu_micros(id: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).context("the server is gone")?;
    // The name, in parentheses, may hold anything; utime and stime are the 12th and 13th fields after it.
    let (_, fields) = text.rsplit_once(')').context("an odd /proc/<pid>/stat")?;
    let ticks: f64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks * 1e6 / ticks_per_second()?)
}

/// The memory a process holds now, in MiB.
pub(crate) fn memory_mib(id: u32) -> Result<f64> {
    status(id, "VmRSS:")
}

/// The most memory it has held, in MiB.
pub(crate) fn peak_mib(id: u32) -> Result<f64> {
    status(id, "VmHWM:")
}

/// Counts the most memory anew from now on.
pub(crate) fn forget_peak(id: u32) -> Result<()> {
    fs::write(format!("/proc/{id}/clear_refs"), "5").context("the kernel does not forget a peak")
}

fn status(id: u32, field: &str) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/status")).context("the server is gone")?;
    let line = text.lines().find_map(|line| line.strip_prefix(field)).context("an odd /proc/<pid>/status")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}

fn ticks_per_second() -> Result<f64> {
    let text = process::capture(Command::new("getconf").arg("CLK_TCK"))?;
    text.trim().parse().context("an odd CLK_TCK")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_works_is_seen_to_work() {
        let own = std::process::id();
        let before = cpu_micros(own).unwrap();
        let started = std::time::Instant::now();
        let mut sum = 0_u64;
        while started.elapsed().as_millis() < 200 {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(cpu_micros(own).unwrap() > before);
        assert!(memory_mib(own).unwrap() > 0.5 && peak_mib(own).unwrap() >= memory_mib(own).unwrap() * 0.5);
        assert!(memory_mib(u32::MAX).is_err());
    }
}
