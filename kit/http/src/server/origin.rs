//! Where a request came from: the one function that guard, log and audit share.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use http::{HeaderMap, header};
use ipnet::IpNet;

use crate::Origin;

/// How much of a user agent is kept.
const USER_AGENT_LENGTH: usize = 256;

/// The proxies whose word about the client is taken. Empty by default: then only the socket counts.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// These networks.
    pub const fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The origin of a request that reached the socket from `peer`.
    ///
    /// Every value of every `X-Forwarded-For` is walked from right to left: the first address that is not a
    /// trusted proxy is the client. What stands left of it, anybody could have written. A value that is no
    /// address stops the walk at the last proxy that can be trusted.
    pub fn origin(&self, headers: &HeaderMap, peer: IpAddr) -> Origin {
        let mut address = plain(peer);
        let mut secure = false;
        if self.trusts(address) {
            let forwarded = headers.get_all("x-forwarded-for");
            let hops = forwarded.iter().rev().flat_map(|value| value.to_str().unwrap_or("?").rsplit(','));
            for hop in hops {
                let Some(hop) = parse_hop(hop.trim()) else { break };
                address = hop;
                if !self.trusts(hop) {
                    break;
                }
            }
            let scheme = headers.get_all("x-forwarded-proto").iter().next_back();
            let scheme = scheme.and_then(|value| value.to_str().ok()).unwrap_or_default();
            secure =
                scheme.rsplit(',').next().is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"));
        }
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let user_agent = agent.map(|agent| agent.chars().take(USER_AGENT_LENGTH).collect::<String>().into());
        Origin { address, secure, user_agent: user_agent.map(|agent: Arc<str>| agent) }
    }
}

/// `1.2.3.4`, `1.2.3.4:567`, `::1`, `[::1]`, `[::1]:567`.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let address = bare.unwrap_or(text).parse::<IpAddr>().ok();
    address.or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip())).map(plain)
}

/// An IPv4 address that came in an IPv6 coat is that IPv4 address.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => mapped(v6),
        v4 => v4,
    }
}

fn mapped(address: Ipv6Addr) -> IpAddr {
    address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted = TrustedProxies::new(trusted.iter().map(|network| network.parse().unwrap()).collect());
        trusted.origin(&headers, peer.parse().unwrap()).address.to_string()
    }

    #[test]
    fn r4_15_a_forwarded_address_is_believed_only_from_a_listed_proxy() {
        assert_eq!(origin(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(origin(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(origin(&["10.0.0.0/8"], "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn what_a_client_wrote_itself_is_left_of_its_own_address_and_ignored() {
        assert_eq!(origin(&["10.0.0.0/8"], "10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(origin(&["10.0.0.0/8"], "10.0.0.1", &["1.1.1.1", "198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn a_value_that_is_no_address_stops_the_walk_at_the_last_trusted_proxy() {
        assert_eq!(origin(&["10.0.0.0/8"], "10.0.0.1", &["1.1.1.1, garbage, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(origin(&["10.0.0.0/8"], "10.0.0.1", &[""]), "10.0.0.1");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        assert_eq!(origin(&["10.0.0.0/8"], "::ffff:10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(origin(&["::1/128"], "::1", &["[2001:db8::1]:80"]), "2001:db8::1");
        assert_eq!(origin(&["::1/128"], "::1", &["::ffff:192.0.2.1"]), "192.0.2.1");
    }
}
