//! What a theme of the demonstration is, and how the files of themes are read.
//!
//! A file holds themes, each opened by a line `# name sort voice options…` and followed by the variants of its
//! title (`T`), lead (`L`) and details (`D`). A digit behind the letter tells variants that go only with each other:
//! the title and the details of an announcement have no digit, or that of its lead. The options are `x<weight>`, how long it stays out (`<days>d`,
//! `keep`, `event`), `m=<months>`, and `all`, `managers`, `confirm`.

use crate::announcements::model::Sort;

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    French,
    English,
}

/// In whose name it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    HumanResources,
    Communication,
    Technology,
    Site,
    Management,
    Finance,
    Council,
}

impl Voice {
    pub(super) const ALL: [Self; 7] = [
        Self::HumanResources,
        Self::Communication,
        Self::Technology,
        Self::Site,
        Self::Management,
        Self::Finance,
        Self::Council,
    ];
}

/// How long it stays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    /// So many days.
    Days(i64),
    /// Until the thing it speaks of is over.
    Event,
    /// For good.
    Keep,
}

/// Whom it may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Always everybody.
    Everyone,
    /// Everybody, or some.
    Any,
    /// Those who lead.
    Managers,
}

/// One way to put it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variant {
    /// What it goes with; with anything when there is none.
    tag: Option<char>,
    pub(super) text: &'static str,
}

/// A theme, with the variants of its texts.
#[derive(Debug, Clone)]
pub(super) struct Theme {
    pub(super) name: &'static str,
    pub(super) language: Language,
    pub(super) sort: Sort,
    pub(super) voice: Voice,
    /// How often it comes, compared to the others of its sort.
    pub(super) weight: u64,
    pub(super) life: Life,
    /// The months in which it may come, from 1; every month when empty.
    pub(super) months: Vec<i64>,
    pub(super) reach: Reach,
    pub(super) must_acknowledge: bool,
    pub(super) titles: Vec<Variant>,
    pub(super) leads: Vec<Variant>,
    pub(super) details: Vec<Variant>,
}

/// Those of the variants that go with a lead.
pub(super) fn going_with(lead: Variant, variants: &[Variant]) -> Vec<&'static str> {
    let goes = |variant: &&Variant| variant.tag.is_none() || variant.tag == lead.tag;
    variants.iter().filter(goes).map(|variant| variant.text).collect()
}

impl Theme {
    /// Does it speak of one department?
    pub(super) fn names_a_department(&self) -> bool {
        self.opens_with("{department}")
    }

    /// Does it welcome somebody?
    pub(super) fn is_welcome(&self) -> bool {
        self.opens_with("{newcomer}")
    }

    fn opens_with(&self, slot: &str) -> bool {
        self.titles.iter().chain(&self.leads).any(|variant| variant.text.contains(slot))
    }
}

/// The themes of a file; the first line that is not understood, otherwise.
pub(super) fn parse(file: &'static str, language: Language) -> Result<Vec<Theme>, &'static str> {
    let mut themes: Vec<Theme> = Vec::new();
    for line in file.lines().filter(|line| !line.is_empty()) {
        let (mark, text) = line.split_once(' ').ok_or(line)?;
        if mark == "#" {
            themes.push(header(text, language).ok_or(line)?);
            continue;
        }
        let theme = themes.last_mut().ok_or(line)?;
        let mut mark = mark.chars();
        let variants = match mark.next() {
            Some('T') => &mut theme.titles,
            Some('L') => &mut theme.leads,
            Some('D') => &mut theme.details,
            _ => return Err(line),
        };
        variants.push(Variant { tag: mark.next(), text });
    }
    Ok(themes)
}

/// The last sentences of a file, each with the voice that says it; the first line that is not understood, otherwise.
pub(super) fn parse_closings(file: &'static str) -> Result<Vec<(Voice, &'static str)>, &'static str> {
    file.lines()
        .map(|line| {
            let (mark, text) = line.split_once(' ').ok_or(line)?;
            Ok((voice(mark).ok_or(line)?, text))
        })
        .collect()
}

fn header(text: &'static str, language: Language) -> Option<Theme> {
    let mut words = text.split(' ');
    let name = words.next()?;
    let sort = Sort::parse(words.next()?)?;
    let policy = sort == Sort::Policy;
    let mut theme = Theme {
        name,
        language,
        sort,
        voice: voice(words.next()?)?,
        weight: 1,
        life: if sort == Sort::Event { Life::Event } else { Life::Days(30) },
        months: Vec::new(),
        reach: Reach::Any,
        must_acknowledge: policy,
        titles: Vec::new(),
        leads: Vec::new(),
        details: Vec::new(),
    };
    words.try_for_each(|word| option(&mut theme, word))?;
    Some(theme)
}

fn option(theme: &mut Theme, word: &str) -> Option<()> {
    match word {
        "all" => theme.reach = Reach::Everyone,
        "managers" => theme.reach = Reach::Managers,
        "confirm" => theme.must_acknowledge = true,
        "keep" => theme.life = Life::Keep,
        "event" => theme.life = Life::Event,
        _ => {
            if let Some(weight) = word.strip_prefix('x') {
                theme.weight = weight.parse().ok()?;
            } else if let Some(months) = word.strip_prefix("m=") {
                theme.months = months.split(',').map(|month| month.parse().ok()).collect::<Option<_>>()?;
            } else {
                theme.life = Life::Days(word.strip_suffix('d')?.parse().ok()?);
            }
        }
    }
    Some(())
}

fn voice(word: &str) -> Option<Voice> {
    Some(match word {
        "hr" => Voice::HumanResources,
        "communication" => Voice::Communication,
        "it" => Voice::Technology,
        "site" => Voice::Site,
        "direction" => Voice::Management,
        "finance" => Voice::Finance,
        "council" => Voice::Council,
        _ => return None,
    })
}
