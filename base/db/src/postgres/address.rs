//! Where a PostgreSQL server is, and how to connect to it.

use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use socle_kernel::{Result, Secret, Trouble};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::failure::unavailable;
use crate::postgres::certificates::{self, Trust};
use crate::postgres::failure;

/// Which work a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Reader,
    Writer,
    /// Changes tables; may take long.
    Migrator,
    /// Holds locks for as long as it lives.
    Leader,
}

impl Role {
    fn options(self) -> &'static str {
        match self {
            // A read is one statement or a snapshot: serializable would cost conflicts and bring nothing.
            Self::Reader => {
                "-c default_transaction_isolation=read\\ committed -c default_transaction_read_only=on \
                 -c statement_timeout=30s"
            }
            Self::Writer => {
                "-c default_transaction_isolation=serializable -c statement_timeout=30s \
                 -c idle_in_transaction_session_timeout=60s"
            }
            Self::Migrator => "-c statement_timeout=0",
            Self::Leader => "-c statement_timeout=5s",
        }
    }
}

/// A server's address.
#[derive(Clone)]
pub(crate) struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. The modes are those of
    /// PostgreSQL's own library: `disable`, `prefer` (unless said otherwise), `require`, `verify-ca`,
    /// `verify-full`. The address is never repeated in an error: it may hold a password.
    pub(crate) fn parse(url: &Secret<String>) -> Result<Self> {
        let (base, query) = url.expose().split_once('?').unwrap_or((url.expose(), ""));
        let (mut mode, mut root, mut others) = ("prefer", None, Vec::new());
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", value)) => mode = value,
                Some(("sslrootcert", value)) => root = Some(percent_decoded(value)),
                _ => others.push(parameter),
            }
        }
        let plain = Secret::new(format!("{base}?{}", others.join("&")));
        let mut config: Config = plain.expose().parse().map_err(|_| {
            Trouble::new("database-address", "the address of the PostgreSQL server cannot be understood")
        })?;
        let (ssl_mode, trust) = match mode {
            "disable" => (SslMode::Disable, None),
            "prefer" | "allow" => (SslMode::Prefer, Some(Trust::Anybody)),
            "require" if root.is_none() => (SslMode::Require, Some(Trust::Anybody)),
            "require" | "verify-ca" => (SslMode::Require, Some(Trust::Issuer)),
            "verify-full" => (SslMode::Require, Some(Trust::IssuerAndName)),
            _ => {
                let text = format!("the sslmode {mode} does not exist");
                return Err(Trouble::new("database-sslmode", text).arg("mode", mode).into());
            }
        };
        let tls = trust.map(|trust| certificates::connector(trust, root.as_deref())).transpose()?;
        config
            .ssl_mode(ssl_mode)
            .connect_timeout(Duration::from_secs(5))
            .tcp_user_timeout(Duration::from_secs(15))
            .keepalives_idle(Duration::from_secs(30));
        if config.get_application_name().is_none() {
            config.application_name("socle");
        }
        Ok(Self { config, tls })
    }

    /// Opens a connection for this role.
    pub(crate) fn connect(&self, role: Role) -> Result<Client> {
        let mut config = self.config.clone();
        let given = self.config.get_options().unwrap_or_default();
        config.options(format!("{given} {} -c TimeZone=UTC", role.options()).trim());
        let outcome = match &self.tls {
            Some(tls) => config.connect(tls.clone()),
            None => config.connect(NoTls),
        };
        outcome.map_err(|error| unavailable(failure::not_reached(&error, &self.config)))
    }
}

/// A parameter's value without its percent signs; bytes that are no UTF-8 are replaced.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| first == b'%').and_then(|digits| {
            std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
        });
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address> {
        Address::parse(&Secret::new(url.to_owned()))
    }

    #[test]
    fn the_tls_mode_is_the_librarys_and_the_rest_is_kept() {
        for (mode, expected, has_tls) in [
            ("", SslMode::Prefer, true),
            ("sslmode=disable", SslMode::Disable, false),
            ("sslmode=require", SslMode::Require, true),
            ("sslmode=verify-full&connect_timeout=3", SslMode::Require, true),
        ] {
            let address = parse(&format!("postgres://u:p@h:5433/d?{mode}")).unwrap();
            assert_eq!(address.config.get_ssl_mode(), expected, "{mode}");
            assert_eq!(address.tls.is_some(), has_tls, "{mode}");
            assert_eq!(address.config.get_ports(), [5433]);
        }
    }

    #[test]
    fn a_bad_address_is_refused_and_not_repeated() {
        for bad in [
            "postgres://u:hunter2@h/d?sslmode=maybe",
            "postgres://u:hunter2@h/d?colour=red",
            "postgres://u:hunter2@h:x",
        ] {
            let Err(error) = parse(bad) else { panic!("{bad} was accepted") };
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert!(parse("postgres://h/d?sslmode=verify-full&sslrootcert=/not/there.pem").is_err());
    }

    #[test]
    fn percent_signs_are_decoded() {
        assert_eq!(percent_decoded("/a%20b%2Fc%zz%"), "/a b/c%zz%");
    }
}
