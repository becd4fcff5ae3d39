//! Who may call: a route takes one of these, or the server does not start.

use axum::extract::FromRequestParts;
use http::request::Parts;
use socle_kernel::{Actor, Error, Permission, codes};

use crate::openapi::Access;
use crate::problem::Refused;
use crate::{Caller, Context, DescribeInput, Means, Operation};

/// Anybody may call; the actor may be anonymous.
#[derive(Debug, Clone)]
pub struct Public(pub Actor);

/// Any signed-in caller; the anonymous get 401.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

/// Any signed-in caller, and the anonymous too where the route is open (`Routes::open_when`).
#[derive(Debug, Clone)]
pub struct Visitor(pub Actor);

/// A signed-in caller with all that is known of the credentials: for the routes about them. They are for people:
/// a program with an API key gets 403 with `IN_PERSON_ONLY`.
#[derive(Debug, Clone)]
pub struct CallerOf(pub Caller);

/// A signed-in caller who has proved a short while ago who they are: for what a stolen session must not do. Others
/// get 403 with `PROOF_REQUIRED`, and prove it at `POST /auth/proof`.
#[derive(Debug, Clone)]
pub struct FreshProof(pub Caller);

/// A caller with the permission `P`; others get 403, the anonymous 401.
#[derive(Debug, Clone)]
pub struct Require<P>(pub Actor, pub P);

/// A caller with the permission `P` who has proved a short while ago who they are: [`Require`] and [`FreshProof`].
#[derive(Debug, Clone)]
pub struct RequireProved<P>(pub Actor, pub P);

/// The type-level name of a permission; made by `permission!`.
pub trait RequiredPermission: Sized + Send {
    /// The permission.
    const PERMISSION: Permission;
    /// Proof that it was checked: the unit value of the name.
    fn proof() -> Self;
}

impl<S: Sync> FromRequestParts<S> for Public {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        Ok(Self(Context::of(&parts.extensions)?.actor().clone()))
    }
}
impl DescribeInput for Public {
    fn describe(operation: &mut Operation<'_>) {
        operation.restrict(Access::Public);
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        Ok(Self(Context::of(&parts.extensions)?.signed_in()?.actor.clone()))
    }
}
impl DescribeInput for SignedIn {
    fn describe(operation: &mut Operation<'_>) {
        operation.restrict(Access::SignedIn);
        operation.refusal(401);
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let context = Context::of(&parts.extensions)?;
        let open = context.0.door.get().is_some_and(|door| door.open);
        if !open {
            context.signed_in()?;
        }
        Ok(Self(context.actor().clone()))
    }
}
impl DescribeInput for Visitor {
    fn describe(operation: &mut Operation<'_>) {
        operation.restrict(Access::Visitor);
        operation.refusal(401);
    }
}

impl<S: Sync> FromRequestParts<S> for CallerOf {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        Ok(Self(in_person(Context::of(&parts.extensions)?)?.clone()))
    }
}
impl DescribeInput for CallerOf {
    fn describe(operation: &mut Operation<'_>) {
        SignedIn::describe(operation);
        operation.refusal(403);
        operation.is_in_person = true;
    }
}

/// The caller, when it is somebody who has signed in: an API key cannot be asked who it is.
fn in_person(context: &Context) -> socle_kernel::Result<&Caller> {
    let caller = context.signed_in()?;
    if caller.means == Means::ApiKey { Err(Error::new(codes::IN_PERSON_ONLY)) } else { Ok(caller) }
}

impl<S: Sync> FromRequestParts<S> for FreshProof {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let context = Context::of(&parts.extensions)?;
        let caller = in_person(context)?;
        if caller.proved_until.is_none_or(|until| until <= context.received()) {
            return Err(Error::new(codes::PROOF_REQUIRED).into());
        }
        Ok(Self(caller.clone()))
    }
}
impl DescribeInput for FreshProof {
    fn describe(operation: &mut Operation<'_>) {
        operation.is_in_person = true;
        operation.refusal(401);
        operation.refusal(403);
    }
}

impl<S: Sync, P: RequiredPermission> FromRequestParts<S> for Require<P> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let actor = Context::of(&parts.extensions)?.signed_in()?.actor.clone();
        actor.require(&P::PERMISSION)?;
        Ok(Self(actor, P::proof()))
    }
}
impl<P: RequiredPermission> DescribeInput for Require<P> {
    fn describe(operation: &mut Operation<'_>) {
        operation.restrict(Access::Permission(P::PERMISSION));
        operation.refusal(401);
        operation.refusal(403);
    }
}

impl<S: Sync, P: RequiredPermission> FromRequestParts<S> for RequireProved<P> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Require(actor, permission) = Require::<P>::from_request_parts(parts, state).await?;
        FreshProof::from_request_parts(parts, state).await?;
        Ok(Self(actor, permission))
    }
}
impl<P: RequiredPermission> DescribeInput for RequireProved<P> {
    fn describe(operation: &mut Operation<'_>) {
        Require::<P>::describe(operation);
        FreshProof::describe(operation);
    }
}
