//! The document of everything that is held about a person, written part by part.

use std::fmt::Write as _;

use futures_util::Stream;
use futures_util::stream::try_unfold;
use socle_kit::Personal;
use socle_kit::prelude::*;

/// A document that is being written: one JSON object with a list for each sort of thing.
#[derive(Clone)]
pub(crate) struct Document {
    personal: Personal,
    user: UserId,
    now: Timestamp,
    /// Which sort of thing is next; the beginning comes before them.
    place: Option<usize>,
    /// The page of it.
    after: Option<String>,
}

impl Document {
    pub(crate) fn new(personal: Personal, user: UserId, now: Timestamp) -> Self {
        Self { personal, user, now, place: None, after: None }
    }

    /// The next part of the text, and what is left to write.
    pub(crate) fn part(mut self, conn: &mut Conn) -> Result<(String, Option<Self>)> {
        let Some(place) = self.place else {
            self.place = Some(0);
            let (user, now) = (self.user, self.now);
            return Ok((format!("{{\"user\":\"{user}\",\"writtenAt\":\"{now}\""), Some(self)));
        };
        let Some(data) = self.personal.all().get(place).copied() else { return Ok(("}".to_owned(), None)) };
        let portion = (data.export)(conn, self.user, self.after.as_deref())?;
        let mut text = String::new();
        if self.after.is_none() {
            // Writing to a text cannot fail.
            let _written = write!(text, ",\"{}\":[", data.name);
        }
        for (number, entry) in portion.entries.iter().enumerate() {
            if number > 0 || self.after.is_some() {
                text.push(',');
            }
            let _written = write!(text, "{entry}");
        }
        self.after = portion.next;
        if self.after.is_none() {
            text.push(']');
            self.place = Some(place + 1);
        }
        Ok((text, Some(self)))
    }
}

/// The parts, each read when the client has taken the one before: neither a long history nor a slow reader takes
/// memory.
pub(crate) fn parts(db: Db, document: Document) -> impl Stream<Item = Result<String>> + Send + 'static {
    try_unfold(Some(document), move |document| {
        let db = db.clone();
        async move {
            let Some(document) = document else { return Ok(None) };
            db.read_long(move |conn| document.clone().part(conn)).await.map(Some)
        }
    })
}
