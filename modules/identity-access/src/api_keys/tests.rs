//! API keys, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_testkit::TestResponse;

use socle_identity_trial::{Tokens, Trial};

pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn make(trial: &Trial, by: &Tokens, body: Value) -> TestResponse {
    trial.post("/api/v1/api-keys", body).bearer(&by.access).send().await
}

/// A new key: its identifier and the key.
pub(super) async fn key(trial: &Trial, by: &Tokens, body: Value) -> (String, String) {
    let data = make(trial, by, body).await.expect(201).data();
    (data["id"].as_str().unwrap().to_owned(), data["key"].as_str().unwrap().to_owned())
}

async fn with_key(trial: &Trial, path: &str, key: &str) -> TestResponse {
    trial.get(path).header("x-api-key", key).header("accept-language", "en").send().await
}

/// Does the key open what every account may see?
pub(super) async fn opens(trial: &Trial, key: &str) -> bool {
    let reply = with_key(trial, "/api/v1/auth/me", key).await;
    assert!(matches!(reply.status, 200 | 401), "{}", reply.text());
    reply.status == 200
}

async fn waters(trial: &Trial, key: &str) -> bool {
    let reply = with_key(trial, "/api/v1/permissions/check?permission=water_plants", key).await;
    reply.expect(200).data()["allowed"].as_bool().unwrap()
}

async fn manager(trial: &Trial) -> Tokens {
    trial.account("max", "manager").await;
    trial.sign_in("max").await
}

fn watering() -> Value {
    json!({"name": "Watering", "scopes": ["water_plants"]})
}

#[tokio::test]
async fn r0_13_r0_14_a_key_is_shown_once_and_stored_as_a_hash() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let made = make(&trial, &max, watering()).await.expect(201);
    let (id, text) = (made.data()["id"].clone(), made.data()["key"].as_str().unwrap().to_owned());
    let prefix = made.data()["prefix"].as_str().unwrap().to_owned();
    assert!(text.starts_with("sk_test_") && text.starts_with(&prefix));
    assert_eq!(made.header("location"), Some(format!("/api/v1/api-keys/{}", id.as_str().unwrap()).as_str()));
    assert!(opens(&trial, &text).await && waters(&trial, &text).await);
    let list = trial.get("/api/v1/api-keys").bearer(&max.access).send().await.expect(200);
    assert_eq!(list.data()[0]["prefix"], prefix.as_str());
    assert_eq!(list.data()[0]["status"], "active");
    assert!(!list.text().contains(&text) && list.data()[0].get("key").is_none());
    let stored: String = trial
        .value(
            "SELECT k.secret_hash || k.name || k.prefix FROM identity_api_key k WHERE k.user_id = ?1",
            max.user,
        )
        .await;
    assert!(!stored.contains(&text[prefix.len() + 1..]));
    let events = trial.app.events().await;
    let told = events.iter().find(|event| event.kind == "api_key.created").unwrap();
    assert!(!told.payload.as_str().contains(&text));
}

#[tokio::test]
async fn c18_a_key_counts_where_there_is_no_authorization() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let (_, text) = key(&trial, &max, watering()).await;
    let both = trial.get("/api/v1/auth/me").header("x-api-key", &text).bearer("a.b.c").send().await;
    both.refused(401, "INVALID_TOKEN");
    let refused = with_key(&trial, "/api/v1/auth/me", "sk_test_unknown").await;
    assert_eq!(refused.refused(401, "INVALID_API_KEY").message(), "Invalid API key");
    let mut other = text.clone();
    other.replace_range(20..21, if &text[20..21] == "a" { "b" } else { "a" });
    assert!(!opens(&trial, &other).await);
}

