//! Whatever a provider, or who stands between, may send: what is not as it must be signs nobody in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;

use super::journey::{SECRET, accounts, arrive, complete, depart, server, ticket};
use super::lying::{Key, LyingProvider, back};

const REFUSED: &str = "error=OIDC_REFUSED";
const FAILED: &str = "error=OIDC_PROVIDER_FAILED";

type Edit = fn(&mut Value);
type Forge<'a> = &'a dyn Fn(&Value) -> String;

#[tokio::test]
async fn a_token_with_one_wrong_claim_signs_nobody_in_and_is_noted() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let edits: &[(&str, Edit)] = &[
        ("wrong nonce", |claims| claims["nonce"] = json!("other")),
        ("no nonce", |claims| claims["nonce"] = Value::Null),
        ("other issuer", |claims| claims["iss"] = json!("https://evil.example.org")),
        ("issuer with a slash", |claims| {
            claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap()));
        }),
        ("other client", |claims| claims["aud"] = json!("other")),
        ("several clients", |claims| claims["aud"] = json!(["socle", "other"])),
        ("of another party", |claims| claims["azp"] = json!("other")),
        ("over", |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 61)),
        ("no end", |claims| claims["exp"] = Value::Null),
        ("of the future", |claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap() + 120)),
        ("old", |claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap() - 601)),
        ("not yet", |claims| claims["nbf"] = json!(claims["iat"].as_i64().unwrap() + 120)),
        ("of nobody", |claims| claims["sub"] = json!("")),
        ("of too long a name", |claims| claims["sub"] = json!("x".repeat(256))),
    ];
    for (number, (what, edit)) in edits.iter().enumerate() {
        assert_eq!(provider.journey(&trial, &key, edit).await.0, REFUSED, "{what}");
        let kinds = trial.app.event_kinds().await;
        assert_eq!(kinds, vec!["security.external_sign_in_refused"; number + 1], "{what}");
    }
    assert_eq!(accounts(&trial).await, 0);
    let right: Edit = |claims| claims["aud"] = json!(["socle", "other"]);
    let (end, _) = provider
        .journey(&trial, &key, |claims| {
            right(claims);
            claims["azp"] = json!("socle");
        })
        .await;
    ticket(&end);
}

#[tokio::test]
async fn a_token_that_is_signed_otherwise_signs_nobody_in() {
    let (key, other) = (Key::new("one"), Key::new("one"));
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let with_secret = |secret: &[u8], claims: &Value| {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("one".to_owned());
        encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
    };
    let unsigned = |claims: &Value| {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&json!({"alg": "none", "kid": "one"})), part(claims))
    };
    let edited = |claims: &Value| {
        let signed = key.sign(claims);
        let parts: Vec<&str> = signed.split('.').collect();
        let mut other = claims.clone();
        other["sub"] = json!("admin");
        format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(other.to_string()), parts[2])
    };
    let forge: [(&str, Forge<'_>); 8] = [
        ("no signature", &unsigned),
        ("the public key as a secret", &|claims| with_secret(&key.point, claims)),
        ("the client's secret", &|claims| with_secret(SECRET.as_bytes(), claims)),
        ("another key of the same name", &|claims| other.sign(claims)),
        ("a key that is not known", &|claims| Key::new("two").sign(claims)),
        ("edited", &edited),
        ("cut", &|claims| key.sign(claims).rsplit_once('.').unwrap().0.to_owned()),
        ("nothing", &|_| String::new()),
    ];
    for (what, forge) in forge {
        let away = depart(&trial, "").await;
        let token = forge(&provider.claims(&trial, &away));
        provider.tell(&token);
        assert_eq!(back(&trial, &away).await, REFUSED, "{what}");
    }
    assert_eq!(accounts(&trial).await, 0);
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_asked_for_once_a_minute_at_most() {
    let (old, new) = (Key::new("old"), Key::new("new"));
    let provider = LyingProvider::start(&old).await;
    let trial = server(&provider.issuer, &[]).await;
    let asked = || provider.lies.lock().unwrap().asked.iter().filter(|path| *path == "/keys").count();
    ticket(&provider.journey(&trial, &old, |_| {}).await.0);
    assert_eq!(asked(), 1);
    provider.lie(|lies| lies.keys = vec![new.clone()]);
    for _ in 0..3 {
        assert_eq!(provider.journey(&trial, &new, |_| {}).await.0, REFUSED);
    }
    assert_eq!(asked(), 1);
    trial.app.advance(Duration::from_secs(61));
    ticket(&provider.journey(&trial, &new, |_| {}).await.0);
    assert_eq!(provider.journey(&trial, &old, |_| {}).await.0, REFUSED);
    assert_eq!(asked(), 2);
}

#[tokio::test]
async fn what_comes_back_is_taken_once_by_the_browser_that_was_sent_away_while_it_is_fresh() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let (end, away) = provider.journey(&trial, &key, |_| {}).await;
    ticket(&end);
    const INVALID: &str = "error=OIDC_STATE_INVALID";
    assert_eq!(back(&trial, &away).await, INVALID);
    let other = depart(&trial, "").await;
    let state = away.sent("state");
    let path = |state: &str| format!("/api/v1/auth/oidc/callback?code=c&state={state}");
    let before = trial.app.event_kinds().await;
    for (path, cookie) in [
        (path(&state), ""),
        (path(&state), other.cookie.as_str()),
        (path("x"), other.cookie.as_str()),
        ("/api/v1/auth/oidc/callback".to_owned(), other.cookie.as_str()),
        (path(&other.sent("state")), "__Host-socle-oidc=s1.00000000.AAAA"),
        (path(&other.sent("state")), &format!("{}; {}", other.cookie, away.cookie)),
    ] {
        assert_eq!(arrive(&trial, &path, cookie).await, INVALID, "{path} {cookie}");
    }
    trial.app.advance(Duration::from_secs(10 * 60));
    assert_eq!(back(&trial, &other).await, INVALID);
    assert_eq!(trial.app.event_kinds().await, before);
    trial.get("/api/v1/auth/oidc/callback?state=a&state=b").send().await.expect(400);
}

