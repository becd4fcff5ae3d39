//! Confirming addresses, through HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use socle_kit::i18n::Language;
use socle_testkit::TestResponse;

use crate::trying::{aside, deliver, mails, token_of};
use socle_identity_trial::{PASSWORD, Tokens, Trial};

const REGISTER: &str = "/api/v1/auth/register";
const VERIFY: &str = "/api/v1/auth/email/verify";
const RESEND: &str = "/api/v1/auth/email/resend";
const EMAIL: &str = "/api/v1/auth/email";
const HOUR: Duration = Duration::from_secs(60 * 60);

fn registration(username: &str, email: &str) -> Value {
    json!({"email": email, "username": username, "password": PASSWORD})
}

async fn register(trial: &Trial, username: &str, email: &str) -> TestResponse {
    let reply = trial.post(REGISTER, registration(username, email)).send().await;
    deliver(trial).await;
    reply
}

async fn verify(trial: &Trial, token: &str) -> TestResponse {
    trial.post(VERIFY, json!({"token": token, "password": PASSWORD})).send().await
}

async fn resend(trial: &Trial, email: &str) -> TestResponse {
    let reply = trial.post(RESEND, json!({"email": email})).send().await;
    deliver(trial).await;
    reply
}

async fn sign_in(trial: &Trial, login: &str) -> TestResponse {
    trial.post("/api/v1/auth/login", json!({"login": login, "password": PASSWORD})).send().await
}

async fn last_token(trial: &Trial) -> String {
    token_of(trial.app.mails().await.last().unwrap())
}

async fn required() -> Trial {
    Trial::with(&[("identity.email_confirmation", "required")]).await
}

fn told(reply: &TestResponse) -> (u16, Value) {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("meta");
    (reply.status, body)
}

#[track_caller]
fn invalid(reply: TestResponse) {
    let refused = reply.refused(400, "VALIDATION_ERROR");
    assert_eq!(refused.fields(), [("token".to_owned(), "LINK_INVALID".to_owned())]);
}

#[tokio::test]
async fn r4_45_whoever_registers_gets_a_link_that_confirms_the_address() {
    let trial = Trial::start().await;
    let tokens = Tokens::of(&register(&trial, "zoe", "zoe@example.org").await.expect(201));
    let waiting = trial.app.mails().await;
    assert_eq!(mails(&trial).await, [("zoe@example.org".to_owned(), "email-confirmation".to_owned())]);
    assert!(waiting[0].link.as_deref().unwrap().contains("/confirm-email#token="));
    let me = || async { trial.get("/api/v1/auth/me").bearer(&tokens.access).send().await.expect(200).data() };
    assert_eq!(me().await["emailVerified"], false);
    let confirmed = verify(&trial, &token_of(&waiting[0])).await.expect(200).data();
    assert_eq!(confirmed, json!({"email": "zoe@example.org", "username": "zoe"}));
    assert_eq!(me().await["emailVerified"], true);
    assert_eq!(trial.app.event_kinds().await.last().unwrap(), "user.email_confirmed");
    invalid(verify(&trial, &token_of(&waiting[0])).await);
}

#[tokio::test]
async fn a_confirmation_works_for_a_day_under_both_names_of_the_route() {
    let trial = Trial::start().await;
    register(&trial, "zoe", "zoe@example.org").await.expect(201);
    let token = last_token(&trial).await;
    trial.app.advance(24 * HOUR);
    invalid(verify(&trial, &token).await);
    resend(&trial, "zoe@example.org").await.expect(200);
    let body = json!({"token": last_token(&trial).await});
    trial.post("/api/v1/auth/email/confirm", body).send().await.expect(200);
}

#[tokio::test]
async fn where_it_is_off_nobody_is_written_to() {
    let trial = Trial::with(&[("identity.email_confirmation", "off")]).await;
    register(&trial, "zoe", "zoe@example.org").await.expect(201);
    assert!(trial.app.mails().await.is_empty());
}

