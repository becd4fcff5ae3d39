//! How soon a password is guessed by somebody who knows how people make them: an estimate by zxcvbn (Wheeler, USENIX
//! Security 2016), which brings lists of thirty thousand common passwords and as many words and names.

use socle_kernel::Secret;
use zxcvbn::feedback::{Feedback, Suggestion, Warning};
use zxcvbn::{Entropy, zxcvbn};

/// So many characters are looked at: the work grows faster than the length, and whatever follows makes a password
/// only better.
const LOOKED_AT: usize = 48;
/// The signs that are read as a letter, for each letter that more than one is read as (a, c, g, i, l, s, t).
const STAND_FOR_LETTERS: &[&str] = &["4@", "({[<", "69", "1!|", "1|7", "$5", "+7"];
/// The signs of which one is as good as another.
const SAME: &[&str] = &["4@", "({[<", "69", "1!|", "$5", "+7"];
/// In so many ways a password is read with its own signs: those that people think up hold few.
const MOST_READINGS: usize = 8;
/// Fewer guesses than this are made within the hour by whoever tries at a server that does not stop them.
pub(crate) const FEW: u64 = 1_000_000;

/// How strong a password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// From 0 (guessed at once) to 4 (not guessed in this life).
    pub score: u8,
    /// What gives it away: the key of a sentence, `keyboard-row`.
    pub warning: Option<&'static str>,
    /// What would make it better: the keys of sentences, `add-words`.
    pub suggestions: Vec<&'static str>,
    /// How many guesses it takes, about.
    pub(crate) guesses: u64,
}

impl Estimate {
    /// The estimate of a password of somebody with these names and addresses. Takes milliseconds: not for the threads
    /// that serve.
    pub fn of(password: &str, identities: &[&str]) -> Self {
        // The copy is wiped: it is as secret as what it was made of.
        let beginning = Secret::new(unambiguous(password.chars().take(LOOKED_AT).collect()));
        let entropy = zxcvbn(beginning.expose(), identities);
        Self {
            score: u8::from(entropy.score()),
            warning: entropy.feedback().and_then(Feedback::warning).map(warning_key),
            suggestions: suggestions(&entropy),
            guesses: entropy.guesses(),
        }
    }
}

/// The same signs for the same letters where a password holds so many that stand for letters that reading it in every
/// way would take a second; it becomes no better by it.
fn unambiguous(password: String) -> String {
    let used = |group: &str| group.chars().filter(|sign| password.contains(*sign)).count();
    let readings: usize = STAND_FOR_LETTERS.iter().map(|signs| used(signs).max(1)).product();
    if readings <= MOST_READINGS {
        return password;
    }
    let password = Secret::new(password);
    let first = |group: &str| password.expose().chars().find(|sign| group.contains(*sign));
    let same = |sign: char| {
        let group = SAME.iter().find(|group| group.contains(sign));
        group.and_then(|group| first(group)).unwrap_or(sign)
    };
    password.expose().chars().map(same).collect()
}

/// Is it guessed with few guesses? Longer than what is looked at, a password is not in any list.
pub(crate) fn is_soon_guessed(password: &str) -> bool {
    !password.is_empty() && Estimate::of(password, &[]).guesses < FEW
}

fn suggestions(entropy: &Entropy) -> Vec<&'static str> {
    let given = entropy.feedback().map(Feedback::suggestions).unwrap_or_default();
    given.iter().map(|suggestion| suggestion_key(*suggestion)).collect()
}

/// The keys of all warnings, for those who have sentences for them.
pub const WARNINGS: &[&str] = &[
    "keyboard-row",
    "keyboard-pattern",
    "repeated-character",
    "repeated-part",
    "top-ten",
    "top-hundred",
    "common",
    "like-common",
    "sequence",
    "recent-year",
    "single-word",
    "date",
    "single-name",
    "name",
];

const fn warning_key(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => "keyboard-row",
        Warning::ShortKeyboardPatternsAreEasyToGuess => "keyboard-pattern",
        Warning::RepeatsLikeAaaAreEasyToGuess => "repeated-character",
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "repeated-part",
        Warning::ThisIsATop10Password => "top-ten",
        Warning::ThisIsATop100Password => "top-hundred",
        Warning::ThisIsACommonPassword => "common",
        Warning::ThisIsSimilarToACommonlyUsedPassword => "like-common",
        Warning::SequencesLikeAbcAreEasyToGuess => "sequence",
        Warning::RecentYearsAreEasyToGuess => "recent-year",
        Warning::AWordByItselfIsEasyToGuess => "single-word",
        Warning::DatesAreOftenEasyToGuess => "date",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => "single-name",
        Warning::CommonNamesAndSurnamesAreEasyToGuess => "name",
    }
}

