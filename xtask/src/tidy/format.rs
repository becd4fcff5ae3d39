//! Every Rust file is formatted, also those that `cargo fmt` does not reach.
//!
//! `cargo fmt` finds files by the `mod` lines that are written out; a macro that declares modules hides them.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::tree::Tree;
use super::violation::Violation;
use crate::process;

/// The files that are not formatted.
pub(super) fn check(root: &Path, tree: &Tree) -> Result<Vec<Violation>> {
    let mut violations = Vec::new();
    let status = process::lines(rustfmt(root, tree).args(["--check", "--files-with-diff"]), |line| {
        let path = Path::new(line);
        let path = path.strip_prefix(root).unwrap_or(path).display().to_string();
        violations.push(Violation::new(&path, 1, "not formatted: run `cargo xtask tidy --fix`"));
    })?;
    if !status.success() && violations.is_empty() {
        violations.push(Violation::new("rustfmt.toml", 1, "rustfmt failed, see above: mend what it names"));
    }
    Ok(violations)
}

/// Formats them.
pub(super) fn fix(root: &Path, tree: &Tree) -> Result<()> {
    process::run_named(&mut rustfmt(root, tree), "rustfmt")
}

fn rustfmt(root: &Path, tree: &Tree) -> Command {
    let mut command = Command::new("rustfmt");
    command.current_dir(root).args(["--edition", "2024", "--config-path"]).arg(root);
    command.args(tree.rust().map(|(path, _)| path));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_no_mod_line_names_is_checked_and_formatted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let ugly = root.join("modules/forum/src/posts/mod.rs");
        std::fs::create_dir_all(ugly.parent().unwrap()).unwrap();
        std::fs::write(&ugly, "fn  a( ) { }\n").unwrap();
        std::fs::write(root.join("rustfmt.toml"), "max_width = 110\n").unwrap();
        std::fs::write(root.join("modules/forum/src/lib.rs"), "parts!(posts);\n").unwrap();
        let tree = Tree::read(&root).unwrap();

        let found = check(&root, &tree).unwrap();
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["modules/forum/src/posts/mod.rs:1: not formatted: run `cargo xtask tidy --fix`"]);

        fix(&root, &tree).unwrap();
        assert_eq!(std::fs::read_to_string(&ugly).unwrap(), "fn a() {}\n");
        assert!(check(&root, &tree).unwrap().is_empty());
    }
}
