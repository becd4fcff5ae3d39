//! How long a refusal takes tells nobody whether there is an account: measured, with real password hashing.
//!
//! **What is compared.** Requests about a known and an unknown account, one of each in turn and in random order, so that
//! whatever else the machine does hits both. Of a few of each the fastest is kept, which is the one that was disturbed
//! least; their difference is one observation.
//!
//! **What is claimed.** The median of that difference is no more than [`MARGIN`], either way. Each observation is a bet
//! against the claim: a coin that falls on "more than the margin" at most half of the time if the claim holds, whatever
//! the noise looks like. A gambler who begins with 1 and bets a part of the fortune on each fall has, if the claim holds,
//! one chance in a million or less to *ever* own [`FORTUNE`] on either side (Ville's inequality). So the test may look
//! after each observation, needs no model of the noise, and a false alarm is less likely than 1 in 1,000,000.
//!
//! **That it can fail.** With a millisecond added to one side the gambler gets rich; there the hashing is quick, so that a
//! busy machine does not drown it for minutes. With real hashing it is held against requests that are refused before
//! anything is hashed, as they would be if somebody thought that for an account that does not exist it can be left out.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a broken setup must fail the test, and what was measured is worth a look"
)]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use socle_identity_trial::Trial;
use socle_testkit::TestResponse;

const LOGIN: &str = "/api/v1/auth/login";
const FORGOT: &str = "/api/v1/auth/password/forgot";
/// What no network lets anybody see, and less than a tenth of one hash.
const MARGIN: Duration = Duration::from_micros(500);
/// Two sides of one in two million each.
const FORTUNE: f64 = 2_000_000.0;
/// Parts of the fortune that are bet; the gambler is four gamblers, one for each.
const BETS: [f64; 4] = [0.1, 0.3, 0.6, 0.9];
/// Of how many requests of each kind the fastest is kept.
const OF: usize = 4;
/// As many observations as the claim is held against.
const ENOUGH: usize = 48;
/// As many as are made in search of a difference that is there.
const PATIENCE: usize = 1_000;

/// Nothing locks: what is behind a lock is refused sooner, for known and unknown accounts alike.
const SETTINGS: &[(&str, &str)] = &[("identity.lock_after", "1000")];

/// Somebody who bets that one side is slower.
struct Gambler([f64; BETS.len()]);

impl Gambler {
    fn new() -> Self {
        Self([1.0; BETS.len()])
    }

    fn see(&mut self, wins: bool) {
        for (wealth, bet) in self.0.iter_mut().zip(BETS) {
            *wealth *= if wins { 1.0 + bet } else { 1.0 - bet };
        }
    }

    fn is_rich(&self) -> bool {
        self.0.iter().sum::<f64>() / 4.0 >= FORTUNE
    }
}

/// Those who bet on the known and on the unknown side.
struct Verdict {
    known_is_slower: Gambler,
    unknown_is_slower: Gambler,
    differences: Vec<f64>,
}

impl Verdict {
    fn new() -> Self {
        let (known_is_slower, unknown_is_slower) = (Gambler::new(), Gambler::new());
        Self { known_is_slower, unknown_is_slower, differences: Vec::new() }
    }

    fn see(&mut self, known: Duration, unknown: Duration) {
        self.known_is_slower.see(known > unknown + MARGIN);
        self.unknown_is_slower.see(unknown > known + MARGIN);
        self.differences.push((known.as_secs_f64() - unknown.as_secs_f64()) * 1e6);
    }

    fn is_told_apart(&self) -> bool {
        self.known_is_slower.is_rich() || self.unknown_is_slower.is_rich()
    }

    fn summary(&self) -> String {
        let mut sorted = self.differences.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        format!("the median difference is {median:.0} µs of {} observations", sorted.len())
    }
}

/// Requests about known and unknown accounts, and how long each took.
struct Race {
    trial: Trial,
    round: usize,
    /// What is added to the known side.
    added: Duration,
    /// The unknown side is refused before its password is looked at.
    leaves_out_the_hash: bool,
}

impl Race {
    async fn in_earnest(added: Duration) -> Self {
        Self::of(Trial::in_earnest(SETTINGS).await, added).await
    }

    async fn of(trial: Trial, added: Duration) -> Self {
        for number in 0..8 {
            trial.account(&format!("known{number}"), "employee").await;
        }
        Self { trial, round: 0, added, leaves_out_the_hash: false }
    }

    /// The fastest of a few of each kind.
    async fn observe(&mut self, path: &str) -> (Duration, Duration) {
        let mut fastest = [Duration::MAX; 2];
        for _ in 0..OF {
            self.round += 1;
            // Each address may be asked for a few times an hour, and counts of refusals are forgotten after a day.
            self.trial.app.advance(Duration::from_secs(61 * 60));
            let first = usize::from(self.trial.app.kit.random.below(2) == 1);
            for side in [first, 1 - first] {
                let took = self.time(path, side == 0).await;
                fastest[side] = fastest[side].min(took);
            }
        }
        (fastest[0], fastest[1])
    }

