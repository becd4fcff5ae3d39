//! Real conversations with a real mail server: signing in, encryption, refusals, and bytes that might mean something.

use std::path::Path;

use serde_json::{Value, json};
use socle_i18n::Language;
use socle_kernel::Timestamp;

use super::patience::header;
use super::sink::{Sink, certificate};
use super::world::{catalogue, mail, values, worlds};
use crate::{Delivered, Mail, Post, Queued, Refusal};

/// Delivers one mail with these settings.
fn deliver(folder: &Path, url: &str, given: &[(&str, &str)], mail: &Mail) -> Result<Delivered, Refusal> {
    let mut all =
        vec![("mail.smtp_url", url), ("mail.from", "École <no-reply@socle.test>"), ("mail.timeout", "5s")];
    all.extend(given);
    let post = Post::new(&values(folder, &all), catalogue()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let at = Timestamp::from_seconds(1_768_471_200);
    runtime.block_on(async { post.deliver(mail, "0190-id", at).await })
}

fn zoe() -> Mail {
    mail("zoe@example.org")
}

#[test]
fn r4_43_a_mail_reaches_a_server_with_everything_a_reader_and_a_program_need() {
    let (sink, folder) = (Sink::start(), tempfile::tempdir().unwrap());
    let to = deliver(folder.path(), &sink.url(), &[], &zoe()).unwrap();
    assert_eq!(to, Delivered::Server(format!("127.0.0.1:{}", sink.port)));
    let message = sink.message();
    assert_eq!(
        (&message["sender"], &message["to"]),
        (&json!("no-reply@socle.test"), &json!(["zoe@example.org"]))
    );
    assert_eq!(message["hello"], "socle.test");
    for (name, value) in [
        ("Message-ID", "<0190-id@socle.test>"),
        ("Date", "Thu, 15 Jan 2026 10:00:00 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "fr"),
        ("MIME-Version", "1.0"),
        ("From", "=?utf-8?b?w4ljb2xl?= <no-reply@socle.test>"),
    ] {
        assert_eq!(header(&message, name), value);
    }
    assert!(header(&message, "Content-Type").starts_with("multipart/alternative"));
    let (plain, page) = parts(&message);
    assert!(
        plain.contains("Bonjour Zoé Durand,") && plain.contains("1er janvier 2026 à 00:00 (UTC)"),
        "{plain}"
    );
    assert!(page.contains("<html lang=\"fr\">") && page.contains("123 456"), "{page}");
}

#[test]
fn a_user_signs_in_over_starttls_to_a_server_that_is_who_it_says_and_never_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(folder.path());
    let sink = Sink::with(json!({
        "user": "me@socle.test", "password": "p:/@ß", "starttls": true,
        "certificate": certificate, "key": key,
    }));
    let url = |user: &str| format!("smtp://{user}localhost:{}?tls=required", sink.port);
    let trusted = [("mail.ca_file", certificate.to_str().unwrap())];
    let right = url("me%40socle.test:p%3A%2F%40%C3%9F@");
    deliver(folder.path(), &right, &trusted, &zoe()).unwrap();
    let signed_in = sink.next();
    assert_eq!((&signed_in["right"], &signed_in["encrypted"]), (&json!(true), &json!(true)));
    let message = sink.message();
    assert_eq!((&message["encrypted"], &message["authenticated"]), (&json!(true), &json!(true)));

    let unknown = deliver(folder.path(), &right, &[], &zoe()).unwrap_err();
    assert!(unknown.is_of_the_way && unknown.reason.to_lowercase().contains("certificate"), "{unknown}");
    let other_name = right.replace("localhost", "127.0.0.1");
    assert!(deliver(folder.path(), &other_name, &trusted, &zoe()).unwrap_err().is_of_the_way);
    assert!(sink.rest().is_empty(), "nothing was said to a server that nobody vouches for");

    let wrong = deliver(folder.path(), &url("me%40socle.test:guess@"), &trusted, &zoe()).unwrap_err();
    assert!(wrong.is_of_the_way && !wrong.is_permanent, "a wrong password is no fault of the mail: {wrong}");
    assert!(wrong.reason.starts_with("535") && !wrong.reason.contains("guess"), "{wrong}");
}

#[test]
fn without_starttls_where_it_is_wanted_nothing_is_sent() {
    let (sink, folder) = (Sink::start(), tempfile::tempdir().unwrap());
    let refused = deliver(folder.path(), &format!("{}?tls=required", sink.url()), &[], &zoe()).unwrap_err();
    assert!(refused.is_of_the_way, "{refused}");
    assert!(sink.rest().is_empty());
}

#[test]
fn a_server_may_be_encrypted_from_the_first_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(folder.path());
    let sink = Sink::with(json!({"smtps": true, "certificate": certificate, "key": key}));
    let trusted = [("mail.ca_file", certificate.to_str().unwrap())];
    deliver(folder.path(), &format!("smtps://localhost:{}", sink.port), &trusted, &zoe()).unwrap();
    assert_eq!(sink.message()["to"][0], "zoe@example.org");
}

