//! The binary as an operator meets it.
#![expect(clippy::unwrap_used, reason = "a failed expectation fails the test")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use serde_json::{Value, json};
use support::process::Place;

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn post(address: &str, path: &str, body: &Value) -> (u16, Value) {
    let response =
        reqwest::blocking::Client::new().post(format!("{address}{path}")).json(body).send().unwrap();
    (response.status().as_u16(), response.json().unwrap())
}

#[test]
fn the_first_start_makes_everything_says_where_it_is_in_five_lines_and_prints_a_password_once() {
    let place = Place::new();
    let running = place.serve(&[]);
    assert_eq!(running.banner.len(), 5, "{:?}", running.banner);
    let line = running.banner.iter().find(|line| line.contains("password")).unwrap();
    let (user, rest) = line.trim().strip_prefix("admin").unwrap().trim().split_once(", password ").unwrap();
    let password = rest.split_whitespace().next().unwrap();
    let (status, answer) =
        post(&running.address, "/api/v1/auth/login", &json!({"username": user, "password": password}));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["data"]["user"]["role"], "admin");
    assert_eq!(running.terminate(), Some(0));

    let again = place.serve(&[]);
    assert!(again.banner.iter().all(|line| !line.contains("password")), "{:?}", again.banner);

    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&place.data()), 0o700);
    let keys = std::fs::read_dir(place.data().join("keys")).unwrap();
    let mut checked = 0;
    for key in keys {
        assert_eq!(mode(&key.unwrap().path()), 0o600);
        checked += 1;
    }
    assert!(checked > 0, "a signing key was made");
}

#[test]
fn a_wrong_setting_is_named_with_its_nearest_and_the_server_does_not_start() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("socle.toml"), "[server]\nprot = 1\n").unwrap();
    let output = place.command(&["config", "check"]).env("LOG_FORMAT", "yaml").output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    let said = text(&output);
    assert!(said.contains("server.prot") && said.contains("server.port"), "{said}");
    assert!(said.contains("LOG_FORMAT") || said.contains("log.format"), "{said}");
    assert_eq!(place.run(&["serve"]).status.code(), Some(78));
}

#[test]
fn r0_15_settings_are_shown_with_their_source_and_secrets_never() {
    let place = Place::new();
    std::fs::write(place.folder.path().join(".env"), "JWT_SECRET=a-secret-of-more-than-thirty-two-bytes\n")
        .unwrap();
    let output =
        place.command(&["config", "show", "--port", "9000"]).env("LANGUAGE_DEFAULT", "en").output().unwrap();
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("thirty-two"), "{said}");
    let line = |key: &str| {
        said.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key}: {said}")).to_owned()
    };
    assert!(line("server.port").contains("9000") && line("server.port").contains("--port"));
    assert!(line("jwt.secret").contains(".env"));
    assert!(line("language.default").contains("LANGUAGE_DEFAULT"));
}

