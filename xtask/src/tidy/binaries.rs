//! The repository holds what people write and read: no binary, no archive, nothing huge.

use super::tree::Tree;
use super::violation::Violation;

/// The most octets of a file.
const MOST: usize = 1024 * 1024;

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let binaries = tree.binaries().map(|path| {
        let what =
            "not a text in UTF-8: leave out what is built or downloaded, and have it made where it is needed";
        Violation::new(path, 1, what)
    });
    let huge = tree.files().filter(|(_, text)| text.len() > MOST).map(|(path, text)| {
        let what = format!("{} octets, {MOST} at most: make it where it is needed", text.len());
        Violation::new(path, 1, what)
    });
    binaries.chain(huge).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    fn found(path: &str, bytes: &[u8]) -> Vec<String> {
        let tree = Tree::of_bytes(vec![(path.to_owned(), bytes.to_vec())]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_archive_and_a_picture_are_found() {
        let wheel = found("socle-0.1-py3-none-any.whl", b"PK\x03\x04\x14\0\0\0\x08\0");
        assert!(
            wheel.len() == 1 && wheel[0].starts_with("socle-0.1-py3-none-any.whl:1: not a text"),
            "{wheel:?}"
        );
        let picture = found("docs/logo.png", b"\x89PNG\r\n\x1a\n");
        assert!(picture.len() == 1 && picture[0].starts_with("docs/logo.png:1: not a text"), "{picture:?}");
        assert_eq!(found("docs/fête.md", "Fête\r\n".as_bytes()), Vec::<String>::new());
    }

    #[test]
    fn a_huge_text_is_found() {
        let line = "{\"number\": 1}\n";
        let most = line.repeat(MOST / line.len());
        silent(check, &[("generated/numbers.json", &most)]);
        fires(check, &[("generated/numbers.json", &(most + line))], "generated/numbers.json:1: 1048");
    }
}
