//! `cargo xtask new-resource --prove`: what is written in a copy of the repository keeps the rules, builds, and
//! passes its own tests.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::names::Names;
use super::writing;
use crate::{process, tidy, workspace};

/// Writes the resource in a copy of the repository and proves it there. The copy and what is built of it stay
/// below the target folder, so that the next proof is quicker.
pub(super) fn resource(root: &Path, names: &Names) -> Result<()> {
    let target = workspace::target_directory()?.join("prove");
    let copy = target.join("copy");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy_to(root, &copy)?;
    let before = tidy::violations(&copy)?;
    writing::resource(&copy, names)?;
    let mut added = tidy::violations(&copy)?;
    added.retain(|violation| !before.contains(violation));
    ensure!(added.is_empty(), "it breaks the rules of the house:\n{}", added.join("\n"));
    println!("it keeps the rules of the house");

    let package = format!("socle-{}", names.module);
    let cargo = |arguments: &[&str]| {
        let mut cargo = workspace::cargo();
        process::run(cargo.current_dir(&copy).env("CARGO_TARGET_DIR", &target).args(arguments))
    };
    cargo(&["test", "--package", &package, &format!("{}::", names.things)])?;
    println!("it builds, and its tests pass");
    cargo(&["clippy", "--package", &package, "--all-targets", "--", "-D", "warnings"])?;
    println!("no lint has anything to say of it");
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
