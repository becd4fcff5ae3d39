//! Preferences, through HTTP.

use serde_json::json;
use socle_identity_trial::Trial;

const PREFERENCES: &str = "/api/v1/users/me/preferences";

#[tokio::test]
async fn r1_33_r1_34_r3_72_ones_preferences_are_read_replaced_and_patched() {
    let trial = Trial::start().await;
    trial.account("zoe", "user").await;
    let zoe = trial.sign_in("zoe").await;
    let first = trial.get(PREFERENCES).bearer(&zoe.access).send().await.expect(200);
    assert_eq!(
        first.data(),
        json!({"language": null, "notifications": true, "darkMode": false, "learningGoal": 10})
    );
    let body = json!({"language": "en", "notifications": false, "darkMode": true, "learningGoal": 30});
    let put = trial.put(PREFERENCES, body.clone()).bearer(&zoe.access).send().await.expect(200);
    assert_eq!(put.data(), body);
    // The language is that of what one reads, at once.
    let refused = trial.get("/api/v1/users").bearer(&zoe.access).header("accept-language", "fr").send().await;
    assert!(refused.refused(403, "FORBIDDEN").message().is_ascii());
    let patch = trial.request("PATCH", PREFERENCES).bearer(&zoe.access);
    let tag = put.header("etag").unwrap();
    let patched =
        patch.header("if-match", tag).json(&json!({"learningGoal": 5, "language": null})).send().await;
    let expected = json!({"language": null, "notifications": false, "darkMode": true, "learningGoal": 5});
    assert_eq!(patched.expect(200).data(), expected);
    let stale = trial.request("PATCH", PREFERENCES).bearer(&zoe.access).header("if-match", tag);
    stale.json(&json!({"darkMode": false})).send().await.refused(412, "PRECONDITION_FAILED");
    assert_eq!(
        trial.app.event_kinds().await.iter().filter(|kind| *kind == "user.preferences_changed").count(),
        2
    );
}

#[tokio::test]
async fn preferences_are_for_the_signed_in_and_within_bounds() {
    let trial = Trial::start().await;
    trial.get(PREFERENCES).send().await.refused(401, "UNAUTHORIZED");
    trial.account("zoe", "user").await;
    let zoe = trial.sign_in("zoe").await;
    let before = trial.app.event_kinds().await;
    let body = json!({"notifications": 1, "learningGoal": 0, "darkmode": true});
    let refused =
        trial.put(PREFERENCES, body).bearer(&zoe.access).send().await.refused(400, "VALIDATION_ERROR");
    let fields = refused.fields();
    let fields: Vec<_> = fields.iter().map(|(path, code)| (path.as_str(), code.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("darkMode", "REQUIRED"),
            ("darkmode", "UNKNOWN_FIELD"),
            ("learningGoal", "TOO_SMALL"),
            ("notifications", "WRONG_TYPE")
        ]
    );
    assert_eq!(trial.app.event_kinds().await, before);
}

#[tokio::test]
async fn r1_34_an_operator_says_what_accounts_begin_with() {
    let settings = [
        ("identity.default_notifications", "false"),
        ("identity.default_dark_mode", "true"),
        ("identity.default_learning_goal", "20"),
    ];
    let trial = Trial::with(&settings).await;
    trial.account("zoe", "user").await;
    let zoe = trial.sign_in("zoe").await;
    let reply = trial.get(PREFERENCES).bearer(&zoe.access).send().await.expect(200);
    assert_eq!(
        reply.data(),
        json!({"language": null, "notifications": false, "darkMode": true, "learningGoal": 20})
    );
}
