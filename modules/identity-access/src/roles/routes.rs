//! The routes of roles and permissions.

use socle_kit::http::Context;
use socle_kit::prelude::*;

use super::api::{PermissionView, RoleView};
use super::service::Roles;
use socle_identity_core::permissions::ManageUsers;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new()
        .get("/roles", list, "List roles")
        .get("/permissions", list_permissions, "List permissions")
        .with_state(Roles::new(kit))
}

async fn list(
    _: Require<ManageUsers>,
    State(roles): State<Roles>,
    context: Context,
    listing: Listing,
) -> Answer<Many<RoleView>> {
    Ok(Many(roles.list(listing.page, context.language()).await?))
}

async fn list_permissions(
    _: Require<ManageUsers>,
    State(roles): State<Roles>,
    context: Context,
) -> Answer<One<Vec<PermissionView>>> {
    Ok(One::new(roles.permissions(context.language()).await?))
}
