//! The announcements of the demonstration, over thirty months and some weeks to come.

use std::time::Duration;

use socle_kit::DemoPerson;
use socle_kit::kernel::{Random, Result, Timestamp};

use super::calendar::Day;
use super::cast::Cast;
use super::documented::documented;
use super::draw::{between, chance};
use super::library::Library;
use super::writer::Writer;
use crate::announcements::model::{Announcement, Phase};

/// How many have been out.
const PAST: u32 = 2_085;
/// How many are still to come.
const SCHEDULED: u32 = 15;
/// Thirty months.
const PAST_DAYS: i64 = 913;
/// Four weeks.
const SCHEDULED_DAYS: i64 = 28;
/// How many stand at the top, besides the documented one.
const PINNED: usize = 4;
/// What stands at the top came out within so many days, and stays for a week at least.
const PINNED_FOR: Duration = Duration::from_secs(45 * 86_400);
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// All the announcements of a company of these people on this day; the same randomness makes the same ones. The
/// first two are the documented ones. Without people there are none.
pub(super) fn announcements(
    people: &[DemoPerson],
    random: &Random,
    today: Timestamp,
) -> Result<Vec<Announcement>> {
    let mut rows = documented(people, today)?;
    let (cast, library) = (Cast::of(people), Library::open()?);
    let mut writer = Writer::new(&cast, &library, random, today);
    let first = u32::try_from(rows.len()).unwrap_or(0);
    for ((written_at, published_at), number) in moments(random, Day::of(today)).into_iter().zip(first..) {
        rows.extend(writer.write(number, written_at, published_at)?);
    }
    pin(&mut rows, today);
    Ok(rows)
}

/// When each was written and published, in order: news comes out when it is written, or waits.
fn moments(random: &Random, today: Day) -> Vec<(Timestamp, Timestamp)> {
    let mut moments: Vec<(Timestamp, Timestamp)> = (0..PAST)
        .map(|_| {
            let moment = in_office_hours(past_day(random, today), random);
            (moment, moment)
        })
        .collect();
    moments.sort_unstable();
    moments.extend((0..SCHEDULED).map(|_| {
        let written = today.plus(-between(random, 1, 5)).or_last_working();
        let published = today.plus(between(random, 1, SCHEDULED_DAYS)).or_next_working();
        (in_office_hours(written, random), published.at(between(random, 8, 9), between(random, 0, 11) * 5, 0))
    }));
    moments
}

/// A working day before today; August and the days around the New Year are quieter.
fn past_day(random: &Random, today: Day) -> Day {
    let draw = || today.plus(-between(random, 1, PAST_DAYS)).or_last_working();
    let day = draw();
    if day.is_quiet() && chance(random, 60) { draw() } else { day }
}

fn in_office_hours(day: Day, random: &Random) -> Timestamp {
    day.at(between(random, 8, 17), between(random, 0, 59), between(random, 0, 59))
}

/// Keeps some at the top: important news for everybody, out for a short while.
fn pin(rows: &mut [Announcement], today: Timestamp) {
    rows.iter_mut()
        .rev()
        .filter(|row| {
            row.phase == Phase::Published
                && row.for_everyone
                && row.is_important
                && row.published_at > today.minus(PINNED_FOR)
                && row.expires_at.is_none_or(|end| end > today.plus(WEEK))
        })
        .take(PINNED)
        .for_each(|row| row.is_pinned = true);
}
