//! Whose account it is: nobody's is taken over, and nobody's is made who may not have one.

use serde_json::{Value, json};
use socle_identity_trial::Tokens;
use socle_kit::kernel::{Id, Timestamp};
use std::time::Duration;

use super::super::model::Link;
use super::super::store;
use super::journey::{Away, accounts, arrive, complete, server, ticket, verify};
use super::lying::{Key, LyingProvider};
use crate::errors::OIDC_STATE_INVALID;

#[tokio::test]
async fn an_unverified_address_takes_no_account_over() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let zoe = trial.account("zoe", "admin").await;
    verify(&trial, "zoe").await;
    for (number, verified) in
        [json!(false), json!("false"), Value::Null, json!("yes")].into_iter().enumerate()
    {
        let (end, away) = provider
            .journey(&trial, &key, |claims| {
                claims["sub"] = json!(format!("mallory-{number}"));
                claims["email_verified"] = verified;
            })
            .await;
        let response = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await.expect(200);
        let user = response.data()["user"].clone();
        assert_ne!(user["id"], zoe.to_string());
        assert_eq!(
            (&user["email"], &user["role"], &user["emailVerified"]),
            (&Value::Null, &json!("user"), &json!(false))
        );
    }
}

#[tokio::test]
async fn an_account_whose_address_was_never_proved_is_not_handed_over_and_nothing_is_made_beside_it() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    // Somebody registered with an address that is not theirs, and waits for its owner.
    trial.account("zoe", "user").await;
    assert_eq!(provider.journey(&trial, &key, |_| {}).await.0, "error=OIDC_ADDRESS_IN_USE");
    assert_eq!(accounts(&trial).await, 1);
    let strict = server(&provider.issuer, &[("oidc.link_verified_email", "false")]).await;
    strict.account("zoe", "user").await;
    verify(&strict, "zoe").await;
    assert_eq!(provider.journey(&strict, &key, |_| {}).await.0, "error=OIDC_ADDRESS_IN_USE");
    assert!(strict.app.mails().await.is_empty());
}

#[tokio::test]
async fn names_of_elsewhere_keep_to_the_rules_for_names_that_are_typed() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let (end, away) = provider
        .journey(&trial, &key, |claims| {
            claims["name"] = json!(" Zo\u{65}\u{301}\u{202e} \u{feff}Durand\n");
            claims["given_name"] = json!("\u{200b}\u{3164}");
        })
        .await;
    let response = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await.expect(200);
    let user = response.data()["user"].clone();
    assert_eq!((&user["name"], &user["firstName"]), (&json!("Zo\u{e9} Durand"), &Value::Null));
}

#[tokio::test]
async fn once_linked_the_subject_decides_and_no_address_does() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let (end, away) = provider.journey(&trial, &key, |_| {}).await;
    let first = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await.expect(200);
    trial.account("max", "admin").await;
    verify(&trial, "max").await;
    let (end, away) =
        provider.journey(&trial, &key, |claims| claims["email"] = json!("max@example.org")).await;
    let again = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await.expect(200);
    assert_eq!(again.data()["user"]["id"], first.data()["user"]["id"]);
    // The address given up at the provider goes to somebody else there.
    let (end, _) = provider.journey(&trial, &key, |claims| claims["sub"] = json!("zoe-2")).await;
    let linked = ticket(&end);
    assert!(!linked.is_empty() && accounts(&trial).await == 2);
}

#[tokio::test]
async fn accounts_are_made_only_where_they_may_be_and_only_active_ones_are_signed_in_to() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    for setting in [("oidc.create_accounts", "false"), ("identity.registration", "closed")] {
        let trial = server(&provider.issuer, &[setting]).await;
        assert_eq!(provider.journey(&trial, &key, |_| {}).await.0, "error=OIDC_NO_ACCOUNT");
        assert_eq!(accounts(&trial).await, 0);
    }
    let trial = server(&provider.issuer, &[]).await;
    let (end, away) = provider.journey(&trial, &key, |_| {}).await;
    trial
        .tamper(|tx| {
            tx.exec("UPDATE identity_user SET is_active = FALSE", &[])?;
            Ok(())
        })
        .await;
    let refused = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await;
    refused.refused(403, "ACCOUNT_INACTIVE");
    assert_eq!(provider.journey(&trial, &key, |_| {}).await.0, "error=ACCOUNT_INACTIVE");
}

