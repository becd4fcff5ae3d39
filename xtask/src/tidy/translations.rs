//! Every code, permission and noun has a sentence, in every language, with the same arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::source::Source;
use super::tree::{Tree, crate_of, room_of};
use super::violation::Violation;

const LANGUAGES: &[&str] = &["en", "fr"];
/// The folder of the operator's sentences.
const ROOF: &str = "app/socle/i18n";

static CODES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"\bCode::new\(\s*"(\w+)""#).ok());
/// The lines of the kernel's list of codes.
static LISTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*([A-Z][A-Z0-9_]*): [A-Z]\w+;").ok());
static PERMISSIONS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\bPermission\s*\{\s*name:\s*"(\w+)""#).ok());
static NOUNS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\b(?:or_)?not_found\(\s*"(\w+)"\s*\)"#).ok());
/// What an operator is told: the roof has a sentence and a hint for each.
static TROUBLES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\bTrouble::new\(\s*"([\w-]+)""#).ok());
static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^([a-zA-Z][\w-]*)\s*=").ok());
static ARGUMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{[^{}]*?\$(\w+)").ok());

/// A sentence: its line and the names of its arguments.
type Sentences = BTreeMap<String, (usize, BTreeSet<String>)>;

/// A key that the code asks for, and where.
struct Wanted<'a> {
    key: String,
    path: &'a str,
    line: usize,
}

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let files: BTreeMap<&str, Sentences> = tree
        .files()
        .filter(|(path, _)| path.ends_with(".ftl"))
        .map(|(path, text)| (path, sentences(text)))
        .collect();
    let wanted = wanted(tree);
    let mut violations = same_in_all_languages(&files);
    for want in &wanted {
        let missing: Vec<&str> =
            LANGUAGES.iter().copied().filter(|language| !has_sentence(&files, want, language)).collect();
        if !missing.is_empty() {
            let home = if is_trouble(&want.key) { ROOF.to_owned() } else { home(&files, want.path) };
            let languages = missing.join(" and ");
            let what = format!("`{}` has no sentence in {languages}: add it to {home}", want.key);
            violations.push(Violation::new(want.path, want.line, what));
        }
    }
    violations.extend(orphans(&files, &wanted));
    violations
}

fn has_sentence(files: &BTreeMap<&str, Sentences>, want: &Wanted<'_>, language: &str) -> bool {
    let mut places = files.iter().filter(|(path, _)| speaks(path, language) && answers(path, want));
    places.any(|(_, sentences)| sentences.contains_key(&want.key))
}

fn wanted(tree: &Tree) -> Vec<Wanted<'_>> {
    let mut wanted = Vec::new();
    for (path, source) in
        tree.product().filter(|(path, _)| crate_of(path).is_some_and(|name| name != "xtask"))
    {
        let mut want = |pattern: &LazyLock<Option<Regex>>, key: fn(&str) -> String| {
            wanted.extend(names(pattern, source).map(|(name, line)| Wanted { key: key(name), path, line }));
        };
        want(&CODES, error_key);
        want(&PERMISSIONS, |name| format!("permission-{name}"));
        want(&NOUNS, |name| format!("noun-{name}"));
        want(&TROUBLES, |name| format!("trouble-{name}"));
        want(&TROUBLES, |name| format!("trouble-{name}-hint"));
        if source.code.contains("codes! {") {
            want(&LISTED, error_key);
        }
    }
    wanted
}

fn error_key(name: &str) -> String {
    format!("error-{}", name.to_lowercase().replace('_', "-"))
}

fn names<'a>(
    pattern: &'a LazyLock<Option<Regex>>,
    source: &'a Source,
) -> impl Iterator<Item = (&'a str, usize)> {
    let found = pattern.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(&source.text));
    found.filter_map(|found| found.get(1)).map(|name| (name.as_str(), source.line(name.start())))
}

