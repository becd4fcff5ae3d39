//! The stream as a client sees it, and what only time shows.

use std::pin::Pin;
use std::time::Duration;

use futures_util::{FutureExt, Stream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socle_kit::contracts::identity::UserSignedOut;
use socle_kit::events::{Audience, Letter};
use socle_kit::http::StreamItem;
use socle_kit::prelude::*;
use socle_testkit::{SignedInActor, TestApp};

use super::service::{Pace, Streams};
use crate::MODULE;

const STREAM: &str = "/api/v1/events/stream";
/// Longer than anything here takes; what has not come by then never will.
const NEVER: Duration = Duration::from_secs(30);

type Opened = Pin<Box<dyn Stream<Item = StreamItem> + Send>>;

macro_rules! letters {
    ($($name:ident = $kind:literal),+) => {$(
        #[derive(Serialize, Deserialize)]
        struct $name {
            text: String,
            #[serde(skip)]
            audience: Audience,
        }
        impl Letter for $name {
            const KIND: &'static str = $kind;
            fn subject(&self) -> String {
                "the thing".to_owned()
            }
            fn audience(&self) -> Audience {
                self.audience.clone()
            }
        }
    )+};
}
letters!(Said = "note.said", Unsaid = "note.unsaid", Sung = "song.sung");

/// An application that delivers events.
async fn app() -> TestApp {
    let app = TestApp::of(&[MODULE]).start().await;
    app.kit.events.start(Vec::new(), app.kit.shutdown.clone().draining_owned()).unwrap();
    app
}

async fn say(app: &TestApp, by: &SignedInActor, text: &str, audience: &Audience) {
    let (actor, text, audience) = (by.actor.clone(), text.to_owned(), audience.clone());
    let write =
        move |tx: &mut Tx<'_>| tx.emit(&actor, Said { text: text.clone(), audience: audience.clone() });
    app.kit.db.write(write).await.unwrap();
}

async fn follow(streams: &Streams, by: &SignedInActor, kinds: &[&str], after: Option<i64>) -> Result<Opened> {
    let kinds: Vec<String> = kinds.iter().map(|&kind| kind.to_owned()).collect();
    Ok(Box::pin(streams.follow(by.actor.clone(), &kinds, after).await?))
}

/// The next entry, which must come: (event, id, data).
async fn next(stream: &mut Opened) -> (String, i64, Value) {
    let item =
        tokio::time::timeout(NEVER, stream.next()).await.expect("nothing comes").expect("the stream ended");
    (item.event, item.id.unwrap(), serde_json::from_str(&item.data).unwrap())
}

/// The text of the next event, which must come.
async fn next_text(stream: &mut Opened) -> String {
    next(stream).await.2["data"]["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_anonymous_are_refused() {
    let app = app().await;
    assert_eq!(app.get(STREAM).send().await.expect(401).code(), "UNAUTHORIZED");
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    let app = app().await;
    let ann = app.person("Ann").sign_in();
    for (query, field, code) in [
        ("?kind=a.b", "kind", "UNKNOWN_PARAMETER"),
        ("?kinds=a.b,nonsense", "kinds[1]", "BAD_FORMAT"),
        ("?lastEventId=-1", "lastEventId", "TOO_SMALL"),
        ("?lastEventId=x", "lastEventId", "WRONG_TYPE"),
    ] {
        let response = app.get(&format!("{STREAM}{query}")).by(&ann).send().await.expect(400);
        assert_eq!(response.fields(), [(field.to_owned(), code.to_owned())], "{query}");
    }
    let response = app.get(STREAM).by(&ann).header("last-event-id", "x").send().await.expect(400);
    assert_eq!(response.fields(), [("Last-Event-ID".to_owned(), "WRONG_TYPE".to_owned())]);
}

#[tokio::test]
async fn a_stream_begins_where_the_client_was_and_ends_when_the_server_drains() {
    let app = app().await;
    let ann = app.person("Ann").sign_in();
    for _ in 0..5 {
        say(&app, &ann, "hello", &Audience::Everyone).await;
    }
    assert_eq!(app.events().await.len(), 5);
    // A server that is draining already greets and ends, so that the whole answer can be read.
    app.kit.shutdown.drain();
    for (query, header, id) in [
        ("", None, 5),
        ("", Some(""), 5),
        ("?lastEventId=3", None, 3),
        ("?lastEventId=3", Some("4"), 4),
        ("?lastEventId=0", None, 0),
        ("?lastEventId=99", None, 5),
    ] {
        let request = app.get(&format!("{STREAM}{query}")).by(&ann);
        let request = match header {
            Some(place) => request.header("last-event-id", place),
            None => request,
        };
        let response = request.send().await.expect(200);
        assert_eq!(response.header("content-type"), Some("text/event-stream"));
        assert_eq!(response.header("cache-control"), Some("no-store"));
        let text = response.text();
        for line in ["event: ready".to_owned(), format!("id: {id}"), r#"data: {"sequence":5}"#.to_owned()] {
            assert!(text.lines().any(|found| found == line), "{query} {header:?}: {line} is not in {text}");
        }
    }
}

/// R4-105: who an event is for decides who hears it.
#[tokio::test]
async fn a_reader_is_told_only_what_it_may_see() {
    let app = app().await;
    let ann = app.person("Ann").role("teacher").department("science").sign_in();
    let bob = app.person("Bob").role("student").permission("manage_notes").sign_in();
    let streams = Streams::new(&app.kit).unwrap();
    let mut to_ann = follow(&streams, &ann, &[], Some(0)).await.unwrap();
    let mut to_bob = follow(&streams, &bob, &[], Some(0)).await.unwrap();
    assert_eq!(next(&mut to_ann).await.0, "ready");
    assert_eq!(next(&mut to_bob).await.0, "ready");

    let teachers = Audience::Match {
        roles: vec!["teacher".into()],
        departments: Vec::new(),
        users: Vec::new(),
        permission: None,
    };
    for (text, audience) in [
        ("nobody", Audience::Nobody),
        ("ann", Audience::Users(vec![ann.id()])),
        ("managers", Audience::Permission("manage_notes".into())),
        ("teachers", teachers),
        ("everyone", Audience::Everyone),
    ] {
        say(&app, &ann, text, &audience).await;
    }
    for text in ["ann", "teachers", "everyone"] {
        assert_eq!(next_text(&mut to_ann).await, text);
    }
    for text in ["managers", "everyone"] {
        assert_eq!(next_text(&mut to_bob).await, text);
    }
}

#[tokio::test]
async fn an_event_says_what_happened_to_what_by_whom_and_when() {
    let app = app().await;
    let ann = app.person("Ann").sign_in();
    let mut stream = follow(&Streams::new(&app.kit).unwrap(), &ann, &[], None).await.unwrap();
    assert_eq!(next(&mut stream).await, ("ready".into(), 0, json!({"sequence": 0})));
    say(&app, &ann, "hello", &Audience::Everyone).await;
    let (event, id, mut data) = next(&mut stream).await;
    let event_id = data["id"].take();
    assert_eq!((event.as_str(), id, event_id.as_str().unwrap().len()), ("note.said", 1, 36));
    assert_eq!(
        data,
        json!({
            "sequence": 1, "id": null, "kind": "note.said", "subject": "the thing",
            "actor": {"id": ann.id().to_string(), "name": "Ann"},
            "occurredAt": "2026-01-15T10:00:00Z", "data": {"text": "hello"},
        })
    );

    let audience = Audience::Everyone;
    let by_system = move |tx: &mut Tx<'_>| {
        tx.emit(&Actor::system(), Said { text: "system".into(), audience: audience.clone() })
    };
    app.kit.db.write(by_system).await.unwrap();
    assert_eq!(next(&mut stream).await.2["actor"], Value::Null);
}

#[tokio::test]
async fn a_stream_can_be_of_some_kinds_only() {
    let app = app().await;
    let ann = app.person("Ann").sign_in();
    let streams = Streams::new(&app.kit).unwrap();
    let mut said = follow(&streams, &ann, &["note.said"], None).await.unwrap();
    let mut notes = follow(&streams, &ann, &["note.*"], None).await.unwrap();
    let actor = ann.actor.clone();
    let write = move |tx: &mut Tx<'_>| {
        let (text, audience) = (String::new, || Audience::Everyone);
        tx.emit(&actor, Sung { text: text(), audience: audience() })?;
        tx.emit(&actor, Unsaid { text: text(), audience: audience() })?;
        tx.emit(&actor, Said { text: text(), audience: audience() })
    };
    app.kit.db.write(write).await.unwrap();
    for (stream, kinds) in
        [(&mut said, vec!["ready", "note.said"]), (&mut notes, vec!["ready", "note.unsaid", "note.said"])]
    {
        for kind in kinds {
            assert_eq!(next(stream).await.0, kind);
        }
    }
}

