//! `cargo xtask generate`: what the program knows about itself, written to files that are committed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// What `generate` may be told.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write nothing; fail when a file is not what would be written
    #[arg(long)]
    check: bool,
    /// Use this program instead of building it
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// A generated file and the command of the program that writes it.
pub(crate) struct Generated {
    pub(crate) path: &'static str,
    arguments: &'static [&'static str],
}

pub(crate) const FILES: &[Generated] = &[
    Generated { path: "generated/openapi.json", arguments: &["openapi"] },
    Generated { path: "generated/error-codes.md", arguments: &["reference", "errors"] },
    Generated { path: "generated/config.default.toml", arguments: &["reference", "config"] },
    Generated { path: "generated/permissions.md", arguments: &["reference", "permissions"] },
    Generated { path: ".env.example", arguments: &["reference", "env"] },
];

/// Writes the files, or checks them.
pub(crate) fn run(options: &Options) -> Result<()> {
    let binary = match &options.binary {
        Some(binary) => std::path::absolute(binary)?,
        None => build()?,
    };
    let mut stale = Vec::new();
    for file in FILES {
        let path = workspace::root().join(file.path);
        let fresh = output(&binary, file.arguments)?;
        if std::fs::read_to_string(&path).is_ok_and(|text| text == fresh) {
            continue;
        }
        if options.check {
            stale.push(file.path);
        } else {
            path.parent().map(std::fs::create_dir_all).transpose()?;
            std::fs::write(&path, fresh).with_context(|| format!("cannot write {}", file.path))?;
            println!("wrote {}", file.path);
        }
    }
    if !stale.is_empty() {
        bail!("stale: {}; run `cargo xtask generate` and commit", stale.join(", "));
    }
    println!("generated: {} files, all fresh", FILES.len());
    Ok(())
}

fn build() -> Result<PathBuf> {
    process::run(workspace::cargo().args(["build", "--quiet", "--package", "socle", "--bin", "socle"]))?;
    Ok(workspace::target_directory()?.join("debug").join("socle"))
}

/// What the program says, away from any configuration of this machine.
fn output(binary: &Path, arguments: &[&str]) -> Result<String> {
    let away = tempfile::tempdir()?;
    let mut text =
        process::capture(Command::new(binary).args(arguments).env_clear().current_dir(away.path()))?;
    text.truncate(text.trim_end().len());
    text.push('\n');
    Ok(text)
}
