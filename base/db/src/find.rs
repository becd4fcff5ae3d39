//! Rows by their identifiers.

use socle_kernel::{Result, ToValue, Value};

use crate::conn::{Conn, TextKey, read_row};
use crate::params::Params;
use crate::row::Row;

/// The most places of one text.
const IDS: usize = 512;

impl Conn {
    /// The row of `table` with this `id`.
    pub fn find<T: Row>(&mut self, table: &'static str, id: impl ToValue) -> Result<Option<T>> {
        let sql = self.text(table, T::COLUMNS, find_text);
        let id: [Value; 1] = [id.to_value()];
        self.first(&sql, Params::Values(&id), read_row)
    }

    /// The rows with these identifiers, in no particular order. `sql` ends where the list begins and may have
    /// places of its own before it: `SELECT id, name FROM forum_topic WHERE author_id = ?1 AND id IN`.
    pub fn by_ids<T: Row>(
        &mut self,
        sql: &'static str,
        params: &[&dyn ToValue],
        ids: &[impl ToValue],
    ) -> Result<Vec<T>> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(IDS) {
            let mut values: Vec<Value> = params.iter().map(ToValue::to_value).collect();
            values.extend(ids.iter().map(ToValue::to_value));
            // Lengths are rounded up, repeating the last one, so that a text has ten forms and not five hundred.
            let places = ids.len().next_power_of_two();
            if let Some(last) = values.last().cloned() {
                values.resize(params.len() + places, last);
            }
            let key = TextKey::of_numbers(sql, (params.len(), places), list_text);
            let text = self.text_of(key, || list_text(sql, params.len(), places));
            found.append(&mut self.rows(&text, Params::Values(&values), read_row)?);
        }
        Ok(found)
    }
}

fn find_text(table: &str, columns: &[&str]) -> String {
    format!("SELECT {} FROM {table} WHERE id = ?1", columns.join(", "))
}

fn list_text(sql: &str, before: usize, places: usize) -> String {
    let list: Vec<String> = (before + 1..=before + places).map(|place| format!("?{place}")).collect();
    format!("{sql} ({})", list.join(", "))
}
