//! `cargo xtask requirements`: which requirements the tests name, and where.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::Result;
use regex::Regex;
use walkdir::WalkDir;

use crate::workspace;

/// A requirement: its part and its number, `R4-100`.
type Requirement = (u32, u32);

/// `R4-100`, `r4_100` in a name, and ranges: `R4-100…105`, `R4-100..R4-105`.
static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b[Rr]([0-4])[-_](\d{1,3})(?:(?:…|\.\.\.?|–)(?:[Rr][0-4][-_])?(\d{1,3}))?").ok()
});
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bfn\s+(\w+)").ok());

/// Prints them.
pub(crate) fn run() -> Result<()> {
    let mut proofs: BTreeMap<Requirement, Vec<String>> = BTreeMap::new();
    for folder in ["base", "kit", "modules", "app", "bench"] {
        for entry in WalkDir::new(workspace::root().join(folder)).sort_by_file_name().into_iter().flatten() {
            if entry.path().extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let path = entry.path().strip_prefix(workspace::root())?.display().to_string();
            for (requirement, line, test) in named(&std::fs::read_to_string(entry.path())?) {
                proofs.entry(requirement).or_default().push(format!("{path}:{line} {test}"));
            }
        }
    }
    for ((part, number), tests) in &proofs {
        println!("R{part}-{number:02}");
        tests.iter().for_each(|test| println!("    {test}"));
    }
    println!("{} requirements are named by tests", proofs.len());
    Ok(())
}

/// The requirements that the tests of a file name, each with the line and the name of the test. What stands
/// above a test (its comments and attributes) belongs to it, as do its name and its body.
fn named(text: &str) -> Vec<(Requirement, usize, String)> {
    let (Some(written), Some(name)) = (WRITTEN.as_ref(), NAMED.as_ref()) else { return Vec::new() };
    let mut found = Vec::new();
    // What stands above a function, until it is known whether that is a test.
    let mut above: Vec<Requirement> = Vec::new();
    let mut is_test = false;
    // The test whose body we are in, and the line that ends it.
    let mut inside: Option<(usize, String, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let here = line.replace('_', "-");
        let ids = written.captures_iter(&here).flat_map(|ids| expanded(&ids));
        let trimmed = line.trim_start();
        if let Some((at, test, end)) = &inside {
            found.extend(ids.map(|id| (id, *at, test.clone())));
            inside = (line != end).then(|| (*at, test.clone(), end.clone()));
        } else if trimmed.starts_with("//") || trimmed.starts_with("#[") {
            above.extend(ids);
            is_test |= ends_in_test(trimmed);
        } else {
            let function = name.captures(line).and_then(|found| found.get(1)).filter(|_| is_test);
            if let Some(function) = function {
                let (at, test) = (index + 1, function.as_str().to_owned());
                found.extend(above.iter().copied().chain(ids).map(|id| (id, at, test.clone())));
                let indent = line.len() - trimmed.len();
                inside = Some((at, test, format!("{}}}", " ".repeat(indent))));
            }
            above.clear();
            is_test = false;
        }
    }
    found.sort();
    found.dedup();
    found
}

/// `#[test]`, `#[tokio::test]`, `#[socle_testkit::test(…)]`.
fn ends_in_test(line: &str) -> bool {
    line.strip_prefix("#[").is_some_and(|rest| {
        let path = rest.split(['(', ']']).next().unwrap_or_default();
        path.rsplit("::").next() == Some("test")
    })
}

fn expanded(ids: &regex::Captures<'_>) -> Vec<Requirement> {
    let number = |group: usize| ids.get(group).and_then(|text| text.as_str().parse::<u32>().ok());
    let (Some(part), Some(first)) = (number(1), number(2)) else { return Vec::new() };
    let last = number(3).filter(|last| *last > first && last - first < 100).unwrap_or(first);
    (first..=last).map(|number| (part, number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_names_comments_and_bodies_of_tests_count() {
        let text = "/// R4-100 and R4-102…104.\n#[tokio::test]\nasync fn r4_105_is_broadcast() {\n    check(\"R2-66\");\n}\n";
        let ids: Vec<Requirement> = named(text).into_iter().map(|(id, _, _)| id).collect();
        assert_eq!(ids, [(2, 66), (4, 100), (4, 102), (4, 103), (4, 104), (4, 105)]);
    }

    #[test]
    fn ids_outside_tests_prove_nothing() {
        assert!(named("/// R4-100: lists.\npub fn list() {\n    // R4-101\n}\n").is_empty());
        assert!(named("//! R4-100.\n\n#[test]\nfn a() {\n}\n// R4-101\nfn b() {}\n").is_empty());
    }
}
