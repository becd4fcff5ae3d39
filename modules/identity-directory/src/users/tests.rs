//! Administering accounts, through HTTP.

mod administration;
mod reading;
mod tables;

use serde_json::{Value, json};
use socle_identity_trial::{Tokens, Trial};
use socle_kit::kernel::{Id, UserId};
use socle_testkit::{TestRequest, TestResponse};

const USERS: &str = "/api/v1/users";

/// A server with an administrator.
struct Office {
    trial: Trial,
    boss: Tokens,
}

impl Office {
    async fn open() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let trial = Trial::with(settings).await;
        trial.account("boss", "admin").await;
        let boss = trial.sign_in("boss").await;
        Self { trial, boss }
    }

    /// Somebody with the permission to manage accounts, and no other.
    async fn clerk(&self, name: &str) -> Tokens {
        let user = self.trial.account(name, "user").await;
        self.grant(user, "manage_users").await;
        self.trial.sign_in(name).await
    }

    async fn grant(&self, user: UserId, permission: &'static str) {
        let id: Id<()> = self.trial.app.kit.ids.next();
        self.trial
            .tamper(move |tx| {
                tx.exec(
                    "INSERT INTO identity_user_permission (id, user_id, permission, created_at)
                     VALUES (?1, ?2, ?3, 0)",
                    &[&id, &user, &permission],
                )
                .map(drop)
            })
            .await;
    }

    fn ask(&self, method: &str, path: &str) -> TestRequest {
        self.trial.request(method, &format!("{USERS}{path}")).bearer(&self.boss.access)
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> TestResponse {
        self.ask(method, path).json(&body).send().await
    }

    async fn get(&self, path: &str) -> TestResponse {
        self.ask("GET", path).send().await
    }

    /// The user names of a list, in its order.
    async fn names(&self, query: &str) -> Vec<String> {
        let reply = self.get(query).await.expect(200);
        let data = reply.data();
        data.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
    }

    async fn kinds(&self) -> Vec<String> {
        self.trial.app.event_kinds().await
    }
}

fn fields(reply: &TestResponse) -> Vec<String> {
    reply.fields().into_iter().map(|(path, code)| format!("{path} {code}")).collect()
}

fn named(username: &str) -> Value {
    json!({"username": username, "email": format!("{username}@example.org")})
}
