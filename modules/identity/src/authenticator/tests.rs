//! Who is this? Through HTTP.

use std::time::Duration;

use socle_kit::kernel::Timestamp;
use socle_testkit::TestResponse;

use socle_identity_trial::Trial;

const ME: &str = "/api/v1/auth/me";

async fn with_header(trial: &Trial, authorization: &str) -> TestResponse {
    trial.get(ME).header("authorization", authorization).header("accept-language", "en").send().await
}

#[tokio::test]
async fn r1_72_to_74_each_sort_of_missing_proof_is_told_in_its_own_words() {
    let trial = Trial::start().await;
    let missing = trial.get(ME).header("accept-language", "en").send().await.refused(401, "UNAUTHORIZED");
    assert_eq!(missing.message(), "Authentication required");
    assert!(missing.header("www-authenticate").is_some());
    for other in ["Basic em9lOnB3", "Token abc", "abc", "Bearerabc"] {
        let refused = with_header(&trial, other).await.refused(401, "UNAUTHORIZED");
        assert_eq!(refused.message(), "Authentication required", "{other}");
    }
    for empty in ["Bearer", "Bearer ", "bearer   "] {
        let refused = with_header(&trial, empty).await.refused(401, "TOKEN_MISSING");
        assert_eq!(refused.message(), "Authentication token missing", "{empty:?}");
    }
    for bad in ["Bearer abc", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.e30."] {
        let refused = with_header(&trial, bad).await.refused(401, "INVALID_TOKEN");
        assert_eq!(refused.message(), "Invalid token", "{bad}");
    }
}

#[tokio::test]
async fn a_bad_token_does_not_close_what_is_open_to_all() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let body = serde_json::json!({"login": "zoe", "password": socle_identity_trial::PASSWORD});
    trial.post("/api/v1/auth/login", body).bearer("expired").send().await.expect(200);
}

#[tokio::test]
async fn r3_221_an_access_token_ends_after_fifteen_minutes() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    trial.app.advance(Duration::from_secs(15 * 60));
    assert!(trial.knows(&tokens).await, "the leeway");
    trial.app.advance(Duration::from_secs(11));
    trial.get(ME).bearer(&tokens.access).send().await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn the_scheme_is_written_in_any_case() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    with_header(&trial, &format!("bearer  {}", tokens.access)).await.expect(200);
}

#[tokio::test]
async fn a_token_of_another_key_is_refused() {
    let (trial, other) =
        (Trial::start().await, Trial::with(&[("jwt.secret", "another key of thirty-two bytes!")]).await);
    for server in [&trial, &other] {
        server.account("zoe", "employee").await;
    }
    let tokens = other.sign_in("zoe").await;
    trial.get(ME).bearer(&tokens.access).send().await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn a_token_of_a_session_that_this_database_does_not_know_is_refused() {
    let (trial, other) = (Trial::start().await, Trial::start().await);
    other.account("zoe", "employee").await;
    let tokens = other.sign_in("zoe").await;
    trial.get(ME).bearer(&tokens.access).send().await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn the_last_use_of_a_session_is_written_down_once_a_minute() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    const SEEN: &str = "SELECT last_seen_at FROM identity_session WHERE user_id = ?1";
    let begun = trial.app.kit.clock.now();
    trial.app.advance(Duration::from_secs(59));
    assert!(trial.knows(&tokens).await);
    assert_eq!(trial.value::<Timestamp>(SEEN, user).await, begun);
    trial.app.advance(Duration::from_secs(1));
    // Says that something changed, so that the session is looked up again without waiting.
    trial.tamper(|_| Ok(())).await;
    assert!(trial.knows(&tokens).await);
    // The note is written beside the request; a write that is queued behind it waits for it.
    for _ in 0..10_000 {
        if trial.value::<Timestamp>(SEEN, user).await > begun {
            return;
        }
        trial.app.kit.db.write(|_| Ok(())).await.unwrap();
        tokio::task::yield_now().await;
    }
    panic!("the use of the session was never written down");
}

#[tokio::test]
async fn a_removed_account_is_nobody() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    assert!(trial.knows(&tokens).await);
    let now = trial.app.kit.clock.now();
    trial
        .tamper(move |tx| {
            tx.exec_one("UPDATE identity_user SET deleted_at = ?2 WHERE id = ?1", &[&user, &now])
        })
        .await;
    assert!(!trial.knows(&tokens).await);
}
