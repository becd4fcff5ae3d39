//! Which announcements of the demonstration are there already.

use std::collections::BTreeSet;

use socle_kit::prelude::*;

use super::record::number_of;
use crate::announcements::model::Announcement;

/// The numbers of those that are there, whenever they were loaded: the times in their identifiers differ from
/// load to load, the mark of the demonstration does not.
pub(super) fn numbers(conn: &mut Conn) -> Result<BTreeSet<u32>> {
    let ids: Vec<Id<Announcement>> =
        conn.scalars("SELECT id FROM intranet_announcement WHERE id LIKE '%-7000-8000-0de0________'", &[])?;
    Ok(ids.into_iter().map(number_of).collect())
}
