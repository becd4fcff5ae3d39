//! Two nodes on one PostgreSQL database: what one of them ends is over on the other within a second, and what
//! happens on one is told by the other.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation fails the test"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use support::process::{Place, Running};

/// What is taken away on one node is gone on every node within this time.
const SEEN: Duration = Duration::from_secs(1);
/// Longer than anything here takes; what has not come by then never will.
const NEVER: Duration = Duration::from_secs(30);
const PASSWORD: &str = "Girafe-samovar7!";
const ME: &str = "/api/v1/auth/me";

/// Two servers on one database.
struct Nodes {
    place: Place,
    a: Running,
    b: Running,
    http: Client,
}

impl Nodes {
    /// Both, started; none where the database is a file, which only one process may have.
    fn start() -> Option<Self> {
        let place = Place::new();
        if !place.is_shareable() {
            return None;
        }
        let open = [("LIMITS_API_USER", "off"), ("LIMITS_API_IP", "off"), ("LIMITS_LOGIN", "off")];
        let settings: Vec<_> = open.into_iter().chain([("LIMITS_REGISTER", "off")]).collect();
        let (a, b) = (place.serve(&settings), place.serve(&settings));
        assert_ne!(a.address, b.address);
        Some(Self { place, a, b, http: Client::builder().timeout(NEVER).build().unwrap() })
    }

    fn get(&self, node: &Running, path: &str, token: &str) -> Response {
        self.http.get(format!("{}{path}", node.address)).bearer_auth(token).send().unwrap()
    }

    fn post(&self, node: &Running, path: &str, token: &str, body: &Value) -> Response {
        self.http.post(format!("{}{path}", node.address)).bearer_auth(token).json(body).send().unwrap()
    }

