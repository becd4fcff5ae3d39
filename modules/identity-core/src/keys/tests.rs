//! Tokens that are not ours, and keys that change, through HTTP.

use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header, decode_header, encode};
use serde_json::{Value, json};
use socle_kit::crypto::SignatureKey;
use socle_kit::kernel::Random;
use socle_testkit::TestResponse;

use socle_identity::operator::SigningKeys;
use socle_identity_trial::{Tokens, Trial, blocking};

use super::store;
use crate::errors::KEYS_NOT_USED;

const ME: &str = "/api/v1/auth/me";
const JWKS: &str = "/.well-known/jwks.json";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn with_ring() -> Trial {
    Trial::with(&[("identity.token_signature", "eddsa")]).await
}

async fn ask(trial: &Trial, token: &str, address: &str) -> TestResponse {
    trial.get(ME).bearer(token).from(address).send().await
}

/// The reasons told so far.
async fn reasons(trial: &Trial) -> Vec<String> {
    let events = trial.app.events().await;
    events.into_iter().filter(|event| event.kind == "user.token_refused").map(|event| event.subject).collect()
}

/// Waits until so many refusals are told: the letter is written beside the answer.
async fn told(trial: &Trial, count: usize) -> Vec<String> {
    for _ in 0..10_000 {
        let reasons = reasons(trial).await;
        if reasons.len() >= count {
            return reasons;
        }
        trial.app.kit.db.write(|_| Ok(())).await.unwrap();
        tokio::task::yield_now().await;
    }
    panic!("it was never told: {:?}", reasons(trial).await);
}

fn kid(token: &str) -> String {
    decode_header(token).unwrap().kid.unwrap()
}

/// The key in force, as nobody else has it.
async fn our_key(trial: &Trial) -> EncodingKey {
    let row = trial.app.kit.db.read(store::all).await.unwrap().remove(0);
    let private = trial.app.kit.sealer.open(&row.context(), &row.private_key).unwrap();
    EncodingKey::from_ed_der(private.expose())
}

/// A token of these claims with these edits, signed anyhow.
fn forged(algorithm: Algorithm, kid: &str, kind: &str, claims: &Value, key: &EncodingKey) -> String {
    let mut header = Header::new(algorithm);
    (header.kid, header.typ) = (Some(kid.to_owned()), Some(kind.to_owned()));
    encode(&header, claims, key).unwrap()
}

fn edited(claims: &Value, name: &str, value: Value) -> Value {
    let mut edited = claims.clone();
    edited[name] = value;
    edited
}

#[tokio::test]
async fn r1_74_r1_76_every_forged_token_is_refused_alike_and_told_with_its_reason() {
    let trial = with_ring().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let ours = our_key(&trial).await;
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&tokens.access).unwrap().claims;
    let kid = kid(&tokens.access);
    let sign = |kind: &str, claims: &Value| forged(Algorithm::EdDSA, &kid, kind, claims, &ours);
    ask(&trial, &sign("at+jwt", &claims), "192.0.2.1").await.expect(200);

    let public = trial.get(JWKS).send().await.expect(200).json()["keys"][0]["x"].as_str().unwrap().to_owned();
    let stranger = SignatureKey::generate(&Random::system()).unwrap();
    let stranger = EncodingKey::from_ed_der(stranger.private().expose());
    let parts: Vec<&str> = tokens.access.split('.').collect();
    let mut payload = parts[1].to_owned().into_bytes();
    payload[20] = if payload[20] == b'A' { b'B' } else { b'A' };
    let payload = String::from_utf8(payload).unwrap();
    let foreign = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    let attacks = [
        (
            forged(Algorithm::HS256, &kid, "at+jwt", &claims, &EncodingKey::from_secret(public.as_bytes())),
            "algorithm",
        ),
        // {"alg":"none","typ":"at+jwt"}
        (format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", parts[1]), "malformed"),
        (forged(Algorithm::EdDSA, foreign, "at+jwt", &claims, &stranger), "key"),
        (forged(Algorithm::EdDSA, &kid, "at+jwt", &claims, &stranger), "signature"),
        (format!("{}.{payload}.{}", parts[0], parts[2]), "signature"),
        (format!("{}.{}.", parts[0], parts[1]), "signature"),
        (sign("JWT", &claims), "type"),
        (sign("at+jwt", &edited(&claims, "aud", json!("another"))), "audience"),
        (sign("at+jwt", &edited(&claims, "iss", json!("another"))), "issuer"),
        (sign("at+jwt", &edited(&claims, "sid", Value::Null)), "claims"),
        (sign("at+jwt", &edited(&claims, "exp", json!(1_000))), "expired"),
    ];
    for (number, (token, reason)) in attacks.iter().enumerate() {
        ask(&trial, token, &format!("198.51.100.{number}")).await.refused(401, "INVALID_TOKEN");
        assert_eq!(told(&trial, number + 1).await.last().unwrap(), reason, "{number}");
    }
    for event in trial.app.events().await.iter().filter(|event| event.kind == "user.token_refused") {
        let text = format!("{event:?}");
        assert!(!text.contains(parts[1]) && !text.contains(parts[2]), "a token was written down: {text}");
    }
    assert!(trial.knows(&tokens).await);
}

