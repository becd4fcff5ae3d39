//! Mails by SMTP: an encrypted conversation with one server, over a few connections that are kept.

use std::sync::OnceLock;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error as SmtpError, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use socle_config::Values;
use socle_kernel::{Result, Trouble};

use crate::message::Letter;
use crate::refusal::Refusal;
use crate::server::{Encryption, Server};

/// What a server answers when it does not know us or wants us to prove who we are: the settings are wrong, not the
/// mail (RFC 4954).
const OF_AUTHENTICATION: &[u16] = &[530, 534, 535, 538];

/// The way to a mail server.
pub(crate) struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    /// Made on the runtime that uses it.
    transport: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
    pub(crate) place: String,
    timeout: Duration,
}

impl Smtp {
    /// To this server, as `domain` introduces itself.
    pub(crate) fn new(server: &Server, domain: &str, values: &Values) -> Result<Self> {
        let timeout = values.duration("mail.timeout")?;
        let connections = u32::try_from(values.integer("mail.concurrency")?).unwrap_or(1);
        let tls = match (server.encryption, parameters(server, values)?) {
            (Encryption::FromTheStart, Some(parameters)) => Tls::Wrapper(parameters),
            (Encryption::StartTls, Some(parameters)) => Tls::Required(parameters),
            _ => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone())
            .port(server.port)
            .tls(tls)
            .timeout(Some(timeout))
            .hello_name(ClientId::Domain(domain.to_owned()))
            .pool_config(PoolConfig::new().max_size(connections).idle_timeout(Duration::from_secs(30)));
        if let Some((user, password)) = &server.user {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
        }
        Ok(Self { builder, transport: OnceLock::new(), place: server.place(), timeout })
    }

    /// Hands a letter over.
    pub(crate) async fn hand_over(&self, letter: &Letter) -> Result<(), Refusal> {
        let is_ascii = letter.envelope.to().iter().all(|to| AsRef::<str>::as_ref(to).is_ascii());
        match self.transport().send_raw(&letter.envelope, &letter.bytes).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_client() && !is_ascii => {
                Err(Refusal::permanent("the server takes no addresses beyond ASCII"))
            }
            Err(error) => Err(refusal(&error)),
        }
    }

    /// Does the server answer, and does it know us?
    pub(crate) async fn check(&self) -> Result<(), Refusal> {
        match tokio::time::timeout(self.timeout, self.transport().test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Refusal::way("the server hung up")),
            Ok(Err(error)) => Err(refusal(&error)),
            Err(_elapsed) => Err(Refusal::way("no answer in time")),
        }
    }

    /// Says good-bye on the connections that are kept.
    pub(crate) async fn close(&self) {
        if let Some(transport) = self.transport.get() {
            transport.shutdown().await;
        }
    }

    fn transport(&self) -> &AsyncSmtpTransport<Tokio1Executor> {
        self.transport.get_or_init(|| self.builder.clone().build())
    }
}

impl Drop for Smtp {
    /// The library says good-bye on connections that are kept when they are dropped, for which it needs a runtime.
    /// Where there is none any more, the process is about to end: the system closes them.
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_err()
            && let Some(transport) = self.transport.take()
        {
            std::mem::forget(transport);
        }
    }
}

/// What TLS is to check; none where there is none.
pub(crate) fn parameters(server: &Server, values: &Values) -> Result<Option<TlsParameters>, Trouble> {
    if server.encryption == Encryption::None {
        return Ok(None);
    }
    let refused = |error: &dyn std::fmt::Display| {
        Trouble::new("setting-mail-tls", format!("TLS cannot be set up: {error}"))
            .arg("reason", error.to_string())
    };
    let mut builder = TlsParameters::builder(server.host.clone());
    let path = values.path("mail.ca_file").map_err(|error| refused(&error))?;
    if !path.as_os_str().is_empty() {
        let shown = path.display().to_string();
        let unreadable = || Trouble::new("setting-ca-unreadable", format!("{shown} cannot be read"));
        let pem = std::fs::read(path).map_err(|error| unreadable().arg("path", shown.as_str()).io(&error))?;
        for certificate in certificates(&pem) {
            let certificate = Certificate::from_pem(certificate).map_err(|_| {
                Trouble::new("setting-ca-malformed", format!("{shown} holds no certificate"))
                    .arg("path", shown.as_str())
            })?;
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map(Some).map_err(|error| refused(&error))
}

/// The certificates of a file, each by itself; the whole where there is none, to be refused.
fn certificates(pem: &[u8]) -> Vec<&[u8]> {
    const END: &[u8] = b"-----END CERTIFICATE-----";
    let mut found = Vec::new();
    let mut rest = pem;
    while let Some(at) = rest.windows(END.len()).position(|window| window == END) {
        let (one, after) = rest.split_at(at + END.len());
        found.push(one);
        rest = after;
    }
    if found.is_empty() { vec![pem] } else { found }
}

/// What the failure of a conversation means for the mail.
fn refusal(error: &SmtpError) -> Refusal {
    let reason = reason(error);
    match error.status().map(u16::from) {
        Some(code) if OF_AUTHENTICATION.contains(&code) => Refusal::way(&reason),
        Some(_) if error.is_permanent() => Refusal::permanent(&reason),
        Some(_) => Refusal::temporary(&reason),
        None => Refusal::way(&reason),
    }
}

/// What the server or the system said.
fn reason(error: &SmtpError) -> String {
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    let mut last = cause.map_or_else(|| error.to_string(), ToString::to_string);
    while let Some(inner) = cause.and_then(std::error::Error::source) {
        last = inner.to_string();
        cause = Some(inner);
    }
    match error.status() {
        Some(code) => format!("{code} {last}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None => last,
    }
}
