//! Lists: filters, search, order, pages by number and by cursor, once for everybody.

use socle_kernel::{
    Direction, Error, FieldError, MAX_LIMIT, MAX_OFFSET, Page, Position, Result, Slice, Sort, ToValue, Value,
    codes, fold,
};

use crate::collation;
use crate::conn::{Conn, read_row, read_value};
use crate::cursor::{self, Key};
use crate::failure::StatementError;
use crate::params::Params;
use crate::placeholders;
use crate::row::Row;

/// At most how many words of a search are looked for; the others of so long a needle hardly matter.
const WORDS: usize = 16;
/// How many characters of one word are looked for: no word is longer, and long needles make some searches slow.
const LONGEST_WORD: usize = 64;

/// A column that callers may sort by. It is NOT NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortColumn {
    /// The name on the wire: `createdAt`.
    pub key: &'static str,
    /// The column: `created_at`.
    pub column: &'static str,
}

impl SortColumn {
    /// The column `column`, called `key` on the wire.
    pub const fn new(key: &'static str, column: &'static str) -> Self {
        Self { key, column }
    }
}

/// The rows of one table that meet some conditions, in some order. The table has an `id`, the last tie-break.
#[derive(Debug, Clone)]
#[must_use]
pub struct List {
    table: &'static str,
    conditions: String,
    params: Vec<Value>,
    order: Vec<(&'static str, Direction)>,
}

impl List {
    /// All rows of a table.
    pub fn from(table: &'static str) -> Self {
        Self { table, conditions: String::new(), params: Vec::new(), order: Vec::new() }
    }

    /// Those that also meet `condition value`: `.and("created_at >=", since)`.
    pub fn and(mut self, condition: &'static str, value: impl ToValue) -> Self {
        let place = self.bind(value.to_value());
        self.push(&format!("{condition} ?{place}"));
        self
    }

    /// As [`List::and`] when there is a value; all rows when there is none.
    pub fn and_opt(self, condition: &'static str, value: Option<impl ToValue>) -> Self {
        match value {
            Some(value) => self.and(condition, value),
            None => self,
        }
    }

    /// Those whose column has one of these values; none when there are no values.
    pub fn and_in(mut self, column: &'static str, values: &[impl ToValue]) -> Self {
        let places: Vec<String> =
            values.iter().map(|value| format!("?{}", self.bind(value.to_value()))).collect();
        if places.is_empty() {
            self.push("1 = 0");
        } else {
            self.push(&format!("{column} IN ({})", places.join(", ")));
        }
        self
    }

    /// Those that also meet a condition written out, with places of its own: `?` for the next value, or `?1`, `?2`.
    ///
    /// `.and_raw("(audience = 'all' OR EXISTS (SELECT 1 FROM … WHERE user_id = ?))", &[&user])`
    pub fn and_raw(mut self, condition: &'static str, params: &[&dyn ToValue]) -> Self {
        let before = self.params.len();
        let (condition, _) = placeholders::rewrite(condition, |number, text| {
            text.push('?');
            text.push_str(&(before + number).to_string());
        });
        self.params.extend(params.iter().map(ToValue::to_value));
        self.push(&condition);
        self
    }

    /// Those whose `column`, which holds text folded by the kernel's `fold`, has every word of the needle.
    pub fn search<'a>(mut self, column: &'static str, needle: impl Into<Option<&'a str>>) -> Self {
        let folded = fold(needle.into().unwrap_or_default());
        for word in folded.split(' ').filter(|word| !word.is_empty()).take(WORDS) {
            let end = word.char_indices().nth(LONGEST_WORD).map_or(word.len(), |(end, _)| end);
            let place = self.bind(Value::Text(word.get(..end).unwrap_or_default().to_owned()));
            self.push(&format!("strpos({column}, ?{place}) > 0"));
        }
        self
    }

