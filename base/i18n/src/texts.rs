//! The French of what stands in the code in English: summaries and descriptions of the API, settings.
//!
//! The English is said once, where it belongs: on a route, a field, a setting. Its French stands beside the
//! sentences, in `i18n/fr.toml`, as `"English" = "French"`.

use std::collections::BTreeMap;

use socle_kernel::{Error, Result};

use crate::Language;

/// French by English.
#[derive(Debug, Clone, Default)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The texts of these files. One that does not parse, and an English text with two translations, are errors.
    pub fn new<'a>(files: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut all = BTreeMap::new();
        for file in files {
            let read: BTreeMap<String, String> =
                toml::from_str(file).map_err(|error| Error::internal(format!("French texts: {error}")))?;
            for (english, french) in read {
                if all.get(&english).is_some_and(|known| *known != french) {
                    return Err(Error::internal(format!("{english:?} has two translations")));
                }
                all.insert(english, french);
            }
        }
        Ok(Self(all))
    }

    /// The text in this language; none when its French is missing.
    pub fn find<'a>(&'a self, language: Language, english: &'a str) -> Option<&'a str> {
        match language {
            Language::En => Some(english),
            Language::Fr => self.0.get(english).map(String::as_str),
        }
    }

    /// The text in this language, in English when its French is missing.
    pub fn text<'a>(&'a self, language: Language, english: &'a str) -> &'a str {
        self.find(language, english).unwrap_or(english)
    }

    /// Every English text that has a French one.
    pub fn english(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_french_of_a_text_is_found_by_its_english() {
        let texts = Texts::new(["\"Sign in\" = \"Se connecter\"", "\"Sign in\" = \"Se connecter\""]).unwrap();
        assert_eq!(texts.text(Language::Fr, "Sign in"), "Se connecter");
        assert_eq!(texts.text(Language::En, "Sign in"), "Sign in");
        assert_eq!(
            (texts.find(Language::Fr, "Sign out"), texts.text(Language::Fr, "Sign out")),
            (None, "Sign out")
        );
    }

    #[test]
    fn two_translations_and_a_file_that_does_not_parse_are_refused() {
        assert!(
            Texts::new(["\"a\" = \"b\"", "\"a\" = \"c\""])
                .unwrap_err()
                .to_string()
                .contains("two translations")
        );
        assert!(Texts::new(["a b"]).is_err());
    }
}
