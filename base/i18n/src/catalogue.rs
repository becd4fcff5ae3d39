//! All the sentences of both languages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use socle_kernel::{Arg, Error, Result};
use unic_langid::langid;

use crate::{Language, number, syntax};

/// Sentences of one language, from one file.
#[derive(Debug, Clone, Copy)]
pub struct Locale {
    /// Their language.
    pub language: Language,
    /// The text of the file, in Fluent's syntax.
    pub ftl: &'static str,
    /// Where it comes from, for the message when it is wrong: `intranet`.
    pub origin: &'static str,
}

/// What one language lacks and the other has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A sentence.
    Sentence {
        /// The language that lacks it.
        language: Language,
        /// Its key.
        key: String,
    },
    /// An argument of a sentence that both have.
    Argument {
        /// The language that does not use it.
        language: Language,
        /// The sentence's key.
        key: String,
        /// The argument's name.
        argument: String,
    },
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sentence { language, key } => write!(f, "{language} lacks the sentence {key}"),
            Self::Argument { language, key, argument } => {
                write!(f, "{language} does not use the argument {argument} of {key}, the other language does")
            }
        }
    }
}

/// All the sentences of both languages.
pub struct Catalogue {
    french: Sentences,
    english: Sentences,
}

struct Sentences {
    bundle: FluentBundle<FluentResource>,
    arguments: BTreeMap<String, BTreeSet<String>>,
}

impl Catalogue {
    /// The catalogue of all these. A file that does not parse and a key that stands twice are errors.
    pub fn new(locales: &[Locale]) -> Result<Self> {
        Ok(Self {
            french: Sentences::new(Language::Fr, locales)?,
            english: Sentences::new(Language::En, locales)?,
        })
    }

    /// The sentence of a key. Falls back to the other language, then to the key itself.
    ///
    /// Numbers are written as the language writes them. An argument that is empty or absent is matched by the
    /// variant `[0]` and prints as nothing. The argument `what` names a thing: it is said by the sentence
    /// `noun-<what>` where there is one.
    pub fn text(&self, language: Language, key: &str, arguments: &[(&str, Arg)]) -> String {
        let in_language = |language| self.sentences(language).text(language, key, arguments);
        in_language(language).or_else(|| in_language(language.other())).unwrap_or_else(|| key.to_owned())
    }

    /// Does the language itself have the sentence?
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.sentences(language).arguments.contains_key(key)
    }

    /// The keys of a language, sorted.
    pub fn keys(&self, language: Language) -> impl Iterator<Item = &str> {
        self.sentences(language).arguments.keys().map(String::as_str)
    }

    /// What one language has and the other lacks; empty when both are complete.
    pub fn missing(&self) -> Vec<Gap> {
        let gaps = Language::ALL.iter().flat_map(|&language| {
            let lacking = &self.sentences(language).arguments;
            let having = &self.sentences(language.other()).arguments;
            having.iter().flat_map(move |(key, arguments)| match lacking.get(key) {
                None => vec![Gap::Sentence { language, key: key.clone() }],
                Some(used) => arguments
                    .difference(used)
                    .map(|argument| Gap::Argument { language, key: key.clone(), argument: argument.clone() })
                    .collect(),
            })
        });
        gaps.collect()
    }

    fn sentences(&self, language: Language) -> &Sentences {
        match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
        }
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |language| self.sentences(language).arguments.len();
        write!(f, "Catalogue {{ fr: {}, en: {} }}", count(Language::Fr), count(Language::En))
    }
}

impl Sentences {
    fn new(language: Language, locales: &[Locale]) -> Result<Self> {
        let mut bundle = FluentBundle::new_concurrent(vec![match language {
            Language::Fr => langid!("fr"),
            Language::En => langid!("en"),
        }]);
        // The answers are data, not a page: invisible direction marks would only surprise the reader's program.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::Fr => |value, _| number::format(value, Language::Fr),
            Language::En => |value, _| number::format(value, Language::En),
        }));
        let mut arguments = BTreeMap::new();
        for locale in locales.iter().filter(|locale| locale.language == language) {
            let refuse = |reason: String| {
                Error::internal(format!("sentences of {} in {language}: {reason}", locale.origin))
            };
            let resource = FluentResource::try_new(locale.ftl.to_owned())
                .map_err(|(_, errors)| refuse(listed(&errors)))?;
            arguments.extend(syntax::sentences(&resource));
            bundle.add_resource(resource).map_err(|errors| refuse(duplicates(&errors)))?;
        }
        Ok(Self { bundle, arguments })
    }

    fn text(&self, language: Language, key: &str, arguments: &[(&str, Arg)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::with_capacity(arguments.len());
        for name in self.arguments.get(key)? {
            values.set(name.as_str(), number::absent());
        }
        for (name, argument) in arguments {
            values.set(*name, self.value(language, name, argument));
        }
        let mut errors = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned())
    }

    fn value<'a>(&self, language: Language, name: &str, argument: &'a Arg) -> FluentValue<'a> {
        match argument {
            Arg::Number(value) => number::value(*value, language),
            Arg::Text(text) if text.is_empty() => number::absent(),
            Arg::Text(text) if name == "what" => {
                let noun = self.text(language, &format!("noun-{text}"), &[]);
                noun.map_or_else(|| text.as_str().into(), Into::into)
            }
            Arg::Text(text) => text.as_str().into(),
        }
    }
}

