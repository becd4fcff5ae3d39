//! What must stand before the runtime starts: the data folder, the database, its tables, the first people.

use std::path::PathBuf;
use std::sync::Arc;

use socle_identity::operator::{Operator, SigningKeys};
use socle_kit::config::Values;
use socle_kit::crypto::{PasswordSettings, Passwords, Sealer, load_if_there, load_or_create};
use socle_kit::db::{Db, MigrationReport, Settings as DbSettings, migration_plan};
use socle_kit::events::Events;
use socle_kit::http::Shutdown;
use socle_kit::kernel::{Clock, Error, Ids, Random, Result, Secret, Trouble};
use socle_kit::mail::{Delivery, Mailer, Post};
use socle_kit::{Kit, Module, assembly, sealing};

use crate::configuration::{self, data_dir, enabled};
use crate::weak_secrets::weak_sealing_key;

/// The handles and the list of modules that are on.
#[derive(Clone)]
pub struct Ground {
    /// The handles.
    pub kit: Kit,
    /// What sends the mail that the modules queue.
    pub delivery: Delivery,
    /// The modules that are on.
    pub modules: Vec<Module>,
    /// The data folder.
    pub data_dir: PathBuf,
}

/// Opens the database the settings name, without touching its tables. A SQLite file that is missing is made.
pub fn open_database(values: &Values) -> Result<Db> {
    data_dir(values)?;
    Db::open(&database_settings(values)?)
}

/// Which database the settings name. Nothing is made.
pub fn database_settings(values: &Values) -> Result<DbSettings> {
    let default = format!("sqlite:{}", values.path("data_dir")?.join("socle.db").display());
    let count = |key: &str| values.integer(key).map(|number| usize::try_from(number).unwrap_or(1));
    Ok(DbSettings {
        url: Secret::new(values.url("database.url")?.map_or(default, str::to_owned)),
        read_url: values.url("database.read_url")?.map(|url| Secret::new(url.to_owned())),
        inline_reads: values.bool("database.inline_reads")?,
        readers: count("database.readers")?,
        writers: count("database.writers")?,
        queue: count("database.queue")?,
        ..DbSettings::default()
    })
}

/// Opens a database that is there and up to date, to look into it. Nothing is made or migrated: what is missing is
/// told.
pub fn open_to_read(values: &Values) -> Result<Db> {
    let settings = database_settings(values)?;
    if !settings.is_there()? {
        let url = settings.url.expose();
        let path = url.strip_prefix("sqlite:").unwrap_or(url).to_owned();
        return Err(Trouble::new("database-none", format!("there is no database {path}"))
            .arg("path", path)
            .into());
    }
    let pending = migration_plan(&settings, &assembly::migrations(&enabled(values)?))?.len();
    if pending > 0 {
        let text = format!("{pending} migrations wait");
        let count = i64::try_from(pending).unwrap_or(i64::MAX);
        return Err(Trouble::new("database-behind", text).arg("count", count).into());
    }
    Db::open(&settings)
}

impl Ground {
    /// The operator's hand on the accounts.
    pub fn operator(&self) -> Result<Operator> {
        let kit = &self.kit;
        Operator::new(&kit.db, &kit.passwords, &kit.clock, &kit.random, &kit.settings)
    }

    /// The operator's hand on the keys that sign access tokens.
    pub fn signing_keys(&self) -> Result<SigningKeys> {
        let kit = &self.kit;
        SigningKeys::new(&kit.db, &kit.settings, &kit.sealer, &kit.clock, &kit.random)
    }
}

/// Opens the ground: what is missing is made, what is old is migrated.
pub fn open(values: &Values) -> Result<(Ground, MigrationReport)> {
    let db = open_database(values)?;
    // First of all: who is refused has changed no tables, and made no key.
    sealing::look(&db, given_sealer(values, &Random::system())?.as_ref())?;
    let clock = Clock::system();
    let modules = enabled(values)?;
    let report = db.migrate(&assembly::migrations(&modules), &clock)?;
    let ground = stand(values, db, clock)?;
    sealing::check(&ground.kit.db, &ground.kit.sealer)?;
    socle_identity::install_roles(
        &ground.kit.db,
        &assembly::permissions(&ground.modules),
        &ground.kit.clock,
    )?;
    Ok((ground, report))
}

