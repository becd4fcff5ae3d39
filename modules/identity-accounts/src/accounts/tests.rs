//! One's own account, through HTTP.

use serde_json::{Value, json};

use socle_identity_trial::{PASSWORD, Tokens, Trial};
use socle_testkit::TestResponse;

const REGISTER: &str = "/api/v1/auth/register";
const ME: &str = "/api/v1/auth/me";

fn registration() -> Value {
    json!({"email": "Zoe@example.org", "username": "Zoe", "password": PASSWORD, "firstName": "Zoé", "lastName": "Durand"})
}

fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut body = registration();
    body[field] = value.into();
    body
}

async fn register(trial: &Trial, body: Value) -> TestResponse {
    trial.post(REGISTER, body).send().await
}

fn words(reply: &TestResponse) -> Vec<String> {
    reply.fields().into_iter().map(|(path, code)| format!("{path} {code}")).collect()
}

#[tokio::test]
async fn r1_83_r1_89_c14_registering_makes_an_account_and_signs_it_in() {
    let trial = Trial::start().await;
    let reply = register(&trial, registration()).await.expect(201);
    assert_eq!(reply.header("location"), Some("/api/v1/auth/me"));
    let user = &reply.data()["user"];
    assert_eq!((&user["email"], &user["username"]), (&json!("Zoe@example.org"), &json!("Zoe")));
    assert_eq!((&user["name"], &user["role"]), (&json!("Zoé Durand"), &json!("user")));
    assert_eq!(user["mustChangePassword"], false);
    assert!(!reply.text().contains("argon2"), "the hash left the server");
    assert!(trial.knows(&Tokens::of(&reply)).await);
    assert_eq!(trial.app.event_kinds().await, ["user.registered", "user.signed_in"]);
}

#[tokio::test]
async fn r1_34_r1_88_an_account_begins_with_the_default_preferences() {
    let trial = Trial::start().await;
    let user = Tokens::of(&register(&trial, registration()).await.expect(201)).user;
    let notifications: bool =
        trial.value("SELECT notifications FROM identity_preference WHERE user_id = ?1", user).await;
    let dark_mode: bool =
        trial.value("SELECT dark_mode FROM identity_preference WHERE user_id = ?1", user).await;
    let goal: i64 =
        trial.value("SELECT learning_goal FROM identity_preference WHERE user_id = ?1", user).await;
    let language: String = trial.value("SELECT language FROM identity_user WHERE id = ?1", user).await;
    assert_eq!((notifications, dark_mode, goal, language.as_str()), (true, false, 10, "fr"));
}

