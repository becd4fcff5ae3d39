//! The wire shapes of what one receives on signing in, by whatever way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use socle_kit::http::{Cookie, Created, NoContent, One, WithCookies};

use super::ending::Ended;
use super::model::SessionKind;
use super::service::{Credentials, SignedIn};
use crate::accounts::api::AccountView;
use crate::factors::api::{ChallengeView, EnrolmentView};

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "__Host-socle-session";
/// The cookie from which scripts read the token to be sent as `X-CSRF-Token`.
pub const CSRF_COOKIE: &str = "__Host-socle-csrf";

/// By what the client wants to be known from now on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SessionWish {
    /// Tokens, in the answer.
    #[default]
    Tokens,
    /// A cookie that scripts cannot read: for pages in a browser.
    Cookie,
}

impl From<SessionWish> for SessionKind {
    fn from(wish: SessionWish) -> Self {
        match wish {
            SessionWish::Tokens => Self::Tokens,
            SessionWish::Cookie => Self::Cookie,
        }
    }
}

/// What one receives on signing in. It is a secret: not to be kept by caches or logs.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedInView {
    /// The same as `accessToken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Presented as `Authorization: Bearer` with each request; no token is there when a cookie was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// Presented once, to `POST /auth/refresh`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// Sent as `X-CSRF-Token` with each write, where a cookie was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
    /// The life of the access token, or of the cookie, in seconds.
    expires_in: u64,
    /// There when the role needs a second factor that the account does not have yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    factor_enrolment: Option<EnrolmentView>,
    user: AccountView,
}

/// The answer to a sign-in: the body, and the cookies where they were asked for.
pub type SignedInReply = WithCookies<One<SignedInView>>;

/// The same, where an account was made.
pub type RegisteredReply = WithCookies<Created<SignedInView>>;

/// How a sign-in ends: with a session, or with the question for a second factor.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum EndedView {
    /// It is done.
    SignedIn(Box<SignedInView>),
    /// A second factor is asked for.
    FactorRequired(ChallengeView),
}

/// The answer to the first step of a sign-in.
pub type EndedReply = WithCookies<One<EndedView>>;

impl Ended {
    /// The answer of every way to sign in that may ask for a second factor.
    pub fn into_reply(self) -> EndedReply {
        match self {
            Self::SignedIn(signed_in) => {
                let cookies = signed_in.cookies();
                WithCookies::new(One::new(EndedView::SignedIn(Box::new((*signed_in).into()))), cookies)
            }
            Self::Asked(asked) => {
                WithCookies::new(One::new(EndedView::FactorRequired(asked.into())), Vec::new())
            }
        }
    }
}

impl SignedIn {
    /// The answer of every way to sign in.
    pub fn into_reply(self) -> SignedInReply {
        let cookies = self.cookies();
        WithCookies::new(One::new(self.into()), cookies)
    }

    /// The answer where something was made at `path`.
    pub fn into_created(self, path: &'static str) -> RegisteredReply {
        let cookies = self.cookies();
        WithCookies::new(Created::at(path, self.into()), cookies)
    }

    fn cookies(&self) -> Vec<Cookie> {
        match &self.credentials {
            Credentials::Tokens { .. } => Vec::new(),
            Credentials::Cookie { token, csrf_token, expires_in } => vec![
                Cookie::hidden(SESSION_COOKIE, token.expose().clone(), *expires_in),
                Cookie::readable(CSRF_COOKIE, csrf_token.clone(), *expires_in),
            ],
        }
    }
}

/// The answer to a sign-out; the cookies go when it was one by cookie.
pub fn signed_out(by_cookie: bool) -> WithCookies<NoContent> {
    let cookies = if by_cookie {
        vec![Cookie::cleared(SESSION_COOKIE), Cookie::cleared(CSRF_COOKIE)]
    } else {
        Vec::new()
    };
    WithCookies::new(NoContent, cookies)
}

impl From<SignedIn> for SignedInView {
    fn from(signed_in: SignedIn) -> Self {
        let factor_enrolment = signed_in.factor_due.map(EnrolmentView::due);
        let user = signed_in.account.into();
        match signed_in.credentials {
            Credentials::Tokens { access_token, refresh_token, expires_in } => Self {
                token: Some(access_token.clone()),
                access_token: Some(access_token),
                refresh_token: Some(refresh_token.expose().clone()),
                token_type: Some("Bearer"),
                csrf_token: None,
                expires_in: expires_in.as_secs(),
                factor_enrolment,
                user,
            },
            Credentials::Cookie { csrf_token, expires_in, .. } => Self {
                token: None,
                access_token: None,
                refresh_token: None,
                token_type: None,
                csrf_token: Some(csrf_token),
                expires_in: expires_in.as_secs(),
                factor_enrolment,
                user,
            },
        }
    }
}
