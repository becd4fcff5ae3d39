//! The routes of second factors (R1-166…168, C27).

use socle_kit::http::CallerOf;
use socle_kit::prelude::*;

use super::api::{
    FactorInput, FactorView, FactorsView, RecoveryCodesView, SetUp, TotpToken, TotpView, ValidityView,
};
use super::service::OwnFactors;
use socle_identity_core::factors::model::Factor;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/auth/factors", list, "List one's own second factors")
        .for_confined()
        .patch("/auth/factors/{id}", rename, "Name a second factor")
        .delete("/auth/factors/{id}", remove, "Remove a second factor")
        .post("/auth/factors/email", add_email, "Have codes mailed as a second factor")
        .for_confined()
        .post("/auth/2fa/setup", set_up, "Begin to add an authenticator application")
        .limit("auth")
        .for_confined()
        .post("/auth/2fa/enable", enable, "Activate an authenticator application by its first code")
        .limit("otp")
        .for_confined()
        .post("/auth/2fa/verify", verify, "Verify a code of the second factor")
        .limit("otp")
        .post("/auth/2fa/disable", disable, "Remove all second factors")
        .post("/auth/recovery-codes", regenerate, "Make new recovery codes")
        .limit("auth")
        .about("Second factors: authenticator applications, mailed codes, recovery codes.")
        .with_state(OwnFactors::new(kit)?))
}

async fn list(CallerOf(caller): CallerOf, State(factors): State<OwnFactors>) -> Answer<One<FactorsView>> {
    Ok(One::new(factors.list(&caller.actor).await?))
}

async fn rename(
    CallerOf(caller): CallerOf,
    State(factors): State<OwnFactors>,
    Path(id): Path<Id<Factor>>,
    expected: IfMatch,
    patch: Merge<FactorInput>,
) -> Answer<One<FactorView>> {
    let view = factors.rename(&caller.actor, id, expected, patch).await?;
    let version = view.version;
    Ok(One::new(view).version(version))
}

async fn remove(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(factors): State<OwnFactors>,
    Path(id): Path<Id<Factor>>,
) -> Answer<NoContent> {
    factors.remove(&caller.actor, id).await?;
    Ok(NoContent)
}

async fn add_email(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(factors): State<OwnFactors>,
) -> Answer<One<RecoveryCodesView>> {
    Ok(One::new(RecoveryCodesView::of(&factors.add_email(&caller.actor).await?)))
}

async fn set_up(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(factors): State<OwnFactors>,
    OptionalBody(body): OptionalBody<SetUp>,
) -> Answer<One<TotpView>> {
    Ok(One::new(factors.set_up(&caller.actor, body.and_then(|body| body.name)).await?))
}

async fn enable(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(factors): State<OwnFactors>,
    Body(body): Body<TotpToken>,
) -> Answer<One<RecoveryCodesView>> {
    Ok(One::new(RecoveryCodesView::of(&factors.enable(&caller.actor, body.token).await?)))
}

async fn verify(
    CallerOf(caller): CallerOf,
    State(factors): State<OwnFactors>,
    Body(body): Body<TotpToken>,
) -> Answer<One<ValidityView>> {
    Ok(One::new(ValidityView { valid: factors.verify(&caller.actor, &body.token).await? }))
}

async fn disable(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(factors): State<OwnFactors>,
) -> Answer<NoContent> {
    factors.disable(&caller.actor).await?;
    Ok(NoContent)
}

async fn regenerate(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(factors): State<OwnFactors>,
) -> Answer<One<RecoveryCodesView>> {
    Ok(One::new(RecoveryCodesView::of(&factors.regenerate(&caller.actor).await?)))
}
