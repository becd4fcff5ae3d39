//! Codes by mail.

use serde_json::{Value, json};
use socle_identity_trial::{Tokens, Trial};

use super::support::{STEP, answer, challenge, get, login, mailed_code, post, texts, verify_email};

const SEND: &str = "/api/v1/auth/otp/send";

async fn with_email(trial: &Trial) -> Tokens {
    let user = trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    verify_email(trial, user).await;
    let added = post(trial, &tokens, "/factors/email", json!({})).await.expect(200);
    assert_eq!(texts(&added.data()["recoveryCodes"]).len(), 10);
    tokens
}

async fn send(trial: &Trial, challenge: &str) -> Value {
    trial.post(SEND, json!({"challenge": challenge})).send().await.expect(200).data()
}

#[tokio::test]
async fn c27_a_mailed_code_completes_a_sign_in_once() {
    let trial = Trial::start().await;
    with_email(&trial).await;
    let asked = login(&trial, "zoe", json!({})).await.expect(200).data();
    assert_eq!(asked["factors"], json!(["email", "recovery"]));
    let first = asked["challenge"].as_str().unwrap();
    send(&trial, first).await;
    let mail = trial.app.mails().await.pop().unwrap();
    assert_eq!((mail.template.as_str(), mail.to.as_str()), ("sign-in-code", "zoe@example.org"));
    let code = mailed_code(&trial).await;
    assert_eq!(code.len(), 8);
    let body = json!({"challenge": first, "code": code});
    trial.post("/api/v1/auth/otp/verify", body).send().await.expect(200);
    let second = challenge(&trial, "zoe").await;
    answer(&trial, &second, &code).await.refused(401, "FACTOR_WRONG");
}

#[tokio::test]
async fn a_mailed_code_is_good_for_ten_minutes_and_bears_five_wrong_ones() {
    let trial = Trial::with(&[("identity.lock_after", "100")]).await;
    with_email(&trial).await;
    let first = challenge(&trial, "zoe").await;
    send(&trial, &first).await;
    let code = mailed_code(&trial).await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    trial.app.advance(5 * STEP);
    let challenges = [challenge(&trial, "zoe").await, challenge(&trial, "zoe").await];
    for challenge in [&first, &first, &first, &challenges[0], &challenges[0]] {
        answer(&trial, challenge, wrong).await.refused(401, "FACTOR_WRONG");
    }
    answer(&trial, &challenges[1], &code).await.refused(401, "FACTOR_WRONG");
    send(&trial, &challenges[1]).await;
    let fresh = mailed_code(&trial).await;
    trial.app.advance(15 * STEP);
    let later = challenge(&trial, "zoe").await;
    trial.app.advance(5 * STEP);
    answer(&trial, &later, &fresh).await.refused(401, "FACTOR_WRONG");
}

#[tokio::test]
async fn within_a_minute_no_other_code_is_mailed() {
    let trial = Trial::start().await;
    with_email(&trial).await;
    let challenge = challenge(&trial, "zoe").await;
    let mails = async |trial: &Trial| {
        trial.app.mails().await.iter().filter(|mail| mail.template == "sign-in-code").count()
    };
    for expected in [1, 1] {
        send(&trial, &challenge).await;
        assert_eq!(mails(&trial).await, expected);
    }
    trial.app.advance(2 * STEP);
    send(&trial, &challenge).await;
    assert_eq!(mails(&trial).await, 2);
}

#[tokio::test]
async fn only_an_address_that_is_proved_to_be_ones_own_is_a_factor() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    post(&trial, &tokens, "/factors/email", json!({})).await.refused(409, "EMAIL_UNVERIFIED");
    assert_eq!(get(&trial, &tokens, "/factors").await.data()["factors"], json!([]));
    assert_eq!(trial.app.mails().await.len(), 0);
}

#[tokio::test]
async fn what_is_over_is_purged() {
    let trial = Trial::start().await;
    let tokens = with_email(&trial).await;
    let challenge = challenge(&trial, "zoe").await;
    send(&trial, &challenge).await;
    let rows = async |trial: &Trial| {
        let sql = "SELECT (SELECT COUNT(*) FROM identity_challenge WHERE user_id = ?1)
            + (SELECT COUNT(*) FROM identity_mailed_code WHERE user_id = ?1)";
        trial.value::<i64>(sql, tokens.user).await
    };
    socle_identity_core::factors::service::Factors::purge(&trial.app.kit).await.unwrap();
    assert_eq!(rows(&trial).await, 2);
    trial.app.advance(21 * STEP);
    socle_identity_core::factors::service::Factors::purge(&trial.app.kit).await.unwrap();
    assert_eq!(rows(&trial).await, 0);
}
