//! One's own second factors: adding, naming and removing them.

use socle_kit::Kit;
use socle_kit::contracts::identity::{FactorAdded, FactorRemoved, RecoveryCodesMade};
use socle_kit::db::{Conn, Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::{IfMatch, Merge};
use socle_kit::kernel::{Actor, Clock, Error, Id, Ids, Line, OrNotFound, Random, Result, Secret, UserId};

use super::api::{FactorInput, FactorView, FactorsView, TotpView};
use crate::qr::Picture;
use crate::verification::Verification;
use socle_identity_core::accounts::model::Account;
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::changes::Changes;
use socle_identity_core::errors::{CODE_WRONG, EMAIL_UNVERIFIED, FACTOR_NEEDED, TOO_MANY_FACTORS};
use socle_identity_core::factors::api::EnrolmentView;
use socle_identity_core::factors::duty::Duty;
use socle_identity_core::factors::model::{Factor, FactorKind, MOST_FACTORS, Method};
use socle_identity_core::factors::service::{Factors, NewRecoveryCodes};
use socle_identity_core::factors::{store, totp};

/// What people do with their second factors. Cheap to clone.
#[derive(Clone)]
pub(crate) struct OwnFactors {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    factors: Factors,
    verification: Verification,
    duty: Duty,
    issuer: String,
    changes: Changes,
}

impl OwnFactors {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            factors: Factors::new(kit)?,
            verification: Verification::new(kit)?,
            duty: Duty::of(&kit.settings)?,
            issuer: kit.settings.text("identity.factor_issuer")?.to_owned(),
            changes: Changes::of(&kit.db)?,
        })
    }

    pub(crate) async fn list(&self, actor: &Actor) -> Result<FactorsView> {
        let (user, duty, role) = (actor.user()?, self.duty.clone(), actor.role.clone());
        self.db
            .read(move |conn| {
                let due = store::due(conn, user)?.filter(|_| duty.concerns(&role));
                Ok(FactorsView {
                    factors: store::factors(conn, user)?.into_iter().map(FactorView::from).collect(),
                    passkeys: store::passkeys(conn, user)?.len(),
                    recovery_codes_left: store::recovery_codes_left(conn, user)?,
                    factor_enrolment: due.map(EnrolmentView::due),
                })
            })
            .await
    }

    /// Begins to add an authenticator application: it protects nothing until its first code is verified (C27). One that
    /// was begun before and never verified makes room.
    pub(crate) async fn set_up(&self, actor: &Actor, name: Option<Line>) -> Result<TotpView> {
        let (user, now) = (actor.user()?, self.clock.now());
        let name = name.map_or_else(|| "TOTP".to_owned(), Line::into_string);
        let seed = totp::seed(&self.random);
        let mut factor = Factor::new(self.ids.next(), user, FactorKind::Totp, name, now);
        factor.secret = Some(self.factors.seal(&factor, &seed)?);
        let find = move |conn: &mut Conn| accounts::find(conn, user)?.or_not_found("account");
        let account = self.db.read(find).await?;
        let told = totp::enrolment(&seed, &self.issuer, &account.username)?;
        let picture = Picture::of(told.uri.expose())?;
        let id = factor.id;
        self.db
            .write(move |tx| {
                store::delete_unconfirmed(tx, user, FactorKind::Totp)?;
                refuse_more(tx, user)?;
                store::insert_factor(tx, &factor)
            })
            .await?;
        Ok(TotpView {
            id,
            secret: told.secret.expose().clone(),
            otpauth_url: told.uri.expose().clone(),
            qr_code_url: picture.data_url()?,
            qr_code_svg: picture.svg(),
        })
    }

    /// Activates the application that was begun, by its first code. With the first factor come the recovery codes.
    pub(crate) async fn enable(&self, actor: &Actor, code: Secret<String>) -> Result<Vec<Secret<String>>> {
        let user = actor.user()?;
        let codes = self.factors.new_recovery_codes(user);
        let (service, fresh) = (self.clone(), codes.clone());
        let first = self
            .verification
            .counted(actor, move |tx, account, actor| {
                let now = service.clock.now();
                let begun = store::factors(tx, user)?
                    .into_iter()
                    .find(|factor| factor.kind == FactorKind::Totp && factor.confirmed_at.is_none());
                let mut factor = begun.or_not_found("factor")?;
                let typed: String = code.expose().chars().filter(char::is_ascii_digit).collect();
                let Some(step) = service.factors.step_of(&factor, &typed, now)? else { return Ok(None) };
                (factor.last_step, factor.confirmed_at) = (step, Some(now));
                factor.version += 1;
                store::update_factor(tx, &factor)?;
                added(
                    &service.factors,
                    tx,
                    account,
                    Named { method: Method::Totp, name: &factor.name },
                    &fresh,
                    actor,
                )
                .map(Some)
            })
            .await?
            .ok_or_else(|| Error::invalid_field("token", CODE_WRONG))?;
        self.changes.note();
        Ok(if first { codes.shown } else { Vec::new() })
    }

    /// Has codes mailed as a second factor, to an address that is proved to be the owner's.
    pub(crate) async fn add_email(&self, actor: &Actor) -> Result<Vec<Secret<String>>> {
        let (user, now) = (actor.user()?, self.clock.now());
        let codes = self.factors.new_recovery_codes(user);
        let (factors, fresh, actor, id) =
            (self.factors.clone(), codes.clone(), actor.clone(), self.ids.next());
        let first = self
            .db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                let address = account.email.clone().filter(|_| account.email_verified_at.is_some());
                let address = address.ok_or_else(|| Error::new(EMAIL_UNVERIFIED))?;
                if !store::confirmed(tx, user, FactorKind::Email)?.is_empty() {
                    return Ok(false);
                }
                refuse_more(tx, user)?;
                let mut factor = Factor::new(id, user, FactorKind::Email, address, now);
                factor.confirmed_at = Some(now);
                store::insert_factor(tx, &factor)?;
                added(
                    &factors,
                    tx,
                    &account,
                    Named { method: Method::Email, name: &factor.name },
                    &fresh,
                    &actor,
                )
            })
            .await?;
        self.changes.note();
        Ok(if first { codes.shown } else { Vec::new() })
    }

    pub(crate) async fn rename(
        &self,
        actor: &Actor,
        id: Id<Factor>,
        expected: IfMatch,
        patch: Merge<FactorInput>,
    ) -> Result<FactorView> {
        let user = actor.user()?;
        self.db
            .write(move |tx| {
                let mut factor = store::factor_of(tx, user, id)?.or_not_found("factor")?;
                expected.check(factor.version)?;
                let name = Line::parse(&factor.name).or_not_found("factor")?;
                factor.name = patch.apply(&FactorInput { name })?.name.into_string();
                factor.version += 1;
                store::update_factor(tx, &factor)?;
                Ok(factor.into())
            })
            .await
    }

    pub(crate) async fn remove(&self, actor: &Actor, id: Id<Factor>) -> Result<()> {
        let (user, actor, factors) = (actor.user()?, actor.clone(), self.factors.clone());
        self.db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                let factor = store::factor_of(tx, user, id)?.or_not_found("factor")?;
                store::delete_factor(tx, id)?;
                if factor.confirmed_at.is_none() {
                    return Ok(());
                }
                removed(&factors, tx, &account, named(&factor), &actor)
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    /// Removes every second factor, and the recovery codes with them.
    pub(crate) async fn disable(&self, actor: &Actor) -> Result<()> {
        let (user, actor, factors) = (actor.user()?, actor.clone(), self.factors.clone());
        self.db
            .write(move |tx| {
                let account = accounts::find(tx, user)?.or_not_found("account")?;
                for factor in store::factors(tx, user)? {
                    store::delete_factor(tx, factor.id)?;
                    if factor.confirmed_at.is_some() {
                        removed(&factors, tx, &account, named(&factor), &actor)?;
                    }
                }
                for passkey in store::passkeys(tx, user)? {
                    store::delete_passkey(tx, passkey.id)?;
                    removed(
                        &factors,
                        tx,
                        &account,
                        Named { method: Method::Passkey, name: &passkey.name },
                        &actor,
                    )?;
                }
                Ok(())
            })
            .await?;
        self.changes.note();
        Ok(())
    }

    pub(crate) async fn verify(&self, actor: &Actor, code: &Secret<String>) -> Result<bool> {
        self.verification.code(actor, code, |_| Ok(())).await
    }

    /// New recovery codes in the place of those before.
    pub(crate) async fn regenerate(&self, actor: &Actor) -> Result<Vec<Secret<String>>> {
        let user = actor.user()?;
        let codes = self.factors.new_recovery_codes(user);
        let (factors, fresh, actor) = (self.factors.clone(), codes.clone(), actor.clone());
        self.db
            .write(move |tx| {
                if !store::is_protected(tx, user)? {
                    return Err(Error::new(FACTOR_NEEDED));
                }
                factors.write_recovery_codes(tx, user, &fresh)?;
                tx.emit(&actor, RecoveryCodesMade { user })
            })
            .await?;
        Ok(codes.shown)
    }
}

