//! The announcements of the demonstration: believable, valid, and the same every time (R4-85).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use socle_kit::kernel::{Id, Random, Timestamp, UserId};
use socle_kit::{Demo, DemoPerson, Kit};
use socle_testkit::TestApp;

use super::calendar::Day;
use super::confirmations::confirmations;
use super::generate::announcements;
use super::library::Library;
use super::load;
use super::phrase::fill;
use super::record::number_of;
use super::slots::{Days, Slots};
use super::store::numbers;
use super::theme::{Language, going_with};
use crate::announcements::api::AnnouncementInput;
use crate::announcements::model::{Announcement, Phase, Sort};
use crate::announcements::store;

const DEPARTMENTS: [&str; 8] = [
    "Direction générale",
    "Ressources humaines",
    "Finance",
    "Informatique",
    "Commercial",
    "Marketing",
    "Logistique",
    "Production",
];

fn today() -> Timestamp {
    "2026-01-15T10:00:00Z".parse().unwrap()
}

fn people() -> Vec<DemoPerson> {
    let person = |number: usize| DemoPerson {
        id: UserId::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number as u128),
        name: if number == 3 { "Marie Martin".to_owned() } else { format!("Prénom{number} Nom{number}") },
        role: match number {
            0 => "admin",
            1..=10 => "manager",
            11..=14 => "moderator",
            _ => "employee",
        }
        .to_owned(),
        department: (number != 15).then(|| DEPARTMENTS[number % DEPARTMENTS.len()].to_owned()),
    };
    (0..200).map(person).collect()
}

fn generated() -> Vec<Announcement> {
    announcements(&people(), &Random::seeded(42), today()).unwrap()
}

fn is_english(row: &Announcement) -> bool {
    [" the ", "The ", " and ", " is "].iter().any(|word| row.content.contains(word))
}

fn percent(rows: &[Announcement], holds: impl Fn(&Announcement) -> bool) -> usize {
    rows.iter().filter(|row| holds(row)).count() * 100 / rows.len()
}

#[test]
fn there_are_more_than_two_thousand_and_no_two_say_the_same() {
    let rows = generated();
    assert_eq!(rows.len(), 2_102);
    let texts: BTreeSet<_> = rows.iter().map(|row| (&row.title, &row.content)).collect();
    assert_eq!(texts.len(), rows.len());
    let titles: BTreeSet<_> = rows.iter().map(|row| &row.title).collect();
    assert!(titles.len() > 1_000, "{} titles", titles.len());
    let numbers: BTreeSet<_> = rows.iter().map(|row| number_of(row.id)).collect();
    assert_eq!(numbers.len(), rows.len());
}

#[test]
fn the_same_randomness_makes_the_same_ones() {
    assert_eq!(generated(), generated());
    let others = announcements(&people(), &Random::seeded(43), today()).unwrap();
    assert_ne!(generated(), others);
}

#[test]
fn without_people_there_are_none() {
    assert!(announcements(&[], &Random::seeded(42), today()).unwrap().is_empty());
}

#[test]
fn the_first_two_are_the_policy_and_the_training_of_r4_85() {
    let rows = generated();
    assert_eq!((rows[0].kind, rows[1].kind), (Sort::Policy, Sort::Training));
    for row in &rows[..2] {
        assert_eq!(
            (row.phase, row.for_everyone, &*row.author_name),
            (Phase::Published, true, "Marie Martin")
        );
    }
    assert!(rows[0].must_acknowledge && rows[0].is_pinned);
}

#[test]
fn each_would_be_accepted_by_the_api() {
    for row in generated() {
        let value: Value = serde_json::to_value(AnnouncementInput::from(&row)).unwrap();
        let input: AnnouncementInput = socle_kit::http::check_value(value).unwrap_or_else(|error| {
            panic!("{}: {:?}", row.title, error.fields());
        });
        assert_eq!(input.title, row.title);
    }
}

#[test]
fn contents_are_of_a_believable_length() {
    for row in generated() {
        let length = row.content.chars().count();
        assert!((200..=900).contains(&length), "{length}: {}\n{}", row.title, row.content);
        assert!((10..=120).contains(&row.title.chars().count()), "{}", row.title);
    }
}

#[test]
fn seven_of_ten_are_in_french_and_the_others_in_english() {
    let english = percent(&generated(), is_english);
    assert!((26..=34).contains(&english), "{english} %");
}