    /// The list's own order, used when the caller asks for none: one call per column, the first one first.
    pub fn order_by(mut self, column: &'static str, direction: Direction) -> Self {
        self.order.push((column, direction));
        self
    }

    /// How many rows there are.
    pub fn count(&self, conn: &mut Conn) -> Result<i64> {
        let sql = format!("SELECT COUNT(*) FROM {}{}", self.table, self.filter(None));
        Ok(conn.first(&sql, Params::Values(&self.params), read_value)?.unwrap_or(0))
    }

    /// The part of the list that `page` asks for, ordered by columns of `sorts`.
    ///
    /// Pages by number count the whole list and also give the cursor of the page after, so that a caller may
    /// change over.
    pub fn slice<T: Row>(&self, conn: &mut Conn, sorts: &[SortColumn], page: &Page) -> Result<Slice<T>> {
        let keys = self.keys(conn, sorts, &page.sort)?;
        let limit = page.limit.clamp(1, MAX_LIMIT);
        match &page.position {
            Position::Number(number) => self.numbered(conn, &keys, (*number).max(1), limit),
            Position::After(cursor) => self.following(conn, &keys, cursor.as_deref(), limit),
        }
    }

    fn numbered<T: Row>(&self, conn: &mut Conn, keys: &[Key], number: i64, limit: i64) -> Result<Slice<T>> {
        let offset = (number - 1).saturating_mul(limit);
        if offset >= MAX_OFFSET {
            let error =
                FieldError::new("page", codes::PAGE_TOO_DEEP).arg("max", (MAX_OFFSET + limit - 1) / limit);
            return Err(Error::invalid(vec![error]));
        }
        let part = self.fetch::<T>(conn, keys, None, limit, offset)?;
        let given = i64::try_from(part.items.len()).unwrap_or(limit);
        // A page that is not full says where the list ends, unless it begins after the end.
        let total = if part.next_cursor.is_none() && (given > 0 || offset == 0) {
            offset + given
        } else {
            self.count(conn)?
        };
        Ok(Slice { page: Some(number), total: Some(total), ..part })
    }

