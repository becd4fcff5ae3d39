//! Passwords held against the rules, away from the threads that serve.

use std::sync::Arc;
use std::time::Duration;

use socle_kit::Kit;
use socle_kit::crypto::Estimate;
use socle_kit::kernel::{Error, FieldError, Result, Secret, codes};
use tokio::sync::Semaphore;

use super::rules::Rules;

/// How many passwords are judged at once, how long others wait for their turn, and when they may come again.
const AT_ONCE: usize = 2;
const PATIENCE: Duration = Duration::from_secs(2);
const COME_AGAIN: Duration = Duration::from_secs(1);

/// Judges passwords. Cheap to clone.
#[derive(Clone)]
pub struct Judge {
    rules: Arc<Rules>,
    turns: Arc<Semaphore>,
}

impl Judge {
    /// By the rules that are set.
    pub fn new(kit: &Kit) -> Result<Self> {
        Ok(Self { rules: Arc::new(Rules::of(&kit.settings)?), turns: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The other rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Refuses a password that breaks a rule; `identities` are the names and addresses of its owner.
    pub async fn check(
        &self,
        field: &'static str,
        password: &Secret<String>,
        identities: Vec<String>,
    ) -> Result<()> {
        let wrong = self.wrong(field, password, identities).await?;
        if wrong.is_empty() { Ok(()) } else { Err(Error::invalid(wrong)) }
    }

    /// All that is wrong with a password.
    pub async fn wrong(
        &self,
        field: &'static str,
        password: &Secret<String>,
        identities: Vec<String>,
    ) -> Result<Vec<FieldError>> {
        let rules = self.rules.clone();
        self.aside(password, identities, move |password, names| rules.password(field, password, names)).await
    }

    /// All that is wrong with a password, and how strong it is.
    pub async fn estimate(
        &self,
        field: &'static str,
        password: &Secret<String>,
        identities: Vec<String>,
    ) -> Result<(Vec<FieldError>, Estimate)> {
        let rules = self.rules.clone();
        let judge = move |password: &str, names: &[&str]| {
            (rules.password(field, password, names), Estimate::of(password, names))
        };
        self.aside(password, identities, judge).await
    }

    /// The estimate takes milliseconds: the threads that serve do not wait for it. Few are made at once, since whoever
    /// is nobody may ask for them; `SERVICE_UNAVAILABLE` when too many wait.
    async fn aside<T: Send + 'static>(
        &self,
        password: &Secret<String>,
        identities: Vec<String>,
        judge: impl FnOnce(&str, &[&str]) -> T + Send + 'static,
    ) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        let busy = || Error::new(codes::SERVICE_UNAVAILABLE).retry_after(COME_AGAIN);
        let turn = turn.map_err(|why| busy().because(why))?.map_err(Error::internal)?;
        let password = password.clone();
        let work = move || {
            let names: Vec<&str> = identities.iter().map(String::as_str).collect();
            let judged = judge(password.expose(), &names);
            // Whoever asked may be gone: the turn is over when the work is.
            drop(turn);
            judged
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn few_passwords_are_judged_at_once_and_who_waits_too_long_is_sent_away() {
        let trial = socle_identity_trial::Trial::start().await;
        let judge = Judge::new(&trial.app.kit).unwrap();
        let turns = judge.turns.clone().acquire_many_owned(u32::try_from(AT_ONCE).unwrap()).await.unwrap();
        let password = Secret::new("tournevis girafe samovar".to_owned());
        let refused = judge.wrong("password", &password, Vec::new()).await.unwrap_err();
        assert_eq!(refused.code(), codes::SERVICE_UNAVAILABLE);
        drop(turns);
        assert!(judge.wrong("password", &password, Vec::new()).await.unwrap().is_empty());
    }
}
