//! Which part of a list is asked for, and the part that is given.

use crate::{Error, FieldError, Result, codes};

/// The most rows one page may hold.
pub const MAX_LIMIT: i64 = 100;
/// How far down a list page numbers reach; below, only a cursor does (an offset costs what it skips).
pub const MAX_OFFSET: i64 = 10_000;

/// The part of a list that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it begins.
    pub position: Position,
    /// At most how many rows, 1 to [`MAX_LIMIT`].
    pub limit: i64,
    /// The order; empty means the list's own.
    pub sort: Vec<Sort>,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// The n-th page, from 1.
    Number(i64),
    /// After the row an opaque cursor points at; `None` is the beginning, paged by cursor.
    After(Option<String>),
}

/// One key of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The name on the wire: `createdAt`.
    pub key: String,
    /// Which way.
    pub direction: Direction,
}

/// Which way a key is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first: `-createdAt`.
    Descending,
}

impl Default for Page {
    fn default() -> Self {
        Self { position: Position::Number(1), limit: 20, sort: Vec::new() }
    }
}

/// A part of a list, and where it stands in the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The limit that was asked for.
    pub limit: i64,
    /// The page number, where pages are numbered.
    pub page: Option<i64>,
    /// How many rows the whole list has; none when paged by cursor (counting would cost more than the page).
    pub total: Option<i64>,
    /// The cursor of the page after this one; none on the last.
    pub next_cursor: Option<String>,
    /// Does something follow?
    pub has_next: bool,
}

impl<T> Slice<T> {
    /// The part of a whole list that is at hand, in its own order: it cannot be sorted otherwise. The cursor is
    /// the position itself.
    pub fn of_all(all: Vec<T>, page: &Page) -> Result<Self> {
        if !page.sort.is_empty() {
            return Err(Error::invalid(vec![
                FieldError::new("sort", codes::UNKNOWN_SORT).arg("allowed", ""),
            ]));
        }
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let (start, number) = match &page.position {
            Position::Number(number) => ((number - 1).saturating_mul(page.limit), Some(*number)),
            Position::After(None) => (0, None),
            Position::After(Some(cursor)) => {
                let start = cursor.parse().ok().filter(|start| *start >= 0);
                (start.ok_or_else(|| Error::invalid_field("cursor", codes::BAD_CURSOR))?, None)
            }
        };
        let skip = usize::try_from(start).unwrap_or(usize::MAX);
        let take = usize::try_from(page.limit).unwrap_or_default();
        let items: Vec<T> = all.into_iter().skip(skip).take(take).collect();
        let end = start.saturating_add(page.limit);
        let has_next = end < total;
        Ok(Self {
            items,
            limit: page.limit,
            page: number,
            total: number.map(|_| total),
            next_cursor: has_next.then(|| end.to_string()),
            has_next,
        })
    }

    /// The same slice of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Slice<U> {
        Slice {
            items: self.items.into_iter().map(f).collect(),
            limit: self.limit,
            page: self.page,
            total: self.total,
            next_cursor: self.next_cursor,
            has_next: self.has_next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(position: Position) -> Page {
        Page { position, limit: 2, sort: Vec::new() }
    }

    #[test]
    fn a_list_at_hand_is_cut_by_number_and_by_cursor_alike() {
        let second = Slice::of_all(vec![1, 2, 3, 4, 5], &page(Position::Number(2))).unwrap();
        assert_eq!((second.items, second.total, second.has_next), (vec![3, 4], Some(5), true));
        let mut cursor = None;
        let mut seen = Vec::new();
        loop {
            let slice = Slice::of_all(vec![1, 2, 3, 4, 5], &page(Position::After(cursor))).unwrap();
            seen.extend(slice.items);
            let Some(next) = slice.next_cursor else { break };
            cursor = Some(next);
        }
        assert_eq!(seen, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_foreign_cursor_and_a_sort_are_refused() {
        assert!(Slice::of_all(vec![1], &page(Position::After(Some("-1".into())))).is_err());
        let sorted =
            Page { sort: vec![Sort { key: "x".into(), direction: Direction::Ascending }], ..Page::default() };
        assert!(Slice::of_all(vec![1], &sorted).is_err());
        assert!(Slice::of_all(vec![1], &page(Position::Number(i64::MAX))).unwrap().items.is_empty());
    }
}
