//! What becomes of API keys in time.

use std::time::Duration;

use serde_json::json;
use socle_kit::mail::{Argument, Mail};

use super::tests::{DAY, key, make, opens};
use super::upkeep::end_keys;
use socle_identity_trial::{Tokens, Trial};

async fn owner(trial: &Trial) -> Tokens {
    trial.account("max", "manager").await;
    trial.sign_in("max").await
}

async fn kinds(trial: &Trial) -> Vec<String> {
    let kinds = trial.app.event_kinds().await.into_iter();
    kinds.filter(|kind| kind.starts_with("api_key.")).collect()
}

#[tokio::test]
async fn r0_17_the_owner_is_told_once_before_a_key_is_too_old_and_then_it_ends() {
    let trial = Trial::start().await;
    let max = owner(&trial).await;
    let (id, text) = key(&trial, &max, json!({"name": "Build"})).await;
    trial.app.advance(DAY * 75);
    end_keys(&trial.app.kit).await.unwrap();
    assert_eq!(kinds(&trial).await, ["api_key.created"]);
    trial.app.advance(DAY);
    end_keys(&trial.app.kit).await.unwrap();
    end_keys(&trial.app.kit).await.unwrap();
    assert_eq!(kinds(&trial).await, ["api_key.created", "api_key.expiring"]);
    let mails = trial.app.mails().await;
    let told: Vec<_> = mails.iter().filter(|mail| mail.template == "api-key-expiring").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].to, "max@example.org");
    assert!(told[0].arguments.contains(&("days".to_owned(), Argument::Number(14))));
    assert!(told[0].arguments.iter().all(|(_, value)| *value != Argument::Text(text.clone())));
    trial.app.advance(DAY * 14 - Duration::from_secs(1));
    assert!(opens(&trial, &text).await);
    trial.app.advance(Duration::from_secs(1));
    assert!(!opens(&trial, &text).await, "at its end, whether or not the task has run");
    end_keys(&trial.app.kit).await.unwrap();
    end_keys(&trial.app.kit).await.unwrap();
    assert_eq!(kinds(&trial).await, ["api_key.created", "api_key.expiring", "api_key.retired"]);
    let max = trial.sign_in("max").await;
    let path = format!("/api/v1/api-keys/{id}");
    let shown = trial.get(&path).bearer(&max.access).send().await.expect(200);
    assert_eq!(shown.data()["status"], "expired");
    let rotate = trial.post(&format!("{path}/rotate"), json!({})).bearer(&max.access).send().await;
    rotate.refused(409, "API_KEY_ENDED");
    trial.app.advance(DAY * 31);
    end_keys(&trial.app.kit).await.unwrap();
    let max = trial.sign_in("max").await;
    trial.get(&path).bearer(&max.access).send().await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn a_rotation_begins_the_age_of_a_key_anew() {
    let trial = Trial::start().await;
    let max = owner(&trial).await;
    let (id, _) = key(&trial, &max, json!({"name": "Build"})).await;
    trial.app.advance(DAY * 80);
    end_keys(&trial.app.kit).await.unwrap();
    let max = trial.sign_in("max").await;
    let path = format!("/api/v1/api-keys/{id}/rotate");
    let rotated = trial.post(&path, json!({})).bearer(&max.access).send().await.expect(200).data();
    trial.app.advance(DAY * 89);
    assert!(opens(&trial, rotated["key"].as_str().unwrap()).await);
    end_keys(&trial.app.kit).await.unwrap();
    let expiring = kinds(&trial).await.into_iter().filter(|kind| kind == "api_key.expiring").count();
    assert_eq!(expiring, 2, "once for each secret");
}

#[tokio::test]
async fn a_key_ends_when_its_owner_said_and_a_short_one_is_not_told_of() {
    let trial = Trial::start().await;
    let max = owner(&trial).await;
    let end = trial.app.kit.clock.now().plus(DAY);
    let (_, text) = key(&trial, &max, json!({"name": "Today", "expiresAt": end})).await;
    end_keys(&trial.app.kit).await.unwrap();
    assert_eq!(kinds(&trial).await, ["api_key.created"]);
    assert!(trial.app.mails().await.is_empty());
    trial.app.advance(DAY);
    assert!(!opens(&trial, &text).await);
    end_keys(&trial.app.kit).await.unwrap();
    assert_eq!(kinds(&trial).await, ["api_key.created", "api_key.retired"]);
    let max = trial.sign_in("max").await;
    let past = json!({"name": "Yesterday", "expiresAt": end});
    let refused = make(&trial, &max, past).await.expect(400);
    assert_eq!(refused.fields(), [("expiresAt".to_owned(), "NOT_IN_THE_FUTURE".to_owned())]);
}

#[tokio::test]
async fn a_new_password_leaves_keys_as_they_are_and_their_owner_is_told() {
    let trial = Trial::start().await;
    let max = owner(&trial).await;
    let (old, new) = (socle_identity_trial::PASSWORD, "Autre-girafe-samovar8!");
    change_password(&trial, &max, old, new).await;
    assert!(kept(&trial).await.is_empty(), "who has no key is told nothing");
    trial.app.advance(DAY);
    let body = json!({"username": "max", "password": new});
    let max = Tokens::of(&trial.post("/api/v1/auth/login", body).send().await.expect(200));
    let (_, text) = key(&trial, &max, json!({"name": "Build"})).await;
    assert!(kept(&trial).await.is_empty(), "what was a day ago is no news");
    change_password(&trial, &max, new, "Troisieme-samovar9!").await;
    assert!(opens(&trial, &text).await);
    for _ in 0..2 {
        let told = kept(&trial).await;
        assert_eq!(told.len(), 1, "told twice, mailed once");
        assert_eq!(told[0].arguments, [("keys".to_owned(), Argument::Number(1))]);
    }
}

async fn change_password(trial: &Trial, by: &Tokens, old: &str, new: &str) {
    let body = json!({"currentPassword": old, "newPassword": new});
    trial.put("/api/v1/auth/password", body).bearer(&by.access).send().await.expect(204);
}

/// The mails about keys that were kept, once the listeners were told of everything.
async fn kept(trial: &Trial) -> Vec<Mail> {
    trial.app.tell_listeners().await;
    trial.app.mails().await.into_iter().filter(|mail| mail.template == "api-keys-kept").collect()
}
