//! Making, changing and removing roles, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_testkit::TestResponse;

use socle_identity_trial::{Tokens, Trial};

async fn administrator(trial: &Trial) -> Tokens {
    trial.account("boss", "admin").await;
    trial.sign_in("boss").await
}

async fn make(trial: &Trial, by: &Tokens, body: Value) -> TestResponse {
    trial.post("/api/v1/roles", body).bearer(&by.access).send().await
}

/// The entity tag of a role as it is now.
async fn tag(trial: &Trial, by: &Tokens, name: &str) -> String {
    let role = trial.get(&format!("/api/v1/roles/{name}")).bearer(&by.access).send().await.expect(200);
    role.header("etag").unwrap().to_owned()
}

async fn patch(trial: &Trial, by: &Tokens, name: &str, body: Value) -> TestResponse {
    let tag = tag(trial, by, name).await;
    let request = trial.request("PATCH", &format!("/api/v1/roles/{name}")).bearer(&by.access);
    request.header("if-match", &tag).json(&body).send().await
}

async fn delete(trial: &Trial, by: &Tokens, name: &str) -> TestResponse {
    let tag = tag(trial, by, name).await;
    let request = trial.request("DELETE", &format!("/api/v1/roles/{name}")).bearer(&by.access);
    request.header("if-match", &tag).send().await
}

async fn may_water(trial: &Trial, tokens: &Tokens) -> bool {
    let check = trial.get("/api/v1/permissions/check?permission=water_plants").bearer(&tokens.access);
    check.send().await.expect(200).data()["allowed"].as_bool().unwrap()
}

fn gardener() -> Value {
    json!({"name": "Gardener", "description": "Looks after the plants.", "permissions": ["water_plants"]})
}

#[tokio::test]
async fn r3_73_a_role_is_made_given_changed_and_removed() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    let made = make(&trial, &boss, gardener()).await.expect(201);
    assert_eq!(made.header("location"), Some("/api/v1/roles/gardener"));
    assert_eq!(made.data()["name"], "gardener", "C21: in lower case");
    assert_eq!(made.data()["isBuiltIn"], false);
    make(&trial, &boss, gardener()).await.refused(409, "ROLE_EXISTS");

    trial.account("zoe", "gardener").await;
    let zoe = trial.sign_in("zoe").await;
    assert!(may_water(&trial, &zoe).await);
    let changed = patch(&trial, &boss, "gardener", json!({"permissions": []})).await.expect(200);
    assert_eq!(changed.data()["permissions"], json!([]));
    assert_eq!(changed.data()["description"], "Looks after the plants.");
    assert!(!may_water(&trial, &zoe).await, "at once on this node");

    let refused = delete(&trial, &boss, "gardener").await.refused(409, "ROLE_IN_USE");
    assert!(refused.message().contains('1'), "{}", refused.message());
    trial.operate(|operator| operator.promote("zoe", "user").unwrap()).await;
    delete(&trial, &boss, "gardener").await.expect(204);
    trial.get("/api/v1/roles/gardener").bearer(&boss.access).send().await.refused(404, "NOT_FOUND");
    let events = trial.app.event_kinds().await;
    let roles: Vec<_> = events.iter().filter(|kind| kind.starts_with("role.")).collect();
    assert_eq!(roles, ["role.created", "role.updated", "role.deleted"]);
}

#[tokio::test]
async fn a_role_is_removed_once_no_invitation_gives_it() {
    let trial = Trial::with(&[("identity.factor_required_roles", "none")]).await;
    let boss = administrator(&trial).await;
    make(&trial, &boss, gardener()).await.expect(201);
    let invite = |by: &Tokens, email: &str| {
        let body = json!({"email": email, "role": "gardener"});
        trial.post("/api/v1/invitations", body).bearer(&by.access).send()
    };
    invite(&boss, "late@example.org").await.expect(201);
    trial.app.advance(Duration::from_secs(8 * 24 * 60 * 60));
    let boss = trial.sign_in("boss").await;
    let open = invite(&boss, "open@example.org").await.expect(201).data()["id"].as_str().unwrap().to_owned();
    delete(&trial, &boss, "gardener").await.refused(409, "ROLE_IN_USE");
    let revoke = trial.request("DELETE", &format!("/api/v1/invitations/{open}")).bearer(&boss.access);
    revoke.header("if-match", "*").send().await.expect(204);
    delete(&trial, &boss, "gardener").await.expect(204);
    let left = trial.get(&format!("/api/v1/invitations/{open}")).bearer(&boss.access).send().await;
    assert_eq!(left.expect(200).data()["role"], "user");
}

#[tokio::test]
async fn a_role_is_replaced_as_a_whole() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    make(&trial, &boss, gardener()).await.expect(201);
    let tag = tag(&trial, &boss, "gardener").await;
    let put = |tag: String, body: Value| {
        trial.put("/api/v1/roles/gardener", body).bearer(&boss.access).header("if-match", &tag).send()
    };
    put(tag.clone(), json!({"description": "Rests."})).await.refused(400, "VALIDATION_ERROR");
    let whole = json!({"description": "Rests.", "permissions": ["manage_users"]});
    let replaced = put(tag.clone(), whole.clone()).await.expect(200);
    assert_eq!(replaced.data()["permissions"], json!(["manage_users"]));
    assert_eq!(replaced.data()["description"], "Rests.");
    put(tag, whole).await.refused(412, "PRECONDITION_FAILED");
}

