//! Writes one event of the log as one line.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};
use socle_kernel::Clock;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// What a line looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Look {
    /// One JSON object.
    Json {
        /// Told in every line.
        service: &'static str,
    },
    /// For people.
    Pretty {
        /// With colours.
        colour: bool,
    },
}

/// Writes events in one look.
pub(crate) struct LineFormat {
    look: Look,
    clock: Clock,
}

impl LineFormat {
    pub(crate) const fn new(look: Look, clock: Clock) -> Self {
        Self { look, clock }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, JsonFields> for LineFormat {
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Line::default();
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            if let Some(fields) = span.extensions().get::<FormattedFields<JsonFields>>()
                && let Ok(fields) = serde_json::from_str::<Map<String, Value>>(fields)
            {
                line.fields.extend(fields);
            }
        }
        event.record(&mut line);
        // What comes through the `log` crate carries its true target in a field.
        let target = line.target.take().unwrap_or_else(|| event.metadata().target().to_owned());
        let (level, now) = (*event.metadata().level(), self.clock.now().to_string());
        match self.look {
            Look::Json { service } => line.json(&mut writer, &now, level, &target, service),
            Look::Pretty { colour } => line.pretty(&mut writer, &now, level, &target, colour),
        }
    }
}

/// A JSON object being written: one line is written for every request that changes something.
#[derive(Default)]
struct Object(Vec<u8>);

impl Object {
    fn field(&mut self, prefix: &str, name: &str, value: impl Serialize) -> fmt::Result {
        if self.0.is_empty() {
            self.0.reserve(512);
        }
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        if prefix.is_empty() {
            self.write(name)?;
        } else {
            self.write(format!("{prefix}{name}"))?;
        }
        self.0.push(b':');
        self.write(value)
    }

    fn write(&mut self, value: impl Serialize) -> fmt::Result {
        serde_json::to_writer(&mut self.0, &value).map_err(|_| fmt::Error)
    }
}

/// What an event says.
#[derive(Default)]
struct Line {
    message: String,
    target: Option<String>,
    fields: Map<String, Value>,
}

impl Line {
    fn json(self, to: &mut Writer<'_>, now: &str, level: Level, target: &str, service: &str) -> fmt::Result {
        const OURS: [&str; 5] = ["timestamp", "level", "target", "service", "message"];
        let mut line = Object::default();
        let ours = [now, level.as_str(), target, service, &self.message];
        for (name, value) in OURS.into_iter().zip(ours) {
            line.field("", name, value)?;
        }
        for (name, value) in &self.fields {
            let prefix = if OURS.contains(&name.as_str()) { "field." } else { "" };
            line.field(prefix, name, value)?;
        }
        line.0.extend_from_slice(b"}\n");
        to.write_str(std::str::from_utf8(&line.0).map_err(|_| fmt::Error)?)
    }

    fn pretty(self, to: &mut Writer<'_>, now: &str, level: Level, target: &str, colour: bool) -> fmt::Result {
        let paint = |code: u8, text: &str| {
            if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
        };
        let level_colour = match level {
            Level::ERROR => 31,
            Level::WARN => 33,
            Level::INFO => 32,
            _ => 34,
        };
        let padding = " ".repeat(5_usize.saturating_sub(level.as_str().len()));
        write!(to, "{} {}{padding} ", paint(2, &time_of_day(now)), paint(level_colour, level.as_str()))?;
        write!(to, "{} {}", paint(2, &format!("{target}:")), visible(&self.message))?;
        for (name, value) in &self.fields {
            let value = match value {
                Value::String(text) => visible(text),
                value => value.to_string(),
            };
            write!(to, " {}{value}", paint(2, &format!("{name}=")))?;
        }
        to.write_char('\n')
    }

    fn set(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            ("log.target", Value::String(text)) => self.target = Some(text),
            ("log.module_path" | "log.file" | "log.line", _) => {}
            (name, value) => {
                self.fields.insert(name.strip_prefix("r#").unwrap_or(name).to_owned(), value);
            }
        }
    }
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value.into());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.into());
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}").into());
    }
}

/// `10:00:00.500` of `2026-01-15T10:00:00.5Z`: the day is known to who watches a terminal.
fn time_of_day(now: &str) -> String {
    let time = now.split_once('T').map_or(now, |(_, time)| time).trim_end_matches('Z');
    let (seconds, decimals) = time.split_once('.').unwrap_or((time, ""));
    format!("{seconds}.{decimals:0<3.3}")
}

/// The text with its control characters spelled out, so that it can neither break the line nor command the terminal.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if socle_kernel::is_control(c) { visible.extend(c.escape_default()) } else { visible.push(c) }
    }
    visible
}
