//! Doing what was asked for, after the answer: how long it takes tells nobody anything.

use std::sync::Arc;
use std::time::Duration;

use socle_kit::Kit;
use socle_kit::db::{Db, Tx};
use socle_kit::i18n::{Catalogue, Language};
use socle_kit::kernel::{Clock, Id, Result};

use crate::confirmations::api::NoticeView;
use crate::confirmations::service::Confirmations;
use crate::recovery::service::Recovery;
use crate::requests::model::{MailRequest, RequestKind, WAITS, WINDOW};
use crate::requests::queue::RequestQueue;
use crate::requests::store;

/// Does what was put down. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Aside {
    db: Db,
    clock: Clock,
    catalogue: Arc<Catalogue>,
    queue: RequestQueue,
    confirmations: Confirmations,
    recovery: Recovery,
}

impl Aside {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        Ok(Self {
            db: kit.db.clone(),
            clock: kit.clock.clone(),
            catalogue: kit.catalogue.clone(),
            queue: RequestQueue::new(kit)?,
            confirmations: Confirmations::new(kit)?,
            recovery: Recovery::new(kit)?,
        })
    }

    /// Begins with a request that was just put down. Nobody waits for it; what is not done now, because the server
    /// stops or the database is busy, is done by [`Self::work_off`].
    pub(crate) fn begin(&self, request: Option<Id<MailRequest>>) {
        let Some(id) = request else { return };
        let aside = self.clone();
        tokio::spawn(async move {
            if let Err(error) = aside.fulfil(id).await {
                tracing::debug!(%error, request = %id, "the mail request {id} is tried again later");
            }
        });
    }

    /// Does what waits.
    pub(crate) async fn work_off(&self) -> Result<()> {
        for id in self.db.read(store::waiting).await? {
            if let Err(error) = self.fulfil(id).await {
                tracing::warn!(%error, request = %id, "the mail request {id} failed, and is tried again");
            }
        }
        Ok(())
    }

    async fn fulfil(&self, id: Id<MailRequest>) -> Result<()> {
        let aside = self.clone();
        self.db.write(move |tx| aside.fulfil_in(tx, id)).await
    }

    fn fulfil_in(&self, tx: &mut Tx, id: Id<MailRequest>) -> Result<()> {
        let Some(request) = self.queue.take(tx, id)? else { return Ok(()) };
        match request.kind {
            RequestKind::Confirm => self.confirmations.fulfil_confirm(tx, &request),
            RequestKind::Change => self.confirmations.fulfil_change(tx, &request),
            RequestKind::Reset => self.recovery.fulfil(tx, &request),
        }
    }

    /// What is said to whoever asks, whatever becomes of it.
    pub(crate) fn notice(&self, key: &str, language: Language) -> NoticeView {
        NoticeView { message: self.catalogue.text(language, key, &[]) }
    }

    /// Does what was left behind, then removes what is over.
    pub(crate) async fn tidy(&self) -> Result<()> {
        self.work_off().await?;
        let now = self.clock.now();
        let requests = self.db.write(move |tx| store::purge(tx, now.minus(WINDOW), now.minus(WAITS))).await?;
        let links = Confirmations::purge(&self.db, now).await?;
        if requests + links > 0 {
            tracing::debug!(requests, links, "old mail requests and links were removed");
        }
        Ok(())
    }
}

/// How often what was left behind is done.
pub(crate) const EVERY: Duration = Duration::from_secs(60);
