//! The queue, on a database.

use std::time::Duration;

use socle_kernel::{Error, codes};

use super::world::{mail, mailer, worlds};
use crate::Queued;

#[test]
fn a_mail_waits_exactly_when_its_change_is_committed_and_nobody_reads_it_in_the_database() {
    for world in worlds() {
        let mail = mail("zoe@example.org");
        world.queue(&mail);
        let (lost, own) = (mail.clone(), world.mailer.clone());
        let undone = world.db().write_blocking(move |tx| {
            own.send(tx, &lost)?;
            Err::<(), _>(Error::new(codes::CONFLICT))
        });
        assert_eq!(undone.unwrap_err().code(), codes::CONFLICT);
        let own = world.mailer.clone();
        let (waiting, stored) = world
            .db()
            .read_blocking(move |conn| {
                let stored: Vec<String> = conn.scalars("SELECT sealed FROM mail_message", &[])?;
                Ok((own.waiting(conn, 10)?, stored))
            })
            .unwrap();
        assert_eq!(waiting, [mail]);
        assert!(stored.iter().all(|text| !text.contains("zoe") && !text.contains("token")));
    }
}

#[test]
fn what_is_told_only_once_is_queued_once_however_often_it_is_handed_in() {
    for world in worlds() {
        let hand_in = |key: &'static str| {
            let (own, mail) = (world.mailer.clone(), mail("zoe@example.org"));
            world.db().write_blocking(move |tx| own.send_once(tx, key, &mail)).unwrap()
        };
        assert_eq!([hand_in("a"), hand_in("a"), hand_in("b"), hand_in("a")], [true, false, true, false]);
        assert_eq!(world.queued().len(), 2);
        // The mail was sent and is gone: the key stays.
        world.db().write_blocking(|tx| tx.exec("DELETE FROM mail_message", &[])).unwrap();
        assert!(!hand_in("a"));
    }
}

#[test]
fn a_mail_whose_key_is_gone_is_given_up_and_sent_when_the_key_is_back() {
    for mut world in worlds() {
        let right = world.mailer.clone();
        world.mailer = mailer(&world.clock, b"another key");
        world.queue(&mail("zoe@example.org"));
        world.mailer = right;
        let node = world.node(world.db(), None, &[]);
        world.start(&node);
        let queued = world.until(|queued| queued.iter().any(|mail| mail.dead_at.is_some()));
        assert!(queued[0].last_error.as_deref().unwrap().contains("its key is not among those that are set"));
        world.runtime.block_on(node.stop());
        world.mailer = mailer(&world.clock, b"another key");
        let node = world.node(world.db(), None, &[]);
        world.start(&node);
        let (id, now) = (queued[0].id.clone(), world.clock.now());
        assert!(world.db().write_blocking(move |tx| Queued::retry(tx, &id, now)).unwrap());
        world.until(<[Queued]>::is_empty);
        assert_eq!(world.files().len(), 1);
        world.runtime.block_on(node.stop());
    }
}

#[test]
fn what_was_given_up_is_removed_after_its_time() {
    for world in worlds() {
        world.queue(&mail("no address"));
        let node = world.node(world.db(), None, &[("mail.keep_failed", "7d")]);
        world.start(&node);
        world.until(|queued| queued.iter().any(|mail| mail.dead_at.is_some()));
        world.runtime.block_on(node.stop());
        for (days, left) in [(6, 1), (2, 0)] {
            world.clock.advance(Duration::from_secs(days * 24 * 60 * 60));
            let node = world.node(world.db(), None, &[("mail.keep_failed", "7d")]);
            world.start(&node);
            // What is done first at a start is done by the time something queued after it is sent.
            world.queue(&mail("zoe@example.org"));
            world.until(|queued| queued.iter().all(|mail| mail.dead_at.is_some()));
            assert_eq!(world.queued().len(), left, "after {days} more days");
            world.runtime.block_on(node.stop());
        }
    }
}