#[tokio::test]
async fn a_role_is_changed_and_removed_only_by_who_says_which_version() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    make(&trial, &boss, gardener()).await.expect(201);
    let before = trial.app.event_kinds().await;
    let whole = json!({"description": "", "permissions": []});
    for (method, body) in [("PUT", Some(whole)), ("PATCH", Some(json!({}))), ("DELETE", None)] {
        let request = trial.request(method, "/api/v1/roles/gardener").bearer(&boss.access);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send().await.refused(428, "PRECONDITION_REQUIRED");
    }
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn the_roles_of_the_server_stay_and_administrators_hold_everything() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    delete(&trial, &boss, "user").await.refused(409, "ROLE_BUILT_IN");
    delete(&trial, &boss, "admin").await.refused(409, "ROLE_BUILT_IN");
    patch(&trial, &boss, "user", json!({"description": "Guest."})).await.refused(409, "ROLE_BUILT_IN");
    patch(&trial, &boss, "admin", json!({"permissions": []})).await.refused(409, "ROLE_HOLDS_EVERYTHING");
    // As it is shown in one language or the other, it is the same.
    for shown in ["Has an account.", "A un compte."] {
        patch(&trial, &boss, "user", json!({"description": shown})).await.expect(200);
    }
    let changed = patch(&trial, &boss, "user", json!({"permissions": ["water_plants"]})).await.expect(200);
    assert_eq!(changed.data()["permissions"], json!(["water_plants"]));
    let name = patch(&trial, &boss, "user", json!({"name": "guest"})).await.expect(400);
    assert_eq!(name.fields(), [("name".to_owned(), "UNKNOWN_FIELD".to_owned())]);
}

#[tokio::test]
async fn what_is_wrong_with_a_role_is_told_by_its_field() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    for bad in ["1st", "a b", "x", "é-quipe"] {
        let body = json!({"name": bad, "description": ""});
        let refused = make(&trial, &boss, body).await.expect(400);
        assert_eq!(refused.fields().first().map(|field| field.0.as_str()), Some("name"), "{bad}");
    }
    let body = json!({"name": "press", "description": "", "permissions": ["water_plants", "fly"]});
    let refused = make(&trial, &boss, body).await.expect(400);
    assert_eq!(refused.fields(), [("permissions[1]".to_owned(), "UNKNOWN_PERMISSION".to_owned())]);
}

#[tokio::test]
async fn r4_210_who_may_write_roles_gives_no_more_than_they_hold() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    let body = json!({"name": "steward", "description": "", "permissions": ["manage_roles", "manage_users"]});
    make(&trial, &boss, body).await.expect(201);
    trial.account("zoe", "steward").await;
    let zoe = trial.sign_in("zoe").await;
    make(&trial, &zoe, gardener()).await.refused(403, "NOT_YOURS_TO_GIVE");
    patch(&trial, &zoe, "steward", json!({"permissions": ["manage_roles", "manage_users", "water_plants"]}))
        .await
        .refused(403, "NOT_YOURS_TO_GIVE");
    patch(&trial, &zoe, "employee", json!({"permissions": []})).await.refused(403, "NOT_YOURS_TO_GIVE");
    make(&trial, &zoe, json!({"name": "clerk", "description": "", "permissions": ["manage_users"]}))
        .await
        .expect(201);
}

#[tokio::test]
async fn what_is_held_for_a_while_is_not_made_to_last_by_a_role() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    let body = json!({"name": "steward", "description": "", "permissions": ["manage_roles"]});
    make(&trial, &boss, body).await.expect(201);
    make(&trial, &boss, json!({"name": "press", "description": ""})).await.expect(201);
    let id = trial.account("zoe", "steward").await;
    let grant = |permission: &str, end: Value| {
        let body = json!({"userId": id, "permission": permission, "expiresAt": end});
        trial.post("/api/v1/permissions", body).bearer(&boss.access).send()
    };
    let soon = trial.app.kit.clock.now().plus(Duration::from_secs(600));
    grant("water_plants", json!(soon.to_string())).await.expect(201);
    grant("manage_users", Value::Null).await.expect(201);
    let zoe = trial.sign_in("zoe").await;
    assert!(may_water(&trial, &zoe).await);
    let rose = json!({"name": "rose", "description": "", "permissions": ["water_plants"]});
    make(&trial, &zoe, rose).await.refused(403, "NOT_YOURS_TO_GIVE");
    let add = |role: &'static str, permissions: &'static [&'static str]| {
        let (trial, boss, zoe) = (&trial, &boss, &zoe);
        async move {
            let tag = tag(trial, boss, role).await;
            let request = trial.request("PATCH", &format!("/api/v1/roles/{role}")).bearer(&zoe.access);
            request.header("if-match", &tag).json(&json!({"permissions": permissions})).send().await
        }
    };
    add("press", &["water_plants"]).await.refused(403, "NOT_YOURS_TO_GIVE");
    add("steward", &["manage_roles", "water_plants"]).await.refused(403, "NOT_YOURS_TO_GIVE");
    add("steward", &["manage_roles", "manage_users"]).await.refused(403, "NOT_YOURS_TO_GIVE");
    add("press", &["manage_roles", "manage_users"]).await.expect(200);
}

#[tokio::test]
async fn roles_are_written_by_those_who_may_and_have_just_proved_who_they_are() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    trial.account("zoe", "manager").await;
    let zoe = trial.sign_in("zoe").await;
    trial.post("/api/v1/roles", gardener()).send().await.refused(401, "UNAUTHORIZED");
    make(&trial, &zoe, gardener()).await.refused(403, "FORBIDDEN");
    trial.app.advance(Duration::from_secs(5 * 60));
    make(&trial, &boss, gardener()).await.refused(403, "PROOF_REQUIRED");
    delete(&trial, &boss, "manager").await.refused(403, "PROOF_REQUIRED");
    assert!(!trial.app.event_kinds().await.iter().any(|kind| kind.starts_with("role.")));
}
