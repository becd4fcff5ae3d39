//! No circle between the files of a crate: what two files both need stands below them.
//!
//! A parent that only hands on what its children offer (`mod`, `pub use`) is their door and depends on none
//! of them. Tests may look wherever they like.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::paths::{Reference, references};
use super::source::Source;
use super::tree::{Tree, crate_of};
use super::violation::Violation;

/// The modules of one crate that have a file: `announcements::store` → the file.
struct Crate<'a> {
    files: BTreeMap<Vec<String>, File<'a>>,
}

struct File<'a> {
    path: &'a str,
    source: &'a Source,
    references: Vec<Reference>,
}

/// From file to file, and the line of the first path that leads there.
type Arrows = BTreeMap<Vec<String>, BTreeMap<Vec<String>, usize>>;

/// How many imports a name is followed through.
const MOST_HOPS: usize = 8;

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut crates: BTreeMap<&str, Crate<'_>> = BTreeMap::new();
    for (path, source) in tree.product() {
        let Some(folder) = crate_of(path) else { continue };
        let Some(module) = module_of(tree, folder, path) else { continue };
        let file = File { path, source, references: references(&source.code) };
        crates.entry(folder).or_insert_with(|| Crate { files: BTreeMap::new() }).files.insert(module, file);
    }
    crates.values().flat_map(circles).collect()
}

/// The module a file is; none for one that is no part of the library (or of the binary, where that is all).
fn module_of(tree: &Tree, folder: &str, path: &str) -> Option<Vec<String>> {
    let inside = path.strip_prefix(folder)?.strip_prefix("/src/")?.strip_suffix(".rs")?;
    if inside == "main" && tree.file(&format!("{folder}/src/lib.rs")).is_some() {
        return None;
    }
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    Some(module)
}

impl Crate<'_> {
    fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (from, file) in &self.files {
            for reference in &file.references {
                let Some(to) = self.target(from, reference, 0) else { continue };
                if to != *from && !(reference.handed_on && to.starts_with(from)) {
                    let line = file.source.line(reference.offset);
                    arrows.entry(from.clone()).or_default().entry(to).or_insert(line);
                }
            }
        }
        arrows
    }

    /// The file that a path leads to.
    fn target(&self, from: &[String], reference: &Reference, hops: usize) -> Option<Vec<String>> {
        let mut parts = reference.parts.as_slice();
        let mut base = from.to_vec();
        let mut climbed = 0;
        let (first, rest) = parts.split_first()?;
        match first.as_str() {
            "crate" => {
                base.clear();
                parts = rest;
            }
            "self" => parts = rest,
            "super" => {
                while let Some(("super", rest)) =
                    parts.split_first().map(|(part, rest)| (part.as_str(), rest))
                {
                    climbed += 1;
                    parts = rest;
                }
                let length = base.len().checked_sub(climbed - reference.depth.min(climbed))?;
                base.truncate(length);
            }
            // Without a prefix it is a child's name, or something from outside.
            child => {
                let mut module = base.clone();
                module.push(child.to_owned());
                self.files.get(&module)?;
            }
        }
        Some(self.resolve(base, parts, hops))
    }

    /// Follows the parts from a module downwards, through what modules hand on. `hops` counts the imports
    /// followed: two modules may each hand on all of the other.
    fn resolve(&self, mut module: Vec<String>, parts: &[String], hops: usize) -> Vec<String> {
        let Some((first, rest)) = parts.split_first() else { return module };
        module.push(first.clone());
        if self.files.contains_key(&module) {
            return self.resolve(module, rest, hops);
        }
        module.pop();
        let Some(file) = self.files.get(&module).filter(|_| hops < MOST_HOPS) else { return module };
        if let Some(import) = file.references.iter().find(|import| import.alias.as_deref() == Some(first)) {
            return self.target(&module, import, hops + 1).unwrap_or(module);
        }
        let globs = file.references.iter().filter(|import| import.alias.as_deref() == Some("*"));
        let mut reached = globs.filter_map(|import| {
            let parts = import.parts.split_last().map(|(_, parts)| parts.to_vec())?;
            let named = Reference { parts, alias: None, offset: 0, handed_on: false, depth: import.depth };
            self.target(&module, &named, hops + 1)
        });
        reached.find(|to| self.defines(to, first)).unwrap_or(module)
    }

    fn defines(&self, module: &[String], name: &str) -> bool {
        const WORDS: &[&str] =
            &["struct", "enum", "fn", "trait", "type", "const", "static", "mod", "macro_rules!"];
        let Some(file) = self.files.get(module) else { return false };
        WORDS.iter().any(|word| {
            let head = format!("{word} {name}");
            let mut places = file.source.code.match_indices(&head);
            places.any(|(at, _)| {
                !file.source.code.as_bytes().get(at + head.len()).is_some_and(u8::is_ascii_alphanumeric)
            })
        })
    }
}

