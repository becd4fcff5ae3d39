//! Every resource has the same files: who knows one finds the way in all of them.
//!
//! What a standard file is for stands in that file. A resource may have further files for what is left, which
//! is neither; its demonstration and its tests may be folders.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::tree::Tree;
use super::violation::Violation;

/// How something is written, what it is, and the files of a resource it belongs in. SQL is a rule of its own.
const HOMES: &[(&str, &str, &[&str])] = &[
    (r"\bRoutes::new\(\)", "a table of routes", &["routes.rs"]),
    (r"\bPermission\s*\{\s*name:", "a permission", &["permissions.rs"]),
    (r"\bimpl\s+Letter\s+for\b", "a letter", &["events.rs"]),
    (r"\bderive\([^)]*\bJsonSchema\b", "a wire shape", &["api.rs"]),
    (r"\bderive\([^)]*\bRow\b", "a row", &["model.rs", "store.rs"]),
];

static PATTERNS: LazyLock<Vec<Option<Regex>>> =
    LazyLock::new(|| HOMES.iter().map(|(pattern, _, _)| Regex::new(pattern).ok()).collect());

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let folders: BTreeSet<&str> = tree.rust().filter_map(|(path, _)| resource_of(path)).collect();
    let mut violations = Vec::new();
    for (path, source) in tree.product() {
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        if !folders.iter().any(|resource| is_inside(folder, resource)) {
            continue;
        }
        for (pattern, (_, thing, homes)) in PATTERNS.iter().zip(HOMES) {
            let Some(pattern) = pattern.as_ref().filter(|_| !homes.contains(&name)) else { continue };
            if let Some(found) = pattern.find(&source.code) {
                let what = format!("{thing} outside {}: move it there", homes.join(" and "));
                violations.push(Violation::new(path, source.line(found.start()), what));
            }
        }
    }
    violations
}

/// The folder of a resource, told by its `routes.rs`: `modules/intranet/src/announcements`.
fn resource_of(path: &str) -> Option<&str> {
    let folder = path.strip_suffix("/routes.rs")?;
    (folder.starts_with("modules/") && !folder.ends_with("/src")).then_some(folder)
}

fn is_inside(folder: &str, resource: &str) -> bool {
    folder.strip_prefix(resource).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const ROUTES: (&str, &str) =
        ("modules/forum/src/posts/routes.rs", "fn routes() -> Routes {\n    Routes::new()\n}\n");

    #[test]
    fn what_a_standard_file_is_for_is_at_home_there() {
        silent(
            check,
            &[
                ROUTES,
                ("modules/forum/src/posts/api.rs", "#[derive(Debug, JsonSchema)]\nstruct PostView;\n"),
                ("modules/forum/src/posts/model.rs", "#[derive(Debug, Row)]\nstruct Post;\n"),
                (
                    "modules/forum/src/posts/permissions.rs",
                    "const A: Permission = Permission { name: \"a\" };\n",
                ),
                ("modules/forum/src/posts/events.rs", "impl Letter for PostWritten {}\n"),
                ("modules/forum/src/posts/tests/create.rs", "#[derive(Row)]\nstruct Sample;\n"),
            ],
        );
    }

    #[test]
    fn a_further_file_is_fine_as_long_as_it_is_nothing_of_the_standard_ones() {
        let further = "modules/forum/src/posts/moderation.rs";
        silent(check, &[ROUTES, (further, "impl Posts {}\n"), ("modules/forum/src/posts/demo/draw.rs", "")]);
        for text in [
            "fn more() { Routes::new(); }\n",
            "const A: Permission = Permission {\n    name: \"a\",\n};\n",
            "impl Letter for PostHidden {}\n",
            "#[derive(\n    Debug,\n    JsonSchema,\n)]\nstruct A;\n",
            "#[derive(Row)]\nstruct A;\n",
        ] {
            fires(check, &[ROUTES, (further, text)], "modules/forum/src/posts/moderation.rs:1: a");
            silent(check, &[("modules/forum/src/posts/moderation.rs", text)]);
        }
    }

    #[test]
    fn the_kit_and_the_rest_of_a_module_are_no_resource() {
        silent(check, &[ROUTES, ("modules/forum/src/postscript.rs", "#[derive(Row)]\nstruct A;\n")]);
        silent(
            check,
            &[("kit/http/src/routes.rs", ""), ("kit/http/src/reply.rs", "#[derive(JsonSchema)]\n")],
        );
    }
}
