//! The routes of grants (R4-132…R4-135).

use socle_kit::http::Context;
use socle_kit::prelude::*;

use super::api::{Check, CheckView, GrantFilter, GrantInput, GrantView, HeldView};
use super::permissions::DelegatePermissions;
use super::service::Grants;
use socle_identity_core::roles::model::Grant;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .post("/permissions", grant, "Grant a permission to an account")
        .get("/permissions/check", check, "Check whether a permission is held")
        .get("/permissions/grants", list, "List grants")
        .get("/permissions/{id}", held, "Show what an account may do")
        .delete("/permissions/{id}", revoke, "Take a grant back")
        .about("Permissions granted to one account, and why somebody may do something.")
        .with_state(Grants::new(kit)?))
}

async fn grant(
    RequireProved(actor, _): RequireProved<DelegatePermissions>,
    State(grants): State<Grants>,
    Body(input): Body<GrantInput>,
) -> Answer<Created<GrantView>> {
    let view = grants.grant(actor, input).await?;
    Ok(Created::at(format!("/permissions/{}", view.user_id), view))
}

async fn check(
    SignedIn(_): SignedIn,
    State(grants): State<Grants>,
    context: Context,
    Query(check): Query<Check>,
) -> Answer<One<CheckView>> {
    let caller = context.caller().cloned().ok_or_else(|| Error::new(codes::UNAUTHORIZED))?;
    Ok(One::new(grants.check(caller, check, context.language()).await?))
}

async fn list(
    SignedIn(actor): SignedIn,
    State(grants): State<Grants>,
    Listing { page, filter }: Listing<GrantFilter>,
) -> Answer<Many<GrantView>> {
    Ok(Many(grants.list(actor, filter, page).await?))
}

async fn held(
    SignedIn(actor): SignedIn,
    State(grants): State<Grants>,
    Path(user): Path<UserId>,
) -> Answer<One<HeldView>> {
    Ok(One::new(grants.held(actor, user).await?))
}

async fn revoke(
    SignedIn(actor): SignedIn,
    _: FreshProof,
    State(grants): State<Grants>,
    Path(id): Path<Id<Grant>>,
) -> Answer<NoContent> {
    grants.revoke(actor, id).await?;
    Ok(NoContent)
}
