//! Durable listeners: everything, at least once, in order, by one node at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use socle_db::Dialect;
use socle_kernel::{Error, Result};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::world::{Noted, runtime, with_nodes};
use crate::{Letter, Listener, Recorded};

/// A listener that passes on the number of each note.
fn telling(name: &'static str, tell: UnboundedSender<i64>) -> Listener {
    Listener::new(name, &[Noted::KIND], move |event| {
        let tell = tell.clone();
        async move { tell.send(number(&event)?).map_err(Error::internal) }
    })
}

fn number(event: &Recorded) -> Result<i64> {
    Ok(event.letter::<Noted>()?.map_or(-1, |note| note.number))
}

async fn hear(told: &mut UnboundedReceiver<i64>, count: usize) -> Vec<i64> {
    let mut heard = Vec::new();
    while heard.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(30), told.recv()).await;
        heard.push(next.expect("nothing more is told").unwrap());
    }
    heard
}

#[test]
fn a_listener_is_told_the_kinds_it_asked_for_from_the_first_event_on() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        node.notes(1, 0..3).await;
        node.end().await;
        let (tell, mut told) = unbounded_channel();
        node.start(vec![telling("notes", tell)]);
        node.notes(1, 3..5).await;
        assert_eq!(hear(&mut told, 5).await, [0, 1, 2, 3, 4]);
    });
}

#[test]
fn a_listener_goes_on_where_it_was_when_it_is_started_again() {
    with_nodes(2, |nodes| async move {
        let (tell, mut told) = unbounded_channel();
        nodes[0].start(vec![telling("notes", tell.clone())]);
        nodes[0].notes(1, 0..5).await;
        assert_eq!(hear(&mut told, 5).await, [0, 1, 2, 3, 4]);
        nodes[0].events.stop().await;
        nodes[1].notes(1, 5..8).await;
        nodes[1].start(vec![telling("notes", tell)]);
        assert_eq!(hear(&mut told, 3).await, [5, 6, 7]);
    });
}

#[test]
fn a_listener_resumes_from_its_saved_position_after_a_crash_and_skips_nothing() {
    with_nodes(2, |nodes| async move {
        let (tell, mut told) = unbounded_channel();
        let dying = {
            let tell = tell.clone();
            Listener::new("notes", &[], move |event| {
                let tell = tell.clone();
                async move {
                    let number = number(&event)?;
                    tell.send(number).map_err(Error::internal)?;
                    if number == 5 { std::future::pending().await } else { Ok(()) }
                }
            })
        };
        let process = runtime();
        // The first five are one batch, and its end is saved before the next is read.
        nodes[0].notes(1, 0..5).await;
        {
            let _inside = process.enter();
            nodes[0].start(vec![dying]);
        }
        assert_eq!(hear(&mut told, 5).await, [0, 1, 2, 3, 4]);
        nodes[0].notes(1, 5..8).await;
        assert_eq!(hear(&mut told, 1).await, [5]);
        process.shutdown_background();
        nodes[1].start(vec![telling("notes", tell)]);
        assert_eq!(hear(&mut told, 3).await, [5, 6, 7], "the one it died on is told again");
    });
}

#[test]
fn an_event_that_a_listener_fails_on_is_presented_until_it_succeeds() {
    with_nodes(1, |nodes| async move {
        let node = &nodes[0];
        let (tell, mut told) = unbounded_channel();
        let tries = Arc::new(AtomicUsize::new(0));
        let stubborn = Listener::new("notes", &[], move |event| {
            let (tell, tries) = (tell.clone(), tries.clone());
            async move {
                let number = number(&event)?;
                tell.send(number).map_err(Error::internal)?;
                if number != 1 {
                    return Ok(());
                }
                match tries.fetch_add(1, Ordering::SeqCst) {
                    0 => Err(Error::internal("not yet")),
                    1 => panic!("a handler panics"),
                    _ => Ok(()),
                }
            }
        });
        node.start(vec![stubborn]);
        node.notes(1, 0..3).await;
        assert_eq!(hear(&mut told, 5).await, [0, 1, 1, 1, 2]);
    });
}

#[test]
fn of_two_nodes_one_runs_a_listener_and_the_other_takes_over() {
    with_nodes(2, |nodes| async move {
        if matches!(nodes[0].db.dialect(), Dialect::Sqlite) {
            // One process has the file alone: there is no other node.
            return;
        }
        let (tell, mut told) = unbounded_channel();
        let by: Arc<Mutex<Vec<usize>>> = Arc::default();
        for (index, node) in nodes.iter().enumerate() {
            let (tell, by) = (tell.clone(), by.clone());
            node.start(vec![Listener::new("notes", &[], move |event| {
                by.lock().unwrap().push(index);
                let told = number(&event).and_then(|number| tell.send(number).map_err(Error::internal));
                std::future::ready(told)
            })]);
        }
        for number in 0..20 {
            nodes[number as usize % 2].note(1, number).await;
        }
        assert_eq!(hear(&mut told, 20).await, (0..20).collect::<Vec<_>>());
        let leader = by.lock().unwrap()[0];
        assert!(by.lock().unwrap().iter().all(|index| *index == leader), "one node at a time");
        nodes[leader].events.stop().await;
        nodes[leader].notes(1, 20..25).await;
        assert_eq!(hear(&mut told, 5).await, (20..25).collect::<Vec<_>>());
        assert_eq!(by.lock().unwrap().last(), Some(&(1 - leader)));
    });
}

#[test]
fn two_listeners_of_one_name_are_refused() {
    with_nodes(1, |nodes| async move {
        let (tell, _told) = unbounded_channel();
        let listeners = vec![telling("a", tell.clone()), telling("b", tell.clone()), telling("a", tell)];
        assert!(nodes[0].events.start(listeners, std::future::pending()).is_err());
    });
}
