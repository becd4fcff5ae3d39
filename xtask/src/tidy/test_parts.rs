//! What is there for tests alone stays out of the product: the test kit, throw-away databases, temporary folders.

use toml::{Table, Value};

use super::manifests::{Kind, Manifest};
use super::tree::Tree;
use super::violation::Violation;

/// The feature of `base/db` behind which its databases for tests are.
const FEATURE: &str = "throwaway";
/// The crate that is for tests as a whole.
const TESTKIT: &str = "kit/testkit";
/// Crates that only tests have a use for.
const FOR_TESTS: &[&str] = &["socle-testkit", "tempfile"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = of_root(tree);
    let outside = |folder: &str| {
        let of_tests = folder == TESTKIT || folder.ends_with("-trial");
        of_tests || folder.starts_with("xtask") || folder.starts_with("bench/")
    };
    for manifest in Manifest::all(tree).iter().filter(|manifest| !outside(&manifest.folder)) {
        let product = manifest.dependencies.iter().filter(|dependency| dependency.kind == Kind::Product);
        for dependency in product {
            let (name, line) = (&dependency.name, dependency.line);
            if FOR_TESTS.contains(&name.as_str()) && !dependency.optional {
                let what = format!("{name} is for tests: list it under [dev-dependencies]");
                violations.push(Violation::new(&manifest.path, line, what));
            }
            if dependency.features.iter().any(|feature| feature == FEATURE) {
                let what = format!(
                    "the feature {FEATURE} of {name} is for tests: enable it under [dev-dependencies]"
                );
                violations.push(Violation::new(&manifest.path, line, what));
            }
        }
        for (name, enables) in &manifest.features {
            if name != FEATURE && enables.iter().any(|feature| feature.ends_with(FEATURE)) {
                let what = format!("the feature `{name}` enables {FEATURE}, which is for tests: drop it");
                violations.push(Violation::new(&manifest.path, 1, what));
            }
        }
    }
    violations
}

/// What the root gives to all who inherit from it.
fn of_root(tree: &Tree) -> Vec<Violation> {
    let table = tree.file("Cargo.toml").and_then(|text| text.parse::<Table>().ok()).unwrap_or_default();
    let shared = table.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let shared = shared.and_then(Value::as_table).into_iter().flatten();
    shared
        .filter(|(_, value)| super::manifests::features_of(value).iter().any(|feature| feature == FEATURE))
        .map(|(name, _)| {
            let what =
                format!("the feature {FEATURE} of {name} would reach the product: enable it where tests are");
            Violation::new("Cargo.toml", 1, what)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    fn events(rest: &str) -> String {
        format!("[package]\nname = \"socle-events\"\n{rest}\n")
    }

    #[test]
    fn tests_and_the_test_kit_take_what_is_for_tests() {
        let enabled = "socle-db = { workspace = true, features = [\"throwaway\"] }";
        let events = events(&format!("[dev-dependencies]\n{enabled}\ntempfile.workspace = true"));
        let db = "[package]\nname = \"socle-db\"\n[dependencies]\ntempfile = { workspace = true, optional = true }\n\
                  [features]\nthrowaway = [\"dep:tempfile\"]\n";
        let testkit = format!("[package]\nname = \"socle-testkit\"\n[dependencies]\n{enabled}\n");
        silent(
            check,
            &[
                ("base/events/Cargo.toml", &events),
                ("base/db/Cargo.toml", db),
                ("kit/testkit/Cargo.toml", &testkit),
            ],
        );
    }

    #[test]
    fn the_product_does_not() {
        for (rest, start) in [
            ("[dependencies]\ntempfile.workspace = true", "base/events/Cargo.toml:4: tempfile is for tests"),
            ("[dependencies]\nsocle-testkit.workspace = true", "base/events/Cargo.toml:4: socle-testkit is"),
            (
                "[dependencies]\nsocle-db = { workspace = true, features = [\"throwaway\"] }",
                "base/events/Cargo.toml:4: the feature throwaway of socle-db",
            ),
            (
                "[features]\ndefault = [\"socle-db/throwaway\"]",
                "base/events/Cargo.toml:1: the feature `default`",
            ),
        ] {
            fires(check, &[("base/events/Cargo.toml", &events(rest))], start);
        }
        let root =
            "[workspace.dependencies]\nsocle-db = { path = \"base/db\", features = [\"throwaway\"] }\n";
        fires(check, &[("Cargo.toml", root)], "Cargo.toml:1: the feature throwaway of socle-db");
    }
}
