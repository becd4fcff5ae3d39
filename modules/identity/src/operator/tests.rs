//! What the command line does with accounts.

use socle_kit::kernel::{Page, Random, Secret};

use super::one_time_password;
use socle_identity_core::errors::USERNAME_TAKEN;
use socle_identity_trial::{NewAccount, PASSWORD, Trial, blocking, has_demo_accounts};

fn new(username: &str, role: &str) -> NewAccount {
    NewAccount {
        username: username.to_owned(),
        email: None,
        name: Some("Zoé".to_owned()),
        role: role.to_owned(),
        password: None,
    }
}

#[test]
fn a_one_time_password_is_readable_and_passes_the_strictest_length() {
    let password = one_time_password(&Random::seeded(3));
    assert_eq!(password.expose().len(), 24);
    assert!(password.expose().split('-').all(|group| group.len() == 4));
    assert_ne!(one_time_password(&Random::seeded(4)).expose(), password.expose());
}

#[tokio::test]
async fn an_account_made_without_a_password_is_given_one_that_works() {
    let trial = Trial::start().await;
    let (summary, made) = trial.operate(|operator| operator.add_user(new("zoe", "employee")).unwrap()).await;
    assert_eq!((summary.name.as_str(), summary.email), ("Zoé", None));
    let body = serde_json::json!({"login": "zoe", "password": made.unwrap().expose()});
    trial.post("/api/v1/auth/login", body).send().await.expect(200);
    let again = trial.operate(|operator| operator.add_user(new("ZOE", "employee")).unwrap_err()).await;
    assert_eq!(again.code(), USERNAME_TAKEN);
}

#[tokio::test]
async fn an_account_is_not_made_of_bad_fields_or_of_an_unknown_role() {
    let trial = Trial::start().await;
    let bad = NewAccount {
        email: Some("zoe".to_owned()),
        password: Some(Secret::new("short".to_owned())),
        ..new(".z", "employee")
    };
    let error = trial.operate(|operator| operator.add_user(bad).unwrap_err()).await;
    let codes: Vec<&str> = error.fields().iter().map(|field| field.code.name).collect();
    assert_eq!(
        codes,
        ["EMAIL_INVALID", "USERNAME_TOO_SHORT", "USERNAME_BAD_CHARACTERS", "PASSWORD_TOO_SHORT"]
    );
    let error = trial.operate(|operator| operator.add_user(new("zoe", "captain")).unwrap_err()).await;
    assert_eq!(error.fields()[0].code.name, "UNKNOWN_ROLE");
    assert!(trial.app.event_kinds().await.is_empty());
}

#[tokio::test]
async fn accounts_are_listed_by_page_and_searched_without_case_or_accents() {
    let trial = Trial::start().await;
    for username in ["anna", "bela", "cora"] {
        trial.account(username, "user").await;
    }
    trial.operate(|operator| operator.add_user(new("dora", "user")).unwrap()).await;
    let page = Page { limit: 3, ..Page::default() };
    let slice = trial.operate(move |operator| operator.list_users(None, &page).unwrap()).await;
    assert_eq!((slice.items.len(), slice.total, slice.has_next), (3, Some(4), true));
    let slice = trial.operate(|operator| operator.list_users(Some("ZOE"), &Page::default()).unwrap()).await;
    assert_eq!(slice.items.iter().map(|account| account.username.as_str()).collect::<Vec<_>>(), ["dora"]);
}

#[tokio::test]
async fn a_password_set_by_the_operator_ends_every_session() {
    let trial = Trial::start().await;
    trial.account("zoe", "user").await;
    let tokens = trial.sign_in("zoe").await;
    assert!(trial.knows(&tokens).await);
    let weak = Some(Secret::new("motdepasse".to_owned()));
    let error = trial.operate(move |operator| operator.set_password("zoe", weak).unwrap_err()).await;
    assert_eq!(error.fields().len(), 2);
    assert!(trial.knows(&tokens).await);
    let made = trial.operate(|operator| {
        operator.set_password("zoe", Some(Secret::new("tournevis-girafe-9".to_owned()))).unwrap()
    });
    assert!(made.await.is_none());
    assert!(!trial.knows(&tokens).await);
    assert!(trial.app.event_kinds().await.contains(&"user.password_set".to_owned()));
}

#[tokio::test]
async fn a_password_set_by_the_operator_opens_the_lock() {
    let trial = Trial::start().await;
    trial.account("zoe", "user").await;
    let sign_in = |password: &str| {
        let body = serde_json::json!({"username": "zoe", "password": password});
        trial.post("/api/v1/auth/login", body).send()
    };
    for _ in 0..5 {
        sign_in("wrong").await.expect(401);
    }
    sign_in(PASSWORD).await.refused(423, "ACCOUNT_LOCKED");
    trial
        .operate(|operator| {
            operator.set_password("zoe", Some(Secret::new("tournevis-girafe-9".to_owned()))).unwrap()
        })
        .await;
    sign_in("tournevis-girafe-9").await.expect(200);
}

#[tokio::test]
async fn another_role_by_the_operator_ends_every_session() {
    let trial = Trial::start().await;
    trial.account("zoe", "user").await;
    let tokens = trial.sign_in("zoe").await;
    trial.operate(|operator| operator.promote("zoe", "user").unwrap()).await;
    assert!(trial.knows(&tokens).await, "the same role is no change");
    trial.operate(|operator| operator.promote("zoe", "manager").unwrap()).await;
    assert!(!trial.knows(&tokens).await);
}

#[tokio::test]
async fn the_first_administrator_is_made_once_and_can_sign_in() {
    let trial = Trial::start().await;
    let first = trial.operate(|operator| operator.first_administrator().unwrap().unwrap()).await;
    assert_eq!((first.username.as_str(), first.email.as_str()), ("admin", "admin@localhost"));
    let body = serde_json::json!({"email": "admin@localhost", "password": first.password.unwrap().expose()});
    let reply = trial.post("/api/v1/auth/login", body).send().await.expect(200);
    assert_eq!(reply.data()["user"]["role"], "admin");
    assert_eq!(reply.data()["user"]["mustChangePassword"], true);
    assert!(trial.operate(|operator| operator.first_administrator().unwrap()).await.is_none());
}

#[tokio::test]
async fn the_first_administrator_has_the_address_and_password_that_were_set() {
    let settings = [("identity.admin_email", "boss@example.org"), ("identity.admin_password", PASSWORD)];
    let trial = Trial::with(&settings).await;
    let first = trial.operate(|operator| operator.first_administrator().unwrap().unwrap()).await;
    assert!(first.password.is_none());
    let body = serde_json::json!({"email": "boss@example.org", "password": PASSWORD});
    let reply = trial.post("/api/v1/auth/login", body).send().await.expect(200);
    assert_eq!(reply.data()["user"]["mustChangePassword"], false);
}

#[tokio::test]
async fn in_production_a_weak_password_of_the_first_administrator_is_refused_at_start() {
    let settings = [("environment", "production"), ("identity.admin_password", "admin123")];
    let trial = Trial::with(&settings).await;
    let error = trial.operate(|operator| operator.first_administrator().unwrap_err()).await;
    assert!(error.to_string().contains("identity.admin_password"), "{error}");
}

#[tokio::test]
async fn a_server_without_the_demonstration_has_none_of_its_accounts() {
    let trial = Trial::start().await;
    trial.account("zoe", "user").await;
    let db = trial.app.kit.db.clone();
    assert!(!blocking(move || has_demo_accounts(&db).unwrap()).await);
}
