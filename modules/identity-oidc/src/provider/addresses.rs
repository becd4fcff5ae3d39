//! Which machines the server may speak to on somebody's word: those of the open network, and the provider the operator
//! has named.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names, and leaves out every address that is not of the open network; but for the provider's own name.
/// The connection is made to the address that was looked at.
#[derive(Debug)]
pub(super) struct Resolver {
    pub(super) provider: String,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let is_provider = name.as_str().eq_ignore_ascii_case(&self.provider);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| is_provider || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(format!("{} is not on the open network", name.as_str()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// May the server speak to the host of this address? Names are looked at when they are resolved.
pub(super) fn may_reach(url: &Url, provider: &str) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.eq_ignore_ascii_case(provider) || literal(host).is_none_or(is_public)
}

/// Is it this machine?
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || literal(host).is_some_and(|address| address.is_loopback())
}

fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Is the address of the open network (RFC 6890 lists those that are not)?
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4() {
            // ::ffff:10.0.0.1 and ::10.0.0.1 lead to the same machine as 10.0.0.1.
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is given out; of it, what stands for other networks is left out.
    let given_out = first & 0xe000 == 0x2000;
    let special = matches!((first, second), (0x2001, 0..=0x01ff | 0x0db8) | (0x2002 | 0x3fff, _));
    given_out && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_open_network_are_public() {
        for public in ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn the_provider_itself_may_be_anywhere_and_others_only_on_the_open_network() {
        let reach = |url: &str| may_reach(&Url::parse(url).unwrap(), "10.0.0.5");
        assert!(reach("https://10.0.0.5/token") && reach("https://example.org/token"));
        assert!(!reach("https://10.0.0.6/token") && !reach("https://[::1]/") && !reach("http://2130706433/"));
        let here = |url: &str| is_loopback(&Url::parse(url).unwrap());
        assert!(
            here("http://localhost:1/") && here("http://[::1]/") && !here("http://localhost.example.org/")
        );
    }
}
