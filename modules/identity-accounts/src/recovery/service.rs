//! Forgotten passwords: a link to whoever reads at the address of the account, and another password for whoever
//! follows it.

use socle_kit::Kit;
use socle_kit::contracts::identity::{PasswordResetRequested, UserPasswordReset};
use socle_kit::crypto::{Passwords, Token, TokenHash};
use socle_kit::db::{Conn, Db, Tx};
use socle_kit::events::Emit;
use socle_kit::http::Origin;
use socle_kit::i18n::Language;
use socle_kit::kernel::{Actor, Clock, Id, Ids, Line, Random, Result, Secret, Timestamp};
use socle_kit::mail::{Mail, Mailer};

use crate::confirmations::service::{checked, link_invalid};
use crate::links::address::Pages;
use crate::links::model::{LinkKind, MailedToken};
use crate::links::store as links;
use crate::requests::model::{MailRequest, Request, RequestKind};
use crate::requests::queue::RequestQueue;
use socle_identity_core::accounts::first_proof::forget_unproved;
use socle_identity_core::accounts::judge::Judge;
use socle_identity_core::accounts::model::{Account, folded};
use socle_identity_core::accounts::store as accounts;
use socle_identity_core::changes::Changes;
use socle_identity_core::sessions;
use socle_identity_core::sessions::attempts::Attempts;

/// Sets passwords that were forgotten. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Recovery {
    db: Db,
    clock: Clock,
    ids: Ids,
    random: Random,
    mailer: Mailer,
    passwords: Passwords,
    judge: Judge,
    queue: RequestQueue,
    pages: Pages,
    attempts: Attempts,
    changes: Changes,
}

impl Recovery {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            random: kit.random.clone(),
            mailer: kit.mailer.clone(),
            passwords: kit.passwords.clone(),
            judge: Judge::new(kit)?,
            queue: RequestQueue::new(kit)?,
            pages: Pages::of(&kit.settings)?,
            attempts: Attempts::new(kit)?,
            changes: Changes::of(&kit.db)?,
        })
    }

    /// Asks for a link, whoever has the address, if anybody has.
    pub(crate) async fn forgot(
        &self,
        email: Line,
        language: Language,
        origin: &Origin,
    ) -> Result<Option<Id<MailRequest>>> {
        let (queue, email) = (self.queue.clone(), checked(email)?);
        let request = Request::new(RequestKind::Reset, email, language, origin);
        self.db.write(move |tx| queue.put(tx, &request)).await
    }

    /// Does what was asked for by [`Self::forgot`].
    pub(crate) fn fulfil(&self, tx: &mut Tx, request: &Request) -> Result<()> {
        let account = accounts::find_by_identifier(tx, &folded(&request.email))?;
        let Some(account) = account.filter(|account| account.is_active) else { return Ok(()) };
        let Some(email) = account.email.clone() else { return Ok(()) };
        let (token, hash) = Token::generate(&self.random);
        let id = self.ids.next();
        let row = MailedToken::issue(id, LinkKind::Reset, hash, &account, email.clone(), self.clock.now());
        links::insert(tx, &row)?;
        let language = account.language.unwrap_or(request.language);
        let minutes = i64::try_from(LinkKind::Reset.lifetime().as_secs() / 60).unwrap_or(i64::MAX);
        let mail = Mail::new(email, account.name.clone(), language, "password-reset")
            .arg("minutes", minutes)
            .link(self.pages.with_token("reset-password", &token));
        self.mailer.send(tx, &mail)?;
        let actor = Actor { address: Some(request.address), ..Actor::anonymous() };
        tx.emit(&actor, PasswordResetRequested { user: account.id })
    }

    /// Sets another password for whoever shows the token (R2-26): all sessions end, the lock opens, the token is
    /// used up. It signs nobody in: whoever found the mail still lacks a second factor.
    pub(crate) async fn reset(
        &self,
        token: Secret<String>,
        password: Secret<String>,
        origin: &Origin,
    ) -> Result<()> {
        let (hash, now) = (TokenHash::of(token.expose()), self.clock.now());
        let shown = hash.clone();
        let account = self.db.read(move |conn| opened(conn, &shown, now)).await?.0;
        let identities = account.identities().into_iter().map(str::to_owned).collect();
        self.judge.check("password", &password, identities).await?;
        let password_hash = self.passwords.hash(password).await?;
        let (service, address) = (self.clone(), origin.address);
        self.db
            .write(move |tx| {
                let (mut account, token) = opened(tx, &hash, now)?;
                account.take_password(password_hash.clone(), false, now);
                let actor = account.as_actor(address);
                if account.email_verified_at.is_none() {
                    // Whoever opened the link reads there, and is the first of whom that is known.
                    forget_unproved(tx, account.id, &actor)?;
                    links::remove_all(tx, account.id)?;
                    account.email_verified_at = Some(now);
                }
                accounts::update(tx, &account)?;
                links::remove(tx, account.id, token.kind)?;
                service.attempts.forgive(tx, &account, None)?;
                let sessions_ended = sessions::store::revoke_all(tx, account.id, None, now)?;
                let letter = UserPasswordReset { user: account.id, sessions_ended };
                tx.emit(&actor, letter)
            })
            .await?;
        self.changes.note();
        Ok(())
    }
}

/// The account whose password the token sets, and the token.
fn opened(conn: &mut Conn, hash: &TokenHash, now: Timestamp) -> Result<(Account, MailedToken)> {
    let token = links::find(conn, hash)?.filter(|token| token.kind == LinkKind::Reset);
    let token = token.ok_or_else(link_invalid)?;
    let account = accounts::find(conn, token.user_id)?.filter(|account| token.is_good_for(account, now));
    Ok((account.ok_or_else(link_invalid)?, token))
}
