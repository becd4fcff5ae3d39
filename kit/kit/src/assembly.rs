//! Puts modules together: their settings, tables, sentences, routes and tasks become one server's.

use std::sync::Arc;
use std::time::Duration;

use socle_config::{BASE, Setting, Specification, Values};
use socle_db::{MigrationSet, SealedColumn};
use socle_http::{
    Authenticator, Document, Edge, EdgeParts, EdgeSettings, Info, RouteCard, Routes, TrustedProxies,
};
use socle_i18n::{Catalogue, Language, Locale, Texts};
use socle_kernel::{Code, Error, Permission, Result, codes};
use socle_observe::{Health, Metrics};

use crate::{Kit, Module, Personal, sealing};

/// The modules and their parts.
fn all(modules: &[Module]) -> impl Iterator<Item = &Module> {
    modules.iter().flat_map(Module::with_parts)
}

/// Every setting there is: the base's, those of mail, then each module's.
pub fn settings(modules: &[Module], others: &[Setting]) -> Vec<Setting> {
    BASE.iter()
        .chain(socle_mail::SETTINGS)
        .chain(others)
        .chain(all(modules).flat_map(|module| module.settings))
        .copied()
        .collect()
}

/// The specification of those settings.
pub fn specification(modules: &[Module], others: &[Setting]) -> Result<Specification> {
    Specification::new([settings(modules, others).as_slice()])
}

/// Every table there is, the outbox's first.
pub fn migrations(modules: &[Module]) -> Vec<MigrationSet> {
    let own = modules.iter().map(|module| {
        let mut files: Vec<_> = module.with_parts().flat_map(|part| part.migrations).copied().collect();
        // The number in the name is the order, whichever part brings the file.
        files.sort_by_key(|file| file.name);
        // Made once per process and kept for as long as it lives, like the constants it is made of.
        MigrationSet { module: module.name, files: files.leak() }
    });
    [socle_events::MIGRATIONS, socle_mail::MIGRATIONS, sealing::MIGRATIONS]
        .into_iter()
        .chain(own.filter(|set| !set.files.is_empty()))
        .collect()
}

/// Every column of sealed texts there is.
pub fn sealed(modules: &[Module]) -> Vec<SealedColumn> {
    socle_mail::SEALED.iter().chain(all(modules).flat_map(|module| module.sealed)).copied().collect()
}

/// Every sentence there is.
pub fn catalogue(modules: &[Module]) -> Result<Catalogue> {
    let base = [
        (Language::En, socle_http::ENGLISH, "http"),
        (Language::Fr, socle_http::FRENCH, "http"),
        (Language::En, socle_mail::ENGLISH, "mail"),
        (Language::Fr, socle_mail::FRENCH, "mail"),
    ];
    let base = base.map(|(language, ftl, origin)| Locale { language, ftl, origin });
    let locales: Vec<Locale> =
        base.into_iter().chain(all(modules).flat_map(|module| module.locales).copied()).collect();
    Catalogue::new(&locales)
}

/// The French of what the code says in English; `others` are the roof's own.
pub fn texts(modules: &[Module], others: &str) -> Result<Texts> {
    Texts::new(
        [socle_http::FRENCH_TEXTS, socle_mail::FRENCH_TEXTS, others]
            .into_iter()
            .chain(all(modules).map(|module| module.texts)),
    )
}

/// Every permission there is.
pub fn permissions(modules: &[Module]) -> Vec<Permission> {
    all(modules).flat_map(|module| module.permissions).copied().collect()
}

/// Everything that is held about a person.
pub fn personal(modules: &[Module]) -> Personal {
    Personal::new(all(modules).flat_map(|module| module.personal).copied())
}

/// Every error code there is.
pub fn error_codes(modules: &[Module]) -> Vec<Code> {
    codes::ALL.iter().chain(all(modules).flat_map(|module| module.errors)).copied().collect()
}

