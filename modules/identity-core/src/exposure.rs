//! Can others than this machine reach the server? Then demonstration passwords are refused (ruling 7).

use std::net::IpAddr;

use socle_kit::config::Values;
use socle_kit::kernel::Result;

/// The server listens beyond loopback, says that it has a public address, or runs in production.
pub fn is_exposed(settings: &Values) -> Result<bool> {
    let public = settings.url("server.public_url")?.map(host_of);
    Ok(settings.choice("environment")? == "production"
        || !is_loopback(settings.text("server.host")?)
        || public.is_some_and(|host| !is_loopback(host)))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host of an address: `http://[::1]:8080/x` has `[::1]`.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.rfind(']') {
        Some(end) => host.get(..=end).unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for here in ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST"] {
            assert!(is_loopback(here), "{here}");
        }
        for reachable in ["0.0.0.0", "::", "10.0.0.1", "example.org", "", "localhost.example.org"] {
            assert!(!is_loopback(reachable), "{reachable}");
        }
    }

    #[test]
    fn the_host_of_an_address_is_what_stands_before_port_and_path() {
        assert_eq!(host_of("https://socle.example.org:8443/a?b"), "socle.example.org");
        assert_eq!(host_of("http://[::1]:8080/"), "[::1]");
        assert_eq!(host_of("http://user:secret@localhost"), "localhost");
    }
}
