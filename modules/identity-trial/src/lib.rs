//! The room of identity with its own authenticator, and people who sign in, for the tests of all its crates.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken setup must fail the test")]

use serde_json::{Value, json};
use socle_kit::crypto::PasswordSettings;
use socle_kit::db::Tx;
use socle_kit::kernel::{Id, Permission, Result, Secret, UserId};
use socle_testkit::{TestApp, TestRequest, TestResponse};

pub use socle_identity::MODULE;
pub use socle_identity::operator::{NewAccount, Operator, has_demo_accounts};

/// A password that passes every rule.
pub const PASSWORD: &str = "Girafe-samovar7!";

/// The server under trial.
pub struct Trial {
    /// The server.
    pub app: TestApp,
}

/// A permission of another room, for the trials.
pub const WATER_PLANTS: Permission = Permission {
    name: "water_plants",
    description: "Water the plants.",
    default_roles: &["manager", "employee"],
};

impl Trial {
    /// With the settings as they are by default.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these settings.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::built(settings, None).await
    }

    /// With these settings, and passwords hashed as in earnest.
    pub async fn in_earnest(settings: &[(&str, &str)]) -> Self {
        Self::built(settings, Some(PasswordSettings::default())).await
    }

    async fn built(settings: &[(&str, &str)], hashing: Option<PasswordSettings>) -> Self {
        let mut app = TestApp::of(&[MODULE]).setting("jwt.secret", "q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa");
        for (key, value) in settings {
            app = app.setting(key, value);
        }
        if let Some(hashing) = hashing {
            app = app.hashing(hashing);
        }
        let app = app.authenticator(|kit| {
            socle_identity::install_roles(&kit.db, &permissions(), &kit.clock).unwrap();
            socle_identity::authenticator(&kit.db, &kit.settings, &kit.sealer, &kit.clock, &kit.random)
                .unwrap()
        });
        Self { app: app.start().await }
    }

    /// A request, to be filled and sent.
    pub fn request(&self, method: &str, path: &str) -> TestRequest {
        self.app.request(method, path)
    }

    /// A reading request.
    pub fn get(&self, path: &str) -> TestRequest {
        self.app.get(path)
    }

    /// A request with a body.
    #[expect(clippy::needless_pass_by_value, reason = "a body is written where it is sent")]
    pub fn post(&self, path: &str, body: Value) -> TestRequest {
        self.app.post(path).json(&body)
    }

    /// A request that replaces.
    #[expect(clippy::needless_pass_by_value, reason = "a body is written where it is sent")]
    pub fn put(&self, path: &str, body: Value) -> TestRequest {
        self.app.put(path).json(&body)
    }

    /// Does something as the operator, who blocks.
    pub async fn operate<T: Send + 'static>(&self, work: impl FnOnce(&Operator) -> T + Send + 'static) -> T {
        let kit = self.app.kit.clone();
        blocking(move || {
            work(&Operator::new(&kit.db, &kit.passwords, &kit.clock, &kit.random, &kit.settings).unwrap())
        })
        .await
    }

    /// An account with [`PASSWORD`], of which the address is `<username>@example.org`.
    pub async fn account(&self, username: &str, role: &str) -> UserId {
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
    pub async fn sign_in(&self, username: &str) -> Tokens {
        let body = json!({"username": username, "password": PASSWORD});
        Tokens::of(&self.post("/api/v1/auth/login", body).send().await.expect(200))
    }

    /// Is the access token good?
    pub async fn knows(&self, tokens: &Tokens) -> bool {
        self.get("/api/v1/auth/me").bearer(&tokens.access).send().await.status == 200
    }

    /// Changes rows behind the room's back, then says so, as another request of this node would.
    pub async fn tamper(&self, work: impl FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static) {
        self.app.kit.db.write(work).await.unwrap();
        let db = self.app.kit.db.clone();
        blocking(move || socle_identity_core::changes::Changes::of(&db).unwrap().note()).await;
    }

    /// The first value that a query gives.
    pub async fn value<T>(&self, sql: &'static str, id: UserId) -> T
    where
        T: socle_kit::kernel::FromValue + Send + 'static,
    {
        self.app.kit.db.read(move |conn| conn.scalar(sql, &[&id])).await.unwrap()
    }
}

/// The permissions of all rooms, in a world of two.
pub fn permissions() -> Vec<Permission> {
    vec![
        socle_identity::MANAGE_USERS,
        socle_identity::MANAGE_ROLES,
        socle_identity::DELEGATE_PERMISSIONS,
        WATER_PLANTS,
    ]
}

/// Runs what must not block the runtime.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// What a sign-in gives.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// The account.
    pub user: UserId,
}

impl Tokens {
    /// As an answer names them.
    pub fn of(response: &TestResponse) -> Self {
        let data = response.data();
        let text = |name: &str| data[name].as_str().unwrap().to_owned();
        let user: Id<_> = data["user"]["id"].as_str().unwrap().parse().unwrap();
        Self { access: text("accessToken"), refresh: text("refreshToken"), user }
    }
}
