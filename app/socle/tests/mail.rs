//! Mail of the real binary: it survives the death of its server, and the operator sees what becomes of it.
#![expect(clippy::unwrap_used, reason = "a failed expectation fails the test")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::process::{Place, Running};

/// Longer than anything here takes; what has not come by then never will.
const NEVER: Duration = Duration::from_secs(30);
const PASSWORD: &str = "Girafe-samovar7!";
const ADMINISTRATOR: [(&str, &str); 2] =
    [("SOCLE_ADMIN_EMAIL", "zoe@example.org"), ("SOCLE_ADMIN_PASSWORD", PASSWORD)];

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn sign_in_with(running: &Running, client: &str) {
    let response = reqwest::blocking::Client::new()
        .post(format!("{}/api/v1/auth/login", running.address))
        .header("user-agent", client)
        .json(&json!({"email": "zoe@example.org", "password": PASSWORD}))
        .send()
        .unwrap();
    assert!(response.status().is_success(), "{}", response.text().unwrap());
}

/// Takes a mail as a server does, up to the point where it should say that it has it.
fn take_a_mail_and_say_nothing(listener: &TcpListener) -> (TcpStream, String) {
    let (mut stream, _) = listener.accept().unwrap();
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut told = String::new();
    let said = |stream: &mut TcpStream, answer: &str| stream.write_all(answer.as_bytes()).unwrap();
    said(&mut stream, "220 silent.test\r\n");
    while let Some(Ok(line)) = lines.next() {
        match line.get(..4) {
            Some("DATA") => break,
            _ => said(&mut stream, "250 silent.test\r\n"),
        }
    }
    said(&mut stream, "354 go on\r\n");
    for line in lines.map_while(Result::ok).take_while(|line| line != ".") {
        told.push_str(&line);
        told.push('\n');
    }
    (stream, told)
}

fn files(place: &Place) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(place.data().join("mail")) else { return Vec::new() };
    let files = entries.map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "eml")).collect()
}

fn message_id(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("Message-ID: ")).unwrap();
    line.split(['<', '@']).nth(1).unwrap().to_owned()
}

#[test]
fn r4_49_a_mail_that_was_being_sent_when_the_server_was_killed_is_sent_by_the_next_one() {
    let (place, silent) = (Place::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let mut variables = ADMINISTRATOR.to_vec();
    variables.extend([
        ("SMTP_URL", url.as_str()),
        ("MAIL_FROM", "no-reply@socle.test"),
        ("MAIL_TIMEOUT", "4s"),
    ]);
    let first = place.serve(&variables);
    sign_in_with(&first, "curl/8");
    sign_in_with(&first, "Firefox/140.0 (X11; Linux)");
    let (_stream, told) = take_a_mail_and_say_nothing(&silent);
    first.kill();
    let listed: Value = serde_json::from_slice(&place.run(&["mail", "list", "--json"]).stdout).unwrap();
    assert_eq!((&listed[0]["template"], &listed[0]["attempts"]), (&json!("new-device"), &json!(1)));
    assert_eq!(
        (listed[0]["state"].as_str(), listed[0]["id"].as_str()),
        (Some("waiting"), Some(message_id(&told).as_str()))
    );
    assert!(files(&place).is_empty());

    let second = place.serve(&[("MAIL_TIMEOUT", "4s")]);
    let begun = Instant::now();
    while files(&place).is_empty() {
        assert!(begun.elapsed() < NEVER, "the mail is lost");
        std::thread::sleep(Duration::from_millis(20));
    }
    let written = std::fs::read_to_string(&files(&place)[0]).unwrap();
    assert_eq!(message_id(&written), message_id(&told));
    assert!(written.contains("zoe@example.org"));
    assert_eq!(second.terminate(), Some(0));
    assert_eq!(files(&place).len(), 1);
    let left: Value = serde_json::from_slice(&place.run(&["mail", "list", "--json"]).stdout).unwrap();
    assert_eq!(left, json!([]));
}

#[test]
fn an_operator_sends_a_test_mail_and_is_told_where_it_went_or_why_not() {
    let place = Place::new();
    let sent = place.run(&["--lang", "fr", "mail", "test", "zoe@example.org"]);
    let said = text(&sent);
    assert!(sent.status.success() && said.contains("le message est dans"), "{said}");
    let file = &files(&place)[0];
    assert!(said.contains(&file.display().to_string()));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(file).unwrap().contains("Content-Language: fr"));
    let nowhere = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("smtp://me:hidden@{nowhere}");
    let away = |arguments: &[&str]| {
        let variables = [("SMTP_URL", url.as_str()), ("MAIL_FROM", "no-reply@socle.test")];
        let output = place.command(arguments).envs(variables).output().unwrap();
        (text(&output), output.status.code())
    };
    let (said, code) = away(&["mail", "test", "zoe@example.org"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("The mail was not sent") && said.contains("refused"), "{said}");
    let (said, code) = away(&["doctor"]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("The mail server {nowhere} cannot be used")), "{said}");
    assert!(!said.contains("hidden"));
    let healthy = text(&place.run(&["doctor"]));
    assert!(healthy.contains("Mails are written to"), "{healthy}");
}

#[test]
fn settings_of_mail_that_are_wrong_are_told_before_the_start() {
    let place = Place::new();
    let mut command = place.command(&["config", "check"]);
    let wrong =
        [("SMTP_URL", "smtp://me:hidden@mail.example.org?tls=none"), ("MAIL_CA_FILE", "/nowhere.pem")];
    let output = command.envs(wrong).output().unwrap();
    let said = text(&output);
    assert_eq!(output.status.code(), Some(78));
    assert!(
        said.contains("mail.smtp_url") && said.contains("unencrypted") && said.contains("mail.from"),
        "{said}"
    );
    assert!(!said.contains("hidden"), "{said}");
}

#[test]
fn a_mail_that_was_given_up_is_listed_found_by_the_doctor_and_sent_again_on_demand() {
    let (place, refusing) = (Place::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let url = format!("smtp://{}", refusing.local_addr().unwrap());
    let mut variables = ADMINISTRATOR.to_vec();
    variables.extend([("SMTP_URL", url.as_str()), ("MAIL_FROM", "no-reply@socle.test")]);
    let server = place.serve(&variables);
    sign_in_with(&server, "curl/8");
    sign_in_with(&server, "wget/1");
    let (mut stream, _) = refusing.accept().unwrap();
    stream.write_all(b"554 5.3.2 we take nothing from zoe@example.org\r\n").unwrap();
    let begun = Instant::now();
    let listed = loop {
        let listed = text(&place.run(&["mail", "list"]));
        if listed.contains("given up") {
            break listed;
        }
        assert!(begun.elapsed() < NEVER, "{listed}");
    };
    assert!(listed.contains("new-device") && listed.contains("554") && !listed.contains("zoe"), "{listed}");
    assert!(text(&place.run(&["doctor"])).contains("One mail could not be delivered"));
    assert_eq!(server.terminate(), Some(0));
    let unknown = place.run(&["mail", "retry", "0190"]);
    assert!(!unknown.status.success() && text(&unknown).contains("There is no mail 0190"));
    assert!(text(&place.run(&["mail", "retry", "--all"])).contains("One mail is sent again"));
    let server = place.serve(&[]);
    let begun = Instant::now();
    while files(&place).is_empty() {
        assert!(begun.elapsed() < NEVER, "the mail is lost");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(server.terminate(), Some(0));
}
