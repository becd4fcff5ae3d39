//! `cargo xtask new-resource --prove`: what is written in a copy of the repository keeps the rules, builds, and
//! passes its own tests.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::names::Names;
use super::writing;
use crate::{process, tidy, workspace};

/// Writes the resource in a copy of the repository and proves it there.
pub(super) fn resource(root: &Path, names: &Names) -> Result<()> {
    let copy = tempfile::tempdir().context("no temporary folder")?;
    copy_to(root, copy.path())?;
    let before = tidy::violations(copy.path())?;
    writing::resource(copy.path(), names)?;
    let added: Vec<String> =
        tidy::violations(copy.path())?.into_iter().filter(|found| !before.contains(found)).collect();
    ensure!(added.is_empty(), "it breaks the rules of the house:\n{}", added.join("\n"));
    println!("it keeps the rules of the house");

    // A target folder of its own, which stays for the next time.
    let target = workspace::target_directory()?.join("prove");
    let mut test = workspace::cargo();
    test.current_dir(copy.path()).env("CARGO_TARGET_DIR", target);
    test.args(["test", "--package", &format!("socle-{}", names.module), &format!("{}::", names.things)]);
    process::run(&mut test)?;
    println!("it builds, and its tests pass");
    Ok(())
}

/// Copies every file that git knows or would take.
pub(super) fn copy_to(root: &Path, copy: &Path) -> Result<()> {
    for path in tidy::paths(root) {
        let to = copy.join(&path);
        to.parent().map(fs::create_dir_all).transpose()?;
        fs::copy(root.join(&path), to).with_context(|| format!("cannot copy {}", path.display()))?;
    }
    Ok(())
}
