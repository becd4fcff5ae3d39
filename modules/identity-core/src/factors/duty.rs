//! Who must have a second factor, and until when they may be without one.

use std::sync::Arc;
use std::time::Duration;

use socle_kit::config::Values;
use socle_kit::db::Tx;
use socle_kit::kernel::{Result, Timestamp};

use super::store;
use crate::accounts::model::Account;

/// Which roles need a factor, and how long they have from their first sign-in.
#[derive(Debug, Clone)]
pub struct Duty {
    roles: Arc<[String]>,
    grace: Duration,
}

impl Duty {
    /// As the settings say.
    pub fn of(settings: &Values) -> Result<Self> {
        Ok(Self {
            roles: settings.list("identity.factor_required_roles")?.into(),
            grace: settings.duration("identity.factor_grace")?,
        })
    }

    /// Does this role need a factor?
    pub fn concerns(&self, role: &str) -> bool {
        self.roles.iter().any(|required| required == role)
    }

    /// Somebody signs in: the time they have begins, unless it has. Until when they may be without a factor; none
    /// when they have one, or need none.
    pub fn remind(&self, tx: &mut Tx, account: &Account, now: Timestamp) -> Result<Option<Timestamp>> {
        if !self.concerns(&account.role) || store::is_protected(tx, account.id)? {
            return Ok(None);
        }
        store::begin_duty(tx, account.id, now.plus(self.grace))?;
        store::due(tx, account.id)
    }
}
