//! The routes of everybody's accounts (R4-116…R4-121, R3-72…R3-74).

use socle_identity_core::permissions::ManageUsers;
use socle_kit::http::{CsvBody, CsvMedia, Download};
use socle_kit::prelude::*;

use super::api::{
    ImportOptions, ImportView, NewUserInput, NewUserView, PasswordInput, PasswordView, RoleInput, ShownView,
    UserFilter, UserInput, UserView,
};
use super::export;
use super::permissions::AdministerUsers;
use super::service::Users;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    let open = kit.settings.choice("identity.profiles")? == "everyone";
    Ok(Routes::new()
        .get("/users", list, "List accounts")
        .post("/users", create, "Make an account for somebody")
        .post("/users/import", import, "Take in a table of accounts")
        .limit("auth")
        .get("/users/export", table, "Hand out a table of accounts")
        .get("/users/{id}", show, "Show an account, or what is public of it")
        .open_when(open)
        .put("/users/{id}", replace, "Replace what is written about an account")
        .patch("/users/{id}", update, "Change what is written about an account")
        .delete("/users/{id}", delete, "Remove an account")
        .put("/users/{id}/activate", activate, "Let an account sign in")
        .put("/users/{id}/deactivate", deactivate, "Let an account sign in no more")
        .put("/users/{id}/role", give_role, "Give an account a role")
        .patch("/users/{id}/role", change_role, "Give an account another role")
        .post("/users/{id}/password", set_password, "Set a password that its owner is to change")
        .post("/users/{id}/unlock", unlock, "Forget the refused sign-ins of an account")
        .post(
            "/admin/users/{id}/unlock",
            unlock_as_administrator,
            "Forget the refused sign-ins of an account",
        )
        .about("The accounts of others, for those who administer them.")
        .with_state(Users::new(kit)?))
}

async fn list(
    State(users): State<Users>,
    _: Require<ManageUsers>,
    Listing { page, filter }: Listing<UserFilter>,
) -> Answer<Many<UserView>> {
    Ok(Many(users.list(filter, page).await?.map(UserView::from)))
}

async fn create(
    State(users): State<Users>,
    RequireProved(actor, _): RequireProved<ManageUsers>,
    Body(input): Body<NewUserInput>,
) -> Answer<Created<NewUserView>> {
    let made = users.create(&actor, input).await?;
    Ok(Created::at(format!("/users/{}", made.user.id()), made))
}

async fn import(
    State(users): State<Users>,
    RequireProved(actor, _): RequireProved<ManageUsers>,
    Query(options): Query<ImportOptions>,
    CsvBody(text): CsvBody,
) -> Answer<One<ImportView>> {
    Ok(One::new(users.import(&actor, text, options.dry_run).await?))
}

async fn table(
    State(users): State<Users>,
    _: Require<ManageUsers>,
    Query(filter): Query<UserFilter>,
) -> Answer<Download<CsvMedia>> {
    Ok(Download::new("accounts.csv", export::table(users, filter)))
}

async fn show(
    State(users): State<Users>,
    Visitor(actor): Visitor,
    Path(id): Path<UserId>,
) -> Answer<One<ShownView>> {
    let (view, version) = users.show(&actor, id).await?;
    let reply = One::new(view);
    Ok(match version {
        Some(version) => reply.version(version),
        None => reply,
    })
}

async fn replace(
    State(users): State<Users>,
    RequireProved(actor, _): RequireProved<ManageUsers>,
    Path(id): Path<UserId>,
    expected: IfMatch,
    Body(input): Body<UserInput>,
) -> Answer<One<UserView>> {
    Ok(one(users.write(&actor, id, expected, move |_| Ok(input.clone())).await?))
}

async fn update(
    State(users): State<Users>,
    RequireProved(actor, _): RequireProved<ManageUsers>,
    Path(id): Path<UserId>,
    expected: IfMatch,
    patch: Merge<UserInput>,
) -> Answer<One<UserView>> {
    Ok(one(users.write(&actor, id, expected, move |input| patch.apply(input)).await?))
}

async fn delete(
    State(users): State<Users>,
    Require(actor, _): Require<AdministerUsers>,
    _: FreshProof,
    Path(id): Path<UserId>,
    expected: IfMatch,
) -> Answer<NoContent> {
    users.delete(&actor, id, expected).await?;
    Ok(NoContent)
}

async fn activate(
    State(users): State<Users>,
    Require(actor, _): Require<ManageUsers>,
    Path(id): Path<UserId>,
    expected: IfMatch,
) -> Answer<One<UserView>> {
    Ok(one(users.activate(&actor, id, expected).await?))
}

async fn deactivate(
    State(users): State<Users>,
    Require(actor, _): Require<ManageUsers>,
    Path(id): Path<UserId>,
    expected: IfMatch,
) -> Answer<One<UserView>> {
    Ok(one(users.deactivate(&actor, id, expected).await?))
}

async fn give_role(
    State(users): State<Users>,
    Require(actor, _): Require<AdministerUsers>,
    _: FreshProof,
    Path(id): Path<UserId>,
    expected: IfMatch,
    Body(input): Body<RoleInput>,
) -> Answer<One<UserView>> {
    Ok(one(users.give_role(&actor, id, expected, &input.role).await?))
}

/// A role has one field: to change part of it is to change it.
async fn change_role(
    users: State<Users>,
    required: Require<AdministerUsers>,
    proof: FreshProof,
    id: Path<UserId>,
    expected: IfMatch,
    patch: Merge<RoleInput>,
) -> Answer<One<UserView>> {
    let input = patch.apply(&RoleInput { role: Line::default() })?;
    give_role(users, required, proof, id, expected, Body(input)).await
}

async fn set_password(
    State(users): State<Users>,
    Require(actor, _): Require<ManageUsers>,
    _: FreshProof,
    Path(id): Path<UserId>,
    OptionalBody(input): OptionalBody<PasswordInput>,
) -> Answer<One<PasswordView>> {
    Ok(One::new(users.set_password(&actor, id, input.unwrap_or_default().password).await?))
}

async fn unlock(
    State(users): State<Users>,
    Require(actor, _): Require<ManageUsers>,
    _: FreshProof,
    Path(id): Path<UserId>,
) -> Answer<One<UserView>> {
    Ok(one(users.unlock(&actor, id).await?))
}

/// The same under the path of those who keep the server safe (R2-51).
async fn unlock_as_administrator(
    users: State<Users>,
    required: Require<ManageUsers>,
    proof: FreshProof,
    id: Path<UserId>,
) -> Answer<One<UserView>> {
    unlock(users, required, proof, id).await
}

fn one(account: socle_identity_core::accounts::model::Account) -> One<UserView> {
    let version = account.version;
    One::new(account.into()).version(version)
}
