//! SQL stands in `store.rs` files, and in the rooms that are made of it.

use std::sync::LazyLock;

use regex::Regex;

use super::tree::Tree;
use super::violation::Violation;

static STATEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\s\\]*(?:SELECT|INSERT\s+INTO|INSERT\s+OR|UPDATE|DELETE\s+FROM|WITH|CREATE\s+TABLE|ALTER\s+TABLE|DROP\s+TABLE)\s+\S")
        .ok()
});

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let Some(statement) = STATEMENT.as_ref() else { return Vec::new() };
    let mut violations = Vec::new();
    for (path, source) in tree.product().filter(|(path, _)| !may_hold_sql(path)) {
        for literal in source.literals.iter().filter(|literal| statement.is_match(&literal.text)) {
            violations.push(Violation::new(
                path,
                source.line(literal.start),
                "SQL outside store.rs: move it there",
            ));
        }
    }
    violations
}

fn may_hold_sql(path: &str) -> bool {
    path.ends_with("/store.rs")
        || path.starts_with("base/")
        || path.starts_with("bench/")
        || path.starts_with("xtask/")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const FILE: &str = "//! A.\nfn f() {\n    g(\"SELECT id FROM forum_post\");\n}\n";

    #[test]
    fn a_statement_in_a_store_is_at_home() {
        silent(check, &[("modules/forum/src/posts/store.rs", FILE), ("base/db/src/list.rs", FILE)]);
        silent(check, &[("modules/forum/src/posts/tests.rs", FILE)]);
    }

    #[test]
    fn a_statement_elsewhere_is_found() {
        fires(
            check,
            &[("modules/forum/src/posts/service.rs", FILE)],
            "modules/forum/src/posts/service.rs:3: SQL",
        );
    }

    #[test]
    fn a_word_that_sql_uses_too_is_no_statement() {
        silent(
            check,
            &[(
                "kit/http/src/routes.rs",
                "//! A.\nconst A: &[&str] = &[\"DELETE\", \"with a word\", \"Update it\"];\n",
            )],
        );
    }
}
