//! Lists: every page order, both ways of paging, and search.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use socle_db::throwaway::Throwaway;
use socle_db::{List, SortColumn};
use socle_kernel::{Direction, MAX_OFFSET, Page, Position, Slice, Sort, codes, fold};

use crate::both;
use crate::support::{Item, item};

const SORTS: &[SortColumn] = &[
    SortColumn::new("stock", "stock"),
    SortColumn::new("realm", "realm"),
    SortColumn::new("price", "price"),
    SortColumn::new("isPublic", "is_public"),
    SortColumn::new("id", "id"),
];

fn sort(key: &str, is_descending: bool) -> Sort {
    let direction = if is_descending { Direction::Descending } else { Direction::Ascending };
    Sort { key: key.to_owned(), direction }
}

fn fetch(throwaway: &Throwaway, list: List, page: Page) -> socle_kernel::Result<Slice<Item>> {
    throwaway.db().read_blocking(move |conn| list.slice(conn, SORTS, &page))
}

fn ids(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| item.id.clone()).collect()
}

fn fill(throwaway: &Throwaway, items: Vec<Item>) {
    throwaway
        .db()
        .write_blocking(move |tx| {
            tx.exec("DELETE FROM shop_item", &[])?;
            items.iter().try_for_each(|item| tx.insert("shop_item", item))
        })
        .unwrap();
}

/// The order these keys stand for, by Rust's own comparison of bytes.
fn sorted(mut items: Vec<Item>, order: &[Sort]) -> Vec<String> {
    items.sort_by(|a, b| {
        let tie = Sort {
            key: "id".into(),
            direction: order.last().map_or(Direction::Ascending, |sort| sort.direction),
        };
        order.iter().chain([&tie]).fold(std::cmp::Ordering::Equal, |so_far, sort| {
            let compared = match sort.key.as_str() {
                "stock" => a.stock.cmp(&b.stock),
                "realm" => a.realm.cmp(&b.realm),
                "price" => a.price.total_cmp(&b.price),
                "isPublic" => a.is_public.cmp(&b.is_public),
                _ => a.id.cmp(&b.id),
            };
            so_far.then(if sort.direction == Direction::Descending { compared.reverse() } else { compared })
        })
    });
    ids(&items)
}

fn some_item() -> impl Strategy<Value = Item> {
    let realm = prop_oneof![Just("Z"), Just("a"), Just("é"), Just("B"), Just("a b"), Just("")];
    (0..4_i64, realm, 0..3_i32, any::<bool>()).prop_map(|(stock, realm, price, is_public)| Item {
        stock,
        realm: realm.to_owned(),
        price: f64::from(price) * 0.1,
        is_public,
        ..item("")
    })
}

fn some_order() -> impl Strategy<Value = Vec<Sort>> {
    let key = prop_oneof![Just("stock"), Just("realm"), Just("price"), Just("isPublic"), Just("id")];
    prop::collection::vec((key, any::<bool>()).prop_map(|(key, down)| sort(key, down)), 0..4)
}

/// All pages, from one to the next.
fn walk(throwaway: &Throwaway, order: &[Sort], limit: i64, mut position: Position) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let page = Page { position, limit, sort: order.to_vec() };
        let slice = fetch(throwaway, List::from("shop_item").and("stock >=", 0_i64), page).unwrap();
        assert_eq!(slice.has_next, slice.next_cursor.is_some());
        found.extend(ids(&slice.items));
        match slice.next_cursor {
            Some(cursor) => position = Position::After(Some(cursor)),
            None => return found,
        }
    }
}

