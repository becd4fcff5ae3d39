//! Lists: filters, search, order, pages.

use std::time::Duration;

use serde_json::json;

use super::{app, manager, titles, written};

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
