//! Sockets: accepting, protecting, draining.

use std::convert::Infallible;
use std::future::Future;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, Request, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use socle_kernel::{Error, Result, Trouble};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::util::BoxCloneService;
use tower::{ServiceBuilder, ServiceExt, service_fn};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{Edge, Shutdown};
use crate::BoxFuture;

/// Bounds on connections.
#[derive(Debug, Clone)]
pub struct ListenSettings {
    /// How long headers may take to arrive; also how long an idle connection is kept.
    pub header_timeout: Duration,
    /// How many connections at once; further ones wait in the system's queue.
    pub max_connections: usize,
    /// How long requests under way may take once draining has begun.
    pub drain: Duration,
}

/// A bound socket.
pub struct Server {
    listener: TcpListener,
}

/// The address of the socket's other end, put into each request.
#[derive(Clone, Copy)]
struct Peer(IpAddr);

type Layered = BoxCloneService<Request<Body>, Response, Infallible>;

/// What answers on one connection.
///
/// A request that neither comes from a page nor takes compressed answers goes straight to the edge: it would
/// pass those layers unchanged, and programs send most requests.
#[derive(Clone)]
struct Answering {
    edge: Edge,
    layered: Layered,
    peer: Peer,
    /// Has a request arrived on this connection?
    asked: Arc<AtomicBool>,
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.asked.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        let headers = request.headers();
        if headers.contains_key(header::ORIGIN) || headers.contains_key(header::ACCEPT_ENCODING) {
            request.extensions_mut().insert(self.peer);
            return Box::pin(self.layered.clone().oneshot(request));
        }
        let (edge, peer) = (self.edge.clone(), self.peer);
        Box::pin(async move { Ok(edge.handle(request, peer.0).await) })
    }
}

impl Server {
    /// Binds the address.
    pub async fn bind(address: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            let text = format!("cannot listen on {address}: {error}");
            let (address, port) = (address.to_string(), i64::from(address.port()));
            let trouble = match error.kind() {
                ErrorKind::AddrInUse => Trouble::new("port-taken", text).arg("port", port.to_string()),
                ErrorKind::PermissionDenied => Trouble::new("port-denied", text),
                ErrorKind::AddrNotAvailable => Trouble::new("address-absent", text),
                _ => Trouble::new("listen", text),
            };
            Error::from(trouble.arg("address", address).io(&error))
        })?;
        Ok(Self { listener })
    }

    /// The address that is bound: with port 0, the system chose.
    pub fn address(&self) -> Result<SocketAddr> {
        self.listener.local_addr().map_err(Error::internal)
    }

    /// Answers until `shutdown` drains, then finishes what is under way.
    pub async fn run(self, edge: Edge, settings: ListenSettings, shutdown: Shutdown) {
        let layered = layered(edge.clone());
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(settings.max_connections));
        let mut protocol = Builder::new(TokioExecutor::new());
        protocol
            .http1()
            .timer(TokioTimer::new())
            // It reads a hundred headers without asking for memory, and answers 431 itself when there are more.
            .header_read_timeout(settings.header_timeout);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(20))
            .max_concurrent_streams(128)
            .max_header_list_size(64 * 1024);
        loop {
            let place = tokio::select! {
                () = shutdown.draining() => break,
                place = places.clone().acquire_owned() => place,
            };
            let accepted = tokio::select! {
                () = shutdown.draining() => break,
                accepted = self.listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of descriptors: a pause lets connections end instead of spinning.
                    tracing::warn!("a connection could not be accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let asked = Arc::new(AtomicBool::new(false));
            let (edge, layered, peer) = (edge.clone(), layered.clone(), Peer(peer.ip()));
            let service = Answering { edge, layered, peer, asked };
            let connection = serve(&protocol, stream, service, settings.header_timeout, &graceful);
            tokio::spawn(async move {
                connection.await;
                drop(place);
            });
        }
        drop(self.listener);
        if tokio::time::timeout(settings.drain, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests did not end within {} s and are cut", settings.drain.as_secs());
        }
    }
}

fn serve(
    protocol: &Builder<TokioExecutor>,
    stream: TcpStream,
    service: Answering,
    patience: Duration,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + 'static {
    // Small answers must not wait for the acknowledgement of the one before.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("no delay could not be set: {error}");
    }
    let asked = service.asked.clone();
    let connection = protocol.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let connection = graceful.watch(connection.into_owned());
    // Which protocol a client speaks is read without a time limit: whoever opens a connection and asks nothing
    // would hold a place for ever.
    let silence = async move {
        tokio::time::sleep(patience).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    async move {
        tokio::select! {
            ended = connection => {
                if let Err(error) = ended {
                    tracing::debug!("a connection ended badly: {error}");
                }
            }
            () = silence => tracing::debug!("a connection on which nothing was asked is closed"),
        }
    }
}

/// The edge, inside compression, inside CORS.
fn layered(edge: Edge) -> Layered {
    let cors = cors(&edge);
    let compression =
        CompressionLayer::new().compress_when(SizeAbove::new(1024).and(DefaultPredicate::new()));
    let handle = service_fn(move |request: Request<Body>| {
        let edge = edge.clone();
        async move {
            let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
            Ok::<_, Infallible>(edge.handle(request, peer).await)
        }
    });
    ServiceBuilder::new()
        .map_response(|response: http::Response<_>| response.map(Body::new))
        .option_layer(cors)
        .layer(compression)
        .service(handle)
        .boxed_clone()
}

/// Only the listed origins, never `*`, and local pages in development (R3-61, R3-62, C41).
fn cors(edge: &Edge) -> Option<CorsLayer> {
    let settings = edge.settings();
    if settings.allowed_origins.is_empty() && !settings.allow_local_origins {
        return None;
    }
    let (listed, local) = (settings.allowed_origins.clone(), settings.allow_local_origins);
    let allowed = AllowOrigin::predicate(move |origin: &HeaderValue, _| {
        let Ok(origin) = origin.to_str() else { return false };
        listed.iter().any(|listed| listed == origin) || (local && is_local(origin))
    });
    let exposed = [
        "etag",
        "link",
        "location",
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "x-request-id",
        "x-total-count",
    ];
    Some(
        CorsLayer::new()
            .allow_origin(allowed)
            .allow_credentials(true)
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([
                header::ACCEPT,
                header::ACCEPT_LANGUAGE,
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
                HeaderName::from_static("idempotency-key"),
                HeaderName::from_static("last-event-id"),
                HeaderName::from_static("x-api-key"),
                HeaderName::from_static("x-csrf-token"),
                HeaderName::from_static("x-request-id"),
            ])
            .expose_headers(exposed.map(HeaderName::from_static))
            .max_age(Duration::from_secs(600)),
    )
}

fn is_local(origin: &str) -> bool {
    let rest = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).unwrap_or_default();
    let port = ["localhost", "127.0.0.1", "[::1]"].iter().find_map(|host| rest.strip_prefix(host));
    port.is_some_and(|port| {
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_61_only_pages_of_this_machine_are_local() {
        for local in ["http://localhost:3000", "http://127.0.0.1", "https://[::1]:5173", "http://localhost"] {
            assert!(is_local(local), "{local}");
        }
        for foreign in [
            "http://localhost.evil.example",
            "http://evil.example:80",
            "null",
            "file://localhost",
            "http://localhost:80@evil.example",
            "http://[::1].evil.example",
            "",
        ] {
            assert!(!is_local(foreign), "{foreign}");
        }
    }
}