#[tokio::test]
async fn a_key_does_no_more_than_its_owner_may_at_that_moment() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let refused = make(&trial, &max, json!({"name": "Too much", "scopes": ["manage_users"]})).await;
    assert_eq!(refused.expect(400).fields(), [("scopes[0]".to_owned(), "SCOPE_NOT_HELD".to_owned())]);
    let (_, text) = key(&trial, &max, watering()).await;
    let (_, bare) = key(&trial, &max, json!({"name": "Bare"})).await;
    assert!(waters(&trial, &text).await && !waters(&trial, &bare).await);
    let path = "/api/v1/permissions/check?permission=water_plants&explain=true";
    let why = with_key(&trial, path, &bare).await.expect(200).data();
    assert_eq!(why["explanation"]["rule"], "api_key");
    trial.account("boss", "admin").await;
    trial.operate(|operator| operator.promote("max", "user").unwrap()).await;
    assert!(!waters(&trial, &text).await);
}

#[tokio::test]
async fn an_administrators_key_holds_its_scopes_and_not_everything() {
    let trial = Trial::start().await;
    trial.account("boss", "admin").await;
    let boss = trial.sign_in("boss").await;
    let (_, text) = key(&trial, &boss, watering()).await;
    assert!(waters(&trial, &text).await);
    with_key(&trial, "/api/v1/roles", &text).await.refused(403, "FORBIDDEN");
    let unknown = make(&trial, &boss, json!({"name": "x", "scopes": ["everything"]})).await;
    assert_eq!(unknown.expect(400).fields()[0].1, "SCOPE_NOT_HELD");
}

#[tokio::test]
async fn a_key_is_used_from_its_networks_alone_and_elsewhere_is_as_unknown() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let body = json!({"name": "Office", "networks": ["192.0.2.0/24", "2001:db8::1"]});
    let (id, text) = key(&trial, &max, body).await;
    let from =
        |address: &'static str| trial.get("/api/v1/auth/me").header("x-api-key", &text).from(address).send();
    from("198.51.100.7").await.refused(401, "INVALID_API_KEY");
    from("192.0.2.7").await.expect(200);
    from("2001:db8::1").await.expect(200);
    from("198.51.100.7").await.refused(401, "INVALID_API_KEY");
    let bad = make(&trial, &max, json!({"name": "x", "networks": ["office"]})).await;
    assert_eq!(bad.expect(400).fields(), [("networks[0]".to_owned(), "NETWORK_INVALID".to_owned())]);
    let patch = json!({"networks": []});
    let change = trial.request("PATCH", &format!("/api/v1/api-keys/{id}")).bearer(&max.access).json(&patch);
    change.send().await.expect(200);
    from("198.51.100.7").await.expect(200);
}

#[tokio::test]
async fn a_key_is_renamed_narrowed_and_taken_back_at_once() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let (id, text) = key(&trial, &max, watering()).await;
    assert!(waters(&trial, &text).await);
    let path = format!("/api/v1/api-keys/{id}");
    let shown = trial.get(&path).bearer(&max.access).send().await.expect(200);
    let patch = json!({"name": "Rain", "scopes": []});
    let change = |tag: &str| {
        trial.request("PATCH", &path).bearer(&max.access).header("if-match", tag).json(&patch).send()
    };
    change("\"9-0\"").await.refused(412, "PRECONDITION_FAILED");
    let changed = change(shown.header("etag").unwrap()).await.expect(200);
    assert_eq!((&changed.data()["name"], &changed.data()["scopes"]), (&json!("Rain"), &json!([])));
    assert!(opens(&trial, &text).await && !waters(&trial, &text).await);
    trial.request("DELETE", &path).bearer(&max.access).send().await.expect(204);
    assert!(!opens(&trial, &text).await);
    let kinds = trial.app.event_kinds().await;
    let kinds: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("api_key.")).collect();
    assert_eq!(kinds, ["api_key.created", "api_key.updated", "api_key.revoked"]);
}

