//! The configuration file, encrypted (R0-33): in the format of age, which other tools read and write too.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, Encryptor, IdentityFile, scrypt, x25519};
use socle_kit::kernel::{Error, Result, Secret, Trouble};

/// No configuration is longer.
const LONGEST: u64 = 1024 * 1024;

/// What opens an encrypted file.
#[derive(Clone, Default)]
pub struct FileKeys {
    /// A file of age identities (`AGE-SECRET-KEY-1…`).
    pub file: Option<PathBuf>,
    /// A passphrase.
    pub passphrase: Option<Secret<String>>,
}

/// Is the file encrypted? Its name says so.
pub fn is_encrypted(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "age")
}

/// What an encrypted file says. It stays in memory, and is wiped when it is dropped.
pub fn open(path: &Path, keys: &FileKeys) -> Result<Secret<String>, Trouble> {
    let sealed = read(path).map_err(|error| {
        Trouble::new("settings-unreadable", format!("cannot be read: {error}")).io(&error)
    })?;
    if u64::try_from(sealed.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err(large());
    }
    let identities = keys.identities()?;
    let decryptor =
        Decryptor::new_buffered(ArmoredReader::new(sealed.as_slice())).map_err(|error| told(&error))?;
    let mut opened =
        decryptor.decrypt(identities.iter().map(|identity| &**identity)).map_err(|error| told(&error))?;
    let mut text = String::new();
    // An end that is missing, or a byte that was changed, is found here: what came before it is not used.
    let read = opened.by_ref().take(LONGEST + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(|_| broken())?;
    if u64::try_from(text.expose().len()).unwrap_or(u64::MAX) > LONGEST { Err(large()) } else { Ok(text) }
}

/// For whom a file is encrypted.
pub enum Reader {
    /// The owners of these keys.
    Recipients(Vec<x25519::Recipient>),
    /// Whoever knows a passphrase.
    Passphrase(Secret<String>),
}

impl Reader {
    /// The owners of these age keys.
    pub fn recipients(keys: &[String]) -> Result<Self> {
        let parse = |key: &String| {
            key.parse().map_err(|_| {
                let text = format!("{key} is no age key");
                Error::from(Trouble::new("config-recipient", text).arg("value", key.as_str()))
            })
        };
        Ok(Self::Recipients(keys.iter().map(parse).collect::<Result<_>>()?))
    }
}

/// Encrypts a text, as lines that survive every editor and mail.
pub fn seal(text: &Secret<String>, reader: &Reader) -> Result<Vec<u8>> {
    let encryptor = match reader {
        Reader::Recipients(recipients) => {
            let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
            Encryptor::with_recipients(recipients).map_err(Error::internal)?
        }
        Reader::Passphrase(passphrase) => Encryptor::with_user_passphrase(secret(passphrase)),
    };
    let mut sealed = Vec::new();
    let armor = ArmoredWriter::wrap_output(&mut sealed, Format::AsciiArmor).map_err(Error::internal)?;
    let mut output = encryptor.wrap_output(armor).map_err(Error::internal)?;
    output.write_all(text.expose().as_bytes()).map_err(Error::internal)?;
    output.finish().and_then(ArmoredWriter::finish).map_err(Error::internal)?;
    Ok(sealed)
}

/// A new key, as its file holds it, and the one to encrypt for.
pub fn new_key() -> (Secret<String>, String) {
    let identity = x25519::Identity::generate();
    let public = identity.to_public().to_string();
    let text = Secret::new(format!("# public key: {public}\n{}\n", identity.to_string().expose_secret()));
    (text, public)
}

/// Writes a file that is not there yet, for its owner alone.
pub fn write_new(path: &Path, content: &[u8]) -> Result<()> {
    let write = || {
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(content)?;
        file.sync_all()
    };
    write().map_err(|error: std::io::Error| {
        let shown = path.display().to_string();
        let text = format!("the file {shown} cannot be written: {error}");
        Trouble::new("config-output", text).arg("path", shown).io(&error).into()
    })
}

/// What a file says that is not encrypted.
pub fn read_open(path: &Path) -> Result<Secret<String>> {
    let text = read(path).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))
    });
    text.map(Secret::new).map_err(|error| {
        let shown = path.display().to_string();
        let text = format!("the file {shown} cannot be read: {error}");
        Trouble::new("config-input", text).arg("path", shown).io(&error).into()
    })
}

impl FileKeys {
    fn identities(&self) -> Result<Vec<Box<dyn age::Identity>>, Trouble> {
        let mut identities: Vec<Box<dyn age::Identity>> = Vec::new();
        if let Some(path) = &self.file {
            for identity in identities_of(path)? {
                identities.push(identity);
            }
        }
        if let Some(passphrase) = &self.passphrase {
            identities.push(Box::new(scrypt::Identity::new(secret(passphrase))));
        }
        if identities.is_empty() {
            return Err(Trouble::new("config-key-none", "is encrypted, and there is no key to open it"));
        }
        Ok(identities)
    }
}

