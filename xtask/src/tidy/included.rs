//! A migration or a catalogue that no code includes does nothing: whoever adds the file names it.

use super::tree::{Tree, crate_of};
use super::violation::Violation;

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, _) in tree.files().filter(|(path, _)| is_included(path)) {
        let Some(home) = crate_of(path) else { continue };
        let named = tree.product().filter(|(code, _)| crate_of(code) == Some(home)).any(|(code, source)| {
            source.literals.iter().any(|literal| resolved(code, &literal.text).as_deref() == Some(path))
        });
        if !named {
            let what = "no code includes this file: name it where its neighbours are (`include_str!`)";
            violations.push(Violation::new(path, 1, what));
        }
    }
    violations
}

fn is_included(path: &str) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    (folder == "migrations" && path.ends_with(".sql")) || (folder == "i18n" && path.ends_with(".ftl"))
}

/// The file that a path written in `code` leads to, as `include_str!` reads it.
fn resolved(code: &str, written: &str) -> Option<String> {
    if !written.ends_with(".sql") && !written.ends_with(".ftl") {
        return None;
    }
    let mut parts: Vec<&str> = code.split('/').collect();
    parts.pop();
    for part in written.split('/') {
        match part {
            ".." => drop(parts.pop()?),
            "." => {}
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const MIGRATION: (&str, &str) = ("modules/forum/migrations/0001_posts.sql", "");
    const ENGLISH: (&str, &str) = ("modules/forum/src/posts/i18n/en.ftl", "");

    #[test]
    fn what_is_included_is_fine() {
        let code = "//! A.\nconst A: &str = include_str!(\"../../migrations/0001_posts.sql\");\nconst B: &str = include_str!(\"i18n/en.ftl\");\n";
        silent(check, &[MIGRATION, ENGLISH, ("modules/forum/src/posts/mod.rs", code)]);
    }

    #[test]
    fn what_nobody_includes_is_found() {
        let code = "//! A.\nconst B: &str = include_str!(\"i18n/en.ftl\");\n";
        let files = [MIGRATION, ENGLISH, ("modules/forum/src/posts/mod.rs", code)];
        fires(check, &files, "modules/forum/migrations/0001_posts.sql:1: no code");
    }
}
