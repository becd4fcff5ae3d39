//! What a transaction keeps, what it undoes, and who is told.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use socle_db::Conn;
use socle_db::throwaway::Throwaway;
use socle_kernel::{Error, Result, codes};

use crate::both;
use crate::support::{ask, begin, item, wait};

fn ids(throwaway: &Throwaway) -> Vec<String> {
    throwaway.db().read_blocking(|conn| conn.scalars("SELECT id FROM shop_item ORDER BY id", &[])).unwrap()
}

fn stocked(conn: &mut Conn) -> Result<i64> {
    conn.scalar("SELECT COUNT(*) FROM shop_item WHERE stock > 0", &[])
}

both! {
    fn closures_of_one_batch_fail_and_panic_alone(throwaway: &Throwaway) {
        let db = throwaway.db();
        // The first holds the writer until the others wait behind it: on SQLite they share one commit.
        let (open, gate) = mpsc::channel::<()>();
        let first = begin(db.write(move |tx| {
            gate.recv().ok();
            tx.insert("shop_item", &item("a"))
        }));
        let failing = begin(db.write(|tx| {
            tx.insert("shop_item", &item("b"))?;
            Err::<(), _>(Error::new(codes::CONFLICT))
        }));
        let panicking = begin(db.write(|tx| {
            tx.insert("shop_item", &item("c"))?;
            if stocked(tx)? > 0 {
                panic!("on purpose");
            }
            Ok(())
        }));
        let broken = begin(db.write(|tx| tx.exec("INSERT INTO shop_item (id) VALUES ('d')", &[])));
        let last = begin(db.write(|tx| tx.insert("shop_item", &item("e"))));
        // Not sent but dropped: the closure may run again.
        drop(open);
        wait(first).unwrap();
        assert_eq!(wait(failing).unwrap_err().code(), codes::CONFLICT);
        let error = wait(panicking).unwrap_err();
        assert_eq!(error.code(), codes::INTERNAL_ERROR);
        assert!(error.to_string().contains("on purpose"));
        assert_eq!(wait(broken).unwrap_err().code(), codes::INTERNAL_ERROR);
        wait(last).unwrap();
        assert_eq!(ids(throwaway), ["a", "e"]);
    }

    fn whatever_fails_in_a_batch_the_rest_is_kept_once(throwaway: &Throwaway) {
        let db = throwaway.db();
        for failing in 0..6_u32 {
            let (open, gate) = mpsc::channel::<()>();
            let held = begin(db.write(move |_| {
                gate.recv().ok();
                Ok(())
            }));
            let jobs: Vec<_> = (0..6_u32)
                .map(|number| {
                    ask(db.write(move |tx| {
                        let name = format!("{failing}{number}");
                        if number == failing && number % 2 == 0 {
                            // Before it has changed anything.
                            return Err(Error::new(codes::NOT_FOUND));
                        }
                        tx.insert("shop_item", &item(&name))?;
                        if number == failing {
                            return Err(Error::new(codes::CONFLICT));
                        }
                        tx.exec("UPDATE shop_item SET stock = stock + 1 WHERE id = ?1", &[&name]).map(drop)
                    }))
                })
                .collect();
            drop(open);
            wait(held).unwrap();
            for (number, job) in (0..).zip(jobs) {
                assert_eq!(wait(job).is_err(), number == failing, "{failing}: {number}");
            }
            let expected: Vec<String> = (0..6_u32)
                .filter(|number| *number != failing)
                .map(|number| format!("{failing}{number}"))
                .collect();
            let found: Vec<String> = ids(throwaway).into_iter().rev().take(5).rev().collect();
            assert_eq!(found, expected);
        }
        let once = item("x").stock + 1;
        let twice = db.read_blocking(move |conn| {
            conn.scalar::<i64>("SELECT COUNT(*) FROM shop_item WHERE stock <> ?1", &[&once])
        });
        assert_eq!(twice.unwrap(), 0, "a closure that ran again had its first effect undone");
    }

    fn a_panic_in_a_read_is_an_error_and_the_next_read_works(throwaway: &Throwaway) {
        let panicking = |conn: &mut Conn| -> Result<()> {
            let count = stocked(conn)?;
            panic!("on purpose {count}");
        };
        assert_eq!(throwaway.db().read_blocking(panicking).unwrap_err().code(), codes::INTERNAL_ERROR);
        assert_eq!(wait(throwaway.db().read(panicking)).unwrap_err().code(), codes::INTERNAL_ERROR);
        assert_eq!(wait(throwaway.db().read_long(panicking)).unwrap_err().code(), codes::INTERNAL_ERROR);
        assert_eq!(wait(throwaway.db().read(stocked)).unwrap(), 0);
        assert_eq!(wait(throwaway.db().read_long(stocked)).unwrap(), 0);
    }

    fn an_attempt_that_fails_undoes_itself_only(throwaway: &Throwaway) {
        throwaway.db().write_blocking(|tx| {
            tx.insert("shop_item", &item("a"))?;
            let outcome = tx.attempt(|tx| {
                tx.insert("shop_item", &item("b"))?;
                tx.attempt(|tx| tx.insert("shop_item", &item("c")))?;
                tx.insert("shop_item", &item("a"))
            });
            assert_eq!(outcome.unwrap_err().code(), codes::CONFLICT);
            let refused = tx.attempt(|tx| {
                tx.insert("shop_item", &item("d"))?;
                Err::<(), _>(Error::new(codes::FORBIDDEN))
            });
            assert_eq!(refused.unwrap_err().code(), codes::FORBIDDEN);
            tx.attempt(|tx| tx.insert("shop_item", &item("e")))
        }).unwrap();
        assert_eq!(ids(throwaway), ["a", "e"]);
    }

    fn a_transaction_that_swallowed_a_failure_is_undone(throwaway: &Throwaway) {
        // A panic would be an error too: what happened inside is told outside.
        let (tell, told) = mpsc::channel();
        let error = throwaway.db().write_blocking(move |tx| {
            tx.insert("shop_item", &item("a"))?;
            tell.send(tx.insert("shop_item", &item("a")).is_err()).unwrap();
            tell.send(tx.insert("shop_item", &item("b")).is_err()).unwrap();
            tell.send(tx.attempt(|tx| tx.insert("shop_item", &item("c"))).is_err()).unwrap();
            Ok(())
        }).unwrap_err();
        assert!(error.to_string().contains("went on after a failed statement"), "{error}");
        assert_eq!(told.iter().collect::<Vec<_>>(), [true, true, true], "nothing more may be done");
        let error = throwaway.db().write_blocking(|tx| {
            tx.attempt(|tx| {
                tx.insert("shop_item", &item("a"))?;
                let _swallowed = tx.insert("shop_item", &item("a"));
                Ok(())
            })
        }).unwrap_err();
        assert!(error.to_string().contains("went on after a failed statement"), "{error}");
        assert!(ids(throwaway).is_empty());
    }

    fn a_failing_commit_is_told_and_leaves_nothing(throwaway: &Throwaway) {
        let db = throwaway.db();
        let (open, gate) = mpsc::channel::<()>();
        let first = begin(db.write(move |tx| {
            gate.recv().ok();
            // Deferred to the commit, which it makes fail.
            tx.exec("INSERT INTO shop_event (sequence, item_id) VALUES (1, 'nothing')", &[])
        }));
        let second = begin(db.write(|tx| tx.insert("shop_item", &item("a"))));
        open.send(()).unwrap();
        assert!(wait(first).is_err());
        let is_one_batch = db.dialect() == socle_db::Dialect::Sqlite;
        assert_eq!(wait(second).is_err(), is_one_batch, "those who share a commit share its failure");
        assert_eq!(ids(throwaway).is_empty(), is_one_batch);
        db.write_blocking(|tx| tx.insert("shop_item", &item("b"))).unwrap();
    }

    fn write_skew_does_not_happen(throwaway: &Throwaway) {
        // Two are on duty and either may leave while another stays: two who leave at once must not both succeed.
        for round in 0..10 {
            let pair = [format!("{round}-a"), format!("{round}-b")];
            let both = pair.clone();
            throwaway.db().write_blocking(move |tx| {
                tx.exec("UPDATE shop_item SET stock = 0", &[])?;
                both.iter().try_for_each(|id| tx.insert("shop_item", &item(id)))
            }).unwrap();
            thread::scope(|scope| {
                for id in pair {
                    scope.spawn(move || {
                        throwaway.db().write_blocking(move |tx| {
                            if stocked(tx)? > 1 {
                                thread::yield_now();
                                tx.exec_one("UPDATE shop_item SET stock = 0 WHERE id = ?1", &[&id])?;
                            }
                            Ok(())
                        }).unwrap();
                    });
                }
            });
            assert_eq!(throwaway.db().read_blocking(stocked).unwrap(), 1);
        }
    }

    fn many_writers_of_one_row_lose_no_update(throwaway: &Throwaway) {
        throwaway.db().write_blocking(|tx| tx.insert("shop_item", &item("a"))).unwrap();
        let done = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let outcome = throwaway.db().write_blocking(|tx| {
                            let stock: i64 = tx.scalar("SELECT stock FROM shop_item WHERE id = 'a'", &[])?;
                            tx.exec_one("UPDATE shop_item SET stock = ?1 WHERE id = 'a'", &[&(stock + 1)])
                        });
                        match outcome {
                            Ok(()) => {
                                done.fetch_add(1, Ordering::SeqCst);
                            }
                            Err(error) => assert_eq!(error.code(), codes::SERVICE_UNAVAILABLE, "{error}"),
                        }
                    }
                });
            }
        });
        let stock: i64 = throwaway.db().read_blocking(|conn| conn.scalar("SELECT stock FROM shop_item", &[])).unwrap();
        assert_eq!(stock, 1 + i64::from(done.into_inner()));
        assert!(stock > 1);
    }

    fn listeners_are_called_after_a_commit_that_wakes_and_after_no_other(throwaway: &Throwaway) {
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        throwaway.db().on_commit(Arc::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
        }));
        let db = throwaway.db();
        db.write_blocking(|tx| tx.insert("shop_item", &item("quiet"))).unwrap();
        db.write_blocking(|tx| {
            tx.wake();
            Err::<(), _>(Error::new(codes::CONFLICT))
        }).unwrap_err();
        db.write_blocking(|tx| {
            let undone: Result<()> = tx.attempt(|tx| {
                tx.wake();
                Err(Error::new(codes::CONFLICT))
            });
            assert!(undone.is_err());
            Ok(())
        }).unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), 0);
        db.write_blocking(|tx| { tx.wake(); Ok(()) }).unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    fn a_long_read_sees_one_moment(throwaway: &Throwaway) {
        let (ask, asked) = mpsc::channel::<()>();
        let (open, gate) = mpsc::channel::<()>();
        let read = begin(throwaway.db().read_long(move |conn| {
            let before = stocked(conn)?;
            ask.send(()).ok();
            gate.recv().ok();
            Ok((before, stocked(conn)?))
        }));
        asked.recv().unwrap();
        throwaway.db().write_blocking(|tx| tx.insert("shop_item", &item("a"))).unwrap();
        open.send(()).unwrap();
        assert_eq!(wait(read).unwrap(), (0, 0));
        assert_eq!(throwaway.db().read_blocking(stocked).unwrap(), 1);
    }
}
