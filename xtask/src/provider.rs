//! The OpenID provider that tests sign in at: a package of Node.js, put into the target folder once.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::{process, workspace};

/// What npm reads.
const FILES: &[&str] = &["package.json", "package-lock.json"];

/// The folder with the provider in it. Installs what the machine lacks: Node.js, and the packages of the lock file.
pub(crate) fn prepare() -> Result<PathBuf> {
    let source = workspace::root().join("modules/identity-oidc/provider");
    let folder = workspace::target_directory()?.join("oidc-provider");
    let read =
        |folder: &PathBuf| FILES.iter().map(|name| fs::read(folder.join(name)).ok()).collect::<Vec<_>>();
    let installed = folder.join("installed");
    if installed.exists() && read(&folder) == read(&source) {
        return Ok(folder);
    }
    if process::find("npm").is_none() {
        process::install(&["nodejs", "npm"])?;
    }
    println!("installing the OpenID provider of the tests");
    fs::create_dir_all(&folder)?;
    let _absent = fs::remove_file(&installed);
    for name in FILES {
        fs::copy(source.join(name), folder.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    process::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder)
            .stdout(Stdio::null()),
    )?;
    fs::write(&installed, "")?;
    Ok(folder)
}
