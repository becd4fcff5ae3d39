//! The route of the stream.

use socle_kit::http::{EventStream, LastEventId};
use socle_kit::prelude::*;

use super::api::StreamFilter;
use super::service::Streams;

/// The table of contents.
pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/events/stream", follow, "Follow events live")
        .about("What happens, as it happens.")
        .with_state(Streams::new(kit)?))
}

async fn follow(
    State(streams): State<Streams>,
    SignedIn(actor): SignedIn,
    LastEventId(header): LastEventId,
    Query(filter): Query<StreamFilter>,
) -> Answer<EventStream> {
    let after = header.or(filter.last_event_id);
    Ok(EventStream::new(streams.follow(actor, &filter.kinds.unwrap_or_default(), after).await?))
}
