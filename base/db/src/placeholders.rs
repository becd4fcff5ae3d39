//! The places for values in a text of SQL: `?1`, `?2`, or `?` for the next one.

use std::iter::Peekable;
use std::str::CharIndices;

type Chars<'sql> = Peekable<CharIndices<'sql>>;

/// The text with each placeholder replaced by what `place` writes for its number, and the largest number.
///
/// A bare `?` takes the number after the largest so far. Quoted texts, quoted names and comments are copied.
pub(crate) fn rewrite(sql: &str, mut place: impl FnMut(usize, &mut String)) -> (String, usize) {
    let mut rewritten = String::with_capacity(sql.len() + 8);
    let mut largest = 0;
    let mut chars = sql.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = match c {
            '?' => {
                let number = number(&mut chars).unwrap_or(largest + 1);
                largest = largest.max(number);
                place(number, &mut rewritten);
                continue;
            }
            '\'' | '"' => skip_quoted(&mut chars, c),
            '-' if follows(&mut chars, '-') => skip_until(&mut chars, |_, c| c == '\n'),
            '/' if follows(&mut chars, '*') => {
                chars.next();
                skip_until(&mut chars, |before, c| before == '*' && c == '/')
            }
            _ => None,
        };
        let end = end.or_else(|| chars.peek().map(|(at, _)| *at)).unwrap_or(sql.len());
        rewritten.push_str(sql.get(at..end).unwrap_or_default());
    }
    (rewritten, largest)
}

/// The text in PostgreSQL's spelling, `$1`, and the number of its places.
pub(crate) fn dollars(sql: &str) -> (String, usize) {
    rewrite(sql, |number, text| {
        text.push('$');
        text.push_str(&number.to_string());
    })
}

/// Does the text begin with a word that opens, ends or leaves a transaction? Those are the room's own affair.
pub(crate) fn controls_transaction(sql: &str) -> bool {
    const WORDS: [&str; 11] = [
        "BEGIN",
        "START",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "SAVEPOINT",
        "RELEASE",
        "PREPARE",
        "ATTACH",
        "DETACH",
    ];
    let mut rest = sql.trim_start();
    loop {
        let skipped = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            break;
        };
        rest = skipped.trim_start();
    }
    let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    WORDS.iter().any(|forbidden| word.eq_ignore_ascii_case(forbidden))
}

fn number(chars: &mut Chars<'_>) -> Option<usize> {
    let mut number = None;
    while let Some(digit) = chars.peek().and_then(|(_, c)| c.to_digit(10)) {
        number = Some(number.unwrap_or(0_usize).saturating_mul(10).saturating_add(digit as usize));
        chars.next();
    }
    number
}

fn follows(chars: &mut Chars<'_>, expected: char) -> bool {
    chars.peek().is_some_and(|(_, c)| *c == expected)
}

fn skip_quoted(chars: &mut Chars<'_>, quote: char) -> Option<usize> {
    // A doubled quote ends one quotation and begins the next: the outcome is the same.
    skip_until(chars, |_, c| c == quote)
}

/// The place after the first character that `is_last` accepts, given the one before it.
fn skip_until(chars: &mut Chars<'_>, is_last: impl Fn(char, char) -> bool) -> Option<usize> {
    let mut before = ' ';
    for (at, c) in chars.by_ref() {
        if is_last(before, c) {
            return Some(at + c.len_utf8());
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_placeholders_are_rewritten() {
        for (sql, expected) in [
            ("SELECT a FROM t WHERE b = ?1 AND c = ?12", "SELECT a FROM t WHERE b = $1 AND c = $12"),
            ("SELECT '?1', \"?2\", 'it''s ?3' WHERE é = ?1", "SELECT '?1', \"?2\", 'it''s ?3' WHERE é = $1"),
            ("SELECT ?1 -- why ?2\n, ?3 /* ?4 * ?5 */, ?6", "SELECT $1 -- why ?2\n, $3 /* ?4 * ?5 */, $6"),
            ("a = ? AND b = ? AND c = ?1 AND d = ?", "a = $1 AND b = $2 AND c = $1 AND d = $3"),
            ("a - b / c ? ", "a - b / c $1 "),
            ("'unclosed ?1", "'unclosed ?1"),
            ("", ""),
        ] {
            assert_eq!(dollars(sql).0, expected);
        }
    }

    #[test]
    fn transaction_words_are_seen_behind_comments_and_nowhere_else() {
        for sql in ["COMMIT", "  rollback to x", "-- a\n/* b */ Begin", "END;", "savepoint s"] {
            assert!(controls_transaction(sql), "{sql}");
        }
        for sql in ["SELECT 'COMMIT'", "INSERT INTO beginning VALUES (1)", "BEGINNING", "-- COMMIT", ""] {
            assert!(!controls_transaction(sql), "{sql}");
        }
    }
}
