//! Several nodes on one database, and nodes that die.

use socle_db::Dialect;

use super::world::{Node, Open, emit, next_note, notes_until_end, with_nodes};
use crate::shared::BATCH;
use crate::store;

#[test]
fn two_nodes_on_one_database_both_deliver_everything_in_the_same_order() {
    with_nodes(2, |nodes| async move {
        nodes.iter().for_each(|node| node.start(Vec::new()));
        let mut feeds: Vec<_> = nodes.iter().map(|node| node.events.feed_from(Some(0))).collect();
        let writers: Vec<_> = (0..8_i64)
            .map(|writer| {
                let node = nodes[writer as usize % 2].clone();
                tokio::spawn(async move {
                    for number in 0..25 {
                        node.note(writer, number).await;
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        nodes[0].end().await;
        let here = notes_until_end(&mut feeds[0]).await;
        let there = notes_until_end(&mut feeds[1]).await;
        assert_eq!(here.len(), 200);
        assert_eq!(here, there);
        let mut all = here.clone();
        all.sort_unstable();
        assert_eq!(
            all,
            (0..8).flat_map(|writer| (0..25).map(move |number| (writer, number))).collect::<Vec<_>>()
        );
    });
}

#[test]
fn what_a_node_committed_before_it_died_is_delivered_by_another() {
    with_nodes(2, |nodes| async move {
        // The first node never numbers and never reads: as if it had died right after the commit.
        nodes[0].notes(1, 0..3).await;
        nodes[1].start(Vec::new());
        let mut feed = nodes[1].events.feed_from(Some(0));
        assert_eq!(next_note(&mut feed).await, (1, 0));
        assert_eq!(next_note(&mut feed).await, (1, 1));
        nodes[0].note(1, 3).await;
        assert_eq!(next_note(&mut feed).await, (1, 2));
        assert_eq!(next_note(&mut feed).await, (1, 3));
    });
}

#[test]
fn a_number_once_given_stays_even_when_two_nodes_number_at_once() {
    with_nodes(2, |nodes| async move {
        if matches!(nodes[0].db.dialect(), Dialect::Sqlite) {
            // Events are numbered at insert.
            return;
        }
        nodes[0].note(0, 0).await;
        nodes[0].db.write(|tx| store::number(tx, BATCH)).await.unwrap();
        let late = Open::begin(&nodes[0], |tx| emit(tx, 1, 0)).await;
        nodes[0].note(2, 0).await;
        let first = Open::begin(&nodes[0], |tx| store::number(tx, BATCH).map(drop)).await;
        late.commit().await;
        let second = tokio::spawn({
            let db = nodes[1].db.clone();
            async move { db.write(|tx| store::number(tx, BATCH)).await }
        });
        // The second sequencer sees both events as waiting, until it is let in after the first.
        let is_waiting = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock')";
        while !nodes[0].db.read(move |conn| conn.scalar::<bool>(is_waiting, &[])).await.unwrap() {
            assert!(!second.is_finished(), "the second sequencer did not wait for the first");
        }
        first.commit().await;
        assert_eq!(second.await.unwrap().unwrap(), 1);
        let order = nodes[1].events.after(0, 10).await.unwrap();
        let order: Vec<_> = order.iter().map(|event| (event.sequence, event.subject.as_str())).collect();
        assert_eq!(order, [(1, "0-0"), (2, "2-0"), (3, "1-0")]);
    });
}

/// Ends every connection to the database but the one that asks.
async fn kill_connections(node: &Node) {
    let killed: Result<Vec<bool>, _> = node
        .db
        .write(|tx| {
            tx.scalars(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
                &[],
            )
        })
        .await;
    assert!(!killed.unwrap().is_empty(), "there were connections to end");
}

#[test]
fn nothing_is_lost_or_told_twice_when_the_connections_of_all_nodes_are_killed() {
    with_nodes(2, |nodes| async move {
        if matches!(nodes[0].db.dialect(), Dialect::Sqlite) {
            // There are no connections to kill.
            return;
        }
        nodes.iter().for_each(|node| node.start(Vec::new()));
        let mut feeds: Vec<_> = nodes.iter().map(|node| node.events.feed_from(Some(0))).collect();
        let mut acknowledged = Vec::new();
        for round in 0..5_i64 {
            for number in 0..20_i64 {
                let node = &nodes[number as usize % 2];
                // A write that a dying connection refused may be repeated, but not one that may have committed:
                // those have a number of their own and are not asked for below.
                if node.try_note(round, number).await.is_ok() {
                    acknowledged.push((round, number));
                }
                if number == 10 {
                    kill_connections(&nodes[round as usize % 2]).await;
                }
            }
        }
        while nodes[0].db.write(|tx| emit(tx, -1, -1)).await.is_err() {
            tokio::task::yield_now().await;
        }
        nodes[0].end().await;
        let here = notes_until_end(&mut feeds[0]).await;
        let there = notes_until_end(&mut feeds[1]).await;
        assert_eq!(here, there);
        let told: std::collections::BTreeSet<_> = here.iter().collect();
        assert_eq!(told.len(), here.len(), "none twice");
        assert!(acknowledged.len() >= 50, "{} of 100 were acknowledged", acknowledged.len());
        assert!(acknowledged.iter().all(|note| told.contains(note)), "all that was acknowledged is there");
    });
}