#[test]
fn two_of_three_are_for_everybody() {
    let rows = generated();
    let everybody = percent(&rows, |row| row.for_everyone);
    assert!((61..=69).contains(&everybody), "{everybody} %");
    assert!(percent(&rows, |row| !row.audience_departments.is_empty()) > 15);
    assert!(percent(&rows, |row| !row.audience_roles.is_empty()) > 3);
    let known: BTreeSet<&str> = DEPARTMENTS.into();
    assert!(rows.iter().flat_map(|row| &row.audience_departments).all(|name| known.contains(name.as_str())));
}

#[test]
fn every_sort_has_its_share() {
    let rows = generated();
    for (sort, low, high) in [
        (Sort::Info, 40, 56),
        (Sort::Event, 11, 19),
        (Sort::Important, 8, 16),
        (Sort::Policy, 8, 14),
        (Sort::Training, 10, 18),
    ] {
        let share = percent(&rows, |row| row.kind == sort);
        assert!((low..=high).contains(&share), "{sort}: {share} %");
    }
    assert!(rows.iter().filter(|row| row.kind == Sort::Policy).all(|row| row.must_acknowledge));
}

#[test]
fn periods_are_valid_and_lie_in_working_hours_around_today() {
    let rows = generated();
    let first = Day::of(today()).plus(-920);
    for row in &rows {
        let day = Day::of(row.published_at);
        assert!(day.is_working() && day > first, "{}", row.published_at);
        assert!(row.published_at >= day.at(8, 0, 0) && row.published_at < day.at(18, 0, 0));
        assert!(row.expires_at.is_none_or(|end| end > row.published_at));
        assert!(row.created_at <= row.published_at && row.created_at < today());
        assert_eq!(row.phase, row.phase_at(today()));
        assert_eq!((row.id.uuid().as_u128() >> 80) as i64, row.created_at.micros() / 1_000);
        assert_eq!(row.id.uuid().get_version_num(), 7);
    }
    let in_phase = |phase| rows.iter().filter(|row| row.phase == phase).count();
    assert_eq!(in_phase(Phase::Scheduled), 15);
    assert!(in_phase(Phase::Expired) > 1_000, "{}", in_phase(Phase::Expired));
    assert!(in_phase(Phase::Published) > 150, "{}", in_phase(Phase::Published));
    let pinned: Vec<_> = rows.iter().filter(|row| row.is_pinned).collect();
    assert!((3..=6).contains(&pinned.len()), "{}", pinned.len());
    assert!(pinned.iter().all(|row| row.phase == Phase::Published));
}

#[test]
fn few_write_for_many() {
    let people = people();
    let authors: BTreeSet<UserId> = generated().iter().map(|row| row.author_id).collect();
    assert!((8..=40).contains(&authors.len()), "{} authors", authors.len());
    for author in people.iter().filter(|person| authors.contains(&person.id)) {
        let leads = ["manager", "moderator"].contains(&author.role.as_str());
        let speaks =
            ["Ressources humaines", "Marketing"].contains(&author.department.as_deref().unwrap_or_default());
        assert!(leads || speaks, "{author:?}");
    }
}

#[test]
fn there_are_sixty_themes_and_every_one_is_used() {
    let library = Library::open().unwrap();
    assert!(library.themes.len() >= 60, "{} themes", library.themes.len());
    for theme in &library.themes {
        assert!(
            theme.titles.len() >= 3 && theme.leads.len() >= 2 && theme.details.len() >= 3,
            "{}",
            theme.name
        );
        for lead in &theme.leads {
            assert!(
                !going_with(*lead, &theme.titles).is_empty(),
                "{}: no title for {}",
                theme.name,
                lead.text
            );
            assert!(
                going_with(*lead, &theme.details).len() >= 2,
                "{}: few details for {}",
                theme.name,
                lead.text
            );
        }
        for title in &theme.titles {
            let goes = theme.leads.iter().any(|lead| going_with(*lead, &[*title]).len() == 1);
            assert!(goes, "{}: no lead for {}", theme.name, title.text);
        }
        assert!(
            !library.closing(theme.language, theme.voice, &Random::seeded(1)).is_empty(),
            "{}",
            theme.name
        );
    }
    let rows = generated();
    for theme in &library.themes {
        // The longest stretch of a lead that has no slot tells its theme.
        let marks: Vec<String> =
            theme.leads.iter().map(|lead| longest_plain(lead.text, theme.language)).collect();
        let used = rows.iter().any(|row| marks.iter().any(|mark| row.content.contains(mark.as_str())));
        assert!(used, "{} is never used", theme.name);
    }
}

