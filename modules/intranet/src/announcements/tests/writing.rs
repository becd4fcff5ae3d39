//! Writing, changing, publishing and removing.

use std::time::Duration;

use serde_json::{Value, json};
use socle_testkit::TestApp;

use super::{app, manager, news, written};
use crate::MODULE;

#[tokio::test]
async fn r4_102_r4_212_an_employee_writes_an_announcement_and_everybody_reads_it_with_all_its_fields() {
    let app = app().await;
    let author = app.person("Pierre Dubois").sign_in();
    let response = app.post("/api/v1/announcements").by(&author).json(&news()).send().await.expect(201);
    let data = response.data();
    let path = format!("/api/v1/announcements/{}", data["id"].as_str().unwrap());
    assert_eq!(response.header("location"), Some(path.as_str()));

    let reader = app.person("Ana").sign_in();
    let shown = app.get(&path).by(&reader).send().await.expect(200).data();
    for (field, value) in [
        ("title", json!("Fête d’été")),
        ("content", json!("Vendredi à 17 h, dans la cour.")),
        ("type", json!("event")),
        ("authorId", json!(author.id())),
        ("authorName", json!("Pierre Dubois")),
        ("imageUrl", Value::Null),
        ("icon", Value::Null),
        ("isImportant", json!(false)),
        ("isPinned", json!(false)),
        ("status", json!("published")),
        ("createdAt", json!("2026-01-15T10:00:00Z")),
        ("readAt", Value::Null),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
}

#[tokio::test]
async fn r4_105_writing_one_tells_its_readers_in_the_same_transaction() {
    let app = app().await;
    let author = app.person("Pierre").sign_in();
    let (_, data) = written(&app, &author, news()).await;
    let events = app.events().await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].kind.as_str(), events[0].subject.as_str()),
        ("announcement.created", data["id"].as_str().unwrap())
    );
    assert!(events[0].audience.admits(&app.person("Ana").sign_in().actor));
}

