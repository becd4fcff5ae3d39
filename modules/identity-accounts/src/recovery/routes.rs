//! The routes of forgotten passwords.

use socle_kit::http::Context;
use socle_kit::prelude::*;

use super::api::PasswordReset;
use super::service::Recovery;
use crate::aside::service::Aside;
use crate::confirmations::api::{MailWish, NoticeView};
use socle_identity_core::accounts::api::Honeypots;

#[derive(Clone)]
struct Services {
    recovery: Recovery,
    aside: Aside,
}

pub(crate) fn routes(kit: &Kit, aside: &Aside) -> Result<Routes> {
    Ok(Routes::new()
        .post("/auth/password/forgot", forgot, "Ask for another password")
        .limit("password_reset")
        .post("/auth/password/reset", reset, "Set another password with the link of a mail")
        .limit("auth")
        .about("Setting another password when the old one is forgotten.")
        .with_state(Services { recovery: Recovery::new(kit)?, aside: aside.clone() }))
}

async fn forgot(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(wish): Body<MailWish>,
) -> Answer<One<NoticeView>> {
    wish.refuse_robots()?;
    let language = context.language();
    services.aside.begin(services.recovery.forgot(wish.email, language, context.origin()).await?);
    Ok(One::new(services.aside.notice("notice-reset", language)))
}

async fn reset(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(reset): Body<PasswordReset>,
) -> Answer<NoContent> {
    reset.refuse_robots()?;
    services.recovery.reset(reset.token, reset.password, context.origin()).await?;
    Ok(NoContent)
}