#[tokio::test]
async fn who_is_signed_in_links_an_account_of_elsewhere_and_unlinks_it() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    let zoe = trial.account("zoe", "user").await;
    let tokens = trial.sign_in("zoe").await;
    trial.app.advance(Duration::from_secs(5 * 60));
    let link = || trial.post("/api/v1/auth/oidc/link", json!({})).bearer(&tokens.access);
    link().send().await.refused(403, "PROOF_REQUIRED");
    let tokens = trial.sign_in("zoe").await;
    let link = || trial.post("/api/v1/auth/oidc/link", json!({})).bearer(&tokens.access);
    let response = link().send().await.expect(200);
    let away = Away::of(response.data()["url"].as_str().unwrap(), &response);
    let come = async |away: &Away, subject: &str| {
        let mut claims = provider.claims(&trial, away);
        claims["sub"] = json!(subject);
        claims["email"] = json!("private@example.org");
        provider.tell(&key.sign(&claims));
        let path = format!("/api/v1/auth/oidc/callback?code=c&state={}", away.sent("state"));
        arrive(&trial, &path, &away.cookie).await
    };
    assert_eq!(come(&away, "private-1").await, "linked=true");
    let list = trial.get("/api/v1/auth/oidc/link").bearer(&tokens.access).send().await.expect(200).data();
    assert_eq!(
        (&list[0]["issuer"], &list[0]["email"]),
        (&json!(provider.issuer), &json!("private@example.org"))
    );
    let (end, browser) = provider.journey(&trial, &key, |claims| claims["sub"] = json!("private-1")).await;
    let signed_in = complete(&trial, json!({"ticket": ticket(&end)}), &browser.cookie).await.expect(200);
    assert_eq!(Tokens::of(&signed_in).user, zoe);

    // Another person here cannot have it too.
    trial.account("max", "user").await;
    let max = trial.sign_in("max").await;
    let response =
        trial.post("/api/v1/auth/oidc/link", json!({})).bearer(&max.access).send().await.expect(200);
    let away = Away::of(response.data()["url"].as_str().unwrap(), &response);
    assert_eq!(come(&away, "private-1").await, "error=OIDC_LINKED_ELSEWHERE");

    let unlink = |token: &str| trial.request("DELETE", "/api/v1/auth/oidc/link").bearer(token);
    unlink(&tokens.access).send().await.expect(204);
    unlink(&tokens.access).send().await.refused(404, "NOT_FOUND");
    let templates: Vec<String> = trial.app.mails().await.into_iter().map(|mail| mail.template).collect();
    assert_eq!(templates, ["external-account-linked", "external-account-unlinked"]);
    assert!(trial.app.event_kinds().await.contains(&"user.external_account_unlinked".to_owned()));
}

#[tokio::test]
async fn a_link_begun_in_a_session_that_has_ended_comes_to_nothing_and_the_only_way_in_stays() {
    let key = Key::new("one");
    let provider = LyingProvider::start(&key).await;
    let trial = server(&provider.issuer, &[]).await;
    trial.account("zoe", "user").await;
    let tokens = trial.sign_in("zoe").await;
    let response =
        trial.post("/api/v1/auth/oidc/link", json!({})).bearer(&tokens.access).send().await.expect(200);
    let away = Away::of(response.data()["url"].as_str().unwrap(), &response);
    trial
        .post("/api/v1/auth/logout", json!({"refreshToken": tokens.refresh}))
        .bearer(&tokens.access)
        .send()
        .await
        .expect(204);
    provider.tell(&key.sign(&provider.claims(&trial, &away)));
    let path = format!("/api/v1/auth/oidc/callback?code=c&state={}", away.sent("state"));
    assert_eq!(arrive(&trial, &path, &away.cookie).await, "error=OIDC_STATE_INVALID");

    let (end, away) = provider
        .journey(&trial, &key, |claims| {
            claims["sub"] = json!("max-1");
            claims["email"] = json!("max@example.org");
        })
        .await;
    let signed_in = complete(&trial, json!({"ticket": ticket(&end)}), &away.cookie).await.expect(200);
    let max = Tokens::of(&signed_in);
    let unlink = trial.request("DELETE", "/api/v1/auth/oidc/link").bearer(&max.access).send().await;
    unlink.refused(409, "OIDC_ONLY_WAY_IN");
    assert!(trial.knows(&max).await);
}

#[tokio::test]
async fn of_two_who_are_linked_at_the_same_moment_the_second_begins_again() {
    let trial = server("", &[]).await;
    let zoe = trial.account("zoe", "user").await;
    let link = |number| Link {
        id: Id::from_u128(number),
        user_id: zoe,
        issuer: "https://id.example.org".to_owned(),
        subject: "zoe-1".to_owned(),
        email: None,
        created_at: Timestamp::EPOCH,
        last_used_at: Timestamp::EPOCH,
    };
    for (number, code) in [(1, None), (2, Some(OIDC_STATE_INVALID))] {
        let link = link(number);
        let done = trial.app.kit.db.write(move |tx| store::insert(tx, &link)).await;
        assert_eq!(done.err().map(|error| error.code()), code);
    }
}
