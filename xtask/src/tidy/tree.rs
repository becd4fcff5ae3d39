//! The files that the rules look at, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::source::Source;

/// Every file of the repository by its path from the root, Rust files taken apart.
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
    rust: BTreeMap<String, Source>,
    /// The files that are not text.
    binaries: Vec<String>,
    /// What modules declared for tests alone are called without an ending: `modules/identity/src/trial`.
    tests: BTreeSet<String>,
}

impl Tree {
    /// The text files under `root`.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for path in paths(root) {
            let Ok(bytes) = std::fs::read(root.join(&path)) else { continue };
            let name = path.to_str().context("a file's name is not UTF-8")?;
            files.push((name.to_owned(), bytes));
        }
        Ok(Self::of_bytes(files))
    }

    /// A tree of these files, whatever is in them.
    pub(crate) fn of_bytes(files: Vec<(String, Vec<u8>)>) -> Self {
        let (mut texts, mut binaries) = (BTreeMap::new(), Vec::new());
        for (path, bytes) in files {
            // A text has no NUL; the head of an archive may well be UTF-8.
            match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => {
                    texts.insert(path, text);
                }
                _ => binaries.push(path),
            }
        }
        Self { binaries, ..Self::new(texts) }
    }

    /// A tree of these files.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self::new(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    fn new(files: BTreeMap<String, String>) -> Self {
        let is_rust = |path: &str| path.ends_with(".rs");
        let sources = files.iter().filter(|(path, _)| is_rust(path));
        let rust: BTreeMap<String, Source> =
            sources.map(|(path, text)| (path.clone(), Source::new(text))).collect();
        let tests = rust.iter().flat_map(|(path, source)| {
            source.test_modules.iter().map(|name| format!("{}{name}", folder_of_children(path)))
        });
        let tests = tests.collect();
        Self { files, rust, tests, binaries: Vec::new() }
    }

    /// All files, in order.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files that are not text, in order.
    pub(crate) fn binaries(&self) -> impl Iterator<Item = &str> {
        self.binaries.iter().map(String::as_str)
    }

    /// The text of one file.
    pub(crate) fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The Rust files.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.rust.iter().map(|(path, source)| (path.as_str(), source))
    }

    /// The Rust files that are not tests.
    pub(crate) fn product(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.rust().filter(|(path, _)| !is_test(path) && !self.is_declared_for_tests(path))
    }

    fn is_declared_for_tests(&self, path: &str) -> bool {
        let ends = path.match_indices(['/', '.']).map(|(at, _)| at);
        ends.filter_map(|at| path.get(..at)).any(|module| self.tests.contains(module))
    }

    /// The manifests of the members, by folder.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter_map(|(path, text)| Some((path.strip_suffix("/Cargo.toml")?, text)))
    }
}

/// The crate a file belongs to: its first two folders, `modules/intranet`; `xtask` has only one.
pub(crate) fn crate_of(path: &str) -> Option<&str> {
    let mut slashes = path.match_indices('/').map(|(at, _)| at);
    let first = path.get(..slashes.next()?)?;
    match first {
        "xtask" => Some(first),
        "base" | "kit" | "modules" | "app" | "bench" => path.get(..slashes.next()?),
        _ => None,
    }
}

/// The room a file belongs to: the folder under `modules`, up to the hyphen where a room has several crates.
pub(crate) fn room_of(path: &str) -> Option<&str> {
    let folder = path.strip_prefix("modules/")?.split('/').next()?;
    folder.split('-').next()
}

/// Where the files of a module's children are, with the slash.
fn folder_of_children(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "mod.rs" | "lib.rs" | "main.rs" => format!("{folder}/"),
        name => format!("{folder}/{}/", name.trim_end_matches(".rs")),
    }
}

/// Is the file nothing but tests, by its name?
pub(crate) fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut folders = path.split('/');
    name == "tests.rs"
        || folders.any(|folder| folder == "tests" || folder.ends_with("-trial"))
        || path.starts_with("kit/testkit/")
}

/// The files under `root` that git knows or would take and that are there; without git, all but what is built.
pub(crate) fn paths(root: &Path) -> Vec<PathBuf> {
    let mut paths = tracked(root).unwrap_or_else(|| walked(root));
    paths.retain(|path| root.join(path).is_file());
    paths
}

fn tracked(root: &Path) -> Option<Vec<PathBuf>> {
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(listing.stdout).ok()?;
    let paths: Vec<PathBuf> = text.split('\0').filter(|path| !path.is_empty()).map(PathBuf::from).collect();
    (!paths.is_empty()).then_some(paths)
}

fn walked(root: &Path) -> Vec<PathBuf> {
    const BUILT: &[&str] = &["target", "node_modules", "data", ".git"];
    WalkDir::new(root)
        .into_iter()
        .filter_entry(|entry| !BUILT.iter().any(|name| entry.file_name() == *name))
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| entry.path().strip_prefix(root).map(Path::to_path_buf).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_crate_of_its_folder() {
        assert_eq!(crate_of("modules/intranet/src/lib.rs"), Some("modules/intranet"));
        assert_eq!(crate_of("xtask/src/tidy/mod.rs"), Some("xtask"));
        assert_eq!(crate_of("docs/api-design.md"), None);
        assert_eq!(crate_of("Cargo.toml"), None);
    }

    #[test]
    fn tests_are_told_by_file_and_by_folder() {
        assert!(is_test("modules/intranet/src/announcements/tests.rs"));
        assert!(is_test("base/db/tests/conformance.rs"));
        assert!(!is_test("modules/intranet/src/announcements/routes.rs"));
    }

    #[test]
    fn tests_are_told_by_how_they_are_declared() {
        let tree = Tree::of(&[
            ("modules/forum/src/lib.rs", "#[cfg(test)]\npub(crate) mod trial;\nmod posts;\n"),
            ("modules/forum/src/trial.rs", ""),
            ("modules/forum/src/trial/company.rs", ""),
            ("modules/forum/src/posts.rs", "#[cfg(test)]\nmod world;\n"),
            ("modules/forum/src/posts/world.rs", ""),
            ("modules/forum/src/trials.rs", ""),
        ]);
        let product: Vec<&str> = tree.product().map(|(path, _)| path).collect();
        assert_eq!(
            product,
            ["modules/forum/src/lib.rs", "modules/forum/src/posts.rs", "modules/forum/src/trials.rs"]
        );
    }
}
