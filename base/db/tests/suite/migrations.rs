//! Migrations: once, in order, by one process at a time, and never another file than the one applied.

use socle_db::throwaway::Throwaway;
use socle_db::{Db, MigrationFile, MigrationSet, MigrationState};
use socle_kernel::{Clock, Result, Timestamp};

use crate::both;
use crate::support::SETS;

const FIRST: MigrationFile = MigrationFile {
    name: "0001_first",
    sql: "CREATE TABLE more_thing (id TEXT NOT NULL PRIMARY KEY);
          INSERT INTO more_thing (id) VALUES ('one; two');",
};
const SECOND: MigrationFile = MigrationFile {
    name: "0002_second",
    sql: "ALTER TABLE more_thing ADD COLUMN rank BIGINT NOT NULL DEFAULT 5;",
};
const BROKEN: MigrationFile =
    MigrationFile { name: "0003_broken", sql: "CREATE TABLE more_half (id TEXT); CREATE NONSENSE;" };
const CHANGED: MigrationFile =
    MigrationFile { name: "0001_first", sql: "CREATE TABLE more_other (id TEXT);" };

const fn more(files: &'static [MigrationFile]) -> MigrationSet {
    MigrationSet { module: "more", files }
}

fn up(db: &Db, files: &'static [MigrationFile]) -> Result<Vec<String>> {
    let clock = Clock::manual(Timestamp::from_seconds(1_000));
    let report = db.migrate(&[SETS[0], more(files)], &clock)?;
    Ok(report
        .applied
        .into_iter()
        .map(|migration| format!("{} {}", migration.module, migration.name))
        .collect())
}

fn states(db: &Db, sets: &[MigrationSet]) -> Vec<(String, MigrationState)> {
    let statuses = db.migration_status(sets).unwrap();
    statuses
        .into_iter()
        .filter(|status| status.module == "more")
        .map(|status| (status.name, status.state))
        .collect()
}

fn count(db: &Db) -> Result<i64> {
    db.read_blocking(|conn| conn.scalar("SELECT COUNT(*) FROM more_thing WHERE rank = 5", &[]))
}

both! {
    fn what_is_missing_is_applied_in_order_and_once(throwaway: &Throwaway) {
        let db = throwaway.db();
        assert_eq!(up(db, &[FIRST]).unwrap(), ["more 0001_first"]);
        let plan = db.migration_plan(&[SETS[0], more(&[FIRST, SECOND])]).unwrap();
        assert_eq!(plan.len(), 1);
        assert!(plan[0].sql.contains("ADD COLUMN rank"));
        let applied = MigrationState::Applied(Timestamp::from_seconds(1_000));
        assert_eq!(
            states(db, &[SETS[0], more(&[FIRST, SECOND])]),
            [("0001_first".into(), applied), ("0002_second".into(), MigrationState::Pending)]
        );
        assert_eq!(up(db, &[FIRST, SECOND]).unwrap(), ["more 0002_second"]);
        assert!(up(db, &[FIRST, SECOND]).unwrap().is_empty());
        assert_eq!(count(db).unwrap(), 1);
    }

    fn a_changed_migration_is_refused_by_name_and_nothing_is_applied(throwaway: &Throwaway) {
        let db = throwaway.db();
        up(db, &[FIRST]).unwrap();
        let message = up(db, &[CHANGED, SECOND]).unwrap_err().to_string();
        for part in ["more", "0001_first", "changed", "checksum was", "is "] {
            assert!(message.contains(part), "{message}");
        }
        let checksums = message.split('…').count() - 1;
        assert_eq!(checksums, 2, "{message}");
        assert!(count(db).is_err(), "the second was not applied");
        assert_eq!(states(db, &[more(&[CHANGED])])[0].1, MigrationState::Changed);
    }

    fn a_newer_database_is_refused_but_a_switched_off_module_is_not(throwaway: &Throwaway) {
        let db = throwaway.db();
        up(db, &[FIRST, SECOND]).unwrap();
        let message = up(db, &[FIRST]).unwrap_err().to_string();
        assert!(message.contains("0002_second") && message.contains("newer"), "{message}");
        let clock = Clock::system();
        assert!(db.migrate(SETS, &clock).unwrap().applied.is_empty());
        let off = MigrationState::Off(Timestamp::from_seconds(1_000));
        assert_eq!(states(db, SETS), [("0001_first".into(), off), ("0002_second".into(), off)]);
    }

    fn a_migration_below_an_applied_one_is_refused(throwaway: &Throwaway) {
        up(throwaway.db(), &[SECOND_ALONE]).unwrap();
        let message = up(throwaway.db(), &[FIRST, SECOND_ALONE]).unwrap_err().to_string();
        assert!(message.contains("0001_first") && message.contains("next number"), "{message}");
    }

    fn a_migration_that_fails_leaves_nothing_and_those_before_it_stay(throwaway: &Throwaway) {
        let db = throwaway.db();
        let message = up(db, &[FIRST, SECOND, BROKEN]).unwrap_err().to_string();
        assert!(message.contains("more 0003_broken"), "{message}");
        assert_eq!(count(db).unwrap(), 1);
        assert!(db.read_blocking(|conn| conn.scalar::<i64>("SELECT COUNT(*) FROM more_half", &[])).is_err());
        assert_eq!(states(db, &[more(&[FIRST, SECOND, BROKEN])])[2].1, MigrationState::Pending);
    }

    fn nodes_that_start_together_do_not_fight(throwaway: &Throwaway) {
        let nodes: Vec<Db> = (0..4).map(|_| Db::open(throwaway.settings()).unwrap()).collect();
        let applied: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = nodes
                .iter()
                .map(|db| scope.spawn(|| up(db, &[FIRST, SECOND]).unwrap().len()))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(applied, 2, "each file once, by whichever node");
        assert_eq!(count(throwaway.db()).unwrap(), 1);
    }

    fn statements_prepared_before_a_migration_still_work(throwaway: &Throwaway) {
        let db = throwaway.db();
        up(db, &[FIRST]).unwrap();
        const SQL: &str = "SELECT * FROM more_thing";
        let read = |db: &Db| db.read_blocking(|conn| conn.scalars::<String>(SQL, &[])).unwrap();
        let write = |db: &Db| db.write_blocking(|tx| tx.scalars::<String>(SQL, &[])).unwrap();
        for _ in 0..8 {
            assert_eq!((read(db), write(db)), (vec!["one; two".into()], vec!["one; two".into()]));
        }
        up(db, &[FIRST, SECOND]).unwrap();
        for _ in 0..8 {
            assert_eq!((read(db), write(db)), (vec!["one; two".into()], vec!["one; two".into()]));
        }
    }
}

const SECOND_ALONE: MigrationFile =
    MigrationFile { name: "0002_alone", sql: "CREATE TABLE more_alone (id TEXT NOT NULL PRIMARY KEY);" };

#[test]
fn a_migration_of_sqlite_that_leaves_a_key_pointing_nowhere_is_undone() {
    const DANGLING: MigrationFile = MigrationFile {
        name: "0001_dangling",
        sql: "CREATE TABLE more_child (id TEXT NOT NULL PRIMARY KEY REFERENCES shop_owner (id));
              INSERT INTO more_child (id) VALUES ('nobody');",
    };
    crate::support::on_sqlite(|throwaway| {
        let message = up(throwaway.db(), &[DANGLING]).unwrap_err().to_string();
        assert!(message.contains("more_child"), "{message}");
        assert_eq!(states(throwaway.db(), &[more(&[DANGLING])])[0].1, MigrationState::Pending);
    });
}
