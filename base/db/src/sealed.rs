//! Columns whose texts are sealed: what their owners say of them, so that a new key can be put in the place of an old
//! one without code of each owner's.

use socle_kernel::Result;

use crate::{Conn, Row, Tx};

/// A column of sealed texts, declared by [`sealed_column!`](crate::sealed_column). The context of each text is
/// `table.column:<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// `table.column`: the beginning of every context.
    pub name: &'static str,
    /// The next texts that one key has not sealed.
    #[doc(hidden)]
    pub page: &'static str,
    /// Another text in the place of one.
    #[doc(hidden)]
    pub replace: &'static str,
}

/// A sealed text and the row it stands in.
#[derive(Debug, Clone, Row)]
pub struct SealedText {
    /// The identifier of the row.
    pub id: String,
    /// The text.
    pub sealed: String,
}

/// Declares a column of sealed texts: its table, its name, and the column that identifies its rows, all of type TEXT.
///
/// `sealed_column!("mail_message", "sealed", "id")`
#[macro_export]
macro_rules! sealed_column {
    ($table:literal, $column:literal, $id:literal) => {
        $crate::SealedColumn {
            name: concat!($table, ".", $column),
            page: concat!(
                "SELECT ",
                $id,
                " AS id, ",
                $column,
                " AS sealed FROM ",
                $table,
                " WHERE ",
                $id,
                " > ?1 AND ",
                $column,
                " IS NOT NULL AND ",
                $column,
                " NOT LIKE ?2 ORDER BY ",
                $id,
                " LIMIT ?3"
            ),
            replace: concat!(
                "UPDATE ",
                $table,
                " SET ",
                $column,
                " = ?3 WHERE ",
                $id,
                " = ?1 AND ",
                $column,
                " = ?2"
            ),
        }
    };
}

impl SealedColumn {
    /// The context of the text in the row of this identifier.
    pub fn context(&self, id: &str) -> String {
        format!("{}:{id}", self.name)
    }

    /// The first texts after the row `after` that do not begin with `prefix`, at most `limit`.
    pub fn others(&self, conn: &mut Conn, after: &str, prefix: &str, limit: i64) -> Result<Vec<SealedText>> {
        conn.all(self.page, &[&after, &format!("{prefix}%"), &limit])
    }

    /// Puts a text in the place of the one that was read, unless somebody has changed it meanwhile; was it done?
    pub fn replace(&self, tx: &mut Tx, read: &SealedText, sealed: &str) -> Result<bool> {
        Ok(tx.exec(self.replace, &[&read.id, &read.sealed, &sealed])? > 0)
    }
}
