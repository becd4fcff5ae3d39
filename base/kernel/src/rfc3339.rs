//! Instants as text, written in place.
//!
//! A page of a list holds a hundred instants, and general printers (for any calendar, offset and precision) took a
//! twentieth of its time. Reading is left to them.

/// `9999-12-31T23:59:59.999999Z`
const LONGEST: usize = 27;

/// An instant in the form of RFC 3339, in UTC, with as many decimals as needed.
pub(crate) struct Rfc3339 {
    text: [u8; LONGEST],
    length: usize,
}

impl Rfc3339 {
    /// The instant this many microseconds after the epoch, which lies in the years 1 to 9999.
    pub(crate) fn of(micros: i64) -> Self {
        let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = date_of(days);
        let mut written = Self { text: [0; LONGEST], length: 0 };
        written.number(year, 4);
        written.byte(b'-');
        written.number(month, 2);
        written.byte(b'-');
        written.number(day, 2);
        written.byte(b'T');
        written.number(second / 3_600, 2);
        written.byte(b':');
        written.number(second / 60 % 60, 2);
        written.byte(b':');
        written.number(second % 60, 2);
        if micros > 0 {
            let (mut fraction, mut width) = (micros, 6);
            while fraction % 10 == 0 {
                fraction /= 10;
                width -= 1;
            }
            written.byte(b'.');
            written.number(fraction, width);
        }
        written.byte(b'Z');
        written
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.get(..self.length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.text.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    /// The last `width` digits of a number.
    fn number(&mut self, mut number: i64, width: usize) {
        let end = self.length + width;
        if let Some(places) = self.text.get_mut(self.length..end) {
            for place in places.iter_mut().rev() {
                *place = b'0' + (number % 10).unsigned_abs() as u8;
                number /= 10;
            }
            self.length = end;
        }
    }
}

/// Year, month and day of a day counted from the epoch, in the proleptic Gregorian calendar. Years are taken to
/// begin in March, so that the leap day is the last of its year and months have lengths of one pattern; the
/// calendar repeats every 400 years, which are 146,097 days.
fn date_of(days: i64) -> (i64, i64, i64) {
    // The epoch is day 719,468 from 0000-03-01.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(micros: i64) {
        let theirs = jiff::Timestamp::from_microsecond(micros).unwrap();
        assert_eq!(Rfc3339::of(micros).as_str(), theirs.to_string());
    }

    #[test]
    fn instants_are_spelt_as_the_calendar_library_spells_them() {
        const DAY: i64 = 86_400_000_000;
        // Every day of four centuries, then every 37th of the years 1 to 9999, each at another moment.
        let (near, far) = (-100_000..46_097, (-719_162..=2_932_800).step_by(37));
        for day in near.chain(far) {
            agree(day * DAY + (day * 7_919_000_077).rem_euclid(DAY));
        }
    }

    #[test]
    fn only_decimals_that_are_needed_are_written() {
        for (micros, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (120_000, "1970-01-01T00:00:00.12Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            // Later than the calendar library goes.
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(Rfc3339::of(micros).as_str(), expected);
        }
    }
}
