//! Violated constraints have one name on both engines.

use socle_db::throwaway::Throwaway;
use socle_db::{ConstraintKind, ConstraintViolation, OnConstraint, Row, Tx};
use socle_kernel::{Code, Error, Kind, Result, codes};

use crate::both;
use crate::support::{Item, item};

const TAKEN: Code = Code::new("NAME_TAKEN", Kind::Conflict);

#[derive(Row)]
struct Owner {
    id: String,
    name: String,
}

fn violation(
    throwaway: &Throwaway,
    mut write: impl FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static,
) -> (ConstraintKind, String, Error) {
    let error = throwaway.db().write_blocking(move |tx| write(tx)).unwrap_err();
    let violation = error.cause::<ConstraintViolation>().unwrap_or_else(|| panic!("{error}")).clone();
    (violation.kind, violation.name, error)
}

both! {
    fn a_violated_unique_key_is_named_by_table_and_columns_and_is_a_conflict(throwaway: &Throwaway) {
        throwaway.db().write_blocking(|tx| tx.insert("shop_item", &item("a"))).unwrap();
        let (kind, name, error) = violation(throwaway, |tx| {
            tx.insert("shop_item", &Item { id: "b".into(), ..item("a") })
        });
        assert_eq!((kind, name.as_str()), (ConstraintKind::Unique, "shop_item_realm_name_key"));
        assert_eq!(error.code(), codes::CONFLICT);
        let (kind, name, error) = violation(throwaway, |tx| {
            tx.insert("shop_item", &Item { name: "other".into(), ..item("a") })
        });
        assert_eq!((kind, name.as_str()), (ConstraintKind::Unique, "shop_item_pkey"));
        assert_eq!(error.code(), codes::CONFLICT);
        let (_, name, _) = violation(throwaway, |tx| {
            tx.exec("INSERT INTO shop_event (sequence, item_id) VALUES (1, 'a')", &[])?;
            tx.exec("INSERT INTO shop_event (sequence, item_id) VALUES (1, 'a')", &[]).map(|_| ())
        });
        assert_eq!(name, "shop_event_pkey");
    }

    fn a_violated_foreign_key_is_named_from_both_ends(throwaway: &Throwaway) {
        let (kind, name, error) = violation(throwaway, |tx| {
            tx.insert("shop_item", &Item { owner_id: Some("nobody".into()), ..item("a") })
        });
        assert_eq!((kind, name.as_str()), (ConstraintKind::ForeignKey, "shop_item_owner_id_fkey"));
        assert_eq!(error.code(), codes::CONFLICT);
        throwaway.db().write_blocking(|tx| {
            tx.insert("shop_owner", &Owner { id: "o".into(), name: "O".into() })?;
            tx.insert("shop_item", &Item { owner_id: Some("o".into()), ..item("a") })
        }).unwrap();
        let (_, name, _) = violation(throwaway, |tx| {
            tx.update("shop_item", &Item { owner_id: Some("nobody".into()), ..item("a") })
        });
        assert_eq!(name, "shop_item_owner_id_fkey");
        let (_, name, _) = violation(throwaway, |tx| tx.delete_by_id("shop_owner", "o").map(|_| ()));
        assert_eq!(name, "shop_item_owner_id_fkey");
        let (_, name, _) = violation(throwaway, |tx| {
            tx.exec("INSERT INTO shop_item (id, owner_id, name, realm, stock, price, is_public, search_text)
                     VALUES (?1, ?2, 'n', 'r', 1, 1, TRUE, '')", &[&"z", &"nobody"]).map(|_| ())
        });
        assert_eq!(name, "shop_item_owner_id_fkey");
    }

    fn a_violated_check_and_not_null_are_named_and_are_our_fault(throwaway: &Throwaway) {
        let (kind, name, error) = violation(throwaway, |tx| tx.insert("shop_item", &Item { stock: -1, ..item("a") }));
        assert_eq!((kind, name.as_str()), (ConstraintKind::Check, "shop_item_stock_check"));
        assert_eq!(error.code(), codes::INTERNAL_ERROR);
        let (_, name, _) = violation(throwaway, |tx| {
            tx.insert("shop_item", &Item { price: -1.0, is_public: false, ..item("a") })
        });
        assert_eq!(name, "shop_item_check");
        let (kind, name, error) = violation(throwaway, |tx| {
            tx.exec("INSERT INTO shop_owner (id, name) VALUES ('a', NULL)", &[]).map(|_| ())
        });
        assert_eq!((kind, name.as_str()), (ConstraintKind::NotNull, "shop_owner_name_not_null"));
        assert_eq!(error.code(), codes::INTERNAL_ERROR);
    }

    fn a_known_constraint_becomes_the_error_of_the_service_and_another_does_not(throwaway: &Throwaway) {
        let insert = |row: Item| move |tx: &mut Tx<'_>| {
            tx.insert("shop_item", &row).on_unique("shop_item_realm_name_key", || Error::new(TAKEN))
        };
        throwaway.db().write_blocking(insert(item("a"))).unwrap();
        let same_name = Item { id: "b".into(), ..item("a") };
        assert_eq!(throwaway.db().write_blocking(insert(same_name)).unwrap_err().code(), TAKEN);
        let same_id = Item { name: "other".into(), ..item("a") };
        assert_eq!(throwaway.db().write_blocking(insert(same_id)).unwrap_err().code(), codes::CONFLICT);
        let negative = Item { stock: -1, ..item("c") };
        assert_eq!(throwaway.db().write_blocking(insert(negative)).unwrap_err().code(), codes::INTERNAL_ERROR);
    }
}
