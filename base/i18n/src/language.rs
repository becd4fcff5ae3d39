//! The languages, and how the reader's is found.

use socle_kernel::text_enum;

text_enum! {
    /// A language in which every sentence exists.
    pub enum Language {
        /// French.
        Fr = "fr",
        /// English.
        En = "en",
    }
}

impl Language {
    /// The language of a tag, by its first part: `fr-CA` is French.
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::parse(tag.trim().split(['-', '_']).next()?)
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Fr => Self::En,
            Self::En => Self::Fr,
        }
    }

    /// The language an `Accept-Language` field prefers (RFC 9110, 12.5.4); none when it states no preference
    /// between the two. Ranges that are not understood are ignored.
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let (mut french, mut english, mut any) = (None, None, None);
        for (position, range) in accept_language.split(',').enumerate() {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let Some(weight) = weight(parts) else { continue };
            // Of equal weights, the first range is the preferred one.
            let preference = Some((weight, std::cmp::Reverse(position)));
            match (tag, Self::of_tag(tag)) {
                ("*", _) => any = any.max(preference),
                (_, Some(Self::Fr)) => french = french.max(preference),
                (_, Some(Self::En)) => english = english.max(preference),
                (_, None) => {}
            }
        }
        let wanted = |preference: Option<(u16, _)>| preference.or(any).filter(|(weight, _)| *weight > 0);
        match (wanted(french), wanted(english)) {
            (french, english) if french > english => Some(Self::Fr),
            (french, english) if english > french => Some(Self::En),
            _ => None,
        }
    }
}

/// The weight among a range's parameters in thousandths; 1 when unsaid, none when malformed.
fn weight<'a>(parameters: impl Iterator<Item = &'a str>) -> Option<u16> {
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if !name.trim().eq_ignore_ascii_case("q") {
            continue;
        }
        let (whole, decimals) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
        if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
        return match whole {
            "0" => Some(thousandths),
            "1" if thousandths == 0 => Some(1000),
            _ => None,
        };
    }
    Some(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_range_wins_and_the_first_of_equals() {
        for (header, expected) in [
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Some(Language::Fr)),
            ("en-GB", Some(Language::En)),
            ("en;q=0.5, FR", Some(Language::Fr)),
            ("en, fr", Some(Language::En)),
            ("fr, en", Some(Language::Fr)),
            ("fr;q=0.1, en;q=0.123", Some(Language::En)),
            ("en;q=0, *", Some(Language::Fr)),
            ("fr;q=0, en;q=0", None),
            ("de, *;q=0.5", None),
            ("de", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(Language::negotiate(header), expected, "{header}");
        }
    }

    #[test]
    fn a_malformed_range_is_ignored_and_the_rest_still_counts() {
        assert_eq!(Language::negotiate("fr;q=2, en;q=0.1"), Some(Language::En));
        assert_eq!(Language::negotiate("fr;q=0.1234, ;;=,,,en;q=x"), None);
        assert_eq!(Language::negotiate("frog, en;q=0.2"), Some(Language::En));
    }

    #[test]
    fn a_tag_is_read_by_its_first_part() {
        assert_eq!(Language::of_tag("fr_CA"), Some(Language::Fr));
        assert_eq!(Language::of_tag("de-CH"), None);
        assert_eq!(Language::Fr.other(), Language::En);
    }
}