#[tokio::test]
async fn a_client_that_comes_back_misses_nothing_and_hears_nothing_twice() {
    let app = app().await;
    let ann = app.person("Ann").sign_in();
    let streams = Streams::new(&app.kit).unwrap();
    let mut first = follow(&streams, &ann, &[], None).await.unwrap();
    next(&mut first).await;
    say(&app, &ann, "one", &Audience::Everyone).await;
    let (_, place, _) = next(&mut first).await;
    drop(first);
    say(&app, &ann, "two", &Audience::Everyone).await;
    say(&app, &ann, "three", &Audience::Everyone).await;
    let mut second = follow(&streams, &ann, &[], Some(place)).await.unwrap();
    next(&mut second).await;
    say(&app, &ann, "four", &Audience::Everyone).await;
    for text in ["two", "three", "four"] {
        assert_eq!(next_text(&mut second).await, text);
    }
}

#[tokio::test]
async fn a_reader_s_place_is_moved_past_what_is_not_for_it() {
    let app = app().await;
    let (ann, bob) = (app.person("Ann").sign_in(), app.person("Bob").sign_in());
    let mut streams = Streams::new(&app.kit).unwrap();
    streams.pace.cursor_every = Duration::from_millis(50);
    let mut to_ann = follow(&streams, &ann, &[], None).await.unwrap();
    assert_eq!(next(&mut to_ann).await.0, "ready");
    let for_bob = Audience::Users(vec![bob.id()]);
    for _ in 0..3 {
        say(&app, &bob, "psst", &for_bob).await;
    }
    let mut place = 0;
    while place < 3 {
        let (event, id, data) = next(&mut to_ann).await;
        assert_eq!((event.as_str(), &data), ("cursor", &json!({"sequence": id})));
        assert!(id > place, "a cursor only comes when there is something new");
        place = id;
    }
}

