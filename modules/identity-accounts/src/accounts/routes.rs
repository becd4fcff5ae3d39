//! The routes of one's own account.

use socle_kit::http::{Accepted, CallerOf, Context, Either};
use socle_kit::prelude::*;

use super::api::{OwnAccountView, PasswordChange, ProfileInput, Registration};
use super::service::{Accounts, Registered};
use crate::aside::service::Aside;
use crate::confirmations::api::NoticeView;
use socle_identity_core::accounts::api::{AccountView, Honeypots};
use socle_identity_core::sessions::api::RegisteredReply;
use socle_identity_core::sessions::service::Sessions;

#[derive(Clone)]
struct Services {
    accounts: Accounts,
    aside: Aside,
}

pub(crate) fn routes(kit: &Kit, sessions: Sessions, aside: &Aside) -> Result<Routes> {
    let services = Services { accounts: Accounts::new(kit, sessions)?, aside: aside.clone() };
    Ok(Routes::new()
        .post("/auth/register", register, "Make an account")
        .limit("register")
        .get("/auth/me", show, "Show one's own account")
        .for_confined()
        .put("/auth/me", replace, "Replace one's own profile")
        .for_confined()
        .patch("/auth/me", update, "Change one's own profile")
        .for_confined()
        .get("/users/me", show_user, "Show one's own account")
        .for_confined()
        .put("/users/me", replace_user, "Replace one's own profile")
        .for_confined()
        .patch("/users/me", update_user, "Change one's own profile")
        .for_confined()
        .put("/auth/password", change_password, "Change one's own password")
        .limit("login")
        .for_confined()
        .about("Making an account, and what people do with their own.")
        .with_state(services))
}

async fn register(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(registration): Body<Registration>,
) -> Answer<Either<RegisteredReply, Accepted<NoticeView>>> {
    registration.refuse_robots()?;
    let language = context.language();
    Ok(match services.accounts.register(registration, language, context.origin()).await? {
        Registered::SignedIn(signed_in) => Either::First(signed_in.into_created("/auth/me")),
        Registered::Waits(request) => {
            services.aside.begin(request);
            Either::Second(Accepted(services.aside.notice("notice-register", language)))
        }
    })
}

async fn show(
    SignedIn(actor): SignedIn,
    State(Services { accounts, .. }): State<Services>,
) -> Answer<One<OwnAccountView>> {
    let (account, permissions) = accounts.own(&actor).await?;
    let version = account.version;
    Ok(One::new(OwnAccountView { account: account.into(), permissions }).version(version))
}

async fn replace(
    SignedIn(actor): SignedIn,
    State(Services { accounts, .. }): State<Services>,
    if_match: IfMatch,
    Body(profile): Body<ProfileInput>,
) -> Answer<One<AccountView>> {
    let account = accounts.write_profile(&actor, if_match, move |_| Ok(profile.clone())).await?;
    let version = account.version;
    Ok(One::new(account.into()).version(version))
}

async fn update(
    SignedIn(actor): SignedIn,
    State(Services { accounts, .. }): State<Services>,
    if_match: IfMatch,
    patch: Merge<ProfileInput>,
) -> Answer<One<AccountView>> {
    let account = accounts.write_profile(&actor, if_match, move |profile| patch.apply(profile)).await?;
    let version = account.version;
    Ok(One::new(account.into()).version(version))
}

/// The same under the path of all accounts (C16); so are the next two.
async fn show_user(signed_in: SignedIn, services: State<Services>) -> Answer<One<OwnAccountView>> {
    show(signed_in, services).await
}

async fn replace_user(
    signed_in: SignedIn,
    services: State<Services>,
    if_match: IfMatch,
    body: Body<ProfileInput>,
) -> Answer<One<AccountView>> {
    replace(signed_in, services, if_match, body).await
}

async fn update_user(
    signed_in: SignedIn,
    services: State<Services>,
    if_match: IfMatch,
    patch: Merge<ProfileInput>,
) -> Answer<One<AccountView>> {
    update(signed_in, services, if_match, patch).await
}

async fn change_password(
    CallerOf(caller): CallerOf,
    State(Services { accounts, .. }): State<Services>,
    context: Context,
    Body(change): Body<PasswordChange>,
) -> Answer<NoContent> {
    let PasswordChange { current_password, new_password } = change;
    accounts.change_password(&caller, current_password, new_password, context.origin()).await?;
    Ok(NoContent)
}