#[tokio::test]
async fn c14_where_it_is_required_there_is_an_account_when_the_address_is_confirmed() {
    let trial = required().await;
    let reply = register(&trial, "zoe", "zoe@example.org").await.expect(202);
    assert!(reply.data()["message"].is_string() && reply.data().get("token").is_none());
    assert!(trial.app.event_kinds().await.is_empty());
    sign_in(&trial, "zoe").await.refused(401, "INVALID_CREDENTIALS");
    let token = last_token(&trial).await;
    verify(&trial, &token).await.expect(200);
    assert_eq!(trial.app.event_kinds().await, ["user.registered", "user.email_confirmed"]);
    let user = sign_in(&trial, "zoe").await.expect(200).data()["user"].clone();
    assert_eq!((&user["emailVerified"], &user["role"]), (&json!(true), &json!("user")));
    invalid(verify(&trial, &token).await);
}

#[tokio::test]
async fn where_it_is_required_a_taken_address_has_the_same_answer_and_its_owner_is_told() {
    let trial = required().await;
    trial.account("zoe", "employee").await;
    let before = trial.app.event_kinds().await;
    let taken = register(&trial, "other", "Zoe@example.org").await;
    let free = register(&trial, "another", "new@example.org").await;
    assert_eq!(told(&taken), told(&free));
    assert_eq!(taken.status, 202);
    let sent = mails(&trial).await;
    assert_eq!(sent[0], ("zoe@example.org".to_owned(), "already-registered".to_owned()));
    assert_eq!(sent[1], ("new@example.org".to_owned(), "email-confirmation".to_owned()));
    assert!(trial.app.mails().await[0].link.as_deref().unwrap().ends_with("/forgot-password"));
    assert_eq!(trial.app.event_kinds().await, before);
    let taken = register(&trial, "zoe", "free@example.org").await;
    taken.refused(409, "USERNAME_TAKEN");
}

#[tokio::test]
async fn of_two_registrations_of_one_address_each_link_makes_its_own_account_and_one_is_made() {
    let trial = required().await;
    for name in ["mallory", "zoe"] {
        trial.post(REGISTER, registration(name, "zoe@example.org")).send().await.expect(202);
    }
    deliver(&trial).await;
    let mut waiting = trial.app.mails().await;
    assert_eq!(waiting.len(), 2);
    waiting.sort_by_key(|mail| mail.name.clone());
    let confirmed = verify(&trial, &token_of(&waiting[1])).await.expect(200).data();
    assert_eq!(confirmed["username"], "zoe");
    invalid(verify(&trial, &token_of(&waiting[0])).await);
    sign_in(&trial, "mallory").await.expect(401);
}

#[tokio::test]
async fn who_registers_the_address_of_another_gets_no_account_by_their_confirming_it() {
    let trial = required().await;
    register(&trial, "zoe", "zoe@example.org").await.expect(202);
    let mut other = registration("mallory", "zoe@example.org");
    other["password"] = json!("pelican turbine almanac");
    trial.post(REGISTER, other).send().await.expect(202);
    deliver(&trial).await;
    let before = trial.app.event_kinds().await;
    resend(&trial, "zoe@example.org").await.expect(200);
    let mut again = trial.app.mails().await.split_off(2);
    again.sort_by_key(|mail| mail.name.clone());
    assert_eq!(again.iter().map(|mail| mail.name.as_str()).collect::<Vec<_>>(), ["mallory", "zoe"]);
    let refused = verify(&trial, &token_of(&again[0])).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(refused.fields(), [("password".to_owned(), "PASSWORD_WRONG".to_owned())]);
    for body in [json!({"token": token_of(&again[1])}), json!({"token": token_of(&again[1]), "password": ""})]
    {
        let refused = trial.post(VERIFY, body).send().await.refused(400, "VALIDATION_ERROR");
        assert_eq!(refused.fields(), [("password".to_owned(), "REQUIRED".to_owned())]);
    }
    assert_eq!(trial.app.event_kinds().await, before);
    assert_eq!(verify(&trial, &token_of(&again[1])).await.expect(200).data()["username"], "zoe");
    sign_in(&trial, "zoe").await.expect(200);
    sign_in(&trial, "mallory").await.expect(401);
}

