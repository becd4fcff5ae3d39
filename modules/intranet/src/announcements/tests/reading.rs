//! Who sees what, when, and confirms it.

use std::time::Duration;

use serde_json::json;
use socle_testkit::TestApp;

use super::{app, manager, news, written};
use crate::MODULE;

#[tokio::test]
async fn a_scheduled_announcement_is_unseen_until_its_moment_and_its_readers_are_then_told_once() {
    let app = app().await;
    let (author, reader) = (manager(&app), app.person("Ana").sign_in());
    let mut body = news();
    body["publishedAt"] = json!("2026-01-15T11:00:00Z");
    body["expiresAt"] = json!("2026-01-15T12:00:00Z");
    let (path, data) = written(&app, &author, body).await;
    assert_eq!(data["status"], "scheduled");
    app.get(&path).by(&reader).send().await.expect(404);
    app.get(&path).by(&author).send().await.expect(200);
    assert!(!app.events().await[0].audience.admits(&reader.actor));

    let sweep = || crate::announcements::service::sweep(&app.kit.db, &app.kit.clock);
    sweep().await.unwrap();
    app.advance(Duration::from_secs(3600));
    sweep().await.unwrap();
    sweep().await.unwrap();
    app.get(&path).by(&reader).send().await.expect(200);
    let events = app.events().await;
    assert_eq!(events.last().unwrap().kind, "announcement.published");
    assert!(events.last().unwrap().audience.admits(&reader.actor));

    app.advance(Duration::from_secs(3600));
    sweep().await.unwrap();
    app.get(&path).by(&reader).send().await.expect(404);
    let kinds = app.event_kinds().await;
    assert_eq!(kinds, ["announcement.created", "announcement.published", "announcement.expired"]);
}

#[tokio::test]
async fn publishing_brings_a_scheduled_one_out_now() {
    let app = app().await;
    let author = manager(&app);
    let mut body = news();
    body["publishedAt"] = json!("2026-03-01T00:00:00Z");
    let (path, _) = written(&app, &author, body).await;
    let data = app.post(&format!("{path}/publish")).by(&author).send().await.expect(200).data();
    assert_eq!(
        (data["status"].as_str(), data["publishedAt"].as_str()),
        (Some("published"), Some("2026-01-15T10:00:00Z"))
    );
    assert_eq!(app.event_kinds().await, ["announcement.created", "announcement.published"]);
}

#[tokio::test]
async fn r4_238_if_none_match_saves_the_body_until_something_changes() {
    let app = app().await;
    let author = manager(&app);
    let (path, _) = written(&app, &author, news()).await;
    for path in [path.as_str(), "/api/v1/announcements", "/api/announcements"] {
        let tag = app.get(path).by(&author).send().await.header("etag").unwrap().to_owned();
        let again = app.get(path).by(&author).header("if-none-match", &tag).send().await.expect(304);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), Some(tag.as_str()));
    }
    let tag = app.get(&path).by(&author).send().await.header("etag").unwrap().to_owned();
    app.post(&format!("{path}/read")).by(&author).send().await.expect(200);
    app.get(&path).by(&author).header("if-none-match", &tag).send().await.expect(200);
}

#[tokio::test]
async fn reading_is_confirmed_once_and_who_has_not_is_known() {
    let app = app().await;
    let author = manager(&app);
    let (ana, ben) = (app.person("Ana").sign_in(), app.person("Ben").role("teacher").sign_in());
    let mut body = news();
    body["mustAcknowledge"] = json!(true);
    let (path, _) = written(&app, &author, body).await;
    let first = app.post(&format!("{path}/read")).by(&ana).send().await.expect(200).data();
    app.advance(Duration::from_secs(60));
    let again = app.post(&format!("{path}/read")).by(&ana).send().await.expect(200).data();
    assert_eq!(first, again);
    assert_eq!(app.event_kinds().await, ["announcement.created", "announcement.read"]);
    assert_eq!(app.get(&path).by(&ana).send().await.data()["readAt"], first["readAt"]);

    let names = |query: &'static str| {
        let request = app.get(&format!("{path}/readers{query}")).by(&author);
        async move {
            let response = request.send().await.expect(200);
            let names: Vec<String> = response
                .data()
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r["name"].as_str().unwrap().to_owned())
                .collect();
            names
        }
    };
    assert_eq!(names("").await, ["Ana", "Ben", "Marie Martin"]);
    assert_eq!(names("?state=read").await, ["Ana"]);
    assert_eq!(names("?state=unread").await, ["Ben", "Marie Martin"]);
    assert_eq!(names("?state=unread&search=bèn").await, ["Ben"]);
    assert_eq!(names("?limit=1&page=2").await, ["Ben"]);
    app.get(&format!("{path}/readers")).by(&ben).send().await.expect(403);
}

#[tokio::test]
async fn an_identifier_that_is_none_is_refused_with_its_name_and_an_unknown_one_is_404() {
    let app = app().await;
    let reader = manager(&app);
    let response = app.get("/api/v1/announcements/12").by(&reader).send().await.expect(400);
    assert_eq!(response.fields(), [("id".to_owned(), "BAD_FORMAT".to_owned())]);
    let unknown = "/api/v1/announcements/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    let response = app.get(&format!("{unknown}?lang=fr")).by(&reader).send().await.expect(404);
    assert_eq!(response.code(), "NOT_FOUND");
    assert!(response.text().contains("annonce"), "{}", response.text());
}

#[tokio::test]
async fn a27_with_public_read_the_anonymous_see_what_is_for_everybody_and_nothing_else() {
    let app = TestApp::of(&[MODULE]).setting("intranet.public_read", "true").start().await;
    let author = manager(&app);
    let (open, _) = written(&app, &author, news()).await;
    let (closed, _) =
        written(&app, &author, json!({"title": "T", "content": "…", "audience": {"roles": ["teacher"]}}))
            .await;
    app.get(&open).send().await.expect(200);
    app.get(&closed).send().await.expect(404);
    assert_eq!(app.get("/api/v1/announcements").send().await.expect(200).json()["pagination"]["total"], 1);
    app.post("/api/v1/announcements").json(&news()).send().await.expect(401);
}

#[tokio::test]
async fn an_author_without_the_permission_sees_who_has_confirmed_and_not_the_whole_directory() {
    let app = app().await;
    let (author, ana) = (app.person("Pierre").sign_in(), app.person("Ana").sign_in());
    let (path, _) = written(&app, &author, news()).await;
    app.post(&format!("{path}/read")).by(&ana).send().await.expect(200);
    for (query, total) in [("", 1), ("?state=read", 1), ("?state=unread", 0)] {
        let response = app.get(&format!("{path}/readers{query}")).by(&author).send().await.expect(200);
        assert_eq!(response.json()["pagination"]["total"], total, "{query}");
    }
}
