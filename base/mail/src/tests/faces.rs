//! How mails read and look, and the folder they are written to where there is no server.

use std::os::unix::fs::PermissionsExt;

use socle_i18n::Language;
use socle_kernel::Timestamp;

use super::world::{catalogue, mail, values, worlds};
use crate::{Letterhead, Mail, Queued, Written};

fn write(mail: &Mail, given: &[(&str, &str)]) -> Written {
    let values = values(std::path::Path::new("/nowhere"), given);
    Letterhead::new(&values, catalogue()).unwrap().write(mail).unwrap()
}

#[test]
fn a_mail_is_written_in_the_language_of_its_receiver_in_two_forms() {
    let public = [("server.public_url", "https://app.example.org"), ("mail.product", "Lycée")];
    let french = write(&mail("zoe@example.org"), &public);
    assert_eq!(french.subject, "Un autre mot de passe, Zoé Durand");
    assert_eq!(
        french.text,
        "Bonjour Zoé Durand,\n\n\
         Quelqu’un a demandé Ann.\n\n    123 456\n\n\
         30 minutes, jusqu’au 1er janvier 2026 à 00:00 (UTC).\n\n\
         Choisir\u{a0}:\nhttps://socle.test/reset?a=1&b=2#token\n\n\
         Lycée (app.example.org)\n\n-- \n\
         Vous recevez ce message parce que cette adresse appartient à un compte\n\
         de Lycée sur app.example.org. Personne ne lit les réponses.\n"
    );
    let mut english = mail("zoe@example.org");
    english.language = Language::En;
    english.name.clear();
    english = english.arg("until", Timestamp::from_seconds(1_768_487_820)).arg("minutes", 1);
    let english = write(&english, &public);
    for said in ["Hello,", "One minute, until 15 January 2026 at 14:37 (UTC).", "Choose:\nhttps://socle.test"]
    {
        assert!(english.text.contains(said), "{said}: {}", english.text);
    }
    assert!(english.html.contains("<html lang=\"en\">") && english.html.contains(">Choose</a>"));
}

#[test]
fn a_page_needs_nothing_from_elsewhere_and_what_is_put_in_stays_text() {
    let evil = "<script>alert(1)</script>\"'&<img src=x onerror=y>";
    let mut mail = Mail::new("zoe@example.org", evil, Language::En, "reset").arg("inviter", evil);
    mail = mail.code(evil).link("https://socle.test/?\"><script>x</script>&a='");
    let written = write(&mail, &[("mail.product", evil)]);
    for forbidden in ["<script", "<img", " src=\"", "onerror=y>", "@import", "url(", "<link", "<iframe"] {
        assert!(!written.html.contains(forbidden), "{forbidden}: {}", written.html);
    }
    assert!(written.html.contains("&lt;script&gt;alert(1)&lt;/\u{2060}script&gt;"), "{}", written.html);
    assert!(written.html.contains("href=\"https://socle.test/?&quot;&gt;&lt;script"));
    let tables = written.html.matches("<table").count();
    assert_eq!(written.html.matches("<table role=\"presentation\"").count(), tables);
    assert_eq!(written.html.matches("</table>").count(), tables);
    assert!(written.html.contains("prefers-color-scheme: dark") && written.html.contains("<title>"));
}

#[test]
fn a_stranger_who_chose_a_name_puts_no_link_into_our_mail() {
    let mut mail = mail("zoe@example.org");
    mail.name = "Win at http://evil.example/now or www.evil.example a@evil.example".to_owned();
    let written = write(&mail, &[]);
    for text in [&written.subject, &written.text, &written.html] {
        let after = text.replace("https://socle.test", "");
        for link in ["http://", "evil.example", "www.evil", "a@evil"] {
            assert!(!after.contains(link), "{link}: {text}");
        }
    }
}

#[test]
fn a_link_is_of_a_page_and_begins_at_the_public_address_when_it_has_no_host() {
    let public = [("server.public_url", "https://app.example.org/")];
    let with = |link: &str| {
        let mut mail = mail("zoe@example.org");
        mail.link = Some(link.to_owned());
        mail
    };
    assert!(write(&with("/reset#t"), &public).text.contains("\nhttps://app.example.org/reset#t\n"));
    assert!(write(&with("/reset#t"), &[]).text.contains("\nhttp://localhost:8080/reset#t\n"));
    let values = values(std::path::Path::new("/nowhere"), &[]);
    let letterhead = Letterhead::new(&values, catalogue()).unwrap();
    for bad in ["javascript:alert(1)", "data:text/html,x", "https://a b", "https://a\n.b", "ftp://x", ""] {
        assert!(letterhead.write(&with(bad)).unwrap_err().is_permanent, "{bad}");
    }
}

#[test]
fn a_mail_without_sentences_is_refused_by_name() {
    let values = values(std::path::Path::new("/nowhere"), &[]);
    let letterhead = Letterhead::new(&values, catalogue()).unwrap();
    let refused = letterhead.write(&Mail::new("a@b.c", "", Language::Fr, "unknown")).unwrap_err();
    assert_eq!(
        (refused.is_permanent, refused.reason.as_str()),
        (true, "there is no sentence mail-unknown-subject")
    );
}

#[test]
fn without_a_server_mails_are_files_for_their_owner_alone_and_the_newest_stay() {
    for world in worlds() {
        let node = world.node(world.db(), None, &[("mail.folder_keep", "3"), ("mail.concurrency", "1")]);
        world.start(&node);
        for number in 0..5 {
            world.queue(&mail(&format!("u{number}@example.org")));
            world.until(<[Queued]>::is_empty);
            world.clock.advance(std::time::Duration::from_secs(60));
        }
        world.runtime.block_on(node.stop());
        let files = world.files();
        assert_eq!(files.len(), 3);
        let name = files[0].file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("2026-01-15T10-02-00Z-reset-") && name.ends_with(".eml"), "{name}");
        assert!(
            std::fs::read_to_string(&files[2])
                .unwrap()
                .contains("To: =?utf-8?b?Wm/DqSBEdXJhbmQ=?= <u4@example.org>")
        );
        for path in &files {
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let folder = files[0].parent().unwrap();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
