//! The routes of proofs.

use socle_kit::http::{CallerOf, Context};
use socle_kit::prelude::*;

use super::api::{ProofInput, ProofView};
use super::service::Proofs;
use crate::login::api::MailedView;
use crate::passkeys::api::PasskeyOptionsView;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .post("/auth/proof", prove, "Prove anew who one is")
        .limit("login")
        .for_confined()
        .post("/auth/proof/options", options, "Ask for a passkey as a proof")
        .limit("auth")
        .for_confined()
        .post("/auth/proof/code", send, "Mail a code as a proof")
        .limit("auth")
        .for_confined()
        .about("Proving anew who one is, before changing what protects the account.")
        .with_state(Proofs::new(kit)?))
}

async fn prove(
    CallerOf(caller): CallerOf,
    State(proofs): State<Proofs>,
    context: Context,
    Body(body): Body<ProofInput>,
) -> Answer<One<ProofView>> {
    let proved_until = proofs.prove(&caller, body.shown()?, context.origin()).await?;
    Ok(One::new(ProofView { proved_until }))
}

async fn options(
    CallerOf(caller): CallerOf,
    State(proofs): State<Proofs>,
) -> Answer<One<PasskeyOptionsView>> {
    Ok(One::new(proofs.options(&caller.actor).await?))
}

async fn send(CallerOf(caller): CallerOf, State(proofs): State<Proofs>) -> Answer<One<MailedView>> {
    Ok(One::new(MailedView { expires_at: proofs.mail(&caller.actor).await? }))
}
