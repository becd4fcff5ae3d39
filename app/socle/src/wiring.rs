//! The server: the ground, its front, and what runs beside it.

use std::sync::Arc;
use std::time::Duration;

use socle_kit::assembly::{self, Surroundings};
use socle_kit::config::Values;
use socle_kit::http::{Edge, Info, ListenSettings, RouteCard, Server};
use socle_kit::i18n::Texts;
use socle_kit::kernel::Result;
use socle_kit::observe::{Health, Importance, Metrics};

use crate::configuration;
use crate::ground::Ground;
use crate::modules::MODULES;

/// The version of this binary.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the OpenAPI document says of the product.
pub const INFO: Info = Info {
    title: "Socle",
    version: VERSION,
    description: "One hardened backend in one binary.\n\n\
        **Signing in.** `POST /api/v1/auth/login` answers an `accessToken`; send it as `Authorization: Bearer …`.\n\n\
        **Envelope.** Everything below `/api/v1` answers `{success, data, meta}`; lists add `pagination`. The same \
        routes below `/api` answer bare bodies, for clients that expect them.\n\n\
        **Errors** carry a stable `code`, a sentence in the reader's language (`?lang=`, `Accept-Language`) and every \
        bad field at once; ask for `application/problem+json` to get RFC 9457.\n\n\
        **Lists** take `page` or `cursor`, `limit`, `sort` and their own filters; anything else is refused.\n\n\
        **Caching and conflicts.** Reads carry a strong `ETag`: send it back as `If-None-Match` to save the body, as \
        `If-Match` to change only what you have seen.",
};

/// The French of what the code says in English, whichever modules are on.
pub fn texts() -> Result<Texts> {
    assembly::texts(MODULES, include_str!("../i18n/fr.toml"))
}

/// The front of the server over this ground.
pub fn front(ground: &Ground) -> Result<(Edge, Vec<RouteCard>)> {
    let kit = &ground.kit;
    let metrics = Metrics::install()?;
    let db = kit.db.clone();
    let delivery = ground.delivery.clone();
    let health = Health::new()
        .with("database", Importance::Vital, move || {
            let db = db.clone();
            Box::pin(async move { db.ping().await })
        })
        .with("mail", Importance::Useful, move || {
            let delivery = delivery.clone();
            Box::pin(async move { delivery.check() })
        });
    let around = Surroundings {
        authenticator: socle_identity::authenticator(
            &kit.db,
            &kit.settings,
            &kit.sealer,
            &kit.clock,
            &kit.random,
        )?,
        health: Arc::new(health),
        metrics,
        info: INFO,
        texts: Arc::new(texts),
    };
    let (edge, cards) = assembly::edge(kit, &ground.modules, around)?;
    assembly::check_limits(&cards, &configuration::settings())?;
    Ok((edge, cards))
}

/// Bounds on connections.
pub fn listen_settings(values: &Values) -> Result<ListenSettings> {
    Ok(ListenSettings {
        header_timeout: values.duration("server.header_timeout")?,
        max_connections: usize::try_from(values.integer("server.max_connections")?).unwrap_or(usize::MAX),
        drain: values.duration("shutdown.drain")?,
    })
}

/// How long the server says "not ready" before it refuses connections: a balancer needs that, a terminal does not.
pub fn notice(values: &Values) -> Result<Duration> {
    let production = values.choice("environment")? == "production";
    if production || values.is_set("shutdown.notice")? {
        values.duration("shutdown.notice")
    } else {
        Ok(Duration::ZERO)
    }
}

/// Answers until `stop` resolves, then ends in steps: not ready, no new connections, drained.
pub async fn serve(
    ground: &Ground,
    edge: Edge,
    server: Server,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let kit = &ground.kit;
    let settings = listen_settings(&kit.settings)?;
    let notice = notice(&kit.settings)?;
    assembly::start(kit, &ground.modules)?;
    ground.delivery.start(kit.shutdown.clone().draining_owned())?;
    kit.shutdown.ready();
    let shutdown = kit.shutdown.clone();
    tokio::spawn(async move {
        stop.await;
        shutdown.notice();
        tokio::time::sleep(notice).await;
        shutdown.drain();
    });
    server.run(edge, settings, kit.shutdown.clone()).await;
    kit.events.stop().await;
    ground.delivery.stop().await;
    Ok(())
}
