//! What only the SQLite file promises.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::mpsc;

use socle_db::throwaway::Throwaway;
use socle_db::{Db, Row, Settings, Tx};

use crate::support::{Item, begin, item, on_sqlite, wait};

#[derive(Row)]
struct Sequence {
    sequence: i64,
}

fn path(throwaway: &Throwaway) -> PathBuf {
    PathBuf::from(throwaway.settings().url.expose().strip_prefix("sqlite:").unwrap())
}

fn settings_of(throwaway: &Throwaway, name: &str) -> Settings {
    Settings::new(format!("sqlite:{}", path(throwaway).with_file_name(name).display()))
}

#[test]
fn the_file_is_made_for_its_owner_alone() {
    on_sqlite(|throwaway| {
        let settings = settings_of(throwaway, "folder/new.db");
        let db = Db::open(&settings).unwrap();
        db.write_blocking(|_| Ok(())).unwrap();
        let file = path(throwaway).with_file_name("folder/new.db");
        for file in [file.clone(), file.with_extension("db-wal")] {
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        }
    });
}

#[test]
fn the_settings_of_the_file_are_closed_to_stores() {
    on_sqlite(|throwaway| {
        for sql in [
            "PRAGMA synchronous = OFF",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA defer_foreign_keys = ON",
            "ATTACH 'x' AS x",
        ] {
            assert!(throwaway.db().write_blocking(move |tx| tx.exec(sql, &[])).is_err(), "{sql}");
        }
    });
}

#[test]
fn the_log_stays_small_under_insert_returning() {
    /// 2 MB each: 240 MB altogether, of which the log keeps a part.
    const COMMITS: usize = 120;
    on_sqlite(|throwaway| {
        throwaway.db().write_blocking(|tx| tx.insert("shop_item", &item("a"))).unwrap();
        for commit in 0..COMMITS {
            let insert = move |tx: &mut Tx<'_>| {
                // Two rows are returned and one is read: the statement must not stay open.
                let row: Sequence =
                    tx.one("INSERT INTO shop_event (item_id) VALUES ('a'), ('a') RETURNING sequence", &[])?;
                let filler = Item { picture: Some(vec![7; 2 << 20]), ..item(&format!("filler {commit}")) };
                tx.insert("shop_item", &filler)?;
                Ok(row.sequence)
            };
            assert!(throwaway.db().write_blocking(insert).unwrap() > 0);
        }
        let log = std::fs::metadata(path(throwaway).with_extension("db-wal")).unwrap().len();
        assert!(log < 64 << 20, "{log} bytes");
        let count: i64 =
            throwaway.db().read_blocking(|conn| conn.scalar("SELECT COUNT(*) FROM shop_event", &[])).unwrap();
        assert_eq!(count, 2 * COMMITS as i64);
        throwaway.db().close();
        assert!(!path(throwaway).with_extension("db-wal").exists(), "closing moves the log into the file");
    });
}

#[test]
fn a_long_read_that_needs_the_log_holds_up_no_writer_and_the_log_begins_anew_after_it() {
    fn fill(throwaway: &Throwaway, name: &'static str) {
        for number in 0..30 {
            let filler = Item { picture: Some(vec![7; 2 << 20]), ..item(&format!("{name} {number}")) };
            throwaway.db().write_blocking(move |tx| tx.insert("shop_item", &filler)).unwrap();
        }
    }
    on_sqlite(|throwaway| {
        let log = || std::fs::metadata(path(throwaway).with_extension("db-wal")).unwrap().len();
        let (tell, started) = mpsc::channel::<()>();
        let (open, gate) = mpsc::channel::<()>();
        let read = begin(throwaway.db().read_long(move |conn| {
            let before: i64 = conn.scalar("SELECT COUNT(*) FROM shop_item", &[])?;
            tell.send(()).ok();
            gate.recv().ok();
            Ok((before, conn.scalar::<i64>("SELECT COUNT(*) FROM shop_item", &[])?))
        }));
        started.recv().unwrap();
        fill(throwaway, "during");
        let grown = log();
        assert!(grown >= 60 << 20, "the reader's log is kept: {grown} bytes");
        open.send(()).unwrap();
        assert_eq!(wait(read).unwrap(), (0, 0));
        fill(throwaway, "after");
        fill(throwaway, "at last");
        assert!(log() <= grown + (40 << 20), "{} bytes after {grown}", log());
    });
}

#[test]
fn reads_go_to_threads_when_the_setting_says_so() {
    on_sqlite(|throwaway| {
        let here = std::thread::current().id();
        let read = |db: &Db| wait(db.read(|_| Ok(std::thread::current().id()))).unwrap();
        assert_eq!(read(throwaway.db()), here);
        let settings = Settings { inline_reads: false, ..throwaway.settings().clone() };
        assert_ne!(read(&Db::open(&settings).unwrap()), here);
        let long = wait(throwaway.db().read_long(|_| Ok(std::thread::current().id()))).unwrap();
        assert_ne!(long, here);
    });
}

#[test]
fn two_processes_may_write_in_turn() {
    on_sqlite(|throwaway| {
        let other = Db::open(throwaway.settings()).unwrap();
        std::thread::scope(|scope| {
            for (name, db) in [("a", throwaway.db()), ("b", &other)] {
                scope.spawn(move || {
                    for number in 0..50 {
                        db.write_blocking(move |tx| {
                            tx.insert("shop_item", &item(&format!("{name}{number}")))
                        })
                        .unwrap();
                    }
                });
            }
        });
        let count: i64 =
            other.read_blocking(|conn| conn.scalar("SELECT COUNT(*) FROM shop_item", &[])).unwrap();
        assert_eq!(count, 100);
    });
}