#[tokio::test]
async fn r1_84_r1_85_a_used_address_or_user_name_is_refused_however_it_is_spelled() {
    let trial = Trial::start().await;
    register(&trial, registration()).await.expect(201);
    let before = trial.app.event_kinds().await;
    let english = |body: Value| trial.post(REGISTER, body).header("accept-language", "en").send();
    let mut other = with("username", "other");
    other["email"] = json!("ZOE@EXAMPLE.ORG");
    assert_eq!(english(other).await.refused(409, "EMAIL_TAKEN").message(), "Email already in use");
    let mut other = with("email", "other@example.org");
    other["username"] = json!("zOE");
    assert_eq!(english(other).await.refused(409, "USERNAME_TAKEN").message(), "Username already taken");
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn of_two_registrations_of_one_name_at_once_one_is_made() {
    let trial = Trial::start().await;
    let (one, other) = tokio::join!(register(&trial, registration()), register(&trial, registration()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[tokio::test]
async fn every_bad_field_of_a_registration_is_named_at_once() {
    let trial = Trial::start().await;
    let shapes = json!({"email": 1, "firstName": "a\u{7}", "lastName": "a".repeat(101), "role": "admin"});
    assert_eq!(
        words(&register(&trial, shapes).await.refused(400, "VALIDATION_ERROR")),
        [
            "email WRONG_TYPE",
            "firstName BAD_CHARACTERS",
            "lastName TOO_LONG",
            "password REQUIRED",
            "role UNKNOWN_FIELD",
            "username REQUIRED"
        ]
    );
    let rules = json!({"email": "zoe", "username": ".z", "password": "motdepasse"});
    assert_eq!(
        words(&register(&trial, rules).await.refused(400, "VALIDATION_ERROR")),
        [
            "email EMAIL_INVALID",
            "password PASSWORD_COMMON",
            "password PASSWORD_TOO_SHORT",
            "username USERNAME_BAD_CHARACTERS",
            "username USERNAME_TOO_SHORT"
        ]
    );
    let name = with("password", "zoe@example.org");
    assert_eq!(words(&register(&trial, name).await.expect(400)), ["password PASSWORD_CONTAINS_IDENTITY"]);
    let long = with("password", "é".repeat(129));
    assert_eq!(words(&register(&trial, long).await.expect(400)), ["password PASSWORD_TOO_LONG"]);
    assert!(trial.app.event_kinds().await.is_empty());
}

#[tokio::test]
async fn r1_103_to_107_the_rules_of_the_learning_profile_speak_as_documented() {
    let settings = [("identity.password_min_length", "8"), ("identity.password_require", "upper,digit")];
    let trial = Trial::with(&settings).await;
    let body = json!({"email": "zoe", "username": "zo", "password": "vkqzrw"});
    let reply = trial.post(REGISTER, body).header("accept-language", "fr").send().await.expect(400);
    assert_eq!(
        reply.sentences(),
        [
            "Email invalide",
            "Le nom d'utilisateur doit contenir au moins 3 caractères",
            "Le mot de passe doit contenir au moins 8 caractères",
            "Le mot de passe doit contenir au moins une majuscule",
            "Le mot de passe doit contenir au moins un chiffre"
        ]
    );
}

#[tokio::test]
async fn r3_228_the_music_profile_asks_for_a_special_character() {
    let settings = [
        ("identity.password_min_length", "8"),
        ("identity.password_require", "special"),
        ("identity.username_pattern", "alphanumeric"),
    ];
    let trial = Trial::with(&settings).await;
    let mut body = with("password", "vkqzrwty");
    body["username"] = json!("zoe.d");
    let reply = register(&trial, body).await.expect(400);
    assert_eq!(words(&reply), ["password PASSWORD_NEEDS_SPECIAL", "username USERNAME_BAD_CHARACTERS"]);
}

#[tokio::test]
async fn r2_59_a_filled_honeypot_registers_nobody() {
    let trial = Trial::start().await;
    for trap in ["website", "hp_check", "url2"] {
        register(&trial, with(trap, "x")).await.refused(400, "BAD_REQUEST");
    }
    assert!(trial.app.event_kinds().await.is_empty());
    register(&trial, with("website", "")).await.expect(201);
}

#[tokio::test]
async fn r4_94_nobody_registers_where_it_is_closed() {
    let trial = Trial::with(&[("identity.registration", "closed")]).await;
    register(&trial, registration()).await.refused(403, "REGISTRATION_CLOSED");
}

#[tokio::test]
async fn r1_87_the_role_is_the_profiles() {
    let trial = Trial::with(&[("identity.default_role", "student")]).await;
    let reply = register(&trial, registration()).await.expect(201);
    assert_eq!(reply.data()["user"]["role"], "student");
}

#[tokio::test]
async fn r4_96_one_sees_ones_own_account_and_the_anonymous_see_nothing() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let reply = trial.get(ME).bearer(&tokens.access).send().await.expect(200);
    assert_eq!(reply.data()["username"], "zoe");
    assert_eq!(reply.data()["permissions"], json!(["water_plants"]));
    assert!(reply.header("etag").is_some());
    for (method, path) in [("GET", ME), ("PUT", ME), ("PATCH", ME), ("PUT", "/api/v1/auth/password")] {
        trial.request(method, path).json(&json!({})).send().await.refused(401, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn r4_97_put_replaces_the_profile_and_patch_changes_a_part_of_it() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let body = json!({
        "firstName": "Zoé", "lastName": "Durand", "phone": "+33 1 99 00 12 34", "language": "en",
        "avatar": "https://example.org/zoe.png", "position": "Juriste"
    });
    let data = trial.put(ME, body).bearer(&tokens.access).send().await.expect(200).data();
    assert_eq!(
        (&data["name"], &data["avatar"]),
        (&json!("Zoé Durand"), &json!("https://example.org/zoe.png"))
    );
    assert_eq!(data["profilePicture"], data["avatar"]);
    let patch = json!({"lastName": "Martin", "phone": null});
    let data = trial
        .request("PATCH", ME)
        .json(&patch)
        .bearer(&tokens.access)
        .send()
        .await
        .expect(200)
        .data()
        .clone();
    assert_eq!(
        (&data["name"], &data["phone"], &data["position"]),
        (&json!("Zoé Martin"), &Value::Null, &json!("Juriste"))
    );
    let data = trial.put(ME, json!({"name": "Z."})).bearer(&tokens.access).send().await.expect(200).data();
    assert_eq!(
        (&data["name"], &data["firstName"], &data["language"]),
        (&json!("Z."), &Value::Null, &Value::Null)
    );
    let patch = json!({"firstName": "Zoé"});
    let data = trial
        .request("PATCH", ME)
        .json(&patch)
        .bearer(&tokens.access)
        .send()
        .await
        .expect(200)
        .data()
        .clone();
    assert_eq!(data["name"], "Z.", "a name of one's own stays");
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "user.profile_updated").count(), 4);
}

#[tokio::test]
async fn a_preferred_language_is_spoken_from_the_next_request_on() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    trial.put(ME, json!({"language": "en"})).bearer(&tokens.access).send().await.expect(200);
    let refused = trial.get("/api/v1/roles").bearer(&tokens.access).send().await.expect(403);
    assert_eq!(refused.message(), "Insufficient permissions");
}

#[tokio::test]
async fn what_one_may_not_write_of_oneself_is_refused_by_name() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let before = trial.app.event_kinds().await;
    let body = json!({
        "role": "admin", "email": "a@b.c", "isActive": true, "department": "x", "version": 3,
        "avatar": "javascript:alert(1)", "language": "de", "phone": "0".repeat(33)
    });
    assert_eq!(
        words(&trial.put(ME, body).bearer(&tokens.access).send().await.refused(400, "VALIDATION_ERROR")),
        [
            "avatar BAD_FORMAT",
            "department UNKNOWN_FIELD",
            "email UNKNOWN_FIELD",
            "isActive UNKNOWN_FIELD",
            "language NOT_ALLOWED",
            "phone TOO_LONG",
            "role UNKNOWN_FIELD",
            "version UNKNOWN_FIELD"
        ]
    );
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn a_profile_that_changed_meanwhile_is_not_overwritten() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let seen = trial.get(ME).bearer(&tokens.access).send().await;
    let tag = seen.header("etag").unwrap().to_owned();
    let write = |name: &str| {
        trial.put(ME, json!({"name": name})).bearer(&tokens.access).header("if-match", &tag).send()
    };
    write("One").await.expect(200);
    write("Two").await.refused(412, "PRECONDITION_FAILED");
    let shown = trial.get(ME).bearer(&tokens.access).send().await;
    assert_eq!(shown.data()["name"], "One");
}

#[tokio::test]
async fn c29_a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (here, elsewhere) = (trial.sign_in("zoe").await, trial.sign_in("zoe").await);
    assert!(trial.knows(&elsewhere).await);
    let new = "tournevis-girafe-9";
    let body = json!({"currentPassword": PASSWORD, "newPassword": new});
    trial.put("/api/v1/auth/password", body).bearer(&here.access).send().await.expect(204);
    assert!(trial.knows(&here).await && !trial.knows(&elsewhere).await);
    let login = |password: &str| {
        trial.post("/api/v1/auth/login", json!({"login": "zoe", "password": password})).send()
    };
    login(PASSWORD).await.expect(401);
    login(new).await.expect(200);
    assert!(trial.app.event_kinds().await.contains(&"user.password_changed".to_owned()));
}

