//! `socle serve`: the server.

use std::process::ExitCode;

use socle_identity::operator;
use socle_kit::http::Server;
use socle_kit::kernel::{Error, Result};
use socle_kit::observe::{LogFormat, logs};

use super::call::Call;
use crate::configuration::{address, is_exposed};
use crate::terminal::line;
use crate::{ground, wiring};

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let format = LogFormat::parse(values.choice("log.format")?).unwrap_or(LogFormat::Auto);
    logs::init(format, values.text("log.level")?, "socle")?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)?;
    // First the place, then the rest: who cannot have it has changed nothing, and no password is made for nobody.
    let server = runtime.block_on(Server::bind(address(&values)?))?;
    let (ground, migrated) = ground::open(&values)?;
    if is_exposed(&values)? && operator::has_demo_accounts(&ground.kit.db)? {
        tracing::warn!("{}", call.voice.text("demo-refused", &[]));
    }
    for (_, weak) in crate::weak_secrets::weak_secrets(&values)? {
        tracing::warn!("{}", call.voice.trouble(&weak));
    }
    let first = ground.operator()?.first_administrator()?;
    let served = runtime.block_on(async {
        let (edge, _) = wiring::front(&ground)?;
        let address = server.address()?;
        banner(call, &ground, address, migrated.applied.len(), first.as_ref())?;
        wiring::serve(&ground, edge, server, stop(call.voice.text("stopping", &[]))).await
    });
    // Streams that outlive the drain are cut here; database threads are joined after the runtime is gone.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    ground.kit.db.close();
    served.map(|()| ExitCode::SUCCESS)
}

/// Five lines that say where everything is.
fn banner(
    call: &Call<'_>,
    ground: &ground::Ground,
    address: std::net::SocketAddr,
    migrations: usize,
    first: Option<&operator::FirstAdministrator>,
) -> Result<()> {
    let settings = &ground.kit.settings;
    let url = settings.url("server.public_url")?.map_or_else(|| format!("http://{address}"), str::to_owned);
    let database = ground.kit.db.describe();
    let applied = i64::try_from(migrations).unwrap_or_default();
    let voice = &call.voice;
    line(&voice.text(
        "banner-listening",
        &[
            ("version", wiring::VERSION.into()),
            ("address", format!("http://{address}").into()),
            ("profile", settings.text("profile")?.into()),
            ("environment", settings.choice("environment")?.into()),
        ],
    ));
    line(&voice.text(
        "banner-data",
        &[
            ("folder", ground.data_dir.display().to_string().into()),
            ("database", database.into()),
            ("migrations", applied.into()),
        ],
    ));
    line(&voice.text("banner-docs", &[("url", format!("{url}/docs").into())]));
    match first.and_then(|first| Some((first, first.password.as_ref()?))) {
        Some((first, password)) => {
            let args =
                [("user", first.username.as_str().into()), ("password", password.expose().as_str().into())];
            line(&voice.text("banner-administrator", &args));
        }
        None => line(&voice.text("banner-sign-in", &[("url", format!("{url}/api/v1/auth/login").into())])),
    }
    line(&voice.text(if is_exposed(settings)? { "banner-next-doctor" } else { "banner-next" }, &[]));
    Ok(())
}

/// Resolves at the first request to stop; a second one ends the process at once.
async fn stop(farewell: String) {
    signal().await;
    line(&farewell);
    tokio::spawn(async {
        signal().await;
        std::process::exit(130);
    });
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
