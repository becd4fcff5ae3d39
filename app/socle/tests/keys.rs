//! The keys of an installation as an operator handles them: those that seal fields, and the one of the configuration.
#![expect(clippy::unwrap_used, reason = "a failed expectation fails the test")]

mod support;

use std::path::Path;
use std::process::Output;

use support::process::Place;

const OLD: &str = "k3Vq8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa";
const NEW: &str = "w9Zt4Rb7Qx1Lm6Vc8Kp3Hd5Jn2Fs0Gy7Ua";

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn with(place: &Place, arguments: &[&str], variables: &[(&str, &str)]) -> (String, Option<i32>) {
    let output = place.command(arguments).envs(variables.iter().copied()).output().unwrap();
    (text(&output), output.status.code())
}

#[test]
fn a_server_with_other_keys_than_its_databases_does_not_start_and_says_what_to_do() {
    let place = Place::new();
    place.serve(&[("ENCRYPTION_KEY", OLD)]).terminate();
    let (said, code) = with(&place, &["serve", "--port", "0"], &[("ENCRYPTION_KEY", NEW)]);
    assert_eq!(code, Some(1));
    assert!(said.contains("This database is sealed with the key"), "{said}");
    assert!(said.contains("ENCRYPTION_KEY_PREVIOUS") && !said.contains(NEW) && !said.contains(OLD), "{said}");
    let (said, _) = with(&place, &["serve", "--port", "0", "--lang", "fr"], &[("ENCRYPTION_KEY", NEW)]);
    assert!(said.contains("Cette base est scellée avec la clé"), "{said}");
    let both = [("ENCRYPTION_KEY", NEW), ("ENCRYPTION_KEY_PREVIOUS", OLD)];
    assert_eq!(place.serve(&both).terminate(), Some(0));
}

