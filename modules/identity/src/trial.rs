//! This room behind a real edge with its own authenticator, for its tests.

use std::sync::Arc;

use serde_json::{Value, json};
use socle_kit::Module;
use socle_kit::assembly::{self, Surroundings};
use socle_kit::db::Tx;
use socle_kit::http::{Edge, Exchange, ExchangeBody, Info};
use socle_kit::kernel::{Id, Permission, Result, Secret, UserId};
use socle_kit::observe::{Health, Metrics};
use socle_testkit::TestApp;

use crate::operator::{NewAccount, Operator};

/// A password that passes every rule.
pub(crate) const PASSWORD: &str = "Girafe-samovar7!";

/// The server under trial.
pub(crate) struct Trial {
    pub(crate) app: TestApp,
    edge: Edge,
}

/// A permission of another room, for the trials.
pub(crate) const WATER_PLANTS: Permission = Permission {
    name: "water_plants",
    description: "Water the plants.",
    default_roles: &["manager", "employee"],
};

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
    headers: Vec<(String, String)>,
}

impl Trial {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let mut app = TestApp::of(&[crate::MODULE]).setting("jwt.secret", "q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa");
        for (key, value) in settings {
            app = app.setting(key, value);
        }
        let app = app.start().await;
        let kit = app.kit.clone();
        let edge = blocking(move || {
            crate::install_roles(&kit.db, &permissions(), &kit.clock).unwrap();
            let authenticator =
                crate::authenticator(&kit.db, &kit.settings, kit.clock.clone(), kit.random.clone()).unwrap();
            let around = Surroundings {
                authenticator,
                health: Arc::new(Health::new()),
                metrics: Metrics::install().unwrap(),
                info: Info { title: "Trial", version: "0", description: "" },
            };
            let modules: [Module; 1] = [crate::MODULE];
            assembly::edge(&kit, &modules, around).unwrap().0
        })
        .await;
        Self { app, edge }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> Call<'_> {
        Call { edge: &self.edge, exchange: Exchange::new(method, path) }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.request("GET", path)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a body is written where it is sent")]
    pub(crate) fn post(&self, path: &str, body: Value) -> Call<'_> {
        self.request("POST", path).json(&body)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a body is written where it is sent")]
    pub(crate) fn put(&self, path: &str, body: Value) -> Call<'_> {
        self.request("PUT", path).json(&body)
    }

    /// Does something as the operator, who blocks.
    pub(crate) async fn operate<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Operator) -> T + Send + 'static,
    ) -> T {
        let kit = self.app.kit.clone();
        blocking(move || {
            work(&Operator::new(&kit.db, &kit.passwords, &kit.clock, &kit.random, &kit.settings).unwrap())
        })
        .await
    }

    /// An account with [`PASSWORD`], of which the address is `<username>@example.org`.
    pub(crate) async fn account(&self, username: &str, role: &str) -> UserId {
        let new = NewAccount {
            username: username.to_owned(),
            email: Some(format!("{username}@example.org")),
            name: None,
            role: role.to_owned(),
            password: Some(Secret::new(PASSWORD.to_owned())),
        };
        self.operate(move |operator| operator.add_user(new).unwrap().0.id).await
    }

    /// Signs in by user name; the tokens.
    pub(crate) async fn sign_in(&self, username: &str) -> Tokens {
        let body = json!({"username": username, "password": PASSWORD});
        Tokens::of(&self.post("/api/v1/auth/login", body).send().await.expect(200))
    }

    /// Is the access token good?
    pub(crate) async fn knows(&self, tokens: &Tokens) -> bool {
        self.get("/api/v1/auth/me").bearer(&tokens.access).send().await.status == 200
    }

    /// Changes rows behind the room's back, then says so, as another request of this node would.
    pub(crate) async fn tamper(&self, work: impl FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static) {
        self.app.kit.db.write(work).await.unwrap();
        let db = self.app.kit.db.clone();
        blocking(move || crate::changes::Changes::of(&db).unwrap().note()).await;
    }

    /// The first value that a query gives.
    pub(crate) async fn value<T>(&self, sql: &'static str, id: UserId) -> T
    where
        T: socle_kit::kernel::FromValue + Send + 'static,
    {
        self.app.kit.db.read(move |conn| conn.scalar(sql, &[&id])).await.unwrap()
    }
}

/// The permissions of all rooms, in a world of two.
pub(crate) fn permissions() -> Vec<Permission> {
    vec![crate::MANAGE_USERS, WATER_PLANTS]
}

/// Runs what must not block the runtime.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// What a sign-in gives.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) user: UserId,
}

impl Tokens {
    pub(crate) fn of(reply: &Reply) -> Self {
        let text = |name: &str| reply.body["data"][name].as_str().unwrap().to_owned();
        let user: Id<_> = reply.body["data"]["user"]["id"].as_str().unwrap().parse().unwrap();
        Self { access: text("accessToken"), refresh: text("refreshToken"), user }
    }
}

/// A request under construction.
pub(crate) struct Call<'a> {
    edge: &'a Edge,
    exchange: Exchange,
}

impl Call<'_> {
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.exchange.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.exchange.body = ExchangeBody::of("application/json", body.to_string().into_bytes());
        self
    }

    pub(crate) fn from(mut self, address: &str) -> Self {
        self.exchange.peer = address.parse().unwrap();
        self
    }

    pub(crate) async fn send(self) -> Reply {
        let (status, headers, body) = self.edge.exchange(self.exchange).await;
        Reply { status, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn data(&self) -> &Value {
        &self.body["data"]
    }

    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }

    /// The fields at fault, as (path, code), sorted.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let details = self.body["error"]["details"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut fields: Vec<_> =
            details.iter().map(|detail| (text(&detail["field"]), text(&detail["code"]))).collect();
        fields.sort();
        fields
    }

    /// The sentences of the fields at fault.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let details = self.body["error"]["details"].as_array().cloned().unwrap_or_default();
        details.iter().map(|detail| detail["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
        self
    }
}
