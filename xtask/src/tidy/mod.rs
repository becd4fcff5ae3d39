//! `cargo xtask tidy`: the rules of the house, as checks.
//!
//! A rule is a function from the tree of files to what violates it. Each says where, what, and what to do
//! about it. `xtask/ratchets.toml` holds the counts that may only shrink.

mod binaries;
mod circles;
mod dialects;
mod floors;
mod format;
mod generated;
mod headers;
mod included;
mod manifests;
mod names;
mod paths;
mod resources;
mod size;
mod source;
mod sql;
mod strangers;
mod tables;
mod test_parts;
mod translations;
mod tree;
mod vendors;
mod violation;
mod words;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::workspace;
use tree::Tree;
use violation::Violation;

type Rule = fn(&Tree) -> Vec<Violation>;

const RULES: &[Rule] = &[
    binaries::check,
    circles::check,
    dialects::check,
    floors::check,
    generated::check,
    headers::check,
    included::check,
    manifests::check,
    names::check,
    resources::check,
    size::check,
    sql::check,
    strangers::check,
    tables::check,
    test_parts::check,
    translations::check,
    vendors::check,
    words::check,
];

/// What `tidy` may be told.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Format every Rust file first, also those that `cargo fmt` does not reach
    #[arg(long)]
    fix: bool,
}

/// Checks the whole repository; an error when a rule is broken.
pub(crate) fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let root = workspace::root();
    let mut tree = Tree::read(&root)?;
    if options.fix {
        format::fix(&root, &tree)?;
        tree = Tree::read(&root)?;
    }
    let violations = all(&root, &tree)?;
    violations.iter().for_each(|violation| println!("{violation}"));
    let (files, time) = (tree.files().count(), started.elapsed().as_secs_f64());
    ensure!(violations.is_empty(), "{} violations in {files} files ({time:.1} s)", violations.len());
    println!("tidy: {files} files, {} rules, nothing to say ({time:.1} s)", RULES.len() + 1);
    Ok(())
}

/// What the rules have to say of the repository at `root`, as `path:line: sentence`.
pub(crate) fn violations(root: &Path) -> Result<Vec<String>> {
    Ok(all(root, &Tree::read(root)?)?.iter().map(ToString::to_string).collect())
}

/// The files of the repository at `root`: those that git knows or would take; without git, all but what is built.
pub(crate) fn paths(root: &Path) -> Vec<PathBuf> {
    tree::paths(root)
}

fn all(root: &Path, tree: &Tree) -> Result<Vec<Violation>> {
    let mut violations = format::check(root, tree)?;
    violations.extend(RULES.iter().flat_map(|rule| rule(tree)));
    violations.sort();
    violations.dedup();
    Ok(violations)
}

/// What the rules' own tests share.
#[cfg(test)]
mod testing {
    use super::{Rule, Tree};

    /// The violations of `rule` in a tree of these files, as `path:line` and the sentence.
    pub(super) fn found(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
        rule(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    /// Asserts that `rule` finds exactly one violation, which begins with `start`.
    #[track_caller]
    pub(super) fn fires(rule: Rule, files: &[(&str, &str)], start: &str) {
        let found = found(rule, files);
        assert!(found.len() == 1 && found[0].starts_with(start), "expected one at {start}, found {found:#?}");
    }

    /// Asserts that `rule` has nothing to say.
    #[track_caller]
    pub(super) fn silent(rule: Rule, files: &[(&str, &str)]) {
        assert_eq!(found(rule, files), Vec::<String>::new());
    }
}
