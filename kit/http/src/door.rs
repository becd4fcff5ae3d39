//! What stands before a handler, and what is noted of a route once it has answered.

use std::sync::OnceLock;
use std::time::Duration;

use http::{Method, StatusCode};

/// The door of one route.
pub(crate) struct Door {
    /// The template of the path, for metrics and the log: their number is bounded, that of paths is not.
    pub(crate) template: &'static str,
    /// Is the route open to the anonymous? Asked by `Visitor`.
    pub(crate) open: bool,
    /// May callers who are confined pass?
    pub(crate) for_confined: bool,
    /// The limit of the route itself.
    pub(crate) limit: Option<&'static str>,
    /// Is the address counted against it, whoever calls?
    pub(crate) counts_addresses: bool,
    /// Does the route take parameters in its query?
    pub(crate) takes_query: bool,
    method: Method,
    durations: [OnceLock<metrics::Histogram>; STATUSES.len()],
}

/// The statuses whose histograms are looked up once.
const STATUSES: [(StatusCode, &str); 9] = [
    (StatusCode::OK, "200"),
    (StatusCode::CREATED, "201"),
    (StatusCode::NO_CONTENT, "204"),
    (StatusCode::NOT_MODIFIED, "304"),
    (StatusCode::BAD_REQUEST, "400"),
    (StatusCode::UNAUTHORIZED, "401"),
    (StatusCode::FORBIDDEN, "403"),
    (StatusCode::NOT_FOUND, "404"),
    (StatusCode::TOO_MANY_REQUESTS, "429"),
];

impl Door {
    /// A door on which nothing is written yet.
    pub(crate) fn new(method: Method, template: &'static str) -> Self {
        Self {
            template,
            open: false,
            for_confined: false,
            limit: None,
            counts_addresses: false,
            takes_query: false,
            method,
            durations: Default::default(),
        }
    }

    /// Notes how long a request took that came through this door.
    pub(crate) fn record(&self, method: &Method, status: StatusCode, took: Duration) {
        let known = STATUSES.iter().zip(&self.durations).find(|((known, _), _)| *known == status);
        match known.filter(|_| *method == self.method) {
            Some(((_, text), histogram)) => {
                histogram.get_or_init(|| duration(method, self.template, text)).record(took);
            }
            None => duration(method, self.template, status.as_str()).record(took),
        }
    }
}

/// The histogram of requests of this method on this route that ended so.
pub(crate) fn duration(method: &Method, template: &'static str, status: &str) -> metrics::Histogram {
    let (method, status) = (static_method(method), status.to_owned());
    metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => template, "status" => status)
}

/// A method as a label: what clients make up is one label.
pub(crate) fn static_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
