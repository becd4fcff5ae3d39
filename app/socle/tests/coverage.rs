//! The coverage ratchet: every route of the document refuses the anonymous and the unauthorised, and a refusal
//! writes no event. The exceptions are in `public-endpoints.txt`, which may only shrink.

mod support;

use std::collections::BTreeSet;

use serde_json::json;
use socle_kit::http::Policy;
use support::Stack;

fn target(template: &str) -> String {
    let mut path = String::from("/api/v1");
    for part in template.split('/').skip(1) {
        path.push('/');
        path.push_str(if part.starts_with('{') { "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" } else { part });
    }
    path
}

fn public_endpoints() -> BTreeSet<String> {
    include_str!("public-endpoints.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn r4_194_every_route_refuses_the_anonymous_unless_it_is_listed_as_public() {
    let stack = Stack::start().await;
    let before = stack.event_count().await;
    let listed = public_endpoints();
    let mut public = BTreeSet::new();
    for card in &stack.cards {
        let name = format!("{} {}", card.method, card.path);
        if card.policy() == Some(Policy::Public) {
            public.insert(name);
            continue;
        }
        let response = stack.request(card.method.as_str(), &target(card.path)).json(&json!({})).send().await;
        assert_eq!(response.status, 401, "{name}: {}", response.text());
    }
    assert_eq!(public, listed, "public-endpoints.txt must list exactly the public routes");
    assert_eq!(stack.event_count().await, before);
}

#[tokio::test]
async fn r4_196_every_route_with_a_permission_refuses_those_who_lack_it() {
    let stack = Stack::start().await;
    let token = stack.register_as("nobody", "user").await;
    let before = stack.event_count().await;
    let mut checked = 0;
    for card in &stack.cards {
        let Some(Policy::Permission(permission)) = card.policy() else { continue };
        let name = format!("{} {}", card.method, card.path);
        let response = stack
            .request(card.method.as_str(), &target(card.path))
            .bearer(&token)
            .json(&json!({}))
            .send()
            .await;
        assert!(matches!(response.status, 403 | 404), "{name} ({permission}): {}", response.text());
        checked += 1;
    }
    assert!(checked >= 5, "only {checked} routes have a permission");
    assert_eq!(stack.event_count().await, before);
}

#[tokio::test]
async fn every_route_is_in_the_document_with_its_security_and_nothing_else_is() {
    let stack = Stack::start().await;
    let document = stack.get("/openapi.json").send().await.expect(200).json();
    let paths = document["paths"].as_object().unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert(format!("{} {path}", method.to_uppercase()));
            let open = operation["security"].as_array().unwrap().is_empty();
            let name = format!("{} {}", method.to_uppercase(), path.trim_start_matches("/api/v1"));
            assert_eq!(open, public_endpoints().contains(&name), "{name}");
        }
    }
    let routes: BTreeSet<String> =
        stack.cards.iter().map(|card| format!("{} /api/v1{}", card.method, card.path)).collect();
    assert_eq!(described, routes);
}

#[tokio::test]
async fn a_neighbours_session_token_opens_nothing_of_ours() {
    let stack = Stack::start().await;
    let other = Stack::start().await;
    let token = other.register("stranger").await;
    stack.get("/api/v1/auth/me").bearer(&token).send().await.expect(401);
}
