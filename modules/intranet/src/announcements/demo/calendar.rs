//! The working days of a French office, its hours, and how dates are written.

use socle_kit::kernel::Timestamp;

use super::theme::Language;

const SECONDS: i64 = 86_400;

const DAYS_FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const QUARTERS_FR: [&str; 4] = ["premier", "deuxième", "troisième", "quatrième"];
const QUARTERS_EN: [&str; 4] = ["first", "second", "third", "fourth"];

/// The public holidays that fall on the same date every year: (month, day).
const HOLIDAYS: [(i64, i64); 8] = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
/// The public holidays that follow Easter Sunday, by how many days: its Monday, Ascension Day, Whit Monday.
const AFTER_EASTER: [i64; 3] = [1, 39, 50];

/// A day, counted from 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(i64);

impl Day {
    /// The day of an instant, in Paris.
    pub(super) fn of(instant: Timestamp) -> Self {
        let utc = Self(instant.seconds().div_euclid(SECONDS));
        Self((instant.seconds() + utc.offset()).div_euclid(SECONDS))
    }

    /// The day so many days later, or earlier.
    pub(super) fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// How many days after `earlier` this is.
    pub(super) fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// That hour in Paris.
    pub(super) fn at(self, hour: i64, minute: i64, second: i64) -> Timestamp {
        Timestamp::from_seconds(self.0 * SECONDS + hour * 3_600 + minute * 60 + second - self.offset())
    }

    /// This day if people work on it, else the first after it on which they do.
    pub(super) fn or_next_working(self) -> Self {
        if self.is_working() { self } else { self.plus(1).or_next_working() }
    }

    /// This day if people work on it, else the last before it on which they did.
    pub(super) fn or_last_working(self) -> Self {
        if self.is_working() { self } else { self.plus(-1).or_last_working() }
    }

    /// Neither a weekend nor a public holiday.
    pub(super) fn is_working(self) -> bool {
        let (year, month, day) = self.civil();
        let easter = easter(year);
        self.weekday() < 5
            && !HOLIDAYS.contains(&(month, day))
            && !AFTER_EASTER.iter().any(|days| easter.plus(*days) == self)
    }

    /// In August, or between Christmas and the New Year: most people are away.
    pub(super) fn is_quiet(self) -> bool {
        let (_, month, day) = self.civil();
        month == 8 || (month == 12 && day > 23)
    }

    /// The month, from 1.
    pub(super) fn month(self) -> i64 {
        self.civil().1
    }

    /// The year.
    pub(super) fn year(self) -> i64 {
        self.civil().0
    }

    /// `mardi 14 octobre`, `Tuesday 14 October`.
    pub(super) fn written(self, language: Language) -> String {
        let (_, _, day) = self.civil();
        let names = if language == Language::French { DAYS_FR } else { DAYS_EN };
        let weekday = name(&names, self.weekday());
        let first = if language == Language::French && day == 1 { "er" } else { "" };
        format!("{weekday} {day}{first} {}", self.month_written(language))
    }

    /// `octobre`, `October`.
    pub(super) fn month_written(self, language: Language) -> &'static str {
        let names = if language == Language::French { MONTHS_FR } else { MONTHS_EN };
        name(&names, self.month() - 1)
    }

    /// The last quarter that was over on this day.
    pub(super) fn last_quarter(self, language: Language) -> String {
        let (year, month, _) = self.civil();
        let (quarter, year) = match (month - 1) / 3 {
            0 => (3, year - 1),
            running => (running - 1, year),
        };
        match language {
            Language::French => format!("{} trimestre {year}", name(&QUARTERS_FR, quarter)),
            Language::English => format!("{} quarter of {year}", name(&QUARTERS_EN, quarter)),
        }
    }

    /// Monday is 0; the day 0 was a Thursday.
    fn weekday(self) -> i64 {
        (self.0 + 3).rem_euclid(7)
    }

    /// Seconds that Paris is ahead of UTC: summer is from the last Sunday of March to the last of October.
    fn offset(self) -> i64 {
        let (year, month, day) = self.civil();
        let last_sunday = |month| {
            let end = Self::from_civil(year, month, 31);
            end.plus(-((end.weekday() + 1) % 7)).civil().2
        };
        let summer = match month {
            3 => day >= last_sunday(3),
            10 => day < last_sunday(10),
            _ => (4..10).contains(&month),
        };
        if summer { 7_200 } else { 3_600 }
    }

    /// Year, month and day. The algorithm is Howard Hinnant's `civil_from_days`.
    fn civil(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }

    /// The inverse of `civil`: Hinnant's `days_from_civil`.
    fn from_civil(year: i64, month: i64, day: i64) -> Self {
        let year = year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }
}

/// Easter Sunday (the anonymous Gregorian computus, as Meeus gives it).
fn easter(year: i64) -> Day {
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let moon = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * sunday) / 451;
    let count = epact + sunday - 7 * late + 114;
    Day::from_civil(year, count / 31, count % 31 + 1)
}

fn name(names: &[&'static str], at: i64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::of(text.parse().unwrap())
    }

    #[test]
    fn the_date_of_an_instant_is_that_of_paris() {
        assert_eq!(day("2025-10-13T22:30:00Z").written(Language::French), "mardi 14 octobre");
        assert_eq!(day("2026-01-31T23:30:00Z").written(Language::French), "dimanche 1er février");
        assert_eq!(day("2024-02-29T12:00:00Z").written(Language::English), "Thursday 29 February");
    }

    #[test]
    fn nine_in_paris_is_eight_in_winter_and_seven_in_summer() {
        for (date, utc) in [
            ("2026-01-15T12:00:00Z", "2026-01-15T08:00:00Z"),
            ("2026-03-28T12:00:00Z", "2026-03-28T08:00:00Z"),
            ("2026-03-29T12:00:00Z", "2026-03-29T07:00:00Z"),
            ("2026-10-24T12:00:00Z", "2026-10-24T07:00:00Z"),
            ("2026-10-25T12:00:00Z", "2026-10-25T08:00:00Z"),
        ] {
            assert_eq!(day(date).at(9, 0, 0).to_string(), utc);
        }
    }

    #[test]
    fn nobody_works_at_weekends_and_on_public_holidays() {
        for free in
            ["2026-04-04", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2025-12-25", "2024-05-09"]
        {
            assert!(!day(&format!("{free}T12:00:00Z")).is_working(), "{free}");
        }
        assert!(day("2026-04-07T12:00:00Z").is_working());
        let holiday = day("2026-05-01T12:00:00Z");
        assert_eq!(holiday.or_next_working(), day("2026-05-04T12:00:00Z"));
        assert_eq!(holiday.or_last_working(), day("2026-04-30T12:00:00Z"));
    }

    #[test]
    fn in_january_the_last_quarter_is_last_years() {
        assert_eq!(day("2026-01-15T12:00:00Z").last_quarter(Language::French), "quatrième trimestre 2025");
        assert_eq!(day("2025-11-15T12:00:00Z").last_quarter(Language::English), "third quarter of 2025");
    }
}
