//! Passwords held against the rules, away from the threads that serve.

use std::sync::Arc;

use socle_kit::Kit;
use socle_kit::crypto::Estimate;
use socle_kit::kernel::{Error, FieldError, Result, Secret};

use super::rules::Rules;

/// Judges passwords. Cheap to clone.
#[derive(Clone)]
pub struct Judge(Arc<Rules>);

impl Judge {
    /// By the rules that are set.
    pub fn new(kit: &Kit) -> Result<Self> {
        Ok(Self(Arc::new(Rules::of(&kit.settings)?)))
    }

    /// The other rules.
    pub fn rules(&self) -> &Rules {
        &self.0
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
        let rules = self.0.clone();
        aside(password, identities, move |password, names| rules.password(field, password, names)).await
    }

    /// How strong a password is.
    pub async fn estimate(&self, password: &Secret<String>, identities: Vec<String>) -> Result<Estimate> {
        aside(password, identities, Estimate::of).await
    }
}

/// The estimate takes milliseconds, more for a long password: others would wait.
async fn aside<T: Send + 'static>(
    password: &Secret<String>,
    identities: Vec<String>,
    judge: impl FnOnce(&str, &[&str]) -> T + Send + 'static,
) -> Result<T> {
    let password = password.clone();
    let work = move || {
        let names: Vec<&str> = identities.iter().map(String::as_str).collect();
        judge(password.expose(), &names)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