#[tokio::test]
async fn r0_17_after_a_rotation_both_secrets_work_for_a_day_and_then_the_new_one() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let (id, old) = key(&trial, &max, watering()).await;
    let rotate = |by: &Tokens| {
        trial.post(&format!("/api/v1/api-keys/{id}/rotate"), json!({})).bearer(&by.access).send()
    };
    let rotated = rotate(&max).await.expect(200).data();
    let new = rotated["key"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    assert!(opens(&trial, &old).await && opens(&trial, &new).await);
    trial.app.advance(DAY);
    assert!(!opens(&trial, &old).await && opens(&trial, &new).await);
    let max = trial.sign_in("max").await;
    let newest = rotate(&max).await.expect(200).data()["key"].as_str().unwrap().to_owned();
    rotate(&max).await.expect(200);
    assert!(!opens(&trial, &new).await, "the one before the one before works no more");
    assert!(opens(&trial, &newest).await);
}

#[tokio::test]
async fn keys_are_their_owners_business_and_administrators_see_them_and_take_them_back() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    trial.account("boss", "admin").await;
    trial.account("zoe", "user").await;
    let (boss, zoe) = (trial.sign_in("boss").await, trial.sign_in("zoe").await);
    let (id, text) = key(&trial, &max, watering()).await;
    let path = format!("/api/v1/api-keys/{id}");
    let list =
        |by: &Tokens, query: String| trial.get(&format!("/api/v1/api-keys{query}")).bearer(&by.access).send();
    for query in [format!("?user={}", max.user), "?all=true".to_owned()] {
        list(&zoe, query.clone()).await.refused(403, "FORBIDDEN");
        assert_eq!(list(&boss, query).await.expect(200).data()[0]["id"], id.as_str());
    }
    assert_eq!(list(&boss, String::new()).await.expect(200).data(), json!([]));
    trial.get(&path).bearer(&zoe.access).send().await.refused(404, "NOT_FOUND");
    trial.get(&path).bearer(&boss.access).send().await.expect(200);
    let rotate = trial.post(&format!("{path}/rotate"), json!({})).bearer(&boss.access).send().await;
    rotate.refused(403, "FORBIDDEN");
    let patch = trial.request("PATCH", &path).bearer(&boss.access).json(&json!({"name": "Mine"}));
    patch.send().await.refused(403, "FORBIDDEN");
    trial.request("DELETE", &path).bearer(&zoe.access).send().await.refused(404, "NOT_FOUND");
    trial.request("DELETE", &path).bearer(&boss.access).send().await.expect(204);
    assert!(!opens(&trial, &text).await);
}

