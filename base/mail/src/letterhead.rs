//! The words of a mail, in two forms: a page and plain text.

use std::sync::Arc;

use socle_config::Values;
use socle_i18n::{Arg, Catalogue, Language};
use socle_kernel::{Result, Timestamp};

use crate::layout::{self, Sheet};
use crate::mail::{Argument, Mail};
use crate::refusal::Refusal;
use crate::sender;

/// The most characters of an argument that is a text: nobody's name is a page.
const LONGEST: usize = 120;
/// The months as the sentence `mail-time` knows them.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What all mails have in common: whose they are, and in which words they begin and end.
pub struct Letterhead {
    catalogue: Arc<Catalogue>,
    product: String,
    host: String,
    /// Where links begin that have no host of their own.
    base: String,
}

/// A mail with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The page.
    pub html: String,
}

impl Letterhead {
    /// As the settings say, in the words of this catalogue.
    pub fn new(values: &Values, catalogue: Arc<Catalogue>) -> Result<Self> {
        let base = values.public_base()?;
        let product = values.text("mail.product")?.to_owned();
        Ok(Self { catalogue, product, host: sender::host(values)?, base })
    }

    /// The mail in the language of who receives it. A mail without sentences, or with a link that is none, is refused
    /// for good.
    pub fn write(&self, mail: &Mail) -> Result<Written, Refusal> {
        let words = Words { letterhead: self, mail };
        let (subject, text) = (words.required("subject")?, words.required("text")?);
        let link = mail.link.as_deref().map(|link| self.link(link)).transpose()?;
        let button = link.as_deref().map(|_| words.required("button")).transpose()?;
        let code = mail.code.as_deref().map(short);
        let sheet = Sheet {
            language: mail.language,
            greeting: words.common("greeting"),
            paragraphs: paragraphs(&text),
            code: code.as_deref(),
            button: button.as_deref().zip(link.as_deref()),
            link_hint: words.common("link-hint"),
            signature: words.common("signature"),
            why: words.own("why").unwrap_or_else(|| words.common("why")),
            product: &self.product,
            subject: &subject,
        };
        let (text, html) = (layout::text(&sheet), layout::html(&sheet));
        Ok(Written { subject, text, html })
    }

    /// The link with its host. Nothing but a page can be opened by a mail.
    fn link(&self, link: &str) -> Result<String, Refusal> {
        let link = if link.starts_with('/') { format!("{}{link}", self.base) } else { link.to_owned() };
        let is_page = link.starts_with("https://") || link.starts_with("http://");
        let is_whole = !link.chars().any(|sign| sign.is_whitespace() || sign.is_control());
        if is_page && is_whole {
            Ok(link)
        } else {
            Err(Refusal::permanent("its link is no address of a page"))
        }
    }
}

/// The sentences of one mail.
struct Words<'a> {
    letterhead: &'a Letterhead,
    mail: &'a Mail,
}

impl Words<'_> {
    /// A sentence of this mail, without which it cannot be sent.
    fn required(&self, part: &str) -> Result<String, Refusal> {
        self.own(part).ok_or_else(|| {
            Refusal::permanent(&format!("there is no sentence mail-{}-{part}", self.mail.template))
        })
    }

    /// A sentence of this mail.
    fn own(&self, part: &str) -> Option<String> {
        let key = format!("mail-{}-{part}", self.mail.template);
        let catalogue = &self.letterhead.catalogue;
        Language::ALL.iter().any(|&language| catalogue.has(language, &key)).then(|| self.say(&key))
    }

    /// A sentence of every mail.
    fn common(&self, part: &str) -> String {
        self.say(&format!("mail-{part}"))
    }

    fn say(&self, key: &str) -> String {
        let Letterhead { catalogue, product, host, .. } = self.letterhead;
        let language = self.mail.language;
        let common = [("name", &self.mail.name), ("product", product), ("host", host)];
        let mut arguments: Vec<(&str, Arg)> = common
            .into_iter()
            .map(|(name, value)| (name, if name == "name" { harmless(value) } else { value.clone() }.into()))
            .collect();
        arguments.extend(self.mail.arguments.iter().map(|(name, value)| {
            let value: Arg = match value {
                Argument::Number(number) => (*number).into(),
                Argument::Time { at } => self.time(*at).into(),
                // Addresses are to be read as they are.
                Argument::Text(text) if matches!(name.as_str(), "address" | "email") => short(text).into(),
                Argument::Text(text) => harmless(text).into(),
            };
            (name.as_str(), value)
        }));
        let text = catalogue.text(language, key, &arguments);
        // French has a space before these signs, at which no line may end.
        match language {
            Language::Fr => [" :", " ;", " !", " ?", " »"]
                .iter()
                .fold(text, |text, sign| text.replace(sign, &sign.replace(' ', "\u{a0}"))),
            Language::En => text,
        }
    }

    /// An instant as the language writes it.
    fn time(&self, at: Timestamp) -> String {
        let text = at.to_string();
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
        let number = |text: String| text.parse::<i64>().unwrap_or_default();
        let month = part(5, 7).parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
        let arguments = [
            ("day", number(part(8, 10)).into()),
            ("month", month.copied().unwrap_or_default().into()),
            ("year", number(part(0, 4)).to_string().into()),
            ("hour", part(11, 13).into()),
            ("minute", part(14, 16).into()),
        ];
        self.letterhead.catalogue.text(self.mail.language, "mail-time", &arguments)
    }
}

/// Paragraphs are set apart by an empty line; within one, lines are only how the file is written.
fn paragraphs(text: &str) -> Vec<String> {
    // A space that does not break stays one: French has it before a colon.
    let words = |block: &str| -> Vec<String> {
        block.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    text.split("\n\n").map(|block| words(block).join(" ")).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn short(text: &str) -> String {
    let plain: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    plain.trim().chars().take(LONGEST).collect()
}

/// A text that somebody chose, which might be a stranger who writes by us to whom they like: programs that read mail
/// make a link of what looks like one, so what looks like one is taken apart by a sign that is not seen.
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let text = short(text);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        safe.push(sign);
        let goes_on = signs.peek().is_some_and(|next| next.is_alphanumeric() || *next == '/');
        if matches!(sign, '.' | ':' | '/' | '@') && goes_on {
            safe.push('\u{2060}');
        }
    }
    safe
}
