//! A real server that speaks TLS only: who is believed, and who is not.

use socle_db::{Db, Settings};
use socle_kernel::Result;

use crate::cluster::Server;
use crate::support::server;

fn is_encrypted(url: String) -> Result<bool> {
    let db = Db::open(&Settings { readers: 1, writers: 1, ..Settings::new(url) })?;
    db.read_blocking(|conn| conn.scalar("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]))
}

#[test]
fn each_mode_believes_what_it_says() {
    if server().is_none() {
        return;
    }
    let (server, issuer) = Server::with_tls();
    let issuer = issuer.display();
    for (host, mode, is_believed) in [
        ("localhost", "sslmode=disable".to_owned(), false),
        ("localhost", String::new(), true),
        ("localhost", "sslmode=require".to_owned(), true),
        ("localhost", "sslmode=verify-full".to_owned(), false),
        ("localhost", format!("sslmode=verify-full&sslrootcert={issuer}"), true),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={issuer}"), false),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={issuer}"), true),
        ("127.0.0.1", "sslmode=verify-ca".to_owned(), false),
    ] {
        match is_encrypted(server.url(host, &mode)) {
            Ok(is_encrypted) => assert!(is_believed && is_encrypted, "{host} {mode} was believed"),
            Err(error) => assert!(!is_believed, "{host} {mode}: {error}"),
        }
    }
}