    fn following<T: Row>(
        &self,
        conn: &mut Conn,
        keys: &[Key],
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Slice<T>> {
        let Some(cursor) = cursor else { return self.fetch(conn, keys, None, limit, 0) };
        let after = cursor::read(cursor, self.table, keys)?;
        self.fetch(conn, keys, Some(&after), limit, 0).map_err(|error| {
            // No such operator: somebody put a text where the column holds a number.
            let is_foreign =
                error.cause::<StatementError>().is_some_and(|cause| cause.state.as_deref() == Some("42883"));
            if is_foreign { cursor::bad() } else { error }
        })
    }

    fn fetch<T: Row>(
        &self,
        conn: &mut Conn,
        keys: &[Key],
        after: Option<&[Value]>,
        limit: i64,
        offset: i64,
    ) -> Result<Slice<T>> {
        let mut params = self.params.clone();
        let beyond = after.map(|values| {
            let first = params.len() + 1;
            params.extend(values.iter().cloned());
            cursor::condition(keys, first)
        });
        // A limit is one of a hundred and is written out, so that the planner knows how little is wanted; every
        // page has an offset of its own.
        let offset = if offset == 0 {
            String::new()
        } else {
            params.push(Value::Int(offset));
            format!(" OFFSET ?{}", params.len())
        };
        let columns = cursor::columns(T::COLUMNS, keys);
        let sql = format!(
            "SELECT {} FROM {}{} ORDER BY {} LIMIT {}{offset}",
            columns.join(", "),
            self.table,
            self.filter(beyond.as_deref()),
            cursor::order(keys),
            limit + 1,
        );
        let wanted = usize::try_from(limit).unwrap_or(1);
        let mut items = Vec::with_capacity(wanted);
        let mut last = Vec::new();
        let mut has_next = false;
        conn.query(&sql, Params::Values(&params), |row| {
            if items.len() == wanted {
                has_next = true;
                return Ok(false);
            }
            items.push(read_row(row)?);
            if items.len() == wanted {
                last = cursor::values(row, &columns, keys)?;
            }
            Ok(true)
        })?;
        let next_cursor = has_next.then(|| cursor::write(self.table, keys, &last));
        Ok(Slice { items, limit, page: None, total: None, next_cursor, has_next })
    }

    /// The columns to sort by: those asked for, or the list's own; and the identifier.
    fn keys(&self, conn: &mut Conn, sorts: &[SortColumn], asked: &[Sort]) -> Result<Vec<Key>> {
        let mut order: Vec<(&'static str, Direction)> = Vec::with_capacity(asked.len() + 1);
        for sort in asked {
            let known = sorts.iter().find(|column| column.key == sort.key);
            let column = known.ok_or_else(|| unknown_sort(sorts))?.column;
            order.push((column, sort.direction));
        }
        if asked.is_empty() {
            order.clone_from(&self.order);
        }
        // In the direction of the last column, so that an index on the columns and the identifier serves both ways.
        order.push(("id", order.last().map_or(Direction::Ascending, |(_, direction)| *direction)));
        let mut keys: Vec<Key> = Vec::with_capacity(order.len());
        for (column, direction) in order {
            if keys.iter().all(|key| key.column != column) {
                keys.push(Key { column, sorted: collation::sorted(conn, self.table, column)?, direction });
            }
        }
        Ok(keys)
    }

    fn filter(&self, beyond: Option<&str>) -> String {
        match (self.conditions.as_str(), beyond) {
            ("", None) => String::new(),
            ("", Some(beyond)) => format!(" WHERE {beyond}"),
            (conditions, None) => format!(" WHERE {conditions}"),
            (conditions, Some(beyond)) => format!(" WHERE {conditions} AND {beyond}"),
        }
    }

    fn bind(&mut self, value: Value) -> usize {
        self.params.push(value);
        self.params.len()
    }

    fn push(&mut self, condition: &str) {
        if !self.conditions.is_empty() {
            self.conditions.push_str(" AND ");
        }
        self.conditions.push_str(condition);
    }
}

fn unknown_sort(sorts: &[SortColumn]) -> Error {
    let allowed: Vec<&str> = sorts.iter().map(|column| column.key).collect();
    Error::invalid(vec![FieldError::new("sort", codes::UNKNOWN_SORT).arg("allowed", allowed.join(", "))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_keep_their_own_numbering() {
        let list = List::from("t")
            .and("a =", 1_i64)
            .and_opt("b =", None::<i64>)
            .and_raw("(c = ? OR d = ?)", &[&2_i64, &3_i64])
            .and_raw("(e = ?2 OR e = ?1 OR f = '?')", &[&4_i64, &5_i64])
            .and_in("g", &[6_i64, 7])
            .and_in("h", &[] as &[i64]);
        assert_eq!(
            list.conditions,
            "a = ?1 AND (c = ?2 OR d = ?3) AND (e = ?5 OR e = ?4 OR f = '?') AND g IN (?6, ?7) AND 1 = 0"
        );
        assert_eq!(list.params, (1..=7).map(Value::Int).collect::<Vec<_>>());
    }

    #[test]
    fn every_word_of_a_needle_is_looked_for_literally() {
        let list = List::from("t").search("search_text", Some(" Été 50%_\\ "));
        assert_eq!(list.conditions, "strpos(search_text, ?1) > 0 AND strpos(search_text, ?2) > 0");
        assert_eq!(list.params, [Value::Text("ete".into()), Value::Text("50%_\\".into())]);
        let long = List::from("t").search("s", "é".repeat(300).as_str());
        assert_eq!(long.params, [Value::Text("e".repeat(LONGEST_WORD))]);
        assert_eq!(List::from("t").search("search_text", None).conditions, "");
        assert_eq!(List::from("t").search("s", "a ".repeat(100).as_str()).params.len(), WORDS);
    }
}