#[test]
fn accounts_are_added_promoted_listed_and_given_passwords() {
    let place = Place::new();
    let added = place.run(&["user", "add", "ana", "--email", "ana@example.com"]);
    assert!(added.status.success(), "{}", text(&added));
    let twice = place.run(&["user", "add", "ana", "--email", "other@example.com"]);
    assert!(!twice.status.success());
    assert!(text(&twice).contains("Username already taken"), "{}", text(&twice));
    assert!(place.run(&["user", "promote", "ana", "--role", "manager"]).status.success());
    let unknown = place.run(&["user", "promote", "ana", "--role", "emperor"]);
    assert!(!unknown.status.success(), "{}", text(&unknown));
    assert!(place.run(&["user", "set-password", "ana"]).status.success());
    let listed = place.run(&["user", "list", "--json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let ana = listed.as_array().unwrap().iter().find(|user| user["username"] == "ana").unwrap();
    assert_eq!((&ana["role"], &ana["isActive"]), (&json!("manager"), &json!(true)));
}

#[test]
fn keys_are_made_listed_and_rotated_in_both_languages() {
    let place = Place::new();
    assert!(place.run(&["migrate", "up"]).status.success());
    let listed = place.run(&["keys", "list"]);
    assert!(listed.status.success() && text(&listed).contains("No key signs"), "{}", text(&listed));
    let states = || -> Vec<String> {
        let listed = place.run(&["keys", "list", "--json"]);
        let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
        listed["signing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["state"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(place.run(&["keys", "rotate"]).status.success());
    assert_eq!(states(), ["in-force"]);
    let rotated = place.run(&["keys", "rotate"]);
    assert!(text(&rotated).contains("is announced and signs from"), "{}", text(&rotated));
    assert_eq!(states(), ["announced", "in-force"]);
    let replaced = place.run(&["keys", "rotate", "--at-once", "--lang", "fr"]);
    assert!(text(&replaced).contains("n’est plus cru"), "{}", text(&replaced));
    assert_eq!(states(), ["in-force"]);
    let secret = [("JWT_SECRET", "q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa")];
    let refused = place.command(&["keys", "rotate"]).envs(secret).output().unwrap();
    assert!(!refused.status.success() && text(&refused).contains("JWT_SECRET"), "{}", text(&refused));
}

#[test]
fn what_is_held_about_somebody_is_exported_and_erased() {
    let place = Place::new();
    for name in ["ana", "bob"] {
        assert!(
            place.run(&["user", "add", name, "--email", &format!("{name}@example.com")]).status.success()
        );
    }
    let nobody = place.run(&["user", "promote", "nobody"]);
    assert!(!nobody.status.success());
    assert!(text(&nobody).contains("There is no account nobody."), "{}", text(&nobody));
    assert!(text(&nobody).contains("socle user list"), "{}", text(&nobody));
    let exported = place.run(&["user", "export-data", "ana"]);
    let document: Value = serde_json::from_slice(&exported.stdout).unwrap();
    assert_eq!(document["account"][0]["email"], "ana@example.com");
    assert_eq!(document["announcements"], json!([]));
    let unsure = place.run(&["user", "erase", "ana"]);
    assert!(!unsure.status.success() && text(&unsure).contains("--yes"), "{}", text(&unsure));
    let erased = place.run(&["user", "erase", "ana@example.com", "--yes"]);
    assert!(erased.status.success(), "{}", text(&erased));
    let listed = place.run(&["user", "list", "--json"]);
    assert!(!text(&listed).contains("ana") && text(&listed).contains("bob"), "{}", text(&listed));
}

#[test]
fn the_doctor_finds_open_files_and_a_world_that_is_trusted_and_says_so_in_json_and_by_its_exit_code() {
    let place = Place::new();
    assert!(place.run(&["migrate", "up"]).status.success());
    let healthy = place.run(&["doctor", "--json"]);
    let report: Value = serde_json::from_slice(&healthy.stdout).unwrap();
    assert_eq!((healthy.status.code(), &report["status"]), (Some(0), &json!("ok")), "{report}");

    std::fs::set_permissions(place.data(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let ill = place.command(&["doctor", "--json"]).env("TRUSTED_PROXIES", "0.0.0.0/0").output().unwrap();
    let report: Value = serde_json::from_slice(&ill.stdout).unwrap();
    assert_eq!((ill.status.code(), &report["status"]), (Some(1), &json!("error")));
    let codes: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["level"] == "error")
        .map(|finding| {
            assert!(finding["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{finding}");
            finding["code"].as_str().unwrap()
        })
        .collect();
    assert!(codes.contains(&"doctor-files-open") && codes.contains(&"doctor-proxy-everyone"), "{codes:?}");
}

#[test]
fn migrations_are_planned_applied_and_then_done() {
    let place = Place::new();
    let plan = text(&place.run(&["migrate", "plan"]));
    assert!(plan.contains("CREATE TABLE intranet_announcement"), "{plan}");
    assert!(text(&place.run(&["migrate", "status"])).contains("pending"));
    assert!(place.run(&["migrate", "up"]).status.success());
    let status = text(&place.run(&["migrate", "status"]));
    assert!(status.contains("applied") && !status.contains("pending"), "{status}");
}

#[test]
fn the_demonstration_is_refused_where_others_can_reach_it() {
    let place = Place::new();
    let refused = place.command(&["seed", "--demo"]).env("HOST", "0.0.0.0").output().unwrap();
    assert!(!refused.status.success());
    let refused = place.command(&["seed", "--demo"]).env("ENVIRONMENT", "production").output().unwrap();
    assert!(!refused.status.success());
}

#[test]
fn r4_82_r4_83_r4_84_the_demonstration_loads_once_and_its_accounts_sign_in_here_only() {
    let place = Place::new();
    assert!(place.run(&["seed", "--demo"]).status.success());
    let again = text(&place.run(&["seed", "--demo"]));
    assert!(again.contains("0 people") && again.contains("0 announcements"), "{again}");
    assert!(again.contains("There was nothing to add"), "{again}");

    let open = ("LIMITS_LOGIN", "off");
    let running = place.serve(&[open]);
    for (username, password, role) in [
        ("admin", "admin123", "admin"),
        ("marie.martin", "marie123", "manager"),
        ("pierre.dubois", "pierre123", "employee"),
    ] {
        let body = json!({"username": username, "password": password});
        let (status, answer) = post(&running.address, "/api/auth/login", &body);
        assert_eq!((status, &answer["user"]["role"]), (200, &json!(role)), "{answer}");
    }
    let body = json!({"email": "test@example.com", "password": "Password123"});
    let (status, answer) = post(&running.address, "/api/auth/login", &body);
    assert_eq!(
        (status, &answer["user"]["email"]),
        (200, &json!("test@example.com")),
        "R1-116, R1-117: {answer}"
    );
    let token = answer["token"].as_str().unwrap().to_owned();
    let list: Value = reqwest::blocking::Client::new()
        .get(format!("{}/api/v1/announcements", running.address))
        .bearer_auth(token)
        .send()
        .unwrap()
        .json()
        .unwrap();
    assert!(list["pagination"]["total"].as_i64().unwrap() > 100, "{}", list["pagination"]);
    drop(running);

    let exposed = place.serve(&[open, ("HOST", "0.0.0.0")]);
    let address = exposed.address.replace("0.0.0.0", "127.0.0.1");
    let (status, answer) =
        post(&address, "/api/v1/auth/login", &json!({"username": "admin", "password": "admin123"}));
    assert_eq!(status, 403, "{answer}");
}

#[test]
fn a_weak_or_known_secret_is_refused_in_production() {
    let place = Place::new();
    for secret in ["tiny-key", "changeme-changeme-changeme-changeme"] {
        let mut command = place.command(&["serve"]);
        let output = command
            .env("ENVIRONMENT", "production")
            .env("JWT_SECRET", secret)
            .env("PORT", "0")
            .output()
            .unwrap();
        assert!(!output.status.success(), "{secret}: {}", text(&output));
        assert!(!text(&output).contains(secret), "{}", text(&output));
    }
}

#[test]
fn commands_complete_themselves_and_speak_french() {
    let place = Place::new();
    assert!(text(&place.run(&["completions", "bash"])).contains("_socle"));
    let french = place.command(&["--help"]).env("LANG", "fr_FR.UTF-8").output().unwrap();
    assert!(text(&french).contains("Lancer le serveur"), "{}", text(&french));
    assert!(text(&place.run(&["version"])).starts_with("socle "));
    let document: Value = serde_json::from_slice(&place.run(&["openapi"]).stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}
