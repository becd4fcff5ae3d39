//! Sessions by cookie, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_testkit::{TestRequest, TestResponse};

use socle_identity_trial::{PASSWORD, Trial};

const ME: &str = "/api/v1/auth/me";
const LOGIN: &str = "/api/v1/auth/login";
const LOGOUT: &str = "/api/v1/auth/logout";
const MINUTE: Duration = Duration::from_secs(60);

/// What a browser keeps.
struct Browser {
    cookies: String,
    csrf: String,
}

impl Browser {
    async fn sign_in(trial: &Trial, username: &str) -> Self {
        let body = json!({"username": username, "password": PASSWORD, "session": "cookie"});
        Self::of(&trial.post(LOGIN, body).send().await.expect(200))
    }

    fn of(response: &TestResponse) -> Self {
        let set = response.headers("set-cookie");
        let pairs: Vec<&str> = set.iter().map(|cookie| cookie.split(';').next().unwrap()).collect();
        let csrf = response.data()["csrfToken"].as_str().unwrap().to_owned();
        assert_eq!(pairs[1], format!("__Host-socle-csrf={csrf}"));
        Self { cookies: pairs.join("; "), csrf }
    }

    fn with(&self, request: TestRequest) -> TestRequest {
        request.header("cookie", &self.cookies)
    }

    async fn is_known(&self, trial: &Trial) -> bool {
        // Says that something changed, so that the session is looked up again without waiting.
        trial.tamper(|_| Ok(())).await;
        self.with(trial.get(ME)).send().await.status == 200
    }
}

async fn trial() -> Trial {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    trial
}

#[tokio::test]
async fn r4_93_r4_251_a_session_by_cookie_is_hidden_from_scripts_and_no_token_is_in_the_answer() {
    let trial = trial().await;
    let body = json!({"username": "zoe", "password": PASSWORD, "session": "cookie"});
    let reply = trial.post(LOGIN, body).send().await.expect(200);
    let set = reply.headers("set-cookie");
    assert_eq!(set.len(), 2);
    assert!(set[0].starts_with("__Host-socle-session="));
    assert!(set[0].ends_with("; Path=/; Max-Age=43200; Secure; SameSite=Lax; HttpOnly"), "{}", set[0]);
    assert!(set[1].ends_with("; Path=/; Max-Age=43200; Secure; SameSite=Lax"), "{}", set[1]);
    let data = reply.data();
    for name in ["token", "accessToken", "refreshToken"] {
        assert_eq!(data[name], Value::Null, "{name}");
    }
    assert_eq!((&data["expiresIn"], &data["user"]["username"]), (&json!(43_200), &json!("zoe")));
    assert!(Browser::of(&reply).is_known(&trial).await);
}

#[tokio::test]
async fn r4_38_only_the_hash_of_a_cookie_is_stored() {
    let trial = trial().await;
    let browser = Browser::sign_in(&trial, "zoe").await;
    let secret = browser.cookies.split(['=', ';']).nth(1).unwrap().to_owned();
    let stored = trial.app.kit.db.read(|conn| {
        conn.scalar::<String>("SELECT cookie_hash FROM identity_session WHERE cookie_hash IS NOT NULL", &[])
    });
    let stored = stored.await.unwrap();
    assert_eq!(stored.len(), 64);
    assert!(!secret.contains(&stored) && !stored.contains(&secret));
}

