//! How a text of the demonstration becomes a row, with an identifier by which a later load knows it.

use socle_kit::DemoPerson;
use socle_kit::kernel::{Id, Line, Result, Timestamp};

use super::cast::acting;
use crate::announcements::api::AnnouncementInput;
use crate::announcements::model::{Announcement, Sort};

/// Version 7 of the standard, its other variant bits, and the mark of the demonstration; the number follows.
const MARK: u128 = 0x7000_8000_0de0_0000_0000;

/// The identifier of an announcement of the demonstration: a UUID version 7 of the time at which it was written,
/// whose end holds the mark of the demonstration and the number.
pub(super) fn id_of(number: u32, written_at: Timestamp) -> Id<Announcement> {
    let milliseconds = u128::try_from(written_at.micros() / 1_000).unwrap_or(0);
    Id::from_u128(milliseconds << 80 | MARK | u128::from(number))
}

/// The number that `id_of` was given.
pub(super) fn number_of(id: Id<Announcement>) -> u32 {
    u32::try_from(id.uuid().as_u128() & u128::from(u32::MAX)).unwrap_or(0)
}

/// The announcement number `number` as it stands today, never changed since `author` wrote it.
pub(super) fn record(
    number: u32,
    author: &DemoPerson,
    input: AnnouncementInput,
    written_at: Timestamp,
    today: Timestamp,
) -> Result<Announcement> {
    let author = acting(author);
    let blank = Announcement::blank(id_of(number, written_at), &author, written_at)?;
    let mut row = blank.clone();
    input.write_to(&mut row);
    row.settle(&blank, &author, written_at)?;
    // Its readers were told when it came out and when it was over: nothing is left for the clock to announce.
    row.phase = row.phase_at(today);
    Ok(row)
}

/// The icon of a sort of news.
pub(super) fn icon(sort: Sort) -> Option<Line> {
    Line::parse(match sort {
        Sort::Info => return None,
        Sort::Important => "alert-triangle",
        Sort::Event => "calendar",
        Sort::Policy => "scale",
        Sort::Training => "graduation-cap",
    })
}
