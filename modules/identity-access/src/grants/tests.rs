//! Grants, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_kit::kernel::UserId;
use socle_testkit::TestResponse;

use super::service::purge;
use socle_identity_trial::{Tokens, Trial};

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn signed_in(trial: &Trial, name: &str, role: &str) -> Tokens {
    trial.account(name, role).await;
    trial.sign_in(name).await
}

async fn grant(trial: &Trial, by: &Tokens, body: Value) -> TestResponse {
    trial.post("/api/v1/permissions", body).bearer(&by.access).send().await
}

/// The identifier of a new grant of `water_plants`, or of another permission.
async fn granted(trial: &Trial, by: &Tokens, to: UserId, permission: &str) -> String {
    let made = grant(trial, by, json!({"userId": to, "permission": permission})).await.expect(201);
    made.data()["id"].as_str().unwrap().to_owned()
}

async fn revoke(trial: &Trial, by: &Tokens, id: &str) -> TestResponse {
    trial.request("DELETE", &format!("/api/v1/permissions/{id}")).bearer(&by.access).send().await
}

async fn explained(trial: &Trial, by: &Tokens, query: &str) -> Value {
    let path = format!("/api/v1/permissions/check?explain=true&{query}");
    trial.get(&path).bearer(&by.access).header("accept-language", "en").send().await.expect(200).data()
}

async fn may_water(trial: &Trial, tokens: &Tokens) -> bool {
    explained(trial, tokens, "permission=water_plants").await["allowed"].as_bool().unwrap()
}

/// An administrator, a manager who may pass on what managers hold, and somebody who holds nothing.
async fn cast(trial: &Trial) -> (Tokens, Tokens, Tokens) {
    let boss = signed_in(trial, "boss", "admin").await;
    let max = signed_in(trial, "max", "manager").await;
    let zoe = signed_in(trial, "zoe", "user").await;
    granted(trial, &boss, max.user, "delegate_permissions").await;
    (boss, max, zoe)
}

#[tokio::test]
async fn r4_133_to_135_a_permission_is_granted_shown_checked_and_taken_back() {
    let trial = Trial::start().await;
    let boss = signed_in(&trial, "boss", "admin").await;
    let zoe = signed_in(&trial, "zoe", "user").await;
    assert!(!may_water(&trial, &zoe).await);
    let id = granted(&trial, &boss, zoe.user, "water_plants").await;
    assert!(may_water(&trial, &zoe).await, "at once on this node");
    let path = format!("/api/v1/permissions/{}", zoe.user);
    for reader in [&boss, &zoe] {
        let held = trial.get(&path).bearer(&reader.access).send().await.expect(200).data();
        assert_eq!(held["permissions"], json!(["water_plants"]));
        assert_eq!(held["rolePermissions"], json!([]));
        assert_eq!(held["grants"][0]["id"], id.as_str());
        assert_eq!(held["grants"][0]["grantedBy"], boss.user.to_string(), "R4-217");
    }
    revoke(&trial, &boss, &id).await.expect(204);
    assert!(!may_water(&trial, &zoe).await, "at once on this node");
    revoke(&trial, &boss, &id).await.refused(404, "NOT_FOUND");
    let kinds = trial.app.event_kinds().await;
    let kinds: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("permission.")).collect();
    assert_eq!(kinds, ["permission.granted", "permission.revoked"]);
}

#[tokio::test]
async fn c31_c32_one_sees_ones_own_permissions_and_others_take_the_permission_to_administer() {
    let trial = Trial::start().await;
    let (boss, max, zoe) = cast(&trial).await;
    let path = format!("/api/v1/permissions/{}", max.user);
    trial.get(&path).bearer(&zoe.access).send().await.refused(403, "FORBIDDEN");
    let check = format!("/api/v1/permissions/check?permission=water_plants&user={}", max.user);
    trial.get(&check).bearer(&zoe.access).send().await.refused(403, "FORBIDDEN");
    for path in [&path, &check] {
        trial.get(path).send().await.refused(401, "UNAUTHORIZED");
    }
    granted(&trial, &boss, zoe.user, "manage_users").await;
    trial.get(&path).bearer(&zoe.access).send().await.expect(200);
    trial.get(&check).bearer(&zoe.access).send().await.expect(200);
}

#[tokio::test]
async fn r4_208_one_passes_on_what_one_holds_and_nothing_else() {
    let trial = Trial::start().await;
    let (_, max, zoe) = cast(&trial).await;
    let before = trial.app.event_kinds().await.len();
    grant(&trial, &max, json!({"userId": zoe.user, "permission": "manage_users"}))
        .await
        .refused(403, "NOT_YOURS_TO_GIVE");
    let own = grant(&trial, &max, json!({"userId": max.user, "permission": "water_plants"})).await;
    assert_eq!(own.expect(400).fields(), [("userId".to_owned(), "GRANT_TO_ONESELF".to_owned())]);
    let body = json!({"userId": max.user, "permission": "water_plants"});
    grant(&trial, &zoe, body).await.refused(403, "FORBIDDEN");
    let unknown = json!({"userId": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "permission": "fly"});
    assert_eq!(
        grant(&trial, &max, unknown).await.expect(400).fields(),
        [("permission".into(), "UNKNOWN_PERMISSION".into()), ("userId".into(), "UNKNOWN_ACCOUNT".into())]
    );
    assert_eq!(trial.app.event_kinds().await.len(), before);
    granted(&trial, &max, zoe.user, "water_plants").await;
    grant(&trial, &max, json!({"userId": zoe.user, "permission": "water_plants"}))
        .await
        .refused(409, "ALREADY_GRANTED");
}

