//! Templates as files: `xtask/templates/<kind>/**.tmpl`, whose paths and contents hold placeholders.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use walkdir::WalkDir;

use super::names::Names;

/// A file to write, by its path from the root of the repository.
pub(super) struct Written {
    pub(super) path: PathBuf,
    pub(super) text: String,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    New,
    Edited,
}

impl Written {
    /// The new text of a file that is there: what `edit` makes of it.
    pub(super) fn edited(
        root: &Path,
        path: &Path,
        edit: impl FnOnce(&str) -> Result<String>,
    ) -> Result<Self> {
        let before =
            fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {}", path.display()))?;
        let text = edit(&before).with_context(|| format!("cannot add a line to {}", path.display()))?;
        Ok(Self { path: path.to_path_buf(), text, kind: Kind::Edited })
    }
}

/// The files that the templates of `kind` make in `folder`. `extra` are placeholders beside the names.
pub(super) fn render(
    root: &Path,
    kind: &str,
    folder: &Path,
    names: &Names,
    extra: &[(&str, &str)],
) -> Result<Vec<Written>> {
    let templates = root.join("xtask/templates").join(kind);
    let fill = |text: &str| {
        extra.iter().fold(names.fill(text), |text, (placeholder, value)| text.replace(placeholder, value))
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(&templates).sort_by_file_name() {
        let entry = entry.context("the templates are missing")?;
        let inside =
            entry.path().strip_prefix(&templates)?.to_str().context("a template's name is not UTF-8")?;
        let Some(name) = inside.strip_suffix(".tmpl") else { continue };
        let text = fill(&fs::read_to_string(entry.path())?);
        ensure!(!text.contains("{{"), "the template {inside} holds a placeholder that nobody fills");
        files.push(Written { path: folder.join(fill(name)), text, kind: Kind::New });
    }
    ensure!(!files.is_empty(), "there are no templates in {}", templates.display());
    Ok(files)
}

/// Writes the files, all or none: nothing that is there is overwritten.
pub(super) fn write(root: &Path, files: &[Written]) -> Result<()> {
    for file in files {
        let is_there = root.join(&file.path).exists();
        ensure!(file.kind == Kind::Edited || !is_there, "{} is there already", file.path.display());
    }
    for file in files {
        let path = root.join(&file.path);
        path.parent().map(fs::create_dir_all).transpose()?;
        fs::write(&path, &file.text)?;
        println!("{} {}", if file.kind == Kind::New { "wrote" } else { "edited" }, file.path.display());
    }
    Ok(())
}
