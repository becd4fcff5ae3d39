//! A Rust file taken apart just enough for the rules: code, comments, literals, and what is only for tests.

/// A Rust file. Every view has the length and the lines of the file itself, so that an offset means the
/// same place in all of them.
pub(crate) struct Source {
    /// The file.
    pub(crate) raw: String,
    /// Without comments, the contents of literals, and tests.
    pub(crate) code: String,
    /// Without comments and tests; literals are there.
    pub(crate) text: String,
    /// The string literals outside tests.
    pub(crate) literals: Vec<Literal>,
    /// The names of the files it declares for tests alone (`#[cfg(test)] mod tests;`).
    pub(crate) test_modules: Vec<String>,
}

/// A string literal.
pub(crate) struct Literal {
    /// Where its contents begin.
    pub(crate) start: usize,
    /// Its contents as they stand in the file, escapes included.
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn new(raw: &str) -> Self {
        let pieces = pieces(raw.as_bytes());
        let mut code = raw.as_bytes().to_vec();
        let mut text = code.clone();
        let mut literals = Vec::new();
        for piece in &pieces {
            blank(&mut code, piece.start, piece.end);
            match piece.kind {
                PieceKind::Comment => blank(&mut text, piece.start, piece.end),
                PieceKind::Literal => {
                    let contents = raw.get(piece.start..piece.end).unwrap_or_default().to_owned();
                    literals.push(Literal { start: piece.start, text: contents });
                }
            }
        }
        let tests = tests(&code);
        let test_modules =
            tests.iter().filter_map(|(start, end)| declared(code.get(*start..*end)?)).collect();
        for (start, end) in &tests {
            blank(&mut code, *start, *end);
            blank(&mut text, *start, *end);
        }
        let is_test = |at: usize| tests.iter().any(|(start, end)| (*start..*end).contains(&at));
        literals.retain(|literal| !is_test(literal.start));
        let own = |bytes| String::from_utf8(bytes).unwrap_or_default();
        Self { raw: raw.to_owned(), code: own(code), text: own(text), literals, test_modules }
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        line(&self.raw, offset)
    }
}

/// The line of an offset in a text, from 1.
pub(crate) fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Where the brace opened at or after `from` closes (just after it).
pub(crate) fn closing(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

#[derive(Clone, Copy)]
enum PieceKind {
    Comment,
    Literal,
}

struct Piece {
    kind: PieceKind,
    start: usize,
    end: usize,
}

fn blank(bytes: &mut [u8], start: usize, end: usize) {
    let range = bytes.get_mut(start..end).unwrap_or_default();
    range.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

/// The comments and the contents of literals.
fn pieces(bytes: &[u8]) -> Vec<Piece> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut pieces = Vec::new();
    let mut index = 0;
    while index < bytes.len() {
        match (at(index), at(index + 1)) {
            (b'/', b'/') => {
                let end = line_end(bytes, index);
                pieces.push(Piece { kind: PieceKind::Comment, start: index, end });
                index = end;
            }
            (b'/', b'*') => {
                let end = block_end(bytes, index);
                pieces.push(Piece { kind: PieceKind::Comment, start: index, end });
                index = end;
            }
            (b'"', _) => {
                let end = string_end(bytes, index + 1);
                pieces.push(Piece { kind: PieceKind::Literal, start: index + 1, end });
                index = end + 1;
            }
            (b'r', b'"' | b'#')
                if !is_word(at(index.wrapping_sub(1))) || at(index.wrapping_sub(1)) == b'b' =>
            {
                let hashes = bytes.iter().skip(index + 1).take_while(|byte| **byte == b'#').count();
                if at(index + 1 + hashes) == b'"' {
                    let start = index + 2 + hashes;
                    let end = raw_end(bytes, start, hashes);
                    pieces.push(Piece { kind: PieceKind::Literal, start, end });
                    index = end + 1 + hashes;
                } else {
                    index += 1;
                }
            }
            (b'\'', _) => {
                let end = character_end(bytes, index);
                if end > index + 1 {
                    pieces.push(Piece { kind: PieceKind::Comment, start: index + 1, end: end - 1 });
                }
                index = end;
            }
            _ => index += 1,
        }
    }
    pieces
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).position(|byte| *byte == b'\n').map_or(bytes.len(), |length| from + length)
}

