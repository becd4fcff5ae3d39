//! What is measured: the operations, the two contenders, and their requests.

use serde_json::json;

/// A request as both load generators take it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) token: Option<String>,
    pub(crate) body: Option<String>,
}

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contender {
    /// The whole product.
    Socle,
    /// A server without middleware that sends the same SQL.
    Bare,
}

impl Contender {
    pub(crate) const ALL: &[Self] = &[Self::Socle, Self::Bare];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Socle => "socle",
            Self::Bare => "bare",
        }
    }
}

/// What is asked of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    ReadOne,
    ListByPage,
    ListByCursor,
    SignIn,
    Create,
}

impl Operation {
    /// In the order of measuring: what adds rows comes last, so that all others see the same data.
    pub(crate) const ALL: &[Self] =
        &[Self::ReadOne, Self::ListByPage, Self::ListByCursor, Self::SignIn, Self::Create];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ReadOne => "read one",
            Self::ListByPage => "list 20 and total",
            Self::ListByCursor => "list 20 by cursor",
            Self::SignIn => "sign in",
            Self::Create => "create",
        }
    }

    /// How many connections ask at once. A sign-in keeps a CPU busy for many milliseconds: more connections
    /// than these only wait in line.
    pub(crate) fn connections(self) -> usize {
        if self == Self::SignIn { 8 } else { 64 }
    }
}

/// Whom the measurements sign in as: the administrator that Socle makes at its first start.
pub(crate) const EMAIL: &str = "bench@example.org";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// What the requests need to know of the data.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Some announcements.
    pub(crate) ids: Vec<String>,
    /// A cursor into the middle of their list.
    pub(crate) cursor: Option<String>,
    /// Of Socle: an access token.
    pub(crate) token: Option<String>,
}

/// Every route that is measured stands here, Socle's beside the bare server's.
pub(crate) fn requests(contender: Contender, operation: Operation, known: &Known) -> Vec<Request> {
    let token = match contender {
        Contender::Socle => known.token.clone(),
        Contender::Bare => None,
    };
    let base = match contender {
        Contender::Socle => "/api/v1/announcements",
        Contender::Bare => "/announcements",
    };
    let get = |path: String| Request { method: "GET", path, token: token.clone(), body: None };
    match operation {
        Operation::ReadOne => known.ids.iter().map(|id| get(format!("{base}/{id}"))).collect(),
        Operation::ListByPage => vec![get(format!("{base}?limit=20"))],
        Operation::ListByCursor => {
            let path = |cursor: &String| format!("{base}?limit=20&cursor={cursor}");
            known.cursor.iter().filter(|_| contender == Contender::Socle).map(path).map(get).collect()
        }
        Operation::SignIn => {
            let path = match contender {
                Contender::Socle => "/api/v1/auth/login",
                Contender::Bare => "/login",
            };
            vec![Request { method: "POST", path: path.to_owned(), token: None, body: Some(sign_in_body()) }]
        }
        Operation::Create => {
            let body = Some(announcement_body(1));
            vec![Request { method: "POST", path: base.to_owned(), token, body }]
        }
    }
}

pub(crate) fn sign_in_body() -> String {
    json!({ "email": EMAIL, "password": PASSWORD }).to_string()
}

/// An announcement of some 500 characters.
pub(crate) fn announcement_body(number: usize) -> String {
    let content = "The lift of the north building stands still until Friday; the stairs are open. ".repeat(6);
    json!({ "title": format!("Announcement {number}"), "content": content.trim_end(), "type": "info" })
        .to_string()
}
