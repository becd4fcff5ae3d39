//! How good a password is, in words.

use std::sync::Arc;

use socle_kit::Kit;
use socle_kit::i18n::{Catalogue, Language, error_key};
use socle_kit::kernel::{FieldError, Result};

use super::api::{Candidate, ReasonView, StrengthView};
use socle_identity_core::accounts::judge::Judge;

/// Says how good a password is. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Strength {
    judge: Judge,
    catalogue: Arc<Catalogue>,
}

impl Strength {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self { judge: Judge::new(kit)?, catalogue: kit.catalogue.clone() })
    }

    /// What a registration would say of the password, and what else there is to say.
    pub(crate) async fn say(&self, candidate: &Candidate, language: Language) -> Result<StrengthView> {
        let (wrong, estimate) =
            self.judge.estimate("password", &candidate.password, candidate.identities()).await?;
        let mut reasons: Vec<ReasonView> = wrong.iter().map(|field| self.reason(field, language)).collect();
        reasons.extend(estimate.warning.map(|key| ReasonView {
            code: None,
            message: self.catalogue.text(language, &format!("password-warning-{key}"), &[]),
        }));
        let suggestion =
            |key: &&str| self.catalogue.text(language, &format!("password-suggestion-{key}"), &[]);
        Ok(StrengthView {
            score: estimate.score,
            is_accepted: wrong.is_empty(),
            reasons,
            suggestions: estimate.suggestions.iter().map(suggestion).collect(),
        })
    }

    fn reason(&self, field: &FieldError, language: Language) -> ReasonView {
        let message = self.catalogue.text(language, &error_key(field.code.name), &field.args);
        ReasonView { code: Some(field.code.name.to_owned()), message }
    }
}
