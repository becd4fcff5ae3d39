//! A real streaming replica: who reads where, and what they see.

use socle_db::{Db, Settings};
use socle_kernel::{Clock, Secret};

use crate::cluster::Server;
use crate::support::{SETS, item, server, wait};

const ANN: u64 = 1;
const BOB: u64 = 2;

/// How many items a reader sees, and whether a replica told.
async fn look(db: &Db, reader: u64) -> (i64, bool) {
    Db::as_reader(
        reader,
        db.read(|conn| {
            Ok((
                conn.scalar("SELECT COUNT(*) FROM shop_item", &[])?,
                conn.scalar("SELECT pg_is_in_recovery()", &[])?,
            ))
        }),
    )
    .await
    .unwrap()
}

async fn write(db: &Db, reader: u64, id: &'static str) {
    Db::as_reader(reader, db.write(move |tx| tx.insert("shop_item", &item(id)))).await.unwrap();
}

/// Until the replica has replayed what the primary has written; no longer than the test may take.
fn catch_up(primary: &Db, replica: &Db) {
    let written: i64 = primary
        .write_blocking(|tx| {
            tx.scalar("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS BIGINT)", &[])
        })
        .unwrap();
    let is_behind = || {
        replica
            .read_blocking(move |conn| {
                conn.scalar(
                    "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') < ?1::BIGINT",
                    &[&written],
                )
            })
            .unwrap()
    };
    while is_behind() {
        std::thread::yield_now();
    }
}

fn run(db: &Db, sql: &'static str) {
    db.read_blocking(move |conn| conn.exec(sql, &[])).unwrap();
}

#[test]
fn everybody_reads_their_own_writes_and_others_read_from_the_replica() {
    if server().is_none() {
        return;
    }
    let primary = Server::primary();
    let settings = Settings::new(primary.url("127.0.0.1", ""));
    let straight = Db::open(&settings).unwrap();
    straight.migrate(SETS, &Clock::system()).unwrap();
    let standby = primary.replica();
    let on_standby = Db::open(&Settings::new(standby.url("127.0.0.1", ""))).unwrap();
    catch_up(&straight, &on_standby);
    let read_url = Some(Secret::new(standby.url("127.0.0.1", "")));
    let db = Db::open(&Settings { read_url, readers: 1, ..settings }).unwrap();

    wait(async {
        assert_eq!(look(&db, BOB).await, (0, true), "the replica answers who has written nothing");
        run(&on_standby, "SELECT pg_wal_replay_pause()");
        write(&db, ANN, "a").await;
        assert_eq!(
            look(&db, ANN).await,
            (1, false),
            "who has written reads from the primary while the replica lags"
        );
        assert_eq!(look(&db, BOB).await, (0, true), "the others do not wait for it");
        let nobody: bool = db.read(|conn| conn.scalar("SELECT pg_is_in_recovery()", &[])).await.unwrap();
        assert!(!nobody, "a read in nobody's name goes to the primary");
        let long = Db::as_reader(
            ANN,
            db.read_long(|conn| conn.scalar::<i64>("SELECT COUNT(*) FROM shop_item", &[])),
        );
        assert_eq!(long.await.unwrap(), 1, "long reads likewise");

        run(&on_standby, "SELECT pg_wal_replay_resume()");
        catch_up(&straight, &on_standby);
        assert_eq!(look(&db, ANN).await, (1, true), "the replica knows it now");

        standby.stop();
        assert_eq!(look(&db, BOB).await, (1, false), "without the replica the primary answers");
        write(&db, BOB, "b").await;
        assert_eq!(look(&db, ANN).await, (2, false));
    });
}
