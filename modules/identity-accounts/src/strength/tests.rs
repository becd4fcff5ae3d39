//! Judging passwords, through HTTP.

use serde_json::json;
use socle_kit::crypto::{SUGGESTIONS, WARNINGS};
use socle_kit::i18n::Language;

use socle_identity_trial::Trial;

const STRENGTH: &str = "/api/v1/auth/password/strength";

#[tokio::test]
async fn r4_39_a_password_is_judged_before_it_is_sent_with_reasons_in_the_readers_language() {
    let trial = Trial::start().await;
    let body = json!({"password": "qwertyuiop"});
    let data =
        trial.post(STRENGTH, body.clone()).header("accept-language", "en").send().await.expect(200).data();
    assert_eq!((&data["score"], &data["isAccepted"]), (&json!(0), &json!(false)));
    let reasons: Vec<_> = data["reasons"].as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert_eq!(reasons, [&json!("PASSWORD_TOO_SHORT"), &json!("PASSWORD_COMMON"), &json!(null)]);
    assert_eq!(data["reasons"][2]["message"], "This is one of the hundred most common passwords.");
    assert_eq!(data["suggestions"][0], "Add another word or two. Rare words are better.");
    let french = trial.post(STRENGTH, body).header("accept-language", "fr").send().await.expect(200).data();
    assert_eq!(french["reasons"][2]["message"], "C’est l’un des cent mots de passe les plus courants.");
}

#[tokio::test]
async fn a_good_password_is_accepted_unless_it_leans_on_its_owner() {
    let trial = Trial::start().await;
    let body = json!({"password": "tournevis girafe samovar"});
    let data = trial.post(STRENGTH, body).send().await.expect(200).data();
    assert_eq!((&data["score"], &data["isAccepted"]), (&json!(4), &json!(true)));
    assert_eq!((&data["reasons"], &data["suggestions"]), (&json!([]), &json!([])));
    let body = json!({"password": "zoe.durand.zoe.durand", "username": "zoe.durand"});
    let data = trial.post(STRENGTH, body).send().await.expect(200).data();
    assert_eq!(data["isAccepted"], false);
    assert!(data["reasons"].to_string().contains("PASSWORD_CONTAINS_IDENTITY"), "{data}");
}

#[tokio::test]
async fn what_is_said_here_is_what_a_registration_says() {
    let trial = Trial::start().await;
    let judged =
        trial.post(STRENGTH, json!({"password": "jordan23jordan23"})).send().await.expect(200).data();
    let body = json!({"email": "zoe@example.org", "username": "zoe", "password": "jordan23jordan23"});
    let refused = trial.post("/api/v1/auth/register", body).send().await.refused(400, "VALIDATION_ERROR");
    assert_eq!(refused.fields(), [("password".to_owned(), "PASSWORD_COMMON".to_owned())]);
    assert_eq!(judged["reasons"][0]["message"], refused.sentences()[0]);
}

#[tokio::test]
async fn r2_59_robots_are_not_told_and_nothing_is_kept() {
    let trial = Trial::start().await;
    for trap in ["website", "hp_check", "url2"] {
        let body = json!({"password": "qwertyuiop", trap: "x"});
        trial.post(STRENGTH, body).send().await.refused(400, "BAD_REQUEST");
    }
    let missing = trial.post(STRENGTH, json!({})).send().await.refused(400, "VALIDATION_ERROR");
    assert_eq!(missing.fields(), [("password".to_owned(), "REQUIRED".to_owned())]);
    assert!(trial.app.event_kinds().await.is_empty());
}

#[tokio::test]
async fn every_warning_and_suggestion_has_its_sentence_in_both_languages() {
    let trial = Trial::start().await;
    let warnings = WARNINGS.iter().map(|key| format!("password-warning-{key}"));
    for key in warnings.chain(SUGGESTIONS.iter().map(|key| format!("password-suggestion-{key}"))) {
        for language in [Language::En, Language::Fr] {
            assert!(trial.app.kit.catalogue.has(language, &key), "{key}");
        }
    }
}
