//! Roles and permissions, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_kit::kernel::{Id, Permission, codes};
use socle_testkit::TestResponse;

use super::install::install_roles;
use super::store;
use socle_identity_core::errors::{LAST_ADMINISTRATOR, UNKNOWN_ROLE};
use socle_identity_core::roles::store::permission_names;
use socle_identity_trial::{Tokens, Trial, WATER_PLANTS, blocking, permissions};

async fn install(trial: &Trial, permissions: Vec<Permission>) {
    let (db, clock) = (trial.app.kit.db.clone(), trial.app.kit.clock.clone());
    blocking(move || install_roles(&db, &permissions, &clock).unwrap()).await;
}

async fn administrator(trial: &Trial) -> Tokens {
    trial.account("boss", "admin").await;
    trial.sign_in("boss").await
}

async fn roles(trial: &Trial, tokens: &Tokens) -> TestResponse {
    trial.get("/api/v1/roles?sort=name").bearer(&tokens.access).send().await
}

fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|entry| entry["name"] == name).unwrap()
}

#[tokio::test]
async fn c21_the_seven_roles_are_data_with_the_permissions_the_modules_give_them() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    let reply = roles(&trial, &boss).await.expect(200);
    let data = reply.data();
    let names: Vec<&str> =
        data.as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["admin", "employee", "manager", "moderator", "student", "teacher", "user"]);
    assert_eq!(named(&reply.data(), "employee")["permissions"], json!(["water_plants"]));
    assert_eq!(named(&reply.data(), "user")["permissions"], json!([]));
    assert_eq!(
        named(&reply.data(), "admin")["permissions"],
        json!(["delegate_permissions", "manage_roles", "manage_users", "water_plants"]),
        "R4-209"
    );
    assert_eq!(named(&reply.data(), "admin")["holdsEverything"], true);
}

#[tokio::test]
async fn roles_and_permissions_are_described_in_the_readers_language() {
    let trial = Trial::start().await;
    let boss = administrator(&trial).await;
    for (language, role, permission) in [
        ("fr", "Peut tout faire.", "Voir et administrer les comptes, les rôles et les permissions."),
        ("en", "May do everything.", "See and administer accounts, roles and permissions."),
    ] {
        let get = |path: String| trial.get(&path).bearer(&boss.access).send();
        let roles = get(format!("/api/v1/roles?lang={language}")).await.expect(200);
        assert_eq!(named(&roles.data(), "admin")["description"], role);
        let permissions = get(format!("/api/v1/permissions?lang={language}")).await.expect(200);
        assert_eq!(named(&permissions.data(), "manage_users")["description"], permission);
        assert_eq!(named(&permissions.data(), "water_plants")["description"], "Water the plants.");
        assert_eq!(
            named(&permissions.data(), "water_plants")["roles"],
            json!(["admin", "employee", "manager"])
        );
    }
}

#[tokio::test]
async fn r4_203_only_whoever_manages_accounts_sees_roles_and_permissions() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let zoe = trial.sign_in("zoe").await;
    for path in ["/api/v1/roles", "/api/v1/permissions"] {
        trial.get(path).send().await.refused(401, "UNAUTHORIZED");
        trial.get(path).bearer(&zoe.access).send().await.refused(403, "FORBIDDEN");
    }
}

#[tokio::test]
async fn a_permission_that_an_administrator_took_from_a_role_is_not_given_back_at_the_next_start() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let zoe = trial.sign_in("zoe").await;
    let held = || async {
        trial.get("/api/v1/auth/me").bearer(&zoe.access).send().await.expect(200).data()["permissions"]
            .clone()
    };
    assert_eq!(held().await, json!(["water_plants"]));
    trial
        .tamper(|tx| tx.exec("DELETE FROM identity_role_permission WHERE role = 'employee'", &[]).map(drop))
        .await;
    install(&trial, permissions()).await;
    assert_eq!(held().await, json!([]));
    const FEED_CAT: Permission =
        Permission { name: "feed_cat", description: "Feed the cat.", default_roles: &["employee"] };
    install(&trial, vec![WATER_PLANTS, FEED_CAT]).await;
    assert_eq!(held().await, json!(["feed_cat"]), "a new permission is given once");
}

