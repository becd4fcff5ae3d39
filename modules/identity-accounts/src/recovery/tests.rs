//! Forgotten passwords, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_kit::i18n::Language;
use socle_testkit::TestResponse;

use crate::trying::{deliver, token_of};
use socle_identity_trial::{PASSWORD, Tokens, Trial};

const FORGOT: &str = "/api/v1/auth/password/forgot";
const RESET: &str = "/api/v1/auth/password/reset";
const NEW: &str = "tournevis-girafe-9";
const MINUTE: Duration = Duration::from_secs(60);

async fn forget(trial: &Trial, email: &str) -> TestResponse {
    let reply = trial.post(FORGOT, json!({"email": email})).send().await;
    deliver(trial).await;
    reply
}

async fn reset(trial: &Trial, token: &str, password: &str) -> TestResponse {
    trial.post(RESET, json!({"token": token, "password": password})).send().await
}

async fn sign_in(trial: &Trial, password: &str) -> TestResponse {
    trial.post("/api/v1/auth/login", json!({"login": "zoe", "password": password})).send().await
}

/// The token of the last mail.
async fn mailed_token(trial: &Trial) -> String {
    token_of(trial.app.mails().await.last().unwrap())
}

fn told(reply: &TestResponse) -> Value {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("meta");
    body
}

#[tokio::test]
async fn r2_26_r2_80_r4_46_a_forgotten_password_is_replaced_by_a_link_in_a_mail() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (one, other) = (trial.sign_in("zoe").await, trial.sign_in("zoe").await);
    forget(&trial, "ZOE@Example.org").await.expect(200);
    let mails = trial.app.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].template.as_str()), ("zoe@example.org", "password-reset"));
    let link = mails[0].link.clone().unwrap();
    assert!(link.contains("/reset-password#token="), "the token stands after the #: {link}");
    let token = mailed_token(&trial).await;
    assert_eq!(token.len(), 43, "256 bits");
    let reply = reset(&trial, &token, NEW).await.expect(204);
    assert!(reply.body.is_empty(), "nobody is signed in by it");
    assert!(!trial.knows(&one).await && !trial.knows(&other).await);
    sign_in(&trial, PASSWORD).await.refused(401, "INVALID_CREDENTIALS");
    let user = sign_in(&trial, NEW).await.expect(200).data()["user"].clone();
    assert_eq!((&user["emailVerified"], &user["mustChangePassword"]), (&json!(true), &json!(false)));
    let kinds = trial.app.event_kinds().await;
    for kind in ["user.password_reset_requested", "user.password_reset"] {
        assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind}");
    }
}

#[tokio::test]
async fn c29_the_answer_is_the_same_whether_or_not_there_is_an_account() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let known = forget(&trial, "zoe@example.org").await.expect(200);
    let unknown = forget(&trial, "nobody@example.org").await.expect(200);
    assert_eq!(told(&known), told(&unknown));
    assert!(known.data()["message"].as_str().unwrap().contains("e-mail"));
    assert_eq!(trial.app.mails().await.len(), 1);
}

#[tokio::test]
async fn whoever_is_switched_off_gets_no_link_and_a_link_of_before_is_worth_nothing() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    forget(&trial, "zoe@example.org").await.expect(200);
    let token = mailed_token(&trial).await;
    trial
        .tamper(move |tx| {
            tx.exec("UPDATE identity_user SET is_active = FALSE WHERE id = ?1", &[&user]).map(drop)
        })
        .await;
    forget(&trial, "zoe@example.org").await.expect(200);
    assert_eq!(trial.app.mails().await.len(), 1);
    reset(&trial, &token, NEW).await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_link_works_once_for_half_an_hour() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    forget(&trial, "zoe@example.org").await.expect(200);
    let first = mailed_token(&trial).await;
    trial.app.advance(29 * MINUTE);
    forget(&trial, "zoe@example.org").await.expect(200);
    let second = mailed_token(&trial).await;
    trial.app.advance(MINUTE);
    let late = reset(&trial, &first, NEW).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(late.fields(), [("token".to_owned(), "LINK_INVALID".to_owned())]);
    reset(&trial, &second, NEW).await.expect(204);
    let before = trial.app.event_kinds().await;
    for token in [&second, &first, "nonsense"] {
        let refused = reset(&trial, token, "another-phrase-of-words").await.refused(400, "VALIDATION_ERROR");
        assert_eq!(refused.fields(), [("token".to_owned(), "LINK_INVALID".to_owned())]);
    }
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn a_link_dies_with_any_change_of_the_password() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    forget(&trial, "zoe@example.org").await.expect(200);
    let token = mailed_token(&trial).await;
    let body = json!({"currentPassword": PASSWORD, "newPassword": NEW});
    trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send().await.expect(204);
    reset(&trial, &token, "another-phrase-of-words").await.refused(400, "VALIDATION_ERROR");
    forget(&trial, "zoe@example.org").await.expect(200);
    let token = mailed_token(&trial).await;
    trial.operate(|operator| operator.set_password("zoe", None).unwrap()).await;
    reset(&trial, &token, "another-phrase-of-words").await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_new_password_follows_the_rules_and_leaves_the_link_good() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    forget(&trial, "zoe@example.org").await.expect(200);
    let token = mailed_token(&trial).await;
    let weak = reset(&trial, &token, "zoe@example.org").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(weak.fields(), [("password".to_owned(), "PASSWORD_CONTAINS_IDENTITY".to_owned())]);
    reset(&trial, &token, NEW).await.expect(204);
}