/// The messages of a Fluent file, read line by line: a message goes on as long as its lines are indented.
fn sentences(text: &str) -> Sentences {
    let mut sentences = Sentences::new();
    let (Some(key), Some(argument)) = (KEY.as_ref(), ARGUMENT.as_ref()) else { return sentences };
    let mut current = None;
    for (index, line) in text.lines().enumerate() {
        if let Some(found) = key.captures(line).and_then(|found| found.get(1)) {
            current = Some(found.as_str().to_owned());
            sentences.insert(found.as_str().to_owned(), (index + 1, BTreeSet::new()));
        } else if !line.starts_with([' ', '\t', '}']) && !line.is_empty() {
            current = None;
        }
        if let Some((_, arguments)) = current.as_ref().and_then(|name| sentences.get_mut(name)) {
            arguments.extend(
                argument.captures_iter(line).filter_map(|found| Some(found.get(1)?.as_str().to_owned())),
            );
        }
    }
    sentences
}

fn same_in_all_languages(files: &BTreeMap<&str, Sentences>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, own) in files {
        for language in LANGUAGES.iter().filter(|language| !speaks(path, language)) {
            let Some((folder, _)) = path.rsplit_once('/') else { continue };
            let other = format!("{folder}/{language}.ftl");
            let Some(sentences) = files.get(other.as_str()) else {
                violations.push(Violation::new(path, 1, format!("{other} is missing: write it")));
                continue;
            };
            for (key, (line, arguments)) in own {
                let what = match sentences.get(key) {
                    None => format!("`{key}` is missing in {other}: add it"),
                    Some((_, others)) if others != arguments => {
                        format!(
                            "`{key}` takes {arguments:?} here and {others:?} in {other}: make them the same"
                        )
                    }
                    Some(_) => continue,
                };
                violations.push(Violation::new(path, *line, what));
            }
        }
    }
    violations
}

/// Sentences of errors and permissions that no longer exist.
fn orphans(files: &BTreeMap<&str, Sentences>, wanted: &[Wanted<'_>]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, sentences) in files {
        for (key, (line, _)) in sentences {
            let checked = key.starts_with("error-") || key.starts_with("permission-") || is_trouble(key);
            if checked && !wanted.iter().any(|want| want.key == *key && answers(path, want)) {
                let what = format!("nothing in the code has the key `{key}`: remove the sentence");
                violations.push(Violation::new(path, *line, what));
            }
        }
    }
    violations
}

fn speaks(path: &str, language: &str) -> bool {
    path.rsplit('/').next().and_then(|name| name.strip_suffix(".ftl")) == Some(language)
}

/// Is this file one where the sentence may stand?
fn answers(sentences: &str, want: &Wanted<'_>) -> bool {
    if is_trouble(&want.key) { sentences.starts_with(ROOF) } else { serves(sentences, want.path) }
}

/// Only the roof speaks to operators, whoever is in trouble.
fn is_trouble(key: &str) -> bool {
    key.starts_with("trouble-")
}

/// May the code of `path` count on the sentences of that file? On its own crate's, on those of its room, and on those of
/// the floors below.
fn serves(sentences: &str, path: &str) -> bool {
    let below = sentences.starts_with("base/") || sentences.starts_with("kit/");
    let same_room = room_of(path).is_some_and(|room| room_of(sentences) == Some(room));
    below || same_room || crate_of(sentences) == crate_of(path)
}

