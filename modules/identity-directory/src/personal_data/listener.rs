//! Takes the name of who was erased out of the events, which remain.

use socle_kit::Listener;
use socle_kit::contracts::identity::UserErased;
use socle_kit::events::{Letter, forget};
use socle_kit::prelude::*;

use super::service::former;

/// Hears of every erasure; a server that stops on the way begins it anew.
pub(crate) fn forget_the_erased(kit: &Kit) -> Listener {
    let (db, former) = (kit.db.clone(), former(kit));
    Listener::new("identity.forget_the_erased", &[UserErased::KIND], move |event| {
        let (db, former) = (db.clone(), former.clone());
        async move {
            let Some(UserErased { user }) = event.letter()? else { return Ok(()) };
            forget(&db, user, event.sequence, &former).await.map(drop)
        }
    })
}