#[tokio::test]
async fn r3_225_a_session_of_another_account_is_not_opened_by_a_signed_token_that_names_it() {
    let trial = with_ring().await;
    for name in ["ann", "bob"] {
        trial.account(name, "employee").await;
    }
    let (ann, bob) = (trial.sign_in("ann").await, trial.sign_in("bob").await);
    let claims = |token: &str| jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims;
    let mixed = edited(&claims(&ann.access), "sid", claims(&bob.access)["sid"].clone());
    let token = forged(Algorithm::EdDSA, &kid(&ann.access), "at+jwt", &mixed, &our_key(&trial).await);
    ask(&trial, &token, "192.0.2.1").await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn a_refusal_is_told_once_a_minute_for_each_address_and_reason_and_a_flood_writes_nothing() {
    let trial = with_ring().await;
    for _ in 0..5 {
        ask(&trial, "noise", "192.0.2.1").await.refused(401, "INVALID_TOKEN");
    }
    assert_eq!(told(&trial, 1).await, ["malformed"]);
    trial.app.advance(MINUTE);
    ask(&trial, "noise", "192.0.2.1").await.expect(401);
    assert_eq!(told(&trial, 2).await.len(), 2);
    // From one network, and then from everywhere.
    for number in 0..50 {
        ask(&trial, "noise", &format!("2001:db8::{number}")).await.expect(401);
    }
    assert_eq!(told(&trial, 3).await.len(), 3);
    for number in 0..300 {
        ask(&trial, "noise", &format!("198.51.{}.{}", number / 200, number % 200)).await.expect(401);
    }
    let all = told(&trial, 1 + 128).await;
    assert_eq!(all.len(), 1 + 128, "the bound of a minute");
}

#[tokio::test]
async fn the_public_keys_stand_at_the_root_for_anybody_to_keep_for_a_minute() {
    let trial = with_ring().await;
    let reply = trial.get(JWKS).send().await.expect(200);
    assert_eq!(reply.header("cache-control"), Some("public, max-age=60"));
    assert_eq!(reply.header("content-type"), Some("application/jwk-set+json"));
    let keys = reply.json()["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 1);
    let mut names: Vec<&str> = keys[0].as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"], "nothing of the private key");
    let secret = Trial::start().await;
    assert_eq!(secret.get(JWKS).send().await.expect(200).json(), json!({"keys": []}));
}

#[tokio::test]
async fn the_private_key_is_not_in_the_database_for_who_copies_it() {
    let trial = with_ring().await;
    let row = trial.app.kit.db.read(store::all).await.unwrap().remove(0);
    assert!(row.private_key.starts_with("s1."), "{}", row.private_key);
}

/// What each node does every few seconds.
async fn tend(trial: &Trial) {
    let tasks = socle_identity::MODULE.with_parts().flat_map(|part| part.periodic);
    let task = tasks.into_iter().find(|task| task.name == "identity.signing_keys");
    (task.unwrap().run)(&trial.app.kit).await.unwrap();
}

async fn refreshed(trial: &Trial, tokens: &Tokens) -> Tokens {
    let body = json!({"refreshToken": tokens.refresh});
    Tokens::of(&trial.post("/api/v1/auth/refresh", body).send().await.expect(200))
}

#[tokio::test]
async fn a_key_of_ninety_days_gives_way_announced_first_and_gone_when_its_tokens_are_over() {
    let trial = with_ring().await;
    trial.account("zoe", "employee").await;
    let first = kid(&trial.sign_in("zoe").await.access);
    trial.app.advance(90 * DAY - MINUTE);
    tend(&trial).await;
    assert_eq!(trial.get(JWKS).send().await.json()["keys"].as_array().unwrap().len(), 1, "not yet");
    trial.app.advance(MINUTE);
    tend(&trial).await;
    assert_eq!(trial.get(JWKS).send().await.json()["keys"].as_array().unwrap().len(), 2, "announced");
    let old = trial.sign_in("zoe").await;
    assert_eq!(kid(&old.access), first, "announced, and not yet signing");
    trial.app.advance(2 * MINUTE);
    let new = refreshed(&trial, &old).await;
    assert_ne!(kid(&new.access), first);
    assert!(trial.knows(&old).await && trial.knows(&new).await);
    trial.app.advance(16 * MINUTE);
    tend(&trial).await;
    let keys = trial.get(JWKS).send().await.json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    assert_eq!(keys["keys"][0]["kid"], kid(&new.access));
    tend(&trial).await;
    assert!(trial.knows(&refreshed(&trial, &new).await).await);
    let told = trial.app.event_kinds().await;
    assert_eq!(told.iter().filter(|kind| *kind == "signing_key.rotated").count(), 2, "the first, and this");
}

/// The operator's hand, from another process.
async fn operate<T: Send + 'static>(trial: &Trial, work: fn(&SigningKeys) -> T) -> T {
    let kit = trial.app.kit.clone();
    blocking(move || {
        work(&SigningKeys::new(&kit.db, &kit.settings, &kit.sealer, &kit.clock, &kit.random).unwrap())
    })
    .await
}

#[tokio::test]
async fn a_key_replaced_at_once_takes_its_tokens_with_it_and_clients_refresh() {
    let trial = with_ring().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    assert!(trial.knows(&tokens).await);
    operate(&trial, |keys| keys.rotate_at_once().unwrap()).await;
    tend(&trial).await;
    ask(&trial, &tokens.access, "192.0.2.1").await.refused(401, "INVALID_TOKEN");
    let next = refreshed(&trial, &tokens).await;
    assert!(trial.knows(&next).await && kid(&next.access) != kid(&tokens.access));
    let kit = trial.app.kit.clone();
    let keys = blocking(move || SigningKeys::list(&kit.db, &kit.settings, &kit.clock).unwrap()).await;
    assert_eq!(keys.iter().map(|key| key.id.clone()).collect::<Vec<_>>(), [kid(&next.access)]);
}

#[tokio::test]
async fn a_node_learns_a_key_from_the_first_token_that_names_it() {
    let trial = with_ring().await;
    trial.account("zoe", "employee").await;
    let before = trial.sign_in("zoe").await;
    operate(&trial, |keys| keys.rotate_at_once().unwrap()).await;
    // Signed elsewhere with the new key, which this node has not read.
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&before.access).unwrap().claims;
    let row = trial.app.kit.db.read(store::all).await.unwrap().remove(0);
    let token = forged(Algorithm::EdDSA, &row.id.to_string(), "at+jwt", &claims, &our_key(&trial).await);
    ask(&trial, &token, "192.0.2.1").await.expect(200);
    assert!(!trial.knows(&before).await, "what was remembered is verified anew");
}

#[tokio::test]
async fn where_a_secret_signs_there_are_no_keys_to_rotate() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    assert_eq!(decode_header(&tokens.access).unwrap().alg, Algorithm::HS256);
    let kit = trial.app.kit.clone();
    let refused = blocking(move || {
        SigningKeys::new(&kit.db, &kit.settings, &kit.sealer, &kit.clock, &kit.random).err().unwrap().code()
    });
    assert_eq!(refused.await, KEYS_NOT_USED);
}
