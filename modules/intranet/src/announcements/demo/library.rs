//! All the themes of the demonstration, and which one comes next.

use std::collections::VecDeque;

use socle_kit::kernel::{Error, Random, Result};

use super::draw::pick;
use super::theme::{Language, Theme, Voice, parse, parse_closings};
use crate::announcements::model::Sort;

const FILES: [(Language, &str); 9] = [
    (Language::French, include_str!("fr-people.txt")),
    (Language::French, include_str!("fr-life.txt")),
    (Language::French, include_str!("fr-work.txt")),
    (Language::French, include_str!("fr-rules.txt")),
    (Language::French, include_str!("fr-training.txt")),
    (Language::English, include_str!("en-people.txt")),
    (Language::English, include_str!("en-life.txt")),
    (Language::English, include_str!("en-work.txt")),
    (Language::English, include_str!("en-training.txt")),
];
const CLOSINGS: [(Language, &str); 2] = [
    (Language::French, include_str!("fr-closings.txt")),
    (Language::English, include_str!("en-closings.txt")),
];

/// How many of a hundred announcements are of which sort.
const SHARES: [(Sort, u64); 5] =
    [(Sort::Info, 48), (Sort::Event, 15), (Sort::Important, 12), (Sort::Policy, 11), (Sort::Training, 14)];
/// How many of a hundred are in French.
const FRENCH: u64 = 70;
/// A theme does not come again among so many.
const REST: usize = 12;

/// The themes and the sentences that close them.
pub(super) struct Library {
    pub(super) themes: Vec<Theme>,
    pub(super) closings: Vec<(Language, Voice, &'static str)>,
}

impl Library {
    /// Reads it. It is part of the program: what cannot be read is a bug.
    pub(super) fn open() -> Result<Self> {
        let bug =
            |line: &str| Error::internal(format!("a theme of the demonstration is not understood: {line}"));
        let mut library = Self { themes: Vec::new(), closings: Vec::new() };
        for (language, file) in FILES {
            library.themes.extend(parse(file, language).map_err(bug)?);
        }
        for (language, file) in CLOSINGS {
            let closings = parse_closings(file).map_err(bug)?;
            library.closings.extend(closings.into_iter().map(|(voice, text)| (language, voice, text)));
        }
        Ok(library)
    }

    /// A theme for an announcement of this month, other than the last ones, which it joins.
    pub(super) fn next(
        &self,
        month: i64,
        random: &Random,
        recent: &mut VecDeque<&'static str>,
    ) -> Option<&Theme> {
        let language = if random.below(100) < FRENCH { Language::French } else { Language::English };
        let sort = a_sort(random);
        let fits = |theme: &&Theme| {
            theme.language == language
                && theme.sort == sort
                && (theme.months.is_empty() || theme.months.contains(&month))
        };
        let fitting: Vec<&Theme> = self.themes.iter().filter(fits).collect();
        let fresh: Vec<&Theme> =
            fitting.iter().copied().filter(|theme| !recent.contains(&theme.name)).collect();
        let theme = weighted(if fresh.is_empty() { &fitting } else { &fresh }, random)?;
        recent.push_back(theme.name);
        if recent.len() > REST {
            recent.pop_front();
        }
        Some(theme)
    }

    /// A last sentence in this voice.
    pub(super) fn closing(&self, language: Language, voice: Voice, random: &Random) -> &'static str {
        let fitting: Vec<&'static str> = self
            .closings
            .iter()
            .filter(|(of, by, _)| *of == language && *by == voice)
            .map(|(.., text)| *text)
            .collect();
        pick(random, &fitting).copied().unwrap_or_default()
    }
}

fn a_sort(random: &Random) -> Sort {
    let mut left = random.below(100);
    for (sort, share) in SHARES {
        if left < share {
            return sort;
        }
        left -= share;
    }
    Sort::Info
}

fn weighted<'a>(themes: &[&'a Theme], random: &Random) -> Option<&'a Theme> {
    let mut left = random.below(themes.iter().map(|theme| theme.weight).sum());
    themes.iter().copied().find(|theme| {
        let found = left < theme.weight;
        left = left.saturating_sub(theme.weight);
        found
    })
}
