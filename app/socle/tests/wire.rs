//! The wire through the whole stack: what is refused, how it is said, and what every answer carries.

mod support;

use serde_json::{Value, json};
use support::{Stack, at, header};

const LOGIN: &str = "/api/v1/auth/login";

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_with_a_code_and_no_trace_of_the_inside() {
    let stack = Stack::start().await;
    for body in ["", "{", "{\"a\":}", "[1,", "nul", "{\"a\":1} x"] {
        let response = stack.post(LOGIN).body("application/json", body).send().await.expect(400);
        assert_eq!(response.code(), "MALFORMED_JSON", "{body:?}");
        assert!(
            !response.text().contains("serde") && !response.text().contains("expected"),
            "{}",
            response.text()
        );
    }
}

#[tokio::test]
async fn a_key_that_stands_twice_a_deep_body_and_a_large_one_are_refused() {
    let stack = Stack::start().await;
    let twice = "{\"username\":\"a\",\"username\":\"b\",\"password\":\"c\"}";
    let response = stack.post(LOGIN).body("application/json", twice).send().await.expect(400);
    assert_eq!(response.fields(), [("username".to_owned(), "DUPLICATE_FIELD".to_owned())]);

    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let response = stack.post(LOGIN).body("application/json", deep).send().await.expect(400);
    assert_eq!(response.fields()[0].1, "TOO_DEEP");

    let large = format!("{{\"username\":\"{}\"}}", "a".repeat(2 * 1024 * 1024));
    let response = stack.post(LOGIN).body("application/json", large).send().await.expect(413);
    assert_eq!(response.code(), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn r0_11_wrong_types_unknown_fields_and_control_characters_are_named_all_at_once() {
    let stack = Stack::start().await;
    let body = json!({"email": "a@example.com", "username": 7, "passwort": "x", "firstName": "a\u{0}b"});
    let response = stack.post("/api/v1/auth/register").json(&body).send().await.expect(400);
    let fields = response.fields();
    for (field, code) in [
        ("firstName", "BAD_CHARACTERS"),
        ("password", "REQUIRED"),
        ("passwort", "UNKNOWN_FIELD"),
        ("username", "WRONG_TYPE"),
    ] {
        assert!(fields.contains(&(field.to_owned(), code.to_owned())), "{field} {code} in {fields:?}");
    }
}

#[tokio::test]
async fn another_media_type_is_415_and_another_method_is_405_with_allow() {
    let stack = Stack::start().await;
    let response = stack.post(LOGIN).body("text/plain", "{}").send().await.expect(415);
    assert_eq!(response.code(), "UNSUPPORTED_MEDIA_TYPE");
    let response = stack.request("DELETE", LOGIN).send().await.expect(405);
    assert_eq!((response.code().as_str(), header(&response, "allow")), ("METHOD_NOT_ALLOWED", "POST"));
}

#[tokio::test]
async fn c01_an_unknown_path_is_a_json_404_in_each_dialect() {
    let stack = Stack::start().await;
    let canonical = stack.get("/api/v1/nowhere").send().await.expect(404).json();
    assert_eq!(
        (at(&canonical, "/success"), at(&canonical, "/error/code")),
        (&json!(false), &json!("ROUTE_NOT_FOUND"))
    );
    let compatible = stack.get("/api/nowhere").send().await.expect(404).json();
    assert_eq!(
        (at(&compatible, "/status"), at(&compatible, "/code")),
        (&json!("error"), &json!("ROUTE_NOT_FOUND"))
    );
    stack.get("/nowhere").send().await.expect(404).json();
}

#[tokio::test]
async fn r1_109_the_compatible_dialect_says_errors_its_own_way_and_administration_does_not() {
    let stack = Stack::start().await;
    let body =
        stack.post("/api/auth/login?lang=en").json(&json!({"password": 1})).send().await.expect(400).json();
    assert_eq!((at(&body, "/status"), at(&body, "/message")), (&json!("error"), &json!("Validation failed")));
    assert_eq!(at(&body, "/errors/0/path"), &json!("password"));
    let body = stack.get("/api/admin/nowhere").send().await.expect(404).json();
    assert_eq!(at(&body, "/error/code"), &json!("ROUTE_NOT_FOUND"));
}

#[tokio::test]
async fn a_client_that_asks_for_problem_json_gets_rfc_9457() {
    let stack = Stack::start().await;
    let response = stack
        .get("/api/v1/auth/me?lang=en")
        .header("accept", "application/problem+json")
        .send()
        .await
        .expect(401);
    assert_eq!(header(&response, "content-type"), "application/problem+json");
    let body = response.json();
    assert_eq!(at(&body, "/type"), &json!("urn:socle:error:unauthorized"));
    assert_eq!(
        (at(&body, "/status"), at(&body, "/detail")),
        (&json!(401), &json!("Authentication required"))
    );
    assert!(at(&body, "/instance").as_str().unwrap().ends_with(header(&response, "x-request-id")));
}

#[tokio::test]
async fn r2_03_c05_the_language_is_the_query_s_then_the_header_s_then_french() {
    let stack = Stack::start().await;
    let sentence = |query: &'static str, accept: &'static str| {
        let request = stack.get(&format!("/api/v1/auth/me{query}")).header("accept-language", accept);
        async move { at(&request.send().await.json(), "/error/message").as_str().unwrap().to_owned() }
    };
    let (english, french) = ("Authentication required".to_owned(), sentence("", "de").await);
    assert_ne!(english, french);
    assert_eq!(sentence("?lang=en", "fr").await, english);
    assert_eq!(sentence("?lang=fr", "en").await, french);
    assert_eq!(sentence("", "en-GB,en;q=0.9,fr;q=0.5").await, english);
    assert_eq!(sentence("", "fr-CA, en;q=0.8").await, french);
}

#[tokio::test]
async fn r2_66_r2_67_r2_68_r2_70_r3_59_r3_60_every_answer_is_hardened() {
    let stack = Stack::start().await;
    for path in ["/api/v1/auth/me", "/health", "/nowhere", "/docs"] {
        let response = stack.get(path).send().await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-xss-protection", "1; mode=block"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("permissions-policy", "geolocation=(), microphone=(), camera=()"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(header(&response, name), value, "{path}");
        }
        assert!(header(&response, "content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(
            response.header("server").is_none() && response.header("strict-transport-security").is_none()
        );
    }
    let secure = Stack::with(vec![("server.trusted_proxies".into(), "192.0.2.1".into())]).await;
    let response = secure.get("/health").header("x-forwarded-proto", "https").send().await;
    assert_eq!(header(&response, "strict-transport-security"), "max-age=31536000; includeSubDomains");
}

#[tokio::test]
async fn r3_159_a_request_keeps_a_plain_identifier_of_its_own_and_gets_one_otherwise() {
    let stack = Stack::start().await;
    let id = |given: &'static str| {
        let request = stack.get("/api/v1/auth/me").header("x-request-id", given);
        async move {
            let response = request.send().await;
            let body = response.json();
            assert_eq!(at(&body, "/meta/request_id").as_str().unwrap(), header(&response, "x-request-id"));
            header(&response, "x-request-id").to_owned()
        }
    };
    assert_eq!(id("client-12345678").await, "client-12345678");
    for hostile in ["short", "a b c d e f g h", "<script>alert</script>"] {
        assert!(id(hostile).await.starts_with("req_"), "{hostile}");
    }
}

#[tokio::test]
async fn a_route_without_parameters_refuses_them_but_for_the_language() {
    let stack = Stack::start().await;
    let token = stack.register("someone").await;
    let response = stack.get("/api/v1/auth/me?x=1&lang=en").bearer(&token).send().await.expect(400);
    assert_eq!(response.fields(), [("x".to_owned(), "UNKNOWN_PARAMETER".to_owned())]);
    stack.get("/api/v1/auth/me?lang=en").bearer(&token).send().await.expect(200);
}

#[tokio::test]
async fn too_long_an_address_and_too_many_headers_are_refused() {
    let stack = Stack::start().await;
    let long = format!("/api/v1/announcements?search={}", "a".repeat(9_000));
    assert_eq!(stack.get(&long).send().await.expect(414).code(), "URI_TOO_LONG");
    let mut request = stack.get("/api/v1/auth/me");
    for number in 0..101 {
        request = request.header(&format!("x-{number}"), "a");
    }
    assert_eq!(request.send().await.expect(431).code(), "HEADERS_TOO_LARGE");
}

#[tokio::test]
async fn r2_50_r1_160_over_the_limit_is_429_with_when_to_come_back_and_others_pass() {
    let stack = Stack::with(vec![("limits.api_ip".into(), "3/1m".into())]).await;
    for left in (0..3).rev() {
        let response = stack.get("/api/v1/auth/me").send().await.expect(401);
        assert_eq!(header(&response, "ratelimit-policy"), "\"api_ip\";q=3;w=60");
        assert!(header(&response, "ratelimit").starts_with(&format!("\"api_ip\";r={left};")));
    }
    let response = stack.get("/api/v1/auth/me?lang=en").send().await.expect(429);
    assert_eq!(header(&response, "retry-after"), "20");
    let message = at(&response.json(), "/error/message").as_str().unwrap().to_owned();
    assert_eq!(message, "Too many requests from this IP, please try again later");
    stack.get("/api/v1/auth/me").from("192.0.2.2").send().await.expect(401);
    stack.get("/health").send().await.expect(200);
    stack.advance(std::time::Duration::from_secs(20));
    stack.get("/api/v1/auth/me").send().await.expect(401);
}

#[tokio::test]
async fn a_limit_on_an_account_speaks_of_the_account_and_one_on_an_address_of_the_address() {
    let limits = [("limits.api_user", "1/1m"), ("limits.api_ip", "1/1m"), ("limits.register", "9/1m")];
    let stack = Stack::with(limits.map(|(key, quota)| (key.to_owned(), quota.to_owned())).to_vec()).await;
    let token = stack.register("zoe").await;
    stack.get("/api/v1/auth/me").bearer(&token).send().await.expect(200);
    for (language, of_account, of_address) in [
        (
            "en",
            "Too many requests from this account, please try again later",
            "Too many requests from this IP, please try again later",
        ),
        (
            "fr",
            "Trop de requêtes depuis ce compte, merci de réessayer un peu plus tard",
            "Trop de requêtes depuis cette adresse IP, merci de réessayer un peu plus tard",
        ),
    ] {
        let get = || stack.get(&format!("/api/v1/auth/me?lang={language}"));
        let (account, address) = (get().bearer(&token).send().await, get().send().await);
        assert_eq!(account.refused(429, "TOO_MANY_REQUESTS").message(), of_account);
        assert_eq!(address.refused(429, "TOO_MANY_REQUESTS").message(), of_address);
    }
}

#[tokio::test]
async fn r0_09_an_api_key_has_a_limit_of_its_own_beside_its_owner_and_its_siblings() {
    let stack = Stack::with(vec![("limits.api_key".into(), "2/1m".into())]).await;
    let token = stack.register("zoe").await;
    let mut keys = Vec::new();
    for name in ["one", "other"] {
        let made = stack.post("/api/v1/api-keys").bearer(&token).json(&json!({"name": name})).send().await;
        keys.push(made.expect(201).data()["key"].as_str().unwrap().to_owned());
    }
    let ask = |key: &str| stack.get("/api/v1/auth/me?lang=en").header("x-api-key", key).send();
    let first = ask(&keys[0]).await.expect(200);
    assert_eq!(header(&first, "ratelimit-policy"), "\"api_key\";q=2;w=60");
    ask(&keys[0]).await.expect(200);
    let refused = ask(&keys[0]).await.refused(429, "TOO_MANY_REQUESTS");
    assert_eq!(refused.message(), "Too many requests with this API key, please try again later");
    ask(&keys[1]).await.expect(200);
    stack.get("/api/v1/auth/me").bearer(&token).send().await.expect(200);
}

#[tokio::test]
async fn the_document_says_where_a_version_must_be_named_and_what_keys_may_do() {
    let stack = Stack::start().await;
    let document = stack.get("/openapi.json").send().await.expect(200).json();
    let patch = at(&document, "/paths/~1api~1v1~1roles~1{name}/patch");
    let condition = at(patch, "/parameters").as_array().unwrap().iter();
    let required =
        condition.filter(|parameter| parameter["name"] == "If-Match").all(|p| p["required"] == true);
    assert!(required && patch.pointer("/responses/428").is_some(), "{patch}");
    let means = |pointer: &str| at(&document, pointer).to_string();
    assert!(means("/paths/~1api~1v1~1roles/get/security").contains("apiKey"));
    assert!(!means("/paths/~1api~1v1~1api-keys/get/security").contains("apiKey"), "in person");
    assert_eq!(at(&document, "/components/securitySchemes/apiKey/name"), "X-API-Key");
}

#[tokio::test]
async fn r2_45_r2_73_the_sixth_sign_in_of_an_address_is_429() {
    let stack = Stack::with(Vec::new()).await;
    let body = json!({"username": "nobody", "password": "wrong password"});
    for _ in 0..5 {
        stack.post(LOGIN).json(&body).send().await.expect(401);
    }
    let response = stack.post(LOGIN).json(&body).send().await.expect(429);
    assert!(header(&response, "retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn r4_15_a_forwarded_address_counts_only_behind_a_trusted_proxy() {
    let limit = ("limits.api_ip".to_owned(), "1/1m".to_owned());
    let trusting = ("server.trusted_proxies".to_owned(), "192.0.2.1".to_owned());
    let stack = Stack::with(vec![limit.clone()]).await;
    stack.get("/api/v1/auth/me").header("x-forwarded-for", "198.51.100.1").send().await.expect(401);
    stack.get("/api/v1/auth/me").header("x-forwarded-for", "198.51.100.2").send().await.expect(429);
    let stack = Stack::with(vec![limit, trusting]).await;
    stack.get("/api/v1/auth/me").header("x-forwarded-for", "198.51.100.1").send().await.expect(401);
    stack.get("/api/v1/auth/me").header("x-forwarded-for", "198.51.100.2").send().await.expect(401);
}

#[tokio::test]
async fn r3_177_r3_190_r1_236_the_health_routes_answer_in_their_documented_forms() {
    let stack = Stack::start().await;
    let health = stack.get("/health").send().await.expect(200).json();
    assert_eq!((at(&health, "/status"), at(&health, "/service")), (&json!("healthy"), &json!("socle")));
    assert_eq!(at(&health, "/components/database/status"), &json!("healthy"));
    assert!(at(&health, "/timestamp").is_i64() && at(&health, "/uptime").is_string());
    let detailed = stack.get("/health/detailed").send().await.expect(200).json();
    assert_eq!(detailed, json!({"status": "UP", "details": {"database": "UP", "mail": "UP"}}));
    assert_eq!(at(&stack.get("/ready").send().await.expect(200).json(), "/status"), &json!("ready"));
    stack.get("/live").send().await.expect(200);
    stack.ground.kit.shutdown.notice();
    let ready = stack.get("/ready").send().await.expect(503).json();
    assert_eq!(at(&ready, "/status"), &json!("not_ready"));
    stack.get("/live").send().await.expect(200);
}

#[tokio::test]
async fn r3_192_r0_22_metrics_count_by_route_and_are_for_this_machine_or_the_bearer_of_the_token() {
    let stack = Stack::start().await;
    stack.get("/api/v1/auth/me").send().await.expect(401);
    stack.get("/metrics").send().await.expect(401);
    let text = stack.get("/metrics").from("127.0.0.1").send().await.expect(200).text();
    assert!(text.contains("route=\"/auth/me\"") && text.contains("status=\"401\""), "{text}");
    let stack = Stack::with(vec![("metrics.token".into(), "a-token-of-the-collector".into())]).await;
    stack.get("/metrics").from("127.0.0.1").send().await.expect(401);
    stack.get("/metrics").bearer("a-token-of-the-collector").send().await.expect(200);
}

#[tokio::test]
async fn c06_r3_157_data_are_in_camel_case_and_the_envelope_in_snake_case() {
    let stack = Stack::start().await;
    let token = stack.register("someone").await;
    let body = stack.get("/api/v1/announcements").bearer(&token).send().await.expect(200).json();
    assert!(at(&body, "/meta/timestamp").is_string() && at(&body, "/meta/request_id").is_string());
    assert!(at(&body, "/pagination/next_cursor").is_null());
    let me = stack.get("/api/v1/auth/me").bearer(&token).send().await.expect(200).json();
    fn keys(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| {
                found.push(key.clone());
                keys(value, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    keys(at(&me, "/data"), &mut found);
    assert!(found.iter().all(|key| !key.contains('_')), "{found:?}");
}

#[tokio::test]
async fn answers_with_tokens_are_never_kept_and_reads_are_kept_only_by_their_reader() {
    let stack = Stack::start().await;
    let token = stack.register("someone").await;
    let body = json!({"username": "someone", "password": "a long enough phrase"});
    let signed_in = stack.post(LOGIN).json(&body).send().await.expect(200);
    assert_eq!((header(&signed_in, "cache-control"), signed_in.header("etag")), ("no-store", None));
    let me = stack.get("/api/v1/auth/me").bearer(&token).send().await.expect(200);
    assert_eq!(header(&me, "cache-control"), "private, no-cache");
    assert!(me.header("etag").is_some());
}

#[tokio::test]
async fn a_limit_of_the_route_itself_is_told_when_it_is_reached() {
    let stack = Stack::with(vec![("limits.login".into(), "1/15m".into())]).await;
    let body = json!({"username": "nobody", "password": "wrong password"});
    stack.post(LOGIN).json(&body).send().await.expect(401);
    let response = stack.post(LOGIN).json(&body).send().await.expect(429);
    let policies: Vec<&str> = response.headers("ratelimit-policy");
    assert!(policies.contains(&"\"login\";q=1;w=900"), "{policies:?}");
}

#[tokio::test]
async fn a24_signing_out_with_a_refresh_token_ends_its_session_too() {
    let stack = Stack::start().await;
    let first = stack.register("someone").await;
    let body = json!({"username": "someone", "password": "a long enough phrase"});
    let second = stack.post(LOGIN).json(&body).send().await.expect(200).data();
    let other = json!({"refreshToken": at(&second, "/refreshToken")});
    stack.post("/api/v1/auth/logout").bearer(&first).json(&other).send().await.expect(204);
    for token in [first.as_str(), at(&second, "/accessToken").as_str().unwrap()] {
        stack.get("/api/v1/auth/me").bearer(token).send().await.expect(401);
    }
    stack.post("/api/v1/auth/refresh").json(&other).send().await.expect(401);
}
