//! The way of a request: identifier, dialect, origin, guard, caller, handler, answer.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::request::Parts;
use http::{HeaderMap, HeaderName, StatusCode, header};
use socle_i18n::{Catalogue, Language};
use socle_kernel::{Actor, Clock, Error, Random, Result, codes};
use tower::ServiceExt;

use super::finish::{self, Asked};
use super::root::{self, RootParts};
use super::{headers, refusal_error};
use crate::context::Inner;
use crate::dialect::{CANONICAL, canonical};
use crate::docs::Write;
use crate::door::{duration, static_method};
use crate::problem::{self, Refused};
use crate::{
    Admission, Authenticator, Context, Dialect, Gate, Means, Origin, Refusal, RequestId, Routes, Shutdown,
    TrustedProxies, WellKnown, Who, well_known,
};

/// The longest address (RFC 9110 asks for 8,000 octets at least).
const MAX_URI: usize = 8 * 1024;
/// The most headers, and the most octets in them.
const MAX_HEADERS: usize = 100;
const MAX_HEADER_BYTES: usize = 32 * 1024;
/// A request slower than this is logged whatever it was.
const SLOW: Duration = Duration::from_secs(1);
/// The route of a request that no route answered.
const UNMATCHED: &str = "unmatched";

/// What an operator may set.
#[derive(Debug, Clone)]
pub struct EdgeSettings {
    /// The proxies whose word is taken.
    pub proxies: TrustedProxies,
    /// The language of those who say nothing.
    pub language: Language,
    /// The largest body, in octets.
    pub body_limit: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long a request may take.
    pub request_timeout: Duration,
    /// Origins that may call from a browser; empty for none.
    pub allowed_origins: Vec<String>,
    /// Also allow pages served from this machine, for development.
    pub allow_local_origins: bool,
    /// Log every request, not only writes, failures and slow ones.
    pub log_every_request: bool,
    /// Who may read `/metrics`: with a token, its bearers; without, callers on this machine.
    pub metrics_token: Option<socle_kernel::Secret<String>>,
    /// Serve `/docs` and `/openapi.json`.
    pub docs: bool,
}

/// What the edge is made of.
pub struct EdgeParts {
    /// The API.
    pub routes: Routes,
    /// Who is this?
    pub authenticator: Arc<dyn Authenticator>,
    /// May it pass?
    pub gate: Arc<dyn Gate>,
    /// The sentences.
    pub catalogue: Arc<Catalogue>,
    /// The time.
    pub clock: Clock,
    /// Randomness for request identifiers.
    pub random: Random,
    /// How far the server's end has come.
    pub shutdown: Shutdown,
    /// The state of what the server stands on.
    pub health: Arc<socle_observe::Health>,
    /// The metrics, rendered.
    pub metrics: socle_observe::Metrics,
    /// The name and version told by `/health`.
    pub service: (&'static str, &'static str),
    /// Writes the OpenAPI document; asked once for each language, when somebody first wants it.
    pub document: Write,
    /// Documents at the root.
    pub well_known: Vec<WellKnown>,
    /// What the operator set.
    pub settings: EdgeSettings,
}

/// The edge, ready to answer. Cheap to clone.
#[derive(Clone)]
pub struct Edge {
    router: Router,
    shared: Arc<Shared>,
}

struct Shared {
    authenticator: Arc<dyn Authenticator>,
    gate: Arc<dyn Gate>,
    catalogue: Arc<Catalogue>,
    clock: Clock,
    request_ids: RequestIds,
    settings: EdgeSettings,
}

impl Edge {
    /// Puts the parts together. Fails when a route has no policy or stands twice.
    pub fn build(parts: EdgeParts) -> Result<Self> {
        let root = root::router(RootParts {
            health: parts.health,
            metrics: parts.metrics,
            metrics_token: parts.settings.metrics_token.clone(),
            shutdown: parts.shutdown,
            clock: parts.clock.clone(),
            service: parts.service,
            document: parts.settings.docs.then_some(parts.document),
        });
        let api = parts.routes.into_router(CANONICAL)?;
        let router = api.merge(root).merge(well_known::router(parts.well_known)?).fallback(no_such_route);
        Ok(Self {
            router,
            shared: Arc::new(Shared {
                authenticator: parts.authenticator,
                gate: parts.gate,
                catalogue: parts.catalogue,
                clock: parts.clock,
                request_ids: RequestIds::new(&parts.random),
                settings: parts.settings,
            }),
        })
    }

    /// What the operator set.
    pub fn settings(&self) -> &EdgeSettings {
        &self.shared.settings
    }

