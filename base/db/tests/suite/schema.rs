//! One file makes the same tables on both engines.

use socle_db::throwaway::{Throwaway, schema};

use crate::support::{SETS, server};

#[test]
fn both_engines_have_the_same_columns_and_indexes() {
    let sqlite = Throwaway::sqlite(SETS).unwrap();
    let of_sqlite = schema(sqlite.db()).unwrap();
    for line in [
        "shop_item.stock BIGINT NOT NULL",
        "shop_item.picture BYTEA",
        "shop_item unique (realm, name)",
        "shop_item primary key (id)",
        "shop_item index (stock, id) partial",
        "shop_item.owner_id references shop_owner (id)",
    ] {
        assert!(of_sqlite.iter().any(|found| found == line), "{line} is not in {of_sqlite:#?}");
    }
    if let Some(server) = server() {
        let postgres = Throwaway::postgres(SETS, &server).unwrap();
        assert_eq!(of_sqlite, schema(postgres.db()).unwrap());
    }
}
