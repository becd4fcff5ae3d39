//! What the tests of second factors do often.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use socle_identity_trial::{PASSWORD, Tokens, Trial};
use socle_kit::kernel::UserId;
use socle_testkit::TestResponse;

pub(super) const LOGIN: &str = "/api/v1/auth/login";
pub(super) const FACTOR: &str = "/api/v1/auth/login/factor";
pub(super) const STEP: Duration = Duration::from_secs(30);

/// The code that `oathtool` makes of this secret for the trial's clock, moved by so many seconds.
pub(super) fn oathtool(trial: &Trial, secret: &str, shift: i64) -> String {
    let now = format!("@{}", trial.app.kit.clock.now().seconds() + shift);
    let output = Command::new("oathtool").args(["--totp", "--base32", "--now", &now, secret]).output();
    let output = output.expect("oathtool is installed (apt-get install oathtool)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A post as somebody.
pub(super) async fn post(trial: &Trial, tokens: &Tokens, path: &str, body: Value) -> TestResponse {
    trial.post(&format!("/api/v1/auth{path}"), body).bearer(&tokens.access).send().await
}

/// A get as somebody.
pub(super) async fn get(trial: &Trial, tokens: &Tokens, path: &str) -> TestResponse {
    trial.get(&format!("/api/v1/auth{path}")).bearer(&tokens.access).send().await
}

/// Removes as somebody.
pub(super) async fn delete(trial: &Trial, tokens: &Tokens, path: &str) -> TestResponse {
    trial.request("DELETE", &format!("/api/v1/auth{path}")).bearer(&tokens.access).send().await
}

/// Somebody with an authenticator application: the session, the secret, the recovery codes. The clock moves one step
/// on, so that the next code is another.
pub(super) async fn with_totp(trial: &Trial, username: &str) -> (Tokens, String, Vec<String>) {
    let tokens = trial.sign_in(username).await;
    let set_up = post(trial, &tokens, "/2fa/setup", json!({})).await.expect(200);
    let secret = set_up.data()["secret"].as_str().unwrap().to_owned();
    let code = oathtool(trial, &secret, 0);
    let enabled = post(trial, &tokens, "/2fa/enable", json!({"token": code})).await.expect(200);
    trial.app.advance(STEP);
    (tokens, secret, texts(&enabled.data()["recoveryCodes"]))
}

pub(super) fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Signs in by password, with more in the body.
pub(super) async fn login(trial: &Trial, username: &str, more: Value) -> TestResponse {
    let mut body = json!({"username": username, "password": PASSWORD});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    trial.post(LOGIN, body).send().await
}

/// The challenge of a sign-in of which the password is right.
pub(super) async fn challenge(trial: &Trial, username: &str) -> String {
    let asked = login(trial, username, json!({})).await.expect(200);
    assert_eq!(asked.data()["factorRequired"], true, "{}", asked.text());
    assert!(asked.data().get("accessToken").is_none());
    asked.data()["challenge"].as_str().unwrap().to_owned()
}

/// Answers a challenge with a code.
pub(super) async fn answer(trial: &Trial, challenge: &str, code: &str) -> TestResponse {
    trial.post(FACTOR, json!({"challenge": challenge, "code": code})).send().await
}

/// Makes the address of an account one that is proved to be its own.
pub(super) async fn verify_email(trial: &Trial, user: UserId) {
    let now = trial.app.kit.clock.now();
    trial
        .tamper(move |tx| {
            tx.exec_one("UPDATE identity_user SET email_verified_at = ?2 WHERE id = ?1", &[&user, &now])
        })
        .await;
}

/// The code of the last mail.
pub(super) async fn mailed_code(trial: &Trial) -> String {
    trial.app.mails().await.into_iter().rev().find_map(|mail| mail.code).expect("a mail with a code")
}

/// How many events of this kind there are.
pub(super) async fn count(trial: &Trial, kind: &str) -> usize {
    trial.app.event_kinds().await.iter().filter(|known| *known == kind).count()
}

/// A code that is wrong now and in the steps around.
pub(super) fn wrong_code(trial: &Trial, secret: &str) -> String {
    let right: Vec<String> = [-30, 0, 30].map(|shift| oathtool(trial, secret, shift)).to_vec();
    (0..4).map(|n| format!("{n:06}")).find(|code| !right.contains(code)).unwrap()
}