/// A factor of whatever sort, by what its owner calls it.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) method: Method,
    pub(crate) name: &'a str,
}

/// What follows from a new factor: the duty is met, the owner is told, and an account without recovery codes is given
/// some. Was it?
pub(crate) fn added(
    factors: &Factors,
    tx: &mut Tx,
    account: &Account,
    factor: Named<'_>,
    codes: &NewRecoveryCodes,
    actor: &Actor,
) -> Result<bool> {
    store::note_protection(tx, account.id)?;
    tx.emit(actor, FactorAdded { user: account.id, method: factor.method.to_string() })?;
    factors.tell(tx, account, "factor-added", |mail| mail.arg("factor", factor.name))?;
    let lacks = store::recovery_codes_left(tx, account.id)? == 0;
    if lacks {
        factors.write_recovery_codes(tx, account.id, codes)?;
        tx.emit(actor, RecoveryCodesMade { user: account.id })?;
    }
    Ok(lacks)
}

/// What follows from a factor's removal. With the last one the recovery codes go.
pub(crate) fn removed(
    factors: &Factors,
    tx: &mut Tx,
    account: &Account,
    factor: Named<'_>,
    actor: &Actor,
) -> Result<()> {
    store::note_protection(tx, account.id)?;
    tx.emit(actor, FactorRemoved { user: account.id, method: factor.method.to_string() })?;
    factors.tell(tx, account, "factor-removed", |mail| mail.arg("factor", factor.name))?;
    if store::is_protected(tx, account.id)? {
        return Ok(());
    }
    store::replace_recovery_codes(tx, account.id, &[])
}

/// An account has no more factors than anybody needs.
pub(crate) fn refuse_more(tx: &mut Tx, user: UserId) -> Result<()> {
    let count = store::factors(tx, user)?.len() + store::passkeys(tx, user)?.len();
    if count >= MOST_FACTORS { Err(Error::new(TOO_MANY_FACTORS)) } else { Ok(()) }
}

fn named(factor: &Factor) -> Named<'_> {
    let method = match factor.kind {
        FactorKind::Totp => Method::Totp,
        FactorKind::Email => Method::Email,
    };
    Named { method, name: &factor.name }
}
