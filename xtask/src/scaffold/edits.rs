//! The lines that a new thing adds to files that are there: each edit changes one line, or adds one.

use anyhow::{Context, Result, ensure};
use toml::{Table, Value};

/// The module's `lib.rs` with one more resource in its `parts!` line.
pub(super) fn with_part(text: &str, things: &str) -> Result<String> {
    const LINE: &str = "parts!(";
    let open = text.find(LINE).context("it has no `socle_kit::parts!(…);` line")? + LINE.len();
    let rest = text.get(open..).unwrap_or_default();
    let names = rest.split_once(')').map(|(names, _)| names).context("its `parts!` line does not end")?;
    ensure!(names.split(',').all(|name| name.trim() != things), "it names {things} already");
    let kept = names.trim_end().trim_end_matches(',');
    let gap: String = match kept.rfind(char::is_whitespace) {
        None if kept.is_empty() => String::new(),
        None => ", ".to_owned(),
        // One name per line stays so.
        Some(at) if kept.get(..at).is_some_and(|before| before.contains('\n') || before.is_empty()) => {
            let indent: String =
                kept.chars().rev().skip_while(|c| !c.is_whitespace()).take_while(|c| *c != '\n').collect();
            format!(",\n{indent}")
        }
        Some(_) => ", ".to_owned(),
    };
    let at = open + kept.len();
    let (before, after) = text.split_at_checked(at).context("its `parts!` line is odd")?;
    Ok(format!("{before}{gap}{things}{after}"))
}

/// A manifest with one more line in a section, after the last of ours that contains `like`.
pub(super) fn with_dependency(text: &str, section: &str, like: &str, line: &str) -> Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    ensure!(!lines.contains(&line), "the line {line:?} is there already");
    let start = lines.iter().position(|known| *known == section);
    let start = start.with_context(|| format!("it has no section {section}"))? + 1;
    let inside = lines.iter().enumerate().skip(start).take_while(|(_, known)| !known.starts_with('['));
    let ours = inside.filter(|(_, known)| known.starts_with("socle-") && known.contains(like));
    let (last, _) = ours.last().context("it has no line of another module, after which to put it")?;
    lines.insert(last + 1, line);
    Ok(lines.join("\n") + "\n")
}

/// The roof's list of modules with one more at its end.
pub(super) fn with_module(text: &str, module: &str) -> Result<String> {
    let list = text.find("MODULES: &[Module]").context("it has no list of modules")?;
    let from = list + text.get(list..).and_then(|rest| rest.find('=')).context("its list is odd")?;
    let end = from + text.get(from..).and_then(|rest| rest.find(']')).context("its list does not end")?;
    let (before, after) = text.split_at_checked(end).context("its list is odd")?;
    let before = before.trim_end().trim_end_matches(',');
    let gap = if before.ends_with('[') { "" } else { ", " };
    Ok(format!("{before}{gap}socle_{module}::MODULE{after}"))
}

/// Refuses a manifest without what the templates of a resource use.
pub(super) fn check_dependencies(manifest: &str) -> Result<()> {
    let table: Table = manifest.parse()?;
    let has = |section: &str, name: &str| {
        table.get(section).and_then(Value::as_table).is_some_and(|taken| taken.contains_key(name))
    };
    let mut missing: Vec<String> = Vec::new();
    for name in ["socle-kit", "serde", "schemars"] {
        if !has("dependencies", name) {
            missing.push(format!("{name} to [dependencies]"));
        }
    }
    for name in ["socle-testkit", "serde_json", "tokio"] {
        if !has("dependencies", name) && !has("dev-dependencies", name) {
            missing.push(format!("{name} to [dev-dependencies]"));
        }
    }
    ensure!(missing.is_empty(), "the module's manifest is not ready: add {}", missing.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_added_to_the_line_as_it_is_written() {
        for (before, after) in [
            ("socle_kit::parts!(a);\n", "socle_kit::parts!(a, things);\n"),
            ("socle_kit::parts!();\n", "socle_kit::parts!(things);\n"),
            ("parts!(a, b);\n", "parts!(a, b, things);\n"),
            ("parts!(\n    a,\n    b,\n);\n", "parts!(\n    a,\n    b,\n    things,\n);\n"),
            ("parts!(\n    a\n);\n", "parts!(\n    a,\n    things\n);\n"),
        ] {
            assert_eq!(with_part(before, "things").unwrap(), after);
        }
        assert!(with_part("mod a;\n", "things").is_err());
        assert!(with_part("parts!(a, things);\n", "things").is_err());
    }

    #[test]
    fn a_dependency_is_added_after_its_neighbours_in_its_section() {
        let text = "[package]\n[dependencies]\nsocle-a = \"base/a\"\nsocle-b = \"modules/b\"\n\nserde = \"1\"\n[dev-dependencies]\nsocle-d = \"modules/d\"\n";
        let line = "socle-c = \"modules/c\"";
        let edited = with_dependency(text, "[dependencies]", "modules/", line).unwrap();
        assert_eq!(edited, text.replace("\n\nserde", &format!("\n{line}\n\nserde")));
        assert!(with_dependency(&edited, "[dependencies]", "modules/", line).is_err());
        assert!(with_dependency(text, "[dependencies]", "kit/", line).is_err());
        assert!(with_dependency(text, "[build-dependencies]", "modules/", line).is_err());
    }

    #[test]
    fn a_module_is_added_to_the_roofs_list() {
        let text =
            "pub const MODULES: &[Module] =\n    &[a::MODULE, b::MODULE];\npub const OTHER: &[&str] = &[];\n";
        let expected = text.replace("b::MODULE]", "b::MODULE, socle_c::MODULE]");
        assert_eq!(with_module(text, "c").unwrap(), expected);
    }

    #[test]
    fn a_manifest_that_lacks_what_a_resource_uses_is_refused_with_what_to_add() {
        let ready = "[dependencies]\nsocle-kit.workspace = true\nserde.workspace = true\nschemars.workspace = true\n[dev-dependencies]\nsocle-testkit.workspace = true\nserde_json.workspace = true\ntokio.workspace = true\n";
        assert!(check_dependencies(ready).is_ok());
        let reason =
            check_dependencies(&ready.replace("schemars.workspace = true\n", "")).unwrap_err().to_string();
        assert!(reason.ends_with("add schemars to [dependencies]"), "{reason}");
    }
}
