//! The paths that a Rust file names: what it imports, and what it writes out where it is used.

use std::sync::LazyLock;

use regex::Regex;

use super::source::closing;

/// A path as it stands in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// Its parts: `crate`, `tree`, `Tree`. A glob import ends with `*`.
    pub(super) parts: Vec<String>,
    /// The name under which an import is known here.
    pub(super) alias: Option<String>,
    /// Where it stands.
    pub(super) offset: usize,
    /// Is it handed on (`pub use`)?
    pub(super) handed_on: bool,
    /// How many modules written within the file it stands in: each takes one `super`.
    pub(super) depth: usize,
}

static IMPORTS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)(?:^|[;{}\]])\s*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);").ok());
static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\w+(?:::\w+)+").ok());
static MODULES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bmod\s+\w+\s*\{").ok());

/// Every path in `code`, which is without comments, literals and tests.
pub(super) fn references(code: &str) -> Vec<Reference> {
    let (Some(imports), Some(written), Some(modules)) =
        (IMPORTS.as_ref(), WRITTEN.as_ref(), MODULES.as_ref())
    else {
        return Vec::new();
    };
    let inner: Vec<(usize, usize)> =
        modules.find_iter(code).map(|found| (found.start(), closing(code, found.start()))).collect();
    let depth = |at: usize| inner.iter().filter(|(start, end)| (*start..*end).contains(&at)).count();
    let mut references = Vec::new();
    let mut statements = Vec::new();
    for found in imports.captures_iter(code) {
        let Some(tree) = found.get(2) else { continue };
        statements.push((tree.start(), tree.end()));
        for (parts, alias) in expanded(tree.as_str()) {
            let handed_on = found.get(1).is_some();
            references.push(Reference {
                parts,
                alias,
                offset: tree.start(),
                handed_on,
                depth: depth(tree.start()),
            });
        }
    }
    for found in written.find_iter(code) {
        let at = found.start();
        let before = code.get(..at).and_then(|text| text.bytes().last());
        let in_import = statements.iter().any(|(start, end)| (*start..*end).contains(&at));
        if !in_import && !matches!(before, Some(b'.' | b':')) {
            let parts = found.as_str().split("::").map(str::to_owned).collect();
            references.push(Reference { parts, alias: None, offset: at, handed_on: false, depth: depth(at) });
        }
    }
    references
}

/// The paths of a `use` tree, each with the name it gets.
fn expanded(tree: &str) -> Vec<(Vec<String>, Option<String>)> {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let prefix: Vec<String> = parts(tree.get(..open).unwrap_or_default());
        let inside =
            tree.get(open + 1..).and_then(|rest| rest.rsplit_once('}')).map_or("", |(inside, _)| inside);
        let branches = branches(inside).into_iter().flat_map(expanded);
        return branches.map(|(rest, alias)| joined(&prefix, rest, alias)).collect();
    }
    let (path, alias) =
        tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim().to_owned())));
    let parts = parts(path);
    let alias = alias.or_else(|| parts.last().cloned());
    if parts.is_empty() { Vec::new() } else { vec![(parts, alias)] }
}

/// `a::{self}` is `a` itself.
fn joined(prefix: &[String], rest: Vec<String>, alias: Option<String>) -> (Vec<String>, Option<String>) {
    if rest == ["self"] {
        let own = alias.filter(|alias| alias != "self").or_else(|| prefix.last().cloned());
        return (prefix.to_vec(), own);
    }
    (prefix.iter().cloned().chain(rest).collect(), alias)
}

fn parts(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Splits at the commas that stand in no inner braces.
fn branches(inside: &str) -> Vec<&str> {
    let mut branches = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, character) in inside.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                branches.extend(inside.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    branches.extend(inside.get(start..));
    branches.retain(|branch| !branch.trim().is_empty());
    branches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str) -> Vec<String> {
        references(code).iter().map(|reference| reference.parts.join("::")).collect()
    }

    #[test]
    fn an_import_tree_is_expanded() {
        let code = "use crate::{a, b::{self, C as D}, e::*};\npub use x::Y;\n";
        assert_eq!(paths(code), ["crate::a", "crate::b", "crate::b::C", "crate::e::*", "x::Y"]);
        let references = references(code);
        assert_eq!(references[2].alias.as_deref(), Some("D"));
        assert!(references[4].handed_on && !references[0].handed_on);
    }

    #[test]
    fn a_path_written_out_is_found_where_it_stands() {
        let found = references("fn f() {\n    crate::store::find(x.y::<Z>());\n}\n");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].parts.join("::").as_str(), found[0].offset), ("crate::store::find", 13));
    }

    #[test]
    fn a_module_within_the_file_counts_as_depth() {
        let found = references("mod codes {\n    use super::Code;\n}\nuse super::Kind;\n");
        assert_eq!(found.iter().map(|reference| reference.depth).collect::<Vec<_>>(), [1, 0]);
    }
}