/// The handles over an open database.
pub fn stand(values: &Values, db: Db, clock: Clock) -> Result<Ground> {
    let modules = enabled(values)?;
    let random = Random::system();
    let ids = Ids::new(clock.clone(), random.clone());
    let declared = configuration::settings();
    let sealer = sealer(values, &random)?;
    let kit = Kit {
        mailer: Mailer::new(clock.clone(), ids.clone(), sealer.clone()),
        events: Events::new(db.clone(), clock.clone(), ids.clone()),
        gate: socle_guard::gate(values, &declared, clock.clone())?,
        people: socle_identity::people(&db),
        personal: assembly::personal(&modules),
        passwords: Passwords::new(&password_settings(values)?, random.clone())?,
        sealer,
        catalogue: Arc::new(assembly::catalogue(&modules)?),
        settings: values.clone(),
        shutdown: Shutdown::new(),
        db,
        clock,
        random,
        ids,
    };
    let post = Post::new(values, kit.catalogue.clone())?;
    let delivery = Delivery::new(&kit.db, &kit.clock, &kit.random, &kit.mailer, post, values)?;
    Ok(Ground { kit, delivery, modules, data_dir: data_dir(values)? })
}

/// How passwords are hashed, with the pepper that is set.
fn password_settings(values: &Values) -> Result<PasswordSettings> {
    let bytes = |text: &str| Secret::new(text.trim().as_bytes().to_vec());
    let previous = values.secret("password.previous_peppers")?;
    let previous = previous.iter().flat_map(|peppers| peppers.expose().split(','));
    Ok(PasswordSettings {
        pepper: values.secret("password.pepper")?.map(|pepper| bytes(pepper.expose())),
        previous_peppers: previous.filter(|text| !text.trim().is_empty()).map(bytes).collect(),
        ..PasswordSettings::default()
    })
}

/// The keys that seal secrets at rest. Where none is set and there is no key file, one is made.
pub fn sealer(values: &Values, random: &Random) -> Result<Sealer> {
    if values.secret("encryption.key")?.is_none() {
        load_or_create(&data_dir(values)?.join(SEALING_KEY_FILE), SEALING_KEY, random)?;
    }
    let given = given_sealer(values, random)?;
    given.ok_or_else(|| Error::internal("the key file that was made is gone"))
}

/// The keys that seal secrets at rest, as they are given: first the one that is set, else one of the data folder; then
/// those that sealed before. Nothing is made: none where there is no key. In production, a key that is short or known is
/// refused.
pub fn given_sealer(values: &Values, random: &Random) -> Result<Option<Sealer>> {
    let file = values.path("data_dir")?.join(SEALING_KEY_FILE);
    let mut keys = Vec::new();
    if let Some(key) = values.secret("encryption.key")? {
        if let Some(weakness) = weak_sealing_key(values)?
            && values.choice("environment")? == "production"
        {
            return Err(weakness.into());
        }
        keys.push(Secret::new(key.expose().trim().as_bytes().to_vec()));
    }
    // Whoever sets a key where there was a file needs the file until everything is sealed anew.
    keys.extend(load_if_there(&file, SEALING_KEY)?);
    keys.extend(load_if_there(&file.with_extension("key.previous"), SEALING_KEY)?);
    let previous = values.secret("encryption.previous_keys")?;
    let previous = previous.iter().flat_map(|keys| keys.expose().split(',').map(str::trim));
    let previous = previous.filter(|key| !key.is_empty());
    keys.extend(previous.map(|key| Secret::new(key.as_bytes().to_vec())));
    if keys.is_empty() { Ok(None) } else { Sealer::new(&keys, random.clone()).map(Some) }
}

/// How many bytes a sealing key has that is made here.
const SEALING_KEY: usize = 32;
/// Where it stands in the data folder.
const SEALING_KEY_FILE: &str = "keys/encryption.key";
