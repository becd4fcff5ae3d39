//! The generated files are there; `cargo xtask generate --check` says whether they are fresh.

use super::tree::Tree;
use super::violation::Violation;
use crate::generate::FILES;

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let missing = FILES.iter().map(|file| file.path).filter(|path| tree.file(path).is_none());
    missing.map(|path| Violation::new(path, 1, "missing: run `cargo xtask generate` and commit it")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    #[test]
    fn a_missing_generated_file_is_found() {
        let all: Vec<(&str, &str)> = FILES.iter().map(|file| (file.path, "")).collect();
        silent(check, &all);
        fires(check, &all[1..], "generated/openapi.json:1: missing");
    }
}
