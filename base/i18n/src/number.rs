//! Numbers as each language writes them.

use fluent_bundle::FluentValue;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};

use crate::Language;

/// Whole numbers beyond this lose digits in Fluent, which counts in floating point.
const EXACT: u64 = 1 << 53;

/// Fluent's value of a number; one too large for it is written at once.
pub(crate) fn value(number: i64, language: Language) -> FluentValue<'static> {
    if number.unsigned_abs() > EXACT {
        return FluentValue::String(grouped(&number.to_string(), language).into());
    }
    FluentValue::Number(FluentNumber::new(number as f64, FluentNumberOptions::default()))
}

/// What stands for an argument that is empty or absent: the variant `[0]` matches it, and it prints as nothing.
/// Negative zero equals zero, so Fluent matches it, and it can still be told apart: no integer becomes it.
pub(crate) fn absent() -> FluentValue<'static> {
    FluentValue::Number(FluentNumber::new(-0.0, FluentNumberOptions::default()))
}

/// Fluent's formatter for a language.
pub(crate) fn format(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value == 0.0 && number.value.is_sign_negative() => {
            Some(String::new())
        }
        FluentValue::Number(number) if number.options.use_grouping => {
            Some(grouped(&number.as_string(), language))
        }
        _ => None,
    }
}

/// Groups of three digits: a comma in English, a narrow no-break space in French; its decimal mark too.
fn grouped(number: &str, language: Language) -> String {
    let (separator, mark) = match language {
        Language::Fr => ('\u{202f}', ','),
        Language::En => (',', '.'),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = whole.trim_start_matches('-');
    let mut text = String::with_capacity(number.len() * 2);
    text.push_str(whole.strip_suffix(digits).unwrap_or_default());
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    if !decimals.is_empty() {
        text.push(mark);
        text.push_str(decimals);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_as_the_language_does() {
        for (number, french, english) in [
            ("0", "0", "0"),
            ("999", "999", "999"),
            ("-1000", "-1\u{202f}000", "-1,000"),
            ("1234567.5", "1\u{202f}234\u{202f}567,5", "1,234,567.5"),
        ] {
            assert_eq!(grouped(number, Language::Fr), french);
            assert_eq!(grouped(number, Language::En), english);
        }
    }
}
