//! The routes of roles and permissions.

use socle_kit::http::Context;
use socle_kit::prelude::*;

use super::api::{NewRole, PermissionView, RoleInput, RoleView};
use super::permissions::ManageRoles;
use super::service::Roles;
use socle_identity_core::permissions::ManageUsers;

pub(crate) fn routes(kit: &Kit) -> Result<Routes> {
    Ok(Routes::new()
        .get("/roles", list, "List roles")
        .post("/roles", create, "Make a role")
        .get("/roles/{name}", show, "Show a role")
        .put("/roles/{name}", replace, "Replace a role")
        .patch("/roles/{name}", patch, "Change part of a role")
        .delete("/roles/{name}", delete, "Remove a role")
        .get("/permissions", list_permissions, "List permissions")
        .about("Roles: bundles of permissions.")
        .with_state(Roles::new(kit)?))
}

async fn list(
    _: Require<ManageUsers>,
    State(roles): State<Roles>,
    context: Context,
    listing: Listing,
) -> Answer<Many<RoleView>> {
    Ok(Many(roles.list(listing.page, context.language()).await?))
}

async fn show(
    _: Require<ManageUsers>,
    State(roles): State<Roles>,
    context: Context,
    Path(name): Path<String>,
) -> Answer<One<RoleView>> {
    Ok(one(roles.show(name, context.language()).await?))
}

async fn create(
    RequireProved(actor, _): RequireProved<ManageRoles>,
    State(roles): State<Roles>,
    context: Context,
    Body(new): Body<NewRole>,
) -> Answer<Created<RoleView>> {
    let view = roles.create(actor, new, context.language()).await?;
    let version = view.version;
    Ok(Created::at(format!("/roles/{}", view.name), view).version(version))
}

async fn replace(
    RequireProved(actor, _): RequireProved<ManageRoles>,
    State(roles): State<Roles>,
    Path(name): Path<String>,
    RequiredIfMatch(expected): RequiredIfMatch,
    context: Context,
    Body(input): Body<RoleInput>,
) -> Answer<One<RoleView>> {
    Ok(one(roles.change(actor, name, expected, context.language(), move |_| Ok(input.clone())).await?))
}

async fn patch(
    RequireProved(actor, _): RequireProved<ManageRoles>,
    State(roles): State<Roles>,
    Path(name): Path<String>,
    RequiredIfMatch(expected): RequiredIfMatch,
    context: Context,
    patch: Merge<RoleInput>,
) -> Answer<One<RoleView>> {
    Ok(one(roles.change(actor, name, expected, context.language(), move |role| patch.apply(role)).await?))
}

async fn delete(
    RequireProved(actor, _): RequireProved<ManageRoles>,
    State(roles): State<Roles>,
    Path(name): Path<String>,
    RequiredIfMatch(expected): RequiredIfMatch,
) -> Answer<NoContent> {
    roles.delete(actor, name, expected).await?;
    Ok(NoContent)
}

async fn list_permissions(
    _: Require<ManageUsers>,
    State(roles): State<Roles>,
    context: Context,
) -> Answer<One<Vec<PermissionView>>> {
    Ok(One::new(roles.permissions(context.language()).await?))
}

fn one(view: RoleView) -> One<RoleView> {
    let version = view.version;
    One::new(view).version(version)
}
