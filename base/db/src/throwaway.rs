//! Databases for tests: migrated, empty, one's own, and gone when dropped. Behind the feature of the same name,
//! which tests alone enable.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use socle_kernel::{Clock, Error, Random, Result, Secret};
use tempfile::TempDir;

use crate::aside;
use crate::db::Db;
use crate::migrate::{MigrationSet, fingerprint, up};
use crate::postgres::address::{Address, Role};
use crate::schema;
use crate::settings::Settings;
use crate::sqlite::open;

/// The variable that names the engine: `sqlite` (also when it is not set) or `postgres`.
pub const ENGINE: &str = "SOCLE_TEST_DATABASE";
/// The variable with the address of a PostgreSQL server where databases may be made, as an administrator.
pub const SERVER: &str = "SOCLE_TEST_POSTGRES";

/// A database for one test.
pub struct Throwaway {
    db: Db,
    settings: Settings,
    place: Place,
}

enum Place {
    /// The folder goes when it is dropped.
    Folder {
        _folder: TempDir,
    },
    Server {
        admin: Secret<String>,
        name: String,
    },
}

impl Throwaway {
    /// A database of the engine the environment names.
    pub fn from_env(sets: &[MigrationSet]) -> Result<Self> {
        match std::env::var(ENGINE).as_deref() {
            Err(_) | Ok("" | "sqlite") => Self::sqlite(sets),
            Ok("postgres") => {
                let admin = std::env::var(SERVER);
                Self::postgres(sets, &admin.map_err(|_| Error::internal(format!("{SERVER} is not set")))?)
            }
            Ok(other) => Err(Error::internal(format!("{ENGINE} is sqlite or postgres, not {other}"))),
        }
    }

    /// A SQLite file in a folder of its own: a copy of one that was migrated.
    pub fn sqlite(sets: &[MigrationSet]) -> Result<Self> {
        let template = sqlite_template(sets)?;
        let folder = TempDir::with_prefix("socle-test-").map_err(Error::internal)?;
        let path = folder.path().join("test.db");
        fs::copy(&template, &path).map_err(Error::internal)?;
        let settings = Self::settings_of(sqlite_url(&path));
        Ok(Self { db: Db::open(&settings)?, settings, place: Place::Folder { _folder: folder } })
    }

    /// A PostgreSQL database made from a template that all processes share.
    pub fn postgres(sets: &[MigrationSet], admin_url: &str) -> Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let admin = Secret::new(admin_url.to_owned());
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let salt = u32::from_be_bytes(Random::system().bytes());
        let name = format!("socle_test_{}_{count}_{salt:08x}", std::process::id());
        let settings = Self::settings_of(url_of(admin_url, &name));
        aside::run(|| make(&admin, sets, &name))?;
        Ok(Self { db: Db::open(&settings)?, settings, place: Place::Server { admin, name } })
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The settings it was opened with: to open it a second time, as another node would.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A few connections are enough for one test, and a server has a hundred for all.
    fn settings_of(url: String) -> Settings {
        Settings { readers: 2, writers: 4, record_statements: true, ..Settings::new(url) }
    }
}

/// The columns, keys and indexes of all tables, one line each, in words that do not depend on the engine.
pub fn schema(db: &Db) -> Result<Vec<String>> {
    db.read_blocking(schema::describe)
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        self.db.close();
        if let Place::Server { admin, name } = &self.place
            && let Err(error) =
                aside::run(|| execute(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
        {
            tracing::warn!(%error, "the database {name} of a test could not be dropped");
        }
    }
}

/// The migrated file that tests copy. Whoever needs it first makes it; two at once make the same one.
fn sqlite_template(sets: &[MigrationSet]) -> Result<PathBuf> {
    let folder = std::env::temp_dir();
    let template = folder.join(format!("socle-template-{}.db", fingerprint(sets)?));
    if template.exists() {
        return Ok(template);
    }
    let workshop = TempDir::with_prefix_in("socle-template-", &folder).map_err(Error::internal)?;
    let path = workshop.path().join("template.db");
    open::prepare_file(&path)?;
    // The last connection that closes moves the log into the file.
    up(&Settings::new(sqlite_url(&path)), sets, &Clock::system())?;
    fs::rename(&path, &template).map_err(Error::internal)?;
    Ok(template)
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Makes the database `name` from the template, and the template first when it does not exist.
fn make(admin: &Secret<String>, sets: &[MigrationSet], name: &str) -> Result<()> {
    let template = format!("socle_template_{}", fingerprint(sets)?);
    let mut client = Address::parse(admin)?.connect(Role::Migrator)?;
    // Held until this connection closes.
    client
        .execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", &[&template])
        .map_err(Error::internal)?;
    let is_ready = client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", &[&template])
        .map_err(Error::internal)?
        .is_some();
    if !is_ready {
        client.execute(&format!("DROP DATABASE IF EXISTS {template}"), &[]).map_err(Error::internal)?;
        let locale = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'";
        client.execute(&format!("CREATE DATABASE {template} {locale}"), &[]).map_err(Error::internal)?;
        up(&Settings::new(url_of(admin.expose(), &template)), sets, &Clock::system())?;
        let done = format!("ALTER DATABASE {template} WITH IS_TEMPLATE true");
        client.execute(&done, &[]).map_err(Error::internal)?;
    }
    let copy = format!("CREATE DATABASE {name} TEMPLATE {template}");
    client.execute(&copy, &[]).map_err(Error::internal)?;
    Ok(())
}

fn execute(admin: &Secret<String>, sql: &str) -> Result<()> {
    let mut client = Address::parse(admin)?.connect(Role::Migrator)?;
    client.execute(sql, &[]).map(|_| ()).map_err(Error::internal)
}

/// The same server, another database.
fn url_of(admin_url: &str, name: &str) -> String {
    let (base, query) = admin_url.split_once('?').unwrap_or((admin_url, ""));
    let authority_begins = base.find("//").map_or(0, |at| at + 2);
    let authority_ends =
        base.get(authority_begins..).and_then(|rest| rest.find('/')).map(|at| at + authority_begins);
    let server = authority_ends.and_then(|end| base.get(..end)).unwrap_or(base);
    format!("{server}/{name}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_test_database_differs_in_the_name_only() {
        for (admin, expected) in [
            ("postgres://u:p@h:1/postgres", "postgres://u:p@h:1/x?"),
            ("postgres://u@h", "postgres://u@h/x?"),
            ("postgres://u@h/a?sslmode=disable", "postgres://u@h/x?sslmode=disable"),
        ] {
            assert_eq!(url_of(admin, "x"), expected);
        }
    }
}
