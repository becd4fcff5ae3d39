//! Feeds: every committed event once, in order, from any place.

use std::time::{Duration, Instant};

use socle_db::Dialect;
use socle_kernel::{Actor, ActorKind, Error, Result, UserId};

use super::world::{Noted, Open, emit, next, next_note, notes_until_end, with_nodes};
use crate::shared::CACHE;
use crate::{Audience, Emit};

const WRITERS: i64 = 16;
const EACH: i64 = 25;

#[test]
fn every_committed_event_is_delivered_once_and_in_order_under_concurrent_writers() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.start(Vec::new());
        let mut live = node.events.feed_from(Some(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let node = node.clone();
                tokio::spawn(async move {
                    for number in 0..EACH {
                        node.note(writer, number).await;
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        node.end().await;
        let notes = notes_until_end(&mut live).await;
        assert_eq!(notes.len() as i64, WRITERS * EACH);
        for writer in 0..WRITERS {
            let own: Vec<i64> = notes.iter().filter(|note| note.0 == writer).map(|note| note.1).collect();
            assert_eq!(own, (0..EACH).collect::<Vec<_>>(), "writer {writer} in its own order");
        }
        let mut again = node.events.feed_from(Some(0));
        assert_eq!(notes_until_end(&mut again).await, notes, "the past is what was told live");
    });
}

#[test]
fn an_event_that_commits_late_comes_after_those_that_overtook_it() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        if matches!(node.db.dialect(), Dialect::Sqlite) {
            // One writer: nothing can overtake.
            return;
        }
        node.start(Vec::new());
        let mut feed = node.events.feed_from(Some(0));
        let slow = Open::begin(node, |tx| emit(tx, 1, 0)).await;
        node.note(2, 0).await;
        assert_eq!(next_note(&mut feed).await, (2, 0), "the later letter is committed first");
        slow.commit().await;
        assert_eq!(
            next_note(&mut feed).await,
            (1, 0),
            "and the reader that went past it does not miss the earlier"
        );
    });
}

#[test]
fn a_write_that_is_rolled_back_leaves_no_event() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.start(Vec::new());
        let mut feed = node.events.feed_from(Some(0));
        let failed: Result<()> = node
            .db
            .write(|tx| {
                emit(tx, 1, 1)?;
                Err(Error::internal("no"))
            })
            .await;
        assert!(failed.is_err());
        node.db
            .write(|tx| {
                let undone: Result<()> = tx.attempt(|tx| {
                    emit(tx, 1, 2)?;
                    Err(Error::internal("no"))
                });
                assert!(undone.is_err());
                emit(tx, 1, 3)
            })
            .await
            .unwrap();
        node.end().await;
        assert_eq!(notes_until_end(&mut feed).await, [(1, 3)]);
    });
}

#[test]
fn a_feed_resumes_after_any_place_and_goes_on_live() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.start(Vec::new());
        node.notes(1, 0..1200).await;
        let mut first = node.events.feed_from(Some(0));
        for _ in 0..700 {
            next(&mut first).await;
        }
        let place = first.last();
        drop(first);
        let mut second = node.events.feed_from(place);
        node.notes(1, 1200..1300).await;
        node.end().await;
        let rest: Vec<i64> = notes_until_end(&mut second).await.into_iter().map(|note| note.1).collect();
        assert_eq!(rest, (700..1300).collect::<Vec<_>>());
    });
}

#[test]
fn a_feed_without_a_place_begins_now() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.note(1, 1).await;
        node.start(Vec::new());
        let mut past = node.events.feed_from(Some(0));
        assert_eq!(next_note(&mut past).await, (1, 1));
        let mut live = node.events.subscribe();
        node.note(1, 2).await;
        assert_eq!(next_note(&mut live).await, (1, 2));
    });
}

#[test]
fn a_feed_that_lags_behind_misses_nothing() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.start(Vec::new());
        let (mut slow, mut quick) = (node.events.feed_from(Some(0)), node.events.feed_from(Some(0)));
        for thousand in 0..4 {
            node.notes(1, thousand * 1000..(thousand + 1) * 1000).await;
        }
        node.end().await;
        let all = notes_until_end(&mut quick).await;
        assert_eq!(all.len(), 4000);
        assert!(slow.unread() > CACHE, "the slow one has lost its place in the cache: {}", slow.unread());
        assert_eq!(notes_until_end(&mut slow).await, all);
    });
}

#[test]
fn a_commit_wakes_the_feeds_of_its_own_node_before_any_poll() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.start(Vec::new());
        let mut feed = node.events.feed_from(Some(0));
        let mut times = Vec::new();
        for number in 0..31 {
            node.note(1, number).await;
            let committed = Instant::now();
            next(&mut feed).await;
            times.push(committed.elapsed());
        }
        times.sort_unstable();
        // Were it not woken, each would wait for the next poll: 200 ms.
        assert!(times[15] < Duration::from_millis(100), "half of them take {:?} and more", times[15]);
        println!("after the commit: median {:?}, longest {:?}", times[15], times[30]);
    });
}

#[test]
fn an_event_tells_who_what_when_and_for_whom() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.start(Vec::new());
        let ann = Actor {
            kind: ActorKind::User,
            user: Some(UserId::from_u128(7)),
            name: "Ann".into(),
            address: Some([192, 0, 2, 1].into()),
            ..Actor::anonymous()
        };
        node.db.write(move |tx| tx.emit(&ann, Noted { writer: 3, number: 4 })).await.unwrap();
        let event = next(&mut node.events.feed_from(Some(0))).await;
        assert_eq!((event.sequence, event.kind.as_str(), event.subject.as_str()), (1, "note.written", "3-4"));
        assert_eq!((event.actor_id, event.actor_name.as_str()), (Some(UserId::from_u128(7)), "Ann"));
        assert_eq!((event.address.as_deref(), &event.audience), (Some("192.0.2.1"), &Audience::Everyone));
        assert_eq!(event.payload.as_str(), r#"{"writer":3,"number":4}"#);
        assert_eq!(event.id.uuid().get_version_num(), 7);
        assert_eq!(node.events.latest().await.unwrap(), 1);
        assert_eq!(node.events.after(0, 10).await.unwrap().len(), 1);
    });
}

#[test]
fn a_feed_ends_when_the_events_stop() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        let (shut, down) = tokio::sync::oneshot::channel::<()>();
        node.events.start(Vec::new(), async { drop(down.await) }).unwrap();
        let mut feed = node.events.feed_from(Some(0));
        let waiting = tokio::spawn(async move { feed.next().await });
        shut.send(()).unwrap();
        assert!(waiting.await.unwrap().is_none());
        assert!(
            node.events.start(Vec::new(), std::future::pending()).is_err(),
            "and they do not start twice"
        );
    });
}