#[tokio::test]
async fn a_new_password_needs_the_present_one_the_rules_and_a_difference() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let before = trial.app.event_kinds().await;
    let change = |current: &str, new: &str| {
        let body = json!({"currentPassword": current, "newPassword": new});
        trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send()
    };
    let refused = |reply: TestResponse| words(&reply.refused(400, "VALIDATION_ERROR"));
    assert_eq!(refused(change("wrong", "tournevis-girafe-9").await), ["currentPassword PASSWORD_WRONG"]);
    assert_eq!(refused(change(PASSWORD, PASSWORD).await), ["newPassword PASSWORD_UNCHANGED"]);
    assert_eq!(refused(change(PASSWORD, "xK9#mQ2$").await), ["newPassword PASSWORD_TOO_SHORT"]);
    assert_eq!(refused(change("", "").await), ["currentPassword REQUIRED", "newPassword REQUIRED"]);
    let told = trial.app.event_kinds().await;
    assert_eq!(
        told.strip_prefix(before.as_slice()).unwrap(),
        ["user.sign_in_failed"],
        "the wrong one is counted"
    );
}

#[tokio::test]
async fn a_new_password_forgets_what_was_refused_and_a_lock_stands_before_it() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let sign_in = |password: &str| {
        let body = json!({"login": "zoe", "password": password});
        trial.post("/api/v1/auth/login", body).send()
    };
    let change = |from: &str, to: &str| {
        let body = json!({"currentPassword": from, "newPassword": to});
        trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send()
    };
    for _ in 0..4 {
        sign_in("wrong").await.expect(401);
    }
    change(PASSWORD, "tournevis-girafe-9").await.expect(204);
    for _ in 0..4 {
        sign_in("wrong").await.expect(401);
    }
    sign_in("tournevis-girafe-9").await.expect(200);
    for _ in 0..5 {
        sign_in("wrong").await.expect(401);
    }
    change("tournevis-girafe-9", PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
}