/// One violation for each knot of files, shown by a shortest way around.
fn circles(members: &Crate<'_>) -> Vec<Violation> {
    let arrows = members.arrows();
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut violations = Vec::new();
    for start in arrows.keys() {
        if seen.contains(start) {
            continue;
        }
        let Some(way) = way_around(&arrows, start) else { continue };
        seen.extend(way.iter().cloned());
        violations.extend(told(members, &arrows, &way));
    }
    violations
}

/// The shortest way from a file back to itself.
fn way_around(arrows: &Arrows, start: &Vec<String>) -> Option<Vec<Vec<String>>> {
    let mut from: BTreeMap<&Vec<String>, &Vec<String>> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for next in arrows.get(module).into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                let mut way = vec![module.clone()];
                let mut at = module;
                while let Some(before) = from.get(at) {
                    way.push((*before).clone());
                    at = before;
                }
                way.reverse();
                return Some(way);
            }
            if !from.contains_key(next) {
                from.insert(next, module);
                queue.push_back(next);
            }
        }
    }
    None
}

fn told(members: &Crate<'_>, arrows: &Arrows, way: &[Vec<String>]) -> Option<Violation> {
    let file = |module: &Vec<String>| members.files.get(module).map_or("?", |file| file.path);
    let short = |module: &Vec<String>| file(module).split_once("/src/").map_or("?", |(_, short)| short);
    let steps = way.iter().zip(way.iter().cycle().skip(1));
    let steps: Vec<(usize, String)> = steps
        .map(|(from, to)| {
            let line = arrows.get(from).and_then(|targets| targets.get(to)).copied().unwrap_or(1);
            (line, format!("{}:{line} → {}", short(from), short(to)))
        })
        .collect();
    let (line, _) = steps.first()?;
    let shown: Vec<&str> = steps.iter().map(|(_, step)| step.as_str()).collect();
    let what = format!("a circle of files ({}): move what they share below them", shown.join(", "));
    Some(Violation::new(file(way.first()?), *line, what))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    #[test]
    fn two_files_that_need_each_other_are_a_circle() {
        fires(
            check,
            &[
                ("base/db/src/lib.rs", "mod a;\nmod b;\npub use a::A;\n"),
                ("base/db/src/a.rs", "use crate::b::B;\npub struct A;\n"),
                ("base/db/src/b.rs", "pub struct B;\nfn f() -> crate::A {}\n"),
            ],
            "base/db/src/a.rs:1: a circle of files (a.rs:1 → b.rs, b.rs:2 → a.rs)",
        );
    }

    #[test]
    fn a_door_that_only_hands_on_depends_on_nobody() {
        silent(
            check,
            &[
                ("base/db/src/lib.rs", "mod a;\nmod b;\npub use a::*;\npub use b::B;\n"),
                ("base/db/src/a.rs", "pub struct A;\npub struct Other;\n"),
                ("base/db/src/b.rs", "use crate::{A, Other};\npub struct B;\n"),
            ],
        );
    }

    #[test]
    fn a_parent_that_uses_its_child_and_is_used_by_it_is_a_circle() {
        let child = ("base/db/src/pool/one.rs", "use super::Pool;\npub struct One;\n");
        fires(
            check,
            &[("base/db/src/pool/mod.rs", "mod one;\nuse one::One;\npub struct Pool(One);\n"), child],
            "base/db/src/pool/mod.rs:2: a circle",
        );
        silent(
            check,
            &[("base/db/src/pool/mod.rs", "mod one;\npub use one::One;\npub struct Pool;\n"), child],
        );
    }

    #[test]
    fn tests_may_look_wherever_they_like() {
        silent(
            check,
            &[
                ("base/db/src/a.rs", "use crate::b::B;\n"),
                ("base/db/src/b.rs", "pub struct B;\n#[cfg(test)]\nmod tests { use crate::a::A; }\n"),
                ("base/db/src/tests.rs", "use crate::a::A;\nuse crate::b::B;\n"),
            ],
        );
    }

    #[test]
    fn a_longer_circle_is_told_once() {
        fires(
            check,
            &[
                ("base/db/src/a.rs", "use crate::b::B;\n"),
                ("base/db/src/b.rs", "use crate::c::C;\n"),
                ("base/db/src/c.rs", "use super::a::A;\n"),
            ],
            "base/db/src/a.rs:1: a circle of files (a.rs:1 → b.rs, b.rs:1 → c.rs, c.rs:1 → a.rs)",
        );
    }
}
