//! The routes of the second step of a sign-in (C27, R2-25).

use socle_kit::http::Context;
use socle_kit::prelude::*;

use super::api::{FactorAnswer, MailedView, OpenChallenge, presented};
use super::service::SecondStep;
use crate::passkeys::api::PasskeyOptionsView;
use socle_identity_core::sessions::api::SignedInReply;
use socle_identity_core::sessions::service::{Client, Sessions};

pub(crate) fn routes(kit: &Kit, sessions: Sessions) -> Result<Routes> {
    Ok(Routes::new()
        .post("/auth/login/factor", complete, "Complete a sign-in with a second factor")
        .limit("otp")
        .post("/auth/login/factor/options", options, "Ask for a passkey as the second factor")
        .limit("auth")
        .post("/auth/otp/verify", verify, "Complete a sign-in with a code")
        .limit("otp")
        .post("/auth/otp/send", send, "Mail a code that completes a sign-in")
        .limit("auth")
        .about("The second step of signing in.")
        .with_state(SecondStep::new(kit, sessions)?))
}

async fn complete(
    _: Public,
    State(step): State<SecondStep>,
    context: Context,
    Body(answer): Body<FactorAnswer>,
) -> Answer<SignedInReply> {
    let presented = presented(answer.code, answer.credential)?;
    let client = Client::new(context.origin(), answer.session);
    Ok(step.complete(&answer.challenge, presented, &client).await?.into_reply())
}

async fn verify(
    public: Public,
    state: State<SecondStep>,
    context: Context,
    answer: Body<FactorAnswer>,
) -> Answer<SignedInReply> {
    complete(public, state, context, answer).await
}

async fn options(
    _: Public,
    State(step): State<SecondStep>,
    Body(open): Body<OpenChallenge>,
) -> Answer<One<PasskeyOptionsView>> {
    let public_key = step.options(&open.challenge).await?;
    Ok(One::new(PasskeyOptionsView { challenge: open.challenge.expose().clone(), public_key }))
}

async fn send(
    _: Public,
    State(step): State<SecondStep>,
    Body(open): Body<OpenChallenge>,
) -> Answer<One<MailedView>> {
    Ok(One::new(MailedView { expires_at: step.mail(&open.challenge).await? }))
}
