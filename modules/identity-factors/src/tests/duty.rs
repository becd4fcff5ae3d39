//! Roles that need a second factor: a time of grace, then nothing but the enrolment.

use std::time::Duration;

use serde_json::json;
use socle_identity_trial::{Tokens, Trial};

use super::support::{get, login, oathtool, post};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn an_administrator_without_a_factor_is_told_until_when_and_goes_on_working() {
    let trial = Trial::start().await;
    trial.account("root", "admin").await;
    let signed_in = login(&trial, "root", json!({})).await.expect(200);
    let told = &signed_in.data()["factorEnrolment"];
    assert_eq!((&told["required"], &told["until"]), (&json!(true), &json!("2026-01-22T10:00:00Z")));
    let tokens = Tokens::of(&signed_in);
    trial.get("/api/v1/roles").bearer(&tokens.access).send().await.expect(200);
    assert_eq!(get(&trial, &tokens, "/factors").await.data()["factorEnrolment"]["until"], told["until"]);
    trial.app.advance(3 * DAY);
    let again = login(&trial, "root", json!({})).await.expect(200);
    assert_eq!(&again.data()["factorEnrolment"]["until"], &told["until"], "the time began with the first");
    trial.account("zoe", "employee").await;
    assert!(login(&trial, "zoe", json!({})).await.data().get("factorEnrolment").is_none());
}

#[tokio::test]
async fn after_the_grace_the_session_reaches_the_enrolment_the_profile_and_the_door_and_nothing_else() {
    let trial = Trial::start().await;
    trial.account("root", "admin").await;
    trial.sign_in("root").await;
    trial.app.advance(7 * DAY);
    let tokens = trial.sign_in("root").await;
    let refused = trial.get("/api/v1/roles").bearer(&tokens.access).send().await;
    refused.refused(403, "FACTOR_ENROLMENT_REQUIRED");
    let me = get(&trial, &tokens, "/me").await.expect(200);
    assert_eq!(me.data()["permissions"], json!([]));
    let secret = post(&trial, &tokens, "/2fa/setup", json!({})).await.expect(200).data();
    let code = oathtool(&trial, secret["secret"].as_str().unwrap(), 0);
    post(&trial, &tokens, "/2fa/enable", json!({"token": code})).await.expect(200);
    trial.get("/api/v1/roles").bearer(&tokens.access).send().await.expect(200);
    post(&trial, &tokens, "/2fa/disable", json!({})).await.expect(204);
    trial.get("/api/v1/roles").bearer(&tokens.access).send().await.refused(403, "FACTOR_ENROLMENT_REQUIRED");
    post(&trial, &tokens, "/logout", json!({"refreshToken": tokens.refresh})).await.expect(204);
}

#[tokio::test]
async fn whoever_runs_the_server_may_name_other_roles_or_none() {
    let trial = Trial::with(&[("identity.factor_required_roles", "none")]).await;
    trial.account("root", "admin").await;
    assert!(login(&trial, "root", json!({})).await.data().get("factorEnrolment").is_none());
    let trial =
        Trial::with(&[("identity.factor_required_roles", "employee"), ("identity.factor_grace", "0s")]).await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let body = json!({"refreshToken": tokens.refresh});
    let refreshed = trial.post("/api/v1/auth/refresh", body).send().await.expect(200);
    assert_eq!(refreshed.data()["factorEnrolment"]["required"], true);
    post(&trial, &tokens, "/2fa/verify", json!({"token": "123456"}))
        .await
        .refused(403, "FACTOR_ENROLMENT_REQUIRED");
}
