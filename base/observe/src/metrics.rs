//! Metrics in Prometheus' text: what is counted anywhere in the process, and the process itself.

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use metrics_process::Collector;
use socle_kernel::{Error, Result};

/// The bounds of times, in seconds: from a read in memory to a client that has long gone.
const TIMES: &[f64] =
    &[0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The bounds of numbers of things, for the metrics whose name ends in `_size`.
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// The samples of histograms are put in their buckets this often. Until then each takes memory, scraped or not.
const UPKEEP: Duration = Duration::from_secs(1);

/// The metrics of the process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    process: Collector,
}

static INSTALLED: OnceLock<Option<Metrics>> = OnceLock::new();

impl Metrics {
    /// Makes these the metrics of the whole process; calling it again gives the same ones. An error when a
    /// recorder of another kind is already in place.
    pub fn install() -> Result<Self> {
        let recorder = recorder()?;
        let installed = INSTALLED.get_or_init(|| {
            let metrics = Self { handle: recorder.handle(), process: Collector::default() };
            metrics::set_global_recorder(recorder).ok()?;
            metrics.process.describe();
            metrics::describe_gauge!("up", "Whether the server runs: 1.");
            metrics::gauge!("up").set(1.0);
            let handle = metrics.handle.clone();
            let upkeep = move || loop {
                thread::sleep(UPKEEP);
                handle.run_upkeep();
            };
            thread::Builder::new().name("metrics".to_owned()).spawn(upkeep).ok()?;
            Some(metrics)
        });
        installed.clone().ok_or_else(|| Error::internal("the metrics could not be installed"))
    }

    /// All metrics in Prometheus' text, those of the process (memory, threads, files, time) as of now.
    pub fn render(&self) -> String {
        self.process.collect();
        self.handle.render()
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

fn recorder() -> Result<PrometheusRecorder> {
    let builder = PrometheusBuilder::new()
        .set_buckets(TIMES)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), SIZES));
    Ok(builder.map_err(Error::internal)?.build_recorder())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_227_the_process_and_whatever_was_counted_are_rendered_and_installing_twice_is_the_same() {
        let first = Metrics::install().unwrap();
        let second = Metrics::install().unwrap();
        metrics::counter!("installed_total").increment(2);
        for metrics in [first, second] {
            let text = metrics.render();
            for line in ["installed_total 2", "up 1", "# TYPE process_resident_memory_bytes gauge"] {
                assert!(text.contains(line), "{line} is not in\n{text}");
            }
            assert!(text.lines().any(|line| line.starts_with("process_threads ")), "{text}");
        }
    }

    #[test]
    fn times_fall_in_buckets_from_a_tenth_of_a_millisecond_to_ten_seconds() {
        let recorder = recorder().unwrap();
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!("http_request_duration_seconds", "route" => "/x").record(0.0002);
            metrics::histogram!("db_batch_size").record(3.0);
        });
        let text = recorder.handle().render();
        for line in [
            "http_request_duration_seconds_bucket{route=\"/x\",le=\"0.0001\"} 0",
            "http_request_duration_seconds_bucket{route=\"/x\",le=\"0.00025\"} 1",
            "http_request_duration_seconds_bucket{route=\"/x\",le=\"10\"} 1",
            "db_batch_size_bucket{le=\"4\"} 1",
            "db_batch_size_bucket{le=\"2\"} 0",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