#[test]
fn a_new_key_takes_the_place_of_an_old_one_while_a_server_runs_and_then_the_old_one_may_go() {
    let place = Place::new();
    place.serve(&[("ENCRYPTION_KEY", OLD)]).terminate();
    let both = [("ENCRYPTION_KEY", NEW), ("ENCRYPTION_KEY_PREVIOUS", OLD)];
    let (listed, code) = with(&place, &["keys", "list"], &both);
    let sealing: Vec<&str> =
        listed.lines().filter(|line| line.contains("opens what it has sealed")).collect();
    assert_eq!((sealing.len(), code), (2, Some(0)), "{listed}");
    assert!(sealing[0].contains("seals"), "{listed}");
    let running = place.serve(&both);
    let (said, code) = with(&place, &["keys", "rotate", "--fields"], &both);
    assert_eq!(code, Some(0), "{said}");
    let name = sealing[0].split_whitespace().next().unwrap();
    assert!(said.contains("mail_message.sealed: 0 sealed anew") && said.contains(name), "{said}");
    assert_eq!(running.terminate(), Some(0));
    assert_eq!(place.serve(&[("ENCRYPTION_KEY", NEW)]).terminate(), Some(0));
    let (said, code) = with(&place, &["serve", "--port", "0"], &[("ENCRYPTION_KEY", OLD)]);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn where_a_secret_signs_the_keys_that_seal_are_listed_alone() {
    let place = Place::new();
    let secret = [("JWT_SECRET", NEW), ("ENCRYPTION_KEY", OLD)];
    place.serve(&secret).terminate();
    let (listed, code) = with(&place, &["keys", "list"], &secret);
    assert_eq!(code, Some(0), "{listed}");
    assert!(listed.contains("No key signs") && listed.contains("seals, and opens"), "{listed}");
    assert!(!listed.contains("JWT_SECRET"), "{listed}");
    let (listed, code) = with(&place, &["keys", "list", "--json"], &secret);
    assert_eq!(code, Some(0), "{listed}");
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(
        (listed["signing"].as_array().unwrap().len(), listed["sealing"].as_array().unwrap().len()),
        (0, 1)
    );
    let (said, code) = with(&place, &["keys", "rotate"], &secret);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn a_key_file_is_rotated_by_putting_it_aside() {
    let place = Place::new();
    place.serve(&[]).terminate();
    let keys = place.data().join("keys");
    let (file, previous) = (keys.join("encryption.key"), keys.join("encryption.key.previous"));
    std::fs::rename(&file, &previous).unwrap();
    assert_eq!(place.serve(&[]).terminate(), Some(0));
    assert!(file.exists(), "a new key was made");
    let (said, code) = with(&place, &["keys", "rotate", "--fields"], &[]);
    assert_eq!(code, Some(0), "{said}");
    std::fs::remove_file(&previous).unwrap();
    assert_eq!(place.serve(&[]).terminate(), Some(0));
    // From the file to a setting: the file opens what it has sealed as long as it is there.
    assert_eq!(place.serve(&[("ENCRYPTION_KEY", NEW)]).terminate(), Some(0));
}

#[test]
fn a_look_at_the_keys_makes_neither_a_database_nor_a_key() {
    let place = Place::new();
    let (said, code) = with(&place, &["keys", "list"], &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("There is no sealing key yet") && said.contains("socle migrate up"), "{said}");
    let (said, code) = with(&place, &["keys", "list", "--lang", "fr"], &[("ENCRYPTION_KEY", NEW)]);
    assert!(code == Some(1) && said.contains("scelle") && said.contains("→"), "{said}");
    assert!(!place.data().exists(), "a look has made the data folder");

    assert_eq!(with(&place, &["migrate", "up"], &[]).1, Some(0));
    let (said, code) = with(&place, &["keys", "list"], &[]);
    assert!(code == Some(0) && said.contains("No key signs"), "{said}");
    let (said, _) = with(&place, &["keys", "list", "--json"], &[]);
    let listed: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(listed, serde_json::json!({"signing": [], "sealing": []}));
    assert!(!place.data().join("keys").exists(), "a look has made a key");

    place.serve(&[("ENCRYPTION_KEY", OLD)]).terminate();
    let (said, code) = with(&place, &["keys", "list"], &[("ENCRYPTION_KEY", NEW)]);
    assert!(
        code == Some(0) && said.contains("One key"),
        "keys that are not the database's are named: {said}"
    );
}

#[test]
fn a_start_without_the_key_of_the_database_makes_no_other_and_the_doctor_says_so() {
    let place = Place::new();
    place.serve(&[]).terminate();
    let file = place.data().join("keys/encryption.key");
    let aside = place.folder.path().join("aside");
    let finding = |variables: &[(&str, &str)]| {
        let (said, code) = with(&place, &["doctor", "--json"], variables);
        let report: serde_json::Value = serde_json::from_str(&said).unwrap();
        let findings = report["findings"].as_array().unwrap();
        (findings.iter().find(|finding| finding["check"] == "sealing").unwrap().clone(), code)
    };
    let (found, code) = finding(&[]);
    assert_eq!((&found["level"], code), (&"ok".into(), Some(0)), "{found}");

    std::fs::rename(&file, &aside).unwrap();
    for (variables, reason) in [
        (&[][..], "no key is given"),
        (&[("ENCRYPTION_KEY", NEW)], "the keys that are given are"),
        (&[("ENCRYPTION_KEY_PREVIOUS", NEW)], "the keys that are given are"),
    ] {
        for arguments in [&["serve", "--port", "0"][..], &["seed", "--demo"], &["keys", "rotate"]] {
            let (said, code) = with(&place, arguments, variables);
            assert!(code == Some(1) && said.contains(reason), "{arguments:?}: {said}");
        }
        let (found, code) = finding(variables);
        assert_eq!((&found["level"], &found["code"]), (&"error".into(), &"doctor-sealing-refused".into()));
        assert_eq!(code, Some(1), "{found}");
        assert!(found["message"].as_str().unwrap().contains(reason), "{found}");
        assert!(found["hint"].as_str().unwrap().contains("ENCRYPTION_KEY"), "{found}");
        assert!(!file.exists(), "a start that was refused has made a key");
    }
    std::fs::rename(&aside, &file).unwrap();
    assert_eq!(place.serve(&[]).terminate(), Some(0));
}

#[test]
fn r3_220_production_refuses_secrets_that_others_would_guess_before_it_makes_anything() {
    let place = Place::new();
    for variable in ["ENCRYPTION_KEY", "PASSWORD_PEPPER", "JWT_SECRET"] {
        for (weak, reason) in [
            ("tiny-key", "has fewer than 32 bytes"),
            ("my-encryption-key-which-is-32-characters", "holds a sample that everybody knows"),
            ("abababababababababababababababababababab", "repeats a few characters"),
        ] {
            let variables = [(variable, weak), ("ENVIRONMENT", "production")];
            for arguments in [&["config", "check"][..], &["serve", "--port", "0"]] {
                let (said, code) = with(&place, arguments, &variables);
                assert_eq!(code, Some(78), "{variable}: {said}");
                assert!(said.contains(variable) && said.contains(reason) && !said.contains(weak), "{said}");
            }
            let (said, code) = with(&place, &["config", "check"], &[(variable, weak)]);
            assert_eq!(code, Some(0), "{said}");
            let (said, _) = with(&place, &["doctor"], &[(variable, weak)]);
            assert!(said.contains(&format!("! {variable}")), "{said}");
        }
    }
    let french = [("PASSWORD_PEPPER", "tiny-key"), ("ENVIRONMENT", "production")];
    let (said, _) = with(&place, &["config", "check", "--lang", "fr"], &french);
    assert!(said.contains("a moins de 32 octets") && said.contains("→"), "{said}");
    assert!(!place.data().exists(), "a start that is refused has made something");
}

#[test]
fn a_notice_of_api_keys_as_long_as_their_life_is_refused_before_anything_is_made() {
    let place = Place::new();
    let longer: [&[(&str, &str)]; 2] = [&[("API_KEYS_WARN_BEFORE", "90d")], &[("API_KEYS_MAX_AGE", "14d")]];
    for variables in longer {
        for arguments in [&["config", "check"][..], &["serve", "--port", "0"]] {
            let (said, code) = with(&place, arguments, variables);
            assert_eq!(code, Some(78), "{said}");
            assert!(said.contains("api_keys.warn_before") && said.contains("api_keys.max_age"), "{said}");
        }
    }
    assert!(!place.data().exists());
    let shorter = [("API_KEYS_WARN_BEFORE", "13d"), ("API_KEYS_MAX_AGE", "14d")];
    assert_eq!(with(&place, &["config", "check"], &shorter).1, Some(0));
}

fn encrypt(place: &Place, toml: &str) {
    std::fs::write(place.folder.path().join("open.toml"), toml).unwrap();
    let arguments = ["config", "encrypt", "open.toml", "socle.toml.age", "--new-key", "config.key"];
    let (said, code) = with(place, &arguments, &[]);
    assert_eq!(code, Some(0), "{said}");
    std::fs::remove_file(place.folder.path().join("open.toml")).unwrap();
}

#[test]
fn r0_33_an_encrypted_configuration_is_read_like_any_other_with_its_key_alone() {
    let place = Place::new();
    encrypt(&place, "[server]\nport = 9123\n[jwt]\nsecret = \"q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa\"\n");
    let sealed = std::fs::read_to_string(place.folder.path().join("socle.toml.age")).unwrap();
    assert!(!sealed.contains("9123") && !sealed.contains("q8Jm2"));
    let key = [("SOCLE_CONFIG_KEY_FILE", "config.key")];
    let (said, code) = with(&place, &["config", "show"], &key);
    assert_eq!(code, Some(0), "{said}");
    let line = |key: &str| said.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    assert!(
        line("server.port").contains("9123") && line("server.port").contains("socle.toml.age:2"),
        "{said}"
    );
    assert!(!said.contains("q8Jm2"), "{said}");

    let (said, code) = with(&place, &["config", "check"], &[]);
    assert!(code == Some(78) && said.contains("SOCLE_CONFIG_KEY_FILE"), "{said}");
    let (said, code) = with(&place, &["config", "check", "--lang", "fr"], &[]);
    assert!(code == Some(78) && said.contains("est chiffré, et il n’y a pas de clé"), "{said}");
    let (said, code) = with(&place, &["config", "decrypt", "socle.toml.age", "again.toml"], &key);
    assert_eq!(code, Some(0), "{said}");
    assert!(read(place.folder.path(), "again.toml").contains("port = 9123"));
    let (said, code) = with(&place, &["config", "decrypt", "socle.toml.age", "again.toml"], &key);
    assert!(code == Some(1) && said.contains("again.toml"), "{said}");
    let (said, code) = with(&place, &["config", "decrypt", "socle.toml.age", "other.toml"], &[]);
    assert!(code == Some(1) && said.contains("there is no key"), "{said}");
}

#[test]
fn r0_33_a_mistake_in_an_encrypted_configuration_is_named_by_its_line_and_not_by_its_value() {
    let place = Place::new();
    encrypt(&place, "[server]\nport = 1\n[jwt]\nsecrte = \"q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa\"\n");
    let (said, code) = with(&place, &["config", "check"], &[("SOCLE_CONFIG_KEY_FILE", "config.key")]);
    assert_eq!(code, Some(78));
    assert!(
        said.contains("socle.toml.age:4") && said.contains("jwt.secret") && !said.contains("q8Jm2"),
        "{said}"
    );
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}
