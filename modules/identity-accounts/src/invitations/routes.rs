//! The routes of invitations.

use socle_kit::http::Context;
use socle_kit::prelude::*;

use super::api::{InvitationFilter, InvitationInput, InvitationView};
use super::model::Invitation;
use super::permissions::InviteUsers;
use super::service::Invitations;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/invitations", list, "List invitations")
        .post("/invitations", create, "Invite somebody")
        .limit("invitation")
        .get("/invitations/{id}", show, "Show an invitation")
        .delete("/invitations/{id}", revoke, "Take an invitation back")
        .post("/invitations/{id}/resend", resend, "Send an invitation again")
        .limit("invitation")
        .about("Inviting people to make an account.")
        .with_state(Invitations::new(kit)?))
}

async fn list(
    State(invitations): State<Invitations>,
    Require(actor, _): Require<InviteUsers>,
    Listing { page, filter }: Listing<InvitationFilter>,
) -> Answer<Many<InvitationView>> {
    Ok(Many(invitations.list(&actor, filter, page).await?))
}

async fn create(
    State(invitations): State<Invitations>,
    RequireProved(actor, _): RequireProved<InviteUsers>,
    context: Context,
    Body(input): Body<InvitationInput>,
) -> Answer<Created<InvitationView>> {
    let view = invitations.create(&actor, input, context.language()).await?;
    let version = view.version;
    Ok(Created::at(format!("/invitations/{}", view.id), view).version(version))
}

async fn show(
    State(invitations): State<Invitations>,
    Require(actor, _): Require<InviteUsers>,
    Path(id): Path<Id<Invitation>>,
) -> Answer<One<InvitationView>> {
    let view = invitations.show(&actor, id).await?;
    let version = view.version;
    Ok(One::new(view).version(version))
}

async fn revoke(
    State(invitations): State<Invitations>,
    Require(actor, _): Require<InviteUsers>,
    Path(id): Path<Id<Invitation>>,
    expected: IfMatch,
) -> Answer<NoContent> {
    invitations.revoke(&actor, id, expected).await?;
    Ok(NoContent)
}

async fn resend(
    State(invitations): State<Invitations>,
    RequireProved(actor, _): RequireProved<InviteUsers>,
    Path(id): Path<Id<Invitation>>,
) -> Answer<One<InvitationView>> {
    let view = invitations.resend(&actor, id).await?;
    let version = view.version;
    Ok(One::new(view).version(version))
}
