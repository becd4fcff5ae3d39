//! The project speaks of itself alone: no path of somebody's machine, no private registry.

use std::sync::LazyLock;

use regex::Regex;

use super::source::line;
use super::tree::Tree;
use super::violation::Violation;

/// Put together here, so that this file does not hold what it looks for.
static FORBIDDEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = [
        ["\\.\\./sha", "red\\b"].concat(),
        ["(?:^|[^\\w.])/wo", "rk/"].concat(),
        ["/tmp/br", "ief"].concat(),
        ["\\bissues sh", "ow\\b"].concat(),
        ["before", "-stop\\b"].concat(),
        ["/ro", "ot/"].concat(),
        ["/ho", "me/\\w+/"].concat(),
    ];
    Regex::new(&format!("(?m){}", words.join("|"))).ok()
});

/// Where a lock file says a package is from, and the public registries that may be named there.
static SOURCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?m)^source = "([^"]+)"|"resolved": "([^"]+)""#).ok());
const REGISTRIES: &[&str] =
    &["registry+https://github.com/rust-lang/crates.io-index", "https://registry.npmjs.org/"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let (Some(forbidden), Some(source)) = (FORBIDDEN.as_ref(), SOURCE.as_ref()) else { return Vec::new() };
    let mut violations = Vec::new();
    for (path, text) in tree.files() {
        if path.ends_with("Cargo.lock") || path.ends_with("package-lock.json") {
            let sources = source.captures_iter(text).filter_map(|found| found.get(1).or(found.get(2)));
            for found in
                sources.filter(|found| !REGISTRIES.iter().any(|public| found.as_str().starts_with(public)))
            {
                let what = "a package from elsewhere than the public registry: lock it anew from there";
                violations.push(Violation::new(path, line(text, found.start()), what));
            }
            continue;
        }
        for found in forbidden.find_iter(text) {
            let what =
                format!("`{}` means nothing outside one machine: say it otherwise", found.as_str().trim());
            violations.push(Violation::new(path, line(text, found.start()), what));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found() {
        let text = ["See ../sha", "red/NOTES.md.\n"].concat();
        fires(check, &[("docs/a.md", &text)], "docs/a.md:1");
        fires(check, &[("docs/a.md", &["\nin /wo", "rk/main\n"].concat())], "docs/a.md:");
    }

    #[test]
    fn ordinary_paths_are_fine() {
        silent(check, &[("docs/a.md", "See ../socle/README.md, src/work/flow.rs and /var/lib/socle.\n")]);
    }

    #[test]
    fn only_public_registries_stand_in_lock_files() {
        let lock = |host: &str| format!("[[package]]\nsource = \"registry+https://{host}\"\n");
        silent(check, &[("Cargo.lock", &lock("github.com/rust-lang/crates.io-index"))]);
        fires(
            check,
            &[("Cargo.lock", &lock("mirror.example/index"))],
            "Cargo.lock:2: a package from elsewhere",
        );
    }
}
