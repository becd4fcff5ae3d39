//! The routes of passkeys.

use socle_kit::http::{CallerOf, Context};
use socle_kit::prelude::*;

use super::api::{NewPasskey, PasskeyInput, PasskeyOptionsView, PasskeySignIn, PasskeyView, PasskeysView};
use super::service::Passkeys;
use socle_identity_core::factors::model::Passkey;
use socle_identity_core::sessions::api::SignedInReply;
use socle_identity_core::sessions::service::{Client, Sessions};

pub(crate) fn routes(kit: &Kit, sessions: Sessions) -> Result<Routes> {
    Ok(Routes::new()
        .post("/auth/login/passkey/options", sign_in_options, "Ask for a passkey to sign in with")
        .limit("auth")
        .post("/auth/login/passkey", sign_in, "Sign in with a passkey")
        .limit("login")
        .get("/auth/passkeys", list, "List one's own passkeys")
        .for_confined()
        .post("/auth/passkeys/options", options, "Begin to make a passkey")
        .limit("auth")
        .for_confined()
        .post("/auth/passkeys", create, "Add a passkey")
        .limit("auth")
        .for_confined()
        .patch("/auth/passkeys/{id}", rename, "Name a passkey")
        .delete("/auth/passkeys/{id}", remove, "Remove a passkey")
        .about("Passkeys: as a second factor, and instead of a password.")
        .with_state(Passkeys::new(kit, sessions)?))
}

async fn sign_in_options(_: Public, State(passkeys): State<Passkeys>) -> Answer<One<PasskeyOptionsView>> {
    Ok(One::new(passkeys.sign_in_options().await?))
}

async fn sign_in(
    _: Public,
    State(passkeys): State<Passkeys>,
    context: Context,
    Body(body): Body<PasskeySignIn>,
) -> Answer<SignedInReply> {
    let client = Client::new(context.origin(), body.session);
    Ok(passkeys.sign_in(&body.challenge, body.credential, &client).await?.into_reply())
}

async fn list(CallerOf(caller): CallerOf, State(passkeys): State<Passkeys>) -> Answer<One<PasskeysView>> {
    Ok(One::new(passkeys.list(&caller.actor).await?))
}

async fn options(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(passkeys): State<Passkeys>,
) -> Answer<One<PasskeyOptionsView>> {
    Ok(One::new(passkeys.options(&caller.actor).await?))
}

async fn create(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(passkeys): State<Passkeys>,
    Body(body): Body<NewPasskey>,
) -> Answer<Created<PasskeyView>> {
    let view = passkeys.create(&caller.actor, body).await?;
    let version = view.version;
    Ok(Created::at(format!("/auth/passkeys/{}", view.id), view).version(version))
}

async fn rename(
    CallerOf(caller): CallerOf,
    State(passkeys): State<Passkeys>,
    Path(id): Path<Id<Passkey>>,
    expected: IfMatch,
    patch: Merge<PasskeyInput>,
) -> Answer<One<PasskeyView>> {
    let view = passkeys.rename(&caller.actor, id, expected, patch).await?;
    let version = view.version;
    Ok(One::new(view).version(version))
}

async fn remove(
    FreshProof(caller): FreshProof,
    SignedIn(_): SignedIn,
    State(passkeys): State<Passkeys>,
    Path(id): Path<Id<Passkey>>,
) -> Answer<NoContent> {
    passkeys.remove(&caller.actor, id).await?;
    Ok(NoContent)
}
