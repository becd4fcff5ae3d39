//! How a template becomes a text: choices, figures, slots, and the typography of each language.
//!
//! `{a|b}` is one of several texts, `{3-9}` a figure, `{date}` a slot; choices may hold slots and choices.
//! `{tool=a|b}` is one of several texts, and the same one wherever it stands in an announcement.

use socle_kit::kernel::{Random, fold};

use super::draw::{between, pick};
use super::theme::Language;

const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';
/// What stays on the line of the figure before it.
const UNITS: [&str; 8] = ["%", "€", "M€", "k€", "kg", "km", "m²", "h"];

/// What fills the slots.
pub(super) trait Values {
    /// The value of a slot; none when there is no such slot.
    fn value(&mut self, slot: &str) -> Option<String>;
    /// Gives a slot the value that it keeps from here on.
    fn keep(&mut self, slot: &str, value: &str);
}

/// Fills a template. A slot that has no value stays as it is, braces and all.
pub(super) fn fill(template: &str, language: Language, random: &Random, slots: &mut dyn Values) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    write(template, language, random, slots, &mut text);
    typeset(&text, language)
}

/// The text with the apostrophes and spaces of its language.
pub(super) fn typeset(text: &str, language: Language) -> String {
    match language {
        Language::French => french(text),
        Language::English => text.replace('\'', "’"),
    }
}

/// The text with a capital at its head.
pub(super) fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn write(template: &str, language: Language, random: &Random, slots: &mut dyn Values, text: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (inside, behind) = block(after);
        let choices = alternatives(inside);
        if let Some((slot, choices)) = kept(inside) {
            let value = slots.value(slot).unwrap_or_else(|| {
                let chosen = pick(random, &choices).copied().unwrap_or_default();
                slots.keep(slot, chosen);
                chosen.to_owned()
            });
            text.push_str(&value);
        } else if choices.len() > 1 {
            write(pick(random, &choices).copied().unwrap_or_default(), language, random, slots, text);
        } else if let Some((low, high)) = range(inside) {
            text.push_str(&between(random, low, high).to_string());
        } else if let Some(value) = slots.value(inside) {
            if language == Language::French {
                elide(text, &value);
            }
            text.push_str(&value);
        } else {
            text.extend(["{", inside, "}"]);
        }
        rest = behind;
    }
    text.push_str(rest);
}

/// What stands before the closing brace that belongs to an opening one just passed, and what stands behind it.
fn block(after: &str) -> (&str, &str) {
    let mut depth = 0;
    let end = after.find(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth < 0
    });
    let (inside, behind) = end.and_then(|end| after.split_at_checked(end)).unwrap_or((after, ""));
    (inside, behind.strip_prefix('}').unwrap_or(behind))
}

/// The parts between the bars that stand in no inner block.
fn alternatives(inside: &str) -> Vec<&str> {
    let mut depth = 0;
    inside
        .split(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            c == '|' && depth == 0
        })
        .collect()
}

/// The name and the choices of `tool=a|b`; these hold neither slots nor choices.
fn kept(inside: &str) -> Option<(&str, Vec<&str>)> {
    let (slot, choices) = inside.split_once('=')?;
    slot.chars().all(char::is_alphanumeric).then(|| (slot, choices.split('|').collect()))
}

fn range(inside: &str) -> Option<(i64, i64)> {
    let (low, high) = inside.split_once('-')?;
    Some((low.parse().ok()?, high.parse().ok()?))
}

/// `de` and `que` lose their vowel before a value that begins with one: d’octobre, d’Hélène.
fn elide(text: &mut String, value: &str) {
    let value = fold(value);
    let vowel = value.starts_with(['a', 'e', 'i', 'o', 'u', 'h']) || value.starts_with("yv");
    let word = ["de ", "De ", "que "]
        .iter()
        .any(|word| text.strip_suffix(word).is_some_and(|before| !before.ends_with(char::is_alphanumeric)));
    if vowel && word {
        text.truncate(text.len() - "e ".len());
        text.push('’');
    }
}

/// Curved apostrophes, and spaces that do not break before high punctuation, within « » and before units.
fn french(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let c = match c {
            '\'' => '’',
            ' ' => space(before, rest),
            other => other,
        };
        written.push(c);
        before = c;
    }
    written
}

fn space(before: char, rest: &str) -> char {
    let is_unit =
        |unit: &str| rest.strip_prefix(unit).is_some_and(|behind| !behind.starts_with(char::is_alphanumeric));
    let follows_a_figure = before.is_ascii_digit() && UNITS.iter().any(|unit| is_unit(unit));
    if rest.starts_with([';', '!', '?']) {
        NARROW_NO_BREAK
    } else if rest.starts_with([':', '»']) || before == '«' || follows_a_figure {
        NO_BREAK
    } else {
        ' '
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    struct Fixed(BTreeMap<String, String>);

    impl Values for Fixed {
        fn value(&mut self, slot: &str) -> Option<String> {
            self.0.get(slot).cloned()
        }
        fn keep(&mut self, slot: &str, value: &str) {
            self.0.insert(slot.to_owned(), value.to_owned());
        }
    }

    fn filled(template: &str, language: Language) -> String {
        let values = [("month", "octobre"), ("name", "Hélène Roy"), ("site", "Lyon")];
        let values = values.map(|(slot, value)| (slot.to_owned(), value.to_owned()));
        fill(template, language, &Random::seeded(1), &mut Fixed(values.into()))
    }

    #[test]
    fn a_kept_choice_is_the_same_everywhere() {
        let text = filled("{x=a|b|c|d} {x=a|b|c|d} {x=a|b|c|d} {x}", Language::English);
        let words: Vec<&str> = text.split(' ').collect();
        assert!(words.len() == 4 && words.iter().all(|word| *word == words[0]), "{text}");
    }

    #[test]
    fn choices_hold_slots_and_choices() {
        let text = filled("{à {site}|à {site}} {{a|a}|a}", Language::French);
        assert_eq!(text, "à Lyon a");
        assert_eq!(filled("{5-5} {unknown}", Language::English), "5 {unknown}");
    }

    #[test]
    fn french_words_lose_their_vowel_before_another() {
        assert_eq!(
            filled("la paie de {month}, parce que {name}", Language::French),
            "la paie d’octobre, parce qu’Hélène Roy"
        );
        assert_eq!(filled("de {site}, grande {month}", Language::French), "de Lyon, grande octobre");
    }

    #[test]
    fn french_spaces_do_not_break_where_they_must_not() {
        assert_eq!(
            filled("l'avis : « oui » ; 12 % à 18 h ! 3 heures", Language::French),
            "l’avis\u{a0}: «\u{a0}oui\u{a0}»\u{202f}; 12\u{a0}% à 18\u{a0}h\u{202f}! 3 heures"
        );
    }
}
