//! What the scaffolding writes, in a copy of the repository. `--prove` builds it as well.

use std::collections::BTreeMap;
use std::path::Path;

use super::names::Names;
use super::prove;
use super::writing::{module, resource};
use crate::{tidy, workspace};

fn copy() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    prove::copy_to(&workspace::root(), copy.path()).unwrap();
    copy
}

fn files(root: &Path) -> BTreeMap<String, String> {
    let paths = tidy::paths(root).into_iter().map(|path| path.display().to_string());
    let text = |path: &str| std::fs::read_to_string(root.join(path)).unwrap_or_default();
    paths.map(|path| (path.clone(), text(&path))).collect()
}

/// The lines that only one of two texts has, in front of each its side.
fn differences(before: &str, after: &str) -> Vec<String> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let removed = before.iter().filter(|line| !after.contains(line)).map(|line| format!("-{line}"));
    removed.chain(after.iter().filter(|line| !before.contains(line)).map(|line| format!("+{line}"))).collect()
}

#[test]
fn a_new_resource_is_a_folder_a_migration_and_one_changed_line() {
    let copy = copy();
    let before = files(copy.path());
    resource(copy.path(), &Names::new("intranet", "employee_categories", None).unwrap()).unwrap();
    let mut changed = Vec::new();
    let mut added = Vec::new();
    for (path, text) in files(copy.path()) {
        match before.get(&path) {
            Some(known) if *known == text => {}
            Some(known) => changed.push((path, differences(known, &text))),
            None => added.push(path),
        }
    }
    let outside: Vec<&String> =
        added.iter().filter(|path| !path.starts_with("modules/intranet/src/employee_categories/")).collect();
    assert_eq!(outside.len(), 1, "{outside:?}");
    assert!(outside[0].starts_with("modules/intranet/migrations/"));
    assert!(outside[0].ends_with("_employee_categories.sql"));
    assert_eq!(added.len(), 14, "{added:#?}");

    assert_eq!(changed.len(), 1, "{changed:#?}");
    let (path, lines) = &changed[0];
    assert_eq!(path, "modules/intranet/src/lib.rs");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("-socle_kit::parts!("));
    assert!(lines[1].ends_with("employee_categories);"));
}

#[test]
fn a_new_module_and_its_first_resource_keep_the_rules_of_the_house() {
    let copy = copy();
    let before = tidy::violations(copy.path()).unwrap();
    module(copy.path(), &Names::new("library", "things", None).unwrap()).unwrap();
    resource(copy.path(), &Names::new("library", "books", None).unwrap()).unwrap();
    resource(copy.path(), &Names::new("library", "people", Some("person")).unwrap()).unwrap();
    let mut found = tidy::violations(copy.path()).unwrap();
    found.retain(|violation| !before.contains(violation));
    assert_eq!(found, Vec::<String>::new());

    let file = |path: &str| std::fs::read_to_string(copy.path().join(path)).unwrap();
    assert!(file("modules/library/src/lib.rs").contains("socle_kit::parts!(books, people);"));
    assert!(file("modules/library/migrations/0002_people.sql").contains("CREATE TABLE library_person ("));
    let roof: toml::Table = file("app/socle/Cargo.toml").parse().unwrap();
    assert!(roof["dependencies"].as_table().unwrap().contains_key("socle-library"));
    assert!(file("Cargo.toml").contains("\nsocle-library = { path = \"modules/library\" }\n"));
    assert!(file("app/socle/src/modules.rs").contains("socle_library::MODULE"));
}

#[test]
fn what_is_there_is_never_written_over() {
    let copy = copy();
    let names = Names::new("intranet", "announcements", None).unwrap();
    let before = files(copy.path());
    assert!(resource(copy.path(), &names).is_err());
    assert!(module(copy.path(), &names).is_err());
    assert_eq!(files(copy.path()), before);
}
