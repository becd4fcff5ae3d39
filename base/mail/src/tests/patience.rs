//! Nodes that die and mails that wait: each is sent at least once, and by one node at a time.

use std::net::TcpListener;
use std::time::Duration;

use super::sink::Sink;
use super::world::{World, mail, worlds};
use crate::Queued;

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn r4_49_two_nodes_share_a_queue_and_every_mail_is_sent_by_one_of_them() {
    for world in worlds() {
        let sink = Sink::start();
        let other = world.other_db();
        let nodes =
            [world.node(world.db(), Some(&sink.url()), &[]), world.node(&other, Some(&sink.url()), &[])];
        nodes.iter().for_each(|node| world.start(node));
        let mut expected: Vec<String> = (0..60).map(|number| format!("u{number}@example.org")).collect();
        expected.iter().for_each(|to| world.queue(&mail(to)));
        world.until(<[Queued]>::is_empty);
        let mut received: Vec<String> =
            expected.iter().map(|_| sink.message()["to"][0].as_str().unwrap().to_owned()).collect();
        received.sort();
        expected.sort();
        assert_eq!(received, expected);
        nodes.iter().for_each(|node| world.runtime.block_on(node.stop()));
        assert!(sink.rest().is_empty(), "none was sent twice");
        other.close();
    }
}

#[test]
fn a_mail_is_sent_as_soon_as_it_is_committed() {
    for world in worlds() {
        let node = world.node_that_looks_every(MINUTE * 60, world.db(), None, &[]);
        world.start(&node);
        for number in 0..3 {
            world.queue(&mail(&format!("u{number}@example.org")));
            world.until(<[Queued]>::is_empty);
        }
        assert_eq!(world.files().len(), 3);
        world.runtime.block_on(node.stop());
    }
}

#[test]
fn a_mail_whose_node_died_in_the_middle_is_sent_by_another_after_its_lease_under_the_same_message_id() {
    for world in worlds() {
        let silent = Sink::with(serde_json::json!({"messages": ["hang"]}));
        let dead = world.node(world.db(), Some(&silent.url()), &[("mail.timeout", "60s")]);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        {
            let _inside = runtime.enter();
            dead.start(std::future::pending()).unwrap();
        }
        world.queue(&mail("zoe@example.org"));
        let first = silent.message();
        // The node has handed the mail over, has no answer yet, and is no more.
        runtime.shutdown_background();
        let sink = Sink::start();
        let other = world.other_db();
        let node = world.node(&other, Some(&sink.url()), &[]);
        world.start(&node);
        world.queue(&mail("later@example.org"));
        assert_eq!(sink.message()["to"][0], "later@example.org");
        world.until(|queued| queued.len() == 1);
        assert!(sink.rest().is_empty(), "within the lease the mail is the first node's");
        world.clock.advance(3 * MINUTE);
        let second = sink.message();
        assert_eq!(second["to"][0], "zoe@example.org");
        assert_eq!(header(&second, "Message-ID"), header(&first, "Message-ID"));
        assert_eq!(header(&second, "Date"), header(&first, "Date"));
        world.until(<[Queued]>::is_empty);
        world.runtime.block_on(node.stop());
        other.close();
    }
}

#[test]
fn r4_50_a_server_that_is_down_is_tried_again_and_mail_is_not_healthy_meanwhile() {
    for world in worlds() {
        // A port where nobody listens, until somebody does.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let node = world.node(world.db(), Some(&format!("smtp://127.0.0.1:{port}")), &[]);
        world.start(&node);
        assert!(node.check().is_ok());
        world.queue(&mail("zoe@example.org"));
        for attempts in 1..=3 {
            let queued = world.until(|queued| is_put_off(&world, queued, attempts));
            let pause = queued[0].due_at.unwrap().since(world.clock.now());
            let expected = MINUTE * (1 << (attempts - 1));
            assert!(pause >= expected * 3 / 4 && pause <= expected * 5 / 4, "{attempts}: {pause:?}");
            if attempts < 3 {
                world.clock.advance(pause);
            }
        }
        let reason = world.queued()[0].last_error.clone().unwrap();
        assert!(reason.contains("refused"), "{reason}");
        assert!(node.check().is_err());
        let sink = Sink::with(serde_json::json!({"port": port}));
        world.clock.advance(6 * MINUTE);
        assert_eq!(sink.message()["to"][0], "zoe@example.org");
        world.until(<[Queued]>::is_empty);
        assert!(node.check().is_ok());
        world.runtime.block_on(node.stop());
    }
}

#[test]
fn a_mail_that_is_refused_again_and_again_is_given_up_after_its_attempts_and_sent_when_an_operator_says_so() {
    for world in worlds() {
        let busy = "451 4.3.0 try later, <zoe@example.org>";
        let sink = Sink::with(serde_json::json!({"messages": [busy, busy, busy]}));
        let node = world.node(world.db(), Some(&sink.url()), &[("mail.attempts", "3")]);
        world.start(&node);
        world.queue(&mail("zoe@example.org"));
        for attempt in 1..=3 {
            assert_eq!(sink.message()["answer"], busy);
            world.until(|queued| queued[0].dead_at.is_some() || is_put_off(&world, queued, attempt));
            world.clock.advance(10 * MINUTE);
        }
        let given_up = world.until(|queued| queued[0].dead_at.is_some());
        let reason = given_up[0].last_error.clone().unwrap();
        assert!(reason.starts_with("451") && !reason.contains("zoe"), "{reason}");
        assert_eq!(world.db().read_blocking(Queued::given_up).unwrap(), 1);
        let now = world.clock.now();
        assert_eq!(world.db().write_blocking(move |tx| Queued::retry_all(tx, now)).unwrap(), 1);
        assert_eq!(sink.message()["answer"], "250 OK");
        world.until(<[Queued]>::is_empty);
        world.runtime.block_on(node.stop());
    }
}

#[test]
fn at_the_end_what_is_being_sent_is_finished_and_nothing_more_is_taken() {
    for world in worlds() {
        let sink = Sink::start();
        let node = world.node(world.db(), Some(&sink.url()), &[("mail.concurrency", "2")]);
        world.start(&node);
        for number in 0..40 {
            world.queue(&mail(&format!("u{number}@example.org")));
        }
        sink.message();
        world.runtime.block_on(node.stop());
        let left = world.queued();
        let sent = 1 + sink.rest().iter().filter(|said| said["event"] == "message").count();
        assert_eq!(left.len() + sent, 40, "what was handed over was also crossed out");
        assert!(left.iter().all(|mail| mail.attempts == 0), "nothing was left in the middle: {left:?}");
    }
}

/// The attempt of this number has failed: what is due soon is being sent.
fn is_put_off(world: &World, queued: &[Queued], attempt: i64) -> bool {
    let soon = world.clock.now().plus(MINUTE / 2);
    queued.first().is_some_and(|mail| {
        mail.attempts == attempt && mail.last_error.is_some() && mail.due_at.is_some_and(|due| due > soon)
    })
}

/// A header of a message, unfolded.
pub(super) fn header(message: &serde_json::Value, name: &str) -> String {
    let text = message["text"].as_str().unwrap();
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
    found.unwrap_or_else(|| panic!("no {name} in {head}"))
}
