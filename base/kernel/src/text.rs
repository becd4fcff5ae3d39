//! Text from people: normalised, without control characters, and folded for search.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use crate::{FromValue, ToValue, Value, ValueError};

/// Is this a character that has no business in a text: a C0 or C1 control, or a bidirectional override?
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Is there nothing to see in the text? Blanks are spaces, and what Unicode calls format characters (zero-width
/// spaces and joiners, direction marks) or ignorable by default (fillers, variation selectors). What no text may hold
/// ([`is_control`]) is no blank: it is refused, and not passed over.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// The text without the white space around it; nothing of a text that is blank. An invisible character beside
/// visible ones stays: it may join letters, or choose how a sign is shown.
pub fn trimmed(text: &str) -> &str {
    if is_blank(text) { "" } else { text.trim() }
}

fn is_invisible(c: char) -> bool {
    // What the category does not tell: the other characters with the property Default_Ignorable_Code_Point
    // (Unicode 17, DerivedCoreProperties.txt), and the empty braille cell.
    let is_ignorable = matches!(c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2065}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{e0000}'..='\u{e0fff}');
    let is_format = || !c.is_ascii() && get_general_category(c) == GeneralCategory::Format;
    c.is_whitespace() || (!is_control(c) && (is_ignorable || is_format()))
}

/// The form in which texts are searched: lower case, no accents, one space between words.
///
/// The stored text and the needle go through this one function, so that both databases agree
/// (SQLite folds only ASCII).
pub fn fold(text: &str) -> String {
    let mut folded = Folded { text: String::with_capacity(text.len()), gap: false };
    let mut at = 0;
    // Most of a text is ASCII, for which the tables of Unicode need not be asked. Nothing composes across the
    // border of two runs: an ASCII character begins a new cluster.
    for run in text.as_bytes().chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
        let part = text.get(at..at + run.len()).unwrap_or_default();
        at += run.len();
        if run.is_ascii() {
            part.chars().for_each(|c| folded.push(c.to_ascii_lowercase()));
        } else {
            part.nfkd().filter(|c| !is_combining_mark(*c)).for_each(|c| folded.push_any(c));
        }
    }
    folded.text
}

/// A folded text being written.
struct Folded {
    text: String,
    /// Has space been passed since the last character?
    gap: bool,
}

impl Folded {
    fn push_any(&mut self, c: char) {
        match c {
            'œ' | 'Œ' => self.push_all("oe".chars()),
            'æ' | 'Æ' => self.push_all("ae".chars()),
            'ß' => self.push_all("ss".chars()),
            '’' => self.push('\''),
            c => self.push_all(c.to_lowercase()),
        }
    }

    fn push_all(&mut self, letters: impl Iterator<Item = char>) {
        letters.for_each(|c| self.push(c));
    }

    fn push(&mut self, c: char) {
        if c.is_whitespace() || is_control(c) {
            self.gap = !self.text.is_empty();
            return;
        }
        if self.gap {
            self.text.push(' ');
            self.gap = false;
        }
        self.text.push(c);
    }
}

fn composed(text: Cow<'_, str>) -> String {
    if text.is_ascii() || is_nfc(&text) { text.into_owned() } else { text.nfc().collect() }
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
                Some(Self(composed(Cow::Borrowed(trimmed(text)))))
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
    fn folding_run_by_run_is_folding_the_whole() {
        /// The definition, without the short cut for ASCII.
        fn whole(text: &str) -> String {
            let mut folded = Folded { text: String::new(), gap: false };
            text.nfkd().filter(|c| !is_combining_mark(*c)).for_each(|c| folded.push_any(c));
            folded.text
        }
        let odd = [
            'a', 'Z', '7', ' ', '\n', '\t', '\u{1f}', '\'', '’', '\u{301}', '\u{308}', '\u{327}', 'é', 'É',
            'ß', 'ẞ', 'œ', 'Æ', 'ﬁ', '²', 'İ', 'ı', 'Σ', 'ς', '\u{a0}', '\u{3000}', '\u{202e}', '\u{feff}',
            '\u{200b}', '한', 'ｱ', '😀',
        ];
        for first in odd {
            for second in odd {
                for third in odd {
                    let text = String::from_iter([first, second, third]);
                    assert_eq!(fold(&text), whole(&text), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn a_line_refuses_every_control_character_and_is_composed() {
        assert_eq!(Line::parse(" e\u{301}t\u{e9} ").unwrap().as_str(), "été");
        for bad in ["a\nb", "a\0b", "a\u{7f}", "a\u{85}", "a\u{202e}b"] {
            assert!(Line::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_text_in_which_nothing_is_seen_is_blank() {
        for blank in [
            "",
            " \u{a0}\u{3000}",
            "\u{200b}",
            "\u{200d}\u{200c} \u{2060}",
            "\u{ad}\u{200e}\u{61c}",
            "\u{34f}\u{fe0f}\u{e0100}",
            "\u{3164}\u{ffa0}\u{115f}\u{2800}",
            "\u{fff9}\u{fffb}\u{1d173}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
            assert_eq!(Line::parse(blank).unwrap().as_str(), "", "{blank:?}");
            assert_eq!(Text::parse(blank).unwrap().as_str(), "", "{blank:?}");
        }
        for forbidden in ["\u{202e}", "\u{feff}", "\0", " \u{2066} "] {
            assert!(!is_blank(forbidden) && Line::parse(forbidden).is_none(), "{forbidden:?}");
        }
        // Each shows something: a letter with a zero-width joiner, a heart in colour, an accent, a full stop.
        for seen in ["\u{645}\u{200d}", "\u{2764}\u{fe0f}", "\u{301}", "."] {
            assert!(!is_blank(seen), "{seen:?}");
            assert_eq!(Line::parse(seen).unwrap().as_str(), seen);
        }
    }

    #[test]
    fn no_text_turns_the_direction_of_what_stands_around_it() {
        for c in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            assert!(
                Line::parse(&format!("a{c}b")).is_none() && Text::parse(&format!("a{c}b")).is_none(),
                "{c:?}"
            );
        }
    }

    #[test]
    fn a_text_keeps_its_line_ends_only() {
        assert_eq!(Text::parse("a\r\n\tb").unwrap().as_str(), "a\r\n\tb");
        assert!(Text::parse("a\u{1b}[31m").is_none());
    }
}
