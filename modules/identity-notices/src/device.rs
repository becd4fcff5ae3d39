//! What a sign-in came from, as far as it helps its owner to recognise it: a browser, a system, a network.

use std::net::IpAddr;

use socle_kit::crypto::KeyedHash;
use socle_kit::kernel::UserId;

/// The most characters of a name that a client gives itself.
const LONGEST: usize = 30;

/// What clients say of themselves, and whose mark it is. The first that fits: most pretend to be others as well.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The client in a few words, the same in every language and for every version: `Firefox (Linux)`. None where it says
/// nothing of itself.
pub(crate) fn name_of(user_agent: Option<&str>) -> Option<String> {
    let said = user_agent?;
    let known = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name)
    };
    match (known(BROWSERS), known(SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} ({system})")),
        (Some(only), None) => Some(only.to_owned()),
        _ => own_name(said),
    }
}

/// The first word without its version: `curl/8.5.0` is curl.
fn own_name(said: &str) -> Option<String> {
    let word = said.trim().split(['/', ' ', '(', ';']).next().unwrap_or_default();
    let is_plain = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let name: String = word.chars().filter(is_plain).take(LONGEST).collect();
    (!name.is_empty()).then_some(name)
}

/// The network of an address: what stays when a machine comes back with another address.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

/// What tells this device of this account from others. One account's is not another's, so that nobody sees in the
/// table who was at the same place; and by a key that is not in the database, so that nobody finds the place out by
/// trying all there are.
pub(crate) fn fingerprint(
    key: &KeyedHash,
    user: UserId,
    user_agent: Option<&str>,
    address: Option<&str>,
) -> String {
    let network = address.and_then(|address| address.parse().ok()).map(network).unwrap_or_default();
    let device = name_of(user_agent).unwrap_or_default();
    key.tag_text("known device", format!("{user}\n{device}\n{network}").as_bytes())
}

#[cfg(test)]
mod tests {
    use socle_kit::kernel::Secret;

    use super::*;

    #[test]
    fn a_client_is_named_by_browser_and_system_whatever_its_version() {
        for (said, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox (Linux)"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox (Linux)"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "Edge (Windows)",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
                "Safari (macOS)",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
                "Chrome (iPhone)",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Chrome (Android)",
            ),
            ("curl/8.5.0", "curl"),
            ("evil.example <b>click</b> now", "evilexample"),
        ] {
            assert_eq!(name_of(Some(said)).as_deref(), Some(name), "{said}");
        }
        assert_eq!((name_of(None), name_of(Some("")), name_of(Some("日本"))), (None, None, None));
    }

    #[test]
    fn a_device_is_known_by_client_and_network_and_for_one_account_alone() {
        let (ann, bob) = (UserId::from_u128(1), UserId::from_u128(2));
        let key = |text: &str| KeyedHash::new(&Secret::new(text.as_bytes().to_vec()));
        let (own, other) = (key("own"), key("other"));
        let fingerprint = |user, client, address| fingerprint(&own, user, client, address);
        let home = fingerprint(ann, Some("curl/8"), Some("203.0.113.7"));
        assert_eq!(home, fingerprint(ann, Some("curl/9"), Some("203.0.113.200")));
        assert_eq!(home, fingerprint(ann, Some("curl/9"), Some("::ffff:203.0.113.9")));
        assert_ne!(home, fingerprint(ann, Some("curl/9"), Some("203.0.114.7")));
        assert_ne!(home, fingerprint(ann, Some("wget/1"), Some("203.0.113.7")));
        assert_ne!(home, fingerprint(bob, Some("curl/8"), Some("203.0.113.7")));
        let elsewhere = super::fingerprint(&other, ann, Some("curl/8"), Some("203.0.113.7"));
        assert_ne!(home, elsewhere, "without the key it cannot be found by trying");
        let six = fingerprint(ann, None, Some("2001:db8:1:2::3"));
        assert_eq!(six, fingerprint(ann, None, Some("2001:db8:1:9::4")));
        assert_ne!(six, fingerprint(ann, None, Some("2001:db8:2:2::3")));
    }
}
