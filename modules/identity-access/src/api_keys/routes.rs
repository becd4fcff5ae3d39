//! The routes of API keys: for people, never for keys.

use socle_kit::http::CallerOf;
use socle_kit::prelude::*;

use super::api::{ApiKeyFilter, ApiKeyInput, ApiKeyView, NewApiKeyView};
use super::service::{ApiKeys, Shown};
use socle_identity_core::api_keys::model::ApiKey;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/api-keys", list, "List API keys")
        .post("/api-keys", create, "Make an API key")
        .limit("auth")
        .get("/api-keys/{id}", show, "Show an API key")
        .patch("/api-keys/{id}", patch, "Change an API key")
        .delete("/api-keys/{id}", revoke, "Take an API key back")
        .post("/api-keys/{id}/rotate", rotate, "Give an API key a new secret")
        .limit("auth")
        .about("Keys for programs: made, limited, rotated, taken back.")
        .with_state(ApiKeys::new(kit)?))
}

async fn list(
    CallerOf(caller): CallerOf,
    State(keys): State<ApiKeys>,
    Listing { page, filter }: Listing<ApiKeyFilter>,
) -> Answer<Many<ApiKeyView>> {
    Ok(Many(keys.list(caller.actor, filter, page).await?))
}

async fn create(
    CallerOf(caller): CallerOf,
    _: FreshProof,
    State(keys): State<ApiKeys>,
    Body(input): Body<ApiKeyInput>,
) -> Answer<Created<NewApiKeyView>> {
    let shown = keys.create(caller.actor, input).await?;
    let id = shown.key.id;
    // Without an entity tag, so that no cache keeps the secret.
    Ok(Created::at(format!("/api-keys/{id}"), shown.into()))
}

async fn show(
    CallerOf(caller): CallerOf,
    State(keys): State<ApiKeys>,
    Path(id): Path<Id<ApiKey>>,
) -> Answer<One<ApiKeyView>> {
    Ok(one(keys.show(caller.actor, id).await?))
}

async fn patch(
    CallerOf(caller): CallerOf,
    _: FreshProof,
    State(keys): State<ApiKeys>,
    Path(id): Path<Id<ApiKey>>,
    expected: IfMatch,
    patch: Merge<ApiKeyInput>,
) -> Answer<One<ApiKeyView>> {
    Ok(one(keys.patch(caller.actor, id, expected, patch).await?))
}

async fn revoke(
    CallerOf(caller): CallerOf,
    _: FreshProof,
    State(keys): State<ApiKeys>,
    Path(id): Path<Id<ApiKey>>,
) -> Answer<NoContent> {
    keys.revoke(caller.actor, id).await?;
    Ok(NoContent)
}

async fn rotate(
    CallerOf(caller): CallerOf,
    _: FreshProof,
    State(keys): State<ApiKeys>,
    Path(id): Path<Id<ApiKey>>,
) -> Answer<One<NewApiKeyView>> {
    Ok(One::new(keys.rotate(caller.actor, id).await?.into()))
}

fn one(view: ApiKeyView) -> One<ApiKeyView> {
    let version = view.version;
    One::new(view).version(version)
}

impl From<Shown> for NewApiKeyView {
    fn from(shown: Shown) -> Self {
        Self { key: shown.secret.expose().clone(), about: shown.key }
    }
}
