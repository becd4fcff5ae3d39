//! The migration files a module brings along.

use sha2::{Digest, Sha256};
use socle_kernel::{Error, Result};

use crate::dialect::Dialect;

/// The migrations of one module, in order.
#[derive(Debug, Clone, Copy)]
pub struct MigrationSet {
    /// The module.
    pub module: &'static str,
    /// Its files.
    pub files: &'static [MigrationFile],
}

/// One file: SQL for both engines, in sections where they differ.
///
/// A line `--@sqlite` or `--@postgres` begins a part for that engine alone, `--@all` one for both.
#[derive(Debug, Clone, Copy)]
pub struct MigrationFile {
    /// Its name, `0001_announcements`; a path and `.sql` around it do no harm.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub(crate) struct Migration {
    pub(crate) module: &'static str,
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    pub(crate) checksum: String,
    file: MigrationFile,
}

impl Migration {
    /// The statements for this engine.
    pub(crate) fn sql(&self, dialect: Dialect) -> Result<String> {
        let mut sql = String::with_capacity(self.file.sql.len());
        let mut applies = true;
        for line in self.file.sql.lines() {
            match line.trim().strip_prefix("--@") {
                Some("all") => applies = true,
                Some("sqlite") => applies = dialect == Dialect::Sqlite,
                Some("postgres") => applies = dialect == Dialect::Postgres,
                Some(mark) => {
                    let (module, name) = (self.module, self.name);
                    return Err(Error::internal(format!(
                        "the migration {module} {name} has an unknown mark --@{mark}"
                    )));
                }
                None if applies => {
                    sql.push_str(line);
                    sql.push('\n');
                }
                None => {}
            }
        }
        Ok(sql)
    }
}

/// The migrations of these sets, in the order they are applied: set by set, file by file.
pub(crate) fn migrations(sets: &[MigrationSet]) -> Result<Vec<Migration>> {
    let mut all: Vec<Migration> = Vec::new();
    for set in sets {
        if all.iter().any(|migration| migration.module == set.module) {
            return Err(Error::internal(format!("the module {} has two sets of migrations", set.module)));
        }
        let mut last = 0;
        for file in set.files {
            let migration = read(set.module, *file)?;
            if migration.version <= last {
                let (module, name) = (set.module, migration.name);
                return Err(Error::internal(format!("the migration {module} {name} is out of order")));
            }
            last = migration.version;
            all.push(migration);
        }
    }
    Ok(all)
}

/// A name for what these sets make of an empty database.
#[cfg(feature = "throwaway")]
pub(crate) fn fingerprint(sets: &[MigrationSet]) -> Result<String> {
    let mut all = Sha256::new();
    for migration in migrations(sets)? {
        all.update(format!("{} {} {}\n", migration.module, migration.name, migration.checksum));
    }
    Ok(hexadecimal(&all.finalize()).chars().take(20).collect())
}

fn read(module: &'static str, file: MigrationFile) -> Result<Migration> {
    let name = file.name.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".sql").unwrap_or(name);
    let version = name.split_once('_').and_then(|(digits, _)| digits.parse::<i64>().ok());
    let Some(version) = version.filter(|version| *version > 0) else {
        return Err(Error::internal(format!("the migration {module} {name} has no number: 0001_name")));
    };
    // A checkout may have turned the line ends of the file.
    let checksum = hexadecimal(&Sha256::digest(file.sql.replace("\r\n", "\n")));
    Ok(Migration { module, version, name, checksum, file })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn set(files: &'static [MigrationFile]) -> MigrationSet {
        MigrationSet { module: "m", files }
    }

    #[test]
    fn sections_belong_to_their_engine() {
        const FILE: MigrationFile = MigrationFile {
            name: "migrations/0001_a.sql",
            sql: "both\n--@sqlite\nlite\n  --@postgres  \ngres\n--@all\nend",
        };
        let migration = &migrations(&[set(&[FILE])]).unwrap()[0];
        assert_eq!((migration.version, migration.name), (1, "0001_a"));
        assert_eq!(migration.sql(Dialect::Sqlite).unwrap(), "both\nlite\nend\n");
        assert_eq!(migration.sql(Dialect::Postgres).unwrap(), "both\ngres\nend\n");
    }

    #[test]
    fn a_bad_name_or_order_or_mark_is_refused() {
        const GOOD: MigrationFile = MigrationFile { name: "0002_b", sql: "" };
        const LOW: MigrationFile = MigrationFile { name: "0001_a", sql: "" };
        const NAMELESS: MigrationFile = MigrationFile { name: "first", sql: "" };
        const MARKED: MigrationFile = MigrationFile { name: "0001_a", sql: "--@mysql" };
        assert!(migrations(&[set(&[GOOD, LOW])]).is_err());
        assert!(migrations(&[set(&[NAMELESS])]).is_err());
        assert!(migrations(&[set(&[LOW, GOOD])]).is_ok());
        assert!(migrations(&[set(&[LOW]), set(&[GOOD])]).is_err(), "one module, two sets");
        assert!(migrations(&[set(&[MARKED])]).unwrap()[0].sql(Dialect::Sqlite).is_err());
    }

    #[test]
    fn line_ends_do_not_change_the_checksum() {
        const UNIX: MigrationFile = MigrationFile { name: "0001_a", sql: "a\nb" };
        const DOS: MigrationFile = MigrationFile { name: "0001_a", sql: "a\r\nb" };
        assert_eq!(read("m", UNIX).unwrap().checksum, read("m", DOS).unwrap().checksum);
    }
}