#[tokio::test]
async fn a_stream_ends_by_itself_so_that_its_reader_is_authenticated_anew() {
    let app = app().await;
    let ann = app.person("Ann").sign_in();
    let mut streams = Streams::new(&app.kit).unwrap();
    assert!(streams.pace.life + streams.pace.life_spread <= Duration::from_secs(15 * 60));
    streams.pace =
        Pace { life: Duration::from_millis(30), life_spread: Duration::from_millis(30), ..streams.pace };
    let stream = follow(&streams, &ann, &[], None).await.unwrap();
    let all: Vec<StreamItem> = tokio::time::timeout(NEVER, stream.collect()).await.expect("it ends");
    assert_eq!(all.len(), 1, "the greeting");
}

#[tokio::test]
async fn a_stream_ends_when_its_reader_signs_out_and_not_when_it_reads_of_an_old_sign_out() {
    let app = app().await;
    let streams = Streams::new(&app.kit).unwrap();
    let reader = app.person("Ana").sign_in();
    let sign_out = || {
        let (actor, user) = (reader.actor.clone(), reader.id());
        let session = "a session".to_owned();
        app.kit
            .db
            .write(move |tx: &mut Tx<'_>| tx.emit(&actor, UserSignedOut { user, session: session.clone() }))
    };
    sign_out().await.unwrap();
    say(&app, &reader, "after the old one", &Audience::Everyone).await;
    // Both have their numbers now, also on PostgreSQL, which gives them after the commit.
    assert_eq!(app.events().await.len(), 2);
    let mut stream = follow(&streams, &reader, &[], Some(0)).await.unwrap();
    assert_eq!(next(&mut stream).await.0, "ready");
    assert_eq!(next_text(&mut stream).await, "after the old one");
    sign_out().await.unwrap();
    say(&app, &reader, "too late", &Audience::Everyone).await;
    assert!(tokio::time::timeout(NEVER, stream.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_user_holds_five_streams_at_once_and_one_that_is_closed_makes_room() {
    let app = app().await;
    let (ann, bob) = (app.person("Ann").sign_in(), app.person("Bob").sign_in());
    let streams = Streams::new(&app.kit).unwrap();
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(follow(&streams, &ann, &[], None).await.unwrap());
    }
    let Err(error) = follow(&streams, &ann, &[], None).await else { panic!("a sixth was opened") };
    assert_eq!(error.code().name, "TOO_MANY_STREAMS");
    assert!(follow(&streams, &bob, &[], None).await.is_ok(), "each user has their own");
    open.pop();
    assert!(follow(&streams, &ann, &[], None).await.is_ok());
}

#[tokio::test]
async fn one_stream_too_many_is_answered_429_and_says_when_to_come_back() {
    let app = TestApp::of(&[MODULE]).setting("streams.per_user", "1").start().await;
    app.kit.events.start(Vec::new(), app.kit.shutdown.clone().draining_owned()).unwrap();
    let ann = app.person("Ann").sign_in();
    let (one, other) = (Box::pin(app.get(STREAM).by(&ann).send()), Box::pin(app.get(STREAM).by(&ann).send()));
    // One of the two stays open until the server drains; the answer that comes before that is the refusal.
    let (refused, open) = tokio::time::timeout(NEVER, futures_util::future::select(one, other))
        .map(|first| first.expect("no refusal comes").factor_first())
        .await;
    let refused = refused.expect(429);
    assert_eq!(refused.code(), "TOO_MANY_STREAMS");
    assert_eq!(refused.header("retry-after"), Some("15"));
    app.kit.shutdown.drain();
    open.await.expect(200);
}
