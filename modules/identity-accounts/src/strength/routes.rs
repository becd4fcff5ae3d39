//! The route that judges a password.

use socle_kit::http::Context;
use socle_kit::prelude::*;

use super::api::{Candidate, StrengthView};
use super::service::Strength;
use socle_identity_core::accounts::api::Honeypots;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .post("/auth/password/strength", judge, "Judge a password before it is sent")
        .limit("strength")
        .about("Judging a password before it is sent.")
        .with_state(Strength::new(kit)?))
}

async fn judge(
    _: Public,
    State(strength): State<Strength>,
    context: Context,
    Body(candidate): Body<Candidate>,
) -> Answer<One<StrengthView>> {
    candidate.refuse_robots()?;
    Ok(One::new(strength.say(&candidate, context.language()).await?))
}
