//! Families of refresh tokens: a lost answer is given again, a stolen token ends the family. Examples first, then
//! whatever a machine thinks of.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use socle_kit::db::Row;
use socle_kit::kernel::UserId;
use socle_testkit::TestResponse;

use socle_identity_core::sessions::model::GRACE;
use socle_identity_trial::{Tokens, Trial};

const REFRESH: &str = "/api/v1/auth/refresh";
const SECOND: Duration = Duration::from_secs(1);

async fn refresh(trial: &Trial, token: &str) -> TestResponse {
    trial.post(REFRESH, json!({"refreshToken": token})).send().await
}

#[tokio::test]
async fn r3_224_within_ten_seconds_a_replayed_token_has_the_same_child_as_before() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let first = trial.sign_in("zoe").await;
    let child = Tokens::of(&refresh(&trial, &first.refresh).await.expect(200));
    trial.app.advance(GRACE - SECOND);
    let again = Tokens::of(&refresh(&trial, &first.refresh).await.expect(200));
    assert_eq!(again.refresh, child.refresh);
    assert!(trial.knows(&again).await);
    refresh(&trial, &child.refresh).await.expect(200);
}

#[tokio::test]
async fn r3_224_a_replay_after_the_grace_or_past_a_used_child_ends_the_family() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let late = trial.sign_in("zoe").await;
    let child = Tokens::of(&refresh(&trial, &late.refresh).await.expect(200));
    trial.app.advance(GRACE);
    refresh(&trial, &late.refresh).await.refused(401, "INVALID_TOKEN");
    assert!(!trial.knows(&child).await);

    let used = trial.sign_in("zoe").await;
    let child = Tokens::of(&refresh(&trial, &used.refresh).await.expect(200));
    let grandchild = Tokens::of(&refresh(&trial, &child.refresh).await.expect(200));
    refresh(&trial, &used.refresh).await.refused(401, "INVALID_TOKEN");
    refresh(&trial, &grandchild.refresh).await.refused(401, "INVALID_TOKEN");
    let kinds = trial.app.event_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "user.refresh_token_reused").count(), 2);
}

#[tokio::test]
async fn a_token_that_was_used_ends_the_family_even_when_its_own_time_is_over() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let first = trial.sign_in("zoe").await;
    trial.app.advance(6 * 24 * 60 * 60 * SECOND);
    let second = Tokens::of(&refresh(&trial, &first.refresh).await.expect(200));
    trial.app.advance(2 * 24 * 60 * 60 * SECOND);
    refresh(&trial, &first.refresh).await.refused(401, "INVALID_TOKEN");
    refresh(&trial, &second.refresh).await.refused(401, "INVALID_TOKEN");
}

#[tokio::test]
async fn within_the_grace_a_session_that_was_signed_out_stays_so() {
    let trial = Trial::start().await;
    trial.account("zoe", "employee").await;
    let first = trial.sign_in("zoe").await;
    refresh(&trial, &first.refresh).await.expect(200);
    trial.request("POST", "/api/v1/auth/logout").bearer(&first.access).send().await.expect(204);
    refresh(&trial, &first.refresh).await.refused(401, "INVALID_TOKEN");
}

/// What may happen next. Numbers choose among what there is.
#[derive(Debug, Clone, Copy)]
enum Step {
    SignIn,
    /// The newest token of a family.
    Refresh(usize),
    /// Any token that was ever handed out.
    Replay(usize),
    /// A refresh whose client goes away before or after the change, whichever comes first.
    Crash(usize, u8),
    SignOut(usize),
    Advance(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => Just(Step::SignIn),
        6 => any::<usize>().prop_map(Step::Refresh),
        4 => any::<usize>().prop_map(Step::Replay),
        3 => (any::<usize>(), 0_u8..40).prop_map(|(which, yields)| Step::Crash(which, yields)),
        1 => any::<usize>().prop_map(Step::SignOut),
        4 => prop_oneof![Just(1), Just(4), Just(9), Just(10), Just(3_600)].prop_map(Step::Advance),
    ];
    proptest::collection::vec(step, 1..24)
}

/// What a family has been handed out.
struct Family {
    /// The first access token, to sign out with.
    access: String,
    /// Oldest first.
    tokens: Vec<String>,
}

/// A token, as the database has it.
#[derive(Debug, Clone, Row)]
struct Stored {
    id: String,
    used_at: Option<i64>,
    parent_id: Option<String>,
    child_id: Option<String>,
    session_id: String,
    revoked_at: Option<i64>,
}

const TOKENS: &str = "SELECT t.id, t.used_at, t.parent_id, t.child_id, t.session_id, s.revoked_at
    FROM identity_refresh_token t JOIN identity_session s ON s.id = t.session_id WHERE t.user_id = ?1";
