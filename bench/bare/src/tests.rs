//! Both engines, on the tables that Socle makes.

use crate::announcement::{Announcement, NewAnnouncement};
use crate::database::Database;

/// The product's own migration: when its columns change, these tests say that this server must follow.
const TABLES: &str = include_str!("../../../modules/intranet/migrations/0001_announcements.sql");
const ACCOUNTS: &str = "CREATE TABLE identity_user (email_folded TEXT, password_hash TEXT);
     INSERT INTO identity_user VALUES ('a@example.org', 'stored');";

fn announcement(title: &str) -> Announcement {
    let new = format!("{{\"title\":\"{title}\",\"content\":\"b\",\"type\":\"info\"}}");
    Announcement::write(serde_json::from_str::<NewAnnouncement>(&new).unwrap())
}

fn what_is_written_is_found_and_listed(url: &str) {
    let database = Database::open(url).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (first, second) = (announcement("first"), announcement("second"));
        database.insert(first.clone()).await.unwrap();
        database.insert(second.clone()).await.unwrap();
        let found = database.find(first.id.clone()).await.unwrap().unwrap();
        assert_eq!(serde_json::to_string(&found).unwrap(), serde_json::to_string(&first).unwrap());
        assert!(database.find("nobody".to_owned()).await.unwrap().is_none());
        let (items, total) = database.list(1, 0).await.unwrap();
        assert_eq!((items[0].id.as_str(), items.len(), total), (second.id.as_str(), 1, 2));
        assert!(database.insert(first).await.is_err(), "an id is taken once");
        assert_eq!(database.password("a@example.org".to_owned()).await.unwrap().as_deref(), Some("stored"));
        assert_eq!(database.password("b@example.org".to_owned()).await.unwrap(), None);
    });
}

#[test]
fn sqlite_holds_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bare.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(&format!("{TABLES}{ACCOUNTS}")).unwrap();
    what_is_written_is_found_and_listed(&format!("sqlite:{}", path.display()));
}

/// Only where `cargo xtask test` has started a server and says so.
#[test]
fn postgres_holds_what_is_written() {
    let Ok(server) = std::env::var("SOCLE_TEST_POSTGRES") else { return };
    let name = format!("bare_{}", std::process::id());
    let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    client.batch_execute(&format!("{TABLES}{ACCOUNTS}")).unwrap();
    what_is_written_is_found_and_listed(&url);
}