#[test]
fn r4_50_a_refusal_for_now_is_tried_again_and_a_refusal_for_good_is_not() {
    for world in worlds() {
        let sink = Sink::with(json!({"recipients": ["450 4.2.0 <zoe@example.org> come back later"]}));
        let node = world.node(world.db(), Some(&sink.url()), &[]);
        world.start(&node);
        world.queue(&zoe());
        assert_eq!(sink.next()["event"], "recipient");
        world.until(|queued| queued[0].last_error.is_some());
        world.clock.advance(std::time::Duration::from_secs(90));
        assert_eq!(sink.message()["answer"], "250 OK");
        world.until(<[Queued]>::is_empty);
        world.runtime.block_on(node.stop());

        let sink = Sink::with(json!({"recipients": ["550 5.1.1 <zoe@example.org> unknown"]}));
        let node = world.node(world.db(), Some(&sink.url()), &[]);
        world.start(&node);
        world.queue(&zoe());
        let queued = world.until(|queued| queued[0].dead_at.is_some());
        assert_eq!((queued[0].attempts, queued[0].due_at), (1, None));
        assert_eq!(queued[0].last_error.as_deref(), Some("550 5.1.1 … unknown"));
        assert!(node.check().is_ok(), "the way is open");
        world.clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
        world.queue(&mail("ann@example.org"));
        assert_eq!(sink.next()["event"], "recipient");
        assert_eq!(sink.message()["to"][0], "ann@example.org");
        world.until(|queued| queued.len() == 1);
        world.runtime.block_on(node.stop());
    }
}

#[test]
fn a_server_that_does_not_answer_is_left_in_time() {
    let folder = tempfile::tempdir().unwrap();
    for world in worlds() {
        let sink = Sink::with(json!({"messages": ["hang"]}));
        let node = world.node(world.db(), Some(&sink.url()), &[("mail.timeout", "300ms")]);
        world.start(&node);
        world.queue(&zoe());
        let queued = world.until(|queued| queued[0].last_error.is_some());
        assert_eq!(queued[0].last_error.as_deref(), Some("no answer in time"));
        world.runtime.block_on(node.stop());
    }
    // An address of the documentation, behind which nobody is.
    let refused =
        deliver(folder.path(), "smtp://192.0.2.1:587?tls=none", &[("mail.timeout", "300ms")], &zoe());
    assert!(refused.unwrap_err().is_of_the_way);
}

#[test]
fn no_name_and_no_argument_begins_a_header_ends_the_message_or_adds_a_receiver() {
    let (sink, folder) = (Sink::start(), tempfile::tempdir().unwrap());
    let evil =
        "Zoé\r\nBcc: victim@example.org\r\n\r\n.\r\nMAIL FROM:<x@example.org>\n\u{b}\u{85}\u{2028}X: y";
    let mut mail = Mail::new("zoe@example.org", evil, Language::Fr, "reset")
        .arg("inviter", evil)
        .arg("minutes", 1)
        .link("https://socle.test/")
        .code("\r\n.\r\nQUIT");
    deliver(folder.path(), &sink.url(), &[], &mail).unwrap();
    let message = sink.message();
    assert_eq!(message["to"], json!(["zoe@example.org"]));
    let head = message["text"].as_str().unwrap().split("\r\n\r\n").next().unwrap().to_owned();
    let names: Vec<&str> = head
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    let mut expected = vec![
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Content-Language",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    ];
    let mut sorted = names.clone();
    sorted.sort_unstable();
    expected.sort_unstable();
    assert_eq!(sorted, expected, "{head}");
    assert!(head.split("\r\n").all(|line| line.len() <= 78 && line.is_ascii()), "{head}");
    assert!(sink.rest().is_empty());
    for bad in [
        "zoe@example.org\r\nRCPT TO:<victim@example.org>",
        "zoe@example.org, victim@example.org",
        "<zoe@example.org>",
        "zoe",
        "@example.org",
        "",
    ] {
        bad.clone_into(&mut mail.to);
        assert!(deliver(folder.path(), &sink.url(), &[], &mail).unwrap_err().is_permanent, "{bad:?}");
    }
    assert!(sink.rest().is_empty());
}

#[test]
fn dots_long_lines_and_letters_of_the_world_arrive_as_they_were_sent() {
    let (sink, folder) = (Sink::start(), tempfile::tempdir().unwrap());
    let long = "日本ł".repeat(40);
    let mut mail = mail("zoé.durand@bücher.example").arg("inviter", long.clone());
    mail.arguments.retain(|(name, value)| name != "inviter" || *value == long.as_str().into());
    mail.link = Some(format!("https://socle.test/{}", "x".repeat(3_000)));
    mail.code = Some(".".to_owned());
    deliver(folder.path(), &sink.url(), &[], &mail).unwrap();
    let message = sink.message();
    assert_eq!(message["to"], json!(["zoé.durand@xn--bcher-kva.example"]));
    let text = message["text"].as_str().unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains('\n')));
    let (plain, page) = parts(&message);
    let shown: String = long.chars().take(120).collect();
    assert!(plain.contains(&shown) && page.contains(&shown));
    assert!(plain.contains(&"x".repeat(3_000)) && page.contains(&"x".repeat(3_000)));
    assert!(plain.contains("\n    .\n"), "{plain}");
}

/// The plain text and the page of a message, decoded by another implementation than the one that encoded them.
fn parts(message: &Value) -> (String, String) {
    let script = "import email, email.policy, json, sys\n\
        message = email.message_from_bytes(json.load(sys.stdin).encode('latin-1'), policy=email.policy.default)\n\
        parts = [message.get_body((kind,)).get_content() for kind in ('plain', 'html')]\n\
        print(json.dumps(parts))";
    let mut child = std::process::Command::new("python3")
        .args(["-c", script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    serde_json::to_writer(child.stdin.take().unwrap(), &message["text"]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let (plain, page): (String, String) = serde_json::from_slice(&output.stdout).unwrap();
    (plain.replace("\r\n", "\n"), page.replace("\r\n", "\n"))
}
