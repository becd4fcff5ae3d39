//! Files and folders are named for what a newcomer would search.

use super::tree::{Tree, crate_of};
use super::violation::Violation;

const EMPTY_NAMES: &[&str] =
    &["utils", "util", "common", "helpers", "helper", "misc", "manager", "managers", "core"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, _) in tree.files().filter(|(path, _)| crate_of(path).is_some()) {
        let empty = path.split('/').map(stem).find(|part| EMPTY_NAMES.contains(part));
        if let Some(part) = empty {
            let what = format!("`{part}` says nothing: name it for what is inside");
            violations.push(Violation::new(path, 1, what));
        }
    }
    violations
}

fn stem(part: &str) -> &str {
    part.split('.').next().unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    #[test]
    fn a_file_named_for_its_contents_is_fine() {
        silent(check, &[("base/db/src/writer.rs", ""), ("docs/common.md", "")]);
    }

    #[test]
    fn an_empty_name_is_found_in_files_and_folders() {
        fires(check, &[("base/db/src/utils.rs", "")], "base/db/src/utils.rs:1");
        fires(check, &[("base/db/src/common/pool.rs", "")], "base/db/src/common/pool.rs:1");
    }
}