    /// Answers one request that reached the socket from `peer`.
    pub async fn handle(&self, request: http::Request<Body>, peer: IpAddr) -> Response {
        let started = Instant::now();
        let shared = &self.shared;
        let (parts, body) = request.into_parts();
        let asked = Asked {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            if_none_match: parts.headers.get(header::IF_NONE_MATCH).cloned(),
            problem: problem::wants_problem(parts.headers.get(header::ACCEPT)),
        };
        let origin = shared.settings.proxies.origin(&parts.headers, peer);
        let (context, passed) = self.receive(&parts, origin).await;
        let (response, counted) = match passed {
            Ok(counted) => (self.run(Request::from_parts(parts, body), &context).await, counted),
            Err((error, reached)) => (Refused(error).into_response(), reached),
        };
        let mut response = finish::finish(response, &context, &asked);
        if let Some(admission) = &counted {
            headers::limit(response.headers_mut(), admission);
        }
        self.record(&asked, &context, response.status(), started.elapsed());
        response
    }

    /// Everything before the handler: size, guard, caller, general limit.
    async fn receive(&self, request: &Parts, origin: Origin) -> (Context, Passage) {
        let shared = &self.shared;
        let dialect = Dialect::of(request.uri.path());
        let mut who = Who::Anonymous;
        let nobody = Actor { address: Some(origin.address), ..Actor::anonymous() };
        let welcome = within_bounds(request)
            .map_err(|error| (error, None))
            .and_then(|()| shared.gate.admit(origin.address).map_err(|refusal| refused(&refusal)));
        let passed = match welcome {
            // Health, metrics and pages are not counted, and ask for no caller.
            Ok(()) if dialect == Dialect::Root => Ok(None),
            Ok(()) => match shared.authenticator.authenticate(&request.headers, &origin).await {
                Ok(answer) => {
                    who = without_forgery(answer, request, &*shared.authenticator);
                    if let Who::Known(caller) = &mut who {
                        caller.actor.address = Some(origin.address);
                    }
                    general_limit(&*shared.gate, &who, &origin, &nobody).map_err(|refusal| refused(&refusal))
                }
                Err(error) => Err((error, None)),
            },
            Err(refused) => Err(refused),
        };
        let language = language_of(request, &who, shared.settings.language);
        let context = Context(Arc::new(Inner {
            id: shared.request_ids.of(&request.headers),
            dialect,
            language,
            origin,
            who,
            nobody,
            gate: shared.gate.clone(),
            catalogue: shared.catalogue.clone(),
            received: shared.clock.now(),
            body_limit: shared.settings.body_limit,
            body_timeout: shared.settings.body_timeout,
            door: OnceLock::new(),
            counted: OnceLock::new(),
        }));
        (context, passed)
    }

    /// The handler, within its time; a panic becomes an answer.
    async fn run(&self, mut request: Request, context: &Context) -> Response {
        if let Some(uri) = canonical(request.uri()) {
            *request.uri_mut() = uri;
        }
        request.extensions_mut().insert(context.clone());
        let reader = context.actor().user.map_or(0, |user| user.uuid().as_u64_pair().1);
        let handled = AssertUnwindSafe(socle_db::Db::as_reader(reader, self.router.clone().oneshot(request)))
            .catch_unwind();
        match tokio::time::timeout(self.shared.settings.request_timeout, handled).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(never))) => match never {},
            Ok(Err(_panic)) => {
                // The panic hook has logged the place; the identifier ties the two lines together.
                Refused(Error::internal("a handler panicked")).into_response()
            }
            Err(_elapsed) => Refused(Error::new(codes::REQUEST_TIMEOUT).retry_after(SLOW)).into_response(),
        }
    }

    fn record(&self, asked: &Asked, context: &Context, status: StatusCode, took: Duration) {
        let door = context.0.door.get();
        match door {
            Some(door) => door.record(&asked.method, status, took),
            None => duration(&asked.method, UNMATCHED, status.as_str()).record(took),
        }
        let quiet =
            asked.method.is_safe() && !status.is_server_error() && !status.is_client_error() && took < SLOW;
        if quiet && !self.shared.settings.log_every_request {
            return;
        }
        let (method, template) = (static_method(&asked.method), door.map_or(UNMATCHED, |door| door.template));
        let user = context.actor().user.map(|user| user.to_string());
        tracing::info!(
            target: "socle::request",
            request_id = &*context.id().0,
            method,
            route = template,
            status = status.as_u16(),
            duration_ms = took.as_secs_f64() * 1000.0,
            ip = %context.origin().address,
            user_id = user.as_deref(),
            "{method} {template} {}", status.as_u16()
        );
    }
}

