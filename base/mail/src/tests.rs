//! The queue, on a database.

use socle_crypto::Sealer;
use socle_db::throwaway::Throwaway;
use socle_i18n::Language;
use socle_kernel::{Clock, Error, Ids, Random, Secret, Timestamp, codes};

use crate::{MIGRATIONS, Mail, Mailer};

fn mailer() -> Mailer {
    let (clock, random) = (Clock::manual(Timestamp::from_seconds(1_000)), Random::seeded(1));
    let sealer = Sealer::new(&[Secret::new(b"key".to_vec())], random.clone()).unwrap();
    Mailer::new(clock.clone(), Ids::new(clock, random), sealer)
}

#[test]
fn a_mail_waits_exactly_when_its_change_is_committed_and_nobody_reads_it_in_the_database() {
    let (place, mailer) = (Throwaway::from_env(&[MIGRATIONS]).unwrap(), mailer());
    let mail = Mail::new("zoe@example.org", "Zoé", Language::Fr, "password-reset")
        .arg("minutes", 30)
        .link("https://example.org/reset#token");
    let (sent, own) = (mail.clone(), mailer.clone());
    place.db().write_blocking(move |tx| own.send(tx, &sent)).unwrap();
    let (lost, own) = (mail.clone(), mailer.clone());
    let undone = place.db().write_blocking(move |tx| {
        own.send(tx, &lost)?;
        Err::<(), _>(Error::new(codes::CONFLICT))
    });
    assert_eq!(undone.unwrap_err().code(), codes::CONFLICT);
    let (waiting, stored) = place
        .db()
        .read_blocking(move |conn| {
            let stored: Vec<String> = conn.scalars("SELECT sealed FROM mail_message", &[])?;
            Ok((mailer.waiting(conn, 10)?, stored))
        })
        .unwrap();
    assert_eq!(waiting, [mail]);
    assert!(stored.iter().all(|text| !text.contains("zoe") && !text.contains("token")));
}
