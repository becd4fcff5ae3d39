//! This room with its own authenticator, and people who sign in, for its tests.

use serde_json::{Value, json};
use socle_kit::db::Tx;
use socle_kit::kernel::{Id, Permission, Result, Secret, UserId};
use socle_testkit::{TestApp, TestRequest, TestResponse};

use crate::operator::{NewAccount, Operator};

/// A password that passes every rule.
pub(crate) const PASSWORD: &str = "Girafe-samovar7!";

/// The server under trial.
pub(crate) struct Trial {
    pub(crate) app: TestApp,
}

/// A permission of another room, for the trials.
pub(crate) const WATER_PLANTS: Permission = Permission {
    name: "water_plants",
    description: "Water the plants.",
    default_roles: &["manager", "employee"],
};

impl Trial {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let mut app = TestApp::of(&[crate::MODULE]).setting("jwt.secret", "q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa");
        for (key, value) in settings {
            app = app.setting(key, value);
        }
        let app = app.authenticator(|kit| {
            crate::install_roles(&kit.db, &permissions(), &kit.clock).unwrap();
            crate::authenticator(&kit.db, &kit.settings, kit.clock.clone(), kit.random.clone()).unwrap()
        });
        Self { app: app.start().await }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> TestRequest {
        self.app.request(method, path)
    }

    pub(crate) fn get(&self, path: &str) -> TestRequest {
        self.app.get(path)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a body is written where it is sent")]
    pub(crate) fn post(&self, path: &str, body: Value) -> TestRequest {
        self.app.post(path).json(&body)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a body is written where it is sent")]
    pub(crate) fn put(&self, path: &str, body: Value) -> TestRequest {
        self.app.put(path).json(&body)
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
    pub(crate) fn of(response: &TestResponse) -> Self {
        let data = response.data();
        let text = |name: &str| data[name].as_str().unwrap().to_owned();
        let user: Id<_> = data["user"]["id"].as_str().unwrap().parse().unwrap();
        Self { access: text("accessToken"), refresh: text("refreshToken"), user }
    }
}
