//! Arrows only go down: who may depend on whom.

use std::collections::BTreeMap;

use super::manifests::{Kind, Manifest};
use super::tree::{Tree, room_of};
use super::violation::Violation;

/// The order inside the ground and the kit: a crate may depend on those of a lower number.
/// Folders are by rank; a crate without one may not be there.
const RANKS: &[(&str, u8)] = &[
    ("base/kernel", 0),
    ("base/config", 1),
    ("base/i18n", 1),
    ("base/crypto", 1),
    ("base/observe", 1),
    ("base/db-macros", 1),
    ("base/db", 2),
    ("base/events", 3),
    ("base/mail", 3),
    ("kit/contracts", 4),
    ("kit/http", 4),
    ("kit/kit", 5),
    ("kit/testkit", 6),
];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let manifests = Manifest::all(tree);
    let folders: BTreeMap<&str, &str> =
        manifests.iter().map(|manifest| (manifest.name.as_str(), manifest.folder.as_str())).collect();
    let mut violations = Vec::new();
    for manifest in &manifests {
        let floor = floor(&manifest.folder);
        if matches!(floor, Some("base" | "kit")) && rank(&manifest.folder).is_none() {
            let what = format!("{} has no rank: give it one in xtask/src/tidy/floors.rs", manifest.folder);
            violations.push(Violation::new(&manifest.path, 1, what));
        }
        for dependency in &manifest.dependencies {
            let Some(to) = folders.get(dependency.name.as_str()) else { continue };
            if let Err(why) = allowed(&manifest.folder, to, dependency.kind) {
                let what = format!("{} may not depend on {}: {why}", manifest.folder, dependency.name);
                violations.push(Violation::new(&manifest.path, dependency.line, what));
            }
        }
    }
    violations
}

fn floor(folder: &str) -> Option<&str> {
    folder.split('/').next()
}

fn rank(folder: &str) -> Option<u8> {
    RANKS.iter().find(|(name, _)| *name == folder).map(|(_, rank)| *rank)
}

fn allowed(from: &str, to: &str, kind: Kind) -> Result<(), &'static str> {
    // The tests of a crate may ask it for a feature that they alone need.
    if from == to && kind == Kind::Tests {
        return Ok(());
    }
    match (floor(from), floor(to)) {
        (_, Some("app")) => Err("nobody imports the roof; move what is shared down"),
        (_, Some("xtask" | "bench")) => Err("tools are imported by nobody"),
        (Some("xtask" | "bench"), _) => {
            Err("tools stand outside the house and use the product through its command and its wire")
        }
        (Some("app"), _) => Ok(()),
        (Some("modules"), Some("modules")) if room_of(from) != room_of(to) => {
            Err("rooms do not touch; speak by letters or by a port of kit/contracts")
        }
        (Some("modules"), Some("modules")) => within_a_room(from, to, kind),
        (Some("modules"), _) if is_trial(from) && matches!(to, "kit/kit" | "kit/testkit") => Ok(()),
        (Some("modules"), _) if to == "kit/kit" || (to == "kit/testkit" && kind == Kind::Tests) => Ok(()),
        (Some("modules"), _) => Err("a room has one door, socle-kit (and socle-testkit for its tests)"),
        _ => match (rank(from), rank(to)) {
            (Some(from), Some(to)) if to < from => Ok(()),
            _ => Err("arrows only go down; see the ranks in xtask/src/tidy/floors.rs"),
        },
    }
}

/// A room may be several crates: its core (`forum-core`), its wings (`forum-…`), its card (`forum`), and its trial
/// (`forum-trial`), a server of the room alone for the tests of all of them.
fn within_a_room(from: &str, to: &str, kind: Kind) -> Result<(), &'static str> {
    if is_trial(from) || kind == Kind::Tests {
        return Ok(());
    }
    let is_card = |folder: &str| !folder.contains('-');
    if is_trial(to) {
        Err("the trial of a room is for its tests alone")
    } else if is_card(to) {
        Err("the card of a room sees its wings, not they it; move what is shared to its core")
    } else if from.ends_with("-core") {
        Err("the core of a room knows none of its wings")
    } else if to.ends_with("-core") || is_card(from) {
        Ok(())
    } else {
        Err("the wings of a room stand side by side; move what is shared to its core")
    }
}

