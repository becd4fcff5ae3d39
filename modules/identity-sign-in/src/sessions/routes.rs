//! The routes of signing in.

use socle_kit::http::{CallerOf, Context};
use socle_kit::prelude::*;

use super::api::{Refresh, SignIn};
use super::sign_in::SignInService;
use socle_identity_core::accounts::api::Honeypots;
use socle_identity_core::sessions::api::SignedInView;
use socle_identity_core::sessions::service::Sessions;

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
        .with_state(Services { sessions, sign_ins }))
}

async fn login(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(sign_in): Body<SignIn>,
) -> Answer<One<SignedInView>> {
    sign_in.refuse_robots()?;
    let identifier = sign_in.identifier()?.to_owned();
    let signed_in = services.sign_ins.sign_in(&identifier, sign_in.password, context.origin()).await?;
    Ok(One::new(signed_in.into()))
}

async fn refresh(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(refresh): Body<Refresh>,
) -> Answer<One<SignedInView>> {
    Ok(One::new(services.sessions.refresh(&refresh.refresh_token, context.origin()).await?.into()))
}

async fn logout(
    CallerOf(caller): CallerOf,
    State(services): State<Services>,
    OptionalBody(refresh): OptionalBody<Refresh>,
) -> Answer<NoContent> {
    services.sessions.sign_out(&caller, refresh.map(|refresh| refresh.refresh_token)).await?;
    Ok(NoContent)
}
