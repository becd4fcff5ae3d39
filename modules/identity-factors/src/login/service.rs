//! Completing a sign-in of which the password was right.

use socle_kit::Kit;
use socle_kit::crypto::TokenHash;
use socle_kit::db::{Db, Tx};
use socle_kit::kernel::{Actor, Error, Result, Secret, Timestamp};

use super::api::Presented;
use crate::relying_party::{RelyingParty, Wire};
use socle_identity_core::accounts::model::Account;
use socle_identity_core::errors::{EMAIL_UNVERIFIED, FACTOR_WRONG};
use socle_identity_core::factors::model::{ChallengeKind, FactorKind};
use socle_identity_core::factors::service::Factors;
use socle_identity_core::factors::store;
use socle_identity_core::sessions::ending::Endings;
use socle_identity_core::sessions::service::{Client, Sessions, SignedIn};

/// The second step of a sign-in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SecondStep {
    db: Db,
    factors: Factors,
    endings: Endings,
    party: RelyingParty,
}

impl SecondStep {
    pub(crate) fn new(kit: &Kit, sessions: Sessions) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            factors: Factors::new(kit)?,
            endings: Endings::new(kit, sessions)?,
            party: RelyingParty::new(kit)?,
        })
    }

    /// Completes the sign-in: right or wrong, the answer is counted.
    pub(crate) async fn complete(
        &self,
        challenge: &Secret<String>,
        presented: Presented,
        client: &Client,
    ) -> Result<SignedIn> {
        match presented {
            Presented::Code(code) => {
                let factors = self.factors.clone();
                let verify = move |tx: &mut Tx<'_>, account: &Account, actor: &Actor| {
                    Ok(factors.take(tx, account, &code, actor)?.is_some())
                };
                self.seen_to_its_end(challenge, client, verify).await
            }
            Presented::Passkey(assertion) => {
                let (party, hash) = (self.party.clone(), TokenHash::of(challenge.expose()));
                let verify = move |tx: &mut Tx<'_>, account: &Account, actor: &Actor| {
                    let challenge = store::challenge(tx, &hash, ChallengeKind::SignIn)?;
                    let Some(state) = challenge.and_then(|challenge| challenge.state) else {
                        return Ok(false);
                    };
                    party.take(tx, &state, &assertion, account, actor)
                };
                self.seen_to_its_end(challenge, client, verify).await
            }
        }
    }

    /// What is asked of the browser for a passkey of the account.
    pub(crate) async fn options(&self, challenge: &Secret<String>) -> Result<Wire> {
        let (endings, party) = (self.endings.clone(), self.party.clone());
        let hash = TokenHash::of(challenge.expose());
        self.db
            .write(move |tx| {
                let (mut challenge, account) = endings.live(tx, &hash)?;
                let passkeys = store::passkeys(tx, account.id)?;
                if passkeys.is_empty() {
                    return Err(Error::new(FACTOR_WRONG));
                }
                let ceremony = party.ask_for(&passkeys)?;
                challenge.state = Some(ceremony.state);
                store::update_challenge(tx, &challenge)?;
                Ok(ceremony.options)
            })
            .await
    }

    /// Mails a code, to an account that chose to have them mailed.
    pub(crate) async fn mail(&self, challenge: &Secret<String>) -> Result<Timestamp> {
        let (endings, factors) = (self.endings.clone(), self.factors.clone());
        let (hash, code) = (TokenHash::of(challenge.expose()), self.factors.new_mailed_code());
        self.db
            .write(move |tx| {
                let (_, account) = endings.live(tx, &hash)?;
                if store::confirmed(tx, account.id, FactorKind::Email)?.is_empty() {
                    return Err(Error::new(FACTOR_WRONG));
                }
                factors.mail_code(tx, &account, &code)?.ok_or_else(|| Error::new(EMAIL_UNVERIFIED))
            })
            .await
    }

    /// What is counted is seen to its end, whether or not the client waits for it.
    async fn seen_to_its_end(
        &self,
        challenge: &Secret<String>,
        client: &Client,
        verify: impl Fn(&mut Tx<'_>, &Account, &Actor) -> Result<bool> + Clone + Send + Sync + 'static,
    ) -> Result<SignedIn> {
        let (endings, challenge, client) = (self.endings.clone(), challenge.clone(), client.clone());
        tokio::spawn(async move { endings.answer(&challenge, &client, verify).await })
            .await
            .unwrap_or_else(|lost| Err(Error::internal(lost)))
    }
}
