//! The company of the demonstration.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use socle_kit::Demo;
use socle_kit::contracts::Group;
use socle_kit::kernel::Random;
use socle_testkit::TestResponse;

use super::company::{CROWD, Colleague, ID_RANGE, colleagues, is_demo_password};
use crate::accounts::rules::is_email;
use socle_identity_trial::{Trial, blocking};

fn company() -> Vec<Colleague> {
    colleagues(&Random::seeded(42))
}

#[test]
fn r4_82_to_84_and_r1_116_the_named_people_are_as_documented() {
    let company = company();
    let named = |username: &str| {
        let colleague = company.iter().find(|colleague| colleague.username == username).unwrap();
        (colleague.password, colleague.role)
    };
    assert_eq!(named("admin"), ("admin123", "admin"));
    assert_eq!(named("marie.martin"), ("marie123", "manager"));
    assert_eq!(named("pierre.dubois"), ("pierre123", "employee"));
    assert_eq!(named("testuser"), ("Password123", "student"));
    assert!(company.iter().any(|colleague| colleague.email == "test@example.com"));
}

#[test]
fn there_are_over_two_hundred_and_twenty_people_in_nine_departments_each_unique() {
    let company = company();
    assert!(CROWD >= 220 && company.len() == CROWD + 4);
    let count = |key: fn(&Colleague) -> String| company.iter().map(key).collect::<BTreeSet<_>>().len();
    assert_eq!(count(|colleague| colleague.id.to_string()), company.len());
    assert_eq!(count(|colleague| colleague.username.clone()), company.len());
    assert_eq!(count(|colleague| colleague.email.clone()), company.len());
    let departments: BTreeSet<_> = company.iter().filter_map(|colleague| colleague.department).collect();
    assert_eq!(departments.len(), 9);
    let employee_ids: Vec<_> = company.iter().filter_map(|colleague| colleague.employee_id.clone()).collect();
    assert_eq!(employee_ids.iter().collect::<BTreeSet<_>>().len(), employee_ids.len());
}

#[test]
fn every_user_name_and_address_could_have_been_registered() {
    for colleague in company() {
        assert!(is_email(&colleague.email), "{}", colleague.email);
        assert!(
            colleague
                .username
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c))
        );
        assert!(
            colleague.username.len() >= 3 && !colleague.username.starts_with('.'),
            "{}",
            colleague.username
        );
        assert!(
            !colleague.username.contains("..") && !colleague.username.ends_with('.'),
            "{}",
            colleague.username
        );
    }
}

#[test]
fn the_company_is_the_same_every_time_and_lies_in_its_own_range_of_identifiers() {
    assert_eq!(company(), company());
    for colleague in company() {
        let id = colleague.id.to_string();
        assert!(id.as_str() >= ID_RANGE[0] && id.as_str() < ID_RANGE[1], "{id}");
    }
}

#[test]
fn ruling_7_every_password_of_the_demonstration_is_known_as_such() {
    assert!(company().iter().all(|colleague| is_demo_password(colleague.password)));
    assert!(!is_demo_password("Password1234"));
}

#[tokio::test]
async fn loading_twice_changes_nothing_and_the_named_people_can_sign_in() {
    let trial = Trial::start().await;
    let first = load(&trial, 42).await;
    assert_eq!(first.loaded, [("accounts", CROWD + 4)]);
    let events = trial.app.event_kinds().await.len();
    trial.app.advance(Duration::from_secs(86_400));
    let second = load(&trial, 42).await;
    assert_eq!(second.loaded, [("accounts", 0)]);
    assert_eq!(trial.app.event_kinds().await.len(), events);
    let ids = |demo: &Demo| demo.people.iter().map(|person| person.id).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&second));
    for (login, password) in
        [("admin", "admin123"), ("marie.martin", "marie123"), ("pierre.dubois", "pierre123")]
    {
        sign_in(&trial, login, password).await.expect(200);
    }
    sign_in(&trial, "test@example.com", "Password123").await.expect(200);
    let db = trial.app.kit.db.clone();
    assert!(blocking(move || socle_identity::operator::has_demo_accounts(&db).unwrap()).await);
}

#[tokio::test]
async fn an_account_that_was_there_before_keeps_its_password_and_takes_its_part() {
    let trial = Trial::start().await;
    let user = trial.account("admin", "admin").await;
    let demo = load(&trial, 42).await;
    assert_eq!(demo.loaded, [("accounts", CROWD + 3)]);
    assert_eq!(demo.people[0].id, user);
    sign_in(&trial, "admin", "admin123").await.expect(401);
    sign_in(&trial, "admin", socle_identity_trial::PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_other_rooms_can_ask_who_the_people_are() {
    let trial = Trial::start().await;
    let demo = load(&trial, 42).await;
    let people = socle_identity::people(&trial.app.kit.db);
    let ids: Vec<_> = demo.people.iter().take(20).map(|person| person.id).collect();
    let names = people.names(&ids).await.unwrap();
    assert!(names.len() == 20 && demo.people.iter().take(20).all(|person| names[&person.id] == person.name));
    assert!(people.names(&[]).await.unwrap().is_empty());
    assert_eq!(people.members(&Group::default()).await.unwrap().len(), CROWD + 4);
    let group =
        Group { roles: vec!["admin".into(), "manager".into()], departments: vec!["Juridique".into()] };
    let members = people.members(&group).await.unwrap();
    let expected = demo.people.iter().filter(|person| {
        group.roles.contains(&person.role) || person.department.as_deref() == Some("Juridique")
    });
    assert_eq!(members.len(), expected.count());
    assert!(members.windows(2).all(|pair| pair[0].name <= pair[1].name));
    let nobody = Group { roles: vec!["captain".into()], departments: Vec::new() };
    assert!(people.members(&nobody).await.unwrap().is_empty());
}

async fn load(trial: &Trial, seed: u64) -> Demo {
    let today = trial.app.kit.clock.now();
    let mut demo = Demo { people: Vec::new(), random: Random::seeded(seed), today, loaded: Vec::new() };
    (crate::PART.demo)(&trial.app.kit, &mut demo).await.unwrap();
    demo
}

async fn sign_in(trial: &Trial, login: &str, password: &str) -> TestResponse {
    trial.post("/api/v1/auth/login", json!({"login": login, "password": password})).send().await
}
