//! The announcements of the demonstration: two and a half years of a French company with colleagues from elsewhere.

mod calendar;
mod cast;
mod confirmations;
mod documented;
mod draw;
mod generate;
mod library;
mod load;
mod phrase;
mod record;
mod slots;
mod store;
mod theme;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use load::load;
