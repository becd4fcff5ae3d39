//! Receiving what is held about oneself, and being forgotten, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_identity_trial::{PASSWORD, Tokens, Trial};
use socle_kit::kernel::UserId;
use socle_testkit::TestResponse;

use super::listener::forget_the_erased;

const ME: &str = "/api/v1/users/me";

async fn someone(trial: &Trial) -> Tokens {
    trial.account("boss", "admin").await;
    trial.account("zoe", "employee").await;
    trial.sign_in("zoe").await
}

async fn erase(trial: &Trial, tokens: &Tokens, username: &str) -> TestResponse {
    trial.request("DELETE", ME).bearer(&tokens.access).json(&json!({"username": username})).send().await
}

#[tokio::test]
async fn everything_that_is_held_about_oneself_is_handed_out_without_secrets() {
    let trial = Trial::start().await;
    let zoe = someone(&trial).await;
    trial.get("/api/v1/users/me/data").send().await.refused(401, "UNAUTHORIZED");
    // On PostgreSQL events have their place a moment after the commit.
    trial.app.events().await;
    let reply = trial.get("/api/v1/users/me/data").bearer(&zoe.access).send().await.expect(200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"personal-data.json\""));
    let document = reply.json();
    assert_eq!(document["user"], zoe.user.to_string());
    assert_eq!(document["account"][0]["email"], "zoe@example.org");
    assert_eq!(document["preferences"][0]["learningGoal"], 10);
    assert_eq!(document["sessions"][0]["address"], "192.0.2.1");
    assert_eq!(document["sessions"][0]["byCookie"], false);
    assert_eq!(document["permissions"], json!([]));
    let kinds: Vec<&Value> =
        document["activity"].as_array().unwrap().iter().map(|act| &act["kind"]).collect();
    assert_eq!(kinds, [&json!("user.signed_in")]);
    assert!(!reply.text().contains("argon2") && !reply.text().contains("boss"), "{}", reply.text());
}

#[tokio::test]
async fn a_long_history_is_handed_out_whole() {
    let trial = Trial::start().await;
    let zoe = someone(&trial).await;
    let user = zoe.user;
    trial
        .tamper(move |tx| {
            for number in 0..250_i64 {
                tx.exec(
                    "INSERT INTO identity_session (id, user_id, created_at, last_seen_at, expires_at, ends_at)
                     VALUES (?1, ?2, 0, 0, 1, 1)",
                    &[&UserId::from_u128(number as u128 + 1), &user],
                )?;
            }
            Ok(())
        })
        .await;
    let reply = trial.get("/api/v1/users/me/data").bearer(&zoe.access).send().await.expect(200);
    let sessions = reply.json()["sessions"].as_array().unwrap().clone();
    let mut ids: Vec<&str> = sessions.iter().map(|session| session["id"].as_str().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 251);
}

#[tokio::test]
async fn who_erases_themselves_is_forgotten_and_signed_out_everywhere() {
    let trial = Trial::start().await;
    let zoe = someone(&trial).await;
    let other = trial.sign_in("zoe").await;
    erase(&trial, &zoe, "ZOE").await.expect(204);
    for tokens in [&zoe, &other] {
        assert!(!trial.knows(tokens).await);
    }
    let login = trial.post("/api/v1/auth/login", json!({"username": "zoe", "password": PASSWORD}));
    login.send().await.refused(401, "INVALID_CREDENTIALS");
    const ROW: &str = "SELECT username || ' ' || name || ' ' || COALESCE(email, '-') || ' ' || search_text
        FROM identity_user WHERE id = ?1";
    let row: String = trial.value(ROW, zoe.user).await;
    assert!(row.contains("Ancien membre -") && !row.to_lowercase().contains("zoe"), "{row}");
    for table in [
        "SELECT COUNT(*) FROM identity_session WHERE user_id = ?1",
        "SELECT COUNT(*) FROM identity_refresh_token WHERE user_id = ?1",
        "SELECT COUNT(*) FROM identity_preference WHERE user_id = ?1",
    ] {
        assert_eq!(trial.value::<i64>(table, zoe.user).await, 0, "{table}");
    }
    let mails = trial.app.mails().await;
    assert_eq!((mails[0].to.as_str(), mails[0].template.as_str()), ("zoe@example.org", "account-erased"));
    let events = trial.app.events().await;
    let last = events.last().unwrap();
    assert_eq!((last.kind.as_str(), last.actor_name.as_str()), ("user.erased", "Ancien membre"));
    assert!(last.address.is_none());
    // The name and the address are free for somebody else.
    trial.account("zoe", "user").await;
}