#[tokio::test]
async fn the_anonymous_get_401_and_nothing_is_written() {
    let app = app().await;
    let (path, _) = written(&app, &manager(&app), news()).await;
    let before = app.event_kinds().await;
    for (method, path) in [
        ("GET", "/api/v1/announcements".to_owned()),
        ("POST", "/api/v1/announcements".to_owned()),
        ("GET", path.clone()),
        ("PUT", path.clone()),
        ("PATCH", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/publish")),
        ("POST", format!("{path}/read")),
        ("GET", format!("{path}/readers")),
    ] {
        let response = app.request(method, &path).json(&news()).send().await;
        assert_eq!((response.status, response.code().as_str()), (401, "UNAUTHORIZED"), "{method} {path}");
        assert_eq!(response.header("www-authenticate"), Some("Bearer realm=\"socle\""));
    }
    assert_eq!(app.event_kinds().await, before);
}

#[tokio::test]
async fn r4_103_r4_104_changing_and_removing_need_the_permission() {
    let app = app().await;
    let employee = app.person("Pierre").sign_in();
    let (path, _) = written(&app, &employee, news()).await;
    let before = app.event_kinds().await;
    for (method, path) in [
        ("PUT", path.clone()),
        ("PATCH", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/publish")),
    ] {
        let response = app.request(method, &path).by(&employee).json(&news()).send().await;
        assert_eq!((response.status, response.code().as_str()), (403, "FORBIDDEN"), "{method}");
    }
    assert_eq!(app.event_kinds().await, before);
}

#[tokio::test]
async fn c30_with_the_setting_only_managers_write() {
    let app = TestApp::of(&[MODULE]).setting("intranet.announcements_create", "permission").start().await;
    let employee = app.person("Pierre").sign_in();
    app.post("/api/v1/announcements").by(&employee).json(&news()).send().await.expect(403);
    app.post("/api/v1/announcements").by(&manager(&app)).json(&news()).send().await.expect(201);
}

#[tokio::test]
async fn pinning_and_marking_as_important_need_the_permission() {
    let app = app().await;
    let employee = app.person("Pierre").sign_in();
    for flag in ["isPinned", "isImportant", "mustAcknowledge"] {
        let mut body = news();
        body[flag] = json!(true);
        app.post("/api/v1/announcements").by(&employee).json(&body).send().await.expect(403);
        let (_, data) = written(&app, &manager(&app), body).await;
        assert_eq!(data[flag], json!(true));
    }
    assert_eq!(app.event_kinds().await.len(), 3);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_with_its_path_and_code() {
    let app = app().await;
    let body = json!({
        "title": "", "content": 5, "type": "gossip", "imageUrl": "javascript:alert(1)", "isImportant": "yes",
        "audience": {"roles": ["", "a\u{7}b"], "teams": []}, "publishedAt": "tomorrow", "surprise": 1,
    });
    let response = app.post("/api/v1/announcements").by(&manager(&app)).json(&body).send().await.expect(400);
    assert_eq!(response.code(), "VALIDATION_ERROR");
    let expected = [
        ("audience.roles[0]", "REQUIRED"),
        ("audience.roles[1]", "BAD_CHARACTERS"),
        ("audience.teams", "UNKNOWN_FIELD"),
        ("content", "WRONG_TYPE"),
        ("imageUrl", "BAD_FORMAT"),
        ("isImportant", "WRONG_TYPE"),
        ("publishedAt", "BAD_FORMAT"),
        ("surprise", "UNKNOWN_FIELD"),
        ("title", "REQUIRED"),
        ("type", "NOT_ALLOWED"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(path, code)| ((*path).to_owned(), (*code).to_owned())).collect();
    assert_eq!(response.fields(), expected);
    assert!(app.event_kinds().await.is_empty());
}

#[tokio::test]
async fn an_end_before_the_beginning_is_refused() {
    let app = app().await;
    let mut body = news();
    body["publishedAt"] = json!("2026-02-01T00:00:00Z");
    body["expiresAt"] = json!("2026-02-01T00:00:00Z");
    let response = app.post("/api/v1/announcements").by(&manager(&app)).json(&body).send().await.expect(400);
    assert_eq!(response.fields(), [("expiresAt".to_owned(), "MUST_BE_AFTER".to_owned())]);
}

#[tokio::test]
async fn r4_103_a_put_replaces_everything_and_raises_the_version() {
    let app = app().await;
    let author = manager(&app);
    let (path, _) =
        written(&app, &author, json!({"title": "A", "content": "b", "icon": "star", "isPinned": true})).await;
    app.advance(Duration::from_secs(60));
    let response =
        app.put(&path).by(&author).json(&json!({"title": "C", "content": "d"})).send().await.expect(200);
    let data = response.data();
    assert_eq!(
        (&data["title"], &data["icon"], &data["isPinned"]),
        (&json!("C"), &Value::Null, &json!(false))
    );
    assert_eq!(data["publishedAt"], "2026-01-15T10:00:00Z");
    assert_eq!(data["updatedAt"], "2026-01-15T10:01:00Z");
    assert!(response.header("etag").unwrap().starts_with("\"2-"));
    assert_eq!(app.event_kinds().await, ["announcement.created", "announcement.updated"]);
}

#[tokio::test]
async fn a_patch_changes_only_what_it_names_and_null_takes_away() {
    let app = app().await;
    let author = manager(&app);
    let (path, _) = written(&app, &author, json!({"title": "A", "content": "b", "icon": "star"})).await;
    let patch = |body: Value| {
        app.patch(&path).by(&author).body("application/merge-patch+json", body.to_string()).send()
    };
    let data = patch(json!({"title": "B", "icon": null, "audience": {"roles": ["teacher"]}}))
        .await
        .expect(200)
        .data();
    assert_eq!((&data["title"], &data["content"], &data["icon"]), (&json!("B"), &json!("b"), &Value::Null));
    assert_eq!(data["audience"], json!({"roles": ["teacher"], "departments": []}));

    let before = app.event_kinds().await;
    for (body, field, code) in [
        (json!({"titel": "x"}), "titel", "UNKNOWN_FIELD"),
        (json!({"title": null}), "title", "REQUIRED"),
        (json!({"title": 3}), "title", "WRONG_TYPE"),
        (json!([]), "", "WRONG_TYPE"),
    ] {
        assert_eq!(patch(body).await.expect(400).fields(), [(field.to_owned(), code.to_owned())]);
    }
    assert_eq!(app.event_kinds().await, before);
}

#[tokio::test]
async fn r4_238_a_stale_if_match_is_412_and_a_fresh_one_passes() {
    let app = app().await;
    let author = manager(&app);
    let (path, _) = written(&app, &author, news()).await;
    let tag = app.get(&path).by(&author).send().await.header("etag").unwrap().to_owned();
    app.put(&path).by(&author).header("if-match", &tag).json(&news()).send().await.expect(200);
    let before = app.event_kinds().await;
    for method in ["PUT", "PATCH", "DELETE"] {
        let response =
            app.request(method, &path).by(&author).header("if-match", &tag).json(&news()).send().await;
        assert_eq!((response.status, response.code().as_str()), (412, "PRECONDITION_FAILED"), "{method}");
    }
    assert_eq!(app.event_kinds().await, before);
    let tag = app.get(&path).by(&author).send().await.header("etag").unwrap().to_owned();
    app.delete(&path).by(&author).header("if-match", &tag).send().await.expect(204);
}

#[tokio::test]
async fn r4_104_a_removed_announcement_is_gone_for_everybody() {
    let app = app().await;
    let author = manager(&app);
    let (path, _) =
        written(&app, &author, json!({"title": "A", "content": "b", "audience": {"roles": ["teacher"]}}))
            .await;
    app.post(&format!("{path}/read")).by(&author).send().await.expect(200);
    let gone = app.delete(&path).by(&author).send().await.expect(204);
    assert!(gone.body.is_empty());
    app.get(&path).by(&author).send().await.expect(404);
    app.delete(&path).by(&author).send().await.expect(404);
    assert_eq!(app.event_kinds().await.last().unwrap(), "announcement.deleted");
}

#[tokio::test]
async fn what_people_write_comes_back_as_written_whatever_it_looks_like() {
    let app = app().await;
    let author = manager(&app);
    for text in [
        "0012",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "🎉 \u{200d}",
        "NULL",
        "=cmd|' /C calc'!A0",
    ] {
        let (path, _) = written(&app, &author, json!({"title": text, "content": text})).await;
        let data = app.get(&path).by(&author).send().await.expect(200).data();
        assert_eq!((&data["title"], &data["content"]), (&json!(text.trim()), &json!(text.trim())));
    }
}

#[tokio::test]
async fn a_title_in_which_nothing_is_seen_is_no_title_and_none_turns_the_direction_of_the_page() {
    let app = app().await;
    let author = manager(&app);
    let before = app.event_kinds().await;
    for (title, code) in [
        ("\u{200b}", "REQUIRED"),
        (" \u{2060}\u{200d}\u{feff}", "BAD_CHARACTERS"),
        ("\u{ad}\u{3164}\u{e0100}", "REQUIRED"),
        ("\u{202e}gnp.exe", "BAD_CHARACTERS"),
        ("a\u{2066}b", "BAD_CHARACTERS"),
    ] {
        let body = json!({"title": title, "content": "text"});
        let response = app.post("/api/v1/announcements").by(&author).json(&body).send().await;
        let response = response.refused(400, "VALIDATION_ERROR");
        assert_eq!(response.fields(), [("title".to_owned(), code.to_owned())], "{title:?}");
    }
    assert_eq!(app.event_kinds().await, before);
}
