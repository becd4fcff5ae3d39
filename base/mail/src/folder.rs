//! Mails as files of a folder, where there is no mail server: for development, and for a look at what would be sent.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use socle_kernel::Timestamp;

use crate::message::Letter;
use crate::refusal::Refusal;

/// A folder of mails, one file each; the newest so many stay.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) keep: usize,
}

impl Folder {
    /// Writes a mail down. The same mail has the same name: written twice it is there once.
    pub(crate) async fn put(
        &self,
        letter: Letter,
        template: &str,
        id: &str,
        at: Timestamp,
    ) -> Result<PathBuf, Refusal> {
        let (folder, name) = (self.clone(), file_name(template, id, at));
        let written = tokio::task::spawn_blocking(move || folder.write(&name, &letter.bytes)).await;
        match written {
            Ok(Ok(path)) => Ok(path),
            Ok(Err(error)) => Err(Refusal::way(&format!("the folder of mails: {error}"))),
            Err(lost) => Err(Refusal::way(&format!("the folder of mails: {lost}"))),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path)?;
        let (path, draft) = (self.path.join(name), self.path.join(format!(".{name}.new")));
        // What a crash left half written is in the way of nobody.
        if let Err(error) = std::fs::remove_file(&draft)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, &path)?;
        self.sweep()?;
        Ok(path)
    }

    /// Removes the oldest beyond the number that stays. Names begin with the time: their order is that of the mails.
    fn sweep(&self) -> io::Result<()> {
        let mut mails: Vec<PathBuf> = std::fs::read_dir(&self.path)?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| is_mail(path))
            .collect();
        mails.sort_unstable();
        for old in mails.iter().take(mails.len().saturating_sub(self.keep)) {
            std::fs::remove_file(old)?;
        }
        Ok(())
    }
}

fn is_mail(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "eml")
}

/// `2026-01-15T10-00-00Z-password-reset-0190….eml`.
fn file_name(template: &str, id: &str, at: Timestamp) -> String {
    let plain = |text: &str| -> String {
        text.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' }).collect()
    };
    let time = Timestamp::from_seconds(at.seconds()).to_string();
    format!("{}-{}-{}.eml", plain(&time), plain(template), plain(id))
}
