//! Announcements through HTTP: R4-100…R4-105, R4-212, and the rules of who sees what.

use std::time::Duration;

use serde_json::{Value, json};
use socle_testkit::{SignedInActor, TestApp};

use crate::MODULE;

async fn app() -> TestApp {
    TestApp::of(&[MODULE]).start().await
}

fn manager(app: &TestApp) -> SignedInActor {
    app.person("Marie Martin").role("manager").permission("manage_announcements").sign_in()
}

fn news() -> Value {
    json!({"title": "Fête d’été", "content": "Vendredi à 17 h, dans la cour.", "type": "event"})
}

/// Writes an announcement and gives back its path and data.
async fn written(app: &TestApp, author: &SignedInActor, body: Value) -> (String, Value) {
    let response = app.post("/api/v1/announcements").by(author).json(&body).send().await.expect(201);
    let data = response.data();
    (format!("/api/v1/announcements/{}", data["id"].as_str().unwrap()), data)
}

async fn titles(app: &TestApp, reader: &SignedInActor, query: &str) -> Vec<String> {
    let response = app.get(&format!("/api/v1/announcements{query}")).by(reader).send().await.expect(200);
    let data = response.data();
    data.as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

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
        ("imageUrl", "BAD_CHARACTERS"),
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

    let sweep = || super::service::sweep(&app.kit.db, &app.kit.clock);
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
async fn an_audience_by_role_or_department_decides_who_sees_it_one_by_one_and_in_lists() {
    let app = app().await;
    let author = manager(&app);
    let people = [
        app.person("Teacher").role("teacher").sign_in(),
        app.person("Accountant").department("Comptabilité").sign_in(),
        app.person("Nobody").role("student").department("Accueil").sign_in(),
        app.person("Alone").role("student").sign_in(),
    ];
    let cases = [
        (json!({}), [true, true, true, true]),
        (json!({"roles": ["Teacher"]}), [true, false, false, false]),
        (json!({"departments": ["Comptabilité"]}), [false, true, false, false]),
        (
            json!({"roles": ["teacher"], "departments": ["Comptabilité", "Accueil"]}),
            [true, true, true, false],
        ),
    ];
    for (number, (audience, expected)) in cases.into_iter().enumerate() {
        let title = format!("Note {number}");
        let (path, _) =
            written(&app, &author, json!({"title": title, "content": "…", "audience": audience})).await;
        for (person, sees) in people.iter().zip(expected) {
            let status = app.get(&path).by(person).send().await.status;
            assert_eq!(status, if sees { 200 } else { 404 }, "{title} {}", person.actor.name);
            assert_eq!(
                titles(&app, person, "").await.contains(&title),
                sees,
                "{title} {}",
                person.actor.name
            );
            let event = app.events().await.pop().unwrap();
            assert_eq!(event.audience.admits(&person.actor), sees, "{title} event {}", person.actor.name);
        }
    }
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
async fn r4_100_the_list_is_filtered_searched_and_sorted() {
    let app = app().await;
    let author = manager(&app);
    for (title, sort, pinned) in [
        ("Été à la cantine", "info", false),
        ("Charte", "policy", true),
        ("Formation incendie", "training", false),
    ] {
        written(&app, &author, json!({"title": title, "content": "…", "type": sort, "isPinned": pinned}))
            .await;
        app.advance(Duration::from_secs(60));
    }
    let reader = app.person("Ana").sign_in();
    let list = |query: &'static str| titles(&app, &reader, query);
    assert_eq!(list("").await, ["Charte", "Formation incendie", "Été à la cantine"]);
    assert_eq!(list("?sort=title").await, ["Charte", "Formation incendie", "Été à la cantine"]);
    assert_eq!(list("?sort=-publishedAt").await, ["Formation incendie", "Charte", "Été à la cantine"]);
    assert_eq!(list("?type=policy").await, ["Charte"]);
    assert_eq!(list("?search=ETE%20cantine").await, ["Été à la cantine"]);
    assert_eq!(list("?search=100%25").await, [""; 0]);
    assert_eq!(list("?isPinned=false&sort=publishedAt").await, ["Été à la cantine", "Formation incendie"]);
    assert_eq!(list("?publishedAfter=2026-01-15T10:01:30Z").await, ["Formation incendie"]);
    assert_eq!(list("?unread=true&limit=1").await, ["Charte"]);
    assert_eq!(list("?unread=false").await, [""; 0]);
    assert_eq!(list("?status=scheduled").await, [""; 0]);
}

#[tokio::test]
async fn r4_239_r4_259_pages_by_number_and_by_cursor_give_the_same_list() {
    let app = app().await;
    let author = manager(&app);
    for number in 0..7 {
        written(
            &app,
            &author,
            json!({"title": format!("N{number}"), "content": "…", "isPinned": number % 3 == 0}),
        )
        .await;
    }
    let all = titles(&app, &author, "?limit=100").await;
    assert_eq!(all.len(), 7);
    let mut by_number = Vec::new();
    for page in 1..=4 {
        by_number.extend(titles(&app, &author, &format!("?limit=2&page={page}")).await);
    }
    assert_eq!(by_number, all);

    let mut by_cursor = Vec::new();
    let mut cursor = String::new();
    loop {
        let response = app
            .get(&format!("/api/v1/announcements?limit=2&cursor={cursor}"))
            .by(&author)
            .send()
            .await
            .expect(200);
        let body = response.json();
        by_cursor.extend(
            body["data"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()),
        );
        match body["pagination"]["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(by_cursor, all);
}

#[tokio::test]
async fn r3_163_c07_the_canonical_list_says_where_it_stands_and_the_compatible_one_says_it_in_headers() {
    let app = app().await;
    let author = manager(&app);
    for number in 0..3 {
        written(&app, &author, json!({"title": format!("N{number}"), "content": "…"})).await;
    }
    let canonical = app.get("/api/v1/announcements?limit=2").by(&author).send().await.expect(200).json();
    let pagination = &canonical["pagination"];
    assert_eq!(
        (&pagination["page"], &pagination["limit"], &pagination["total"], &pagination["total_pages"]),
        (&json!(1), &json!(2), &json!(3), &json!(2))
    );
    assert_eq!((&pagination["has_next"], &pagination["has_prev"]), (&json!(true), &json!(false)));
    assert_eq!((&canonical["success"], &canonical["meta"]["version"]), (&json!(true), &json!("v1")));

    let compatible = app.get("/api/announcements?limit=2").by(&author).send().await.expect(200);
    assert_eq!(compatible.json().as_array().unwrap().len(), 2);
    assert_eq!(compatible.header("x-total-count"), Some("3"));
    let link = compatible.header("link").unwrap();
    assert!(link.contains("</api/announcements?limit=2&page=2>; rel=\"next\""), "{link}");
    assert!(link.contains("rel=\"last\""), "{link}");
}

#[tokio::test]
async fn wrong_list_parameters_are_refused_by_name() {
    let app = app().await;
    let reader = app.person("Ana").sign_in();
    for (query, field, code) in [
        ("?page=1&cursor=abc", "cursor", "EXCLUSIVE"),
        ("?colour=red", "colour", "UNKNOWN_PARAMETER"),
        ("?page=1&page=2", "page", "DUPLICATE_PARAMETER"),
        ("?type=info&type=policy", "type", "DUPLICATE_PARAMETER"),
        ("?page=zero", "page", "WRONG_TYPE"),
        ("?limit=101", "limit", "TOO_BIG"),
        ("?sort=colour", "sort", "UNKNOWN_SORT"),
        ("?cursor=%21%21", "cursor", "BAD_CURSOR"),
        ("?page=100000", "page", "PAGE_TOO_DEEP"),
        ("?isPinned=maybe", "isPinned", "WRONG_TYPE"),
        ("?authorId=12", "authorId", "BAD_FORMAT"),
        ("?publishedAfter=yesterday", "publishedAfter", "BAD_FORMAT"),
        ("?search=a%00b", "search", "BAD_CHARACTERS"),
    ] {
        let response = app.get(&format!("/api/v1/announcements{query}")).by(&reader).send().await;
        assert_eq!(response.status, 400, "{query}: {}", response.text());
        assert_eq!(response.fields(), [(field.to_owned(), code.to_owned())], "{query}");
    }
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