#[tokio::test]
async fn a_user_name_that_was_taken_meanwhile_is_chosen_again_with_the_same_link() {
    let trial = required().await;
    register(&trial, "zoe", "zoe@example.org").await.expect(202);
    register(&trial, "zoe", "other@example.org").await.expect(202);
    let waiting = trial.app.mails().await;
    verify(&trial, &token_of(&waiting[0])).await.expect(200);
    let token = token_of(&waiting[1]);
    verify(&trial, &token).await.refused(409, "USERNAME_TAKEN");
    let odd = trial
        .post(VERIFY, json!({"token": token, "password": PASSWORD, "username": ".z"}))
        .send()
        .await
        .expect(400);
    assert!(odd.fields().iter().all(|(field, _)| field == "username"), "{}", odd.text());
    let body = json!({"token": token, "password": PASSWORD, "username": "zoe2"});
    trial.post(VERIFY, body).send().await.expect(200);
    sign_in(&trial, "zoe2").await.expect(200);
}

#[tokio::test]
async fn asking_again_is_answered_alike_and_mails_those_who_wait() {
    let trial = required().await;
    register(&trial, "zoe", "zoe@example.org").await.expect(202);
    let first = last_token(&trial).await;
    let waiting = resend(&trial, "zoe@example.org").await.expect(200);
    let unknown = resend(&trial, "nobody@example.org").await.expect(200);
    assert_eq!(told(&waiting), told(&unknown));
    assert_eq!(trial.app.mails().await.len(), 2);
    let second = last_token(&trial).await;
    invalid(verify(&trial, &first).await);
    verify(&trial, &second).await.expect(200);
    let confirmed = resend(&trial, "zoe@example.org").await.expect(200);
    assert_eq!(told(&confirmed), told(&unknown));
    assert_eq!(trial.app.mails().await.len(), 2, "who is confirmed gets nothing");
}

#[tokio::test]
async fn one_address_is_written_to_three_times_an_hour() {
    let trial = required().await;
    register(&trial, "zoe", "zoe@example.org").await.expect(202);
    for _ in 0..4 {
        resend(&trial, "zoe@example.org").await.expect(200);
    }
    register(&trial, "zoe3", "zoe@example.org").await.expect(202);
    assert_eq!(trial.app.mails().await.len(), 3);
}

#[tokio::test]
async fn another_address_is_ones_own_once_it_is_confirmed_and_the_old_one_is_told() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let body = json!({"email": "New@example.net"});
    trial.put(EMAIL, body).bearer(&tokens.access).send().await.expect(202);
    deliver(&trial).await;
    assert_eq!(mails(&trial).await, [("New@example.net".to_owned(), "email-confirmation".to_owned())]);
    sign_in(&trial, "zoe@example.org").await.expect(200);
    let token = last_token(&trial).await;
    verify(&trial, &token).await.expect(200);
    sign_in(&trial, "zoe@example.org").await.expect(401);
    let user = sign_in(&trial, "new@example.net").await.expect(200).data()["user"].clone();
    assert_eq!((&user["email"], &user["emailVerified"]), (&json!("New@example.net"), &json!(true)));
    let told = trial.app.mails().await.pop().unwrap();
    assert_eq!((told.to.as_str(), told.template.as_str()), ("zoe@example.org", "email-changed"));
    assert_eq!(told.language, Language::Fr, "the server's own, where the account has chosen none");
    assert!(format!("{:?}", told.arguments).contains("N***@example.net"), "{:?}", told.arguments);
    assert!(trial.app.event_kinds().await.contains(&"user.email_changed".to_owned()));
    invalid(verify(&trial, &token).await);
    let same = trial.put(EMAIL, json!({"email": "New@example.net"})).bearer(&tokens.access).send().await;
    assert_eq!(same.expect(400).fields(), [("email".to_owned(), "EMAIL_UNCHANGED".to_owned())]);
}

