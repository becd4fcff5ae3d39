//! Announcements through HTTP: R4-100…R4-105, R4-212, and the rules of who sees what.

mod lists;
mod personal;
mod reading;
mod writing;

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