fn listed(errors: &[impl fmt::Display]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn duplicates(errors: &[FluentError]) -> String {
    let said = errors.iter().map(|error| match error {
        FluentError::Overriding { id, .. } => format!("{id} stands twice"),
        error => error.to_string(),
    });
    said.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "
hello = Hello, { $name }.
count = { $n ->
    [one] one file
   *[other] { $n } files
}
near = Unknown.{ $near ->
    [0] {\"\"}
   *[other] {\" \"}Did you mean { $near }?
}
lost = No { $what }.
noun-page = page
only-english = Only here.
";
    const FRENCH: &str = "
hello = Bonjour { $name }.
count = { $n ->
    [one] { $n } fichier
   *[other] { $n } fichiers
}
near = Inconnu.{ $near ->
    [0] {\"\"}
   *[other] {\" \"}Vouliez-vous dire { $near } ?
}
lost = Aucune { $what }.
noun-page = page
";

    fn catalogue() -> Catalogue {
        Catalogue::new(&[english(ENGLISH), Locale { language: Language::Fr, ftl: FRENCH, origin: "test" }])
            .unwrap()
    }

    fn english(ftl: &'static str) -> Locale {
        Locale { language: Language::En, ftl, origin: "test" }
    }

    #[test]
    fn a_sentence_takes_its_arguments_without_invisible_marks() {
        let said = catalogue().text(Language::Fr, "hello", &[("name", "Zoé".into())]);
        assert_eq!(said, "Bonjour Zoé.");
    }

    #[test]
    fn numbers_choose_their_plural_and_are_written_as_the_language_does() {
        let say = |language, n: i64| catalogue().text(language, "count", &[("n", n.into())]);
        assert_eq!(say(Language::En, 1), "one file");
        assert_eq!(say(Language::Fr, 0), "0 fichier");
        assert_eq!(say(Language::En, 12_345), "12,345 files");
        assert_eq!(say(Language::Fr, 12_345), "12\u{202f}345 fichiers");
        assert_eq!(say(Language::En, i64::MAX), "9,223,372,036,854,775,807 files");
    }

    #[test]
    fn an_argument_that_is_empty_or_absent_has_the_variant_0_and_prints_as_nothing() {
        let say = |arguments: &[(&'static str, Arg)]| catalogue().text(Language::En, "near", arguments);
        assert_eq!(say(&[]), "Unknown.");
        assert_eq!(say(&[("near", "".into())]), "Unknown.");
        assert_eq!(say(&[("near", "0".into())]), "Unknown. Did you mean 0?");
        assert_eq!(catalogue().text(Language::En, "hello", &[]), "Hello, .");
    }

    #[test]
    fn a_thing_is_named_by_its_noun_where_there_is_one() {
        let say = |what: &str| catalogue().text(Language::En, "lost", &[("what", what.into())]);
        assert_eq!((say("page"), say("spoon")), ("No page.".into(), "No spoon.".into()));
    }

    #[test]
    fn a_missing_sentence_falls_back_to_the_other_language_then_to_its_key() {
        assert_eq!(catalogue().text(Language::Fr, "only-english", &[]), "Only here.");
        assert_eq!(catalogue().text(Language::Fr, "nowhere", &[]), "nowhere");
    }

    #[test]
    fn what_one_language_lacks_is_told() {
        let gap = Gap::Sentence { language: Language::Fr, key: "only-english".into() };
        assert_eq!(catalogue().missing(), [gap]);
        let french =
            Locale { language: Language::Fr, ftl: "a = { $x ->\n *[other] { NUMBER($y) }\n }", origin: "t" };
        let uneven = Catalogue::new(&[english("a = { $x }"), french]).unwrap();
        let gap = Gap::Argument { language: Language::En, key: "a".into(), argument: "y".into() };
        assert_eq!(uneven.missing(), [gap]);
    }

    #[test]
    fn a_key_that_stands_twice_and_a_file_that_does_not_parse_are_refused_by_name() {
        let reason = |locales: &[Locale]| Catalogue::new(locales).unwrap_err().to_string();
        assert!(reason(&[english("a = 1"), english("a = 2")]).contains("a stands twice"));
        assert!(reason(&[english("a = 1\na = 2")]).contains("a stands twice"));
        assert!(reason(&[english("a = { $x")]).contains("sentences of test in en"));
    }
}
