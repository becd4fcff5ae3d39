//! Inviting, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_testkit::TestResponse;

use crate::trying::{mails, token_of};
use socle_identity_trial::{PASSWORD, Tokens, Trial};

const INVITATIONS: &str = "/api/v1/invitations";
const REGISTER: &str = "/api/v1/auth/register";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An administrator, signed in.
async fn boss(trial: &Trial) -> Tokens {
    trial.account("boss", "admin").await;
    trial.sign_in("boss").await
}

/// A manager who may invite.
async fn inviter(trial: &Trial) -> Tokens {
    trial
        .tamper(|tx| {
            let sql =
                "INSERT INTO identity_role_permission (role, permission) VALUES ('manager', 'invite_users')";
            tx.exec(sql, &[]).map(drop)
        })
        .await;
    trial.account("marie", "manager").await;
    trial.sign_in("marie").await
}

async fn invite(trial: &Trial, by: &Tokens, body: Value) -> TestResponse {
    trial.post(INVITATIONS, body).bearer(&by.access).send().await
}

async fn register(trial: &Trial, token: &str, email: &str) -> TestResponse {
    let body = json!({"email": email, "username": "zoe", "password": PASSWORD, "invitation": token});
    trial.post(REGISTER, body).send().await
}

async fn mailed_token(trial: &Trial) -> String {
    token_of(trial.app.mails().await.last().unwrap())
}

fn zoe() -> Value {
    json!({"email": "zoe+1@example.org", "role": "employee"})
}

#[tokio::test]
async fn the_invited_register_in_the_role_they_were_given_with_their_address_confirmed() {
    let trial = Trial::with(&[("identity.registration", "invitation")]).await;
    let boss = boss(&trial).await;
    let made = invite(&trial, &boss, zoe()).await.expect(201);
    let id = made.data()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), Some(format!("/api/v1/invitations/{id}").as_str()));
    assert_eq!((&made.data()["status"], &made.data()["role"]), (&json!("open"), &json!("employee")));
    let mail = trial.app.mails().await.pop().unwrap();
    assert_eq!((mail.to.as_str(), mail.template.as_str()), ("zoe+1@example.org", "invitation"));
    let link = mail.link.clone().unwrap();
    assert!(link.contains("/register#token=") && link.ends_with("&email=zoe%2B1%40example.org"), "{link}");
    let token = token_of(&mail);
    assert!(!made.text().contains(&token), "the token is in the mail alone");
    let user = register(&trial, &token, "Zoe+1@example.org").await.expect(201).data()["user"].clone();
    assert_eq!((&user["role"], &user["emailVerified"]), (&json!("employee"), &json!(true)));
    assert_eq!(trial.app.mails().await.len(), 1, "nothing is left to confirm");
    let shown =
        trial.get(&format!("{INVITATIONS}/{id}")).bearer(&boss.access).send().await.expect(200).data();
    assert_eq!((&shown["status"], &shown["acceptedBy"]), (&json!("accepted"), &user["id"]));
    let kinds = trial.app.event_kinds().await;
    assert!(["invitation.created", "invitation.used"].iter().all(|kind| kinds.contains(&(*kind).to_owned())));
}

#[tokio::test]
async fn r4_94_only_the_invited_register_where_it_is_by_invitation_and_nobody_where_it_is_closed() {
    let trial = Trial::with(&[("identity.registration", "invitation")]).await;
    let boss = boss(&trial).await;
    let body = json!({"email": "zoe@example.org", "username": "zoe", "password": PASSWORD});
    trial.post(REGISTER, body).send().await.refused(403, "INVITATION_REQUIRED");
    register(&trial, "", "zoe@example.org").await.refused(403, "INVITATION_REQUIRED");
    let odd = register(&trial, "nonsense", "zoe@example.org").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(odd.fields(), [("invitation".to_owned(), "LINK_INVALID".to_owned())]);
    invite(&trial, &boss, zoe()).await.expect(201);
    let token = mailed_token(&trial).await;
    let other = register(&trial, &token, "other@example.org").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(other.fields(), [("email".to_owned(), "INVITATION_FOR_ANOTHER".to_owned())]);
    register(&trial, &token, "zoe+1@example.org").await.expect(201);
    let closed = Trial::with(&[("identity.registration", "closed")]).await;
    register(&closed, "nonsense", "zoe@example.org").await.refused(403, "REGISTRATION_CLOSED");
}

