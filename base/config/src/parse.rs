//! From the spelling of a value to the value, for each kind of setting.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use socle_kernel::{Secret, Trouble};

use crate::SettingKind;

/// So many per time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many.
    pub count: u32,
    /// In how much time.
    pub per: Duration,
}

/// A value as a source spells it.
#[derive(Clone)]
pub(crate) enum Raw {
    /// A variable, a flag, a TOML text, number or boolean.
    Text(String),
    /// A TOML array of texts.
    List(Vec<String>),
}

impl Raw {
    /// Does it count as unset? An empty array does not: it says "none" on purpose.
    pub(crate) fn is_unset(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// The value on one line.
    pub(crate) fn line(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join(", "),
        }
    }
}

/// A value of its kind.
#[derive(Clone)]
pub(crate) enum Parsed {
    Text(String),
    Secret(Option<Secret<String>>),
    Bool(bool),
    Integer(i64),
    Duration(Duration),
    Size(u64),
    Quota(Option<Quota>),
    Choice(&'static str),
    List(Vec<String>),
    Networks(Vec<IpNet>),
    Path(PathBuf),
    Url(Option<Secret<String>>),
}

/// The value of this kind, or the end of the sentence "`key` …". The sentence never repeats a value that may
/// be secret.
pub(crate) fn parse(kind: SettingKind, raw: &Raw) -> Result<Parsed, Trouble> {
    if let (Raw::List(items), SettingKind::List | SettingKind::Networks) = (raw, kind) {
        return parse_items(kind, items);
    }
    let Raw::Text(text) = raw else {
        let text = format!("is not a list (expected: {})", kind.describe());
        return Err(kind.expected(Trouble::new("setting-no-list", text)));
    };
    let word = text.trim();
    let wrong = || {
        let text = format!("is not valid: {word:?} (expected: {})", kind.describe());
        kind.expected(Trouble::new("setting-invalid", text).arg("value", word))
    };
    Ok(match kind {
        SettingKind::Text => Parsed::Text(word.to_owned()),
        SettingKind::Secret => Parsed::Secret((!text.is_empty()).then(|| Secret::new(text.clone()))),
        SettingKind::Bool => Parsed::Bool(boolean(word).ok_or_else(wrong)?),
        SettingKind::Integer { min, max } => Parsed::Integer(
            word.parse().ok().filter(|number| (min..=max).contains(number)).ok_or_else(wrong)?,
        ),
        SettingKind::Duration => Parsed::Duration(duration(word).ok_or_else(wrong)?),
        SettingKind::Size => Parsed::Size(size(word).ok_or_else(wrong)?),
        SettingKind::Quota if word.eq_ignore_ascii_case("off") => Parsed::Quota(None),
        SettingKind::Quota => Parsed::Quota(Some(quota(word).ok_or_else(wrong)?)),
        SettingKind::Choice(words) => {
            Parsed::Choice(words.iter().find(|choice| choice.eq_ignore_ascii_case(word)).ok_or_else(wrong)?)
        }
        SettingKind::List | SettingKind::Networks => {
            return parse_items(kind, &word.split(',').map(str::to_owned).collect::<Vec<_>>());
        }
        SettingKind::Path => Parsed::Path(PathBuf::from(word)),
        SettingKind::Url if word.is_empty() => Parsed::Url(None),
        SettingKind::Url if is_url(word) => Parsed::Url(Some(Secret::new(word.to_owned()))),
        // The text may hold a password, so it is not repeated.
        SettingKind::Url => {
            let text = "is not a URL (expected: scheme:rest, without spaces)";
            return Err(Trouble::new("setting-no-url", text));
        }
    })
}

fn parse_items(kind: SettingKind, items: &[String]) -> Result<Parsed, Trouble> {
    let items: Vec<String> =
        items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
    if kind == SettingKind::List {
        return Ok(Parsed::List(items));
    }
    let network = |item: &String| {
        let parsed = item.parse().or_else(|_| item.parse::<IpAddr>().map(IpNet::from));
        parsed.map_err(|_| {
            let text = format!("holds {item:?}, which is neither an address nor a network");
            Trouble::new("setting-no-network", text).arg("value", item.as_str())
        })
    };
    items.iter().map(network).collect::<Result<_, _>>().map(Parsed::Networks)
}

fn boolean(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Splits `15m` into 15 and `m`.
fn number_and_unit(word: &str) -> Option<(u64, &str)> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, unit) = word.split_at_checked(end)?;
    Some((number.parse().ok()?, unit.trim()))
}

fn duration(word: &str) -> Option<Duration> {
    let (number, unit) = number_and_unit(word)?;
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}

fn size(word: &str) -> Option<u64> {
    let (number, unit) = number_and_unit(word)?;
    let bytes: u64 = match unit {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(bytes)
}

fn quota(word: &str) -> Option<Quota> {
    let (count, per) = word.split_once('/')?;
    let quota = Quota { count: count.trim().parse().ok()?, per: duration(per.trim())? };
    (quota.count > 0 && !quota.per.is_zero()).then_some(quota)
}

fn is_url(word: &str) -> bool {
    let Some((scheme, rest)) = word.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        && !rest.trim_start_matches('/').is_empty()
        && !rest.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_need_a_known_unit_and_do_not_overflow() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("7d"), Some(Duration::from_secs(604_800)));
        for bad in ["", "15", "m", "-1s", "1.5s", "1w", "99999999999999999d"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
        assert_eq!(size("1MiB"), Some(1_048_576));
        assert_eq!(size("512"), Some(512));
        for bad in ["", "MiB", "1XB", "-1", "99999999999999999GiB"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_quota_is_a_positive_count_per_positive_time() {
        assert_eq!(quota("100/1m"), Some(Quota { count: 100, per: Duration::from_secs(60) }));
        assert_eq!(quota("5 / 15m").map(|quota| quota.count), Some(5));
        for bad in ["100", "0/1m", "1/0s", "/1m", "1/", "5000000000/1m"] {
            assert_eq!(quota(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_url_needs_a_scheme_and_a_rest() {
        for good in
            ["sqlite:data/socle.db", "postgres://u:p@h/db", "https://example.org", "redis+unix:///run/r"]
        {
            assert!(is_url(good), "{good}");
        }
        for bad in ["", "example.org", "postgres://", ":x", "1a:b", "https://a b", "a_b:c"] {
            assert!(!is_url(bad), "{bad}");
        }
    }

    #[test]
    fn a_refused_url_or_secret_is_never_repeated() {
        let reason = parse(SettingKind::Url, &Raw::Text("hunter2 secret".into())).err().unwrap();
        assert!(!format!("{reason:?}").contains("hunter2"));
        assert!(
            parse(SettingKind::Secret, &Raw::List(vec!["hunter2".into()]))
                .err()
                .is_some_and(|reason| !format!("{reason:?}").contains("hunter2"))
        );
    }

    #[test]
    fn an_address_alone_is_a_network_of_one() {
        let Ok(Parsed::Networks(networks)) =
            parse(SettingKind::Networks, &Raw::Text("10.0.0.0/8, ::1".into()))
        else {
            panic!("expected networks")
        };
        assert_eq!(networks[1].to_string(), "::1/128");
        assert!(parse(SettingKind::Networks, &Raw::Text("10.0.0.0/33".into())).is_err());
    }
}
