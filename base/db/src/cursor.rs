//! Opaque cursors: the place of a row in an order, and the rows after it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use socle_kernel::{Direction, Error, Result, Value, codes};

use crate::row::RowReader;

/// No cursor of ours is longer, whatever a title is.
const LONGEST: usize = 8_192;

/// One column of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) column: &'static str,
    /// The column as it is sorted: with its collation.
    pub(crate) sorted: String,
    pub(crate) direction: Direction,
}

/// The columns to read: those of the row, then those of the order that it lacks.
pub(crate) fn columns(row: &[&'static str], keys: &[Key]) -> Vec<&'static str> {
    let mut columns = row.to_vec();
    columns.extend(keys.iter().map(|key| key.column).filter(|column| !row.contains(column)));
    columns
}

/// The values of the order's columns in a row that was read with `columns`.
pub(crate) fn values(row: &RowReader<'_>, columns: &[&'static str], keys: &[Key]) -> Result<Vec<Value>> {
    let value = |key: &Key| {
        let at = columns.iter().position(|column| *column == key.column).unwrap_or_default();
        match row.value(at)? {
            Value::Null => {
                Err(Error::internal(format!("a list is sorted by {}, which may be NULL", key.column)))
            }
            value => Ok(value),
        }
    };
    keys.iter().map(value).collect()
}

/// The ORDER BY of these keys.
pub(crate) fn order(keys: &[Key]) -> String {
    let parts: Vec<String> =
        keys.iter().map(|key| format!("{} {}", key.sorted, word(key.direction))).collect();
    parts.join(", ")
}

/// The condition that holds after the row whose values stand at the places from `first` on.
pub(crate) fn condition(keys: &[Key], first: usize) -> String {
    let is_uniform = keys.iter().all(|key| Some(key.direction) == keys.first().map(|first| first.direction));
    if !is_uniform {
        return mixed(keys, first);
    }
    // A comparison of rows is one range of an index.
    let sorted: Vec<&str> = keys.iter().map(|key| key.sorted.as_str()).collect();
    let places: Vec<String> = (first..first + keys.len()).map(|place| format!("?{place}")).collect();
    let sign = keys.first().map_or(">", |key| sign(key.direction));
    format!("({}) {sign} ({})", sorted.join(", "), places.join(", "))
}

/// `a >= ?1 AND (a > ?1 OR (b < ?2 OR …))`: the first comparison, which the others imply, is one an index can use.
fn mixed(keys: &[Key], place: usize) -> String {
    let Some((key, rest)) = keys.split_first() else { return "1 = 0".to_owned() };
    let (sorted, sign) = (&key.sorted, sign(key.direction));
    if rest.is_empty() {
        return format!("{sorted} {sign} ?{place}");
    }
    format!("{sorted} {sign}= ?{place} AND ({sorted} {sign} ?{place} OR ({}))", mixed(rest, place + 1))
}

/// The cursor of the row with these values.
pub(crate) fn write(table: &str, keys: &[Key], values: &[Value]) -> String {
    let mut texts = vec![tag(table, keys)];
    texts.extend(values.iter().map(|value| match value {
        Value::Null => "n".to_owned(),
        Value::Text(text) => format!("t{text}"),
        Value::Int(number) => format!("i{number}"),
        Value::Bool(flag) => format!("b{}", u8::from(*flag)),
        Value::Float(number) => format!("f{}", number.to_bits()),
        Value::Bytes(bytes) => format!("x{}", URL_SAFE_NO_PAD.encode(bytes)),
    }));
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&texts).unwrap_or_default())
}

/// The values a cursor of this order stands for.
pub(crate) fn read(cursor: &str, table: &str, keys: &[Key]) -> Result<Vec<Value>> {
    parse(cursor, table, keys).ok_or_else(bad)
}

/// The error of a cursor that is not one of this list.
pub(crate) fn bad() -> Error {
    Error::invalid_field("cursor", codes::BAD_CURSOR)
}

fn parse(cursor: &str, table: &str, keys: &[Key]) -> Option<Vec<Value>> {
    if cursor.len() > LONGEST {
        return None;
    }
    let texts: Vec<String> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (found, values) = texts.split_first()?;
    if *found != tag(table, keys) || values.len() != keys.len() {
        return None;
    }
    values.iter().map(|text| value(text)).collect()
}

fn value(text: &str) -> Option<Value> {
    let mut chars = text.chars();
    let kind = chars.next()?;
    let rest = chars.as_str();
    match kind {
        't' if !rest.contains('\0') => Some(Value::Text(rest.to_owned())),
        'i' => rest.parse().ok().map(Value::Int),
        'b' => matches!(rest, "0" | "1").then(|| Value::Bool(rest == "1")),
        'f' => rest.parse().ok().map(f64::from_bits).filter(|number| !number.is_nan()).map(Value::Float),
        'x' => URL_SAFE_NO_PAD.decode(rest).ok().map(Value::Bytes),
        _ => None,
    }
}

/// A name for the order: a cursor of another list, or of the same one sorted otherwise, leads nowhere.
fn tag(table: &str, keys: &[Key]) -> String {
    let mut order = table.to_owned();
    for key in keys {
        order.push_str(match key.direction {
            Direction::Ascending => "+",
            Direction::Descending => "-",
        });
        order.push_str(key.column);
    }
    URL_SAFE_NO_PAD.encode(Sha256::digest(order).get(..6).unwrap_or_default())
}

fn sign(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => ">",
        Direction::Descending => "<",
    }
}

fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => "ASC",
        Direction::Descending => "DESC",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(column: &'static str, direction: Direction) -> Key {
        Key { column, sorted: column.to_owned(), direction }
    }

    #[test]
    fn a_cursor_is_read_back_by_its_own_order_only() {
        let keys = [key("a", Direction::Ascending), key("id", Direction::Descending)];
        for values in [
            [Value::Text("é\"%".into()), Value::Int(-5)],
            [Value::Bool(true), Value::Float(-0.5)],
            [Value::Bytes(vec![0, 255]), Value::Int(i64::MIN)],
        ] {
            let cursor = write("t", &keys, &values);
            assert_eq!(read(&cursor, "t", &keys).unwrap(), values);
            assert!(read(&cursor, "u", &keys).is_err());
            assert!(read(&cursor, "t", &[key("a", Direction::Descending), keys[1].clone()]).is_err());
            assert!(read(&cursor[1..], "t", &keys).is_err());
        }
        for bad in ["", "é", "AAAA", &"A".repeat(10_000)] {
            let error = read(bad, "t", &keys).unwrap_err();
            assert_eq!(error.fields()[0].code, codes::BAD_CURSOR);
            assert_eq!(error.fields()[0].path, "cursor");
        }
    }

    #[test]
    fn one_direction_compares_rows_and_mixed_ones_nest() {
        let (up, down) = (Direction::Ascending, Direction::Descending);
        assert_eq!(condition(&[key("a", down), key("id", down)], 3), "(a, id) < (?3, ?4)");
        assert_eq!(
            condition(&[key("a", up), key("b", down), key("id", down)], 1),
            "a >= ?1 AND (a > ?1 OR (b <= ?2 AND (b < ?2 OR (id < ?3))))"
        );
    }
}
