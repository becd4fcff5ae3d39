//! Manifests: lints and versions come from the root, a crate is named for its folder.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::tree::Tree;
use super::violation::Violation;

/// A member's manifest.
pub(super) struct Manifest {
    pub(super) path: String,
    /// `modules/intranet`.
    pub(super) folder: String,
    pub(super) name: String,
    pub(super) dependencies: Vec<Dependency>,
    /// Its own features, and what each enables.
    pub(super) features: Vec<(String, Vec<String>)>,
    table: Table,
}

/// A dependency of it.
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) optional: bool,
    /// The features it asks for.
    pub(super) features: Vec<String>,
    inherited: bool,
}

/// What a dependency is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The product, or its building.
    Product,
    /// Tests alone.
    Tests,
}

impl Manifest {
    /// Every member's. A manifest that is no TOML is cargo's business, which says so before anybody.
    pub(super) fn all(tree: &Tree) -> Vec<Self> {
        tree.manifests().filter_map(|(folder, text)| Self::read(folder, text)).collect()
    }

    fn read(folder: &str, text: &str) -> Option<Self> {
        let table: Table = text.parse().ok()?;
        let name = table.get("package")?.get("name")?.as_str()?.to_owned();
        let mut dependencies = Vec::new();
        let targets = table.get("target").and_then(Value::as_table);
        for part in std::iter::once(&table)
            .chain(targets.into_iter().flat_map(Table::values).filter_map(Value::as_table))
        {
            for (key, kind) in SECTIONS {
                for (name, value) in part.get(*key).and_then(Value::as_table).into_iter().flatten() {
                    let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
                    dependencies.push(Dependency {
                        name: name.clone(),
                        line: line_of(text, name),
                        kind: *kind,
                        optional: value.get("optional").and_then(Value::as_bool) == Some(true),
                        features: features_of(value),
                        inherited,
                    });
                }
            }
        }
        let features = table.get("features").and_then(Value::as_table).into_iter().flatten();
        let features = features.map(|(name, enables)| (name.clone(), texts(enables))).collect();
        Some(Self {
            path: format!("{folder}/Cargo.toml"),
            folder: folder.to_owned(),
            name,
            dependencies,
            features,
            table,
        })
    }

    fn expected_name(&self) -> String {
        let last = self.folder.rsplit('/').next().unwrap_or_default();
        match self.folder.split('/').next() {
            Some("app" | "xtask") => last.to_owned(),
            Some("bench") => format!("bench-{last}"),
            _ => format!("socle-{last}"),
        }
    }
}

const SECTIONS: &[(&str, Kind)] = &[
    ("dependencies", Kind::Product),
    ("build-dependencies", Kind::Product),
    ("dev-dependencies", Kind::Tests),
];

/// The features that are asked of a dependency.
pub(super) fn features_of(dependency: &Value) -> Vec<String> {
    dependency.get("features").map(texts).unwrap_or_default()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The line on which a dependency is named; the first when it is written in a way of its own.
fn line_of(text: &str, name: &str) -> usize {
    let names = |line: &str| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '.', '=']))
            || line.ends_with(&format!("dependencies.{name}]"))
    };
    text.lines().position(|line| names(line.trim())).map_or(1, |index| index + 1)
}

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let manifests = Manifest::all(tree);
    let mut violations: Vec<Violation> = manifests.iter().flat_map(of_member).collect();
    violations.extend(unused(tree, &manifests));
    violations
}

fn of_member(manifest: &Manifest) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut say = |line: usize, what: String| violations.push(Violation::new(&manifest.path, line, what));
    let lints = manifest.table.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
    if lints != Some(true) {
        say(1, "the lints are not the workspace's: add `[lints]` with `workspace = true`".to_owned());
    }
    let expected = manifest.expected_name();
    if manifest.name != expected {
        say(1, format!("the crate is named {}, its folder asks for {expected}", manifest.name));
    }
    for dependency in manifest.dependencies.iter().filter(|dependency| !dependency.inherited) {
        let what = format!(
            "{} is not the workspace's: name its version in the root manifest, with its reason, and write `workspace = true` here",
            dependency.name
        );
        say(dependency.line, what);
    }
    violations
}

/// What the root lists and no member takes.
fn unused(tree: &Tree, manifests: &[Manifest]) -> Vec<Violation> {
    let Some(text) = tree.file("Cargo.toml") else { return Vec::new() };
    let Ok(table) = text.parse::<Table>() else { return Vec::new() };
    let taken: BTreeSet<&str> = manifests
        .iter()
        .flat_map(|manifest| &manifest.dependencies)
        .map(|dependency| dependency.name.as_str())
        .collect();
    let listed =
        table.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let names = listed.into_iter().flat_map(Table::keys).filter(|name| !taken.contains(name.as_str()));
    names
        .map(|name| {
            Violation::new(
                "Cargo.toml",
                line_of(text, name),
                format!("no member uses {name}: remove the line"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const GOOD: &str =
        "[package]\nname = \"socle-db\"\n[lints]\nworkspace = true\n[dependencies]\ntokio.workspace = true\n";

    #[test]
    fn a_manifest_that_takes_all_from_the_root_is_fine() {
        silent(check, &[("base/db/Cargo.toml", GOOD)]);
    }

    #[test]
    fn own_lints_own_versions_and_odd_names_are_found() {
        let lints = GOOD.replace("[lints]\nworkspace = true\n", "");
        fires(check, &[("base/db/Cargo.toml", &lints)], "base/db/Cargo.toml:1: the lints");
        let version = GOOD.replace("tokio.workspace = true", "tokio = \"1\"");
        fires(check, &[("base/db/Cargo.toml", &version)], "base/db/Cargo.toml:6: tokio is not");
        fires(
            check,
            &[("base/database/Cargo.toml", GOOD)],
            "base/database/Cargo.toml:1: the crate is named socle-db",
        );
    }

    #[test]
    fn a_version_nobody_uses_is_found() {
        let root = "[workspace.dependencies]\ntokio = \"1\"\nserde = \"1\"\n";
        fires(
            check,
            &[("Cargo.toml", root), ("base/db/Cargo.toml", GOOD)],
            "Cargo.toml:3: no member uses serde",
        );
    }
}