const ONE: &str = "SELECT t.id, t.used_at, t.parent_id, t.child_id, t.session_id, s.revoked_at
    FROM identity_refresh_token t JOIN identity_session s ON s.id = t.session_id WHERE t.token_hash = ?1";

/// One run: people of one account, and what they hold.
struct Run<'a> {
    trial: &'a Trial,
    user: UserId,
    name: String,
    families: Vec<Family>,
}

impl Run<'_> {
    async fn step(&mut self, step: Step) {
        match step {
            Step::SignIn => {
                let tokens = self.trial.sign_in(&self.name).await;
                self.families.push(Family { access: tokens.access, tokens: vec![tokens.refresh] });
            }
            Step::Advance(seconds) => self.trial.app.advance(Duration::from_secs(seconds)),
            _ if self.families.is_empty() => {}
            Step::Refresh(which) => {
                let family = which % self.families.len();
                let newest = self.families[family].tokens.last().unwrap().clone();
                self.present(family, &newest).await;
            }
            Step::Replay(which) => {
                let family = which % self.families.len();
                let tokens = &self.families[family].tokens;
                let token = tokens[which / 7 % tokens.len()].clone();
                self.present(family, &token).await;
            }
            Step::Crash(which, yields) => {
                let family = which % self.families.len();
                let token = self.families[family].tokens.last().unwrap().clone();
                let request = self.trial.post(REFRESH, json!({"refreshToken": token})).send();
                let call = tokio::spawn(request);
                for _ in 0..yields {
                    tokio::task::yield_now().await;
                }
                call.abort();
                let _answer_lost = call.await;
                // What it had begun to write is written or undone before anything else.
                self.trial.app.kit.db.write(|_| Ok(())).await.unwrap();
            }
            Step::SignOut(which) => {
                let access = self.families[which % self.families.len()].access.clone();
                self.trial.request("POST", "/api/v1/auth/logout").bearer(&access).send().await;
            }
        }
        self.hold_still().await;
    }

    /// Presents a token, and holds the answer against what the database said before.
    async fn present(&mut self, family: usize, token: &str) {
        let before = self.stored(token).await;
        let child_is_used = match &before.child_id {
            Some(child) => self.all().await.iter().any(|one| one.id == *child && one.used_at.is_some()),
            None => false,
        };
        let now = self.trial.app.kit.clock.now().micros();
        let grace = i64::try_from(GRACE.as_micros()).unwrap();
        let is_stolen = before.used_at.is_some_and(|used| now >= used + grace || child_is_used);
        let answer = refresh(self.trial, token).await;
        if is_stolen {
            assert_eq!(answer.status, 401, "a replay was answered");
            assert!(self.stored(token).await.revoked_at.is_some(), "a replay left the family alive");
        } else if answer.status == 200 {
            let child = Tokens::of(&answer).refresh;
            let tokens = &mut self.families[family].tokens;
            if !tokens.contains(&child) {
                tokens.push(child);
            }
        } else {
            assert!(before.revoked_at.is_some(), "a good token was refused: {before:?}");
        }
    }

    /// What holds at every moment: a parent has one child at most, a living family one token that was not used.
    async fn hold_still(&self) {
        let all = self.all().await;
        for one in &all {
            let children = all.iter().filter(|other| other.parent_id.as_ref() == Some(&one.id)).count();
            assert!(children <= 1, "two children of one parent");
            assert_eq!(children == 1, one.child_id.is_some(), "half a change was written");
            assert_eq!(one.used_at.is_some(), one.child_id.is_some(), "half a change was written");
            let waiting =
                all.iter().filter(|other| other.session_id == one.session_id && other.used_at.is_none());
            assert_eq!(waiting.count(), 1, "a family has one token to be used");
        }
    }

    async fn all(&self) -> Vec<Stored> {
        let user = self.user;
        self.trial.app.kit.db.read(move |conn| conn.all(TOKENS, &[&user])).await.unwrap()
    }

    async fn stored(&self, token: &str) -> Stored {
        let hash = socle_kit::crypto::TokenHash::of(token);
        self.trial.app.kit.db.read(move |conn| conn.one(ONE, &[&hash])).await.unwrap()
    }
}

#[test]
fn r3_224_never_two_living_children_and_a_replay_outside_the_grace_always_ends_the_family() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let trial = runtime.block_on(Trial::start());
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let accounts = std::cell::Cell::new(0);
    let outcome = runner.run(&steps(), |steps| {
        accounts.set(accounts.get() + 1);
        let name = format!("person{}", accounts.get());
        runtime.block_on(async {
            let user = trial.account(&name, "employee").await;
            let mut run = Run { trial: &trial, user, name, families: Vec::new() };
            for step in steps {
                run.step(step).await;
            }
        });
        Ok(())
    });
    outcome.unwrap();
}
