//! Passkeys: making, naming and removing one's own, and signing in with nothing else.

use socle_kit::Kit;
use socle_kit::crypto::{Token, TokenHash};
use socle_kit::db::{Db, Tx};
use socle_kit::http::{IfMatch, Merge};
use socle_kit::kernel::{Actor, Clock, Error, Id, Ids, Line, OrNotFound, Random, Result, Secret, UserId};

use super::api::{NewPasskey, PasskeyInput, PasskeyOptionsView, PasskeyView, PasskeysView};
use crate::factors::service::{Named, added, refuse_more, removed};
use crate::relying_party::{Made, RelyingParty, Wire};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::{FACTOR_WRONG, PASSKEY_KNOWN};
use socle_identity_core::factors::model::{CHALLENGE_LIVES, Challenge, ChallengeKind, Method, Passkey};
use socle_identity_core::factors::service::Factors;
use socle_identity_core::factors::store;
use socle_identity_core::sessions::ending::{Endings, over};
use socle_identity_core::sessions::service::{Client, Sessions, SignedIn};

/// What people do with their passkeys. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Passkeys {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    factors: Factors,
    endings: Endings,
    party: RelyingParty,
    changes: Changes,
}

impl Passkeys {
    pub(crate) fn new(kit: &Kit, sessions: Sessions) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            factors: Factors::new(kit)?,
            endings: Endings::new(kit, sessions)?,
            party: RelyingParty::new(kit)?,
            changes: Changes::of(&kit.db)?,
        })
    }

    pub(crate) async fn list(&self, actor: &Actor) -> Result<PasskeysView> {
        let user = actor.user()?;
        let passkeys = self.db.read(move |conn| store::passkeys(conn, user)).await?;
        Ok(PasskeysView { passkeys: passkeys.into_iter().map(PasskeyView::from).collect() })
    }

    /// Begins to make a passkey.
    pub(crate) async fn options(&self, actor: &Actor) -> Result<PasskeyOptionsView> {
        let user = actor.user()?;
        let (party, challenge) =
            (self.party.clone(), self.challenge(ChallengeKind::Registration, Some(user)));
        let (token, challenge) = challenge;
        let public_key = self
            .db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                refuse_more(tx, user)?;
                let ceremony = party.ask_for_new(&account, &store::passkeys(tx, user)?)?;
                let state = Some(ceremony.state);
                store::insert_challenge(tx, &Challenge { state, ..challenge.clone() })?;
                Ok(ceremony.options)
            })
            .await?;
        Ok(PasskeyOptionsView { challenge: token.expose().clone(), public_key })
    }

    /// Adds the passkey that the browser made. With the first factor come the recovery codes.
    pub(crate) async fn create(&self, actor: &Actor, body: NewPasskey) -> Result<PasskeyView> {
        let (user, now) = (actor.user()?, self.clock.now());
        let (party, factors, actor, id) =
            (self.party.clone(), self.factors.clone(), actor.clone(), self.ids.next());
        let codes = self.factors.new_recovery_codes(user);
        let (fresh, hash) = (codes.clone(), TokenHash::of(body.challenge.expose()));
        let name = body.name.map_or_else(|| "Passkey".to_owned(), Line::into_string);
        let made = body.credential;
        let (passkey, first) = self
            .db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                let state = spend(tx, &hash, ChallengeKind::Registration, Some(user), now)?;
                let Made { credential_id, credential } = party.new_of(&state, &made)?;
                refuse_more(tx, user)?;
                if store::passkey_called(tx, &credential_id)?.is_some() {
                    return Err(Error::new(PASSKEY_KNOWN));
                }
                let passkey = Passkey {
                    id,
                    user_id: user,
                    credential_id,
                    credential,
                    name: name.clone(),
                    last_used_at: None,
                    version: 1,
                    created_at: now,
                };
                store::insert_passkey(tx, &passkey)?;
                let first = added(
                    &factors,
                    tx,
                    &account,
                    Named { method: Method::Passkey, name: &name },
                    &fresh,
                    &actor,
                )?;
                Ok((passkey, first))
            })
            .await?;
        self.changes.note();
        let view = PasskeyView::from(passkey);
        Ok(if first { view.with_codes(&codes.shown) } else { view })
    }

    pub(crate) async fn rename(
        &self,
        actor: &Actor,
        id: Id<Passkey>,
        expected: IfMatch,
        patch: Merge<PasskeyInput>,
    ) -> Result<PasskeyView> {
        let user = actor.user()?;
        self.db
            .write(move |tx| {
                let mut passkey = store::passkey_of(tx, user, id)?.or_not_found("passkey")?;
                expected.check(passkey.version)?;
                let name = Line::parse(&passkey.name).or_not_found("passkey")?;
                passkey.name = patch.apply(&PasskeyInput { name })?.name.into_string();
                passkey.version += 1;
                store::update_passkey(tx, &passkey)?;
                Ok(passkey.into())
            })
            .await
    }

    pub(crate) async fn remove(&self, actor: &Actor, id: Id<Passkey>) -> Result<()> {
        let (user, actor, factors) = (actor.user()?, actor.clone(), self.factors.clone());
        self.db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                let passkey = store::passkey_of(tx, user, id)?.or_not_found("passkey")?;
                store::delete_passkey(tx, id)?;
                removed(
                    &factors,
                    tx,
                    &account,
                    Named { method: Method::Passkey, name: &passkey.name },
                    &actor,
                )
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// Asks for any passkey of this server: who signs in is told by the passkey.
    pub(crate) async fn sign_in_options(&self) -> Result<PasskeyOptionsView> {
        let ceremony = self.party.ask_for_any()?;
        let (token, challenge) = self.challenge(ChallengeKind::Passwordless, None);
        let challenge = Challenge { state: Some(ceremony.state), ..challenge };
        self.db.write(move |tx| store::insert_challenge(tx, &challenge)).await?;
        Ok(PasskeyOptionsView { challenge: token.expose().clone(), public_key: ceremony.options })
    }

    /// Signs in with a passkey alone. The authenticator has verified its user, so that it is two factors in one; it
    /// cannot be guessed, so that a lock does not stand in its way.
    pub(crate) async fn sign_in(
        &self,
        challenge: &Secret<String>,
        assertion: Wire,
        client: &Client,
    ) -> Result<SignedIn> {
        let (party, hash, now) = (self.party.clone(), TokenHash::of(challenge.expose()), self.clock.now());
        let actor = Actor { address: Some(client.origin.address), ..Actor::anonymous() };
        let owner: Option<UserId> = self
            .db
            .write(move |tx| {
                let state = spend(tx, &hash, ChallengeKind::Passwordless, None, now)?;
                let Some(passkey) = party.claimed(tx, &assertion)? else { return Ok(None) };
                let owner = passkey.user_id;
                let right = party.take_any(tx, &state, &assertion, passkey, &actor)?;
                Ok(right.then_some(owner))
            })
            .await?;
        let owner = owner.ok_or_else(|| Error::new(FACTOR_WRONG))?;
        self.endings.end_without_factor(owner, client).await
    }

    fn challenge(&self, kind: ChallengeKind, user_id: Option<UserId>) -> (Secret<String>, Challenge) {
        let (token, token_hash) = Token::generate(&self.random);
        let created_at = self.clock.now();
        let challenge = Challenge {
            id: self.ids.next(),
            token_hash,
            kind,
            user_id,
            counted_as: None,
            state: None,
            attempts: 0,
            created_at,
            expires_at: created_at.plus(CHALLENGE_LIVES),
        };
        (token, challenge)
    }
}

/// Takes a challenge, which counts once: what its verification needs.
pub(crate) fn spend(
    tx: &mut Tx,
    hash: &TokenHash,
    kind: ChallengeKind,
    user: Option<UserId>,
    now: socle_kit::kernel::Timestamp,
) -> Result<String> {
    let challenge = store::challenge(tx, hash, kind)?;
    let challenge = challenge.filter(|challenge| challenge.is_live(now) && challenge.user_id == user);
    let challenge = challenge.ok_or_else(over)?;
    store::delete_challenge(tx, challenge.id)?;
    challenge.state.ok_or_else(over)
}
