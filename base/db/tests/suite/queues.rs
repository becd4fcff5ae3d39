//! Bounded queues: refused when full, skipped when abandoned, drained when closed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use socle_db::throwaway::Throwaway;
use socle_db::{Db, Settings};
use socle_kernel::codes;

use crate::both;
use crate::support::{begin, item, wait};

/// The same database with one thread of each sort and room for two.
fn narrow(throwaway: &Throwaway) -> Db {
    let settings =
        Settings { queue: 2, readers: 1, writers: 1, inline_reads: false, ..throwaway.settings().clone() };
    Db::open(&settings).unwrap()
}

both! {
    fn a_full_queue_of_writes_refuses_and_says_when_to_come_back(throwaway: &Throwaway) {
        let db = narrow(throwaway);
        let (running, is_running) = mpsc::channel::<()>();
        let (open, gate) = mpsc::channel::<()>();
        let first = begin(db.write(move |_| { running.send(()).ok(); gate.recv().ok(); Ok(()) }));
        is_running.recv().unwrap();
        let waiting: Vec<_> = (0..2).map(|_| begin(db.write(|_| Ok(())))).collect();
        let error = wait(db.write(|_| Ok(()))).unwrap_err();
        assert_eq!(error.code(), codes::SERVICE_UNAVAILABLE);
        assert_eq!(error.retry_wait(), Some(Duration::from_secs(1)));
        open.send(()).unwrap();
        wait(first).unwrap();
        waiting.into_iter().for_each(|write| wait(write).unwrap());
        wait(db.write(|_| Ok(()))).unwrap();
    }

    fn a_full_queue_of_reads_refuses(throwaway: &Throwaway) {
        let db = narrow(throwaway);
        let (running, is_running) = mpsc::channel::<()>();
        let (open, gate) = mpsc::channel::<()>();
        let first = begin(db.read_long(move |_| { running.send(()).ok(); gate.recv().ok(); Ok(()) }));
        is_running.recv().unwrap();
        let waiting: Vec<_> = (0..2).map(|_| begin(db.read(|_| Ok(())))).collect();
        assert_eq!(wait(db.read(|_| Ok(()))).unwrap_err().code(), codes::SERVICE_UNAVAILABLE);
        assert_eq!(wait(db.read_long(|_| Ok(()))).unwrap_err().code(), codes::SERVICE_UNAVAILABLE);
        open.send(()).unwrap();
        wait(first).unwrap();
        waiting.into_iter().for_each(|read| wait(read).unwrap());
    }

    fn abandoned_work_is_skipped(throwaway: &Throwaway) {
        let db = narrow(throwaway);
        let (open, gate) = mpsc::channel::<()>();
        let first = begin(db.write(move |_| { gate.recv().ok(); Ok(()) }));
        let ran = Arc::new(AtomicBool::new(false));
        let (in_write, in_read) = (ran.clone(), ran.clone());
        drop(begin(db.write(move |_| { in_write.store(true, Ordering::SeqCst); Ok(()) })));
        open.send(()).unwrap();
        wait(first).unwrap();
        let (open, gate) = mpsc::channel::<()>();
        let first = begin(db.read_long(move |_| { gate.recv().ok(); Ok(()) }));
        drop(begin(db.read(move |_| { in_read.store(true, Ordering::SeqCst); Ok(()) })));
        open.send(()).unwrap();
        wait(first).unwrap();
        // One thread of each sort: what comes after has seen the abandoned work go by.
        wait(db.write(|_| Ok(()))).unwrap();
        wait(db.read(|_| Ok(()))).unwrap();
        assert!(!ran.load(Ordering::SeqCst));
    }

    fn closing_finishes_what_waits_and_refuses_what_comes(throwaway: &Throwaway) {
        let db = narrow(throwaway);
        let (open, gate) = mpsc::channel::<()>();
        let first = begin(db.write(move |tx| { gate.recv().ok(); tx.insert("shop_item", &item("a")) }));
        let second = begin(db.write(|tx| tx.insert("shop_item", &item("b"))));
        open.send(()).unwrap();
        db.close();
        wait(first).unwrap();
        wait(second).unwrap();
        assert_eq!(wait(db.write(|_| Ok(()))).unwrap_err().code(), codes::SERVICE_UNAVAILABLE);
        assert_eq!(wait(db.read(|_| Ok(()))).unwrap_err().code(), codes::SERVICE_UNAVAILABLE);
        assert_eq!(wait(db.read_long(|_| Ok(()))).unwrap_err().code(), codes::SERVICE_UNAVAILABLE);
        db.close();
        let count: i64 = throwaway.db().read_blocking(|conn| conn.scalar("SELECT COUNT(*) FROM shop_item", &[])).unwrap();
        assert_eq!(count, 2);
    }

    fn one_at_a_time_has_the_lead(throwaway: &Throwaway) {
        wait(async {
            let db = throwaway.db();
            let lead = db.try_lead("sweeper").await.unwrap().expect("nobody has it");
            assert!(lead.is_held());
            assert!(db.try_lead("sweeper").await.unwrap().is_none());
            let other = db.try_lead("counter").await.unwrap();
            assert!(other.is_some());
            drop(lead);
            assert!(db.try_lead("sweeper").await.unwrap().is_some_and(|lead| lead.is_held()));
        });
    }
}
