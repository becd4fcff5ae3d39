//! Who mails are from, and the host they speak of.

use lettre::Address;
use lettre::message::Mailbox;
use socle_config::Values;
use socle_kernel::{Result, Trouble};

use crate::address::address;

/// Who mails are from: as it is set, else nobody at the host that people know.
pub(crate) fn sender(values: &Values) -> Result<Mailbox> {
    let from = values.text("mail.from")?;
    let product = values.text("mail.product")?;
    let sender = if from.is_empty() {
        let host = host(values)?;
        let is_name = host.parse::<std::net::IpAddr>().is_err() && Address::new("no-reply", &host).is_ok();
        let host = if is_name { host } else { "localhost".to_owned() };
        sender_of(&format!("no-reply@{host}"))
    } else {
        sender_of(from)
    };
    let text = "is not a sender";
    let mut sender = sender.ok_or_else(|| Trouble::new("setting-no-sender", text))?;
    if sender.name.is_none() && !product.is_empty() {
        sender.name = Some(product.to_owned());
    }
    Ok(sender)
}

/// The host of the address under which people reach the server; `localhost` where there is none.
pub(crate) fn host(values: &Values) -> Result<String> {
    let url = values.url("server.public_url")?.unwrap_or_default();
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    Ok(if name.is_empty() { "localhost".to_owned() } else { name.to_owned() })
}

/// `no-reply@example.org` or `Name <no-reply@example.org>`.
pub(crate) fn sender_of(text: &str) -> Option<Mailbox> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return None;
    }
    match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, email)) => {
            let name = name.trim().trim_matches('"').trim();
            Some(Mailbox::new((!name.is_empty()).then(|| name.to_owned()), address(email)?))
        }
        None => Some(Mailbox::new(None, address(text)?)),
    }
}

#[cfg(test)]
mod tests {
    use socle_config::{BASE, Sources, Specification};

    use super::*;
    use crate::SETTINGS;

    fn values(given: &[(&str, &str)]) -> Values {
        let flags = given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let specification = Specification::new([BASE, SETTINGS]).unwrap();
        Values::load(&specification, &Sources { flags, ..Sources::default() }).unwrap()
    }

    #[test]
    fn a_sender_has_an_address_and_a_name_of_any_script() {
        let sender = |from: &str| {
            sender(&values(&[("mail.from", from)])).map(|sender| (sender.name, sender.email.to_string()))
        };
        let named = |name: &str, email: &str| (Some(name.to_owned()), email.to_owned());
        assert_eq!(sender("a@example.org").unwrap(), named("Socle", "a@example.org"));
        assert_eq!(sender("École <a@example.org>").unwrap(), named("École", "a@example.org"));
        assert_eq!(sender("\"Lycée, Nord\" <a@example.org>").unwrap(), named("Lycée, Nord", "a@example.org"));
        assert_eq!(sender("a@bücher.example").unwrap().1, "a@xn--bcher-kva.example");
        assert_eq!(sender("").unwrap(), named("Socle", "no-reply@localhost"));
        for bad in ["nobody", "Name <>", "a@b@c", "A <a@example.org", "A\r\nBcc: x@y.z <a@example.org>"] {
            assert!(sender(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn without_a_sender_mails_are_from_the_host_that_people_know() {
        for (url, email) in [
            ("https://app.example.org:8443/x", "no-reply@app.example.org"),
            ("http://[::1]:80", "no-reply@localhost"),
        ] {
            let sender = sender(&values(&[("server.public_url", url)])).unwrap();
            assert_eq!(sender.email.to_string(), email);
        }
    }
}
