//! Putting requests down, and taking them up again.

use socle_kit::Kit;
use socle_kit::crypto::{KeyedHash, Sealer};
use socle_kit::db::Tx;
use socle_kit::kernel::{Clock, Error, Id, Ids, Result};

use super::model::{MOST, MailRequest, Request, WINDOW};
use super::store;
use socle_identity_core::accounts::model::folded;
use socle_identity_core::signing_key;

/// The queue. Cheap to clone.
#[derive(Clone)]
pub(crate) struct RequestQueue {
    clock: Clock,
    ids: Ids,
    sealer: Sealer,
    addresses: KeyedHash,
}

impl RequestQueue {
    pub(crate) fn new(kit: &Kit) -> Result<Self> {
        let key = signing_key::load(&kit.settings, &kit.random)?;
        Ok(Self {
            clock: kit.clock.clone(),
            ids: kit.ids.clone(),
            sealer: kit.sealer.clone(),
            addresses: KeyedHash::new(&key),
        })
    }

    /// Puts a request down, unless its address has had its share. Whose address it is, is not looked at: the work is
    /// the same for an address that nobody has.
    pub(crate) fn put(&self, tx: &mut Tx, request: &Request) -> Result<Option<Id<MailRequest>>> {
        let (id, now) = (self.ids.next(), self.clock.now());
        let address_hash = self.addresses.tag_text("mail request", folded(&request.email).as_bytes());
        let text = serde_json::to_vec(request).map_err(Error::internal)?;
        let sealed = Some(self.sealer.seal(&MailRequest::context(id), &text)?);
        if store::count(tx, request.kind, &address_hash, now.minus(WINDOW))? >= MOST {
            return Ok(None);
        }
        let row = MailRequest { id, kind: request.kind, address_hash, sealed, created_at: now };
        store::insert(tx, &row)?;
        Ok(Some(id))
    }

    /// Takes a request up, in the transaction that does it: it is done once, whoever comes first.
    pub(crate) fn take(&self, tx: &mut Tx, id: Id<MailRequest>) -> Result<Option<Request>> {
        let Some(sealed) = store::take(tx, id)? else { return Ok(None) };
        let text = self.sealer.open(&MailRequest::context(id), &sealed)?;
        serde_json::from_slice(text.expose()).map(Some).map_err(Error::internal)
    }
}
