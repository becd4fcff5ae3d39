//! Authenticator applications and recovery codes.

use serde_json::json;
use socle_identity_trial::{PASSWORD, Tokens, Trial};

use super::support::{
    FACTOR, STEP, answer, challenge, count, delete, get, login, oathtool, post, texts, with_totp, wrong_code,
};

#[tokio::test]
async fn r1_166_r1_167_a_set_up_answers_secret_address_and_pictures_and_protects_nothing_yet() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let body = json!({"name": "My telephone"});
    let told = post(&trial, &tokens, "/2fa/setup", body).await.expect(200).data();
    let secret = told["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32, "160 bits in base32");
    let url = told["otpauthUrl"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/Socle:zoe?"), "C27: {url}");
    assert!(url.contains(secret) && url.contains("issuer=Socle"), "{url}");
    assert!(told["qrCodeUrl"].as_str().unwrap().starts_with("data:image/png;base64,"));
    assert!(told["qrCodeSvg"].as_str().unwrap().starts_with("<svg "));
    trial.sign_in("zoe").await;
    let listed = get(&trial, &tokens, "/factors").await.expect(200).data();
    assert_eq!(
        (&listed["factors"][0]["isActive"], &listed["factors"][0]["name"]),
        (&json!(false), &json!("My telephone"))
    );
    let stored: String = trial.value("SELECT secret FROM identity_factor WHERE user_id = ?1", user).await;
    assert!(stored.starts_with("s1.") && !stored.contains(secret), "C27: sealed at rest");
}

#[tokio::test]
async fn r1_168_the_first_right_code_activates_and_gives_ten_recovery_codes_once() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let told = post(&trial, &tokens, "/2fa/setup", json!({})).await.expect(200).data();
    let secret = told["secret"].as_str().unwrap();
    let wrong = json!({"token": wrong_code(&trial, secret)});
    let refused = post(&trial, &tokens, "/2fa/enable", wrong).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(refused.fields(), [("token".to_owned(), "CODE_WRONG".to_owned())]);
    assert_eq!(
        (count(&trial, "user.factor_added").await, count(&trial, "user.factor_refused").await),
        (0, 1)
    );
    let right = json!({"token": oathtool(&trial, secret, 0)});
    let enabled = post(&trial, &tokens, "/2fa/enable", right.clone()).await.expect(200);
    assert_eq!(texts(&enabled.data()["recoveryCodes"]).len(), 10);
    post(&trial, &tokens, "/2fa/enable", right).await.refused(404, "NOT_FOUND");
    assert_eq!(count(&trial, "user.factor_added").await, 1);
    let mails = trial.app.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.template.as_str()).collect::<Vec<_>>(), ["factor-added"]);
    challenge(&trial, "zoe").await;
}

#[tokio::test]
async fn r2_25_a_right_password_asks_for_the_factor_and_the_code_of_oathtool_completes_the_sign_in() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    let (_, secret, _) = with_totp(&trial, "zoe").await;
    let asked = login(&trial, "zoe", json!({})).await.expect(200).data();
    assert_eq!(asked["factors"], json!(["totp", "recovery"]));
    let before = count(&trial, "user.signed_in").await;
    let challenge = asked["challenge"].as_str().unwrap();
    let code = oathtool(&trial, &secret, 0);
    let done = answer(&trial, challenge, &code).await.expect(200);
    assert_eq!(Tokens::of(&done).user, user);
    assert!(trial.knows(&Tokens::of(&done)).await);
    assert_eq!(
        (count(&trial, "user.signed_in").await, count(&trial, "user.factor_verified").await),
        (before + 1, 1),
        "R2-20"
    );
    trial.app.advance(STEP);
    let code = oathtool(&trial, &secret, 0);
    answer(&trial, challenge, &code).await.refused(401, "CHALLENGE_OVER");
}

#[tokio::test]
async fn each_code_counts_once_and_clocks_may_drift_by_one_step() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (_, secret, _) = with_totp(&trial, "zoe").await;
    for (shift, status) in [(60, 401), (-60, 401), (0, 200), (0, 401), (30, 200), (0, 401)] {
        let challenge = challenge(&trial, "zoe").await;
        answer(&trial, &challenge, &oathtool(&trial, &secret, shift)).await.expect(status);
    }
}

