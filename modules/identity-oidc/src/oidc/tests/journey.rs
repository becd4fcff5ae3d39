//! A browser on its way to the provider and back, for the tests.

use serde_json::{Value, json};
use socle_identity_trial::{Tokens, Trial};
use socle_kit::kernel::Clock;
use socle_testkit::TestResponse;

pub(super) const BASE: &str = "http://localhost:8080";
pub(super) const SECRET: &str = "a secret / with + signs";

/// A server that sends people to this provider.
pub(super) async fn server(issuer: &str, settings: &[(&str, &str)]) -> Trial {
    let own = [
        ("oidc.issuer", issuer),
        ("oidc.client_id", "socle"),
        ("oidc.client_secret", SECRET),
        ("oidc.return_url", "https://app.example.org/signed-in"),
        ("server.public_url", BASE),
    ];
    let all: Vec<(&str, &str)> = own
        .into_iter()
        .filter(|(key, _)| settings.iter().all(|(other, _)| other != key))
        .chain(settings.iter().copied())
        .collect();
    let trial = Trial::with(&all).await;
    // The provider lives in real time.
    trial.app.advance(Clock::system().now().since(trial.app.kit.clock.now()));
    trial
}

/// A browser that was sent away.
pub(super) struct Away {
    pub(super) address: String,
    /// `name=value`.
    pub(super) cookie: String,
}

impl Away {
    pub(super) fn of(address: &str, response: &TestResponse) -> Self {
        let cookie = response.header("set-cookie").unwrap();
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { address: address.to_owned(), cookie }
    }

    /// A parameter that was sent along.
    pub(super) fn sent(&self, name: &str) -> String {
        let url = reqwest::Url::parse(&self.address).unwrap();
        url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
    }
}

/// Sends a browser away.
pub(super) async fn depart(trial: &Trial, query: &str) -> Away {
    let response = trial.get(&format!("/api/v1/auth/oidc/start{query}")).send().await.expect(303);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    Away::of(response.header("location").unwrap(), &response)
}

/// Takes a browser back that the provider has sent here; what stands behind `#` in the address it is sent on to.
pub(super) async fn arrive(trial: &Trial, returned: &str, cookie: &str) -> String {
    let path = returned.strip_prefix(BASE).unwrap_or(returned);
    let mut request = trial.get(path);
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    let response = request.send().await.expect(303);
    let location = response.header("location").unwrap();
    location.strip_prefix("https://app.example.org/signed-in#").unwrap().to_owned()
}

/// The ticket that came back.
pub(super) fn ticket(end: &str) -> String {
    end.strip_prefix("ticket=").unwrap_or_else(|| panic!("no ticket: {end}")).to_owned()
}

/// Takes a ticket.
pub(super) async fn complete(trial: &Trial, body: Value, cookie: &str) -> TestResponse {
    let mut request = trial.post("/api/v1/auth/oidc/complete", body);
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    request.send().await
}

/// The whole way: from the start to signed in; `visit` is what the person does at the provider.
pub(super) async fn sign_in<F: Future<Output = String>>(
    trial: &Trial,
    visit: impl FnOnce(String) -> F,
) -> (Tokens, Value) {
    let away = depart(trial, "").await;
    let returned = visit(away.address.clone()).await;
    let end = arrive(trial, &returned, &away.cookie).await;
    let response = complete(trial, json!({"ticket": ticket(&end)}), &away.cookie).await.expect(200);
    (Tokens::of(&response), response.data()["user"].clone())
}

/// Says that the address of an account is its owner's.
pub(super) async fn verify(trial: &Trial, username: &'static str) {
    trial
        .tamper(move |tx| {
            tx.exec("UPDATE identity_user SET email_verified_at = 1 WHERE username = ?1", &[&username])?;
            Ok(())
        })
        .await;
}

/// How many accounts there are.
pub(super) async fn accounts(trial: &Trial) -> i64 {
    trial.app.kit.db.read(|conn| conn.scalar("SELECT COUNT(*) FROM identity_user", &[])).await.unwrap()
}