    async fn time(&self, path: &str, is_known: bool) -> Duration {
        let name = format!("{}{}", if is_known { "known" } else { "other" }, self.round % 8);
        let begun = Instant::now();
        if self.leaves_out_the_hash && !is_known {
            let body = json!({"login": name, "password": "x", "website": "only robots fill this"});
            self.trial.post(path, body).send().await.refused(400, "BAD_REQUEST");
        } else {
            send(&self.trial, path, &name).await;
        }
        let took = begun.elapsed() + if is_known { self.added } else { Duration::ZERO };
        self.settle().await;
        took
    }

    /// What is done aside is done: it belongs to no answer.
    async fn settle(&self) {
        let waiting = "SELECT COUNT(*) FROM identity_mail_request WHERE sealed IS NOT NULL";
        let db = &self.trial.app.kit.db;
        while db.read(move |conn| conn.scalar::<i64>(waiting, &[])).await.unwrap() > 0 {
            tokio::task::yield_now().await;
        }
    }
}

async fn send(trial: &Trial, path: &str, name: &str) -> TestResponse {
    let body = if path == LOGIN {
        json!({"login": name, "password": "not the password of anybody"})
    } else {
        json!({"email": format!("{name}@example.org")})
    };
    trial.post(path, body).send().await
}

/// The answer without what every answer has of its own.
fn told(reply: &TestResponse) -> (u16, Vec<(String, String)>, Value) {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("meta");
    let own = ["x-request-id", "date", "traceparent", "etag"];
    let headers = reply.all_headers().iter().filter(|(name, _)| !own.contains(&name.as_str()));
    (reply.status, headers.cloned().collect(), body)
}

async fn are_not_told_apart(path: &str) {
    let mut race = Race::in_earnest(Duration::ZERO).await;
    let mut verdict = Verdict::new();
    race.observe(path).await;
    for _ in 0..ENOUGH {
        let (known, unknown) = race.observe(path).await;
        verdict.see(known, unknown);
        assert!(!verdict.is_told_apart(), "{path}: {}", verdict.summary());
    }
    println!("{path}: {}", verdict.summary());
}

#[tokio::test]
async fn r4_40_a_refused_sign_in_takes_as_long_for_a_known_as_for_an_unknown_account() {
    are_not_told_apart(LOGIN).await;
}

#[tokio::test]
async fn r4_40_a_forgotten_password_takes_as_long_for_a_known_as_for_an_unknown_account() {
    are_not_told_apart(FORGOT).await;
}

async fn are_told_apart(mut race: Race) {
    let mut verdict = Verdict::new();
    for _ in 0..PATIENCE {
        let (known, unknown) = race.observe(LOGIN).await;
        verdict.see(known, unknown);
        if verdict.is_told_apart() {
            println!("found: {}", verdict.summary());
            return;
        }
    }
    panic!("what was added was not found: {}", verdict.summary());
}

#[tokio::test]
async fn a_millisecond_more_for_a_known_account_would_be_found() {
    are_told_apart(Race::of(Trial::with(SETTINGS).await, Duration::from_millis(1)).await).await;
}

#[tokio::test]
async fn a_hash_that_is_left_out_for_an_unknown_account_would_be_found() {
    let race = Race::in_earnest(Duration::ZERO).await;
    are_told_apart(Race { leaves_out_the_hash: true, ..race }).await;
}

#[test]
fn a_fair_coin_makes_nobody_rich_and_one_that_is_not_does() {
    let random = socle_kit::kernel::Random::seeded(7);
    for _ in 0..200 {
        let mut gambler = Gambler::new();
        for _ in 0..ENOUGH * 10 {
            gambler.see(random.below(2) == 1);
            assert!(!gambler.is_rich());
        }
    }
    let mut gambler = Gambler::new();
    (0..ENOUGH).for_each(|_| gambler.see(true));
    assert!(gambler.is_rich());
    let mut gambler = Gambler::new();
    (0..PATIENCE).for_each(|_| gambler.see(random.below(3) > 0));
    assert!(gambler.is_rich());
}

#[tokio::test]
async fn r1_81_status_headers_and_bodies_are_the_same_for_known_and_unknown_accounts() {
    let trial = Trial::start().await;
    trial.account("known", "employee").await;
    for _ in 0..7 {
        let (known, other) = (send(&trial, LOGIN, "known").await, send(&trial, LOGIN, "other").await);
        assert_eq!(told(&known), told(&other));
    }
    assert_eq!(send(&trial, LOGIN, "other").await.status, 423, "the lock closes for both");
    for _ in 0..5 {
        let (known, other) = (send(&trial, FORGOT, "known").await, send(&trial, FORGOT, "other").await);
        assert_eq!(told(&known), told(&other));
        assert_eq!(known.status, 200);
    }
}