#[tokio::test]
async fn of_one_code_presented_twice_at_once_one_is_taken() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (_, secret, _) = with_totp(&trial, "zoe").await;
    let challenges = [challenge(&trial, "zoe").await, challenge(&trial, "zoe").await];
    let code = oathtool(&trial, &secret, 0);
    let calls = challenges.map(|challenge| {
        tokio::spawn(trial.post(FACTOR, json!({"challenge": challenge, "code": code})).send())
    });
    let mut statuses = Vec::new();
    for call in calls {
        statuses.push(call.await.unwrap().status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn c13_a_code_in_the_body_of_a_sign_in_does_both_steps_at_once() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    login(&trial, "zoe", json!({"otp": "123456"})).await.expect(200);
    let (_, secret, codes) = with_totp(&trial, "zoe").await;
    let done = login(&trial, "zoe", json!({"otp": oathtool(&trial, &secret, 0)})).await.expect(200);
    assert_eq!(Tokens::of(&done).user, user);
    login(&trial, "zoe", json!({"otp": codes[0]})).await.expect(200);
    let wrong = login(&trial, "zoe", json!({"otp": wrong_code(&trial, &secret)})).await;
    let other = trial.post(super::support::LOGIN, json!({"username": "zoe", "password": "no"})).send().await;
    let (wrong, other) =
        (wrong.refused(401, "INVALID_CREDENTIALS"), other.refused(401, "INVALID_CREDENTIALS"));
    assert_eq!(wrong.message(), other.message());
}

#[tokio::test]
async fn r2_21_wrong_codes_count_against_the_same_lock_as_wrong_passwords() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (_, secret, _) = with_totp(&trial, "zoe").await;
    let wrong = wrong_code(&trial, &secret);
    for _ in 0..2 {
        let body = json!({"username": "zoe", "password": "not the password"});
        trial.post(super::support::LOGIN, body).send().await.refused(401, "INVALID_CREDENTIALS");
    }
    // The right password between does not begin the count anew.
    for _ in 0..3 {
        let challenge = challenge(&trial, "zoe").await;
        answer(&trial, &challenge, &wrong).await.refused(401, "FACTOR_WRONG");
    }
    login(&trial, "zoe", json!({})).await.refused(423, "ACCOUNT_LOCKED");
    assert_eq!((count(&trial, "user.factor_refused").await, count(&trial, "user.locked").await), (3, 1));
}

#[tokio::test]
async fn a_challenge_bears_five_wrong_answers_ten_minutes_and_no_change_of_password() {
    let trial = Trial::with(&[("identity.lock_after", "100")]).await;
    let user = trial.account("zoe", "employee").await;
    let (tokens, secret, _) = with_totp(&trial, "zoe").await;
    let (tried, late) = (challenge(&trial, "zoe").await, challenge(&trial, "zoe").await);
    for _ in 0..5 {
        answer(&trial, &tried, &wrong_code(&trial, &secret)).await.refused(401, "FACTOR_WRONG");
    }
    answer(&trial, &tried, &oathtool(&trial, &secret, 0)).await.refused(401, "CHALLENGE_OVER");
    let changed = challenge(&trial, "zoe").await;
    trial.app.advance(STEP);
    let body = json!({"currentPassword": PASSWORD, "newPassword": "Another-samovar8!"});
    trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send().await.expect(204);
    answer(&trial, &changed, &oathtool(&trial, &secret, 0)).await.refused(401, "CHALLENGE_OVER");
    trial.app.advance(20 * STEP);
    answer(&trial, &late, &oathtool(&trial, &secret, 0)).await.refused(401, "CHALLENGE_OVER");
    assert_eq!(count(&trial, "user.signed_in").await, 1, "{user}");
    answer(&trial, "made up", "123456").await.refused(401, "CHALLENGE_OVER");
}

#[tokio::test]
async fn a_recovery_code_counts_once_is_stored_hashed_and_its_use_is_told() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    let (tokens, _, codes) = with_totp(&trial, "zoe").await;
    let stored: String =
        trial.value("SELECT MIN(code_hash) FROM identity_recovery_code WHERE user_id = ?1", user).await;
    assert_eq!(stored.len(), 64);
    let typed = codes[3].to_uppercase().replace('-', " ");
    let first = challenge(&trial, "zoe").await;
    answer(&trial, &first, &typed).await.expect(200);
    let second = challenge(&trial, "zoe").await;
    answer(&trial, &second, &codes[3]).await.refused(401, "FACTOR_WRONG");
    assert_eq!(get(&trial, &tokens, "/factors").await.data()["recoveryCodesLeft"], 9);
    assert_eq!(count(&trial, "user.recovery_code_used").await, 1);
    let last = trial.app.mails().await.pop().unwrap();
    assert_eq!(last.template, "recovery-code-used");
    let fresh = post(&trial, &tokens, "/recovery-codes", json!({})).await.expect(200);
    assert_eq!(texts(&fresh.data()["recoveryCodes"]).len(), 10);
    answer(&trial, &second, &codes[4]).await.refused(401, "FACTOR_WRONG");
}