#[tokio::test]
async fn the_address_of_another_has_the_same_answer_and_its_owner_is_told() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    trial.account("max", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let change = |email: &str| trial.put(EMAIL, json!({"email": email})).bearer(&tokens.access).send();
    let (taken, free) = (change("max@example.org").await, change("free@example.org").await);
    assert_eq!(told(&taken), told(&free));
    deliver(&trial).await;
    let sent = mails(&trial).await;
    assert_eq!(sent[0], ("max@example.org".to_owned(), "already-registered".to_owned()));
    assert_eq!(sent[1].0, "free@example.org");
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_not_given() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    trial.put(EMAIL, json!({"email": "max@example.org"})).bearer(&tokens.access).send().await.expect(202);
    deliver(&trial).await;
    trial.account("max", "employee").await;
    verify(&trial, &last_token(&trial).await).await.refused(409, "EMAIL_TAKEN");
}

#[tokio::test]
async fn another_address_asks_for_a_fresh_proof() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    trial.app.advance(Duration::from_secs(5 * 60));
    let before = trial.app.event_kinds().await;
    let body = json!({"email": "new@example.net"});
    trial.put(EMAIL, body.clone()).bearer(&tokens.access).send().await.refused(403, "PROOF_REQUIRED");
    trial.put(EMAIL, body).send().await.refused(401, "UNAUTHORIZED");
    deliver(&trial).await;
    assert!(trial.app.mails().await.is_empty());
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn r2_59_robots_confirm_nothing() {
    let trial = Trial::start().await;
    for trap in ["website", "hp_check", "url2"] {
        let body = json!({"token": "t", trap: "x"});
        trial.post(VERIFY, body).send().await.refused(400, "BAD_REQUEST");
        let body = json!({"email": "zoe@example.org", trap: "x"});
        trial.post(RESEND, body).send().await.refused(400, "BAD_REQUEST");
    }
    deliver(&trial).await;
    assert!(trial.app.mails().await.is_empty());
}

#[tokio::test]
async fn what_is_over_is_removed_and_what_was_left_behind_is_done() {
    let trial = required().await;
    let aside = aside(&trial).await;
    trial.post(REGISTER, registration("zoe", "zoe@example.org")).send().await.expect(202);
    aside.tidy().await.unwrap();
    assert_eq!(trial.app.mails().await.len(), 1);
    let rows = || async {
        let count = |conn: &mut socle_kit::db::Conn| {
            Ok((
                conn.scalar::<i64>("SELECT COUNT(*) FROM identity_mail_request", &[])?,
                conn.scalar::<i64>("SELECT COUNT(*) FROM identity_pending_registration", &[])?,
            ))
        };
        trial.app.kit.db.read(count).await.unwrap()
    };
    assert_eq!(rows().await, (1, 1));
    trial.app.advance(2 * HOUR);
    aside.tidy().await.unwrap();
    assert_eq!(rows().await, (0, 1));
    trial.app.advance(23 * HOUR);
    aside.tidy().await.unwrap();
    assert_eq!(rows().await, (0, 0));
}

#[tokio::test]
async fn a_request_is_done_once_however_many_do_it() {
    let trial = required().await;
    trial.post(REGISTER, registration("zoe", "zoe@example.org")).send().await.expect(202);
    tokio::join!(deliver(&trial), deliver(&trial), deliver(&trial));
    assert_eq!(trial.app.mails().await.len(), 1);
}

#[tokio::test]
async fn links_lead_to_the_pages_that_the_operator_names() {
    let trial = Trial::with(&[("identity.pages_url", "https://app.example.org/account/")]).await;
    register(&trial, "zoe", "zoe@example.org").await.expect(201);
    let link = trial.app.mails().await[0].link.clone().unwrap();
    assert!(link.starts_with("https://app.example.org/account/confirm-email#token="), "{link}");
}
