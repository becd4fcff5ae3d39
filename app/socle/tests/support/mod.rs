//! The whole stack for the tests of the roof: in this process over a throw-away database, or as a real process.
#![expect(dead_code, reason = "each test binary uses its part")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken setup must fail the test"
)]

pub(crate) mod process;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use socle::{configuration, ground, wiring};
use socle_kit::assembly;
use socle_kit::config::{Sources, Values};
use socle_kit::http::{Edge, RouteCard};
use socle_kit::kernel::{Clock, Timestamp};
use socle_testkit::{TestRequest, TestResponse, Throwaway};

/// The whole stack in this process.
pub(crate) struct Stack {
    pub(crate) ground: ground::Ground,
    pub(crate) cards: Vec<RouteCard>,
    edge: Edge,
    _throwaway: Arc<Throwaway>,
    _folder: tempfile::TempDir,
}

impl Stack {
    /// With limits out of the way.
    pub(crate) async fn start() -> Self {
        let quotas = ["api_ip", "api_user", "login", "register", "auth"];
        let settings: Vec<(String, String)> =
            quotas.iter().map(|name| (format!("limits.{name}"), "1000000/1m".to_owned())).collect();
        Self::with(settings).await
    }

    /// With these settings, by key.
    pub(crate) async fn with(settings: Vec<(String, String)>) -> Self {
        tokio::task::spawn_blocking(move || Self::build(settings)).await.unwrap()
    }

    fn build(mut flags: Vec<(String, String)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        flags.push(("data_dir".to_owned(), folder.path().join("data").display().to_string()));
        let specification = assembly::specification(socle::modules::MODULES, configuration::ROOF).unwrap();
        let values = Values::load(&specification, &Sources { flags, ..Sources::default() })
            .unwrap_or_else(|problems| panic!("{problems:?}"));
        let modules = configuration::enabled(&values).unwrap();
        let throwaway = Throwaway::from_env(&assembly::migrations(&modules)).unwrap();
        let clock = Clock::manual(Timestamp::from_seconds(1_768_471_200));
        let ground = ground::stand(&values, throwaway.db().clone(), clock).unwrap();
        let kit = &ground.kit;
        socle_identity::install_roles(&kit.db, &assembly::permissions(&ground.modules), &kit.clock).unwrap();
        kit.shutdown.ready();
        let (edge, cards) = wiring::front(&ground).unwrap();
        Self { ground, cards, edge, _throwaway: Arc::new(throwaway), _folder: folder }
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> TestRequest {
        TestRequest::new(self.edge.clone(), method, target)
    }

    pub(crate) fn get(&self, target: &str) -> TestRequest {
        self.request("GET", target)
    }

    pub(crate) fn post(&self, target: &str) -> TestRequest {
        self.request("POST", target)
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.ground.kit.clock.advance(by);
    }

    /// Registers somebody and gives back their access token.
    pub(crate) async fn register(&self, username: &str) -> String {
        let body = json!({
            "email": format!("{username}@example.com"), "username": username, "password": "a long enough phrase",
        });
        let response = self.post("/api/v1/auth/register").json(&body).send().await.expect(201);
        response.data()["accessToken"].as_str().unwrap().to_owned()
    }

    /// Registers somebody and gives them a role.
    pub(crate) async fn register_as(&self, username: &str, role: &str) -> String {
        self.register(username).await;
        let (operator, user, role) = (self.ground.operator().unwrap(), username.to_owned(), role.to_owned());
        tokio::task::spawn_blocking(move || operator.promote(&user, &role)).await.unwrap().unwrap();
        let body = json!({"username": username, "password": "a long enough phrase"});
        let response = self.post("/api/v1/auth/login").json(&body).send().await.expect(200);
        response.data()["accessToken"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn event_count(&self) -> usize {
        self.ground.kit.events.everything().await.unwrap().len()
    }
}

/// The error of a response, by pointer.
pub(crate) fn at<'a>(body: &'a Value, pointer: &str) -> &'a Value {
    body.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is missing in {body}"))
}

pub(crate) fn header<'a>(response: &'a TestResponse, name: &str) -> &'a str {
    response.header(name).unwrap_or_else(|| panic!("{name} is missing"))
}
