//! Text from people: normalised, without control characters, and folded for search.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use crate::{FromValue, ToValue, Value, ValueError};

/// Is this a character that has no business in a text: a C0 or C1 control, or a bidirectional override?
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The form in which texts are searched: lower case, no accents, one space between words.
///
/// The stored text and the needle go through this one function, so that both databases agree
/// (SQLite folds only ASCII).
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_whitespace() || is_control(c) {
            gap = !folded.is_empty();
            continue;
        }
        if gap {
            folded.push(' ');
            gap = false;
        }
        match c {
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            '’' => folded.push('\''),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

fn composed(text: Cow<'_, str>) -> String {
    if is_nfc(&text) { text.into_owned() } else { text.nfc().collect() }
}

macro_rules! text_type {
    ($(#[$meta:meta])* $name:ident, $pattern:literal, $allowed:expr, $expected:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(String);

        impl $name {
            /// The text, trimmed and composed (Unicode NFC); `None` when it holds a forbidden character.
            pub fn parse(text: &str) -> Option<Self> {
                let allowed: fn(char) -> bool = $allowed;
                if text.chars().any(|c| is_control(c) && !allowed(c)) {
                    return None;
                }
                Some(Self(composed(Cow::Borrowed(text.trim()))))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            pub fn into_string(self) -> String {
                self.0.clone()
            }
        }
        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom(concat!("not ", $expected)))
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "pattern": $pattern, "x-trimmed": true})
            }
        }
        impl ToValue for $name {
            fn to_value(&self) -> Value {
                Value::Text(self.0.clone())
            }
        }
        impl FromValue for $name {
            fn from_value(value: Value) -> Result<Self, ValueError> {
                String::from_value(value).map(Self)
            }
        }
    };
}

text_type!(
    /// One line of text from a person: no control character at all; trimmed; Unicode NFC.
    Line,
    r"^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]*$",
    |_| false,
    "a single line of text"
);

text_type!(
    /// Several lines of text from a person: tab and line ends are its only control characters.
    Text,
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]*$",
    |c| matches!(c, '\n' | '\r' | '\t'),
    "text without control characters"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_accents_and_extra_space() {
        assert_eq!(fold("  Éléphant\u{a0}d’Été \n OEuvre œuvre "), "elephant d'ete oeuvre oeuvre");
        assert_eq!(fold("e\u{301}"), fold("é"));
        assert_eq!(fold(""), "");
    }

    #[test]
    fn a_line_refuses_every_control_character_and_is_composed() {
        assert_eq!(Line::parse(" e\u{301}t\u{e9} ").unwrap().as_str(), "été");
        for bad in ["a\nb", "a\0b", "a\u{7f}", "a\u{85}", "a\u{202e}b"] {
            assert!(Line::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_text_keeps_its_line_ends_only() {
        assert_eq!(Text::parse("a\r\n\tb").unwrap().as_str(), "a\r\n\tb");
        assert!(Text::parse("a\u{1b}[31m").is_none());
    }
}
