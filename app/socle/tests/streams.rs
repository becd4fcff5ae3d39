//! Streams that are open when what opened them ends: they end with it, whichever way it was.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation fails the test")]

mod support;

use std::io::Read;
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use support::process::{Place, Running};

const STREAM: &str = "/api/v1/events/stream";
const PASSWORD: &str = "Girafe-samovar7!";
/// Longer than anything here takes: a stream that has not ended by then would not.
const NEVER: Duration = Duration::from_secs(20);

struct Server {
    running: Running,
    http: Client,
    _place: Place,
}

impl Server {
    fn start() -> Self {
        let place = Place::new();
        let open = ["API_USER", "API_IP", "LOGIN", "REGISTER", "AUTH"].map(|name| format!("LIMITS_{name}"));
        let settings: Vec<(&str, &str)> = open.iter().map(|name| (name.as_str(), "off")).collect();
        let running = place.serve(&settings);
        Self { running, http: Client::builder().timeout(NEVER).build().unwrap(), _place: place }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.running.address)
    }

    fn post(&self, path: &str, body: &Value) -> Response {
        self.http.post(self.at(path)).json(body).send().unwrap()
    }

    /// Signs in; the answer.
    fn sign_in(&self, session: &str) -> Response {
        let body = json!({"username": "zoe", "password": PASSWORD, "session": session});
        let answer = self.post("/api/v1/auth/login", &body);
        assert_eq!(answer.status(), 200);
        answer
    }

    fn token(&self) -> String {
        let answer: Value = self.sign_in("tokens").json().unwrap();
        answer.pointer("/data/accessToken").and_then(Value::as_str).unwrap().to_owned()
    }

    fn registered() -> Self {
        let server = Self::start();
        let body = json!({"email": "zoe@example.org", "username": "zoe", "password": PASSWORD});
        assert_eq!(server.post("/api/v1/auth/register", &body).status(), 201);
        server
    }

    /// A stream that is open: its head has arrived.
    fn stream(&self, who: impl Fn(RequestBuilder) -> RequestBuilder) -> Response {
        let response = who(self.http.get(self.at(STREAM))).send().unwrap();
        assert_eq!(response.status(), 200);
        response
    }
}

/// Reads to the end, which must come; the time-out of the client is an error.
fn ends(mut stream: Response) {
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap_or_else(|error| panic!("the stream went on: {error}"));
}

#[test]
fn r4_41_a_session_that_is_ended_from_another_one_takes_its_stream_with_it() {
    let server = Server::registered();
    let (lost, here) = (server.token(), server.token());
    let stream = server.stream(|request| request.bearer_auth(&lost));
    let end = server.http.delete(server.at("/api/v1/auth/sessions")).bearer_auth(&here);
    assert_eq!(end.send().unwrap().status(), 204);
    ends(stream);
    let again = server.http.get(server.at(STREAM)).bearer_auth(&lost).send().unwrap();
    assert_eq!(again.status(), 401, "and it does not come back");
}

#[test]
fn c29_a_changed_password_ends_the_streams_of_the_other_sessions() {
    let server = Server::registered();
    let (lost, here) = (server.token(), server.token());
    let stream = server.stream(|request| request.bearer_auth(&lost));
    let body = json!({"currentPassword": PASSWORD, "newPassword": "Samovar-girafe8!"});
    let change = server.http.put(server.at("/api/v1/auth/password")).bearer_auth(&here).json(&body);
    assert_eq!(change.send().unwrap().status(), 204);
    ends(stream);
    let again = server.http.get(server.at(STREAM)).bearer_auth(&lost).send().unwrap();
    assert_eq!(again.status(), 401);
}

#[test]
fn a_stream_opens_by_cookie_without_more_and_ends_when_its_session_is_signed_out() {
    let server = Server::registered();
    let answer = server.sign_in("cookie");
    let set = answer.headers().get_all("set-cookie").iter();
    let cookies: Vec<String> =
        set.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned()).collect();
    let cookies = cookies.join("; ");
    let answer: Value = answer.json().unwrap();
    let csrf = answer.pointer("/data/csrfToken").and_then(Value::as_str).unwrap();
    let stream = server.stream(|request| request.header("cookie", &cookies));
    let out = || server.http.post(server.at("/api/v1/auth/logout")).header("cookie", &cookies);
    assert_eq!(out().send().unwrap().status(), 403, "a write needs the token");
    assert_eq!(out().header("x-csrf-token", csrf).send().unwrap().status(), 204);
    ends(stream);
}
