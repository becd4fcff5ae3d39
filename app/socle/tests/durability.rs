//! Nothing acknowledged is lost: `kill -9` in the middle of many creates, then a restart.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation fails the test"
)]

mod support;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::process::{Place, Running};

/// How many creates are under way when the server dies.
const CREATES: usize = 5_000;
/// How many clients ask at once.
const CLIENTS: usize = 64;

fn sign_in(running: &Running, username: &str, password: &str) -> String {
    let body = json!({"username": username, "password": password});
    let response = reqwest::blocking::Client::new()
        .post(format!("{}/api/v1/auth/login", running.address))
        .json(&body)
        .send()
        .unwrap();
    let answer: Value = response.json().unwrap();
    answer["data"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// Creates announcements from many clients until the server is gone; gives back what was acknowledged.
fn create_until_killed(running: Running, token: &str) -> HashSet<String> {
    let acknowledged = Arc::new(Mutex::new(HashSet::new()));
    let started = Arc::new(AtomicUsize::new(0));
    let url = format!("{}/api/v1/announcements", running.address);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (acknowledged, started) = (acknowledged.clone(), started.clone());
            let (url, token) = (url.clone(), token.to_owned());
            std::thread::spawn(move || {
                let http =
                    reqwest::blocking::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
                while started.fetch_add(1, Ordering::SeqCst) < CREATES {
                    let body =
                        json!({"title": format!("client {client}"), "content": "written before the fall"});
                    let Ok(response) = http.post(&url).bearer_auth(&token).json(&body).send() else { return };
                    assert_eq!(response.status(), 201);
                    let Ok(answer) = response.json::<Value>() else { return };
                    acknowledged.lock().unwrap().insert(answer["data"]["id"].as_str().unwrap().to_owned());
                }
            })
        })
        .collect();
    let deadline = Instant::now() + Duration::from_secs(60);
    while acknowledged.lock().unwrap().len() < CREATES / 3 {
        assert!(Instant::now() < deadline, "the creates are too slow");
        std::thread::yield_now();
    }
    running.kill();
    clients.into_iter().for_each(|client| client.join().expect("no client saw a wrong answer"));
    let acknowledged = acknowledged.lock().unwrap();
    acknowledged.clone()
}

/// Every announcement there is, read by cursor.
fn everything(running: &Running, token: &str) -> Vec<String> {
    let http = reqwest::blocking::Client::new();
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let url = format!("{}/api/v1/announcements?limit=100&cursor={cursor}", running.address);
        let page: Value = http.get(url).bearer_auth(token).send().unwrap().json().unwrap();
        ids.extend(
            page["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        match page["pagination"]["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return ids,
        }
    }
}

/// The subjects of every creation told on the stream, from the beginning.
fn creations_told(running: &Running, token: &str, expected: usize) -> HashMap<String, usize> {
    use std::io::{BufRead, BufReader};
    let url = format!("{}/api/v1/events/stream?lastEventId=0&kinds=announcement.created", running.address);
    let response = reqwest::blocking::Client::builder()
        .timeout(None)
        .build()
        .unwrap()
        .get(url)
        .bearer_auth(token)
        .send()
        .unwrap();
    assert_eq!(response.status(), 200);
    let mut told: HashMap<String, usize> = HashMap::new();
    for line in BufReader::new(response).lines() {
        let line = line.unwrap();
        let Some(data) = line.strip_prefix("data:") else { continue };
        let Ok(event) = serde_json::from_str::<Value>(data.trim()) else { continue };
        let Some(subject) = event["subject"].as_str() else { continue };
        *told.entry(subject.to_owned()).or_default() += 1;
        if told.len() >= expected {
            break;
        }
    }
    told
}

#[test]
fn after_kill_9_every_acknowledged_announcement_and_its_event_is_there_once() {
    let place = Place::new();
    let added = place.run(&["user", "add", "writer", "--email", "writer@example.com", "--role", "admin"]);
    let said = String::from_utf8(added.stdout).unwrap();
    let password =
        said.lines().find_map(|line| line.split_once(": ")).map(|(_, rest)| rest).unwrap_or_default();
    let password = password.split_whitespace().next().unwrap_or_else(|| panic!("{said}")).to_owned();
    let open = [("LIMITS_API_USER", "off"), ("LIMITS_API_IP", "off"), ("LIMITS_LOGIN", "off")];

    let running = place.serve(&open);
    let token = sign_in(&running, "writer", &password);
    let acknowledged = create_until_killed(running, &token);
    assert!(acknowledged.len() >= CREATES / 3);

    let restarted = Instant::now();
    let running = place.serve(&open);
    assert!(restarted.elapsed() < Duration::from_secs(5), "recovery took {:?}", restarted.elapsed());
    let token = sign_in(&running, "writer", &password);
    let there = everything(&running, &token);
    let unique: HashSet<String> = there.iter().cloned().collect();
    assert_eq!(there.len(), unique.len(), "none is there twice");
    let lost: Vec<_> = acknowledged.difference(&unique).collect();
    assert!(lost.is_empty(), "{} acknowledged announcements are lost", lost.len());

    let told = creations_told(&running, &token, unique.len());
    assert_eq!(
        told.keys().cloned().collect::<HashSet<_>>(),
        unique,
        "each row has its event and each event its row"
    );
    assert!(told.values().all(|times| *times == 1), "no event is told twice");
    assert_eq!(running.terminate(), Some(0));
}
