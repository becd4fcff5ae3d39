//! A key kept in a file that only its owner may read, made at the first start.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use socle_kernel::{Error, Random, Result, Secret, Trouble};

use crate::token::hexadecimal;

/// The key in the file: so many bytes. Where there is no file, a random key is written to it first, with mode
/// 0600 in folders of mode 0700; two processes that start together get the same key. A file that others may
/// read, or that is not of this length, is refused.
pub fn load_or_create(path: &Path, bytes: usize, random: &Random) -> Result<Secret<Vec<u8>>> {
    match File::open(path) {
        Ok(file) => load(path, file, bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => create(path, bytes, random),
        Err(error) => Err(refuse(path, &error)),
    }
}

/// The key in the file, if there is one; refused as [`load_or_create`] refuses.
pub fn load_if_there(path: &Path, bytes: usize) -> Result<Option<Secret<Vec<u8>>>> {
    match File::open(path) {
        Ok(file) => load(path, file, bytes).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(refuse(path, &error)),
    }
}

fn load(path: &Path, file: File, bytes: usize) -> Result<Secret<Vec<u8>>> {
    let mode = file.metadata().map_err(|error| refuse(path, &error))?.mode() & 0o777;
    if mode & 0o077 != 0 {
        let advice = format!("others may read it (mode {mode:04o}); make it yours alone with chmod 600");
        let trouble = Trouble::new("key-file-open", text(path, advice)).arg("mode", format!("{mode:04o}"));
        return Err(named(trouble, path));
    }
    // One byte more than expected is enough to know that the file is too long.
    let limit = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut key = Vec::with_capacity(bytes.saturating_add(1));
    file.take(limit).read_to_end(&mut key).map_err(|error| refuse(path, &error))?;
    let key = Secret::new(key);
    match key.expose().len() {
        0 => {
            let advice = "it is empty; restore it, or remove it to have a new key made";
            Err(named(Trouble::new("key-file-empty", text(path, advice)), path))
        }
        length if length != bytes => {
            let trouble = Trouble::new(
                "key-file-length",
                text(path, format!("it does not hold exactly {bytes} bytes")),
            );
            Err(named(trouble.arg("bytes", i64::try_from(bytes).unwrap_or(i64::MAX)), path))
        }
        _ => Ok(key),
    }
}

fn create(path: &Path, bytes: usize, random: &Random) -> Result<Secret<Vec<u8>>> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| refuse(folder, &error))?;
    let mut key = vec![0; bytes];
    random.fill(&mut key);
    let key = Secret::new(key);
    let draft = Draft(folder.join(format!(".key-{}.new", hexadecimal(&random.bytes::<8>()))));
    draft.write(key.expose()).map_err(|error| refuse(&draft.0, &error))?;
    // A link, unlike a rename, never replaces a key that another process has put there meanwhile.
    match std::fs::hard_link(&draft.0, path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return load(path, File::open(path).map_err(|error| refuse(path, &error))?, bytes);
        }
        // A file system without links: nothing better than a rename can be had.
        Err(_) => std::fs::rename(&draft.0, path).map_err(|error| refuse(path, &error))?,
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| refuse(folder, &error))?;
    Ok(key)
}

/// The file before it has its name; removed in every case.
struct Draft(PathBuf);

impl Draft {
    fn write(&self, key: &[u8]) -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.0)?;
        file.write_all(key)?;
        file.sync_all()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn refuse(path: &Path, error: &std::io::Error) -> Error {
    named(Trouble::new("key-file", text(path, error)).io(error), path)
}

fn text(path: &Path, reason: impl std::fmt::Display) -> String {
    format!("key file {}: {reason}", path.display())
}

fn named(trouble: Trouble, path: &Path) -> Error {
    trouble.arg("path", path.display().to_string()).into()
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().mode() & 0o777
    }

    fn refusal(path: &Path) -> String {
        load_or_create(path, 32, &Random::system()).unwrap_err().to_string()
    }

    #[test]
    fn the_first_start_makes_the_key_for_its_owner_alone_and_the_next_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/keys/session.key");
        let made = load_or_create(&path, 32, &Random::system()).unwrap();
        assert_eq!((made.expose().len(), mode(&path)), (32, 0o600));
        assert_eq!(
            (mode(&folder.path().join("data")), mode(&folder.path().join("data/keys"))),
            (0o700, 0o700)
        );
        let read = load_or_create(&path, 32, &Random::system()).unwrap();
        assert_eq!(read.expose(), made.expose());
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "a draft was left behind");
    }

    #[test]
    fn a_key_that_others_may_read_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        load_or_create(&path, 32, &Random::system()).unwrap();
        for open in [0o640, 0o604, 0o660] {
            std::fs::set_permissions(&path, Permissions::from_mode(open)).unwrap();
            assert!(refusal(&path).contains("chmod 600"), "{open:o}");
        }
    }

    #[test]
    fn a_key_that_is_empty_too_short_or_too_long_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for (content, reason) in [(0, "it is empty"), (31, "exactly 32 bytes"), (33, "exactly 32 bytes")] {
            std::fs::write(&path, vec![7; content]).unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            assert!(refusal(&path).contains(reason), "{content}");
            assert_eq!(std::fs::read(&path).unwrap().len(), content);
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::os::unix::fs::symlink(folder.path().join("gone"), &path).unwrap();
        assert!(refusal(&path).contains("No such file"));
    }

    #[test]
    fn processes_that_start_together_get_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let keys: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let start = || load_or_create(&path, 32, &Random::system()).unwrap().expose().clone();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }
}