#[tokio::test]
async fn factors_are_named_by_their_owner_alone_and_the_last_one_takes_the_recovery_codes_along() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    trial.account("max", "employee").await;
    let (tokens, _, _) = with_totp(&trial, "zoe").await;
    let other = trial.sign_in("max").await;
    let id = get(&trial, &tokens, "/factors").await.data()["factors"][0]["id"].as_str().unwrap().to_owned();
    let rename = |tokens: &Tokens| {
        let request = trial.request("PATCH", &format!("/api/v1/auth/factors/{id}"));
        request.json(&json!({"name": "Desk"})).bearer(&tokens.access).send()
    };
    rename(&other).await.refused(404, "NOT_FOUND");
    assert_eq!(rename(&tokens).await.expect(200).data()["name"], "Desk");
    delete(&trial, &other, &format!("/factors/{id}")).await.refused(404, "NOT_FOUND");
    delete(&trial, &tokens, &format!("/factors/{id}")).await.expect(204);
    assert_eq!(get(&trial, &tokens, "/factors").await.data()["recoveryCodesLeft"], 0);
    trial.sign_in("zoe").await;
    assert_eq!(count(&trial, "user.factor_removed").await, 1);
    assert_eq!(trial.app.mails().await.pop().unwrap().template, "factor-removed");
    post(&trial, &tokens, "/recovery-codes", json!({})).await.refused(403, "FACTOR_NEEDED");
}

#[tokio::test]
async fn all_factors_are_removed_at_once_and_a_code_is_verified_without_signing_in() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (tokens, secret, _) = with_totp(&trial, "zoe").await;
    let body = json!({"token": oathtool(&trial, &secret, 0)});
    let verified = post(&trial, &tokens, "/2fa/verify", body.clone()).await.expect(200);
    assert_eq!(verified.data()["valid"], true);
    assert_eq!(post(&trial, &tokens, "/2fa/verify", body).await.expect(200).data()["valid"], false);
    post(&trial, &tokens, "/2fa/disable", json!({})).await.expect(204);
    trial.sign_in("zoe").await;
}

#[tokio::test]
async fn an_api_key_spends_no_codes() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (tokens, secret, codes) = with_totp(&trial, "zoe").await;
    let made = trial.post("/api/v1/api-keys", json!({"name": "None"})).bearer(&tokens.access).send().await;
    let key = made.expect(201).data()["key"].as_str().unwrap().to_owned();
    for code in [&oathtool(&trial, &secret, 0), &codes[0]] {
        let verify = trial.post("/api/v1/auth/2fa/verify", json!({"token": code}));
        verify.header("x-api-key", &key).send().await.refused(403, "IN_PERSON_ONLY");
        let body = json!({"token": code});
        assert_eq!(post(&trial, &tokens, "/2fa/verify", body).await.expect(200).data()["valid"], true);
    }
}

#[tokio::test]
async fn codes_are_counted_together_by_whatever_name_the_sign_in_began() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (_, secret, _) = with_totp(&trial, "zoe").await;
    let wrong = wrong_code(&trial, &secret);
    let begin = async |name: &str| {
        let asked =
            trial.post("/api/v1/auth/login", json!({"login": name, "password": PASSWORD})).send().await;
        asked.expect(200).data()["challenge"].as_str().unwrap().to_owned()
    };
    for name in ["zoe", "zoe@example.org", "zoe@example.org"] {
        answer(&trial, &begin(name).await, &wrong).await.refused(401, "FACTOR_WRONG");
    }
    for name in ["zoe@example.org", "zoe@example.org"] {
        let body = json!({"login": name, "password": PASSWORD, "otp": wrong});
        trial.post("/api/v1/auth/login", body).send().await.refused(401, "INVALID_CREDENTIALS");
    }
    login(&trial, "zoe", json!({})).await.refused(423, "ACCOUNT_LOCKED");
    let right =
        json!({"login": "zoe@example.org", "password": PASSWORD, "otp": oathtool(&trial, &secret, 0)});
    trial.post("/api/v1/auth/login", right).send().await.refused(423, "ACCOUNT_LOCKED");
}

#[tokio::test]
async fn a_sign_in_that_waits_for_its_factor_ends_with_the_sessions() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (tokens, secret, _) = with_totp(&trial, "zoe").await;
    let waiting = challenge(&trial, "zoe").await;
    delete(&trial, &tokens, "/sessions").await.expect(204);
    let code = oathtool(&trial, &secret, 0);
    answer(&trial, &waiting, &code).await.refused(401, "CHALLENGE_OVER");
}

#[tokio::test]
async fn programs_neither_see_nor_name_what_proves_a_person() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let made = trial.post("/api/v1/api-keys", json!({"name": "Key"})).bearer(&tokens.access).send().await;
    let key = made.expect(201).data()["key"].as_str().unwrap().to_owned();
    let nobody = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    for (method, path) in [
        ("GET", "/factors".to_owned()),
        ("GET", "/passkeys".to_owned()),
        ("PATCH", format!("/factors/{nobody}")),
        ("PATCH", format!("/passkeys/{nobody}")),
        ("GET", "/oidc/link".to_owned()),
    ] {
        let request = trial.request(method, &format!("/api/v1/auth{path}")).header("x-api-key", &key);
        let request = if method == "PATCH" { request.json(&json!({"name": "x"})) } else { request };
        request.send().await.refused(403, "IN_PERSON_ONLY");
    }
}
