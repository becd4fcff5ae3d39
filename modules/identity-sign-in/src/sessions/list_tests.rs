//! The sessions one has, and ending them, through HTTP.

use serde_json::{Value, json};

use socle_identity_trial::{PASSWORD, Tokens, Trial};
use socle_kit::kernel::UserId;

const SESSIONS: &str = "/api/v1/auth/sessions";

async fn sign_in_with(trial: &Trial, agent: &str, address: &str) -> Tokens {
    let body = json!({"username": "zoe", "password": PASSWORD});
    let request = trial.post("/api/v1/auth/login", body).header("user-agent", agent).from(address);
    Tokens::of(&request.send().await.expect(200))
}

async fn sessions(trial: &Trial, tokens: &Tokens) -> Vec<Value> {
    let reply = trial.get(SESSIONS).bearer(&tokens.access).send().await.expect(200);
    reply.data().as_array().unwrap().clone()
}

async fn told(trial: &Trial, kind: &str) -> usize {
    trial.app.event_kinds().await.iter().filter(|told| *told == kind).count()
}

#[tokio::test]
async fn r4_41_one_sees_where_one_is_signed_in() {
    let trial = Trial::start().await;
    for name in ["zoe", "ann"] {
        trial.account(name, "employee").await;
    }
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    sign_in_with(&trial, agent, "198.51.100.7").await;
    trial.sign_in("ann").await;
    trial.app.advance(std::time::Duration::from_secs(60));
    let here = sign_in_with(&trial, "curl/8.5.0", "192.0.2.1").await;
    let list = sessions(&trial, &here).await;
    let shown: Vec<_> = list.iter().map(|one| (&one["device"], &one["address"], &one["isCurrent"])).collect();
    assert_eq!(
        shown,
        [
            (&json!("curl"), &json!("192.0.2.1"), &json!(true)),
            (&json!("Firefox, Linux"), &json!("198.51.100.7"), &json!(false)),
        ]
    );
    assert_eq!(
        (&list[0]["byCookie"], &list[0]["createdAt"]),
        (&json!(false), &json!("2026-01-15T10:01:00Z"))
    );
}

#[tokio::test]
async fn r4_41_one_ends_one_session_or_all_others() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let (lost, other, third) =
        (trial.sign_in("zoe").await, trial.sign_in("zoe").await, trial.sign_in("zoe").await);
    let here = trial.sign_in("zoe").await;
    let own = sessions(&trial, &lost).await;
    let id = own.iter().find(|one| one["isCurrent"] == true).unwrap()["id"].as_str().unwrap();
    let end = || trial.request("DELETE", &format!("{SESSIONS}/{id}")).bearer(&here.access).send();
    end().await.expect(204);
    end().await.refused(404, "NOT_FOUND");
    assert!(!trial.knows(&lost).await && trial.knows(&other).await);
    assert_eq!(told(&trial, "user.session_ended").await, 1);
    let end_others = || trial.request("DELETE", SESSIONS).bearer(&here.access).send();
    end_others().await.expect(204);
    assert!(!trial.knows(&other).await && !trial.knows(&third).await && trial.knows(&here).await);
    let body = json!({"refreshToken": other.refresh});
    trial.post("/api/v1/auth/refresh", body).send().await.refused(401, "INVALID_TOKEN");
    assert_eq!(sessions(&trial, &here).await.len(), 1);
    end_others().await.expect(204);
    assert_eq!(told(&trial, "user.sessions_ended").await, 1, "nothing ended the second time");
}

#[tokio::test]
async fn nobody_ends_the_session_of_another() {
    let trial = Trial::start().await;
    for name in ["zoe", "ann"] {
        trial.account(name, "employee").await;
    }
    let (zoe, ann) = (trial.sign_in("zoe").await, trial.sign_in("ann").await);
    let id = sessions(&trial, &zoe).await[0]["id"].as_str().unwrap().to_owned();
    let before = trial.app.event_kinds().await;
    let request = trial.request("DELETE", &format!("{SESSIONS}/{id}")).bearer(&ann.access);
    request.send().await.refused(404, "NOT_FOUND");
    assert!(trial.knows(&zoe).await);
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn r4_41_an_administrator_sees_and_ends_the_sessions_of_an_account() {
    let trial = Trial::start().await;
    let zoe = trial.account("zoe", "employee").await;
    trial.account("ada", "admin").await;
    let (tokens, ada) = (trial.sign_in("zoe").await, trial.sign_in("ada").await);
    let path = format!("/api/v1/users/{zoe}/sessions");
    trial.get(&path).bearer(&tokens.access).send().await.refused(403, "FORBIDDEN");
    trial.request("DELETE", &path).bearer(&tokens.access).send().await.refused(403, "FORBIDDEN");
    let list = trial.get(&path).bearer(&ada.access).send().await.expect(200);
    assert_eq!(list.data().as_array().unwrap().len(), 1);
    assert_eq!(list.data()[0]["isCurrent"], false);
    trial.request("DELETE", &path).bearer(&ada.access).send().await.expect(204);
    assert!(!trial.knows(&tokens).await && trial.knows(&ada).await);
    let nobody = "/api/v1/users/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/sessions";
    for method in ["GET", "DELETE"] {
        trial.request(method, nobody).bearer(&ada.access).send().await.refused(404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn who_manages_accounts_sees_and_ends_no_sessions_of_who_may_do_more() {
    let trial = Trial::start().await;
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
    let (boss, worker) = (trial.account("boss", "admin").await, trial.account("worker", "employee").await);
    let zoe = trial.account("zoe", "user").await;
    let (tokens, boss_in) = (trial.sign_in("clerk").await, trial.sign_in("boss").await);
    let ask = |method: &str, user: UserId| {
        trial.request(method, &format!("/api/v1/users/{user}/sessions")).bearer(&tokens.access).send()
    };
    for user in [boss, worker] {
        ask("GET", user).await.refused(403, "BEYOND_OWN_RIGHTS");
        ask("DELETE", user).await.refused(403, "BEYOND_OWN_RIGHTS");
    }
    ask("GET", zoe).await.expect(200);
    ask("DELETE", zoe).await.expect(204);
    assert!(trial.knows(&boss_in).await);
}

#[tokio::test]
async fn a_program_ends_nobodys_sessions() {
    let trial = Trial::start().await;
    trial.account("boss", "admin").await;
    let boss = trial.sign_in("boss").await;
    let body = json!({"name": "All", "scopes": ["manage_users"]});
    let made = trial.post("/api/v1/api-keys", body).bearer(&boss.access).send().await.expect(201);
    let path = format!("/api/v1/users/{}/sessions", boss.user);
    let request = trial.request("DELETE", &path).header("x-api-key", made.data()["key"].as_str().unwrap());
    request.send().await.refused(403, "IN_PERSON_ONLY");
}

#[tokio::test]
async fn one_signs_out_with_a_body_that_says_nothing() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let path = "/api/v1/auth/logout";
    let tokens = trial.sign_in("zoe").await;
    trial.post(path, json!({})).bearer(&tokens.access).send().await.expect(204);
    assert!(!trial.knows(&tokens).await);
    let tokens = trial.sign_in("zoe").await;
    let request = trial.request("POST", path).bearer(&tokens.access);
    request.header("content-type", "application/json").send().await.expect(204);
    assert!(!trial.knows(&tokens).await);
}
