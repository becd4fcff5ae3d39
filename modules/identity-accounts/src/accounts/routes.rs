//! The routes of one's own account.

use socle_kit::http::{CallerOf, Context};
use socle_kit::prelude::*;

use super::api::{OwnAccountView, PasswordChange, ProfileInput, Registration};
use super::service::Accounts;
use socle_identity_core::accounts::api::{AccountView, Honeypots};
use socle_identity_core::sessions::api::RegisteredReply;
use socle_identity_core::sessions::service::Sessions;

pub(crate) fn routes(kit: &Kit, sessions: Sessions) -> Result<Routes> {
    Ok(Routes::new()
        .post("/auth/register", register, "Make an account")
        .limit("register")
        .get("/auth/me", show, "Show one's own account")
        .for_confined()
        .put("/auth/me", replace, "Replace one's own profile")
        .for_confined()
        .patch("/auth/me", update, "Change one's own profile")
        .for_confined()
        .put("/auth/password", change_password, "Change one's own password")
        .limit("login")
        .for_confined()
        .with_state(Accounts::new(kit, sessions)?))
}

async fn register(
    _: Public,
    State(accounts): State<Accounts>,
    context: Context,
    Body(registration): Body<Registration>,
) -> Answer<RegisteredReply> {
    registration.refuse_robots()?;
    let signed_in = accounts.register(registration, context.language(), context.origin()).await?;
    Ok(signed_in.into_created("/auth/me"))
}

async fn show(SignedIn(actor): SignedIn, State(accounts): State<Accounts>) -> Answer<One<OwnAccountView>> {
    let (account, permissions) = accounts.own(&actor).await?;
    let version = account.version;
    Ok(One::new(OwnAccountView { account: account.into(), permissions }).version(version))
}

async fn replace(
    SignedIn(actor): SignedIn,
    State(accounts): State<Accounts>,
    if_match: IfMatch,
    Body(profile): Body<ProfileInput>,
) -> Answer<One<AccountView>> {
    let account = accounts.write_profile(&actor, if_match, move |_| Ok(profile.clone())).await?;
    let version = account.version;
    Ok(One::new(account.into()).version(version))
}

async fn update(
    SignedIn(actor): SignedIn,
    State(accounts): State<Accounts>,
    if_match: IfMatch,
    patch: Merge<ProfileInput>,
) -> Answer<One<AccountView>> {
    let account = accounts.write_profile(&actor, if_match, move |profile| patch.apply(profile)).await?;
    let version = account.version;
    Ok(One::new(account.into()).version(version))
}

async fn change_password(
    CallerOf(caller): CallerOf,
    State(accounts): State<Accounts>,
    Body(change): Body<PasswordChange>,
) -> Answer<NoContent> {
    accounts.change_password(&caller, change.current_password, change.new_password).await?;
    Ok(NoContent)
}
