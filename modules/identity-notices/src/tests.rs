//! What owners of accounts are told, from what really happened.

use std::time::Duration;

use serde_json::json;
use socle_identity_trial::{PASSWORD, Tokens, Trial};
use socle_kit::events::{Audience, Emit, Letter};
use socle_kit::i18n::Language;
use socle_kit::kernel::{Actor, Secret, Timestamp, UserId};
use socle_kit::mail::{Argument, Mail};

const LOGIN: &str = "/api/v1/auth/login";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1";

/// The mails that the letters so far have made, however often the listeners are told of them.
async fn mails(trial: &Trial) -> Vec<Mail> {
    trial.app.tell_listeners().await;
    let once = trial.app.mails().await;
    trial.app.tell_listeners().await;
    assert_eq!(trial.app.mails().await, once, "told twice, mailed once");
    once
}

async fn templates(trial: &Trial) -> Vec<String> {
    mails(trial).await.into_iter().map(|mail| mail.template).collect()
}

async fn sign_in_from(trial: &Trial, address: &str, client: &str) {
    let body = json!({"username": "zoe", "password": PASSWORD});
    let request = trial.post(LOGIN, body).from(address).header("user-agent", client);
    request.send().await.expect(200);
    trial.app.advance(Duration::from_secs(60 * 60));
}

fn argument<'a>(mail: &'a Mail, name: &str) -> &'a Argument {
    mail.arguments.iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap()
}

#[tokio::test]
async fn r2_79_c29_a_changed_password_is_told_to_the_owner_with_the_place_it_was_changed_from() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens = trial.sign_in("zoe").await;
    let body = json!({"currentPassword": PASSWORD, "newPassword": "un autre mot de passe bien long"});
    let request = trial.put("/api/v1/auth/password", body).bearer(&tokens.access);
    assert!((200..300).contains(&request.send().await.status));
    let mails = mails(&trial).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = &mails[0];
    assert_eq!((mail.to.as_str(), mail.template.as_str()), ("zoe@example.org", "password-changed"));
    assert_eq!(*argument(mail, "address"), "192.0.2.1".into());
}

#[tokio::test]
async fn r2_79_a_password_set_by_an_operator_is_told_too_without_a_place() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let set = |operator: &socle_identity_trial::Operator| {
        operator
            .set_password("zoe", Some(Secret::new("un autre mot de passe bien long".to_owned())))
            .map(|_| ())
    };
    trial.operate(move |operator| set(operator).unwrap()).await;
    let mails = mails(&trial).await;
    assert_eq!(mails.len(), 1);
    let text = trial.app.written(&mails[0]).text.replace('\n', " ");
    assert!(text.contains("a été changé. Vos autres sessions sont fermées."), "{text}");
}

#[tokio::test]
async fn a_sign_in_from_another_client_or_network_is_told_and_the_first_and_the_known_are_not() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    sign_in_from(&trial, "203.0.113.7", FIREFOX).await;
    assert!(mails(&trial).await.is_empty(), "the first is known");
    sign_in_from(&trial, "203.0.113.99", &FIREFOX.replace("128", "140")).await;
    assert!(mails(&trial).await.is_empty(), "a new version on the same network");
    sign_in_from(&trial, "203.0.113.7", PHONE).await;
    let told = mails(&trial).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].template, "new-device");
    assert_eq!(*argument(&told[0], "device"), "Safari (iPhone)".into());
    assert_eq!(*argument(&told[0], "address"), "203.0.113.7".into());
    sign_in_from(&trial, "198.51.100.1", FIREFOX).await;
    sign_in_from(&trial, "198.51.100.2", FIREFOX).await;
    sign_in_from(&trial, "203.0.113.8", PHONE).await;
    assert_eq!(templates(&trial).await, ["new-device", "new-device"]);
}

#[tokio::test]
async fn devices_of_an_account_are_hashes_bounded_and_forgotten_after_a_year() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    let now = trial.app.kit.clock.now();
    let count = trial.app.kit.db.write(move |tx| {
        for number in 0..60_u64 {
            let seen = now.plus(Duration::from_secs(number));
            assert_eq!(crate::store::is_new(tx, user, &format!("device {number}"), seen)?, number > 0);
        }
        assert!(!crate::store::is_new(tx, user, "device 59", now)?);
        assert!(crate::store::is_new(tx, user, "device 3", now.plus(Duration::from_secs(90)))?);
        tx.scalar::<i64>("SELECT COUNT(*) FROM identity_known_device", &[])
    });
    assert_eq!(count.await.unwrap(), crate::store::MOST);
    trial.app.advance(Duration::from_secs(401 * 24 * 60 * 60));
    (crate::PART.periodic[0].run)(&trial.app.kit).await.unwrap();
    let left = "SELECT COUNT(*) FROM identity_known_device WHERE user_id = ?1";
    assert_eq!(trial.value::<i64>(left, user).await, 0);
}

#[tokio::test]
async fn r2_54_a_lock_is_told_in_the_owners_language_with_its_end() {
    let trial = Trial::start().await;
    let user = trial.account("zoe", "employee").await;
    trial
        .tamper(move |tx| tx.exec_one("UPDATE identity_user SET language = 'en' WHERE id = ?1", &[&user]))
        .await;
    for _ in 0..5 {
        let wrong = json!({"username": "zoe", "password": "not the password"});
        trial.post(LOGIN, wrong).from("198.51.100.4").send().await;
    }
    let mails = mails(&trial).await;
    assert_eq!(mails.len(), 1, "one mail for one lock");
    let written = trial.app.written(&mails[0]);
    assert_eq!(written.subject, "Your account is locked for a while");
    let text = written.text.replace('\n', " ");
    assert!(text.contains("the last time from the address 198.51.100.4."), "{text}");
    assert!(text.contains("nobody can sign in until 15 January 2026 at 10:30 (UTC)."), "{text}");
}

