//! Files, functions and crates of a size that one can hold in the head.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::source::{Source, closing};
use super::tree::{Tree, crate_of};
use super::violation::Violation;

const FILE: usize = 500;
const FUNCTION: usize = 100;
const CRATE: usize = 8_000;

static FUNCTIONS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bfn\s+(\w+)").ok());

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut crates: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, source) in tree.rust() {
        let lines = source.raw.lines().count();
        if let Some(name) = crate_of(path) {
            *crates.entry(name).or_default() += lines;
        }
        if lines > FILE {
            let what = format!("{lines} lines, {FILE} at most: find the seam and split by meaning");
            violations.push(Violation::new(path, FILE + 1, what));
        }
        violations.extend(long_functions(path, source));
    }
    for (name, lines) in crates.into_iter().filter(|(_, lines)| *lines > CRATE) {
        let what = format!("{lines} lines in the crate, {CRATE} at most: split it by meaning");
        violations.push(Violation::new(&format!("{name}/Cargo.toml"), 1, what));
    }
    violations
}

fn long_functions(path: &str, source: &Source) -> Vec<Violation> {
    let Some(functions) = FUNCTIONS.as_ref() else { return Vec::new() };
    let mut violations = Vec::new();
    for found in functions.captures_iter(&source.code) {
        let Some(whole) = found.get(0) else { continue };
        let Some(body) = body(&source.code, whole.start()) else { continue };
        let end = closing(&source.code, body);
        let (first, last) = (source.line(whole.start()), source.line(end));
        if last - first + 1 > FUNCTION {
            let name = found.get(1).map_or("", |name| name.as_str());
            let what =
                format!("`{name}` has {} lines, {FUNCTION} at most: give its parts names", last - first + 1);
            violations.push(Violation::new(path, first, what));
        }
    }
    violations
}

/// Where the body of the function declared at `from` opens; a declaration without one ends at a semicolon,
/// and a semicolon in brackets is an array type's.
fn body(code: &str, from: usize) -> Option<usize> {
    let mut brackets = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'[' => brackets += 1,
            b']' => brackets = brackets.saturating_sub(1),
            b';' if brackets == 0 => return None,
            b'{' => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    fn lines(count: usize) -> String {
        "    x();\n".repeat(count)
    }

    #[test]
    fn a_long_file_is_found() {
        fires(check, &[("base/db/src/lib.rs", &lines(501))], "base/db/src/lib.rs:501: 501 lines");
        silent(check, &[("base/db/src/lib.rs", &lines(500))]);
    }

    #[test]
    fn a_long_function_is_found() {
        let long = format!("fn a(x: [u8; 3]);\nfn b() {{\n{}}}\nfn c() {{}}\n", lines(99));
        fires(check, &[("base/db/src/lib.rs", &long)], "base/db/src/lib.rs:2: `b` has 101 lines");
        let short = format!("fn b() {{\n{}}}\n", lines(98));
        silent(check, &[("base/db/src/lib.rs", &short)]);
    }

    #[test]
    fn a_large_crate_is_found() {
        let files: Vec<(String, String)> =
            (0..17).map(|n| (format!("base/db/src/{n}.rs"), lines(480))).collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        fires(check, &files, "base/db/Cargo.toml:1: 8160 lines");
        silent(check, &files[..16]);
    }
}
