//! Proving anew who one is.

use std::time::Duration;

use serde_json::json;
use socle_identity_trial::{PASSWORD, Trial};

use super::support::{STEP, count, oathtool, post, with_totp, wrong_code};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_credentials_are_changed_by_asks_for_a_proof_of_five_minutes() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    trial.app.advance(5 * MINUTE);
    for path in ["/2fa/setup", "/2fa/disable", "/factors/email", "/recovery-codes", "/passkeys/options"] {
        post(&trial, &tokens, path, json!({})).await.refused(403, "PROOF_REQUIRED");
    }
    let proved = post(&trial, &tokens, "/proof", json!({"password": PASSWORD})).await.expect(200);
    assert_eq!(proved.data()["provedUntil"], "2026-01-15T10:10:00Z");
    post(&trial, &tokens, "/2fa/setup", json!({})).await.expect(200);
    assert_eq!(count(&trial, "user.proved").await, 1);
    trial.app.advance(5 * MINUTE);
    post(&trial, &tokens, "/2fa/setup", json!({})).await.refused(403, "PROOF_REQUIRED");
}

#[tokio::test]
async fn a_wrong_proof_counts_like_a_wrong_password() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    for _ in 0..5 {
        let refused = post(&trial, &tokens, "/proof", json!({"password": "wrong"})).await.expect(400);
        assert_eq!(refused.fields(), [("password".to_owned(), "PASSWORD_WRONG".to_owned())]);
    }
    post(&trial, &tokens, "/proof", json!({"password": PASSWORD})).await.refused(423, "ACCOUNT_LOCKED");
    let body = json!({"username": "zoe", "password": PASSWORD});
    trial.post("/api/v1/auth/login", body).send().await.refused(423, "ACCOUNT_LOCKED");
    assert_eq!(count(&trial, "user.proved").await, 0);
}

#[tokio::test]
async fn a_proof_whose_password_is_changed_meanwhile_is_counted_and_gives_its_place_back() {
    // The hashing takes long enough to come between.
    let trial = Trial::in_earnest(&[]).await;
    let zoe = trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    const UNDER_WAY: &str =
        "SELECT COUNT(*) FROM identity_sign_in_failure WHERE pending > 0 AND identifier_hash <> ?1";
    let change = async {
        while trial.value::<i64>(UNDER_WAY, zoe).await == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        trial
            .tamper(move |tx| {
                let sql = "UPDATE identity_user SET password_hash = NULL WHERE id = ?1";
                tx.exec_one(sql, &[&zoe])
            })
            .await;
    };
    let proof = post(&trial, &tokens, "/proof", json!({"password": PASSWORD}));
    let (refused, ()) = tokio::join!(proof, change);
    assert_eq!(refused.expect(400).fields(), [("password".to_owned(), "PASSWORD_WRONG".to_owned())]);
    assert_eq!(trial.value::<i64>(UNDER_WAY, zoe).await, 0);
    assert_eq!(count(&trial, "user.sign_in_failed").await, 1);
    assert_eq!(count(&trial, "user.proved").await, 0);
}

#[tokio::test]
async fn an_account_with_a_factor_proves_itself_by_that() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (tokens, secret, codes) = with_totp(&trial, "zoe").await;
    trial.app.advance(5 * MINUTE);
    post(&trial, &tokens, "/proof", json!({"password": PASSWORD})).await.refused(403, "FACTOR_NEEDED");
    let wrong =
        post(&trial, &tokens, "/proof", json!({"code": wrong_code(&trial, &secret)})).await.expect(400);
    assert_eq!(wrong.fields(), [("code".to_owned(), "CODE_WRONG".to_owned())]);
    let change = json!({"currentPassword": PASSWORD, "newPassword": "Another-samovar8!"});
    let put = |body| trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send();
    put(change.clone()).await.refused(403, "PROOF_REQUIRED");
    post(&trial, &tokens, "/proof", json!({"code": oathtool(&trial, &secret, 0)})).await.expect(200);
    put(change).await.expect(204);
    trial.app.advance(5 * MINUTE + STEP);
    post(&trial, &tokens, "/proof", json!({"code": codes[0]})).await.expect(200);
}

#[tokio::test]
async fn the_password_shown_in_its_change_is_proof_enough_without_a_factor() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    trial.app.advance(10 * MINUTE);
    let change = json!({"currentPassword": PASSWORD, "newPassword": "Another-samovar8!"});
    trial.put("/api/v1/auth/password", change).bearer(&tokens.access).send().await.expect(204);
}

#[tokio::test]
async fn a_proof_is_exactly_one_thing() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    for (body, field) in [
        (json!({}), "password"),
        (json!({"password": "a", "code": "123456"}), "password"),
        (json!({"code": "123456", "credential": {}}), "credential"),
        (json!({"credential": {}}), "challenge"),
    ] {
        let refused = post(&trial, &tokens, "/proof", body).await.refused(400, "VALIDATION_ERROR");
        assert_eq!(refused.fields()[0].0, field);
    }
}