#[tokio::test]
async fn r4_208_a_grant_ends_no_later_than_the_one_it_comes_from() {
    let trial = Trial::start().await;
    let (boss, _, zoe) = cast(&trial).await;
    let ann = signed_in(&trial, "ann", "user").await;
    let now = trial.app.kit.clock.now();
    let end = now.plus(HOUR);
    let body = json!({"userId": zoe.user, "permission": "water_plants", "expiresAt": end});
    grant(&trial, &boss, body).await.expect(201);
    granted(&trial, &boss, zoe.user, "delegate_permissions").await;
    let pass_on = |expires_at: Value| {
        let body = json!({"userId": ann.user, "permission": "water_plants", "expiresAt": expires_at});
        grant(&trial, &zoe, body)
    };
    let code = |response: TestResponse| response.expect(400).fields().remove(0).1;
    assert_eq!(code(pass_on(json!(end.plus(HOUR))).await), "GRANT_TOO_LONG");
    assert_eq!(code(pass_on(json!(now)).await), "NOT_IN_THE_FUTURE");
    let made = pass_on(Value::Null).await.expect(201);
    assert_eq!(made.data()["expiresAt"], json!(end), "its grantor's own end, when none is given");
}

#[tokio::test]
async fn what_was_passed_on_goes_with_the_grant_it_came_from() {
    let trial = Trial::start().await;
    let (boss, max, zoe) = cast(&trial).await;
    let ann = signed_in(&trial, "ann", "user").await;
    let first = granted(&trial, &boss, zoe.user, "water_plants").await;
    granted(&trial, &boss, zoe.user, "delegate_permissions").await;
    granted(&trial, &zoe, ann.user, "water_plants").await;
    // A manager holds it by the role: what a manager passed on stays.
    let leo = signed_in(&trial, "leo", "user").await;
    granted(&trial, &max, leo.user, "water_plants").await;
    assert!(may_water(&trial, &ann).await);
    revoke(&trial, &boss, &first).await.expect(204);
    assert!(!may_water(&trial, &zoe).await && !may_water(&trial, &ann).await);
    assert!(may_water(&trial, &leo).await);
    let events = trial.app.events().await;
    let followed: Vec<bool> = events
        .iter()
        .filter(|event| event.kind == "permission.revoked")
        .map(|event| event.payload.read::<Value>().unwrap()["followed"].as_bool().unwrap())
        .collect();
    assert_eq!(followed, [false, true]);
}

#[tokio::test]
async fn r4_208_the_grantor_and_administrators_take_a_grant_back_and_nobody_else() {
    let trial = Trial::start().await;
    let (boss, max, zoe) = cast(&trial).await;
    let ann = signed_in(&trial, "ann", "user").await;
    let id = granted(&trial, &max, zoe.user, "water_plants").await;
    revoke(&trial, &ann, &id).await.refused(404, "NOT_FOUND");
    revoke(&trial, &zoe, &id).await.refused(403, "FORBIDDEN");
    revoke(&trial, &max, &id).await.expect(204);
    let id = granted(&trial, &max, zoe.user, "water_plants").await;
    revoke(&trial, &boss, &id).await.expect(204);
}

#[tokio::test]
async fn an_expired_grant_stops_at_its_end_and_is_then_removed() {
    let trial = Trial::start().await;
    let boss = signed_in(&trial, "boss", "admin").await;
    let zoe = signed_in(&trial, "zoe", "user").await;
    let end = trial.app.kit.clock.now().plus(Duration::from_secs(60));
    let body = json!({"userId": zoe.user, "permission": "manage_users", "expiresAt": end});
    grant(&trial, &boss, body.clone()).await.expect(201);
    let roles = || trial.get("/api/v1/roles").bearer(&zoe.access).send();
    roles().await.expect(200);
    trial.app.advance(Duration::from_secs(60));
    roles().await.expect(403);
    let (db, now) = (trial.app.kit.db.clone(), trial.app.kit.clock.now());
    purge(&db, now).await.unwrap();
    purge(&db, now).await.unwrap();
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "permission.expired").count(), 1);
    let left: i64 =
        trial.value("SELECT COUNT(*) FROM identity_user_permission WHERE user_id = ?1", zoe.user).await;
    assert_eq!(left, 0);
    let again = json!({"userId": zoe.user, "permission": "manage_users"});
    grant(&trial, &boss, again).await.expect(201);
}

