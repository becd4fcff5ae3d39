//! Signing in, staying signed in, signing out, through HTTP.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use socle_kit::kernel::Timestamp;
use socle_testkit::TestResponse;

use socle_identity_core::sessions::model::GRACE;
use socle_identity_core::sessions::store;
use socle_identity_trial::{PASSWORD, Tokens, Trial};

const LOGIN: &str = "/api/v1/auth/login";
const REFRESH: &str = "/api/v1/auth/refresh";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn attempt(trial: &Trial, field: &str, identifier: &str, password: &str) -> TestResponse {
    trial.post(LOGIN, json!({field: identifier, "password": password})).send().await
}

async fn refresh(trial: &Trial, tokens: &Tokens) -> TestResponse {
    trial.post(REFRESH, json!({"refreshToken": tokens.refresh})).send().await
}

/// The answer without what every answer has of its own.
fn told(reply: &TestResponse) -> Value {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("meta");
    body
}

#[tokio::test]
async fn c13_one_signs_in_by_address_or_user_name_under_any_of_three_field_names() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    for (field, identifier) in [
        ("email", "zoe@example.org"),
        ("username", "zoe"),
        ("login", "ZOE@Example.org"),
        ("email", "Zoe"),
        ("login", " zoe "),
    ] {
        let reply = attempt(&trial, field, identifier, PASSWORD).await.expect(200);
        assert_eq!(Tokens::of(&reply).user, user, "{field} {identifier}");
        let data = reply.data();
        assert_eq!((&data["token"], &data["tokenType"]), (&data["accessToken"], &json!("Bearer")));
        assert_eq!(data["expiresIn"], 900);
        assert_eq!((&data["user"]["username"], &data["user"]["role"]), (&json!("zoe"), &json!("employee")));
    }
}

#[tokio::test]
async fn r1_82_r1_117_the_compatible_dialect_answers_token_and_user_bare() {
    let trial = Trial::start().await;
    trial.account("testuser", "student").await;
    let body = json!({"email": "testuser@example.org", "password": PASSWORD});
    let reply = trial.post("/api/auth/login", body).send().await.expect(200);
    assert!(reply.json()["token"].is_string() && reply.json()["user"]["id"].is_string());
    assert_eq!(reply.json()["user"]["email"], "testuser@example.org");
    let body = json!({"email": "testuser@example.org", "password": "WrongPassword"});
    let reply = trial.post("/api/auth/login", body).header("accept-language", "en").send().await.expect(401);
    assert_eq!(reply.json()["message"], "Invalid credentials");
}

#[tokio::test]
async fn r1_81_a_wrong_password_and_an_unknown_account_have_the_same_answer() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let wrong =
        attempt(&trial, "username", "zoe", "not the password").await.refused(401, "INVALID_CREDENTIALS");
    let unknown = attempt(&trial, "username", "nobody", "not the password").await;
    assert_eq!((wrong.status, told(&wrong)), (unknown.status, told(&unknown)));
    assert_eq!(wrong.header("www-authenticate"), unknown.header("www-authenticate"));
}

#[tokio::test]
async fn a_sign_in_names_exactly_one_identifier_and_every_wrong_field_is_named() {
    let trial = Trial::start().await;
    let send = |body: Value| trial.post(LOGIN, body).send();
    let none = send(json!({"password": "x"})).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(none.fields(), [("email".to_owned(), "REQUIRED".to_owned())]);
    assert!(none.text().contains("username"), "both spellings are named: {}", none.text());
    let two = send(json!({"email": "a@b.c", "login": "a", "password": "x"})).await.expect(400);
    assert_eq!(two.fields(), [("login".to_owned(), "EXCLUSIVE".to_owned())]);
    let long = "a".repeat(255);
    let many =
        send(json!({"email": 3, "username": "a\u{0}", "login": long, "passwort": "x"})).await.expect(400);
    let fields: Vec<String> =
        many.fields().into_iter().map(|(path, code)| format!("{path} {code}")).collect();
    assert_eq!(
        fields,
        [
            "email WRONG_TYPE",
            "login TOO_LONG",
            "password REQUIRED",
            "passwort UNKNOWN_FIELD",
            "username BAD_CHARACTERS"
        ]
    );
}

