//! The address of an SMTP server: `smtp://user:password@host:587`.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use socle_kernel::{Result, Secret, Trouble};

/// An SMTP server, as `SMTP_URL` names it.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: Encryption,
    pub(crate) user: Option<(String, Secret<String>)>,
}

/// How the conversation is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// From the first byte: `smtps:`.
    FromTheStart,
    /// After the command STARTTLS, without which nothing is sent.
    StartTls,
    /// Not at all: to this machine, or because the address says so.
    None,
}

impl Server {
    /// The server this address names. What is wrong with it is told without repeating it: it may hold a password.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        Self::read(url).map_err(Into::into)
    }

    pub(crate) fn read(url: &str) -> Result<Self, Trouble> {
        let malformed = || Trouble::new("setting-no-smtp", "is not the address of an SMTP server");
        let (scheme, rest) = url.split_once("://").ok_or_else(malformed)?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let place = place.strip_suffix('/').unwrap_or(place);
        let (credentials, host) = match place.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, place),
        };
        let (host, port) = host_and_port(host).ok_or_else(malformed)?;
        let encryption = match (scheme, query) {
            ("smtps", "") => Encryption::FromTheStart,
            ("smtp", "tls=required") => Encryption::StartTls,
            ("smtp", "tls=none") => Encryption::None,
            ("smtp", "") if is_this_machine(&host) => Encryption::None,
            ("smtp", "") => Encryption::StartTls,
            _ => return Err(malformed()),
        };
        let user = credentials.map(credentials_of).transpose()?;
        if user.is_some() && encryption == Encryption::None && !is_this_machine(&host) {
            let text = "would send its password in the clear";
            return Err(Trouble::new("setting-smtp-plain", text));
        }
        let default = if encryption == Encryption::FromTheStart { 465 } else { 587 };
        Ok(Self { host, port: port.unwrap_or(default), encryption, user })
    }

    /// Where it is, for a log.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

fn credentials_of(text: &str) -> Result<(String, Secret<String>), Trouble> {
    let unreadable = || Trouble::new("setting-no-smtp", "is not the address of an SMTP server");
    let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    let (user, password) = text.split_once(':').ok_or_else(unreadable)?;
    let user = decode(user).filter(|user| !user.is_empty()).ok_or_else(unreadable)?;
    Ok((user, Secret::new(decode(password).ok_or_else(unreadable)?)))
}

fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<IpAddr>().ok()?;
            (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) })
        }
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let is_name =
        |sign: char| sign.is_alphanumeric() || sign == '.' || sign == '-' || sign == '_' || sign == ':';
    let port = port.map(str::parse).transpose().ok()?;
    (!host.is_empty() && host.chars().all(is_name) && port != Some(0)).then(|| (host.to_owned(), port))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_host_port_user_and_how_it_is_kept_secret() {
        for (url, place, encryption) in [
            ("smtps://mail.example.org", "mail.example.org:465", Encryption::FromTheStart),
            ("smtp://mail.example.org", "mail.example.org:587", Encryption::StartTls),
            ("smtp://mail.example.org:25/", "mail.example.org:25", Encryption::StartTls),
            ("smtp://mail.example.org?tls=none", "mail.example.org:587", Encryption::None),
            ("smtp://localhost:1025", "localhost:1025", Encryption::None),
            ("smtp://[::1]:1025", "::1:1025", Encryption::None),
            ("smtp://127.0.0.1:25?tls=required", "127.0.0.1:25", Encryption::StartTls),
        ] {
            let server = Server::read(url).unwrap();
            assert_eq!((server.place().as_str(), server.encryption), (place, encryption), "{url}");
            assert!(server.user.is_none());
        }
        let server = Server::read("smtp://me%40example.org:p%3A%2F@mail.example.org").unwrap();
        let (user, password) = server.user.clone().unwrap();
        assert_eq!((user.as_str(), password.expose().as_str()), ("me@example.org", "p:/"));
        assert!(!format!("{server:?}").contains("p:/"));
    }

    #[test]
    fn what_is_no_address_and_a_password_in_the_clear_are_refused_without_being_repeated() {
        for bad in [
            "mailto:me@example.org",
            "smtp://",
            "smtp://host:port",
            "smtp://host:0",
            "smtp://host/path",
            "smtp://host?tls=maybe",
            "smtps://host?tls=none",
            "smtp://user@host",
            "smtp://:secret@host",
            "smtp://ho st",
            "smtp://[1.2.3.4.5]",
        ] {
            assert_eq!(Server::read(bad).unwrap_err().key(), "setting-no-smtp", "{bad}");
        }
        let plain = Server::read("smtp://me:secret@mail.example.org?tls=none").unwrap_err();
        assert_eq!(plain.key(), "setting-smtp-plain");
        assert!(!plain.to_string().contains("secret"));
        assert!(Server::read("smtp://me:secret@127.0.0.1").is_ok());
    }
}
