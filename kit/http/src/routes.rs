//! A module's table of contents: paths, methods, handlers, each with its policy.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;
use socle_i18n::Language;
use socle_kernel::{Actor, Error, FieldError, Result, codes};

use crate::Described;
use crate::context::Context;
use crate::openapi::{Access, Operation};
use crate::problem::Refused;
use crate::reply::Counted;

/// Who may call a route, for the coverage test and the permission list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Anybody.
    Public,
    /// Anybody where a setting says so, else any signed-in caller.
    Visitor,
    /// Any signed-in caller.
    SignedIn,
    /// A caller with the permission of this name.
    Permission(&'static str),
}

/// A route as the outside sees it.
#[derive(Clone)]
pub struct RouteCard {
    /// The method.
    pub method: Method,
    /// The path below `/api/v1`, with `{names}`.
    pub path: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// A stable name: `announcements_list`.
    pub operation_id: String,
    /// The resource: the folder the handler lives in.
    pub tag: String,
    /// The limit that counts calls besides the general one.
    pub limit: Option<&'static str>,
    /// Open to anonymous visitors, where the route takes visitors.
    pub open: bool,
    pub(crate) describe: fn(&mut Operation<'_>),
}

/// Routes under construction, waiting for their state `S`.
pub struct Routes<S = ()> {
    entries: Vec<(RouteCard, MethodRouter<S, Infallible>)>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! verbs {
    ($($(#[$meta:meta])* $verb:ident = $method:ident;)+) => {
        $($(#[$meta])*
        #[must_use]
        pub fn $verb<H, T>(self, path: &'static str, handler: H, summary: &'static str) -> Self
        where
            H: Handler<T, S> + Described<T>,
            T: 'static,
        {
            self.route(Method::$method, MethodFilter::$method, path, handler, summary)
        })+
    };
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    verbs! {
        /// A route that reads.
        get = GET;
        /// A route that creates or acts.
        post = POST;
        /// A route that replaces.
        put = PUT;
        /// A route that changes in part (RFC 7396).
        patch = PATCH;
        /// A route that removes.
        delete = DELETE;
    }

    fn route<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        handler: H,
        summary: &'static str,
    ) -> Self
    where
        H: Handler<T, S> + Described<T>,
        T: 'static,
    {
        let (tag, name) = handler_name::<H>();
        let card = RouteCard {
            method,
            path,
            summary,
            operation_id: format!("{tag}_{name}"),
            tag,
            limit: None,
            open: false,
            describe: H::describe,
        };
        self.entries.push((card, on(filter, handler)));
        self
    }

    /// Counts calls of the last route against this limit as well.
    #[must_use]
    pub fn limit(mut self, policy: &'static str) -> Self {
        if let Some((card, _)) = self.entries.last_mut() {
            card.limit = Some(policy);
        }
        self
    }

    /// Opens the last route, one that takes a `Visitor`, to the anonymous when `open`.
    #[must_use]
    pub fn open_when(mut self, open: bool) -> Self {
        if let Some((card, _)) = self.entries.last_mut() {
            card.open = open;
        }
        self
    }

    /// Gives the handlers their state.
    pub fn with_state(self, state: S) -> Routes {
        let entries =
            self.entries.into_iter().map(|(card, router)| (card, router.with_state(state.clone()))).collect();
        Routes { entries }
    }
}

impl Routes {
    /// These routes and those.
    #[must_use]
    pub fn merge(mut self, other: Routes) -> Self {
        self.entries.extend(other.entries);
        self
    }

    /// What there is, for the document, the coverage test and the start-up check.
    pub fn cards(&self) -> Vec<RouteCard> {
        self.entries.iter().map(|(card, _)| card.clone()).collect()
    }

    /// The router below `prefix`; fails when a route has no policy or stands twice.
    pub(crate) fn into_router(self, prefix: &str) -> Result<Router> {
        let mut router = Router::new();
        let mut seen: Vec<(Method, &str)> = Vec::new();
        for (card, method_router) in self.entries {
            let (access, takes_query) = inspect(&card);
            let Some(access) = access else {
                return Err(Error::internal(format!(
                    "{} {} has no policy: a handler takes Public, Visitor, SignedIn or Require",
                    card.method, card.path
                )));
            };
            if seen.contains(&(card.method.clone(), card.path)) {
                return Err(Error::internal(format!("{} {} is declared twice", card.method, card.path)));
            }
            seen.push((card.method.clone(), card.path));
            let pass = Arc::new(Pass {
                template: card.path,
                limit: card.limit,
                open: card.open,
                takes_query,
                access,
            });
            let layer = from_fn(move |request: Request, next: Next| enter(pass.clone(), request, next));
            router = router.route(&format!("{prefix}{}", card.path), method_router.route_layer(layer));
        }
        Ok(router)
    }
}

/// What the door of a route knows.
pub(crate) struct Pass {
    pub(crate) template: &'static str,
    limit: Option<&'static str>,
    pub(crate) open: bool,
    takes_query: bool,
    access: Access,
}

/// The template of the route that answered, for metrics (bounded: templates, not paths).
#[derive(Clone, Copy)]
pub(crate) struct Template(pub(crate) &'static str);

/// Is this route open to the anonymous? Read by `Visitor`.
#[derive(Clone, Copy)]
pub(crate) struct OpenDoor(pub(crate) bool);

async fn enter(pass: Arc<Pass>, mut request: Request, next: Next) -> Response {
    let counted = match check(&pass, &request) {
        Ok(counted) => counted,
        Err((error, reached)) => return stamp(Refused(error).into_response(), pass.template, reached),
    };
    if pass.access == Access::Visitor {
        request.extensions_mut().insert(OpenDoor(pass.open));
    }
    stamp(next.run(request).await, pass.template, counted)
}

fn stamp(mut response: Response, template: &'static str, counted: Option<Counted>) -> Response {
    response.extensions_mut().insert(Template(template));
    if let Some(counted) = counted {
        response.extensions_mut().insert(counted);
    }
    response
}

/// What the door lets through; or why not, with the limit that was reached.
fn check(pass: &Pass, request: &Request) -> Result<Option<Counted>, (Error, Option<Counted>)> {
    let context = Context::of(request.extensions()).map_err(|error| (error, None))?;
    let counted = match pass.limit {
        None => None,
        Some(policy) => context
            .0
            .gate
            .count(policy, context.origin(), &counted_actor(pass, context))
            .map_err(|refusal| (crate::server::refusal_error(&refusal), refusal.limit.map(Counted)))?
            .map(Counted),
    };
    let query = request.uri().query().unwrap_or_default();
    refuse_query(query, pass.takes_query).map_err(|error| (error, counted))?;
    Ok(counted)
}

/// Who is counted: on a public route always the address, or a thief of many accounts would try passwords at
/// each one's expense.
fn counted_actor(pass: &Pass, context: &Context) -> Actor {
    match pass.access {
        Access::Public => Actor::anonymous(),
        _ => context.actor().clone(),
    }
}

/// Every route takes the language, once, and one that is spoken. A route without other query parameters refuses
/// them; one that has some reads them itself.
fn refuse_query(query: &str, takes_more: bool) -> Result<()> {
    let mut wrong = Vec::new();
    let mut languages = 0;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("lang", word) => {
                languages += 1;
                if languages == 2 {
                    wrong.push(FieldError::new("lang", codes::DUPLICATE_PARAMETER));
                }
                if !word.is_empty() && Language::parse(word).is_none() {
                    let known: Vec<&str> = Language::ALL.iter().map(|language| language.as_str()).collect();
                    wrong.push(FieldError::new("lang", codes::NOT_ALLOWED).arg("allowed", known.join(", ")));
                }
            }
            (name, _) if !takes_more => {
                wrong.push(FieldError::new(name, codes::UNKNOWN_PARAMETER).arg("nearest", ""));
            }
            _ => {}
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid(wrong)) }
}

fn inspect(card: &RouteCard) -> (Option<Access>, bool) {
    let mut inputs = schemars::SchemaGenerator::default();
    let mut outputs = schemars::SchemaGenerator::default();
    let mut operation = Operation::new(card.path, &mut inputs, &mut outputs);
    (card.describe)(&mut operation);
    (operation.access, operation.takes_query)
}

impl RouteCard {
    /// Who may call.
    pub fn policy(&self) -> Option<Policy> {
        inspect(self).0.map(|access| match access {
            Access::Public => Policy::Public,
            Access::Visitor => Policy::Visitor,
            Access::SignedIn => Policy::SignedIn,
            Access::Permission(permission) => Policy::Permission(permission.name),
        })
    }
}

/// The folder and the function of a handler: `socle_intranet::announcements::routes::list` is
/// (`announcements`, `list`).
fn handler_name<H>() -> (String, String) {
    let full = std::any::type_name::<H>();
    let mut parts = full.rsplit("::");
    let name = parts.next().unwrap_or(full).to_owned();
    let tag = parts.find(|part| *part != "routes").unwrap_or("api").to_owned();
    (tag, name)
}
