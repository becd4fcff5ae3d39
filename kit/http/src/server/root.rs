//! The root paths: health for probes, metrics for the collector, the documentation.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use serde_json::json;
use socle_kernel::{Clock, Error, Secret, codes};
use socle_observe::{Health, Metrics, Status};

use crate::docs;
use crate::problem::Refused;
use crate::reply::{Plain, Raw};
use crate::{Context, Shutdown};

/// What the root paths tell of.
pub(crate) struct RootParts {
    pub(crate) health: Arc<Health>,
    pub(crate) metrics: Metrics,
    pub(crate) metrics_token: Option<Secret<String>>,
    pub(crate) shutdown: Shutdown,
    pub(crate) clock: Clock,
    pub(crate) service: (&'static str, &'static str),
    /// What writes the document, where it is served.
    pub(crate) document: Option<docs::Write>,
}

#[derive(Clone)]
struct Root(Arc<Inner>);

struct Inner {
    parts: RootParts,
    started: std::time::Instant,
}

/// `/health`, `/health/detailed`, `/ready`, `/live`, `/metrics`, `/docs`, `/openapi.json`.
pub(crate) fn router(mut parts: RootParts) -> Router {
    let document = parts.document.take();
    let root = Root(Arc::new(Inner { parts, started: std::time::Instant::now() }));
    let router = Router::new()
        .route("/health", get(health))
        .route("/health/detailed", get(detailed))
        .route("/ready", get(ready))
        .route("/live", get(live))
        .route("/metrics", get(metrics))
        .with_state(root);
    match document {
        Some(write) => router.merge(docs::router(write)),
        None => router,
    }
}

/// The state of the service and of what it stands on (R3-177…R3-185): 503 only when it cannot serve.
async fn health(State(root): State<Root>) -> Plain {
    let report = root.0.parts.health.report().await;
    let components: serde_json::Map<_, _> = report
        .components
        .iter()
        .map(|component| {
            let mut body = json!({"status": component.status.as_str()});
            if let Some(object) = body.as_object_mut() {
                if let Some(message) = &component.message {
                    object.insert("message".into(), message.as_str().into());
                }
                object.insert(
                    "latency".into(),
                    format!("{:.3}ms", component.latency.as_secs_f64() * 1000.0).into(),
                );
            }
            (component.name.to_owned(), body)
        })
        .collect();
    let status =
        if report.status == Status::Unhealthy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let uptime = root.0.started.elapsed().as_secs();
    let body = json!({
        "status": report.status.as_str(),
        "service": root.0.parts.service.0,
        "version": root.0.parts.service.1,
        "timestamp": root.0.parts.clock.now().seconds(),
        "uptime": format!("{}h{}m{}s", uptime / 3600, uptime / 60 % 60, uptime % 60),
        "components": components,
    });
    Plain { status, body }
}

/// The short form of the same (R1-235…R1-237).
async fn detailed(State(root): State<Root>) -> Plain {
    let report = root.0.parts.health.report().await;
    let up = |status: Status| if status == Status::Unhealthy { "DOWN" } else { "UP" };
    let details: serde_json::Map<_, _> = report
        .components
        .iter()
        .map(|component| (component.name.to_owned(), up(component.status).into()))
        .collect();
    let status =
        if report.status == Status::Unhealthy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Plain { status, body: json!({"status": up(report.status), "details": details}) }
}

/// May the server be used? (R3-189…R3-191)
async fn ready(State(root): State<Root>) -> Plain {
    let refused = |reason: &str| Plain {
        status: StatusCode::SERVICE_UNAVAILABLE,
        body: json!({"status": "not_ready", "reason": reason}),
    };
    if !root.0.parts.shutdown.is_ready() {
        return refused("starting_or_stopping");
    }
    if root.0.parts.health.report().await.status == Status::Unhealthy {
        return refused("database_unavailable");
    }
    Plain {
        status: StatusCode::OK,
        body: json!({"status": "ready", "timestamp": root.0.parts.clock.now().seconds()}),
    }
}

/// The process answers: that is all a liveness probe should ask (C66).
async fn live() -> Plain {
    Plain { status: StatusCode::OK, body: json!({"status": "UP"}) }
}

/// Prometheus' text: for the bearer of the token, or, where none is set, for callers on this machine.
async fn metrics(
    State(root): State<Root>,
    context: Context,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    use axum::response::IntoResponse;
    let bearer =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let allowed = match &root.0.parts.metrics_token {
        Some(token) => {
            bearer.is_some_and(|bearer| socle_crypto::same(bearer.as_bytes(), token.expose().as_bytes()))
        }
        None => context.origin().address.is_loopback(),
    };
    if !allowed {
        return Err(Refused(Error::new(codes::UNAUTHORIZED)));
    }
    let body = root.0.parts.metrics.render();
    Ok(Raw { status: StatusCode::OK, media: "text/plain; version=0.0.4; charset=utf-8", body }
        .into_response())
}