fn is_trial(folder: &str) -> bool {
    folder.ends_with("-trial")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const KERNEL: (&str, &str) = ("base/kernel/Cargo.toml", "[package]\nname = \"socle-kernel\"\n");
    const KIT: (&str, &str) = (
        "kit/kit/Cargo.toml",
        "[package]\nname = \"socle-kit\"\n[dependencies]\nsocle-kernel.workspace = true\n",
    );
    const TESTKIT: (&str, &str) = (
        "kit/testkit/Cargo.toml",
        "[package]\nname = \"socle-testkit\"\n[dependencies]\nsocle-kit.workspace = true\n",
    );

    fn module(name: &str, dependencies: &str) -> (String, String) {
        (
            format!("modules/{name}/Cargo.toml"),
            format!("[package]\nname = \"socle-{name}\"\n[dependencies]\n{dependencies}\n"),
        )
    }

    #[test]
    fn a_room_takes_the_kit_and_for_its_tests_the_test_kit() {
        let (path, text) =
            module("forum", "socle-kit.workspace = true\n[dev-dependencies]\nsocle-testkit.workspace = true");
        silent(check, &[KERNEL, KIT, TESTKIT, (&path, &text)]);
    }

    #[test]
    fn a_room_may_not_touch_another() {
        let (forum, text) = module("forum", "socle-chat = { workspace = true }");
        let (chat, other) = module("chat", "");
        fires(
            check,
            &[(&forum, &text), (&chat, &other)],
            "modules/forum/Cargo.toml:4: modules/forum may not",
        );
    }

    #[test]
    fn a_room_of_several_crates_is_a_core_wings_beside_each_other_a_card_and_a_trial() {
        let core = module("forum-core", "socle-kit.workspace = true");
        let wing = module(
            "forum-posts",
            "socle-forum-core.workspace = true\n[dev-dependencies]\nsocle-forum-trial.workspace = true",
        );
        let card = module("forum", "socle-forum-core.workspace = true\nsocle-forum-posts.workspace = true");
        let trial = module("forum-trial", "socle-forum.workspace = true\nsocle-testkit.workspace = true");
        let with = |extra: (String, String)| {
            let all = [core.clone(), wing.clone(), card.clone(), trial.clone(), extra];
            let files: Vec<(&str, &str)> =
                all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            [KERNEL, KIT, TESTKIT]
                .into_iter()
                .chain(files)
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .collect::<Vec<_>>()
        };
        let check_with = |extra| {
            let files = with(extra);
            let files: Vec<(&str, &str)> =
                files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            super::super::testing::found(check, &files)
        };
        assert_eq!(
            check_with(module("forum-votes", "socle-forum-core.workspace = true")),
            Vec::<String>::new()
        );
        for (name, dependency, why) in [
            ("forum-votes", "socle-forum-posts", "side by side"),
            ("forum-votes", "socle-forum", "the card of a room"),
            ("forum-votes", "socle-forum-trial", "tests alone"),
            ("chat-core", "socle-forum-core", "rooms do not touch"),
        ] {
            let lines = check_with(module(name, &format!("{dependency}.workspace = true")));
            assert!(lines.len() == 1 && lines[0].contains(why), "{name} → {dependency}: {lines:?}");
        }
    }

    #[test]
    fn a_room_may_not_go_around_its_door() {
        let (path, text) = module("forum", "socle-kernel.workspace = true");
        fires(check, &[KERNEL, (&path, &text)], "modules/forum/Cargo.toml:4");
        let (path, text) = module("forum", "socle-testkit.workspace = true");
        fires(check, &[KERNEL, KIT, TESTKIT, (&path, &text)], "modules/forum/Cargo.toml:4");
    }

    #[test]
    fn an_arrow_up_and_a_crate_without_rank_are_found() {
        let up = (
            "base/kernel/Cargo.toml",
            "[package]\nname = \"socle-kernel\"\n[dependencies]\nsocle-kit.workspace = true\n",
        );
        let kit = ("kit/kit/Cargo.toml", "[package]\nname = \"socle-kit\"\n");
        fires(check, &[up, kit], "base/kernel/Cargo.toml:4: base/kernel may not depend on socle-kit: arrows");
        fires(
            check,
            &[("base/new/Cargo.toml", "[package]\nname = \"socle-new\"\n")],
            "base/new/Cargo.toml:1: base/new has no rank",
        );
    }

    #[test]
    fn nobody_imports_the_roof_and_the_roof_imports_everybody() {
        let roof = (
            "app/socle/Cargo.toml",
            "[package]\nname = \"socle\"\n[dependencies]\nsocle-kit.workspace = true\n",
        );
        silent(check, &[KERNEL, KIT, roof]);
        let tool = (
            "xtask/Cargo.toml",
            "[package]\nname = \"xtask\"\n[dependencies]\nsocle = { path = \"../app/socle\" }\n",
        );
        fires(
            check,
            &[KERNEL, KIT, roof, tool],
            "xtask/Cargo.toml:4: xtask may not depend on socle: nobody imports the roof",
        );
    }
}
