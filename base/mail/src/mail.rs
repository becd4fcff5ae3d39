//! What a mail says, before it has words.

use serde::{Deserialize, Serialize};
use socle_i18n::Language;
use socle_kernel::Timestamp;

/// A mail: to whom, in which language, which sentences with which arguments. The words are made when it is sent, from
/// the catalogue: `mail-<template>-subject`, `mail-<template>-text` and, where there is a link, `mail-<template>-button`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The name of who receives it.
    pub name: String,
    /// The language it is read in.
    pub language: Language,
    /// Which sentences: `password-reset`.
    pub template: String,
    /// The arguments of the sentences.
    pub arguments: Vec<(String, Argument)>,
    /// Where its button leads.
    pub link: Option<String>,
    /// A short code to be typed, set apart from the text.
    pub code: Option<String>,
}

/// The argument of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Argument {
    /// A number, which has a plural.
    Number(i64),
    /// An instant, written as the language writes it.
    Time {
        /// When.
        at: Timestamp,
    },
    /// A text.
    Text(String),
}

impl Mail {
    /// A mail without arguments.
    pub fn new(
        to: impl Into<String>,
        name: impl Into<String>,
        language: Language,
        template: &'static str,
    ) -> Self {
        Self {
            to: to.into(),
            name: name.into(),
            language,
            template: template.to_owned(),
            arguments: Vec::new(),
            link: None,
            code: None,
        }
    }

    /// With an argument of its sentences.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name.to_owned(), value.into()));
        self
    }

    /// With a button that leads somewhere.
    #[must_use]
    pub fn link(mut self, address: impl Into<String>) -> Self {
        self.link = Some(address.into());
        self
    }

    /// With a code to be typed.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl From<Timestamp> for Argument {
    fn from(at: Timestamp) -> Self {
        Self::Time { at }
    }
}
impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
