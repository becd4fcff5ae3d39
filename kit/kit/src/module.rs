//! What a module says of itself, and what it is handed.

use std::sync::Arc;
use std::time::Duration;

use socle_config::{Setting, Values};
use socle_contracts::{BoxFuture, People};
use socle_crypto::{Passwords, Sealer};
use socle_db::{Db, MigrationFile, SealedColumn};
use socle_events::Events;
pub use socle_events::Listener;
use socle_http::{Gate, Routes, Shutdown, WellKnown};
use socle_i18n::{Catalogue, Locale};
use socle_kernel::{Clock, Code, Ids, Permission, Random, Result};
use socle_mail::Mailer;

use crate::{Demo, Personal, PersonalData};

/// The card on a room's door.
#[derive(Clone, Copy)]
pub struct Module {
    /// The name: the prefix of its tables, its key in `modules.enabled`.
    pub name: &'static str,
    /// The permissions it checks.
    pub permissions: &'static [Permission],
    /// The error codes it may answer with.
    pub errors: &'static [Code],
    /// Its tables, in order.
    pub migrations: &'static [MigrationFile],
    /// The columns whose texts it seals (`sealed_column!`), so that `socle keys rotate --fields` finds them.
    pub sealed: &'static [SealedColumn],
    /// Its sentences, one locale per language.
    pub locales: &'static [Locale],
    /// The French of what its routes, fields and settings say in English: the text of `i18n/fr.toml`.
    pub texts: &'static str,
    /// Its settings; those of kind `Quota` whose key begins with `limits.` are the limits it declares.
    pub settings: &'static [Setting],
    /// Its routes.
    pub routes: fn(&Kit) -> Result<Routes>,
    /// Documents it serves at the root, where a standard says so.
    pub well_known: fn(&Kit) -> Result<Vec<WellKnown>>,
    /// What it does when letters arrive.
    pub listeners: fn(&Kit) -> Vec<Listener>,
    /// What it does from time to time, on every node: each task must bear being run twice at once.
    pub periodic: &'static [Periodic],
    /// What it holds about a person.
    pub personal: &'static [PersonalData],
    /// Its resources, each with its own tables, sentences, routes and tasks; made by `parts!`.
    pub parts: &'static [Self],
    /// What it adds to the demonstration.
    pub demo: for<'a> fn(&'a Kit, &'a mut Demo) -> BoxFuture<'a, Result<()>>,
}

impl Module {
    /// A module that has nothing: the base of every card (`..Module::NONE`).
    pub const NONE: Self = Self {
        name: "",
        permissions: &[],
        errors: &[],
        migrations: &[],
        sealed: &[],
        locales: &[],
        texts: "",
        settings: &[],
        routes: |_| Ok(Routes::new()),
        well_known: |_| Ok(Vec::new()),
        listeners: |_| Vec::new(),
        periodic: &[],
        personal: &[],
        parts: &[],
        demo: |_, _| Box::pin(async { Ok(()) }),
    };
}

impl Module {
    /// The module itself, then its parts.
    pub fn with_parts(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.parts)
    }
}

/// Declares a module's resources: the one line a new resource adds to its module.
///
/// `parts!(announcements, documents);` declares the Rust modules of these names, each of which has a
/// `pub(crate) const PART: Module`, and gathers them in `PARTS`.
#[macro_export]
macro_rules! parts {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        /// The resources of this module.
        const PARTS: &[$crate::Module] = &[$($name::PART),*];
    };
}

/// Something done from time to time.
#[derive(Clone, Copy)]
pub struct Periodic {
    /// Its name, for logs.
    pub name: &'static str,
    /// How often.
    pub every: Duration,
    /// Does it once.
    pub run: for<'a> fn(&'a Kit) -> BoxFuture<'a, Result<()>>,
}

/// The handles a module works with. A service takes from it what it needs; cheap to clone.
#[derive(Clone)]
pub struct Kit {
    /// The database.
    pub db: Db,
    /// The outbox and its feeds.
    pub events: Events,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// New identifiers.
    pub ids: Ids,
    /// The settings.
    pub settings: Values,
    /// Password hashing.
    pub passwords: Passwords,
    /// Sealing of secrets at rest.
    pub sealer: Sealer,
    /// The post office.
    pub mailer: Mailer,
    /// The guard.
    pub gate: Arc<dyn Gate>,
    /// Who are these people?
    pub people: Arc<dyn People>,
    /// What all rooms hold about a person.
    pub personal: Personal,
    /// The sentences.
    pub catalogue: Arc<Catalogue>,
    /// How far the server's end has come.
    pub shutdown: Shutdown,
}