#[tokio::test]
async fn a_refresh_token_used_twice_is_told_to_the_owner() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let tokens: Tokens = trial.sign_in("zoe").await;
    let refresh = |address: &'static str| {
        trial.post("/api/v1/auth/refresh", json!({"refreshToken": tokens.refresh})).from(address).send()
    };
    refresh("192.0.2.1").await.expect(200);
    trial.app.advance(Duration::from_secs(120));
    refresh("203.0.113.66").await.expect(401);
    let mails = mails(&trial).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].template, "session-stolen");
    assert!(trial.app.written(&mails[0]).text.contains("203.0.113.66"));
}

/// What administrators do, as far as a notice knows it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Deactivated {
    user: UserId,
}

impl Letter for Deactivated {
    const KIND: &'static str = "user.deactivated";
    fn subject(&self) -> String {
        self.user.to_string()
    }
    fn audience(&self) -> Audience {
        Audience::Nobody
    }
}

#[tokio::test]
async fn r2_81_c28_a_deactivation_is_told_and_the_place_of_the_administrator_is_not() {
    let trial = Trial::start().await;
    let (zoe, boss) = (trial.account("zoe", "employee").await, trial.account("boss", "admin").await);
    let actor =
        Actor { user: Some(boss), address: Some("198.51.100.77".parse().unwrap()), ..Actor::anonymous() };
    trial.app.kit.db.write(move |tx| tx.emit(&actor, Deactivated { user: zoe })).await.unwrap();
    let mails = mails(&trial).await;
    assert_eq!((mails.len(), mails[0].template.as_str()), (1, "account-deactivated"));
    assert!(!trial.app.written(&mails[0]).text.contains("198.51"));
}

#[tokio::test]
async fn what_happened_long_ago_is_no_news_but_its_devices_are_known() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    sign_in_from(&trial, "203.0.113.7", FIREFOX).await;
    sign_in_from(&trial, "203.0.113.7", PHONE).await;
    trial.app.advance(Duration::from_secs(2 * 24 * 60 * 60));
    assert!(mails(&trial).await.is_empty());
    sign_in_from(&trial, "203.0.113.7", PHONE).await;
    assert!(mails(&trial).await.is_empty());
    sign_in_from(&trial, "198.51.100.7", PHONE).await;
    assert_eq!(templates(&trial).await, ["new-device"]);
}

#[tokio::test]
async fn an_account_without_an_address_or_that_was_removed_is_told_nothing() {
    let trial = Trial::start().await;
    let (zoe, ann) = (trial.account("zoe", "employee").await, trial.account("ann", "employee").await);
    trial
        .tamper(move |tx| {
            tx.exec_one("UPDATE identity_user SET email = NULL, email_folded = NULL WHERE id = ?1", &[&zoe])?;
            tx.exec_one("UPDATE identity_user SET deleted_at = 1 WHERE id = ?1", &[&ann])?;
            for user in [zoe, ann] {
                tx.emit(&Actor::system(), Deactivated { user })?;
            }
            Ok(())
        })
        .await;
    assert!(mails(&trial).await.is_empty());
}

/// Every mail about an account, whoever sends it: with all its arguments, and with none.
fn all_mails(language: Language) -> Vec<(Mail, Mail)> {
    let texts = [
        "email-confirmation",
        "already-registered",
        "invitation",
        "password-reset",
        "password-changed",
        "account-deactivated",
        "account-locked",
        "new-device",
        "session-stolen",
        "factor-added",
        "factor-removed",
        "recovery-code-used",
        "sign-in-code",
        "api-key-expiring",
        "email-changed",
    ];
    let bare = |template| Mail::new("zoe@example.org", "Zoé", language, template);
    let mails = texts.into_iter().map(|template| {
        let full = bare(template)
            .arg("minutes", 30)
            .arg("hours", 24)
            .arg("days", 7)
            .arg("left", 3)
            .arg("until", Timestamp::from_seconds(1_768_471_200))
            .arg("device", "Firefox (Linux)")
            .arg("factor", "Yubikey")
            .arg("address", "203.0.113.7")
            .arg("email", "z…@example.com")
            .arg("key", "sk_live_ab12")
            .arg("inviter", "Ann Martin");
        (full, bare(template))
    });
    mails.collect()
}

#[tokio::test]
async fn r4_45_r4_46_every_mail_reads_well_in_both_languages_with_and_without_its_arguments() {
    let trial = Trial::start().await;
    for &language in Language::ALL {
        for (full, bare) in all_mails(language) {
            for mut mail in [full, bare] {
                let button = format!("mail-{}-button", mail.template);
                if trial.app.kit.catalogue.has(language, &button) {
                    mail = mail.link("/go#token");
                }
                let key = format!("mail-{}-text", mail.template);
                assert!(trial.app.kit.catalogue.has(language, &key), "{key} in {language}");
                let written = trial.app.written(&mail);
                let text = written.text.replace('\n', " ");
                for ill in ["mail-", " ,", " .", "..", "{", "}", "( ", "à .", " : .", "  ."] {
                    assert!(!text.contains(ill), "{ill:?} in {} {language}: {text}", mail.template);
                }
                let paragraphs = written.text.split("\n\n").take_while(|block| !block.starts_with("http"));
                for paragraph in paragraphs {
                    assert!(!paragraph.contains("  "), "{}: {paragraph}", mail.template);
                }
                assert!(!written.subject.is_empty() && written.subject.chars().count() <= 60);
            }
        }
    }
}
