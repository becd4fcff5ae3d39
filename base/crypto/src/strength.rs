//! The rule for passwords: long enough, not common, not the owner's own name. No composition rule.
//!
//! What is common is decided twice. By how people make passwords: a known word or two, in French too, with the usual
//! letter swaps and a tail of digits and signs, a walk on the keyboard, a repetition, a date; each word of our list
//! thus stands for thousands of such passwords. And by the lists of stolen ones that the estimate brings.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use socle_kernel::fold;
use unicode_normalization::UnicodeNormalization;

use crate::estimate::is_soon_guessed;
use crate::words::WORDS;

/// How long a password must and may be, in code points after composition (Unicode NFC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRule {
    /// At least.
    pub min: usize,
    /// At most.
    pub max: usize,
}

impl Default for PasswordRule {
    fn default() -> Self {
        Self { min: 8, max: 128 }
    }
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer code points than this.
    TooShort {
        /// The least.
        min: usize,
    },
    /// More code points than this.
    TooLong {
        /// The most.
        max: usize,
    },
    /// Among the first that somebody would try.
    Common,
    /// Too short once the owner's name or address is taken out of it.
    ContainsIdentity,
}

impl PasswordRule {
    /// All that is wrong with a password. `identities` are the owner's names and addresses.
    pub fn check(&self, password: &str, identities: &[&str]) -> Vec<Weakness> {
        let length = password.nfc().count();
        if length > self.max {
            // Nothing else is looked at: the work stays bounded.
            return vec![Weakness::TooLong { max: self.max }];
        }
        let mut weaknesses = Vec::new();
        let is_short = length < self.min;
        if is_short {
            weaknesses.push(Weakness::TooShort { min: self.min });
        }
        // Nearly all that is short is soon guessed: the lists are asked about what is long enough.
        let is_common = if is_short { is_made_as_usual(password) } else { is_common(password) };
        if is_common {
            weaknesses.push(Weakness::Common);
        }
        if identities.iter().any(|identity| self.leans_on(password, identity)) {
            weaknesses.push(Weakness::ContainsIdentity);
        }
        weaknesses
    }

    fn leans_on(&self, password: &str, identity: &str) -> bool {
        const TELLING: usize = 3;
        let (password, identity) = (fold(password), fold(identity));
        let local_part = identity.split('@').next().unwrap_or_default();
        [identity.as_str(), local_part].iter().any(|name| {
            name.chars().count() >= TELLING
                && password.contains(name)
                && password.replace(name, "").chars().count() < self.min
        })
    }
}

/// Is this among the first passwords that somebody would try?
pub fn is_common(password: &str) -> bool {
    is_made_as_usual(password) || is_soon_guessed(password)
}

fn is_made_as_usual(password: &str) -> bool {
    let letters: Vec<char> = fold(password).chars().filter(|c| !c.is_whitespace()).collect();
    if is_plain(&letters) {
        return true;
    }
    // Eight characters hold a date (31121999), ten a telephone number: digits alone are soon counted through.
    const COUNTABLE: usize = 10;
    if (1..=COUNTABLE).contains(&letters.len()) && letters.iter().all(char::is_ascii_digit) {
        return true;
    }
    period(&letters).and_then(|period| letters.get(..period)).is_some_and(is_plain)
}

/// A repetition of little, a walk on the keyboard, or known words.
fn is_plain(letters: &[char]) -> bool {
    const LITTLE: usize = 4;
    let stem = trim_end(letters);
    period(letters).is_some_and(|period| period <= LITTLE)
        || is_walk(letters)
        || (is_tail(letters.get(stem.len()..).unwrap_or_default()) && is_walk(stem))
        || is_built_on_words(letters)
}

/// The length of what is repeated, when the whole is a repetition (the last one may be cut short).
fn period(letters: &[char]) -> Option<usize> {
    (1..=letters.len() / 2).find(|&period| letters.iter().skip(period).zip(letters).all(|(a, b)| a == b))
}

/// Rows of keyboards, ways across them, and other orders that fingers know. Each also backwards.
const WALKS: &[&str] = &[
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "qsdfghjklm",
    "zxcvbnm",
    "yxcvbnm",
    "wxcvbn",
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujm",
    "1aqz2zsx3edc4rfv5tgb6yhn7uj8ik9ol0pm",
    "aqwzsxedcrfvtgbyhnuj",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1a2z3e4r5t6y7u8i9o0p",
    "a1z2e3r4t5y6u7i8o9p0",
    "a1b2c3d4e5f6g7h8i9",
    "1a2b3c4d5e6f7g8h9i",
    "!@#$%^&*()",
    "147258369",
    "789456123",
    "741852963",
    "159357",
];

static PATHS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let forward = WALKS.iter().map(|walk| walk.chars().collect());
    forward.chain(WALKS.iter().map(|walk| walk.chars().rev().collect())).collect()
});

/// Is the whole made of stretches of at least three along known ways, of one character, or of years?
fn is_walk(letters: &[char]) -> bool {
    let mut rest = letters;
    while !rest.is_empty() {
        match rest.get(stretch(rest)..) {
            Some(after) if after.len() < rest.len() => rest = after,
            _ => return false,
        }
    }
    !letters.is_empty()
}

/// The length of the longest stretch at the beginning; 0 when it is under three.
fn stretch(letters: &[char]) -> usize {
    const STRETCH: usize = 3;
    let along = |path: &Vec<char>| {
        let starts = (0..path.len()).filter_map(|start| path.get(start..));
        starts.map(|way| common_prefix(way, letters)).max().unwrap_or(0)
    };
    let walked = PATHS.iter().map(along).max().unwrap_or(0);
    let same = letters.iter().take_while(|&letter| Some(letter) == letters.first()).count();
    let year = match letters {
        ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => 4,
        _ => 0,
    };
    let longest = walked.max(same).max(year);
    if longest >= STRETCH { longest } else { 0 }
}

