//! Tickets: taken once, by whom they are for.

use serde_json::json;
use std::time::Duration;

use super::journey::{complete, depart, server, ticket};
use super::lying::{Key, LyingProvider, back};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const INVALID: (u16, &str) = (401, "OIDC_TICKET_INVALID");

#[tokio::test]
async fn a_ticket_is_taken_once_by_the_browser_it_came_to_within_two_minutes() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let other = depart(&trial, "").await;
    let (end, away) = provider.journey(&trial, &key, |_| {}).await;
    let body = json!({"ticket": ticket(&end)});
    for cookie in ["", other.cookie.as_str(), "__Host-socle-oidc=x"] {
        complete(&trial, body.clone(), cookie).await.refused(INVALID.0, INVALID.1);
    }
    let response = complete(&trial, body.clone(), &away.cookie).await.expect(200);
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert!(response.header("set-cookie").unwrap().starts_with("__Host-socle-oidc=; Path=/; Max-Age=0"));
    complete(&trial, body, &away.cookie).await.refused(INVALID.0, INVALID.1);
    let (end, away) = provider.journey(&trial, &key, |_| {}).await;
    trial.app.advance(Duration::from_secs(2 * 60));
    let late = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await;
    late.refused(INVALID.0, INVALID.1);
}

#[tokio::test]
async fn a_ticket_of_an_app_is_taken_with_its_proof_from_anywhere_and_without_it_by_nobody() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let away = depart(&trial, &format!("?challenge={CHALLENGE}")).await;
    provider.tell(&key.sign(&provider.claims(&trial, &away)));
    let ticket = ticket(&back(&trial, &away).await);
    let other = "x".repeat(43);
    for body in [json!({"ticket": ticket}), json!({"ticket": ticket, "verifier": other})] {
        complete(&trial, body, &away.cookie).await.refused(INVALID.0, INVALID.1);
    }
    complete(&trial, json!({"ticket": ticket, "verifier": VERIFIER}), "").await.expect(200);
    trial.get("/api/v1/auth/oidc/start?challenge=short").send().await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn what_is_over_is_removed() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    provider.journey(&trial, &key, |_| {}).await;
    let count = async || {
        let sql = "SELECT (SELECT COUNT(*) FROM identity_oidc_ticket) + (SELECT COUNT(*) FROM identity_oidc_return)";
        trial.app.kit.db.read(move |conn| conn.scalar::<i64>(sql, &[])).await.unwrap()
    };
    let purge = async || {
        crate::oidc::service::purge(&trial.app.kit.db, trial.app.kit.clock.now()).await.unwrap();
    };
    purge().await;
    assert_eq!(count().await, 2);
    trial.app.advance(Duration::from_secs(11 * 60));
    purge().await;
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn without_a_provider_it_is_off_and_over_tls_the_cookie_is_bound_to_the_host() {
    let trial = server("", &[]).await;
    let shown = trial.get("/api/v1/auth/oidc").send().await.expect(200).data();
    assert_eq!(shown, json!({"enabled": false, "name": null}));
    trial.get("/api/v1/auth/oidc/start").send().await.refused(404, "OIDC_OFF");
    trial.get("/api/v1/auth/oidc/callback?state=x").send().await.refused(404, "OIDC_OFF");
    complete(&trial, json!({"ticket": "x"}), "").await.refused(404, "OIDC_OFF");

    let provider = LyingProvider::start(&Key::new("one")).await;
    let trial = server(&provider.issuer, &[("server.public_url", "https://socle.example.org/")]).await;
    let shown = trial.get("/api/v1/auth/oidc").send().await.expect(200).data();
    assert_eq!(shown, json!({"enabled": true, "name": "127.0.0.1"}));
    let response = trial.get("/api/v1/auth/oidc/start").send().await.expect(303);
    let cookie = response.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-socle-oidc=") && cookie.contains("; Secure"), "{cookie}");
    let sent = response.header("location").unwrap();
    assert!(
        sent.contains("redirect_uri=https%3A%2F%2Fsocle.example.org%2Fapi%2Fv1%2Fauth%2Foidc%2Fcallback")
    );
    for part in ["response_type=code", "code_challenge_method=S256", "scope=openid+email+profile"] {
        assert!(sent.contains(part), "{sent}");
    }
}
