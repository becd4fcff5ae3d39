//! With a real provider: the whole way, as a person with a browser goes it.

use serde_json::json;

use super::app::{RealProvider, fill_in};
use super::journey::{accounts, arrive, depart, server, sign_in, verify};

#[tokio::test]
async fn somebody_of_elsewhere_signs_in_and_is_the_same_the_next_time() {
    let provider = RealProvider::start();
    let trial = server(&provider.issuer, &[]).await;
    let (tokens, user) = sign_in(&trial, |address| fill_in(address, "zoe")).await;
    assert_eq!((&user["username"], &user["email"]), (&json!("zoe"), &json!("zoe@example.org")));
    assert_eq!((&user["name"], &user["role"]), (&json!("zoe of elsewhere"), &json!("user")));
    assert_eq!(user["emailVerified"], true);
    assert!(trial.knows(&tokens).await);
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds, ["user.registered", "user.external_account_linked", "user.signed_in"]);
    let (again, _) = sign_in(&trial, |address| fill_in(address, "zoe")).await;
    assert_eq!(again.user, tokens.user);
    let (other, user) = sign_in(&trial, |address| fill_in(address, "zoe.unverified")).await;
    assert_ne!(other.user, tokens.user);
    assert_eq!((&user["username"], &user["email"]), (&json!("zoe2"), &json!(null)));
    assert_eq!(accounts(&trial).await, 2);
}

#[tokio::test]
async fn a_provider_that_tells_all_in_its_token_and_clients_of_other_kinds_are_understood() {
    let provider = RealProvider::telling_all();
    for settings in [
        &[("oidc.client_id", "posting"), ("oidc.client_authentication", "post")][..],
        &[("oidc.client_id", "public"), ("oidc.client_secret", "")],
        &[],
    ] {
        let trial = server(&provider.issuer, settings).await;
        let (_, user) = sign_in(&trial, |address| fill_in(address, "max")).await;
        assert_eq!(user["email"], "max@example.org");
    }
}

#[tokio::test]
async fn the_code_of_a_real_provider_serves_once_and_in_one_browser() {
    let provider = RealProvider::start();
    let trial = server(&provider.issuer, &[]).await;
    let (mine, theirs) = (depart(&trial, "").await, depart(&trial, "").await);
    let returned = fill_in(mine.address.clone(), "zoe").await;
    assert_eq!(arrive(&trial, &returned, &theirs.cookie).await, "error=OIDC_STATE_INVALID");
    assert!(arrive(&trial, &returned, &mine.cookie).await.starts_with("ticket="));
    assert_eq!(arrive(&trial, &returned, &mine.cookie).await, "error=OIDC_STATE_INVALID");
    // The code in another journey of the same thief's: the provider wants the verifier it was made for.
    let code = reqwest::Url::parse(&returned).unwrap();
    let code = code.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let forged = format!(
        "/api/v1/auth/oidc/callback?code={code}&state={}&iss={}",
        theirs.sent("state"),
        provider.issuer
    );
    assert_eq!(arrive(&trial, &forged, &theirs.cookie).await, "error=OIDC_REFUSED");
}

#[tokio::test]
async fn who_says_no_at_the_provider_is_not_signed_in() {
    let provider = RealProvider::start();
    let trial = server(&provider.issuer, &[]).await;
    let away = depart(&trial, "").await;
    let path = format!(
        "/api/v1/auth/oidc/callback?error=access_denied&state={}&iss={}",
        away.sent("state"),
        provider.issuer
    );
    assert_eq!(arrive(&trial, &path, &away.cookie).await, "error=OIDC_REFUSED");
    assert_eq!(trial.app.event_kinds().await, ["security.external_sign_in_refused"]);
}

#[tokio::test]
async fn an_account_of_the_same_verified_address_is_linked_and_its_owner_told() {
    let provider = RealProvider::start();
    let trial = server(&provider.issuer, &[]).await;
    let zoe = trial.account("zoe", "employee").await;
    verify(&trial, "zoe").await;
    let (tokens, user) = sign_in(&trial, |address| fill_in(address, "zoe")).await;
    assert_eq!((tokens.user, &user["role"]), (zoe, &json!("employee")));
    let mails = trial.app.mails().await;
    assert_eq!(
        (mails[0].to.as_str(), mails[0].template.as_str()),
        ("zoe@example.org", "external-account-linked")
    );
    assert_eq!(accounts(&trial).await, 1);
}
