//! Writes a new thing below a root: its files, and its lines in files that are there.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::edits;
use super::names::Names;
use super::template::{self, Written};
use crate::process;

/// Writes a resource: its folder, its migration; and adds it to the one line of its module that names the resources.
pub(super) fn resource(root: &Path, names: &Names) -> Result<()> {
    let folder = Path::new("modules").join(&names.module);
    let manifest = root.join(&folder).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).with_context(|| {
        format!("there is no module {}: make it with `cargo xtask new-module`", names.module)
    })?;
    edits::check_dependencies(&manifest)?;
    let number = next_migration(&root.join(&folder).join("migrations"))?;
    let mut files = template::render(root, "resource", &folder, names, &[("{{number}}", &number)])?;
    let door = folder.join("src/lib.rs");
    files.push(Written::edited(root, &door, |text| edits::with_part(text, &names.things))?);
    template::write(root, &files)?;
    format(root, &files)
}

/// Writes a module: its crate; and adds its lines to the root and to the roof.
pub(super) fn module(root: &Path, names: &Names) -> Result<()> {
    let module = &names.module;
    let folder = Path::new("modules").join(module);
    let mut files = template::render(root, "module", &folder, names, &[])?;
    files.push(Written::edited(root, Path::new("Cargo.toml"), |text| {
        let line = format!("socle-{module} = {{ path = \"modules/{module}\" }}");
        edits::with_dependency(text, "[workspace.dependencies]", "\"modules/", &line)
    })?);
    files.push(Written::edited(root, Path::new("app/socle/Cargo.toml"), |text| {
        let line = format!("socle-{module}.workspace = true");
        edits::with_dependency(text, "[dependencies]", ".workspace", &line)
    })?);
    files.push(Written::edited(root, Path::new("app/socle/src/modules.rs"), |text| {
        edits::with_module(text, module)
    })?);
    template::write(root, &files)?;
    format(root, &files)
}

/// The number after the last: `0003`.
fn next_migration(folder: &Path) -> Result<String> {
    let mut last = 0;
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let number =
                name.to_string_lossy().split('_').next().and_then(|number| number.parse::<u32>().ok());
            last = last.max(number.context("a migration whose name does not begin with its number")?);
        }
    }
    Ok(format!("{:04}", last + 1))
}

fn format(root: &Path, files: &[Written]) -> Result<()> {
    let rust =
        files.iter().map(|file| &file.path).filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.current_dir(root).args(["--edition", "2024", "--config-path"]).arg(root).args(rust);
    process::run_named(&mut rustfmt, "rustfmt")
}