#[tokio::test]
async fn without_asking_one_gets_tokens_and_no_cookie() {
    let trial = trial().await;
    let reply = trial.post(LOGIN, json!({"username": "zoe", "password": PASSWORD})).send().await.expect(200);
    assert!(reply.headers("set-cookie").is_empty() && reply.data()["csrfToken"].is_null());
    let body = json!({"username": "zoe", "password": PASSWORD, "session": "jar"});
    trial.post(LOGIN, body).send().await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_registration_may_ask_for_a_cookie_too() {
    let trial = Trial::start().await;
    let body = json!({
        "email": "zoe@example.org", "username": "zoe", "password": PASSWORD, "session": "cookie",
    });
    let reply = trial.post("/api/v1/auth/register", body).send().await.expect(201);
    assert!(Browser::of(&reply).is_known(&trial).await);
}

#[tokio::test]
async fn r4_42_a_write_by_cookie_brings_the_token_of_its_session_and_a_read_needs_none() {
    let trial = trial().await;
    let (browser, other) = (Browser::sign_in(&trial, "zoe").await, Browser::sign_in(&trial, "zoe").await);
    browser.with(trial.get(ME)).send().await.expect(200);
    let before = trial.app.event_kinds().await;
    let write = || browser.with(trial.put(ME, json!({"name": "Zoé"}))).header("if-match", "*");
    write().send().await.refused(403, "CSRF_TOKEN_INVALID");
    for wrong in ["", "x", &other.csrf] {
        write().header("x-csrf-token", wrong).send().await.refused(403, "CSRF_TOKEN_INVALID");
    }
    assert_eq!(trial.app.event_kinds().await, before);
    write().header("x-csrf-token", &browser.csrf).send().await.expect(200);
    let told = browser.with(trial.get("/api/v1/auth/csrf")).send().await.expect(200);
    assert_eq!(told.data()["csrfToken"], browser.csrf);
}

#[tokio::test]
async fn r4_42_a_write_by_cookie_from_a_page_of_another_site_is_refused_even_with_the_token() {
    let trial = trial().await;
    let browser = Browser::sign_in(&trial, "zoe").await;
    let write = || {
        let request = browser.with(trial.put(ME, json!({"name": "Zoé"}))).header("if-match", "*");
        request.header("x-csrf-token", &browser.csrf)
    };
    write().header("sec-fetch-site", "cross-site").send().await.refused(403, "CROSS_SITE_REQUEST");
    write().header("origin", "https://evil.example").send().await.refused(403, "CROSS_SITE_REQUEST");
    write().header("origin", "null").send().await.refused(403, "CROSS_SITE_REQUEST");
    write().header("sec-fetch-site", "same-origin").send().await.expect(200);
}

#[tokio::test]
async fn c18_the_token_is_asked_of_cookies_alone_and_the_authorization_comes_first() {
    let trial = trial().await;
    trial.account("ann", "employee").await;
    let browser = Browser::sign_in(&trial, "zoe").await;
    let tokens = trial.sign_in("ann").await;
    let write = browser.with(trial.put(ME, json!({"name": "Ann"}))).header("if-match", "*");
    let reply = write.bearer(&tokens.access).send().await.expect(200);
    assert_eq!(reply.data()["username"], "ann");
    browser.with(trial.get(ME)).bearer("noise").send().await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn an_old_cookie_does_not_close_what_is_open_to_all() {
    let trial = trial().await;
    let browser = Browser::sign_in(&trial, "zoe").await;
    let body = || json!({"username": "zoe", "password": PASSWORD, "session": "cookie"});
    browser.with(trial.post(LOGIN, body())).send().await.expect(200);
    trial.post(LOGIN, body()).header("cookie", "__Host-socle-session=noise").send().await.expect(200);
    let refused = trial.get(ME).header("cookie", "__Host-socle-session=noise").send().await;
    refused.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn r4_95_signing_out_takes_the_cookies_away_and_ends_the_session() {
    let trial = trial().await;
    let browser = Browser::sign_in(&trial, "zoe").await;
    browser.with(trial.request("POST", LOGOUT)).send().await.refused(403, "CSRF_TOKEN_INVALID");
    let request = browser.with(trial.request("POST", LOGOUT)).header("x-csrf-token", &browser.csrf);
    let reply = request.send().await.expect(204);
    let set = reply.headers("set-cookie");
    assert!(set.len() == 2 && set.iter().all(|cookie| cookie.contains("=; Path=/; Max-Age=0;")), "{set:?}");
    assert!(!browser.is_known(&trial).await);
}

/// Waits until the use at this moment is written down beside the request.
async fn noted(trial: &Trial) {
    let now = trial.app.kit.clock.now();
    for _ in 0..10_000 {
        let seen = trial.app.kit.db.read(|conn| {
            conn.scalar::<socle_kit::kernel::Timestamp>("SELECT MAX(last_seen_at) FROM identity_session", &[])
        });
        if seen.await.unwrap() >= now {
            return;
        }
        trial.app.kit.db.write(|_| Ok(())).await.unwrap();
        tokio::task::yield_now().await;
    }
    panic!("the use of the session was never written down");
}

#[tokio::test]
async fn r4_20_r4_41_a_session_by_cookie_ends_after_half_an_hour_unused_and_twelve_hours_in_all() {
    let trial = trial().await;
    let idle = Browser::sign_in(&trial, "zoe").await;
    trial.app.advance(30 * MINUTE);
    assert!(!idle.is_known(&trial).await);
    let used = Browser::sign_in(&trial, "zoe").await;
    for _ in 0..28 {
        trial.app.advance(25 * MINUTE);
        assert!(used.is_known(&trial).await);
        noted(&trial).await;
    }
    trial.app.advance(20 * MINUTE);
    assert!(!used.is_known(&trial).await, "twelve hours have passed");
}

#[tokio::test]
async fn an_administrator_s_cookie_ends_after_a_quarter_of_an_hour_unused() {
    let trial = Trial::start().await;
    trial.account("ada", "admin").await;
    let browser = Browser::sign_in(&trial, "ada").await;
    trial.app.advance(14 * MINUTE);
    assert!(browser.is_known(&trial).await);
    noted(&trial).await;
    trial.app.advance(15 * MINUTE);
    assert!(!browser.is_known(&trial).await);
}