/// Every route there is.
pub fn routes(kit: &Kit, modules: &[Module]) -> Result<Routes> {
    all(modules).try_fold(Routes::new(), |routes, module| Ok(routes.merge((module.routes)(kit)?)))
}

/// What the edge is to be told of the settings.
pub fn edge_settings(values: &Values) -> Result<EdgeSettings> {
    let production = values.choice("environment")? == "production";
    Ok(EdgeSettings {
        proxies: TrustedProxies::new(values.networks("server.trusted_proxies")?.to_vec()),
        language: Language::parse(values.choice("language.default")?).unwrap_or(Language::Fr),
        body_limit: usize::try_from(values.size("server.body_limit")?).unwrap_or(usize::MAX),
        body_timeout: values.duration("server.body_timeout")?,
        request_timeout: values.duration("server.request_timeout")?,
        allowed_origins: values.list("cors.allowed_origins")?.to_vec(),
        allow_local_origins: !production,
        log_every_request: values.choice("log.requests")? == "all",
        metrics_token: values.secret("metrics.token")?,
        docs: values.bool("docs.enabled")?,
    })
}

/// What only the server as a whole can say.
pub struct Surroundings {
    /// Who is this?
    pub authenticator: Arc<dyn Authenticator>,
    /// The state of what the server stands on.
    pub health: Arc<Health>,
    /// The metrics.
    pub metrics: Metrics,
    /// What the OpenAPI document says of the product.
    pub info: Info,
    /// Reads the French of the document, when somebody asks for it.
    pub texts: Arc<dyn Fn() -> Result<Texts> + Send + Sync>,
}

/// The server's front: every route behind the guard, described and dressed.
pub fn edge(kit: &Kit, modules: &[Module], around: Surroundings) -> Result<(Edge, Vec<RouteCard>)> {
    let routes = routes(kit, modules)?;
    let cards = routes.cards();
    let (info, texts, catalogue, described) =
        (around.info, around.texts, kit.catalogue.clone(), cards.clone());
    let version = info.version;
    let document = move |language| {
        let document = Document::build(&info, &described)?;
        Ok(match language {
            Language::En => document,
            Language::Fr => document.in_french(&texts()?, &catalogue).0,
        })
    };
    let well_known =
        all(modules).map(|module| (module.well_known)(kit)).collect::<Result<Vec<_>>>()?.concat();
    let edge = Edge::build(EdgeParts {
        routes,
        authenticator: around.authenticator,
        gate: kit.gate.clone(),
        catalogue: kit.catalogue.clone(),
        clock: kit.clock.clone(),
        random: kit.random.clone(),
        shutdown: kit.shutdown.clone(),
        health: around.health,
        metrics: around.metrics,
        service: ("socle", version),
        document: Arc::new(document),
        well_known,
        settings: edge_settings(&kit.settings)?,
    })?;
    Ok((edge, cards))
}

/// Refuses a limit that a route names and no setting declares: a typing error there would count nothing.
pub fn check_limits(cards: &[RouteCard], settings: &[Setting]) -> Result<()> {
    for limit in cards.iter().filter_map(|card| card.limit) {
        if !settings.iter().any(|setting| setting.key.strip_prefix("limits.") == Some(limit)) {
            return Err(Error::internal(format!("a route is limited by {limit}, which no setting declares")));
        }
    }
    Ok(())
}

/// Starts what modules do on their own: listening for letters, and their periodic tasks, until the server drains.
pub fn start(kit: &Kit, modules: &[Module]) -> Result<()> {
    let listeners = all(modules).flat_map(|module| (module.listeners)(kit)).collect();
    kit.events.start(listeners, kit.shutdown.clone().draining_owned())?;
    for task in all(modules).flat_map(|module| module.periodic).copied() {
        let kit = kit.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(task.every);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = kit.shutdown.draining() => return,
                    _ = ticks.tick() => {}
                }
                if let Err(error) = (task.run)(&kit).await {
                    tracing::warn!("periodic task {} failed: {error}", task.name);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        });
    }
    Ok(())
}