/// Counts a request against the limit of its sort of caller: an account, an API key, an address.
fn general_limit(
    gate: &dyn Gate,
    who: &Who,
    origin: &Origin,
    nobody: &Actor,
) -> Result<Option<Admission>, Refusal> {
    match who {
        Who::Known(caller) if caller.means == Means::ApiKey => gate.count_key("api_key", &caller.session),
        Who::Known(caller) => gate.count("api_user", origin, &caller.actor),
        Who::Anonymous | Who::Refused(_) => gate.count("api_ip", origin, nobody),
    }
}

/// What a request has used of the general limit; or why it may not pass, with the limit it reached.
type Passage = Result<Option<Admission>, (Error, Option<Admission>)>;

/// A write with a cookie counts as its owner's only when it shows that a page of ours asked for it. Who it is not is
/// not refused here: what is open to all stays open.
fn without_forgery(who: Who, request: &Parts, authenticator: &dyn Authenticator) -> Who {
    match &who {
        Who::Known(caller) if caller.means == Means::Cookie && !request.method.is_safe() => {
            match authenticator.admit_write(caller, &request.headers) {
                Ok(()) => who,
                Err(code) => Who::Refused(code),
            }
        }
        _ => who,
    }
}

fn refused(refusal: &Refusal) -> (Error, Option<Admission>) {
    (refusal_error(refusal), refusal.limit)
}

async fn no_such_route() -> Refused {
    Refused(Error::new(codes::ROUTE_NOT_FOUND))
}

fn within_bounds(request: &Parts) -> Result<()> {
    let (uri, headers) = (&request.uri, &request.headers);
    if uri.path().len() + uri.query().map_or(0, str::len) > MAX_URI {
        return Err(Error::new(codes::URI_TOO_LONG).arg("max", i64::try_from(MAX_URI).unwrap_or_default()));
    }
    let octets: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers.len() > MAX_HEADERS || octets > MAX_HEADER_BYTES {
        return Err(Error::new(codes::HEADERS_TOO_LARGE));
    }
    one_host(request)
}

/// Whom the request is for is said once: two proxies that read two `Host` differently can be played off against
/// each other (RFC 9112, section 3.2).
fn one_host(request: &Parts) -> Result<()> {
    let mut hosts = request.headers.get_all(header::HOST).iter();
    let wrong = |code| Err(Error::invalid_field("Host", code));
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            let host = host.as_bytes();
            let is_host = host.is_empty() || http::uri::Authority::try_from(host).is_ok();
            // HTTP/2 may say it in the address too: the same, then (RFC 9113, section 8.3.1).
            let other = request
                .uri
                .authority()
                .is_some_and(|other| !other.as_str().as_bytes().eq_ignore_ascii_case(host));
            if !is_host || host.contains(&b'@') {
                wrong(codes::BAD_CHARACTERS)
            } else if other {
                wrong(codes::DUPLICATE_FIELD)
            } else {
                Ok(())
            }
        }
        (Some(_), Some(_)) => wrong(codes::DUPLICATE_FIELD),
        // HTTP/2 names it in the address, HTTP/1.0 need not at all.
        (None, _) if request.version != http::Version::HTTP_11 || request.uri.authority().is_some() => Ok(()),
        (None, _) => wrong(codes::REQUIRED),
    }
}

/// Makes request identifiers: where this process began at random, then counting. They tell requests apart; they
/// are no secret, so each need not ask the system for randomness.
struct RequestIds {
    next: AtomicU64,
}

impl RequestIds {
    fn new(random: &Random) -> Self {
        Self { next: AtomicU64::new(u64::from_be_bytes(random.bytes())) }
    }

    /// The client's identifier when it is short and plain, else a new one (R3-159).
    fn of(&self, headers: &HeaderMap) -> RequestId {
        const NAME: HeaderName = HeaderName::from_static("x-request-id");
        let plain = |text: &&str| {
            (8..=64).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        if let Some(given) = headers.get(NAME).and_then(|value| value.to_str().ok()).filter(plain) {
            return RequestId(given.into());
        }
        // An odd step walks through all 64-bit numbers before one comes back, and neighbours do not look alike.
        let number = self.next.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mut id = String::with_capacity(20);
        id.push_str("req_");
        finish::push_hex(&mut id, number);
        RequestId(id.into())
    }
}

/// `?lang=`, else the caller's preference, else `Accept-Language`, else the profile's default (R2-03, C05).
fn language_of(request: &Parts, who: &Who, default: Language) -> Language {
    let asked = request
        .uri
        .query()
        .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")))
        .and_then(Language::parse);
    let preferred = match who {
        Who::Known(caller) => caller.language,
        Who::Anonymous | Who::Refused(_) => None,
    };
    let accepted = || {
        let header = request.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        Language::negotiate(header)
    };
    asked.or(preferred).or_else(accepted).unwrap_or(default)
}