#[tokio::test]
async fn a_check_says_which_rule_or_grant_decided() {
    let trial = Trial::start().await;
    let (boss, max, zoe) = cast(&trial).await;
    let asked = |user: UserId| {
        let query = format!("permission=water_plants&user={user}");
        let (trial, boss) = (&trial, &boss);
        async move { explained(trial, boss, &query).await }
    };
    let rule = |answer: &Value| {
        (answer["allowed"].as_bool().unwrap(), answer["explanation"]["rule"].as_str().unwrap().to_owned())
    };
    assert_eq!(rule(&asked(boss.user).await), (true, "administrator".to_owned()));
    let by_role = asked(max.user).await;
    assert_eq!(rule(&by_role), (true, "role".to_owned()));
    assert_eq!(by_role["explanation"]["role"], "manager");
    assert_eq!(by_role["explanation"]["text"], "The role “manager” holds this permission.");
    assert_eq!(rule(&asked(zoe.user).await), (false, "none".to_owned()));
    let id = granted(&trial, &max, zoe.user, "water_plants").await;
    let by_grant = asked(zoe.user).await;
    assert_eq!(rule(&by_grant), (true, "grant".to_owned()));
    assert_eq!(by_grant["explanation"]["grant"]["id"], id.as_str());
    assert_eq!(by_grant["explanation"]["grant"]["grantedBy"], max.user.to_string());
    let user = zoe.user;
    trial
        .tamper(move |tx| tx.exec_one("UPDATE identity_user SET is_active = FALSE WHERE id = ?1", &[&user]))
        .await;
    assert_eq!(rule(&asked(zoe.user).await), (false, "inactive".to_owned()));
    let plain = trial.get("/api/v1/permissions/check?permission=water_plants").bearer(&boss.access);
    assert_eq!(plain.send().await.expect(200).data()["explanation"], Value::Null);
    let unknown = trial.get("/api/v1/permissions/check?permission=fly").bearer(&boss.access);
    assert_eq!(unknown.send().await.expect(400).fields()[0].1, "UNKNOWN_PERMISSION");
}

#[tokio::test]
async fn a_grant_within_a_scope_holds_there_alone() {
    let trial = Trial::start().await;
    let (boss, _, zoe) = cast(&trial).await;
    let ann = signed_in(&trial, "ann", "user").await;
    let body = json!({"userId": zoe.user, "permission": "manage_users", "scope": "department:sales"});
    grant(&trial, &boss, body).await.expect(201);
    trial.get("/api/v1/roles").bearer(&zoe.access).send().await.refused(403, "FORBIDDEN");
    let allowed = |query: &'static str| {
        let (trial, zoe) = (&trial, &zoe);
        async move { explained(trial, zoe, query).await["allowed"].as_bool().unwrap() }
    };
    assert!(!allowed("permission=manage_users").await);
    assert!(allowed("permission=manage_users&scope=department:sales").await);
    assert!(!allowed("permission=manage_users&scope=department:law").await);
    granted(&trial, &boss, zoe.user, "delegate_permissions").await;
    let pass_on = |scope: Value| {
        let body = json!({"userId": ann.user, "permission": "manage_users", "scope": scope});
        grant(&trial, &zoe, body)
    };
    pass_on(Value::Null).await.refused(403, "NOT_YOURS_TO_GIVE");
    pass_on(json!("department:law")).await.refused(403, "NOT_YOURS_TO_GIVE");
    pass_on(json!("a,b")).await.refused(400, "VALIDATION_ERROR");
    pass_on(json!("department:sales")).await.expect(201);
}

#[tokio::test]
async fn grants_are_listed_for_administrators_and_for_those_they_concern() {
    let trial = Trial::start().await;
    let (boss, max, zoe) = cast(&trial).await;
    granted(&trial, &max, zoe.user, "water_plants").await;
    let count = |by: &Tokens, query: &str| {
        let request = trial.get(&format!("/api/v1/permissions/grants{query}")).bearer(&by.access);
        async move { request.send().await.expect(200).data().as_array().unwrap().len() }
    };
    assert_eq!(count(&boss, "").await, 2);
    assert_eq!(count(&boss, &format!("?grantedBy={}", max.user)).await, 1);
    assert_eq!(count(&boss, "?permission=delegate_permissions").await, 1);
    assert_eq!(count(&max, "").await, 2, "one that is held, one that was given");
    assert_eq!(count(&zoe, "").await, 1);
    assert_eq!(count(&zoe, &format!("?userId={}", max.user)).await, 0);
}

#[tokio::test]
async fn granting_and_taking_back_ask_for_a_fresh_proof() {
    let trial = Trial::start().await;
    let (boss, _, zoe) = cast(&trial).await;
    let id = granted(&trial, &boss, zoe.user, "water_plants").await;
    trial.app.advance(Duration::from_secs(5 * 60));
    let body = json!({"userId": zoe.user, "permission": "manage_users"});
    grant(&trial, &boss, body).await.refused(403, "PROOF_REQUIRED");
    revoke(&trial, &boss, &id).await.refused(403, "PROOF_REQUIRED");
}