#[tokio::test]
async fn the_reset_opens_the_lock() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    for _ in 0..5 {
        sign_in(&trial, "wrong").await.expect(401);
    }
    sign_in(&trial, PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    forget(&trial, "zoe@example.org").await.expect(200);
    reset(&trial, &mailed_token(&trial).await, NEW).await.expect(204);
    sign_in(&trial, NEW).await.expect(200);
    let attempts: i64 = trial.value("SELECT failed_attempts FROM identity_user WHERE id = ?1", user).await;
    assert_eq!(attempts, 0);
}

#[tokio::test]
async fn one_address_is_written_to_three_times_an_hour_and_the_fourth_answer_is_the_same() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let first = forget(&trial, "zoe@example.org").await.expect(200);
    for _ in 0..3 {
        let next = forget(&trial, "Zoe@example.org").await.expect(200);
        assert_eq!(told(&next), told(&first));
    }
    assert_eq!(trial.app.mails().await.len(), 3);
    trial.app.advance(61 * MINUTE);
    forget(&trial, "zoe@example.org").await.expect(200);
    assert_eq!(trial.app.mails().await.len(), 4);
}

#[tokio::test]
async fn two_who_use_one_link_at_once_set_one_password() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    forget(&trial, "zoe@example.org").await.expect(200);
    let token = mailed_token(&trial).await;
    let (one, other) =
        tokio::join!(reset(&trial, &token, NEW), reset(&trial, &token, "another-phrase-of-words"));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 400]);
}

#[tokio::test]
async fn a_mail_speaks_the_language_of_its_reader() {
    let trial = Trial::start().await;
    let body = json!({"email": "zoe@example.org", "username": "zoe", "password": PASSWORD});
    let reply = trial.post("/api/v1/auth/register", body).header("accept-language", "en").send().await;
    Tokens::of(&reply.expect(201));
    forget(&trial, "zoe@example.org").await.expect(200);
    assert_eq!(trial.app.mails().await.last().unwrap().language, Language::En);
}

#[tokio::test]
async fn r2_59_robots_and_what_is_no_address_are_refused() {
    let trial = Trial::start().await;
    let odd = trial.post(FORGOT, json!({"email": "zoe"})).send().await.refused(400, "VALIDATION_ERROR");
    assert_eq!(odd.fields(), [("email".to_owned(), "EMAIL_INVALID".to_owned())]);
    for trap in ["website", "hp_check", "url2"] {
        let body = json!({"email": "zoe@example.org", trap: "x"});
        trial.post(FORGOT, body).send().await.refused(400, "BAD_REQUEST");
        let body = json!({"token": "t", "password": NEW, trap: "x"});
        trial.post(RESET, body).send().await.refused(400, "BAD_REQUEST");
    }
}

#[tokio::test]
async fn nothing_of_a_request_or_a_link_can_be_read_in_the_database() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let reply = trial.post(FORGOT, json!({"email": "nobody@example.org"})).send().await.expect(200);
    assert_eq!(reply.status, 200);
    forget(&trial, "zoe@example.org").await.expect(200);
    let token = mailed_token(&trial).await;
    let stored: Vec<String> = trial
        .app
        .kit
        .db
        .read(|conn| {
            let mut stored: Vec<String> =
                conn.scalars("SELECT address_hash FROM identity_mail_request", &[])?;
            stored.extend(conn.scalars::<String>("SELECT token_hash FROM identity_mailed_token", &[])?);
            stored.extend(conn.scalars::<String>(
                "SELECT sealed FROM identity_mail_request WHERE sealed IS NOT NULL",
                &[],
            )?);
            Ok(stored)
        })
        .await
        .unwrap();
    assert!(stored.len() >= 3);
    assert!(stored.iter().all(|text| !text.contains("nobody") && !text.contains(&token)));
    let events = trial.app.events().await;
    assert!(events.iter().all(|event| !format!("{event:?}").contains(&token)));
}

