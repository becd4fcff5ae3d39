//! The routes of accounts of elsewhere.

use socle_identity_core::sessions::api::EndedReply;
use socle_identity_core::sessions::service::Client;
use socle_kit::http::{CallerOf, Context, Cookie, RequestCookies, Returned, SeeOther, WithCookies};
use socle_kit::prelude::*;

use super::api::{Completion, DepartureView, LinkView, ProviderView, Start};
use super::errand::LIFETIME;
use super::service::Oidc;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/auth/oidc", show, "Say whether people may sign in with an account of elsewhere")
        .get("/auth/oidc/start", start, "Send a browser to the provider to sign in")
        .limit("auth")
        .get("/auth/oidc/callback", callback, "Take a browser back from the provider")
        .limit("auth")
        .post("/auth/oidc/complete", complete, "Sign in with the ticket of the provider's answer")
        .limit("auth")
        .get("/auth/oidc/link", links, "Show the accounts of elsewhere that open one's own")
        .post("/auth/oidc/link", link, "Begin to link an account of elsewhere to one's own")
        .limit("auth")
        .delete("/auth/oidc/link", unlink, "Unlink the account of elsewhere from one's own")
        .limit("auth")
        .about("Signing in with an account of another provider (OpenID Connect).")
        .with_state(Oidc::new(kit)?))
}

async fn show(_: Public, State(oidc): State<Oidc>) -> Answer<One<ProviderView>> {
    let enabled = oidc.is_on();
    Ok(One::new(ProviderView { enabled, name: enabled.then(|| oidc.name.to_string()) }))
}

async fn start(
    _: Public,
    State(oidc): State<Oidc>,
    Query(start): Query<Start>,
) -> Answer<WithCookies<SeeOther>> {
    let departure = oidc.depart(start.challenge, None).await?;
    Ok(WithCookies::new(SeeOther(departure.address), vec![away(departure.cookie)]))
}

async fn callback(
    _: Public,
    State(oidc): State<Oidc>,
    context: Context,
    cookies: RequestCookies,
    returned: Returned,
) -> Answer<SeeOther> {
    Ok(SeeOther(oidc.arrive(&returned, cookies.get(COOKIE), &context).await?))
}

async fn complete(
    _: Public,
    State(oidc): State<Oidc>,
    context: Context,
    cookies: RequestCookies,
    Body(completion): Body<Completion>,
) -> Answer<WithCookies<EndedReply>> {
    let Completion { ticket, verifier, session } = completion;
    let own = cookies.get(COOKIE);
    let client = Client::new(context.origin(), session);
    let ended = oidc.complete(&ticket, verifier.as_ref(), own, &client).await?;
    Ok(WithCookies::new(ended.into_reply(), vec![Cookie::cleared(COOKIE)]))
}

async fn links(CallerOf(caller): CallerOf, State(oidc): State<Oidc>) -> Answer<One<Vec<LinkView>>> {
    Ok(One::new(oidc.links(&caller.actor).await?.into_iter().map(LinkView::from).collect()))
}

async fn link(
    _: SignedIn,
    FreshProof(caller): FreshProof,
    State(oidc): State<Oidc>,
) -> Answer<WithCookies<One<DepartureView>>> {
    let departure = oidc.depart(None, Some(&caller)).await?;
    let view = DepartureView { url: departure.address };
    Ok(WithCookies::new(One::new(view), vec![away(departure.cookie)]))
}

async fn unlink(
    _: SignedIn,
    FreshProof(caller): FreshProof,
    State(oidc): State<Oidc>,
    context: Context,
) -> Answer<NoContent> {
    oidc.unlink(&caller, &context).await?;
    Ok(NoContent)
}

/// What a browser takes along when it is sent away.
const COOKIE: &str = "__Host-socle-oidc";

fn away(value: String) -> Cookie {
    Cookie::hidden(COOKIE, value, LIFETIME)
}