fn longest_plain(template: &str, language: Language) -> String {
    let plain = template.split(['{', '}', '|']).max_by_key(|part| part.len()).unwrap_or_default();
    super::phrase::typeset(plain, language).trim().to_owned()
}

#[test]
fn every_template_names_only_slots_that_exist() {
    let (people, random, library) = (people(), Random::seeded(5), Library::open().unwrap());
    let cast = super::cast::Cast::of(&people);
    let themes = library.themes.iter().flat_map(|theme| {
        let texts = theme.titles.iter().chain(&theme.leads).chain(&theme.details);
        texts.map(move |variant| (theme.language, variant.text))
    });
    for (language, template) in
        themes.chain(library.closings.iter().map(|(language, _, text)| (*language, *text)))
    {
        for _ in 0..20 {
            let days = Days::after(Day::of(today()), 20, &random);
            let (author, department, newcomer) = ("Ada", "Finance", "Ines");
            let given = BTreeMap::new();
            let mut slots =
                Slots { cast: &cast, random: &random, language, days, author, department, newcomer, given };
            let text = fill(template, language, &random, &mut slots);
            assert!(!text.contains(['{', '}', '|', '\'', '"']), "{template}\n{text}");
            assert!(!text.contains("  "), "{template}\n{text}");
        }
    }
}

#[test]
fn french_texts_keep_their_high_punctuation_on_the_line() {
    for row in generated().iter().filter(|row| !is_english(row)) {
        for text in [row.title.as_str(), row.content.as_str()] {
            for wrong in [" :", " ;", " !", " ?", " »", "« ", " %", " €", " h "] {
                assert!(!text.contains(wrong), "{wrong:?} in {text}");
            }
        }
    }
}

#[test]
fn french_months_take_their_article() {
    let wrong = ["de avril", "de août", "de octobre"];
    let right = ["d’avril", "d’août", "d’octobre"];
    let rows = generated();
    assert!(
        rows.iter()
            .all(|row| !wrong.iter().any(|wrong| row.content.contains(wrong) || row.title.contains(wrong)))
    );
    assert!(
        right
            .iter()
            .all(|right| rows.iter().any(|row| row.content.contains(right) || row.title.contains(right)))
    );
}

#[test]
fn a_believable_share_confirms_what_must_be_confirmed() {
    let (people, random) = (people(), Random::seeded(9));
    let rows = generated();
    let mut confirmed = 0;
    for row in &rows {
        let readings = confirmations(row, &people, &random, today());
        if readings.is_empty() {
            continue;
        }
        confirmed += 1;
        assert!(row.must_acknowledge && row.phase == Phase::Published);
        let readers: BTreeSet<_> = readings.iter().map(|(reader, _)| reader).collect();
        assert_eq!(readers.len(), readings.len());
        assert!(readings.len() < people.len());
        assert!(readings.iter().all(|(_, at)| *at > row.published_at && *at <= today()));
    }
    assert!(confirmed >= 10, "{confirmed}");
    let first = confirmations(&rows[0], &people, &random, today()).len();
    assert!((60..160).contains(&first), "{first} of 200");
}

fn demo(today: Timestamp) -> Demo {
    Demo { people: people(), random: Random::seeded(42), today, loaded: Vec::new() }
}

/// How many announcements and how many confirmations of these there are.
async fn counts(kit: &Kit, rows: &[Announcement]) -> (usize, usize) {
    let ids: Vec<Id<Announcement>> = rows.iter().map(|row| row.id).collect();
    kit.db
        .read_long(move |conn| {
            let mut confirmed = 0;
            for id in &ids {
                confirmed += store::readers(conn, *id)?.len();
            }
            Ok((numbers(conn)?.len(), confirmed))
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_load_writes_nothing_not_even_on_another_day() {
    let app = TestApp::of(&[crate::MODULE]).start().await;
    let mut first = demo(today());
    load(&app.kit, &mut first).await.unwrap();
    assert_eq!(first.loaded, [("announcements", 2_102)]);
    let loaded = counts(&app.kit, &generated()).await;
    assert_eq!(loaded.0, 2_102);
    assert!(loaded.1 > 500, "{} confirmations", loaded.1);
    assert!(app.event_kinds().await.is_empty(), "a demonstration is a state, not a history");

    let mut second = demo(Day::of(today()).plus(40).at(11, 0, 0));
    load(&app.kit, &mut second).await.unwrap();
    assert_eq!(second.loaded, [("announcements", 0)]);
    assert_eq!(counts(&app.kit, &generated()).await, loaded);
}
