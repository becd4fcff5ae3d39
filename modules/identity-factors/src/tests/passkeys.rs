//! Passkeys: as second factor, as the only one, and as a proof.

use std::time::Duration;

use serde_json::{Value, json};
use socle_identity_trial::{PASSWORD, Tokens, Trial};
use socle_testkit::TestResponse;

use super::authenticator::Authenticator;
use super::support::{FACTOR, challenge, count, delete, get, login, post, texts};

/// Adds a passkey of this authenticator.
async fn register(trial: &Trial, tokens: &Tokens, authenticator: &mut Authenticator) -> TestResponse {
    let asked = post(trial, tokens, "/passkeys/options", json!({})).await.expect(200).data();
    let credential = authenticator.create(&asked["publicKey"]);
    let body = json!({"challenge": asked["challenge"], "credential": credential, "name": "Key"});
    post(trial, tokens, "/passkeys", body).await
}

async fn with_passkey(trial: &Trial) -> (Tokens, Authenticator) {
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let mut authenticator = Authenticator::new(1);
    let added = register(trial, &tokens, &mut authenticator).await.expect(201);
    assert_eq!(texts(&added.data()["recoveryCodes"]).len(), 10);
    (tokens, authenticator)
}

/// What is asked for a sign-in without a password.
async fn asked(trial: &Trial) -> Value {
    trial.post("/api/v1/auth/login/passkey/options", json!({})).send().await.expect(200).data()
}