fn block_end(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut index = from;
    while index < bytes.len() {
        match (bytes.get(index), bytes.get(index + 1)) {
            (Some(b'/'), Some(b'*')) => {
                depth += 1;
                index += 2;
            }
            (Some(b'*'), Some(b'/')) => {
                depth -= 1;
                index += 2;
                if depth == 0 {
                    return index;
                }
            }
            _ => index += 1,
        }
    }
    bytes.len()
}

/// Where the closing quote of a string stands.
fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut index = from;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'\\' => index += 2,
            b'"' => return index,
            _ => index += 1,
        }
    }
    bytes.len()
}

fn raw_end(bytes: &[u8], from: usize, hashes: usize) -> usize {
    let closes =
        |at: usize| bytes.iter().skip(at + 1).take(hashes).filter(|byte| **byte == b'#').count() == hashes;
    let quotes = bytes.iter().enumerate().skip(from).filter(|(_, byte)| **byte == b'"');
    quotes.map(|(at, _)| at).find(|at| closes(*at)).unwrap_or(bytes.len())
}

/// Just after a character literal; just after the quote when it is a lifetime.
fn character_end(bytes: &[u8], from: usize) -> usize {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    if at(from + 1) == b'\\' {
        let rest = bytes.iter().skip(from + 3).position(|byte| *byte == b'\'');
        return rest.map_or(bytes.len(), |length| from + length + 4);
    }
    // One character of up to four bytes, then the closing quote; a lifetime has none there.
    let width = match at(from + 1) {
        byte if byte < 0x80 => 1,
        byte if byte < 0xe0 => 2,
        byte if byte < 0xf0 => 3,
        _ => 4,
    };
    if at(from + 1 + width) == b'\'' { from + width + 2 } else { from + 1 }
}

/// The module that an item declares, when it is nothing else: `mod tests;`.
fn declared(item: &[u8]) -> Option<String> {
    let item = std::str::from_utf8(item).ok()?.strip_suffix(';')?;
    let (_, name) = item.rsplit_once("mod ")?;
    name.bytes().all(is_word).then(|| name.to_owned())
}

/// The ranges of items marked `#[cfg(test)]`.
fn tests(code: &[u8]) -> Vec<(usize, usize)> {
    let code = String::from_utf8_lossy(code);
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (start, _) in code.match_indices("#[cfg(test)]") {
        if ranges.last().is_some_and(|(_, end)| start < *end) {
            continue;
        }
        let rest = code.get(start..).unwrap_or_default();
        let end = match (rest.find('{'), rest.find(';')) {
            (Some(brace), Some(semicolon)) if semicolon < brace => start + semicolon + 1,
            (Some(brace), _) => closing(&code, start + brace),
            (None, Some(semicolon)) => start + semicolon + 1,
            (None, None) => code.len(),
        };
        ranges.push((start, end));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_told_from_code() {
        let source = Source::new(
            "let a = \"x // y\"; // \"z\"\nlet b = r#\"q\"w\"#; /* \"n /* o */\" */ let c = 'd';\n",
        );
        let texts: Vec<&str> = source.literals.iter().map(|literal| literal.text.as_str()).collect();
        assert_eq!(texts, ["x // y", "q\"w"]);
        assert!(!source.code.contains('y') && !source.code.contains('z') && !source.code.contains('d'));
        assert!(source.text.contains("x // y") && !source.text.contains('z'));
        assert_eq!(source.code.len(), source.raw.len());
    }

    #[test]
    fn quotes_in_characters_and_lifetimes_open_no_string() {
        let source = Source::new(
            "fn f<'a>(x: &'a str) { x == '\"' || x == '\\'' || x == 'é' } const A: &str = \"s\";",
        );
        assert_eq!(source.literals.len(), 1);
        assert_eq!(source.literals[0].text, "s");
        assert!(source.code.contains("fn f<'a>(x: &'a str)"));
    }

    #[test]
    fn what_is_only_for_tests_is_left_out() {
        let source = Source::new(
            "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { \"c\"; } }\nfn d() {}\n#[cfg(test)]\nuse x;\n",
        );
        assert!(source.code.contains("fn a") && source.code.contains("fn d"));
        assert!(!source.code.contains("fn b") && !source.code.contains("use x"));
        assert!(source.literals.is_empty());
    }

    #[test]
    fn an_offset_has_a_line() {
        assert_eq!(line("a\nb\nc", 0), 1);
        assert_eq!(line("a\nb\nc", 4), 3);
    }
}