#[tokio::test]
async fn what_is_done_in_person_is_refused_to_keys() {
    let trial = Trial::start().await;
    trial.account("boss", "admin").await;
    let boss = trial.sign_in("boss").await;
    let scopes = ["manage_users", "manage_roles", "delegate_permissions"];
    let (id, text) = key(&trial, &boss, json!({"name": "All", "scopes": scopes})).await;
    with_key(&trial, "/api/v1/roles", &text).await.expect(200);
    let before = trial.app.event_kinds().await;
    let path = format!("/api/v1/api-keys/{id}");
    let requests = [
        ("GET", "/api/v1/api-keys", None),
        ("POST", "/api/v1/api-keys", Some(json!({"name": "Another"}))),
        ("GET", path.as_str(), None),
        ("DELETE", path.as_str(), None),
        ("POST", "/api/v1/permissions", Some(json!({"userId": boss.user, "permission": "manage_users"}))),
        ("POST", "/api/v1/roles", Some(json!({"name": "press", "description": ""}))),
        ("POST", "/api/v1/auth/logout", None),
        ("PUT", "/api/v1/auth/password", Some(json!({"currentPassword": "a", "newPassword": "b"}))),
    ];
    for (method, path, body) in requests {
        let request = trial.request(method, path).header("x-api-key", &text);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let refused = request.send().await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "IN_PERSON_ONLY"), "{method} {path}");
    }
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn making_rotating_and_taking_back_a_key_ask_for_a_fresh_proof() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let (id, _) = key(&trial, &max, watering()).await;
    trial.app.advance(Duration::from_secs(5 * 60));
    make(&trial, &max, watering()).await.refused(403, "PROOF_REQUIRED");
    let path = format!("/api/v1/api-keys/{id}");
    let send = |method: &'static str, path: String| trial.request(method, &path).bearer(&max.access).send();
    send("DELETE", path.clone()).await.refused(403, "PROOF_REQUIRED");
    send("POST", format!("{path}/rotate")).await.refused(403, "PROOF_REQUIRED");
    send("GET", path).await.expect(200);
    trial.post("/api/v1/api-keys", watering()).send().await.refused(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn an_account_has_so_many_keys_and_no_more() {
    let trial = Trial::with(&[("api_keys.per_account", "2")]).await;
    let max = manager(&trial).await;
    let (id, _) = key(&trial, &max, watering()).await;
    key(&trial, &max, watering()).await;
    make(&trial, &max, watering()).await.refused(409, "TOO_MANY_API_KEYS");
    let path = format!("/api/v1/api-keys/{id}");
    trial.request("DELETE", &path).bearer(&max.access).send().await.expect(204);
    make(&trial, &max, watering()).await.expect(201);
}

#[tokio::test]
async fn the_keys_of_an_account_that_may_not_be_used_open_nothing() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let (_, text) = key(&trial, &max, watering()).await;
    assert!(opens(&trial, &text).await);
    let user = max.user;
    let set = |sql: &'static str| trial.tamper(move |tx| tx.exec_one(sql, &[&user]));
    set("UPDATE identity_user SET is_active = FALSE WHERE id = ?1").await;
    assert!(!opens(&trial, &text).await);
    set("UPDATE identity_user SET is_active = TRUE WHERE id = ?1").await;
    assert!(opens(&trial, &text).await);
    set("UPDATE identity_user SET deleted_at = 1 WHERE id = ?1").await;
    assert!(!opens(&trial, &text).await);
}

#[tokio::test]
async fn the_last_use_of_a_key_is_written_down_once_a_minute() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let (id, text) = key(&trial, &max, watering()).await;
    let path = format!("/api/v1/api-keys/{id}");
    let used = || async {
        let shown = trial.get(&path).bearer(&max.access).send().await.expect(200).data();
        (shown["lastUsedAt"].clone(), shown["lastAddress"].clone())
    };
    assert_eq!(used().await, (Value::Null, Value::Null));
    let first = json!(trial.app.kit.clock.now());
    assert!(opens(&trial, &text).await);
    // The note is written beside the request; a write that is queued behind it waits for it.
    for _ in 0..10_000 {
        if used().await.0 != Value::Null {
            break;
        }
        trial.app.kit.db.write(|_| Ok(())).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(used().await, (first.clone(), json!("192.0.2.1")));
    trial.app.advance(Duration::from_secs(59));
    trial.tamper(|_| Ok(())).await;
    assert!(opens(&trial, &text).await);
    trial.app.kit.db.write(|_| Ok(())).await.unwrap();
    assert_eq!(used().await.0, first);
}

#[tokio::test]
async fn who_manages_accounts_takes_no_key_back_from_who_may_do_more() {
    let trial = Trial::start().await;
    let max = manager(&trial).await;
    let clerk = trial.account("clerk", "user").await;
    trial
        .tamper(move |tx| {
            tx.exec(
                "INSERT INTO identity_user_permission (id, user_id, permission, created_at)
                 VALUES ('g', ?1, 'manage_users', 0)",
                &[&clerk],
            )
            .map(drop)
        })
        .await;
    let clerk = trial.sign_in("clerk").await;
    let (id, text) = key(&trial, &max, watering()).await;
    let request = trial.request("DELETE", &format!("/api/v1/api-keys/{id}")).bearer(&clerk.access);
    request.send().await.refused(403, "BEYOND_OWN_RIGHTS");
    assert!(opens(&trial, &text).await);
}