#[tokio::test]
async fn r2_59_a_filled_honeypot_is_refused_before_anything_else() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let before = trial.app.event_kinds().await;
    for trap in ["website", "hp_check", "url2"] {
        let body = json!({"username": "zoe", "password": PASSWORD, trap: "https://spam.example"});
        trial.post(LOGIN, body).send().await.refused(400, "BAD_REQUEST");
        let body = json!({"username": "zoe", "password": PASSWORD, trap: ""});
        trial.post(LOGIN, body).send().await.expect(200);
    }
    assert_eq!(trial.app.event_kinds().await.len(), before.len() + 3);
}

#[tokio::test]
async fn r2_51_r2_74_five_refusals_lock_known_and_unknown_alike_for_thirty_minutes_from_everywhere() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    for identifier in ["zoe", "nobody"] {
        for _ in 0..5 {
            attempt(&trial, "username", identifier, "wrong").await.refused(401, "INVALID_CREDENTIALS");
        }
    }
    let answer = |identifier: &'static str| {
        let body = json!({"username": identifier, "password": PASSWORD});
        trial.post(LOGIN, body).from("198.51.100.9").send()
    };
    let (known, unknown) = (answer("zoe").await.refused(423, "ACCOUNT_LOCKED"), answer("nobody").await);
    assert_eq!((known.status, told(&known)), (unknown.status, told(&unknown)));
    assert_eq!((known.header("retry-after"), unknown.header("retry-after")), (Some("1800"), Some("1800")));
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "user.locked").count(), 1, "R2-53");
    let attempts: i64 = trial.value("SELECT failed_attempts FROM identity_user WHERE id = ?1", user).await;
    assert_eq!(attempts, 5, "R2-55");
    trial.app.advance(30 * MINUTE);
    answer("zoe").await.expect(200);
    let attempts: i64 = trial.value("SELECT failed_attempts FROM identity_user WHERE id = ?1", user).await;
    assert_eq!(attempts, 0);
}

#[tokio::test]
async fn a17_a_success_begins_the_count_anew() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    for _ in 0..3 {
        for _ in 0..4 {
            attempt(&trial, "username", "zoe", "wrong").await.expect(401);
        }
        trial.sign_in("zoe").await;
    }
}

#[tokio::test]
async fn the_lock_of_a_user_name_does_not_tell_whose_address_belongs_to_it() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    for _ in 0..5 {
        attempt(&trial, "username", "zoe", "wrong").await.expect(401);
    }
    attempt(&trial, "username", "zoe", "wrong").await.refused(423, "ACCOUNT_LOCKED");
    attempt(&trial, "email", "zoe@example.org", "wrong").await.refused(401, "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn a_name_is_counted_as_one_however_it_is_spelled_whether_or_not_it_is_an_accounts() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    for names in [["zoe", "ZOE", " Zoe", "zoe ", "zOe"], ["ghost", "GHOST", " Ghost", "ghost ", "gHost"]] {
        for name in names {
            attempt(&trial, "login", name, "wrong").await.refused(401, "INVALID_CREDENTIALS");
        }
        attempt(&trial, "login", names[1], PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    }
}

#[tokio::test]
async fn a_success_under_one_name_forgets_what_was_refused_under_the_other() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    for _ in 0..4 {
        attempt(&trial, "email", "zoe@example.org", "wrong").await.expect(401);
    }
    trial.sign_in("zoe").await;
    for _ in 0..4 {
        attempt(&trial, "email", "zoe@example.org", "wrong").await.refused(401, "INVALID_CREDENTIALS");
    }
    attempt(&trial, "email", "zoe@example.org", PASSWORD).await.expect(200);
}