fn common_prefix(a: &[char], b: &[char]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| WORDS.split_ascii_whitespace().collect());

/// One known word or two, with letters swapped for digits and signs, between a usual head and a usual tail.
fn is_built_on_words(letters: &[char]) -> bool {
    let stem = trim_end(letters);
    let core = trim_start(stem);
    let tail = letters.get(stem.len()..).unwrap_or_default();
    let head = stem.get(..stem.len() - core.len()).unwrap_or_default();
    let mut stems = vec![letters];
    if is_tail(tail) {
        stems.push(stem);
        if is_tail(head) {
            stems.push(core);
        }
    }
    stems.iter().any(|stem| ['i', 'l'].iter().any(|&one| is_words(&spelled(stem, one))))
}

/// Is this what people add to a word: little, or something that is itself in order?
fn is_tail(letters: &[char]) -> bool {
    const USUAL: usize = 8;
    letters.len() <= USUAL || is_walk(letters) || period(letters).is_some_and(|period| period <= USUAL)
}

fn trim_end(letters: &[char]) -> &[char] {
    let end = letters.iter().rposition(|letter| letter.is_alphabetic()).map_or(0, |last| last + 1);
    letters.get(..end).unwrap_or_default()
}

fn trim_start(letters: &[char]) -> &[char] {
    let start = letters.iter().position(|letter| letter.is_alphabetic()).unwrap_or(letters.len());
    letters.get(start..).unwrap_or_default()
}

/// The letters that digits and signs stand for; `one` is what 1 stands for. Other signs are dropped.
fn spelled(letters: &[char], one: char) -> String {
    let letter = |&letter: &char| match letter {
        '0' => Some('o'),
        '1' | '!' | '|' => Some(one),
        '3' | '€' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' | '+' => Some('t'),
        '8' => Some('b'),
        '9' => Some('g'),
        letter => letter.is_alphabetic().then_some(letter),
    };
    letters.iter().filter_map(letter).collect()
}

fn is_words(text: &str) -> bool {
    let two = |(at, _): (usize, char)| {
        text.split_at_checked(at)
            .is_some_and(|(first, second)| KNOWN.contains(first) && KNOWN.contains(second))
    };
    KNOWN.contains(text) || text.char_indices().any(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_single_folded_and_more_than_three_hundred() {
        let words: Vec<&str> = WORDS.split_ascii_whitespace().collect();
        assert!(words.len() > 300 && words.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }

    #[test]
    fn what_everybody_tries_first_is_common() {
        for password in [
            "password",
            "Password1",
            "P@ssw0rd!",
            "pa55w0rd",
            "passwordpassword",
            "password123456789",
            "motdepasse",
            "MotDePasse2024!",
            "azertyuiop",
            "Azerty123!",
            "qwerty123456",
            "1q2w3e4r5t6y",
            "1qaz2wsx3edc",
            "123456789012345",
            "987654321",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabc",
            "abcd1234",
            "iloveyou2",
            "jetaime!!",
            "Été2024!",
            "Soleil75",
            "31121999",
            "0612345678",
            "adm1n1strator",
            "Admin@123",
            "letmein!",
            "123soleil",
            "doudou123",
            "Marseille13!",
            "DragonBaseball1",
            "!@#$%^&*",
            "qwertyqwertyqwerty",
            "m0nkey99",
            "welcome1",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn what_takes_thought_is_not() {
        for password in [
            "correct horse battery staple",
            "tournevis-girafe-samovar",
            "xK9#mQ2$vL7p",
            "Vx7rTq2Lw9",
            "83620194736152",
            "la pluie tombe sur le vieux port",
            "marie8362910473829104",
            "gh7-kk2-pp0-zz4-qn8",
            "",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn the_words_with_a_dozen_usual_tails_refuse_ten_thousand_passwords() {
        let words: Vec<&str> = WORDS.split_ascii_whitespace().collect();
        let tails = ["", "1", "12", "123", "!", "1!", "2024", "2025!", "01", "@123", "#1", "75"];
        let refused = words.iter().flat_map(|word| tails.map(|tail| format!("{word}{tail}")));
        assert!(refused.filter(|password| is_made_as_usual(password)).count() >= 10_000);
    }

    #[test]
    fn length_is_counted_in_code_points_after_composition() {
        let rule = PasswordRule { min: 8, max: 10 };
        assert_eq!(rule.check("xK9#mQ2", &[]), [Weakness::TooShort { min: 8 }]);
        assert_eq!(rule.check("e\u{301}e\u{301}e\u{301}e\u{301}", &[])[0], Weakness::TooShort { min: 8 });
        assert_eq!(rule.check("xK9#mQ2$éé", &[]), []);
        assert_eq!(rule.check("xK9#mQ2$vL7", &[]), [Weakness::TooLong { max: 10 }]);
    }

    #[test]
    fn a_name_of_the_owner_may_not_carry_the_password() {
        let check =
            |password: &str| PasswordRule::default().check(password, &["zoe.durand@example.org", "Zoé"]);
        assert_eq!(check("zoe.durand42!"), [Weakness::ContainsIdentity]);
        assert_eq!(check("ZOÉxK9#m"), [Weakness::ContainsIdentity]);
        assert_eq!(check("zoe tournevis girafe samovar"), []);
        assert_eq!(PasswordRule::default().check("xK9#mQ2$al", &["al", ""]), []);
    }

    #[test]
    fn a_password_may_be_wrong_in_several_ways_at_once() {
        assert_eq!(
            PasswordRule::default().check("azerty", &[]),
            [Weakness::TooShort { min: 8 }, Weakness::Common]
        );
    }
}