fn identities_of(path: &Path) -> Result<Vec<Box<dyn age::Identity + Send + Sync>>, Trouble> {
    let shown = path.display().to_string();
    let refuse = |error: &std::io::Error| {
        let text = format!("is encrypted, and the key file {shown} cannot be read: {error}");
        Trouble::new("config-key-file", text).arg("path", shown.as_str()).io(error)
    };
    let file = File::open(path).map_err(|error| refuse(&error))?;
    let mode = file.metadata().map_err(|error| refuse(&error))?.mode() & 0o777;
    if mode & 0o077 != 0 {
        let text = format!("is encrypted, and others may read the key file {shown} (mode {mode:04o})");
        let trouble = Trouble::new("config-key-open", text).arg("path", shown.as_str());
        return Err(trouble.arg("mode", format!("{mode:04o}")));
    }
    let identities =
        IdentityFile::from_buffer(std::io::BufReader::new(file)).map_err(|error| refuse(&error))?;
    identities.into_identities().map_err(|error| told(&error))
}

fn secret(text: &Secret<String>) -> SecretString {
    SecretString::from(text.expose().clone())
}

/// One byte more than allowed is enough to know that the file is too long.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn told(error: &DecryptError) -> Trouble {
    match error {
        DecryptError::NoMatchingKeys
        | DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::ExcessiveWork { .. } => {
            Trouble::new("config-key-wrong", "is encrypted for another key or passphrase")
        }
        _ => broken(),
    }
}

fn broken() -> Trouble {
    Trouble::new("config-broken", "is no encrypted file, or was changed since")
}

fn large() -> Trouble {
    let text = format!("is larger than {LONGEST} bytes");
    Trouble::new("config-large", text).arg("bytes", i64::try_from(LONGEST).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Secret<String> {
        Secret::new("[jwt]\nsecret = \"q8Jm2vT0zLr5Xw7Yb1Nc4Kd6Hf9Gs3Pa\"\n".to_owned())
    }

    fn key(folder: &Path, name: &str) -> (FileKeys, String) {
        let (secret, public) = new_key();
        let path = folder.join(name);
        write_new(&path, secret.expose().as_bytes()).unwrap();
        (FileKeys { file: Some(path), passphrase: None }, public)
    }

    fn refused(path: &Path, keys: &FileKeys) -> &'static str {
        open(path, keys).unwrap_err().key()
    }

    #[test]
    fn r0_33_only_the_owner_of_the_key_reads_what_was_encrypted_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (own, public) = key(folder.path(), "own.key");
        let (other, _) = key(folder.path(), "other.key");
        let sealed = seal(&text(), &Reader::recipients(&[public]).unwrap()).unwrap();
        assert!(sealed.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----"));
        let path = folder.path().join("socle.toml.age");
        write_new(&path, &sealed).unwrap();
        assert!(is_encrypted(&path) && !is_encrypted(Path::new("socle.toml")));
        assert_eq!(open(&path, &own).unwrap().expose(), text().expose());
        assert_eq!(refused(&path, &other), "config-key-wrong");
        assert_eq!(refused(&path, &FileKeys::default()), "config-key-none");
        let lost = FileKeys { file: Some(folder.path().join("lost")), passphrase: None };
        assert_eq!(refused(&path, &lost), "config-key-file");
    }

    #[test]
    fn a_file_that_was_changed_or_cut_is_refused_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (own, public) = key(folder.path(), "own.key");
        let sealed = seal(&text(), &Reader::recipients(&[public]).unwrap()).unwrap();
        let path = folder.path().join("a.age");
        for damage in 0..3 {
            let mut bytes = sealed.clone();
            match damage {
                0 => bytes.truncate(bytes.len() / 2),
                1 => {
                    let at = bytes.len() - 60;
                    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
                }
                _ => bytes = b"[jwt]\nsecret = 1\n".to_vec(),
            }
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(refused(&path, &own), "config-broken", "{damage}");
        }
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused_and_a_file_is_never_overwritten() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (own, public) = key(folder.path(), "own.key");
        let path = folder.path().join("a.age");
        write_new(&path, &seal(&text(), &Reader::recipients(&[public]).unwrap()).unwrap()).unwrap();
        let file = own.file.clone().unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(refused(&path, &own), "config-key-open");
        assert!(write_new(&path, b"").is_err() && write_new(&file, b"").is_err());
        assert!(Reader::recipients(&["age1nonsense".to_owned()]).is_err());
    }

    #[test]
    fn a_passphrase_opens_what_it_has_encrypted_and_no_other_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.age");
        let phrase = |words: &str| Secret::new(words.to_owned());
        let sealed = seal(&text(), &Reader::Passphrase(phrase("four words in a row"))).unwrap();
        write_new(&path, &sealed).unwrap();
        let keys = |words: &str| FileKeys { file: None, passphrase: Some(phrase(words)) };
        assert_eq!(open(&path, &keys("four words in a row")).unwrap().expose(), text().expose());
        assert_eq!(refused(&path, &keys("four other words")), "config-key-wrong");
    }
}
