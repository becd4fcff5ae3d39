//! The words a store speaks, and the values they carry.

use socle_db::throwaway::Throwaway;
use socle_db::{Dialect, Row};
use socle_kernel::{Kind, Timestamp, Value, codes};

use crate::both;
use crate::support::{Item, item};

const ITEM: &str = "SELECT id, owner_id, name, realm, stock, price, is_public, picture, search_text
                    FROM shop_item WHERE id = ?1";

#[derive(Debug, Row)]
struct Swapped {
    name: String,
    id: String,
}

both! {
    fn a_row_is_read_back_as_it_was_written(throwaway: &Throwaway) {
        let item = Item {
            name: "Été “\u{1F600}” '; DROP TABLE x --".into(),
            stock: i64::MAX,
            price: -0.1,
            picture: Some(vec![0, 1, 255]),
            ..item("a")
        };
        let written = item.clone();
        throwaway.db().write_blocking(move |tx| tx.insert("shop_item", &written)).unwrap();
        let read: Option<Item> = throwaway.db().read_blocking(|conn| conn.opt(ITEM, &[&"a"])).unwrap();
        assert_eq!(read, Some(item));
        assert_eq!(throwaway.db().read_blocking(|conn| conn.opt::<Item>(ITEM, &[&"b"])).unwrap(), None);
        assert!(throwaway.db().read_blocking(|conn| conn.one::<Item>(ITEM, &[&"b"])).is_err());
    }

    fn an_update_replaces_its_row_and_misses_none(throwaway: &Throwaway) {
        throwaway.db().write_blocking(|tx| tx.insert("shop_item", &item("a"))).unwrap();
        let changed = Item { stock: 7, picture: Some(vec![1]), ..item("a") };
        let written = changed.clone();
        throwaway.db().write_blocking(move |tx| tx.update("shop_item", &written)).unwrap();
        let read: Item = throwaway.db().read_blocking(|conn| conn.one(ITEM, &[&"a"])).unwrap();
        assert_eq!(read, changed);
        let error = throwaway.db().write_blocking(|tx| tx.update("shop_item", &item("gone"))).unwrap_err();
        assert_eq!(error.code(), codes::INTERNAL_ERROR);
        let deleted = throwaway.db().write_blocking(|tx| tx.delete_by_id("shop_item", "a")).unwrap();
        let again = throwaway.db().write_blocking(|tx| tx.delete_by_id("shop_item", "a")).unwrap();
        assert_eq!((deleted, again), (true, false));
    }

    fn null_fits_every_type_whichever_came_first(throwaway: &Throwaway) {
        throwaway.db().write_blocking(|tx| {
            for (id, owner, picture) in [("a", None, None), ("b", None, Some(vec![1_u8])), ("c", None, None)] {
                tx.insert("shop_item", &Item { owner_id: owner, picture, ..item(id) })?;
            }
            Ok(())
        }).unwrap();
        for value in [Value::Null, Value::Int(1 << 40), Value::Null] {
            let sum: Option<i64> = throwaway.db()
                .read_blocking(move |conn| conn.scalar("SELECT COALESCE(?1, 0) + CAST(1 AS BIGINT)", &[&value]))
                .unwrap();
            assert!(matches!(sum, Some(1) | Some(0x100_0000_0001)), "{sum:?}");
        }
        let count: i64 = throwaway.db()
            .read_blocking(|conn| conn.scalar("SELECT COUNT(*) FROM shop_item WHERE stock = ?1 OR ?1 IS NULL", &[&None::<i64>]))
            .unwrap();
        assert_eq!(count, 3);
    }

    fn every_storage_type_is_read_as_itself(throwaway: &Throwaway) {
        let values: Vec<Value> = throwaway.db().read_blocking(|conn| {
            Ok(vec![
                conn.scalar("SELECT CAST(?1 AS TEXT)", &[&"0012"])?,
                conn.scalar("SELECT CAST(?1 AS BIGINT)", &[&Timestamp::from_micros(-5)])?,
                conn.scalar("SELECT CAST(?1 AS DOUBLE PRECISION)", &[&0.25])?,
                conn.scalar("SELECT CAST(NULL AS TEXT)", &[])?,
            ])
        }).unwrap();
        let expected = [Value::Text("0012".into()), Value::Int(-5), Value::Float(0.25), Value::Null];
        assert_eq!(values, expected);
    }

    fn places_may_repeat_and_stand_in_any_order(throwaway: &Throwaway) {
        let (first, last): (String, i64) = throwaway.db().read_blocking(|conn| {
            let first = conn.scalar("SELECT CAST(?2 AS TEXT) || '?1' || ?1 || ?2 -- ?3", &[&"a", &"b"])?;
            Ok((first, conn.scalar("SELECT ?1 + ?2 * ?1", &[&3_i64, &4_i64])?))
        }).unwrap();
        assert_eq!((first.as_str(), last), ("b?1ab", 15));
    }

    fn a_wrong_number_of_values_is_refused(throwaway: &Throwaway) {
        for count in [0, 2] {
            let outcome = throwaway.db().read_blocking(move |conn| {
                let values: [&dyn socle_kernel::ToValue; 2] = [&"a", &"b"];
                conn.opt::<Item>(ITEM, &values[..count])
            });
            assert!(outcome.unwrap_err().to_string().contains("places"));
        }
    }

    fn a_nul_in_a_text_is_the_callers_mistake(throwaway: &Throwaway) {
        let bad = Item { name: "a\0b".into(), ..item("a") };
        let error = throwaway.db().write_blocking(move |tx| tx.insert("shop_item", &bad)).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        let error = throwaway.db().read_blocking(|conn| conn.opt::<Item>(ITEM, &[&"\0"])).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        let raw = Item { picture: Some(vec![0]), ..item("a") };
        throwaway.db().write_blocking(move |tx| tx.insert("shop_item", &raw)).unwrap();
    }

    fn rows_are_found_by_their_identifiers_however_many(throwaway: &Throwaway) {
        throwaway.db().write_blocking(|tx| {
            (0..700).try_for_each(|number| tx.insert("shop_item", &item(&format!("{number:04}"))))
        }).unwrap();
        let wanted: Vec<String> = (0..1400).map(|number| format!("{:04}", number * 2)).collect();
        for (count, expected) in [(0, 0), (1, 1), (3, 3), (600, 350), (1400, 350)] {
            let ids = wanted[..count].to_vec();
            let found: Vec<Item> = throwaway.db().read_blocking(move |conn| {
                conn.by_ids("SELECT id, owner_id, name, realm, stock, price, is_public, picture, search_text
                             FROM shop_item WHERE id IN", &[], &ids)
            }).unwrap();
            assert_eq!(found.len(), expected, "{count}");
        }
    }

    fn columns_in_another_order_than_the_fields_are_noticed(throwaway: &Throwaway) {
        throwaway.db().write_blocking(|tx| tx.insert("shop_item", &item("a"))).unwrap();
        let right = throwaway.db().read_blocking(|conn| conn.one::<Swapped>("SELECT name, id FROM shop_item", &[]));
        let right = right.unwrap();
        assert_eq!((right.name.as_str(), right.id.as_str()), ("name of a", "a"));
        for sql in ["SELECT id, name FROM shop_item", "SELECT name FROM shop_item"] {
            assert!(throwaway.db().read_blocking(move |conn| conn.one::<Swapped>(sql, &[])).is_err());
        }
    }

    fn a_text_may_not_meddle_with_the_transaction(throwaway: &Throwaway) {
        for sql in ["COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT x", "RELEASE mark", "/* x */ commit", "COMMIT /* room */"] {
            let error = throwaway.db().write_blocking(move |tx| tx.exec(sql, &[])).unwrap_err();
            assert_eq!(error.code(), codes::INTERNAL_ERROR, "{sql}");
        }
        let error = throwaway.db().write_blocking(|tx| tx.exec("SELECT 1; SELECT 2", &[])).unwrap_err();
        assert_eq!(error.code(), codes::INTERNAL_ERROR);
    }

    fn a_read_cannot_write(throwaway: &Throwaway) {
        const SQL: &str = "INSERT INTO shop_owner (id, name) VALUES ('a', 'b')";
        assert!(throwaway.db().read_blocking(|conn| conn.exec(SQL, &[])).is_err());
        assert!(crate::support::wait(throwaway.db().read_long(|conn| conn.exec(SQL, &[]))).is_err());
        let count: i64 = throwaway.db().read_blocking(|conn| conn.scalar("SELECT COUNT(*) FROM shop_owner", &[])).unwrap();
        assert_eq!(count, 0);
    }

    fn a_text_can_be_checked_without_running_it(throwaway: &Throwaway) {
        let db = throwaway.db();
        db.prepare_check("INSERT INTO shop_owner (id, name) VALUES (?1, ?2)").unwrap();
        db.prepare_check("DELETE FROM shop_owner").unwrap();
        assert!(db.prepare_check("SELECT nothing FROM shop_owner").is_err());
        let count: i64 = db.read_blocking(|conn| conn.scalar("SELECT COUNT(*) FROM shop_owner", &[])).unwrap();
        assert_eq!(count, 0);
        assert!(db.statements_seen().iter().any(|sql| sql == "SELECT COUNT(*) FROM shop_owner"));
    }

    fn what_is_attached_is_found_in_every_transaction(throwaway: &Throwaway) {
        throwaway.db().attach(5_u8);
        let found = throwaway.db().write_blocking(|tx| Ok((tx.attachment::<u8>(), tx.attachment::<u16>()))).unwrap();
        assert_eq!((found.0.as_deref(), found.1), (Some(&5), None));
        let dialect = throwaway.db().read_blocking(|conn| Ok(conn.dialect())).unwrap();
        assert!(dialect == throwaway.db().dialect() && matches!(dialect, Dialect::Sqlite | Dialect::Postgres));
    }
}
