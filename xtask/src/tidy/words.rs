//! Words that mark unfinished or silenced code.

use regex::Regex;

use super::source::line;
use super::tree::Tree;
use super::violation::Violation;

/// The words and what to do about them. They are put together here, so that this file does not hold them.
fn words() -> Vec<(String, &'static str)> {
    let silenced = r"#!?\[".to_owned();
    vec![
        ([r"\bto", r"do!"].concat(), "write it"),
        ([r"\bunimple", r"mented!"].concat(), "write it"),
        ([r"\bdbg", "!"].concat(), "use a log line, or remove it"),
        (format!("{silenced}{}", ["all", r"ow\("].concat()), "mend it, or `expect` the lint with a reason"),
        (format!("{silenced}{}", ["ign", r"ore\b"].concat()), "mend the test, or delete it"),
        ([r"(?i:\bfor", r" now\b)"].concat(), "do it, or say plainly what the limit is"),
        ([r"\bFIX", r"ME\b"].concat(), "mend it"),
        ([r"\bX", r"XX\b"].concat(), "mend it, or say what is wrong"),
        ([r"\bHA", r"CK\b"].concat(), "mend it, or say why it must be so"),
        ([r"\bassert!\(\s*", r"true\s*[,)]"].concat(), "a test that cannot fail proves nothing"),
    ]
}

const CHECKED: &[&str] = &[".rs", ".sql", ".toml", ".ftl", ".ts", ".js", ".sh", ".tmpl", ".yaml", ".yml"];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let words = words();
    let patterns: Vec<&str> = words.iter().map(|(pattern, _)| pattern.as_str()).collect();
    // One pass over each file with all words at once; which word it was is asked only when one is there.
    let Ok(any) = Regex::new(&patterns.join("|")) else { return Vec::new() };
    let mut violations = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| is_checked(path)) {
        for hit in any.find_iter(text) {
            let advice = words
                .iter()
                .find(|(pattern, _)| Regex::new(pattern).is_ok_and(|word| word.is_match(hit.as_str())));
            let advice = advice.map_or("", |(_, advice)| advice);
            let what = format!("`{}`: {advice}", hit.as_str().trim());
            violations.push(Violation::new(path, line(text, hit.start()), what));
        }
    }
    violations
}

fn is_checked(path: &str) -> bool {
    path.starts_with(".ci/") || CHECKED.iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    #[test]
    fn each_word_is_found() {
        for (before, after) in [
            ("    to", "do!()"),
            ("unimple", "mented!()"),
            ("dbg", "!(x)"),
            ("#[all", "ow(dead_code)]"),
            ("#![all", "ow(dead_code)]"),
            ("#[ign", "ore]"),
            ("// good enough for", " now"),
            ("// FIX", "ME: x"),
            ("// X", "XX"),
            ("// HA", "CK"),
            ("assert!(", "true);"),
        ] {
            fires(
                check,
                &[("base/db/src/lib.rs", &format!("//! A.\n{before}{after}\n"))],
                "base/db/src/lib.rs:2",
            );
        }
    }

    #[test]
    fn finished_code_is_fine() {
        silent(
            check,
            &[("base/db/src/lib.rs", "//! A.\n#[expect(dead_code, reason = \"b\")]\nassert!(trueish);\n")],
        );
        silent(check, &[("docs/a.md", &["FIX", "ME"].concat())]);
    }
}
