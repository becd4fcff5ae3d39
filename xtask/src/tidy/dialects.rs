//! Asking which engine it is: the only escape from one code path, counted, and the count may only shrink.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use toml::{Table, Value};

use super::tree::Tree;
use super::violation::Violation;

const RATCHETS: &str = "xtask/ratchets.toml";
/// Asked of a connection; the wire has dialects too, which are another matter.
static QUESTION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:conn|connection|tx|transaction|db|database)\s*\.dialect\(\)").ok());

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let Some(question) = QUESTION.as_ref() else { return Vec::new() };
    let allowed = allowed(tree);
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (path, source) in tree.product().filter(|(path, _)| !path.starts_with("base/db/")) {
        let lines: Vec<usize> =
            question.find_iter(&source.code).map(|found| source.line(found.start())).collect();
        if !lines.is_empty() {
            found.insert(path, lines);
        }
    }
    let mut violations = Vec::new();
    for (path, lines) in &found {
        let most = allowed.get(*path).copied().unwrap_or(0);
        for line in lines.iter().skip(most) {
            let what = format!(
                "asks for the dialect ({} times, {most} allowed): find the SQL that both engines take",
                lines.len()
            );
            violations.push(Violation::new(path, *line, what));
        }
    }
    for (path, most) in &allowed {
        let count = found.get(path.as_str()).map_or(0, Vec::len);
        if count < *most {
            let what = format!("{path} asks for the dialect {count} times, not {most}: lower the ratchet");
            violations.push(Violation::new(RATCHETS, 1, what));
        }
    }
    violations
}

fn allowed(tree: &Tree) -> BTreeMap<String, usize> {
    let table: Option<Table> = tree.file(RATCHETS).and_then(|text| text.parse().ok());
    let counts = table.as_ref().and_then(|table| table.get("dialect")).and_then(Value::as_table);
    let entries = counts.into_iter().flatten();
    entries
        .filter_map(|(path, count)| Some((path.clone(), usize::try_from(count.as_integer()?).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const STORE: &str = "//! A.\nfn f() { conn.dialect(); }\nfn g() { tx.dialect(); }\n";
    const PATH: &str = "modules/forum/src/posts/store.rs";

    #[test]
    fn a_count_at_its_ratchet_is_fine() {
        silent(check, &[(PATH, STORE), (RATCHETS, "[dialect]\n\"modules/forum/src/posts/store.rs\" = 2\n")]);
        silent(
            check,
            &[
                ("base/db/src/list.rs", STORE),
                ("kit/http/src/reply.rs", "//! A.\nfn f() { context.dialect(); }\n"),
            ],
        );
    }

    #[test]
    fn a_new_question_is_found() {
        fires(
            check,
            &[(PATH, STORE), (RATCHETS, "[dialect]\n\"modules/forum/src/posts/store.rs\" = 1\n")],
            "modules/forum/src/posts/store.rs:3: asks for the dialect (2 times, 1 allowed)",
        );
    }

    #[test]
    fn a_ratchet_that_is_too_high_is_found() {
        fires(
            check,
            &[(PATH, STORE), (RATCHETS, "[dialect]\n\"modules/forum/src/posts/store.rs\" = 3\n")],
            "xtask/ratchets.toml:1: modules/forum/src/posts/store.rs asks for the dialect 2 times, not 3",
        );
    }
}
