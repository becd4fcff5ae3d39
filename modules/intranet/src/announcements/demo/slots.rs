//! The values that fill the slots of one announcement: the same name is the same person throughout it.

use std::collections::BTreeMap;

use socle_kit::kernel::Random;

use super::calendar::Day;
use super::cast::{Cast, department_written};
use super::draw::{between, pick};
use super::phrase::Values;
use super::theme::Language;

const ROOMS: [&str; 10] = [
    "Garonne", "Loire", "Rhône", "Vercors", "Camargue", "Sologne", "Dordogne", "Vanoise", "Brière", "Luberon",
];
const SITES_FR: [&str; 8] =
    ["Lyon", "Nantes", "Lille", "Toulouse", "Rennes", "Strasbourg", "Grenoble", "Tours"];
const SITES_EN: [&str; 8] = ["Dublin", "Lisbon", "Rotterdam", "Lyon", "Nantes", "Porto", "Ghent", "Toulouse"];
const FLOORS_FR: [&str; 6] = ["1er", "2e", "3e", "4e", "5e", "6e"];
const FLOORS_EN: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
const BUILDINGS: [&str; 4] = ["A", "B", "C", "D"];
/// Those who left are no longer among the accounts.
const FORMER_FIRST: [&str; 12] = [
    "Annick",
    "Bernard",
    "Christiane",
    "Daniel",
    "Évelyne",
    "Francis",
    "Gisèle",
    "Jean-Claude",
    "Josiane",
    "Maryvonne",
    "Serge",
    "Solange",
];
const FORMER_LAST: [&str; 12] = [
    "Aubertin",
    "Bellanger",
    "Castagnet",
    "Delmas",
    "Estève",
    "Fouquet",
    "Guillemot",
    "Jacquemin",
    "Lescure",
    "Montaigu",
    "Quéré",
    "Tessier",
];

/// The days that matter to one announcement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    /// When it is out.
    pub(super) out: Day,
    /// The last day to answer.
    pub(super) deadline: Day,
    /// When the thing happens.
    pub(super) date: Day,
    /// When it goes on, or ends.
    pub(super) after: Day,
}

impl Days {
    /// What is announced on the day `out` happens within `within` days, a week at least.
    pub(super) fn after(out: Day, within: i64, random: &Random) -> Self {
        let date = out.plus(between(random, 4, within.clamp(7, 20))).or_next_working();
        let half = out.plus(date.since(out) / 2).or_next_working();
        let deadline = if half < date { half } else { date.plus(-1).or_last_working() };
        let after = date.plus(between(random, 1, 5)).or_next_working();
        Self { out, deadline, date, after }
    }
}

/// The slots of one announcement.
pub(super) struct Slots<'a> {
    pub(super) cast: &'a Cast<'a>,
    pub(super) random: &'a Random,
    pub(super) language: Language,
    pub(super) days: Days,
    /// Who writes it: never one of those it speaks of.
    pub(super) author: &'a str,
    /// The department it is for, or speaks of.
    pub(super) department: &'a str,
    /// Whose turn it is to be welcomed.
    pub(super) newcomer: &'a str,
    /// What was answered before.
    pub(super) given: BTreeMap<String, String>,
}

impl Values for Slots<'_> {
    fn value(&mut self, slot: &str) -> Option<String> {
        if let Some(given) = self.given.get(slot) {
            return Some(given.clone());
        }
        let value = self.moment(slot).or_else(|| self.person(slot)).or_else(|| self.place(slot))?;
        self.keep(slot, &value);
        Some(value)
    }

    fn keep(&mut self, slot: &str, value: &str) {
        self.given.insert(slot.to_owned(), value.to_owned());
    }
}

impl Slots<'_> {
    fn moment(&self, slot: &str) -> Option<String> {
        let Days { out, deadline, date, after } = self.days;
        Some(match slot {
            "date" => date.written(self.language),
            "date2" => after.written(self.language),
            "deadline" => deadline.written(self.language),
            "month" => out.month_written(self.language).to_owned(),
            "quarter" => out.last_quarter(self.language),
            "year" => out.year().to_string(),
            "next_year" => (out.year() + 1).to_string(),
            "time" => self.hour(18, 29),
            "time2" => self.hour(30, 34),
            "count" => between(self.random, 12, 64).to_string(),
            _ => return None,
        })
    }

    fn person(&self, slot: &str) -> Option<String> {
        Some(match slot {
            "name" | "other" => self.another_colleague(),
            "newcomer" => self.newcomer.to_owned(),
            "author" => self.author.to_owned(),
            "former" => {
                let first = pick(self.random, &FORMER_FIRST)?;
                format!("{first} {}", pick(self.random, &FORMER_LAST)?)
            }
            "department" => department_written(self.department, self.language).to_owned(),
            "department2" => {
                let others = || self.cast.department(self.random);
                let other =
                    (0..20).map(|_| others()).find(|other| *other != self.department).unwrap_or_else(others);
                department_written(other, self.language).to_owned()
            }
            _ => return None,
        })
    }

    fn place(&self, slot: &str) -> Option<String> {
        let french = self.language == Language::French;
        let sites = if french { SITES_FR } else { SITES_EN };
        Some(match slot {
            "room" => (*pick(self.random, &ROOMS)?).to_owned(),
            "building" => (*pick(self.random, &BUILDINGS)?).to_owned(),
            "floor" => (*pick(self.random, if french { &FLOORS_FR } else { &FLOORS_EN })?).to_owned(),
            "site" | "site2" => {
                let taken: Vec<&String> =
                    ["site", "site2"].iter().filter_map(|slot| self.given.get(*slot)).collect();
                let free: Vec<&str> =
                    sites.into_iter().filter(|site| !taken.iter().any(|taken| *taken == site)).collect();
                (*pick(self.random, &free)?).to_owned()
            }
            _ => return None,
        })
    }

    /// Somebody whom this announcement has not named yet.
    fn another_colleague(&self) -> String {
        let named = |name: &&str| {
            *name == self.author || *name == self.newcomer || self.given.values().any(|given| given == name)
        };
        let draws = || self.cast.colleague(self.random);
        (0..20).map(|_| draws()).find(|name| !named(name)).unwrap_or_else(draws).to_owned()
    }

    /// A half hour of the day: the 18th is nine in the morning.
    fn hour(&self, from: i64, to: i64) -> String {
        let half = between(self.random, from, to);
        let (hour, minutes) = (half / 2, half % 2 * 30);
        match (self.language, minutes) {
            (Language::French, 0) => format!("{hour}\u{a0}h"),
            (Language::French, _) => format!("{hour}\u{a0}h\u{a0}{minutes}"),
            (Language::English, _) => format!("{hour}:{minutes:02}"),
        }
    }
}
