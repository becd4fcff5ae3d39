//! What an attack found once must not be found again.

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;
use support::Stack;
use support::process::Place;

#[test]
fn connections_on_which_nothing_is_asked_are_closed_and_do_not_shut_others_out() {
    let place = Place::new();
    let running = place.serve(&[("SERVER_HEADER_TIMEOUT", "1s"), ("SERVER_MAX_CONNECTIONS", "8")]);
    let address = running.address.trim_start_matches("http://").to_owned();
    let mut silent: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(&address).unwrap()).collect();
    silent.iter_mut().take(4).for_each(|stream| stream.write_all(b"PRI * HTTP/2").unwrap());
    for stream in &mut silent {
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut rest = Vec::new();
        // Closed by the server: an end or a reset, never our own time-out.
        let ended = stream.read_to_end(&mut rest);
        assert!(!matches!(ended, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock));
    }
    let asked = Instant::now();
    let live = reqwest::blocking::get(format!("{}/live", running.address)).unwrap();
    assert!(live.status().is_success() && asked.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sign_ins_at_once_do_not_tell_the_right_password_from_the_wrong_ones() {
    let stack = Stack::start().await;
    stack.register("victim").await;
    let tries: Vec<_> = (0..20)
        .map(|number| {
            let right = number == 15;
            let password = if right { "a long enough phrase" } else { "a wrong enough phrase" };
            let body = json!({"username": "victim", "password": password});
            let request = stack.post("/api/v1/auth/login").json(&body);
            tokio::spawn(async move { (right, request.send().await.status) })
        })
        .collect();
    let mut answers = Vec::new();
    for answer in tries {
        answers.push(answer.await.unwrap());
    }
    let wrong: Vec<u16> = answers.iter().filter(|(right, _)| !right).map(|(_, status)| *status).collect();
    let right = answers.iter().find(|(right, _)| *right).map(|(_, status)| *status).unwrap();
    assert!(wrong.iter().filter(|status| **status == 401).count() <= 10, "{answers:?}");
    assert!(right == 200 || wrong.contains(&right), "the right password is answered apart: {answers:?}");
}

#[test]
fn whom_a_request_is_for_is_said_once() {
    let place = Place::new();
    let running = place.serve(&[]);
    let address = running.address.trim_start_matches("http://").to_owned();
    let asked = |target: &str, version: &str, hosts: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "GET {target} {version}\r\n{hosts}Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok()).unwrap()
    };
    let status = |version: &str, hosts: &str| asked("/live", version, hosts);
    assert_eq!(status("HTTP/1.1", "Host: a.example\r\n"), 200);
    assert_eq!(status("HTTP/1.1", "Host: [::1]:3000\r\n"), 200);
    assert_eq!(status("HTTP/1.0", ""), 200);
    for hosts in
        ["", "Host: a.example\r\nHost: b.example\r\n", "Host: a b\r\n", "Host: a.example, b.example\r\n"]
    {
        assert_eq!(status("HTTP/1.1", hosts), 400, "{hosts:?}");
    }
    assert_eq!(status("HTTP/1.1", "Host: user@a.example\r\n"), 400);
    // In the address as well, as HTTP/2 always has it: then it is the same one.
    assert_eq!(asked("http://a.example/live", "HTTP/1.1", "Host: A.example\r\n"), 200);
    assert_eq!(asked("http://b.example/live", "HTTP/1.1", "Host: a.example\r\n"), 400);
}

/// An object of so many fields that nobody knows.
fn noise(fields: usize) -> serde_json::Value {
    (0..fields).map(|number| (format!("f{number:05}"), json!(1))).collect::<serde_json::Map<_, _>>().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_sixty_thousand_unknown_fields_is_refused_with_fifty_of_them_named() {
    // When each field was held against all before it, one such body kept a core busy for half a minute.
    let stack = Stack::start().await;
    let token = stack.register("zoe").await;
    let details = |body: &serde_json::Value| body["error"]["details"].as_array().map(Vec::len);
    let noise = noise(60_000);
    let refresh = stack.post("/api/v1/auth/refresh").json(&noise).send().await.expect(400);
    assert_eq!(details(&refresh.json()), Some(50));
    let nulls: serde_json::Map<_, _> =
        noise.as_object().unwrap().keys().map(|key| (key.clone(), json!(null))).collect();
    for patch in [noise, nulls.into()] {
        let answer =
            stack.request("PATCH", "/api/v1/auth/me").bearer(&token).json(&patch).send().await.expect(400);
        assert_eq!(details(&answer.json()), Some(50));
    }
    // A patch is judged before what it is for is looked up, let alone locked.
    let chief = stack.register_as("ada", "admin").await;
    let nowhere = format!("/api/v1/announcements/{}", "0190ffff-0000-7000-8000-000000000000");
    stack.request("PATCH", &nowhere).bearer(&chief).json(&json!({"titel": "x"})).send().await.expect(400);
    stack.request("PATCH", &nowhere).bearer(&chief).json(&json!({"title": "x"})).send().await.expect(404);
    let long =
        stack.post("/api/v1/auth/refresh").json(&json!({"x".repeat(500_000): 1})).send().await.expect(400);
    assert!(long.text().len() < 5_000, "a long name is not given back whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_takes_time_in_proportion_to_the_texts_whatever_is_looked_for() {
    let stack = Stack::start().await;
    let token = stack.register("zoe").await;
    for number in 0..40 {
        let body = json!({"title": format!("n{number}"), "content": "a".repeat(20_000), "type": "info"});
        stack.post("/api/v1/announcements").bearer(&token).json(&body).send().await.expect(201);
    }
    for (word, found) in [("a".repeat(200), 40), (format!("{}b", "a".repeat(60)), 0)] {
        let path = format!("/api/v1/announcements?search={word}");
        let answer = stack.get(&path).bearer(&token).send().await.expect(200);
        assert_eq!(answer.json()["pagination"]["total"], found, "{word}");
    }
}