#[tokio::test]
async fn a_permission_that_no_module_declares_any_more_leaves_the_list_but_not_the_role() {
    let trial = Trial::start().await;
    let names = || trial.app.kit.db.read(permission_names);
    install(&trial, vec![socle_identity_core::permissions::MANAGE_USERS]).await;
    assert_eq!(names().await.unwrap(), ["manage_users"]);
    install(&trial, permissions()).await;
    let all = ["delegate_permissions", "manage_roles", "manage_users", "water_plants"];
    assert_eq!(names().await.unwrap(), all);
    let pairs = trial.app.kit.db.read(store::pairs).await.unwrap();
    assert_eq!(pairs.len(), 2, "{pairs:?}");
}

#[tokio::test]
async fn a_default_role_that_does_not_exist_is_an_error_that_names_it() {
    let trial = Trial::start().await;
    let (db, clock) = (trial.app.kit.db.clone(), trial.app.kit.clock.clone());
    const LOST: Permission = Permission { name: "lost", description: "Lost.", default_roles: &["captain"] };
    let error = blocking(move || install_roles(&db, &[LOST], &clock).unwrap_err()).await;
    assert_eq!(error.code(), codes::INTERNAL_ERROR);
    assert!(error.to_string().contains("lost") && error.to_string().contains("captain"));
}

#[tokio::test]
async fn r3_73_a_new_role_ends_the_sessions_and_holds_from_the_next_sign_in() {
    let trial = Trial::start().await;
    trial.account("zoe", "user").await;
    trial.account("boss", "admin").await;
    let zoe = trial.sign_in("zoe").await;
    roles(&trial, &zoe).await.expect(403);
    let before = trial.operate(|operator| operator.promote("zoe@example.org", "Admin").unwrap()).await;
    assert_eq!(before, "user");
    roles(&trial, &zoe).await.expect(401);
    let zoe = trial.sign_in("zoe").await;
    roles(&trial, &zoe).await.expect(200);
    trial.operate(|operator| operator.promote("zoe", "user").unwrap()).await;
    roles(&trial, &zoe).await.expect(401);
    roles(&trial, &trial.sign_in("zoe").await).await.expect(403);
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "user.role_changed").count(), 2);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let trial = Trial::start().await;
    trial.account("boss", "admin").await;
    let refused = trial.operate(|operator| operator.promote("boss", "user").unwrap_err()).await;
    assert_eq!(refused.code(), LAST_ADMINISTRATOR);
    trial.account("deputy", "admin").await;
    trial.operate(|operator| operator.promote("boss", "user").unwrap()).await;
    let refused = trial.operate(|operator| operator.promote("deputy", "captain").unwrap_err()).await;
    assert_eq!(refused.fields()[0].code, UNKNOWN_ROLE);
}

#[tokio::test]
async fn r4_208_a_granted_permission_holds_until_it_expires() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "user").await;
    let zoe = trial.sign_in("zoe").await;
    let now = trial.app.kit.clock.now();
    let until = now.plus(Duration::from_secs(300));
    trial
        .tamper(move |tx| {
            let id: Id<()> = Id::from_u128(1);
            tx.exec_one(
                "INSERT INTO identity_user_permission (id, user_id, permission, granted_by, expires_at, created_at)
                 VALUES (?1, ?2, 'manage_users', NULL, ?3, ?4)",
                &[&id, &user, &until, &now],
            )
        })
        .await;
    roles(&trial, &zoe).await.expect(200);
    trial.app.advance(Duration::from_secs(301));
    trial.tamper(|_| Ok(())).await;
    roles(&trial, &zoe).await.expect(403);
}

#[tokio::test]
async fn of_two_administrators_who_depose_each_other_at_once_one_stays() {
    let trial = Trial::start().await;
    trial.account("boss", "admin").await;
    trial.account("deputy", "admin").await;
    for _ in 0..8 {
        let depose = |name: &'static str| {
            trial.operate(move |operator| operator.promote(name, "user").map_err(|error| error.code()))
        };
        let (one, other) = tokio::join!(depose("boss"), depose("deputy"));
        let refused: Vec<_> = [one, other].into_iter().filter_map(Result::err).collect();
        assert_eq!(refused, [LAST_ADMINISTRATOR]);
        for name in ["boss", "deputy"] {
            trial.operate(move |operator| operator.promote(name, "admin").unwrap()).await;
        }
    }
}
