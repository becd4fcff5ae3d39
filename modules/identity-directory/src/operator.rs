//! What the command line does with what is held about people. All of it blocks: to be called outside the runtime.

use std::io::Write;

use socle_kit::Kit;
use socle_kit::kernel::{Error, Result, UserId};

use crate::personal_data::document::Document;
use crate::personal_data::service::PersonalRecords;

/// Writes everything that is held about a person, as JSON.
pub fn export_person(kit: &Kit, user: UserId, out: &mut dyn Write) -> Result<()> {
    let mut document = Some(Document::new(kit.personal.clone(), user, kit.clock.now()));
    while let Some(rest) = document {
        let (text, next) = kit.db.read_blocking(move |conn| rest.clone().part(conn))?;
        out.write_all(text.as_bytes()).map_err(Error::internal)?;
        document = next;
    }
    out.flush().map_err(Error::internal)
}

/// Forgets a person, in all rooms that are on.
pub fn erase_person(kit: &Kit, user: UserId) -> Result<()> {
    PersonalRecords::new(kit)?.erase_blocking(user)
}
