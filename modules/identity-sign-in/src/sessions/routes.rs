//! The routes of signing in, and of one's sessions.

use socle_kit::http::{CallerOf, Context, Means, WithCookies};
use socle_kit::prelude::*;

use super::api::{CsrfTokenView, Refresh, SessionView, SignIn, SignOut};
use super::sign_in::{Presented, SignInService};
use socle_identity_core::accounts::api::Honeypots;
use socle_identity_core::permissions::ManageUsers;
use socle_identity_core::sessions::api::{EndedReply, SignedInReply, signed_out};
use socle_identity_core::sessions::model::Session;
use socle_identity_core::sessions::service::{Client, Sessions};

#[derive(Clone)]
struct Services {
    sessions: Sessions,
    sign_ins: SignInService,
}

pub(crate) fn routes(kit: &Kit, sessions: Sessions) -> Result<Routes> {
    let sign_ins = SignInService::new(kit, sessions.clone())?;
    Ok(Routes::new()
        .post("/auth/login", login, "Sign in")
        .limit("login")
        .post("/auth/refresh", refresh, "Exchange a refresh token")
        .limit("auth")
        .post("/auth/logout", logout, "Sign out")
        .for_confined()
        .get("/auth/csrf", show_csrf_token, "Show the token that writes by cookie bring")
        .for_confined()
        .get("/auth/sessions", list, "List one's own sessions")
        .delete("/auth/sessions/{id}", end, "End one of one's own sessions")
        .delete("/auth/sessions", end_others, "End one's own other sessions")
        .get("/users/{id}/sessions", list_of_account, "List the sessions of an account")
        .delete("/users/{id}/sessions", end_of_account, "End the sessions of an account")
        .about("Signing in and out, and the places where one is signed in.")
        .with_state(Services { sessions, sign_ins }))
}

async fn login(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(sign_in): Body<SignIn>,
) -> Answer<EndedReply> {
    sign_in.refuse_robots()?;
    let identifier = sign_in.identifier()?.to_owned();
    let client = Client::new(context.origin(), sign_in.session);
    let presented = Presented { password: sign_in.password, code: sign_in.otp };
    Ok(services.sign_ins.sign_in(&identifier, presented, &client).await?.into_reply())
}

async fn refresh(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(refresh): Body<Refresh>,
) -> Answer<SignedInReply> {
    Ok(services.sessions.refresh(&refresh.refresh_token, context.origin()).await?.into_reply())
}

async fn logout(
    CallerOf(caller): CallerOf,
    State(services): State<Services>,
    OptionalBody(sign_out): OptionalBody<SignOut>,
) -> Answer<WithCookies<NoContent>> {
    services.sessions.sign_out(&caller, sign_out.and_then(|sign_out| sign_out.refresh_token)).await?;
    Ok(signed_out(caller.means == Means::Cookie))
}

async fn show_csrf_token(
    CallerOf(caller): CallerOf,
    State(services): State<Services>,
) -> Answer<One<CsrfTokenView>> {
    Ok(One::new(CsrfTokenView { csrf_token: services.sessions.csrf_token(&caller) }))
}

async fn list(
    CallerOf(caller): CallerOf,
    State(services): State<Services>,
    listing: Listing,
) -> Answer<Many<SessionView>> {
    let sessions = services.sessions.list(caller.actor.user()?, listing.page).await?;
    Ok(Many(sessions.map(|session| SessionView::of(session, &caller.session))))
}

async fn end(
    CallerOf(caller): CallerOf,
    State(services): State<Services>,
    Path(id): Path<Id<Session>>,
) -> Answer<NoContent> {
    services.sessions.end_one(&caller, id).await?;
    Ok(NoContent)
}

async fn end_others(CallerOf(caller): CallerOf, State(services): State<Services>) -> Answer<NoContent> {
    services.sessions.end_others(&caller).await?;
    Ok(NoContent)
}

async fn list_of_account(
    Require(actor, _): Require<ManageUsers>,
    CallerOf(caller): CallerOf,
    State(services): State<Services>,
    Path(id): Path<UserId>,
    listing: Listing,
) -> Answer<Many<SessionView>> {
    let sessions = services.sessions.list_of(&actor, id, listing.page).await?;
    Ok(Many(sessions.map(|session| SessionView::of(session, &caller.session))))
}

async fn end_of_account(
    Require(actor, _): Require<ManageUsers>,
    _: CallerOf,
    State(services): State<Services>,
    Path(id): Path<UserId>,
) -> Answer<NoContent> {
    services.sessions.end_all(&actor, id, None).await?;
    Ok(NoContent)
}
