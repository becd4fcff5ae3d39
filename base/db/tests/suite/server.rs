//! What only the PostgreSQL server can do to us.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use socle_db::throwaway::Throwaway;
use socle_db::{Db, Settings};
use socle_kernel::codes;

use crate::support::{item, on_postgres, wait};

/// Ends every connection to the test's own database.
const TERMINATE: &str = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                         WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn terminate(throwaway: &Throwaway) {
    let other = Db::open(&Settings { readers: 1, writers: 1, ..throwaway.settings().clone() }).unwrap();
    let ended: i64 = other.write_blocking(|tx| tx.scalar(TERMINATE, &[])).unwrap();
    assert!(ended > 0);
}

#[test]
fn dead_connections_are_replaced_and_nobody_notices() {
    on_postgres(|throwaway| {
        let db = throwaway.db();
        for round in 0..3 {
            for number in 0..8 {
                db.write_blocking(move |tx| tx.insert("shop_item", &item(&format!("{round}-{number}"))))
                    .unwrap();
                wait(db.read(|conn| conn.scalar::<i64>("SELECT COUNT(*) FROM shop_item", &[]))).unwrap();
            }
            terminate(throwaway);
        }
        let count: i64 =
            wait(db.read_long(|conn| conn.scalar("SELECT COUNT(*) FROM shop_item", &[]))).unwrap();
        assert_eq!(count, 24);
    });
}

#[test]
fn a_connection_lost_within_the_closure_is_replaced_and_the_closure_run_again() {
    on_postgres(|throwaway| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        throwaway
            .db()
            .write_blocking(move |tx| {
                tx.insert("shop_item", &item("a"))?;
                if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                    tx.exec("SELECT pg_terminate_backend(pg_backend_pid())", &[])?;
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_lost_commit_is_never_run_again() {
    on_postgres(|throwaway| {
        let db = throwaway.db();
        db.write_blocking(|tx| {
            tx.exec(
                "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'",
                &[],
            )?;
            tx.exec(
                "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON shop_owner DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION cut()",
                &[],
            )
        })
        .unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let error = db
            .write_blocking(move |tx| {
                counted.fetch_add(1, Ordering::SeqCst);
                tx.exec("INSERT INTO shop_owner (id, name) VALUES ('a', 'b')", &[])
            })
            .unwrap_err();
        assert_eq!((error.code(), runs.load(Ordering::SeqCst)), (codes::INTERNAL_ERROR, 1));
        assert!(error.to_string().contains("unknown"), "{error}");
        db.write_blocking(|tx| tx.insert("shop_item", &item("a"))).unwrap();
    });
}

#[test]
fn a_conflict_that_does_not_end_is_given_up_after_eight_tries() {
    on_postgres(|throwaway| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let error = throwaway
            .db()
            .write_blocking(move |tx| {
                counted.fetch_add(1, Ordering::SeqCst);
                tx.exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$", &[])
            })
            .unwrap_err();
        assert_eq!((error.code(), runs.load(Ordering::SeqCst)), (codes::SERVICE_UNAVAILABLE, 8));
        assert!(error.retry_wait().is_some());
    });
}

#[test]
fn sessions_are_serializable_in_utc_and_bounded_in_time() {
    on_postgres(|throwaway| {
        let settings = |name: &'static str| {
            throwaway
                .db()
                .write_blocking(move |tx| tx.scalar::<String>("SELECT current_setting(?1)", &[&name]))
                .unwrap()
        };
        assert_eq!(settings("transaction_isolation"), "serializable");
        assert_eq!(settings("TimeZone"), "UTC");
        assert_eq!(settings("statement_timeout"), "30s");
        assert_eq!(settings("synchronous_commit"), "on");
    });
}

#[test]
fn a_server_that_is_away_is_told_at_the_start_and_unavailable_later() {
    let error = Db::open(&Settings::new("postgres://nobody@127.0.0.1:1/nothing")).err().unwrap();
    assert_eq!(error.code(), codes::SERVICE_UNAVAILABLE);
    on_postgres(|throwaway| {
        let gone = Db::open(&Settings { readers: 1, ..throwaway.settings().clone() }).unwrap();
        gone.read_blocking(|conn| conn.scalar::<i64>("SELECT CAST(1 AS BIGINT)", &[])).unwrap();
        let name: String = gone.read_blocking(|conn| conn.scalar("SELECT current_database()", &[])).unwrap();
        let admin = Db::open(&Settings::new(crate::support::server().unwrap())).unwrap();
        let sql: &'static str = Box::leak(
            format!("UPDATE pg_database SET datallowconn = false WHERE datname = '{name}'").into_boxed_str(),
        );
        admin.write_blocking(move |tx| tx.exec(sql, &[])).unwrap();
        let ended: &'static str = Box::leak(
            format!("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'")
                .into_boxed_str(),
        );
        admin.write_blocking(move |tx| tx.scalar::<i64>(ended, &[])).unwrap();
        let error = wait(gone.read(|conn| conn.scalar::<i64>("SELECT CAST(1 AS BIGINT)", &[]))).unwrap_err();
        assert_eq!(error.code(), codes::SERVICE_UNAVAILABLE, "{error}");
        assert!(error.retry_wait().is_some());
    });
}

#[test]
fn a_lead_ends_with_its_connection_and_another_node_may_take_it() {
    on_postgres(|throwaway| {
        let other = Db::open(throwaway.settings()).unwrap();
        wait(async {
            let lead = throwaway.db().try_lead("sweeper").await.unwrap().expect("nobody has it");
            assert!(other.try_lead("sweeper").await.unwrap().is_none(), "another node");
            terminate(throwaway);
            while lead.is_held() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            let successor = other.try_lead("sweeper").await.unwrap().expect("it is free");
            drop(lead);
            assert!(successor.is_held());
            assert!(throwaway.db().try_lead("sweeper").await.unwrap().is_none());
        });
    });
}