#[tokio::test]
async fn where_it_is_open_an_invitation_still_gives_its_role_even_if_addresses_are_to_be_confirmed() {
    let trial = Trial::with(&[("identity.email_confirmation", "required")]).await;
    let boss = boss(&trial).await;
    invite(&trial, &boss, zoe()).await.expect(201);
    let reply = register(&trial, &mailed_token(&trial).await, "zoe+1@example.org").await.expect(201);
    assert_eq!(reply.data()["user"]["role"], "employee");
}

#[tokio::test]
async fn an_invitation_works_once_for_seven_days() {
    // The administrator comes back a week later, without a second factor.
    let trial = Trial::with(&[("identity.factor_required_roles", "none")]).await;
    let boss = boss(&trial).await;
    invite(&trial, &boss, zoe()).await.expect(201);
    let token = mailed_token(&trial).await;
    let body = |name: &str| json!({"email": "zoe+1@example.org", "username": name, "password": PASSWORD, "invitation": token});
    trial.app.advance(7 * DAY);
    trial.post(REGISTER, body("zoe")).send().await.refused(400, "VALIDATION_ERROR");
    let boss = trial.sign_in("boss").await;
    invite(&trial, &boss, zoe()).await.expect(201);
    let token = mailed_token(&trial).await;
    let (one, other) = tokio::join!(
        register(&trial, &token, "zoe+1@example.org"),
        register(&trial, &token, "zoe+1@example.org")
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(matches!(statuses[1], 400 | 409), "{statuses:?}");
}

#[tokio::test]
async fn what_is_taken_back_or_sent_again_is_worth_nothing_as_it_was() {
    let trial = Trial::start().await;
    let boss = boss(&trial).await;
    let id = invite(&trial, &boss, zoe()).await.expect(201).data()["id"].as_str().unwrap().to_owned();
    let first = mailed_token(&trial).await;
    let path = format!("{INVITATIONS}/{id}");
    trial.post(&format!("{path}/resend"), json!({})).bearer(&boss.access).send().await.expect(200);
    let second = mailed_token(&trial).await;
    register(&trial, &first, "zoe+1@example.org").await.refused(400, "VALIDATION_ERROR");
    let delete = || trial.request("DELETE", &path).bearer(&boss.access);
    delete().header("if-match", "\"1-0\"").send().await.refused(412, "PRECONDITION_FAILED");
    delete().send().await.expect(204);
    register(&trial, &second, "zoe+1@example.org").await.refused(400, "VALIDATION_ERROR");
    delete().send().await.refused(409, "INVITATION_OVER");
    let again = trial.post(&format!("{path}/resend"), json!({})).bearer(&boss.access);
    again.send().await.refused(409, "INVITATION_OVER");
    let kinds = trial.app.event_kinds().await;
    let own: Vec<_> = kinds.iter().filter(|kind| kind.starts_with("invitation.")).collect();
    assert_eq!(own, ["invitation.created", "invitation.resent", "invitation.revoked"]);
}

#[tokio::test]
async fn nobody_gives_a_role_that_may_do_more_than_they() {
    let trial = Trial::start().await;
    let marie = inviter(&trial).await;
    let before = trial.app.event_kinds().await;
    let beyond = invite(&trial, &marie, json!({"email": "a@example.org", "role": "admin"})).await;
    assert_eq!(beyond.expect(400).fields(), [("role".to_owned(), "ROLE_BEYOND_INVITER".to_owned())]);
    let unknown = invite(&trial, &marie, json!({"email": "a@example.org", "role": "emperor"})).await;
    assert_eq!(unknown.expect(400).fields(), [("role".to_owned(), "UNKNOWN_ROLE".to_owned())]);
    assert_eq!(trial.app.event_kinds().await, before);
    assert!(mails(&trial).await.is_empty());
    invite(&trial, &marie, json!({"email": "a@example.org", "role": "Employee"})).await.expect(201);
    let own = invite(&trial, &marie, json!({"email": "b@example.org", "role": "manager"})).await.expect(201);
    assert_eq!(own.data()["role"], "manager");
    let least = invite(&trial, &marie, json!({"email": "c@example.org"})).await.expect(201);
    assert_eq!(least.data()["role"], "user");
}

#[tokio::test]
async fn inviting_asks_for_a_fresh_proof() {
    let trial = Trial::start().await;
    let boss = boss(&trial).await;
    let id = invite(&trial, &boss, zoe()).await.expect(201).data()["id"].as_str().unwrap().to_owned();
    trial.app.advance(Duration::from_secs(5 * 60));
    let before = trial.app.event_kinds().await;
    invite(&trial, &boss, json!({"email": "ann@example.org"})).await.refused(403, "PROOF_REQUIRED");
    let path = format!("{INVITATIONS}/{id}/resend");
    let again = trial.post(&path, json!({})).bearer(&boss.access).send().await;
    again.refused(403, "PROOF_REQUIRED");
    assert_eq!((trial.app.event_kinds().await, trial.app.mails().await.len()), (before, 1));
}

#[tokio::test]
async fn an_invitation_is_worth_what_its_inviter_may_give_when_it_is_used() {
    for change in [
        "UPDATE identity_user SET is_active = FALSE WHERE id = ?1",
        "UPDATE identity_user SET role = 'employee' WHERE id = ?1",
        "UPDATE identity_user SET deleted_at = 1 WHERE id = ?1",
    ] {
        let trial = Trial::start().await;
        let marie = inviter(&trial).await;
        let body = json!({"email": "zoe@example.org", "role": "manager"});
        invite(&trial, &marie, body).await.expect(201);
        let (token, user) = (mailed_token(&trial).await, marie.user);
        trial.tamper(move |tx| tx.exec_one(change, &[&user])).await;
        let before = trial.app.event_kinds().await;
        let refused = register(&trial, &token, "zoe@example.org").await.refused(400, "VALIDATION_ERROR");
        assert_eq!(refused.fields(), [("invitation".to_owned(), "LINK_INVALID".to_owned())], "{change}");
        assert_eq!(trial.app.event_kinds().await, before);
        let back =
            "UPDATE identity_user SET is_active = TRUE, role = 'manager', deleted_at = NULL WHERE id = ?1";
        trial.tamper(move |tx| tx.exec_one(back, &[&user])).await;
        register(&trial, &token, "zoe@example.org").await.expect(201);
    }
}

#[tokio::test]
async fn an_address_is_invited_once_and_not_when_it_has_an_account() {
    let trial = Trial::start().await;
    let boss = boss(&trial).await;
    invite(&trial, &boss, zoe()).await.expect(201);
    let twice = json!({"email": "ZOE+1@example.org"});
    invite(&trial, &boss, twice).await.refused(409, "INVITATION_OPEN");
    invite(&trial, &boss, json!({"email": "boss@example.org"})).await.refused(409, "EMAIL_TAKEN");
    let odd =
        invite(&trial, &boss, json!({"email": "zoe", "token": "x"})).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(odd.fields(), [("token".to_owned(), "UNKNOWN_FIELD".to_owned())]);
    let odd = invite(&trial, &boss, json!({"email": "zoe"})).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(odd.fields(), [("email".to_owned(), "EMAIL_INVALID".to_owned())]);
}

#[tokio::test]
async fn inviters_see_their_own_and_administrators_see_all() {
    let trial = Trial::start().await;
    let (marie, boss) = (inviter(&trial).await, boss(&trial).await);
    let others = invite(&trial, &boss, zoe()).await.expect(201).data()["id"].as_str().unwrap().to_owned();
    invite(&trial, &marie, json!({"email": "max@example.org"})).await.expect(201);
    let list =
        |by: &Tokens, query: &str| trial.get(&format!("{INVITATIONS}?{query}")).bearer(&by.access).send();
    let emails = |reply: TestResponse| {
        let data = reply.expect(200).data();
        data.as_array()
            .unwrap()
            .iter()
            .map(|row| row["email"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(emails(list(&marie, "").await), ["max@example.org"]);
    assert_eq!(emails(list(&boss, "sort=createdAt").await).len(), 2);
    assert_eq!(emails(list(&boss, "search=ZOE").await), ["zoe+1@example.org"]);
    assert_eq!(emails(list(&boss, "status=open&limit=1&page=2").await).len(), 1);
    for none in ["status=accepted", "status=revoked", "status=expired"] {
        assert!(emails(list(&boss, none).await).is_empty(), "{none}");
    }
    let path = format!("{INVITATIONS}/{others}");
    trial.get(&path).bearer(&marie.access).send().await.expect(404);
    trial.request("DELETE", &path).bearer(&marie.access).send().await.expect(404);
    trial.post(&format!("{path}/resend"), json!({})).bearer(&marie.access).send().await.expect(404);
    trial.account("max", "employee").await;
    let max = trial.sign_in("max").await;
    list(&max, "").await.refused(403, "FORBIDDEN");
    trial.get(INVITATIONS).send().await.refused(401, "UNAUTHORIZED");
}
