//! The routes of what is held about a person.

use socle_kit::http::{Download, JsonMedia};
use socle_kit::prelude::*;

use super::api::ErasureInput;
use super::document::{Document, parts};
use super::service::PersonalRecords;
use crate::users::permissions::AdministerUsers;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/users/me/data", show, "Receive everything that is held about oneself")
        .limit("auth")
        .delete("/users/me", erase_own, "Erase one's own account, for good")
        .limit("auth")
        .post("/users/{id}/erase", erase, "Erase the account of somebody, for good")
        .about("Everything that is held about a person: receiving it, and having it erased.")
        .with_state(PersonalRecords::new(kit)?))
}

async fn show(
    SignedIn(actor): SignedIn,
    _: FreshProof,
    State(records): State<PersonalRecords>,
) -> Answer<Download<JsonMedia>> {
    let user = actor.user()?;
    let document = Document::new(records.personal, user, records.clock.now());
    Ok(Download::new("personal-data.json", parts(records.db, document)))
}

async fn erase_own(
    SignedIn(actor): SignedIn,
    _: FreshProof,
    State(records): State<PersonalRecords>,
    Body(confirmed): Body<ErasureInput>,
) -> Answer<NoContent> {
    records.erase_own(&actor, confirmed).await?;
    Ok(NoContent)
}

async fn erase(
    Require(actor, _): Require<AdministerUsers>,
    _: FreshProof,
    State(records): State<PersonalRecords>,
    Path(id): Path<UserId>,
    Body(confirmed): Body<ErasureInput>,
) -> Answer<NoContent> {
    records.erase_other(&actor, id, confirmed).await?;
    Ok(NoContent)
}