/// Sends so many sign-ins at once; how many had each status.
async fn at_once(trial: &Trial, bodies: impl Iterator<Item = Value>) -> BTreeMap<u16, usize> {
    let calls: Vec<_> = bodies.map(|body| tokio::spawn(trial.post(LOGIN, body).send())).collect();
    let mut statuses = BTreeMap::new();
    for call in calls {
        *statuses.entry(call.await.unwrap().status).or_default() += 1;
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_guesses_at_once_five_are_verified_for_an_account_and_for_a_name_that_nobody_has() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    for names in [["zoe", " ZOE"], ["ghost", " GHOST"]] {
        let before = trial.app.kit.passwords.verifications();
        let guesses =
            (0..50).map(|guess| json!({"login": names[guess % 2], "password": format!("guess {guess}")}));
        let statuses = at_once(&trial, guesses).await;
        assert_eq!(trial.app.kit.passwords.verifications() - before, 5, "{names:?} {statuses:?}");
        assert_eq!(statuses.get(&401), Some(&5), "{names:?} {statuses:?}");
        assert!(statuses.keys().all(|status| [401, 423, 503].contains(status)), "{names:?} {statuses:?}");
        attempt(&trial, "login", names[0], PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    }
    let kinds = trial.app.event_kinds().await;
    let told = |wanted: &str| kinds.iter().filter(|kind| *kind == wanted).count();
    assert_eq!((told("user.sign_in_failed"), told("user.locked")), (5, 1));
    let attempts: i64 = trial.value("SELECT failed_attempts FROM identity_user WHERE id = ?1", user).await;
    assert_eq!(attempts, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_one_account_who_sign_in_at_once_wait_for_each_other_and_are_all_let_in() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let right = (0..24).map(|_| json!({"login": "zoe", "password": PASSWORD}));
    assert_eq!(at_once(&trial, right).await, BTreeMap::from([(200, 24)]));
    assert!(!trial.app.event_kinds().await.contains(&"user.locked".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_lock_the_right_password_is_refused_unverified_like_a_wrong_one() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    for _ in 0..5 {
        attempt(&trial, "username", "zoe", "wrong").await.expect(401);
    }
    let (before, events) = (trial.app.kit.passwords.verifications(), trial.app.event_kinds().await);
    let right = attempt(&trial, "username", "zoe", PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    let wrong = attempt(&trial, "username", "zoe", "wrong").await.refused(423, "ACCOUNT_LOCKED");
    assert_eq!(told(&right), told(&wrong));
    assert_eq!(right.header("retry-after"), wrong.header("retry-after"));
    assert_eq!(trial.app.kit.passwords.verifications(), before);
    assert_eq!(trial.app.event_kinds().await, events);
}

#[tokio::test]
async fn the_last_attempt_that_is_allowed_may_be_the_right_one() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    for _ in 0..4 {
        attempt(&trial, "username", "zoe", "wrong").await.expect(401);
    }
    trial.sign_in("zoe").await;
    assert!(!trial.app.event_kinds().await.contains(&"user.locked".to_owned()));
    attempt(&trial, "username", "zoe", "wrong").await.expect(401);
}

#[tokio::test]
async fn what_guessed_at_nothing_is_not_held_against_the_account() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    trial
        .tamper(move |tx| tx.exec_one("UPDATE identity_user SET is_active = FALSE WHERE id = ?1", &[&user]))
        .await;
    for _ in 0..7 {
        attempt(&trial, "username", "zoe", PASSWORD).await.refused(403, "ACCOUNT_INACTIVE");
    }
    attempt(&trial, "username", "zoe", "wrong").await.refused(401, "INVALID_CREDENTIALS");
    let attempts: i64 = trial.value("SELECT failed_attempts FROM identity_user WHERE id = ?1", user).await;
    assert_eq!(attempts, 1);
}

#[tokio::test]
async fn an_attempt_whose_client_hangs_up_is_counted_and_told() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let call = tokio::spawn(trial.post(LOGIN, json!({"username": "zoe", "password": "wrong"})).send());
    // Counting has begun once the call has run as far as it can without waiting.
    tokio::task::yield_now().await;
    call.abort();
    let gone = call.await;
    for _ in 0..10_000 {
        if trial.app.event_kinds().await.contains(&"user.sign_in_failed".to_owned()) {
            assert!(gone.is_err_and(|error| error.is_cancelled()), "the client was answered");
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the refusal was never told");
}

#[tokio::test]
async fn c28_an_inactive_account_is_told_so_only_after_its_password() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    trial
        .tamper(move |tx| tx.exec_one("UPDATE identity_user SET is_active = FALSE WHERE id = ?1", &[&user]))
        .await;
    attempt(&trial, "username", "zoe", "wrong").await.refused(401, "INVALID_CREDENTIALS");
    attempt(&trial, "username", "zoe", PASSWORD).await.refused(403, "ACCOUNT_INACTIVE");
    assert!(!trial.knows(&tokens).await, "the open session went on");
    refresh(&trial, &tokens).await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn ruling_7_a_demonstration_password_is_refused_where_others_can_reach_the_server() {
    for setting in [("environment", "production"), ("server.host", "0.0.0.0")] {
        let trial = Trial::with(&[setting]).await;
        let user = trial.account("marie.martin", "manager").await;
        let hash = trial
            .app
            .kit
            .passwords
            .hash(socle_kit::kernel::Secret::new("marie123".to_owned()))
            .await
            .unwrap();
        trial
            .tamper(move |tx| {
                tx.exec_one("UPDATE identity_user SET password_hash = ?2 WHERE id = ?1", &[&user, &hash])
            })
            .await;
        attempt(&trial, "username", "marie.martin", "marie123").await.refused(403, "DEMO_ACCOUNT_REFUSED");
    }
}

#[tokio::test]
async fn r3_224_a_refresh_token_is_exchanged_for_its_child() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let first = trial.sign_in("zoe").await;
    let second = Tokens::of(&refresh(&trial, &first).await.expect(200));
    let third = Tokens::of(&refresh(&trial, &second).await.expect(200));
    assert!(first.refresh != second.refresh && second.refresh != third.refresh);
    assert!(trial.knows(&third).await && trial.knows(&first).await, "an access token lives its own time");
}

#[tokio::test]
async fn r3_224_a_refresh_token_presented_twice_ends_the_whole_family() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (first, elsewhere) = (trial.sign_in("zoe").await, trial.sign_in("zoe").await);
    let second = Tokens::of(&refresh(&trial, &first).await.expect(200));
    assert!(trial.knows(&second).await);
    trial.app.advance(GRACE);
    refresh(&trial, &first).await.refused(401, "INVALID_TOKEN");
    assert!(!trial.knows(&second).await, "the thief's access token still works");
    refresh(&trial, &second).await.refused(401, "INVALID_TOKEN");
    assert!(trial.knows(&elsewhere).await, "another session ended too");
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "user.refresh_token_reused").count(), 1);
}

#[tokio::test]
async fn r3_222_r3_223_a_session_ends_after_seven_idle_days_and_after_thirty_in_all() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let idle = trial.sign_in("zoe").await;
    let mut used = trial.sign_in("zoe").await;
    trial.app.advance(6 * DAY);
    used = Tokens::of(&refresh(&trial, &used).await.expect(200));
    trial.app.advance(DAY);
    refresh(&trial, &idle).await.refused(401, "INVALID_TOKEN");
    for _ in 0..4 {
        trial.app.advance(5 * DAY);
        used = Tokens::of(&refresh(&trial, &used).await.expect(200));
    }
    trial.app.advance(3 * DAY);
    refresh(&trial, &used).await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn a_refresh_token_that_is_not_ours_is_refused() {
    let trial = Trial::start().await;
    let before = trial.app.event_kinds().await;
    for body in [json!({"refreshToken": "x"}), json!({"refreshToken": "é".repeat(1_000)})] {
        trial.post(REFRESH, body).send().await.refused(401, "INVALID_TOKEN");
    }
    for body in [json!({}), json!({"refreshToken": ""}), json!({"refreshToken": 1}), json!({"refresh": "x"})]
    {
        trial.post(REFRESH, body).send().await.refused(400, "VALIDATION_ERROR");
    }
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn c15_signing_out_ends_the_session_and_its_tokens_at_once() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (here, elsewhere) = (trial.sign_in("zoe").await, trial.sign_in("zoe").await);
    assert!(trial.knows(&here).await);
    trial.request("POST", "/api/v1/auth/logout").bearer(&here.access).send().await.expect(204);
    assert!(!trial.knows(&here).await);
    assert!(trial.knows(&elsewhere).await);
    refresh(&trial, &here).await.refused(401, "INVALID_TOKEN");
    trial
        .request("POST", "/api/v1/auth/logout")
        .bearer(&here.access)
        .send()
        .await
        .refused(401, "INVALID_TOKEN");
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "user.signed_out").count(), 1);
}