both! {
    fn cursors_and_page_numbers_give_one_order(throwaway: &Throwaway) {
        let cases = (prop::collection::vec(some_item(), 0..24), some_order(), 1..7_i64);
        let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
        TestRunner::new(config).run(&cases, |(mut items, order, limit)| {
            for (number, item) in items.iter_mut().enumerate() {
                item.id = format!("{:02}", number * 7 % 24);
                item.name = format!("{number}");
            }
            fill(throwaway, items.clone());
            let expected = sorted(items, &order);
            prop_assert_eq!(&walk(throwaway, &order, limit, Position::After(None)), &expected);
            prop_assert_eq!(&walk(throwaway, &order, limit, Position::Number(1)), &expected);
            for (number, part) in expected.chunks(limit as usize).enumerate() {
                let page = Page { position: Position::Number(number as i64 + 1), limit, sort: order.clone() };
                let slice = fetch(throwaway, List::from("shop_item"), page).unwrap();
                prop_assert_eq!(&ids(&slice.items), part);
                prop_assert_eq!(slice.total, Some(expected.len() as i64));
            }
            Ok(())
        }).unwrap();
    }

    fn a_page_beyond_the_end_is_empty_and_still_knows_the_total(throwaway: &Throwaway) {
        fill(throwaway, (0..5).map(|number| item(&number.to_string())).collect());
        let page = |number| Page { position: Position::Number(number), limit: 2, sort: vec![] };
        let last = fetch(throwaway, List::from("shop_item"), page(3)).unwrap();
        assert_eq!((last.items.len(), last.total, last.has_next, last.page), (1, Some(5), false, Some(3)));
        let beyond = fetch(throwaway, List::from("shop_item"), page(9)).unwrap();
        assert_eq!((beyond.items.len(), beyond.total, beyond.has_next), (0, Some(5), false));
        let cursor = fetch(throwaway, List::from("shop_item"), Page { position: Position::After(None), ..page(1) }).unwrap();
        assert_eq!((cursor.total, cursor.page, cursor.has_next), (None, None, true));
        let none = fetch(throwaway, List::from("shop_item").and("stock >", 100_i64), page(1)).unwrap();
        assert_eq!((none.items.len(), none.total, none.next_cursor), (0, Some(0), None));
    }

    fn an_unknown_sort_a_bad_cursor_and_a_page_too_deep_are_the_callers_mistakes(throwaway: &Throwaway) {
        fill(throwaway, (0..3).map(|number| item(&number.to_string())).collect());
        let list = || List::from("shop_item");
        let refusal = |page: Page| {
            let error = fetch(throwaway, list(), page).unwrap_err();
            (error.fields()[0].path.clone(), error.fields()[0].code)
        };
        let first = Page { limit: 1, sort: vec![sort("stock", false)], ..Page::default() };
        let unknown = Page { sort: vec![sort("password", false)], ..first.clone() };
        assert_eq!(refusal(unknown), ("sort".into(), codes::UNKNOWN_SORT));
        let deep = Page { position: Position::Number(MAX_OFFSET + 1), ..first.clone() };
        assert_eq!(refusal(deep), ("page".into(), codes::PAGE_TOO_DEEP));
        let deepest = Page { position: Position::Number(MAX_OFFSET), ..first.clone() };
        assert!(fetch(throwaway, list(), deepest).is_ok());
        let huge = Page { position: Position::Number(i64::MAX), ..first.clone() };
        assert_eq!(refusal(huge), ("page".into(), codes::PAGE_TOO_DEEP));
        let cursor = fetch(throwaway, list(), first.clone()).unwrap().next_cursor;
        let foreign = Page { position: Position::After(cursor), sort: vec![sort("stock", true)], ..first.clone() };
        assert_eq!(refusal(foreign), ("cursor".into(), codes::BAD_CURSOR));
        let garbage = Page { position: Position::After(Some("garbage".into())), ..first };
        assert_eq!(refusal(garbage), ("cursor".into(), codes::BAD_CURSOR));
    }

    fn a_forged_cursor_is_never_our_fault(throwaway: &Throwaway) {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
        fill(throwaway, (0..3).map(|number| item(&number.to_string())).collect());
        let page = Page { limit: 1, sort: vec![sort("stock", false)], ..Page::default() };
        let honest = fetch(throwaway, List::from("shop_item"), page.clone()).unwrap().next_cursor.unwrap();
        let honest: Vec<String> = serde_json::from_slice(&BASE64.decode(honest).unwrap()).unwrap();
        for value in ["tx", "i5", "b1", "f0", "x", "t\0", "i99999999999999999999", "n", ""] {
            for place in [1, 2] {
                let mut parts = honest.clone();
                parts[place] = value.to_owned();
                let cursor = BASE64.encode(serde_json::to_vec(&parts).unwrap());
                let page = Page { position: Position::After(Some(cursor)), ..page.clone() };
                if let Err(error) = fetch(throwaway, List::from("shop_item"), page) {
                    assert_eq!(error.code(), codes::VALIDATION_ERROR, "{value} at {place}: {error}");
                }
            }
        }
    }

    fn search_finds_every_word_literally_whatever_its_case_and_accents(throwaway: &Throwaway) {
        let texts = ["L’Été à 50 % de rabais", "ete 500 rabais", "a_b c\\d", "axb cxd", "ÉLÉPHANT"];
        fill(throwaway, texts.iter().enumerate().map(|(number, text)| Item {
            search_text: fold(text),
            ..item(&number.to_string())
        }).collect());
        for (needle, expected) in [
            ("été", &["0", "1"][..]),
            ("RABAIS ete", &["0", "1"]),
            ("50 %", &["0"]),
            ("%", &["0"]),
            ("a_b", &["2"]),
            ("c\\d", &["2"]),
            ("elephant", &["4"]),
            ("ete elephant", &[]),
            ("  ", &["0", "1", "2", "3", "4"]),
            ("'", &["0"]),
        ] {
            let found = fetch(throwaway, List::from("shop_item").search("search_text", needle), Page::default()).unwrap();
            assert_eq!(ids(&found.items), expected, "{needle}");
        }
    }

    fn conditions_of_every_sort_combine(throwaway: &Throwaway) {
        fill(throwaway, (0..10).map(|number| Item { stock: number, is_public: number % 2 == 0, ..item(&number.to_string()) }).collect());
        let list = List::from("shop_item")
            .and("is_public =", true)
            .and_opt("stock >", Some(1_i64))
            .and_opt("realm =", None::<String>)
            .and_in("id", &["2", "3", "4", "8"])
            .and_raw("(stock < ? OR EXISTS (SELECT 1 FROM shop_owner WHERE id = ?))", &[&6_i64, &"nobody"])
            .order_by("stock", Direction::Descending);
        let counted = list.clone();
        let found = fetch(throwaway, list, Page::default()).unwrap();
        assert_eq!(ids(&found.items), ["4", "2"]);
        assert_eq!(throwaway.db().read_blocking(move |conn| counted.count(conn)).unwrap(), 2);
    }
}