/// The keys of all suggestions, for those who have sentences for them.
pub const SUGGESTIONS: &[&str] = &[
    "a-few-words",
    "no-need-for-signs",
    "add-words",
    "capitals",
    "all-capitals",
    "reversed",
    "substitutions",
    "longer-pattern",
    "avoid-repeats",
    "avoid-sequences",
    "avoid-recent-years",
    "avoid-own-years",
    "avoid-own-dates",
];

const fn suggestion_key(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => "a-few-words",
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => "no-need-for-signs",
        Suggestion::AddAnotherWordOrTwo => "add-words",
        Suggestion::CapitalizationDoesntHelpVeryMuch => "capitals",
        Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "all-capitals",
        Suggestion::ReversedWordsArentMuchHarderToGuess => "reversed",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "substitutions",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "longer-pattern",
        Suggestion::AvoidRepeatedWordsAndCharacters => "avoid-repeats",
        Suggestion::AvoidSequences => "avoid-sequences",
        Suggestion::AvoidRecentYears => "avoid-recent-years",
        Suggestion::AvoidYearsThatAreAssociatedWithYou => "avoid-own-years",
        Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "avoid-own-dates",
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn what_stands_in_the_list_is_soon_guessed_whatever_its_place() {
        for listed in [
            "123456",
            "password",
            "klaster",
            "gfhjkm",
            "thx1138",
            "ncc1701",
            "rush2112",
            "8675309",
            "bond007",
            "4815162342",
            "qwaszx",
            "suckit",
            "12qwaszx",
            "Iwantu!",
            "P@nties1",
        ] {
            assert!(is_soon_guessed(listed), "{listed}");
        }
        for other in ["tournevis-girafe-samovar", "xK9#mQ2$vL7p", "vkqzrwty", ""] {
            assert!(!is_soon_guessed(other), "{other}");
        }
    }

    #[test]
    fn the_score_goes_from_none_to_four_and_says_why() {
        let poor = Estimate::of("qwertyuiop", &[]);
        assert_eq!((poor.score, poor.warning), (0, Some("top-hundred")));
        assert!(poor.suggestions.contains(&"add-words"));
        let good = Estimate::of("tournevis girafe samovar", &[]);
        assert_eq!((good.score, good.warning, good.suggestions.is_empty()), (4, None, true));
        assert!(Estimate::of("zoe.durand", &["zoe.durand"]).score == 0);
    }

    #[test]
    fn the_keys_are_all_those_there_are() {
        for password in ["aaaaaaaa", "abcabcabc", "qwerty", "2019", "abcdefgh", "19/05/1987", "smith", "dog"]
        {
            let estimate = Estimate::of(password, &[]);
            assert!(estimate.warning.is_none_or(|key| WARNINGS.contains(&key)), "{password}");
            assert!(estimate.suggestions.iter().all(|key| SUGGESTIONS.contains(key)), "{password}");
        }
    }

    #[test]
    fn the_longest_password_that_is_allowed_takes_a_moment_and_no_more() {
        Estimate::of("warm", &[]);
        let signs = "#!&(&4&&!(<496#8!!+8#16@6(@29%{361$&<#14%!55<8@1|7{%90@5{[01&996";
        let worst = ["p4ssw0rd".repeat(128), "aA1!".repeat(256), "19871987".repeat(128), signs.to_owned()];
        for worst in worst {
            let begun = Instant::now();
            Estimate::of(&worst, &["zoe.durand@example.org"]);
            assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
        }
    }

    #[test]
    fn signs_that_stand_for_letters_are_read_in_few_ways() {
        assert_eq!(unambiguous("P@55w0rd!4$".to_owned()), "P@55w0rd!4$");
        assert_eq!(unambiguous("4@({[<691!|$57+x".to_owned()), "44((((66111$$77x");
        assert_eq!(Estimate::of("x4@({[<691!|$57+qk7#wz!", &[]).score, 4);
    }
}
