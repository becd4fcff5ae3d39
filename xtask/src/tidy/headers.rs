//! Every Rust file opens with `//!` and a sentence that says what it is for.

use super::tree::Tree;
use super::violation::Violation;

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let without = tree.rust().filter(|(_, source)| !opens_well(&source.raw));
    without
        .map(|(path, _)| {
            Violation::new(path, 1, "open the file with `//!` and one sentence saying what it is for")
        })
        .collect()
}

fn opens_well(text: &str) -> bool {
    text.lines()
        .next()
        .and_then(|line| line.strip_prefix("//! "))
        .is_some_and(|sentence| sentence.trim().len() > 3)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    #[test]
    fn a_file_that_says_what_it_is_for_is_fine() {
        silent(check, &[("base/db/src/lib.rs", "//! The database.\n")]);
    }

    #[test]
    fn a_file_that_does_not_is_found() {
        fires(check, &[("base/db/src/lib.rs", "use std::fmt;\n")], "base/db/src/lib.rs:1");
        fires(check, &[("base/db/src/lib.rs", "//!\nuse std::fmt;\n")], "base/db/src/lib.rs:1");
    }
}
