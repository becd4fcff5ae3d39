//! A module's table of contents: paths, methods, handlers, each with its policy.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;
use socle_i18n::Language;
use socle_kernel::{Actor, Error, FieldError, Result, codes};

use crate::context::Context;
use crate::door::Door;
use crate::openapi::{Access, Operation};
use crate::problem::Refused;
use crate::{BoxFuture, Described};

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
    /// What its group is about.
    pub about: Option<&'static str>,
    /// The limit that counts calls besides the general one.
    pub limit: Option<&'static str>,
    /// Open to anonymous visitors, where the route takes visitors.
    pub open: bool,
    /// Open to callers who are confined.
    pub for_confined: bool,
    pub(crate) describe: fn(&mut Operation<'_>),
}

/// Routes under construction, waiting for their state `S`.
pub struct Routes<S = ()> {
    entries: Vec<(RouteCard, Hang<S>)>,
}

/// Hangs a handler behind its door, once the door is known.
type Hang<S> = Box<dyn FnOnce(Arc<Door>) -> MethodRouter<S, Infallible>>;

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
            about: None,
            limit: None,
            open: false,
            for_confined: false,
            describe: H::describe,
        };
        self.entries.push((card, Box::new(move |door| on(filter, Behind { door, handler }))));
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

    /// Opens the last route to callers who are confined: those who must first do something about their account.
    #[must_use]
    pub fn for_confined(mut self) -> Self {
        if let Some((card, _)) = self.entries.last_mut() {
            card.for_confined = true;
        }
        self
    }

    /// Says what these routes are about, for readers of the document: their group has this description.
    #[must_use]
    pub fn about(mut self, text: &'static str) -> Self {
        self.entries.iter_mut().for_each(|(card, _)| card.about = Some(text));
        self
    }

    /// Gives the handlers their state.
    pub fn with_state(self, state: S) -> Routes {
        let entries = self.entries.into_iter().map(|(card, hang)| {
            let state = state.clone();
            let hang: Hang<()> = Box::new(move |door| hang(door).with_state(state));
            (card, hang)
        });
        Routes { entries: entries.collect() }
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
        for (card, hang) in self.entries {
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
            let mut door = Door::new(card.method, card.path);
            door.open = card.open;
            door.for_confined = card.for_confined;
            door.limit = card.limit;
            door.counts_addresses = access == Access::Public;
            door.takes_query = takes_query;
            router = router.route(&format!("{prefix}{}", card.path), hang(Arc::new(door)));
        }
        Ok(router)
    }
}

/// Lets a request through, or says why not.
fn check(door: &Door, request: &Request, context: &Context) -> Result<()> {
    if let Some(policy) = door.limit {
        let outcome = context.0.gate.count(policy, context.origin(), &counted_actor(door, context));
        let admission = match &outcome {
            Ok(admission) => *admission,
            Err(refusal) => refusal.limit,
        };
        if let Some(admission) = admission {
            context.0.counted.get_or_init(|| admission);
        }
        outcome.map_err(|refusal| crate::server::refusal_error(&refusal))?;
    }
    refuse_query(request.uri().query().unwrap_or_default(), door.takes_query)
}

/// A handler behind its door.
#[derive(Clone)]
struct Behind<H> {
    door: Arc<Door>,
    handler: H,
}

impl<H, T, S> Handler<T, S> for Behind<H>
where
    H: Handler<T, S>,
    S: Send + 'static,
{
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let Self { door, handler } = self;
            let checked = Context::of(request.extensions()).and_then(|context| {
                context.0.door.get_or_init(|| door.clone());
                check(&door, &request, context)
            });
            match checked {
                Ok(()) => handler.call(request, state).await,
                Err(error) => Refused(error).into_response(),
            }
        })
    }
}

/// Who is counted: on a public route always the address, or a thief of many accounts would try passwords at
/// each one's expense.
fn counted_actor(door: &Door, context: &Context) -> Actor {
    if door.counts_addresses { Actor::anonymous() } else { context.actor().clone() }
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
