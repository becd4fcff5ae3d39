//! Writes one announcement of the demonstration after the other, no two the same.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use socle_kit::DemoPerson;
use socle_kit::kernel::{Line, Random, Result, Text, Timestamp};

use super::calendar::Day;
use super::cast::Cast;
use super::draw::{between, chance, pick};
use super::library::Library;
use super::phrase::{capitalised, fill};
use super::record::{icon, record};
use super::slots::{Days, Slots};
use super::theme::{Life, Reach, Theme, going_with};
use crate::announcements::api::{AnnouncementInput, AudienceInput};
use crate::announcements::model::{Announcement, Sort};

/// How often it tries for a text that is not there yet.
const TRIES: usize = 50;
/// How many of a hundred that speak of a department, and of the others, are not for everybody.
const RESTRICTED: (u64, u64) = (76, 32);

/// What is written in the hours of an office is over in the evening.
const EVENING: i64 = 20;

/// The writer, and what was written so far.
pub(super) struct Writer<'a> {
    cast: &'a Cast<'a>,
    library: &'a Library,
    random: &'a Random,
    today: Timestamp,
    newcomers: VecDeque<&'a DemoPerson>,
    recent: VecDeque<&'static str>,
    known: BTreeSet<(Line, Text)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        cast: &'a Cast<'a>,
        library: &'a Library,
        random: &'a Random,
        today: Timestamp,
    ) -> Self {
        let is_spoken_of = |person: &&DemoPerson| {
            person.role == "employee"
                && person
                    .department
                    .as_deref()
                    .is_some_and(|department| cast.departments.contains(&department))
        };
        let newcomers = cast.colleagues.iter().copied().filter(is_spoken_of).collect();
        Self { cast, library, random, today, newcomers, recent: VecDeque::new(), known: BTreeSet::new() }
    }

    /// The announcement number `number`, written and published at these times; none when there is nobody to
    /// write it, or nothing new to say.
    pub(super) fn write(
        &mut self,
        number: u32,
        written_at: Timestamp,
        published_at: Timestamp,
    ) -> Result<Option<Announcement>> {
        for _ in 0..TRIES {
            let month = Day::of(published_at).month();
            let Some(theme) = self.library.next(month, self.random, &mut self.recent) else { continue };
            let Some(author) = self.cast.author(theme.voice, self.random) else { return Ok(None) };
            let input = self.compose(theme, author, published_at);
            if self.known.insert((input.title.clone(), input.content.clone())) {
                return record(number, author, input, written_at, self.today).map(Some);
            }
        }
        Ok(None)
    }

    fn compose(
        &mut self,
        theme: &Theme,
        author: &'a DemoPerson,
        published_at: Timestamp,
    ) -> AnnouncementInput {
        let (cast, random) = (self.cast, self.random);
        let out = Day::of(published_at);
        let within = if let Life::Days(days) = theme.life { days } else { i64::MAX };
        let days = Days::after(out, within, random);
        let newcomer = self.next_newcomer(theme, author);
        let department = newcomer.and_then(|person| person.department.as_deref());
        let department = department.unwrap_or_else(|| cast.department(random));
        let mut slots = Slots {
            cast,
            random,
            language: theme.language,
            days,
            author: &author.name,
            department,
            newcomer: newcomer.map(|person| person.name.as_str()).unwrap_or_default(),
            given: BTreeMap::new(),
        };
        let mut filled = |template: &str| capitalised(&fill(template, theme.language, random, &mut slots));
        let (title, content) = self.text(theme, &mut filled);
        AnnouncementInput {
            title: Line::parse(&title).unwrap_or_default(),
            content: Text::parse(&content).unwrap_or_default(),
            sort: theme.sort,
            image_url: None,
            icon: icon(theme.sort),
            is_important: theme.sort == Sort::Important || (theme.must_acknowledge && chance(random, 25)),
            is_pinned: false,
            must_acknowledge: theme.must_acknowledge,
            audience: self.audience(theme, department),
            published_at: Some(published_at),
            expires_at: expiry(theme, &days, random),
        }
    }

    /// A title; then the lead, two or three details, and a word at the end.
    fn text(&self, theme: &Theme, filled: &mut dyn FnMut(&str) -> String) -> (String, String) {
        let Some(lead) = pick(self.random, &theme.leads).copied() else { return Default::default() };
        let title = filled(pick(self.random, &going_with(lead, &theme.titles)).copied().unwrap_or_default());
        let mut details = going_with(lead, &theme.details);
        let wanted = if chance(self.random, 25) { 3 } else { 2 };
        while details.len() > wanted {
            let left_out = between(self.random, 0, i64::try_from(details.len()).unwrap_or(1) - 1);
            details.remove(usize::try_from(left_out).unwrap_or(0));
        }
        let closing = self.library.closing(theme.language, theme.voice, self.random);
        let paragraph = if chance(self.random, 60) { "\n\n" } else { " " };
        let lead = filled(lead.text);
        let details: Vec<String> = details.into_iter().map(&mut *filled).collect();
        let closing = filled(closing);
        (title, format!("{lead}\n\n{}\n\n{closing}", details.join(paragraph)))
    }

    fn audience(&self, theme: &Theme, department: &str) -> AudienceInput {
        let share = if theme.names_a_department() { RESTRICTED.0 } else { RESTRICTED.1 };
        let names: Vec<&str> = match theme.reach {
            Reach::Managers => {
                let leads =
                    |role: &&str| *role == "manager" || (*role == "moderator" && chance(self.random, 30));
                let roles = self.cast.roles.iter().copied().filter(leads);
                return AudienceInput { roles: lines(roles), ..AudienceInput::default() };
            }
            Reach::Any if chance(self.random, share) => {
                let others = (0..between(self.random, 0, 2)).map(|_| self.cast.department(self.random));
                std::iter::once(department).chain(others).collect()
            }
            Reach::Any | Reach::Everyone => return AudienceInput::default(),
        };
        if !theme.names_a_department() && chance(self.random, 35) {
            let roles: Vec<&str> = self.cast.roles.iter().copied().filter(|role| *role != "admin").collect();
            let roles = pick(self.random, &roles).copied();
            return AudienceInput { roles: lines(roles), ..AudienceInput::default() };
        }
        AudienceInput { departments: lines(names), ..AudienceInput::default() }
    }

    /// Everybody is welcomed once before anybody is welcomed twice.
    fn next_newcomer(&mut self, theme: &Theme, author: &DemoPerson) -> Option<&'a DemoPerson> {
        if !theme.is_welcome() {
            return None;
        }
        let at = self.newcomers.iter().position(|person| person.id != author.id)?;
        let newcomer = self.newcomers.remove(at)?;
        self.newcomers.push_back(newcomer);
        Some(newcomer)
    }
}

fn expiry(theme: &Theme, days: &Days, random: &Random) -> Option<Timestamp> {
    match theme.life {
        Life::Keep => None,
        Life::Event => Some(days.after.at(EVENING, 0, 0)),
        Life::Days(_) if theme.sort == Sort::Info && chance(random, 10) => None,
        Life::Days(long) => Some(days.out.plus(long).max(days.after).at(EVENING, 0, 0)),
    }
}

/// The names, without doubles and empty ones.
fn lines<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Line> {
    let names: BTreeSet<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    names.into_iter().filter_map(Line::parse).collect()
}
