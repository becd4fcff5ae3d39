//! Opening a connection to a SQLite file.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::functions::FunctionFlags;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use socle_kernel::{Error, Result, Trouble};

/// Prepared statements kept per connection: more than all stores together have.
const STATEMENTS: usize = 512;

/// Set while the room runs a statement of its own: transactions, settings.
pub(crate) type Privilege = Arc<AtomicBool>;

/// Which work a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Reader,
    Writer,
    /// Moves pages from the log into the file; gives way to everybody.
    Checkpointer,
    /// Changes tables; waits long for its turn.
    Migrator,
    /// Looks at a file that need not be ours, and leaves it as it is.
    Inspector,
}

impl Role {
    fn patience(self) -> Duration {
        match self {
            Self::Reader | Self::Writer | Self::Inspector => Duration::from_secs(5),
            Self::Checkpointer => Duration::from_millis(50),
            Self::Migrator => Duration::from_secs(120),
        }
    }

    fn settings(self) -> &'static str {
        match self {
            Self::Reader | Self::Inspector => "PRAGMA query_only = ON;",
            // The checkpointer works aside; this is what happens when it cannot keep up.
            Self::Writer => "PRAGMA wal_autocheckpoint = 0;",
            Self::Checkpointer => "",
            // As SQLite's own procedure for changing tables asks; the migrator checks the keys itself.
            Self::Migrator => "PRAGMA foreign_keys = OFF;",
        }
    }
}

/// Written into the file, so not for who only looks.
const JOURNAL: &str = "PRAGMA journal_mode = WAL;";

const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA mmap_size = 1073741824;
    PRAGMA cache_size = -16384;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA trusted_schema = OFF;";

/// Makes sure that the file exists and that nobody but its owner can read it.
pub(crate) fn prepare_file(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| at(path, error))?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(at(path, error)),
    }
}

/// Opens a connection for this role.
pub(crate) fn connect(path: &Path, role: Role) -> Result<(Connection, Privilege)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(|error| at(path, error))?;
    connection.busy_timeout(role.patience()).map_err(|error| at(path, error))?;
    if role != Role::Inspector {
        connection.execute_batch(JOURNAL).map_err(|error| at(path, error))?;
    }
    connection.execute_batch(SETTINGS).map_err(|error| at(path, error))?;
    connection.execute_batch(role.settings()).map_err(|error| at(path, error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    add_functions(&connection).map_err(|error| at(path, error))?;
    let privilege = Privilege::default();
    let open = privilege.clone();
    let decide = move |context: AuthContext<'_>| {
        if open.load(Ordering::Relaxed) || is_allowed(&context.action) {
            Authorization::Allow
        } else {
            Authorization::Deny
        }
    };
    connection.authorizer(Some(decide)).map_err(|error| at(path, error))?;
    Ok((connection, privilege))
}

/// What PostgreSQL has and SQLite lacks.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    // Where a text holds another one, from 1 in octets; 0 when it does not. Takes time in proportion to the text,
    // whatever the two are: LIKE takes their product.
    connection.create_scalar_function("strpos", 2, flags, |context| {
        let text = |at: usize| match context.get_raw(at) {
            ValueRef::Text(text) => Some(text),
            _ => None,
        };
        let (Some(text), Some(sought)) = (text(0), text(1)) else { return Ok(None) };
        Ok(Some(memchr::memmem::find(text, sought).map_or(0, |place| place as i64 + 1)))
    })
}

fn is_allowed(action: &AuthAction<'_>) -> bool {
    /// Those that tell and do not change.
    const PRAGMAS: [&str; 8] = [
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "foreign_key_check",
    ];
    match action {
        AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::Attach { .. }
        | AuthAction::Detach { .. } => false,
        AuthAction::Pragma { pragma_name, .. } => PRAGMAS.contains(pragma_name),
        _ => true,
    }
}

fn at(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    let (path, reason) = (path.display().to_string(), error.to_string());
    let text = format!("the database {path} cannot be opened: {reason}");
    Trouble::new("database-file", text).arg("path", path).arg("reason", reason).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_is_flushed_and_keys_are_checked_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        prepare_file(&path).unwrap();
        for (role, query_only, foreign_keys) in
            [(Role::Writer, 0, 1), (Role::Reader, 1, 1), (Role::Migrator, 0, 0)]
        {
            let (connection, privilege) = connect(&path, role).unwrap();
            privilege.store(true, Ordering::Relaxed);
            let number =
                |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
            let full = 2;
            assert_eq!(number("synchronous"), full, "{role:?}");
            assert_eq!(number("query_only"), query_only, "{role:?}");
            assert_eq!(number("foreign_keys"), foreign_keys, "{role:?}");
            assert_eq!(number("trusted_schema"), 0, "{role:?}");
            let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
            assert_eq!(mode, "wal", "{role:?}");
        }
    }
}