#[tokio::test]
async fn the_events_of_who_was_erased_remain_without_the_name() {
    let trial = Trial::start().await;
    let body =
        json!({"email": "yan@example.org", "username": "yan", "password": PASSWORD, "firstName": "Yan"});
    let yan = Tokens::of(&trial.post("/api/v1/auth/register", body).send().await.expect(201));
    let before = trial.app.event_kinds().await;
    erase(&trial, &yan, "yan").await.expect(204);
    let kit = &trial.app.kit;
    let (listener, event) = (forget_the_erased(kit), trial.app.events().await.pop().unwrap());
    let event = std::sync::Arc::new(event);
    (listener.handle)(event.clone()).await.unwrap();
    (listener.handle)(event).await.unwrap();
    let events = trial.app.events().await;
    assert_eq!(events.len(), before.len() + 1);
    for event in &events {
        assert_eq!((event.actor_id, event.address.as_ref()), (Some(yan.user), None), "{}", event.kind);
        let text = format!("{} {}", event.actor_name, event.payload.as_str()).to_lowercase();
        assert!(!text.contains("yan"), "{text}");
    }
    assert!(events[0].payload.as_str().contains(&yan.user.to_string()), "the identifier remains");
}

#[tokio::test]
async fn an_erasure_asks_for_the_user_name_and_a_fresh_proof() {
    let trial = Trial::start().await;
    let zoe = someone(&trial).await;
    let before = trial.app.event_kinds().await;
    let refused = erase(&trial, &zoe, "boss").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(refused.fields(), [("username".to_owned(), "CONFIRMATION_WRONG".to_owned())]);
    trial.app.advance(Duration::from_secs(6 * 60));
    erase(&trial, &zoe, "zoe").await.refused(403, "PROOF_REQUIRED");
    assert_eq!(trial.app.event_kinds().await, before);
    assert!(trial.knows(&zoe).await);
}

#[tokio::test]
async fn what_is_held_is_handed_out_to_people_who_have_just_proved_who_they_are() {
    let trial = Trial::start().await;
    let zoe = someone(&trial).await;
    let made = trial.post("/api/v1/api-keys", json!({"name": "None"})).bearer(&zoe.access).send().await;
    let key = made.expect(201).data()["key"].as_str().unwrap().to_owned();
    let data = || trial.get("/api/v1/users/me/data");
    data().header("x-api-key", &key).send().await.refused(403, "IN_PERSON_ONLY");
    trial.app.advance(Duration::from_secs(5 * 60));
    data().bearer(&zoe.access).send().await.refused(403, "PROOF_REQUIRED");
}

#[tokio::test]
async fn the_last_administrator_is_not_erased() {
    let trial = Trial::start().await;
    trial.account("boss", "admin").await;
    let boss = trial.sign_in("boss").await;
    erase(&trial, &boss, "boss").await.refused(409, "LAST_ADMINISTRATOR");
    trial.account("other", "admin").await;
    erase(&trial, &boss, "boss").await.expect(204);
}

#[tokio::test]
async fn an_administrator_erases_an_account_removed_or_not() {
    let trial = Trial::start().await;
    let zoe = someone(&trial).await;
    let boss = trial.sign_in("boss").await;
    let path = format!("/api/v1/users/{}", zoe.user);
    trial.request("DELETE", &path).bearer(&boss.access).send().await.expect(204);
    let ask = |username: &str| {
        let request = trial.post(&format!("{path}/erase"), json!({"username": username}));
        request.bearer(&boss.access).send()
    };
    ask("other").await.refused(400, "VALIDATION_ERROR");
    ask("zoe").await.expect(204);
    let name: String = trial.value("SELECT name FROM identity_user WHERE id = ?1", zoe.user).await;
    assert_eq!(name, "Ancien membre");
    let events = trial.app.events().await;
    let last = events.last().unwrap();
    assert_eq!((last.kind.as_str(), last.actor_name.as_str()), ("user.erased", "boss"));
}

#[tokio::test]
async fn an_operator_exports_and_erases_from_the_machine_itself() {
    let trial = Trial::start().await;
    let zoe = someone(&trial).await;
    let (kit, user) = (trial.app.kit.clone(), zoe.user);
    let text = socle_identity_trial::blocking(move || {
        let mut out = Vec::new();
        crate::operator::export_person(&kit, user, &mut out).unwrap();
        crate::operator::erase_person(&kit, user).unwrap();
        out
    });
    let document: Value = serde_json::from_slice(&text.await).unwrap();
    assert_eq!(document["account"][0]["username"], "zoe");
    assert!(!trial.knows(&zoe).await);
    assert_eq!(trial.app.events().await.last().unwrap().actor_name, "Socle");
}
