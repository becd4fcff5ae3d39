//! The tables, rows and engines of these tests.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use socle_db::throwaway::{ENGINE, SERVER, Throwaway};
use socle_db::{MigrationFile, MigrationSet, Row};

pub(crate) const SETS: &[MigrationSet] = &[MigrationSet {
    module: "shop",
    files: &[MigrationFile { name: "0001_shop", sql: include_str!("shop.sql") }],
}];

#[derive(Debug, Clone, PartialEq, Row)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) owner_id: Option<String>,
    pub(crate) name: String,
    pub(crate) realm: String,
    pub(crate) stock: i64,
    pub(crate) price: f64,
    pub(crate) is_public: bool,
    pub(crate) picture: Option<Vec<u8>>,
    pub(crate) search_text: String,
}

pub(crate) fn item(id: &str) -> Item {
    Item {
        id: id.to_owned(),
        owner_id: None,
        name: format!("name of {id}"),
        realm: "main".to_owned(),
        stock: 1,
        price: 1.5,
        is_public: true,
        picture: None,
        search_text: String::new(),
    }
}

/// The address of the PostgreSQL server, when these tests have one. Where PostgreSQL is asked for by name, its
/// absence is a failure and not a test that passes without having run.
pub(crate) fn server() -> Option<String> {
    let url = std::env::var(SERVER).ok().filter(|url| !url.is_empty());
    let is_asked_for = std::env::var(ENGINE).is_ok_and(|engine| engine == "postgres");
    assert!(url.is_some() || !is_asked_for, "{ENGINE} is postgres, but {SERVER} is not set");
    url
}

/// Runs `test` on a fresh database of each engine.
pub(crate) fn on_sqlite(test: impl FnOnce(&Throwaway)) {
    test(&Throwaway::sqlite(SETS).unwrap());
}

pub(crate) fn on_postgres(test: impl FnOnce(&Throwaway)) {
    if let Some(server) = server() {
        test(&Throwaway::postgres(SETS, &server).unwrap());
    }
}

/// Polls a future once: what it does before it first waits is done afterwards.
pub(crate) fn begin<F: Future>(future: F) -> std::pin::Pin<Box<F>> {
    let mut future = Box::pin(future);
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(pin!(&mut future).poll(&mut context), Poll::Pending), "it is answered already");
    future
}

/// As [`begin`], of what may be answered at once: where there are several writers, nothing holds it back.
pub(crate) fn ask<'a, F: Future + 'a>(future: F) -> std::pin::Pin<Box<dyn Future<Output = F::Output> + 'a>> {
    let mut future = Box::pin(future);
    let mut context = Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Box::pin(std::future::ready(output)),
        Poll::Pending => future,
    }
}

/// Runs a future to its end, on a runtime of its own.
pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Declares tests that run on both engines.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* fn $name:ident($throwaway:ident: &Throwaway) $body:block)+) => {
        $($(#[$meta])* fn $name($throwaway: &Throwaway) $body)+
        mod on_sqlite {
            $(#[test] fn $name() { $crate::support::on_sqlite(super::$name) })+
        }
        mod on_postgres {
            $(#[test] fn $name() { $crate::support::on_postgres(super::$name) })+
        }
    };
}