async fn sign_in(trial: &Trial, asked: &Value, credential: Value) -> TestResponse {
    let body = json!({"challenge": asked["challenge"], "credential": credential});
    trial.post("/api/v1/auth/login/passkey", body).send().await
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_password_and_each_challenge_counts_once() {
    let trial = Trial::start().await;
    let (tokens, mut authenticator) = with_passkey(&trial).await;
    let asked = asked(&trial).await;
    assert_eq!(asked["publicKey"]["rpId"], "localhost");
    let credential = authenticator.get(&asked["publicKey"]);
    let done = sign_in(&trial, &asked, credential.clone()).await.expect(200);
    assert_eq!(Tokens::of(&done).user, tokens.user);
    sign_in(&trial, &asked, credential).await.refused(401, "CHALLENGE_OVER");
    assert_eq!(count(&trial, "user.signed_in").await, 2);
}

#[tokio::test]
async fn a_passkey_is_the_second_factor_of_a_password() {
    let trial = Trial::start().await;
    let (_, mut authenticator) = with_passkey(&trial).await;
    let first = login(&trial, "zoe", json!({})).await.expect(200).data();
    assert_eq!(first["factors"], json!(["passkey", "recovery"]));
    let challenge = &first["challenge"];
    let body = json!({"challenge": challenge});
    let options = trial.post("/api/v1/auth/login/factor/options", body).send().await.expect(200).data();
    let credential = authenticator.get(&options["publicKey"]);
    let body = json!({"challenge": challenge, "credential": credential});
    trial.post(FACTOR, body.clone()).send().await.expect(200);
    trial.post(FACTOR, body).send().await.refused(401, "CHALLENGE_OVER");
}

#[tokio::test]
async fn what_is_signed_for_another_origin_challenge_key_or_without_its_user_is_refused() {
    let trial = Trial::start().await;
    let (_, mut authenticator) = with_passkey(&trial).await;
    let before = count(&trial, "user.signed_in").await;
    let first = asked(&trial).await;
    authenticator.origin = "https://socle.example.net".to_owned();
    sign_in(&trial, &first, authenticator.get(&first["publicKey"])).await.refused(401, "FACTOR_WRONG");
    authenticator.origin = "http://localhost:8080".to_owned();
    let (second, third) = (asked(&trial).await, asked(&trial).await);
    sign_in(&trial, &second, authenticator.get(&third["publicKey"])).await.refused(401, "FACTOR_WRONG");
    authenticator.verifies = false;
    sign_in(&trial, &third, authenticator.get(&third["publicKey"])).await.refused(401, "FACTOR_WRONG");
    let fourth = asked(&trial).await;
    let mut stranger = Authenticator::new(1);
    sign_in(&trial, &fourth, stranger.get(&fourth["publicKey"])).await.refused(401, "FACTOR_WRONG");
    sign_in(&trial, &asked(&trial).await, json!({"id": 3})).await.refused(401, "FACTOR_WRONG");
    assert_eq!(count(&trial, "user.signed_in").await, before);
}

#[tokio::test]
async fn a_counter_that_goes_backwards_is_refused_and_told() {
    let trial = Trial::start().await;
    let (_, mut authenticator) = with_passkey(&trial).await;
    let first = asked(&trial).await;
    sign_in(&trial, &first, authenticator.get(&first["publicKey"])).await.expect(200);
    // A copy of the key that was made before its last use.
    authenticator.counter -= 1;
    let second = asked(&trial).await;
    sign_in(&trial, &second, authenticator.get(&second["publicKey"])).await.refused(401, "FACTOR_WRONG");
    assert_eq!(count(&trial, "user.passkey_counter_regressed").await, 1);
}

#[tokio::test]
async fn wrong_passkeys_count_against_the_lock_of_the_account() {
    let trial = Trial::start().await;
    let (_, _) = with_passkey(&trial).await;
    let mut stranger = Authenticator::new(1);
    for _ in 0..5 {
        let challenge = challenge(&trial, "zoe").await;
        let body = json!({"challenge": challenge});
        let options = trial.post("/api/v1/auth/login/factor/options", body).send().await.expect(200).data();
        let body = json!({"challenge": challenge, "credential": stranger.get(&options["publicKey"])});
        trial.post(FACTOR, body).send().await.refused(401, "FACTOR_WRONG");
    }
    login(&trial, "zoe", json!({})).await.refused(423, "ACCOUNT_LOCKED");
}

#[tokio::test]
async fn passkeys_are_listed_named_and_removed_by_their_owner_alone() {
    let trial = Trial::start().await;
    let (tokens, _) = with_passkey(&trial).await;
    trial.account("max", "employee").await;
    let other = trial.sign_in("max").await;
    let listed = get(&trial, &tokens, "/passkeys").await.expect(200).data();
    let id = listed["passkeys"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/passkeys/{id}");
    delete(&trial, &other, &path).await.refused(404, "NOT_FOUND");
    let rename = trial.request("PATCH", &format!("/api/v1/auth{path}")).json(&json!({"name": "Desk"}));
    assert_eq!(rename.bearer(&tokens.access).send().await.expect(200).data()["name"], "Desk");
    delete(&trial, &tokens, &path).await.expect(204);
    trial.sign_in("zoe").await;
    let told: Vec<String> = trial.app.mails().await.into_iter().map(|mail| mail.template).collect();
    assert_eq!(told, ["factor-added", "factor-removed"]);
}

#[tokio::test]
async fn a_passkey_is_registered_once_for_its_own_challenge() {
    let trial = Trial::start().await;
    let (tokens, mut authenticator) = with_passkey(&trial).await;
    let again = register(&trial, &tokens, &mut authenticator).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(again.fields(), [("credential".to_owned(), "PASSKEY_INVALID".to_owned())], "it was excluded");
    trial.account("max", "employee").await;
    let other = trial.sign_in("max").await;
    register(&trial, &other, &mut authenticator).await.refused(409, "PASSKEY_KNOWN");
    let mut second = Authenticator::new(2);
    second.origin = "https://socle.example.net".to_owned();
    let refused = register(&trial, &tokens, &mut second).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(refused.fields(), [("credential".to_owned(), "PASSKEY_INVALID".to_owned())]);
    second.origin = "http://localhost:5173".to_owned();
    let added = register(&trial, &tokens, &mut second).await.expect(201);
    assert!(added.data().get("recoveryCodes").is_none(), "those made before still hold");
}

#[tokio::test]
async fn a_passkey_is_a_fresh_proof() {
    let trial = Trial::start().await;
    let (tokens, mut authenticator) = with_passkey(&trial).await;
    trial.app.advance(Duration::from_secs(5 * 60));
    post(&trial, &tokens, "/recovery-codes", json!({})).await.refused(403, "PROOF_REQUIRED");
    post(&trial, &tokens, "/proof", json!({"password": PASSWORD})).await.refused(403, "FACTOR_NEEDED");
    let asked = post(&trial, &tokens, "/proof/options", json!({})).await.expect(200).data();
    let credential = authenticator.get(&asked["publicKey"]);
    let body = json!({"challenge": asked["challenge"], "credential": credential});
    post(&trial, &tokens, "/proof", body).await.expect(200);
    post(&trial, &tokens, "/recovery-codes", json!({})).await.expect(200);
}

#[tokio::test]
async fn the_public_address_is_the_relying_party_and_one_without_a_name_has_no_passkeys() {
    let named = Trial::with(&[("server.public_url", "https://intranet.example.org")]).await;
    assert_eq!(asked(&named).await["publicKey"]["rpId"], "intranet.example.org");
    let bare = Trial::with(&[("server.public_url", "http://192.0.2.7:8080")]).await;
    let refused = bare.post("/api/v1/auth/login/passkey/options", json!({})).send().await;
    refused.refused(409, "PASSKEYS_UNAVAILABLE");
}
