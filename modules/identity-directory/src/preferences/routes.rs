//! The routes of preferences (R1-33, R3-72).

use socle_kit::prelude::*;

use super::api::{PreferenceInput, PreferenceView};
use super::service::Preferences;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/users/me/preferences", show, "Show what one prefers")
        .put("/users/me/preferences", replace, "Replace what one prefers")
        .patch("/users/me/preferences", update, "Change what one prefers")
        .about("What one prefers.")
        .with_state(Preferences::new(kit)?))
}

async fn show(
    SignedIn(actor): SignedIn,
    State(preferences): State<Preferences>,
) -> Answer<One<PreferenceView>> {
    Ok(one(preferences.own(&actor).await?))
}

async fn replace(
    SignedIn(actor): SignedIn,
    State(preferences): State<Preferences>,
    expected: IfMatch,
    Body(input): Body<PreferenceInput>,
) -> Answer<One<PreferenceView>> {
    Ok(one(preferences.write(&actor, expected, move |_| Ok(input.clone())).await?))
}

async fn update(
    SignedIn(actor): SignedIn,
    State(preferences): State<Preferences>,
    expected: IfMatch,
    patch: Merge<PreferenceInput>,
) -> Answer<One<PreferenceView>> {
    Ok(one(preferences.write(&actor, expected, move |present| patch.apply(present)).await?))
}

fn one((input, version): (PreferenceInput, i64)) -> One<PreferenceView> {
    One::new(input.into()).version(version)
}