    /// Registers somebody on the first node; the access token.
    fn register(&self, username: &str) -> String {
        let email = format!("{username}@example.org");
        let body = json!({"email": email, "username": username, "password": PASSWORD});
        let answer: Value = self.post(&self.a, "/api/v1/auth/register", "", &body).json().unwrap();
        answer["data"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    fn promote(&self, username: &str, role: &str) {
        let output = self.place.run(&["user", "promote", username, "--role", role]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Registers an administrator on the first node; the access token.
    fn administrator(&self, username: &str) -> String {
        self.register(username);
        self.promote(username, "admin");
        self.sign_in(username)
    }

    /// Signs in on the first node; the access token.
    fn sign_in(&self, username: &str) -> String {
        let body = json!({"username": username, "password": PASSWORD});
        let answer: Value = self.post(&self.a, "/api/v1/auth/login", "", &body).json().unwrap();
        answer["data"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Gives a role these permissions, on the first node.
    fn write_role(&self, name: &str, permissions: &Value, token: &str) {
        let path = format!("{}/api/v1/roles/{name}", self.a.address);
        let role = self.http.get(&path).bearer_auth(token).send().unwrap();
        let tag = role.headers()["etag"].clone();
        let patch = self.http.patch(&path).bearer_auth(token).header("if-match", tag);
        let answer = patch.json(&json!({"permissions": permissions})).send().unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().unwrap());
    }

    /// An announcement, and the list of its readers: for those who manage announcements, and for the author.
    fn readers_of_an_announcement(&self) -> String {
        let author = self.register("ann");
        let body = json!({"title": "Summer party", "content": "In the garden."});
        let written: Value = self.post(&self.a, "/api/v1/announcements", &author, &body).json().unwrap();
        let id = written["data"]["id"].as_str().unwrap_or_else(|| panic!("{written}"));
        format!("/api/v1/announcements/{id}/readers")
    }

    /// Asks a node until it answers with `status`. No request may have been answered otherwise that began later
    /// than [`SEEN`] after `since`.
    fn answers_in_time(
        &self,
        node: &Running,
        status: u16,
        since: Instant,
        ask: impl Fn(&Running) -> Response,
    ) {
        loop {
            let begun = since.elapsed();
            let response = ask(node);
            if response.status() == status {
                return;
            }
            assert!(begun < SEEN, "{begun:?} after the change the answer is still {}", response.status());
        }
    }
}

#[test]
fn who_signs_out_on_one_node_is_unknown_to_the_other_within_a_second() {
    let Some(nodes) = Nodes::start() else { return };
    let token = nodes.register("zoe");
    assert_eq!(nodes.get(&nodes.b, ME, &token).status(), 200, "both nodes trust one key");
    let sign_out = nodes.http.post(format!("{}/api/v1/auth/logout", nodes.a.address)).bearer_auth(&token);
    assert_eq!(sign_out.send().unwrap().status(), 204);
    let over = Instant::now();
    nodes.answers_in_time(&nodes.b, 401, over, |node| nodes.get(node, ME, &token));
}

#[test]
fn who_loses_a_role_may_no_longer_use_it_on_any_node_after_a_second() {
    let Some(nodes) = Nodes::start() else { return };
    let readers = nodes.readers_of_an_announcement();
    let token = nodes.register("zoe");
    assert_eq!(nodes.get(&nodes.b, &readers, &token).status(), 403);

    nodes.promote("zoe", "moderator");
    let token = nodes.sign_in("zoe");
    let may_see = |node: &Running| nodes.get(node, &readers, &token);
    let given = Instant::now();
    for node in [&nodes.a, &nodes.b] {
        nodes.answers_in_time(node, 200, given, may_see);
    }
    nodes.promote("zoe", "user");
    let taken = Instant::now();
    for node in [&nodes.b, &nodes.a] {
        nodes.answers_in_time(node, 401, taken, may_see);
    }
    let token = nodes.sign_in("zoe");
    for node in [&nodes.a, &nodes.b] {
        assert_eq!(nodes.get(node, &readers, &token).status(), 403);
    }
}

#[test]
fn a_permission_that_is_granted_and_taken_back_on_one_node_is_so_on_every_node_within_a_second() {
    let Some(nodes) = Nodes::start() else { return };
    let readers = nodes.readers_of_an_announcement();
    let (boss, token) = (nodes.administrator("boss"), nodes.register("zoe"));
    let may_see = |node: &Running| nodes.get(node, &readers, &token);
    assert_eq!(may_see(&nodes.b).status(), 403);
    let me: Value = nodes.get(&nodes.a, ME, &token).json().unwrap();
    let body = json!({"userId": me["data"]["id"], "permission": "manage_announcements"});
    let grant: Value = nodes.post(&nodes.a, "/api/v1/permissions", &boss, &body).json().unwrap();
    let given = Instant::now();
    let id = grant["data"]["id"].as_str().unwrap_or_else(|| panic!("{grant}"));
    assert_eq!(may_see(&nodes.a).status(), 200, "at once where it was granted");
    nodes.answers_in_time(&nodes.b, 200, given, may_see);

    let revoke = nodes.http.delete(format!("{}/api/v1/permissions/{id}", nodes.a.address)).bearer_auth(&boss);
    assert_eq!(revoke.send().unwrap().status(), 204);
    let taken = Instant::now();
    assert_eq!(may_see(&nodes.a).status(), 403, "at once where it was taken back");
    nodes.answers_in_time(&nodes.b, 403, taken, may_see);
}

#[test]
fn what_a_role_holds_is_changed_on_every_node_within_a_second() {
    let Some(nodes) = Nodes::start() else { return };
    let readers = nodes.readers_of_an_announcement();
    let (boss, token) = (nodes.administrator("boss"), nodes.register("zoe"));
    let may_see = |node: &Running| nodes.get(node, &readers, &token);
    assert_eq!(may_see(&nodes.b).status(), 403);
    nodes.write_role("user", &json!(["manage_announcements"]), &boss);
    let given = Instant::now();
    assert_eq!(may_see(&nodes.a).status(), 200, "at once where it was written");
    nodes.answers_in_time(&nodes.b, 200, given, may_see);
    nodes.write_role("user", &json!([]), &boss);
    let taken = Instant::now();
    assert_eq!(may_see(&nodes.a).status(), 403, "at once where it was written");
    nodes.answers_in_time(&nodes.b, 403, taken, may_see);
}

#[test]
fn an_api_key_that_is_taken_back_on_one_node_is_unknown_to_the_other_within_a_second() {
    let Some(nodes) = Nodes::start() else { return };
    let token = nodes.register("zoe");
    let made: Value =
        nodes.post(&nodes.a, "/api/v1/api-keys", &token, &json!({"name": "Build"})).json().unwrap();
    let key = made["data"]["key"].as_str().unwrap_or_else(|| panic!("{made}"));
    let ask = |node: &Running| {
        nodes.http.get(format!("{}{ME}", node.address)).header("x-api-key", key).send().unwrap()
    };
    for node in [&nodes.a, &nodes.b] {
        assert_eq!(ask(node).status(), 200);
    }
    let id = made["data"]["id"].as_str().unwrap();
    let revoke = nodes.http.delete(format!("{}/api/v1/api-keys/{id}", nodes.a.address)).bearer_auth(&token);
    assert_eq!(revoke.send().unwrap().status(), 204);
    let over = Instant::now();
    nodes.answers_in_time(&nodes.b, 401, over, ask);
}

#[test]
fn whose_password_is_set_by_another_is_signed_out_on_every_node_within_a_second() {
    let Some(nodes) = Nodes::start() else { return };
    let token = nodes.register("zoe");
    for node in [&nodes.a, &nodes.b] {
        assert_eq!(nodes.get(node, ME, &token).status(), 200);
    }
    assert!(nodes.place.run(&["user", "set-password", "zoe"]).status.success());
    let over = Instant::now();
    for node in [&nodes.b, &nodes.a] {
        nodes.answers_in_time(node, 401, over, |node| nodes.get(node, ME, &token));
    }
}

#[test]
fn who_is_switched_off_is_unknown_to_every_node_within_a_second() {
    let Some(nodes) = Nodes::start() else { return };
    let token = nodes.register("zoe");
    for node in [&nodes.a, &nodes.b] {
        assert_eq!(nodes.get(node, ME, &token).status(), 200);
    }
    // There is no command for it yet: the row is what both nodes look at.
    nodes.place.change("UPDATE identity_user SET is_active = FALSE WHERE username_folded = 'zoe'");
    let over = Instant::now();
    for node in [&nodes.b, &nodes.a] {
        nodes.answers_in_time(node, 401, over, |node| nodes.get(node, ME, &token));
    }
}

#[test]
fn a_key_that_is_replaced_at_once_signs_for_both_nodes_and_its_tokens_are_believed_by_both() {
    let Some(nodes) = Nodes::start() else { return };
    let old = nodes.register("zoe");
    for node in [&nodes.a, &nodes.b] {
        assert_eq!(nodes.get(node, ME, &old).status(), 200);
    }
    assert!(nodes.place.run(&["keys", "rotate", "--at-once"]).status.success());
    // Both look every five seconds.
    let since = Instant::now();
    for node in [&nodes.a, &nodes.b] {
        while nodes.get(node, ME, &old).status() != 401 {
            assert!(since.elapsed() < NEVER, "the old key is still believed");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    let new = nodes.register("ann");
    for node in [&nodes.a, &nodes.b] {
        assert_eq!(nodes.get(node, ME, &new).status(), 200);
    }
    let told: Value =
        nodes.http.get(format!("{}/.well-known/jwks.json", nodes.b.address)).send().unwrap().json().unwrap();
    assert_eq!(told["keys"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_happens_on_one_node_is_told_on_the_stream_of_the_other() {
    let Some(nodes) = Nodes::start() else { return };
    let (author, reader) = (nodes.register("ann"), nodes.register("zoe"));
    let response = nodes.get(&nodes.b, "/api/v1/events/stream?kinds=announcement.created", &reader);
    assert_eq!(response.status(), 200);
    let (heard, hears) = mpsc::channel();
    // It ends with the server that it listens to.
    std::thread::spawn(move || {
        for line in BufReader::new(response).lines().map_while(Result::ok) {
            let event =
                line.strip_prefix("data:").and_then(|data| serde_json::from_str::<Value>(data.trim()).ok());
            let subject = event.and_then(|event| event["subject"].as_str().map(str::to_owned));
            if subject.is_some_and(|subject| heard.send(subject).is_err()) {
                return;
            }
        }
    });
    for title in ["First", "Second"] {
        let body = json!({"title": title, "content": "Told to everybody."});
        let written: Value = nodes.post(&nodes.a, "/api/v1/announcements", &author, &body).json().unwrap();
        let id = written["data"]["id"].as_str().unwrap_or_else(|| panic!("{written}"));
        assert_eq!(hears.recv_timeout(NEVER).unwrap(), id);
    }
}
