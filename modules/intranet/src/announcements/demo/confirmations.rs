//! Who of the demonstration has confirmed having read what.

use socle_kit::DemoPerson;
use socle_kit::kernel::{Random, Timestamp, UserId};

use super::calendar::Day;
use super::cast::acting;
use super::draw::{between, chance};
use crate::announcements::model::{Announcement, Phase};

/// What has been out longer is nobody's concern any more.
const RECENT_DAYS: i64 = 60;

/// The confirmations of an announcement by today: many on the first days, never quite everybody's.
pub(super) fn confirmations(
    announcement: &Announcement,
    people: &[DemoPerson],
    random: &Random,
    today: Timestamp,
) -> Vec<(UserId, Timestamp)> {
    let days_out = Day::of(today).since(Day::of(announcement.published_at));
    if !announcement.must_acknowledge || announcement.phase != Phase::Published || days_out > RECENT_DAYS {
        return Vec::new();
    }
    let share = u64::try_from(between(random, 20, 35) + days_out.clamp(0, 25) * 5 / 2).unwrap_or(0);
    people
        .iter()
        .filter(|person| announcement.is_for(&acting(person)) && chance(random, share))
        .map(|person| (person.id, read_at(announcement.published_at, days_out, random, today)))
        .collect()
}

/// In the hours of work of a day soon after, never later than today.
fn read_at(published_at: Timestamp, days_out: i64, random: &Random, today: Timestamp) -> Timestamp {
    let days = between(random, 0, days_out) * between(random, 0, 100) / 100;
    let day = Day::of(published_at).plus(days).or_next_working();
    let moment = day.at(between(random, 8, 17), between(random, 0, 59), between(random, 0, 59));
    if moment > published_at && moment <= today {
        return moment;
    }
    let span = (today.micros() - published_at.micros()).clamp(1, 2 * 3_600_000_000);
    Timestamp::from_micros(published_at.micros() + between(random, 1, span))
}