/// The folder for the sentences of a file: the nearest above it, its resource's or its crate's.
fn home(files: &BTreeMap<&str, Sentences>, path: &str) -> String {
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/') {
        folder = above;
        let home = format!("{folder}/i18n");
        if files.keys().any(|file| file.strip_prefix(&home).is_some_and(|rest| rest.starts_with('/'))) {
            return home;
        }
    }
    let own = crate_of(path).filter(|folder| folder.starts_with("modules/") || folder.starts_with("app/"));
    format!("{}/i18n", own.unwrap_or("kit/http"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, found, silent};
    use super::*;

    const CODE: &str = "//! A.\nconst A: Code = Code::new(\"POST_LOCKED\", Kind::Locked);\n";
    const EN: &str = "modules/forum/i18n/en.ftl";
    const FR: &str = "modules/forum/i18n/fr.ftl";
    const LIB: &str = "modules/forum/src/lib.rs";

    #[test]
    fn what_has_its_sentences_is_fine() {
        let code = format!(
            "{CODE}const P: Permission = Permission {{\n    name: \"lock_posts\",\n}};\nfn f() {{ x.or_not_found(\"post\") }}\n"
        );
        let text = "# Forum\nerror-post-locked = Locked by { $who }.\npermission-lock_posts = Lock\nnoun-post = post\n";
        silent(check, &[(LIB, &code), (EN, text), (FR, text)]);
    }

    #[test]
    fn a_missing_sentence_is_found_with_its_languages() {
        let text = "error-post-locked = Locked.\n";
        fires(
            check,
            &[(LIB, CODE)],
            "modules/forum/src/lib.rs:2: `error-post-locked` has no sentence in en and fr",
        );
        silent(check, &[(LIB, CODE), (EN, text), (FR, text)]);
    }

    #[test]
    fn a_resource_has_its_sentences_in_its_own_folder() {
        let code = ("modules/forum/src/posts/mod.rs", CODE);
        let own = ["modules/forum/src/posts/i18n/en.ftl", "modules/forum/src/posts/i18n/fr.ftl"];
        let text = "error-post-locked = Locked.\n";
        silent(check, &[code, (own[0], text), (own[1], text)]);
        let lines = found(check, &[code, (own[0], ""), (own[1], ""), (EN, ""), (FR, "")]);
        assert!(
            lines.len() == 1 && lines[0].ends_with("add it to modules/forum/src/posts/i18n"),
            "{lines:?}"
        );
    }

    #[test]
    fn keys_and_arguments_are_the_same_in_both_languages() {
        let files = |fr| [(LIB, CODE), (EN, "error-post-locked = By { $who }.\n"), (FR, fr)];
        fires(
            check,
            &files("error-post-locked = Par { $who }.\nnoun-x = x\n"),
            "modules/forum/i18n/fr.ftl:2: `noun-x` is missing in modules/forum/i18n/en.ftl",
        );
        let lines = found(check, &files("error-post-locked = { $quand ->\n   *[other] Non\n}\n"));
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("{\"who\"} here and {\"quand\"}"), "{lines:?}");
    }

    #[test]
    fn the_kernels_list_counts_and_its_macro_does_not() {
        let kernel = "//! A.\nmacro_rules! codes { ($name:ident: $kind:ident;) => {} }\ncodes! {\n    /// Gone.\n    NOT_FOUND: NotFound;\n}\n";
        let text = "error-not-found = Not there.\n";
        silent(
            check,
            &[
                ("base/kernel/src/error.rs", kernel),
                ("kit/http/i18n/en.ftl", text),
                ("kit/http/i18n/fr.ftl", text),
            ],
        );
        fires(
            check,
            &[("base/kernel/src/error.rs", kernel)],
            "base/kernel/src/error.rs:5: `error-not-found`",
        );
    }

    #[test]
    fn a_trouble_has_a_sentence_and_a_hint_at_the_roof() {
        let code = (
            "base/db/src/open.rs",
            "//! A.\nfn f() -> Trouble {\n    Trouble::new(\"no-file\", \"gone\")\n}\n",
        );
        let at_the_roof = |text| [code, ("app/socle/i18n/en.ftl", text), ("app/socle/i18n/fr.ftl", text)];
        silent(check, &at_the_roof("trouble-no-file = Gone.\ntrouble-no-file-hint = Look.\n"));
        let lines = found(check, &at_the_roof("trouble-no-file = Gone.\ntrouble-lost = Lost.\n"));
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(
            lines[0]
                .contains("`trouble-no-file-hint` has no sentence in en and fr: add it to app/socle/i18n")
        );
    }

    #[test]
    fn a_sentence_of_something_gone_is_found() {
        let text = "error-post-gone = Gone.\n";
        let lines = found(check, &[(EN, text), (FR, text)]);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("nothing in the code has the key"));
    }
}
