//! Sentences in French and English, by stable key.
//!
//! The sentences themselves live beside what they speak of (`i18n/{en,fr}.ftl`, in Fluent's syntax). A
//! [`Catalogue`] is made of all of them once, at start. What the code says in English already (the API document,
//! the settings) has its French in [`Texts`].

mod catalogue;
mod language;
mod number;
mod syntax;
mod texts;

pub use catalogue::{Catalogue, Gap, Locale};
pub use language::Language;
pub use socle_kernel::Arg;
pub use texts::Texts;

/// The key of an error code's sentence: `TOO_SHORT` has `error-too-short`.
pub fn error_key(code: &str) -> String {
    format!("error-{}", code.to_ascii_lowercase().replace('_', "-"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_in_capitals_has_a_key_in_kebab_case() {
        assert_eq!(super::error_key("TOO_MANY_REQUESTS"), "error-too-many-requests");
    }
}