#[tokio::test]
async fn a_password_given_by_another_is_to_be_changed_and_then_is_ones_own() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let given = trial.operate(|operator| operator.set_password("zoe", None).unwrap().unwrap()).await;
    let body = json!({"login": "zoe", "password": given.expose()});
    let reply = trial.post("/api/v1/auth/login", body).send().await.expect(200);
    assert_eq!(reply.data()["user"]["mustChangePassword"], true);
    let tokens = Tokens::of(&reply);
    let body = json!({"currentPassword": given.expose(), "newPassword": "tournevis-girafe-9"});
    trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send().await.expect(204);
    let shown = trial.get(ME).bearer(&tokens.access).send().await;
    assert_eq!(shown.data()["mustChangePassword"], false);
}

#[tokio::test]
async fn a_wrong_present_password_counts_like_one_at_sign_in() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let change = |current: &str| {
        let body = json!({"currentPassword": current, "newPassword": "tournevis-girafe-9"});
        trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send()
    };
    for _ in 0..5 {
        change("wrong").await.refused(400, "VALIDATION_ERROR");
    }
    change(PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    let body = json!({"login": "zoe", "password": PASSWORD});
    trial.post("/api/v1/auth/login", body).send().await.refused(423, "ACCOUNT_LOCKED");
    trial.app.advance(std::time::Duration::from_secs(31 * 60));
    let tokens = trial.sign_in("zoe").await;
    let body = json!({"currentPassword": PASSWORD, "newPassword": "tournevis-girafe-9"});
    trial.put("/api/v1/auth/password", body).bearer(&tokens.access).send().await.expect(204);
}