#[tokio::test]
async fn a24_signing_out_takes_a_body_or_none() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let body = json!({"refreshToken": tokens.refresh});
    trial.post("/api/v1/auth/logout", body).bearer(&tokens.access).send().await.expect(204);
    trial.request("POST", "/api/v1/auth/logout").send().await.refused(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn what_is_over_is_removed_and_what_lives_stays() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let old = trial.sign_in("zoe").await;
    attempt(&trial, "username", "nobody", "wrong").await.expect(401);
    trial.app.advance(9 * DAY);
    let new = trial.sign_in("zoe").await;
    attempt(&trial, "username", "somebody", "wrong").await.expect(401);
    (socle_identity_core::PART.periodic[0].run)(&trial.app.kit).await.unwrap();
    let count = |sql: &'static str| trial.app.kit.db.read(move |conn| conn.scalar::<i64>(sql, &[]));
    assert_eq!(count("SELECT COUNT(*) FROM identity_session").await.unwrap(), 1);
    assert_eq!(count("SELECT COUNT(*) FROM identity_refresh_token").await.unwrap(), 1);
    assert_eq!(count("SELECT COUNT(*) FROM identity_sign_in_failure").await.unwrap(), 1);
    assert!(trial.knows(&new).await && !trial.knows(&old).await);
}