#[tokio::test]
async fn r2_23_the_security_log_learns_that_a_reset_was_asked_for_and_from_where() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    trial.post(FORGOT, json!({"email": "zoe@example.org"})).from("198.51.100.7").send().await.expect(200);
    deliver(&trial).await;
    let event = trial.app.events().await.pop().unwrap();
    assert_eq!(
        (event.kind.as_str(), event.subject.as_str()),
        ("user.password_reset_requested", user.to_string().as_str())
    );
    assert_eq!(event.address.as_deref(), Some("198.51.100.7"));
}

/// An account under an address nobody has proved, with a passkey, an account of elsewhere and an API key.
async fn squatted(trial: &Trial) -> (Tokens, String) {
    let body = json!({"email": "zoe@example.org", "username": "zoe", "password": PASSWORD});
    let tokens = Tokens::of(&trial.post("/api/v1/auth/register", body).send().await.expect(201));
    deliver(trial).await;
    let made =
        trial.post("/api/v1/api-keys", json!({"name": "Back door"})).bearer(&tokens.access).send().await;
    let key = made.expect(201).data()["key"].as_str().unwrap().to_owned();
    let user = tokens.user;
    trial
        .tamper(move |tx| {
            tx.exec(
                "INSERT INTO identity_passkey (id, user_id, credential_id, credential, name, version, created_at)
                 VALUES (?1, ?1, 'c', '{}', 'Mine', 1, 0)",
                &[&user],
            )?;
            tx.exec(
                "INSERT INTO identity_oidc_link (id, user_id, issuer, subject, created_at, last_used_at)
                 VALUES (?1, ?1, 'https://id.example', 's', 0, 0)",
                &[&user],
            )
            .map(drop)
        })
        .await;
    (tokens, key)
}

/// What opens the account besides its password.
async fn ways_in(trial: &Trial, tokens: &Tokens) -> i64 {
    const SQL: &str = "SELECT (SELECT COUNT(*) FROM identity_passkey WHERE user_id = ?1)
         + (SELECT COUNT(*) FROM identity_oidc_link WHERE user_id = ?1)
         + (SELECT COUNT(*) FROM identity_api_key WHERE user_id = ?1)";
    trial.value(SQL, tokens.user).await
}

async fn status_of(trial: &Trial, key: &str) -> u16 {
    trial.get("/api/v1/auth/me").header("x-api-key", key).send().await.status
}

#[tokio::test]
async fn whoever_takes_back_an_address_finds_nothing_in_the_account_that_another_put_there() {
    let trial = Trial::start().await;
    let (squatter, key) = squatted(&trial).await;
    let confirmation = mailed_token(&trial).await;
    assert_eq!((ways_in(&trial, &squatter).await, status_of(&trial, &key).await), (3, 200));
    forget(&trial, "zoe@example.org").await.expect(200);
    reset(&trial, &mailed_token(&trial).await, NEW).await.expect(204);
    assert_eq!((ways_in(&trial, &squatter).await, status_of(&trial, &key).await), (0, 401));
    assert!(!trial.knows(&squatter).await);
    let signed_in = sign_in(&trial, NEW).await.expect(200);
    assert!(signed_in.data()["accessToken"].is_string(), "no factor of another is asked for");
    let verify = trial.post("/api/v1/auth/email/verify", json!({"token": confirmation}));
    verify.send().await.refused(400, "VALIDATION_ERROR");
    let kinds = trial.app.event_kinds().await;
    for kind in ["user.factor_removed", "api_key.revoked"] {
        assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind}");
    }
}

#[tokio::test]
async fn a_confirmation_takes_away_what_another_may_have_added_and_leaves_ones_own() {
    for (is_signed_in, left) in [(false, 0), (true, 3)] {
        let trial = Trial::start().await;
        let (tokens, _) = squatted(&trial).await;
        let verify = trial.post("/api/v1/auth/email/verify", json!({"token": mailed_token(&trial).await}));
        let verify = if is_signed_in { verify.bearer(&tokens.access) } else { verify };
        verify.send().await.expect(200);
        assert_eq!(ways_in(&trial, &tokens).await, left, "signed in: {is_signed_in}");
        // Of an address that is proved, what opens the account is its owner's.
        forget(&trial, "zoe@example.org").await.expect(200);
        reset(&trial, &mailed_token(&trial).await, NEW).await.expect(204);
        assert_eq!(ways_in(&trial, &tokens).await, left, "signed in: {is_signed_in}");
    }
}
