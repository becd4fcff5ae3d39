//! A table belongs to the module whose name it begins with; neighbours neither name it nor read it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::source::line;
use super::tree::{Tree, room_of};
use super::violation::Violation;

static CREATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bCREATE\s+(?:VIRTUAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)").ok()
});
static REFERENCED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bREFERENCES\s+(\w+)").ok());
static TOUCHED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)").ok());

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let (Some(created), Some(referenced), Some(touched)) =
        (CREATED.as_ref(), REFERENCED.as_ref(), TOUCHED.as_ref())
    else {
        return Vec::new();
    };
    let modules: BTreeSet<&str> = tree.files().filter_map(|(path, _)| room_of(path)).collect();
    let mut violations = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with(".sql")) {
        let Some(module) = room_of(path) else { continue };
        for (table, at) in names(created, text) {
            if !belongs(table, module) {
                let what = format!("the table {table} does not begin with {module}_: rename it");
                violations.push(Violation::new(path, line(text, at), what));
            }
        }
        for (table, at) in names(referenced, text) {
            if !belongs(table, module) {
                let what =
                    format!("a foreign key to {table}: only the module's own tables may be pointed at");
                violations.push(Violation::new(path, line(text, at), what));
            }
        }
    }
    for (path, source) in tree.product() {
        let Some(module) = room_of(path) else { continue };
        for literal in &source.literals {
            for (table, at) in names(touched, &literal.text) {
                if let Some(owner) = modules.iter().find(|other| **other != module && belongs(table, other)) {
                    let what = format!("reads {table}, which is {owner}'s: ask by a port of kit/contracts");
                    violations.push(Violation::new(path, source.line(literal.start + at), what));
                }
            }
        }
    }
    violations
}

fn belongs(table: &str, module: &str) -> bool {
    table.strip_prefix(module).is_some_and(|rest| rest.starts_with('_'))
}

fn names<'a>(pattern: &'a Regex, text: &'a str) -> impl Iterator<Item = (&'a str, usize)> {
    pattern.captures_iter(text).filter_map(|found| found.get(1)).map(|name| (name.as_str(), name.start()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const MIGRATION: &str = "modules/forum/migrations/0001_posts.sql";

    #[test]
    fn own_tables_and_keys_to_them_are_fine() {
        silent(
            check,
            &[(MIGRATION, "CREATE TABLE forum_post (\n topic_id TEXT REFERENCES forum_topic (id)\n);\n")],
        );
    }

    #[test]
    fn a_table_of_another_name_is_found() {
        fires(
            check,
            &[(MIGRATION, "\nCREATE TABLE post (id TEXT);\n")],
            "modules/forum/migrations/0001_posts.sql:2: the table post",
        );
    }

    #[test]
    fn a_key_to_a_neighbour_is_found() {
        let sql = "CREATE TABLE forum_post (\n room TEXT REFERENCES chat_room (id)\n);\n";
        fires(
            check,
            &[(MIGRATION, sql)],
            "modules/forum/migrations/0001_posts.sql:2: a foreign key to chat_room",
        );
    }

    #[test]
    fn reading_a_neighbours_table_is_found() {
        let store = "//! A.\nconst A: &str = \"SELECT id\nFROM chat_room\";\n";
        let chat = ("modules/chat/src/lib.rs", "//! Chat.\n");
        fires(
            check,
            &[("modules/forum/src/posts/store.rs", store), chat],
            "modules/forum/src/posts/store.rs:3: reads chat_room",
        );
        silent(check, &[("modules/chat/src/rooms/store.rs", store), chat]);
    }
}
