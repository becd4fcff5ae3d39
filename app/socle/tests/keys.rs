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
fn r3_220_production_refuses_a_sealing_key_that_others_would_guess() {
    let place = Place::new();
    for weak in ["short", "my-encryption-key-which-is-32-characters"] {
        let variables = [("ENCRYPTION_KEY", weak), ("ENVIRONMENT", "production")];
        let (said, code) = with(&place, &["serve", "--port", "0"], &variables);
        assert!(code == Some(1) && said.contains("ENCRYPTION_KEY") && !said.contains("JWT_SECRET"), "{said}");
        let (said, _) = with(&place, &["doctor"], &[("ENCRYPTION_KEY", weak)]);
        assert!(said.contains("! ENCRYPTION_KEY"), "{said}");
    }
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