#[tokio::test]
async fn all_sessions_that_are_over_are_removed_however_many_there_are() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    trial
        .tamper(move |tx| {
            for number in 0..2_500 {
                tx.exec(
                    "INSERT INTO identity_session (id, user_id, created_at, last_seen_at, expires_at, ends_at)
                     VALUES (?1, ?2, 0, 0, 0, 0)",
                    &[&format!("{number:036}"), &user],
                )?;
            }
            Ok(())
        })
        .await;
    (socle_identity_core::PART.periodic[0].run)(&trial.app.kit).await.unwrap();
    let left = "SELECT COUNT(*) FROM identity_session WHERE user_id = ?1";
    assert_eq!(trial.value::<i64>(left, user).await, 0);
}

#[tokio::test]
async fn refused_identifiers_beyond_the_bound_are_forgotten_oldest_first() {
    let trial = Trial::start().await;
    let now = trial.app.kit.clock.now();
    let (kept, removed) = trial
        .app
        .kit
        .db
        .write(move |tx| {
            for number in 0..store::MOST_FAILURES + 3 {
                let at =
                    now.minus(Duration::from_secs(10)).plus(Duration::from_micros(number.unsigned_abs()));
                let failure =
                    socle_identity_core::sessions::model::SignInFailure::none(format!("{number:064}"), at);
                tx.insert("identity_sign_in_failure", &failure)?;
            }
            let removed = store::purge(tx, Timestamp::EPOCH, Timestamp::EPOCH, now)?;
            let oldest =
                tx.scalar::<String>("SELECT MIN(identifier_hash) FROM identity_sign_in_failure", &[])?;
            Ok((oldest, removed))
        })
        .await
        .unwrap();
    assert_eq!((removed, kept), (3, format!("{:064}", 3)));
}

#[tokio::test]
async fn two_presentations_of_one_refresh_token_at_once_have_one_child() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let (one, other) = tokio::join!(refresh(&trial, &tokens), refresh(&trial, &tokens));
    let (one, other) = (Tokens::of(&one.expect(200)), Tokens::of(&other.expect(200)));
    assert_eq!(one.refresh, other.refresh);
    refresh(&trial, &one).await.expect(200);
}
