//! The routes of confirming addresses.

use socle_kit::http::{Accepted, CallerOf, Context};
use socle_kit::prelude::*;

use super::api::{AddressChange, Confirmation, ConfirmedView, MailWish, NoticeView};
use super::service::Confirmations;
use crate::aside::service::Aside;
use socle_identity_core::accounts::api::Honeypots;

#[derive(Clone)]
struct Services {
    confirmations: Confirmations,
    aside: Aside,
}

pub(crate) fn routes(kit: &Kit, aside: &Aside) -> Result<Routes> {
    let services = Services { confirmations: Confirmations::new(kit)?, aside: aside.clone() };
    Ok(Routes::new()
        .post("/auth/email/verify", verify, "Confirm an address")
        .limit("auth")
        .post("/auth/email/confirm", confirm, "Confirm an address, under another name")
        .limit("auth")
        .post("/auth/email/resend", resend, "Ask for the confirmation mail again")
        .limit("confirmation")
        .put("/auth/email", change, "Change one's own address")
        .limit("confirmation")
        .about("Proving that an address is one’s own, and changing it.")
        .with_state(services))
}

async fn verify(
    Public(caller): Public,
    State(services): State<Services>,
    context: Context,
    Body(confirmation): Body<Confirmation>,
) -> Answer<One<ConfirmedView>> {
    confirmation.refuse_robots()?;
    let account = services.confirmations.confirm(confirmation, &caller, context.origin()).await?;
    Ok(One::new(ConfirmedView { email: account.email.unwrap_or_default(), username: account.username }))
}

/// The same as [`verify`], under the name of the verb people use.
async fn confirm(
    public: Public,
    services: State<Services>,
    context: Context,
    body: Body<Confirmation>,
) -> Answer<One<ConfirmedView>> {
    verify(public, services, context, body).await
}

async fn resend(
    _: Public,
    State(services): State<Services>,
    context: Context,
    Body(wish): Body<MailWish>,
) -> Answer<One<NoticeView>> {
    wish.refuse_robots()?;
    let language = context.language();
    services.aside.begin(services.confirmations.resend(wish.email, language, context.origin()).await?);
    Ok(One::new(services.aside.notice("notice-confirm", language)))
}

async fn change(
    CallerOf(caller): CallerOf,
    _: FreshProof,
    State(services): State<Services>,
    context: Context,
    Body(change): Body<AddressChange>,
) -> Answer<Accepted<NoticeView>> {
    let (user, language) = (caller.actor.user()?, context.language());
    let request = services.confirmations.change(user, change.email, language, context.origin()).await?;
    services.aside.begin(request);
    Ok(Accepted(services.aside.notice("notice-change", language)))
}