#[tokio::test]
async fn a_provider_that_names_itself_otherwise_is_another() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let away = depart(&trial, "").await;
    provider.tell(&key.sign(&provider.claims(&trial, &away)));
    let path = format!(
        "/api/v1/auth/oidc/callback?code=c&state={}&iss=https://evil.example.org",
        away.sent("state")
    );
    assert_eq!(arrive(&trial, &path, &away.cookie).await, REFUSED);
    assert!(!provider.lies.lock().unwrap().asked.contains(&"/token".to_owned()), "the code was handed on");

    // One that says it names itself must.
    provider.lie(|lies| lies.metadata = json!({"authorization_response_iss_parameter_supported": true}));
    let trial = server(&provider.issuer, &[]).await;
    assert_eq!(provider.journey(&trial, &key, |_| {}).await.0, REFUSED);

    provider.lie(|lies| lies.metadata = json!({"issuer": "https://evil.example.org"}));
    let trial = server(&provider.issuer, &[]).await;
    trial.get("/api/v1/auth/oidc/start").send().await.refused(503, "OIDC_PROVIDER_FAILED");
}

#[tokio::test]
async fn a_provider_leads_to_no_machine_that_was_not_meant() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    // Another address of this machine: to the provider's it may go, to no other.
    let inside = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let address = inside.local_addr().unwrap();
    for endpoint in [
        format!("http://{address}/token"),
        format!("http://[::ffff:127.0.0.2]:{}/token", address.port()),
        "http://169.254.169.254/token".to_owned(),
        format!("http://localhost:{}/token", address.port()),
    ] {
        provider.lie(|lies| lies.metadata = json!({"token_endpoint": endpoint}));
        let trial = server(&provider.issuer, &[]).await;
        assert_eq!(provider.journey(&trial, &key, |_| {}).await.0, FAILED, "{endpoint}");
    }
    let nobody = tokio::time::timeout(Duration::from_millis(1), inside.accept()).await;
    assert!(nobody.is_err(), "the other address was asked");
    for endpoint in ["ftp://127.0.0.1/", "file:///etc/passwd", "nonsense"] {
        provider.lie(|lies| lies.metadata = json!({"authorization_endpoint": endpoint}));
        let trial = server(&provider.issuer, &[]).await;
        trial.get("/api/v1/auth/oidc/start").send().await.refused(503, "OIDC_PROVIDER_FAILED");
    }
}

#[tokio::test]
async fn answers_that_lead_elsewhere_are_too_long_or_no_json_are_failures_of_the_provider() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    for (status, body) in [
        (302, String::new()),
        (500, String::new()),
        (200, "<html>".to_owned()),
        (200, "{}".to_owned()),
        (200, format!("{{\"id_token\": \"{}\"}}", "x".repeat(1024 * 1024))),
    ] {
        provider.lie(|lies| lies.token = (status, body));
        let away = depart(&trial, "").await;
        assert_eq!(back(&trial, &away).await, FAILED, "{status}");
    }
    assert!(!provider.lies.lock().unwrap().asked.contains(&"/token2".to_owned()), "a redirect was followed");
    provider.lie(|lies| lies.token = (400, "{\"error\": \"invalid_grant\"}".to_owned()));
    let away = depart(&trial, "").await;
    assert_eq!(back(&trial, &away).await, REFUSED);
}

#[tokio::test]
async fn a_provider_that_failed_is_left_in_peace_for_a_while_and_nobody_waits_for_it_meanwhile() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let asked =
        |what: &str| provider.lies.lock().unwrap().asked.iter().filter(|path| path.ends_with(what)).count();
    let start = || trial.get("/api/v1/auth/oidc/start").send();
    provider.lie(|lies| lies.metadata = json!({"issuer": "https://evil.example.org"}));
    for _ in 0..3 {
        start().await.refused(503, "OIDC_PROVIDER_FAILED");
    }
    assert_eq!(asked("/openid-configuration"), 1);
    provider.lie(|lies| lies.metadata = json!({"jwks_uri": format!("{}/nowhere", provider.issuer)}));
    trial.app.advance(Duration::from_secs(10));
    for _ in 0..3 {
        assert_eq!(provider.journey(&trial, &key, |_| {}).await.0, FAILED);
    }
    assert_eq!((asked("/openid-configuration"), asked("/nowhere")), (2, 1));
}

#[tokio::test]
async fn what_userinfo_says_of_somebody_else_is_not_taken() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let without: Edit = |claims| {
        claims.as_object_mut().unwrap().remove("email");
    };
    provider.lie(|lies| {
        lies.userinfo = json!({"sub": "admin-1", "email": "a@example.org", "email_verified": true});
    });
    assert_eq!(provider.journey(&trial, &key, without).await.0, REFUSED);
    provider.lie(|lies| {
        lies.userinfo = json!({"sub": "zoe-1", "email": "z@example.org", "email_verified": "true"});
    });
    let (end, away) = provider.journey(&trial, &key, without).await;
    let response = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await.expect(200);
    assert_eq!(response.data()["user"]["email"], "z@example.org");
}
