//! Starts logging, on the standard error: standard output belongs to what a command answers.

use std::borrow::Cow;
use std::io::{IsTerminal, stderr};

use socle_kernel::{Clock, Error, Result, text_enum};
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::util::SubscriberInitExt;

use crate::line::{LineFormat, Look};

text_enum! {
    /// What a log line looks like.
    pub enum LogFormat {
        /// For people when the standard error is a terminal, else JSON.
        Auto = "auto",
        /// One JSON object per line.
        Json = "json",
        /// For people, in colour on a terminal.
        Pretty = "pretty",
    }
}

/// Is this a level, or directives (`info,socle_db=debug`)? A word that is neither would silence everything.
pub fn is_filter(filter: &str) -> bool {
    let is_level = |word: &str| {
        ["off", "error", "warn", "info", "debug", "trace"]
            .iter()
            .any(|level| level.eq_ignore_ascii_case(word.trim()))
    };
    let good = |directive: &str| is_level(directive.rsplit_once('=').map_or(directive, |(_, level)| level));
    filter.split(',').all(good) && EnvFilter::try_new(filter).is_ok()
}

/// What these crates warn of are faults of clients, which anybody could make by the thousand.
const OF_CLIENTS: &str = "h2=error,hyper=error,hyper_util=error";

/// The filter, with the faults of clients told from `debug` on, or where it names the crate that tells of them.
fn without_faults_of_clients(filter: &str) -> Cow<'_, str> {
    let sets = |level: &str| filter.split(',').any(|directive| directive.trim().eq_ignore_ascii_case(level));
    if sets("info") || sets("warn") {
        // Of two directives for one target the later one holds.
        Cow::Owned(format!("{OF_CLIENTS},{filter}"))
    } else {
        Cow::Borrowed(filter)
    }
}

/// Starts logging for the whole process; once. `filter` is a level (`info`) or directives
/// (`info,socle_db=debug`); `service` is told in every JSON line.
pub fn init(format: LogFormat, filter: &str, service: &'static str) -> Result<()> {
    let terminal = stderr().is_terminal();
    // The convention of no-color.org: set to anything but nothing, it forbids colour.
    let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let look = match format {
        LogFormat::Json => Look::Json { service },
        LogFormat::Auto if !terminal => Look::Json { service },
        LogFormat::Auto | LogFormat::Pretty => Look::Pretty { colour },
    };
    subscriber(look, filter, Clock::system(), stderr)?.try_init().map_err(Error::internal)
}

/// Everything but the process: what a test gives its own clock and writer.
fn subscriber<W>(look: Look, filter: &str, clock: Clock, writer: W) -> Result<impl Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(without_faults_of_clients(filter))
        .map_err(|error| Error::internal(format!("log.level {filter:?} is not understood: {error}")))?;
    // The fields of spans are kept as JSON, so that both looks can take them apart again.
    Ok(tracing_subscriber::fmt()
        .fmt_fields(JsonFields::new())
        .event_format(LineFormat::new(look, clock))
        .with_env_filter(filter)
        .with_writer(writer)
        .finish())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(look: Look, filter: &str, work: impl FnOnce()) -> String {
        let page = Page::default();
        let writer = {
            let page = page.clone();
            move || page.clone()
        };
        let clock = Clock::manual("2026-01-15T10:00:00.5Z".parse().unwrap());
        tracing::subscriber::with_default(subscriber(look, filter, clock, writer).unwrap(), work);
        let bytes = page.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    const JSON: Look = Look::Json { service: "socle" };

    #[test]
    fn a_word_that_is_no_level_is_no_filter() {
        for good in ["info", "WARN", "off", "info,socle_db=debug"] {
            assert!(is_filter(good), "{good}");
        }
        for bad in ["verbose", "", "info,loud", "socle=", "info,=debug,"] {
            assert!(!is_filter(bad), "{bad}");
        }
    }

    #[test]
    fn a_json_line_is_one_flat_object_in_utc_with_the_fields_of_its_spans() {
        let text = logged(JSON, "info", || {
            let span = tracing::info_span!("request", request_id = "req_1", status = 0);
            let _entered = span.enter();
            tracing::warn!(target: "socle_http", status = 503, took = 1.5, user = ?Some(3), "slow \"answer\"\nindeed");
        });
        assert_eq!(text.lines().count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        let expected = serde_json::json!({
            "timestamp": "2026-01-15T10:00:00.5Z", "level": "WARN", "target": "socle_http", "service": "socle",
            "message": "slow \"answer\"\nindeed", "request_id": "req_1", "status": 503, "took": 1.5, "user": "Some(3)",
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn a_field_cannot_pass_for_the_level_or_the_time() {
        let text =
            logged(JSON, "info", || tracing::info!(level = "ERROR", timestamp = 1, service = "x", "hello"));
        assert_eq!(text.matches("\"level\"").count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&line["level"], &line["service"]), (&"INFO".into(), &"socle".into()));
        assert_eq!(line["field.level"], "ERROR");
    }

    #[test]
    fn a_pretty_line_is_one_line_whatever_is_logged() {
        let text = logged(Look::Pretty { colour: false }, "info", || {
            tracing::info!(target: "socle_http", path = "/a\u{1b}[31m\nINFO forged", "it \u{7}\r\nrings");
        });
        assert_eq!(
            text,
            "10:00:00.500 INFO  socle_http: it \\u{7}\\r\\nrings path=/a\\u{1b}[31m\\nINFO forged\n"
        );
    }

    #[test]
    fn colour_is_only_around_what_we_wrote_ourselves() {
        let text = logged(Look::Pretty { colour: true }, "info", || tracing::error!("\u{1b}[0m"));
        assert!(text.contains("\u{1b}[31mERROR\u{1b}[0m") && text.contains("\\u{1b}[0m"), "{text:?}");
    }

    #[test]
    fn the_filter_is_by_level_and_by_target() {
        let text = logged(JSON, "warn,socle_db=debug", || {
            tracing::info!(target: "socle_http", "hidden");
            tracing::debug!(target: "socle_db", "shown");
        });
        assert!(text.contains("shown") && !text.contains("hidden"));
    }

    #[test]
    fn what_a_client_does_wrong_is_told_from_debug_on_and_our_own_warnings_always() {
        let told = |filter: &str| {
            let text = logged(JSON, filter, || {
                tracing::warn!(target: "h2::proto::streams::recv", "theirs");
                tracing::warn!(target: "hyper::proto::h1", "theirs");
                tracing::error!(target: "h2::proto", "serious");
                tracing::warn!(target: "socle_http", "ours");
            });
            ["theirs", "serious", "ours"].map(|word| text.matches(word).count())
        };
        for filter in ["info", "INFO,tokio_postgres=warn", "socle_db=debug,warn"] {
            assert_eq!(told(filter), [0, 1, 1], "{filter}");
        }
        assert_eq!(told("debug"), [2, 1, 1]);
        assert_eq!(told("info,h2=warn"), [1, 1, 1], "who names the crate hears it");
        assert_eq!(told("error"), [0, 1, 0]);
        assert_eq!(told("off"), [0, 0, 0]);
    }

    #[test]
    fn logging_starts_once() {
        init(LogFormat::Auto, "error", "socle").unwrap();
        assert!(init(LogFormat::Auto, "error", "socle").is_err());
    }

    #[test]
    fn a_filter_that_is_not_understood_is_told() {
        let error = subscriber(JSON, "socle=loud", Clock::system(), std::io::sink).err().unwrap();
        assert!(error.to_string().contains("log.level \"socle=loud\""), "{error}");
    }
}
