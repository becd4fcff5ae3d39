//! The check and the rotation, on a database.

use socle_crypto::Sealer;
use socle_db::throwaway::Throwaway;
use socle_i18n::Language;
use socle_kernel::{Clock, Ids, Random, Secret, Timestamp, Trouble};
use socle_mail::{Mail, Mailer};

use super::{ColumnReport, MIGRATIONS, check, look, rotate};

const OLD: &str = "the old key, which is long enough";
const NEW: &str = "the new key, which is long enough";
const FOREIGN: &str = "a foreign key, which is long as well";

fn sealer(keys: &[&str]) -> Sealer {
    let keys: Vec<_> = keys.iter().map(|key| Secret::new(key.as_bytes().to_vec())).collect();
    Sealer::new(&keys, Random::system()).unwrap()
}

fn place() -> Throwaway {
    Throwaway::from_env(&[socle_mail::MIGRATIONS, MIGRATIONS]).unwrap()
}

fn mailer(sealer: Sealer) -> Mailer {
    let clock = Clock::manual(Timestamp::from_seconds(1_000));
    Mailer::new(clock.clone(), Ids::new(clock, Random::system()), sealer)
}

fn send(place: &Throwaway, sealer: &Sealer, count: usize) {
    let mailer = mailer(sealer.clone());
    let send = move |tx: &mut socle_db::Tx<'_>| {
        (0..count).try_for_each(|number| {
            mailer.send(tx, &Mail::new(format!("{number}@example.org"), "Zoé", Language::Fr, "welcome"))
        })
    };
    place.db().write_blocking(send).unwrap();
}

fn readable(place: &Throwaway, sealer: &Sealer) -> Option<usize> {
    let mailer = mailer(sealer.clone());
    place.db().read_blocking(move |conn| mailer.waiting(conn, 10_000)).ok().map(|mails| mails.len())
}

#[test]
fn keys_that_are_not_the_databases_are_refused_and_a_new_one_with_the_old_behind_it_is_not() {
    let place = place();
    check(place.db(), &sealer(&[OLD])).unwrap();
    check(place.db(), &sealer(&[OLD])).unwrap();
    check(place.db(), &sealer(&[NEW, OLD])).unwrap();
    for foreign in [&[FOREIGN][..], &[NEW], &[FOREIGN, NEW]] {
        let error = check(place.db(), &sealer(foreign)).unwrap_err();
        assert_eq!(error.cause::<Trouble>().unwrap().key(), "sealing-key", "{foreign:?}");
    }
}

#[test]
fn looking_at_the_check_makes_none_and_tells_of_keys_that_do_not_fit_and_of_none_at_all() {
    let bare = Throwaway::from_env(&[]).unwrap();
    assert!(!look(bare.db(), None).unwrap(), "a database without tables has no keys yet");
    let place = place();
    for given in [None, Some(&sealer(&[FOREIGN]))] {
        assert!(!look(place.db(), given).unwrap());
    }
    check(place.db(), &sealer(&[OLD])).unwrap();
    assert!(look(place.db(), Some(&sealer(&[NEW, OLD]))).unwrap());
    for (given, key) in [(None, "sealing-key-none"), (Some(&sealer(&[FOREIGN])), "sealing-key")] {
        let error = look(place.db(), given).unwrap_err();
        assert_eq!(error.cause::<Trouble>().unwrap().key(), key);
    }
}

#[test]
fn r0_16_everything_is_sealed_anew_once_and_then_the_old_key_may_go() {
    let place = place();
    let (old, both, new) = (sealer(&[OLD]), sealer(&[NEW, OLD]), sealer(&[NEW]));
    check(place.db(), &old).unwrap();
    send(&place, &old, 250);
    // One that a server with the new key has written already.
    send(&place, &both, 1);
    assert_eq!(readable(&place, &new), None);
    let mut told = Vec::new();
    let reports = rotate(place.db(), &both, socle_mail::SEALED, |report| told.push(report.sealed)).unwrap();
    assert_eq!(reports, [ColumnReport { column: "mail_message.sealed", sealed: 250, broken: 0 }]);
    assert_eq!(told, [100, 200, 250]);
    assert_eq!(readable(&place, &new), Some(251));
    check(place.db(), &new).unwrap();
    let again = rotate(place.db(), &new, socle_mail::SEALED, |_| {}).unwrap();
    assert_eq!(again, [ColumnReport { column: "mail_message.sealed", sealed: 0, broken: 0 }]);
}

#[test]
fn what_does_not_open_is_left_and_told_and_the_old_keys_stay_needed() {
    let place = place();
    let (old, both) = (sealer(&[OLD]), sealer(&[NEW, OLD]));
    check(place.db(), &old).unwrap();
    send(&place, &old, 3);
    send(&place, &sealer(&[FOREIGN]), 2);
    let reports = rotate(place.db(), &both, socle_mail::SEALED, |_| {}).unwrap();
    assert_eq!(reports, [ColumnReport { column: "mail_message.sealed", sealed: 3, broken: 2 }]);
    assert!(check(place.db(), &sealer(&[NEW])).is_err());
    let whole = sealer(&[NEW, OLD, FOREIGN]);
    assert_eq!(rotate(place.db(), &whole, socle_mail::SEALED, |_| {}).unwrap()[0].sealed, 2);
    check(place.db(), &sealer(&[NEW])).unwrap();
}

#[test]
fn mail_that_is_written_while_it_runs_is_read_by_all() {
    let place = place();
    let (old, both) = (sealer(&[OLD]), sealer(&[NEW, OLD]));
    send(&place, &old, 150);
    let mut written = 0;
    rotate(place.db(), &both, socle_mail::SEALED, |_| {
        send(&place, &both, 5);
        written += 5;
    })
    .unwrap();
    assert_eq!(readable(&place, &sealer(&[NEW])), Some(150 + written));
}
