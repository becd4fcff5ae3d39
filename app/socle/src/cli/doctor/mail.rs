//! Does mail leave this machine?

use socle_kit::config::Values;
use socle_kit::db::Db;
use socle_kit::kernel::Result;
use socle_kit::mail::Queued;

use super::finding::{Finding, Level, finding};
use crate::cli::mail::check;
use crate::configuration::is_exposed;
use crate::terminal::Voice;

/// The folder, or whether the server answers and takes our name.
pub(super) fn way(values: &Values, voice: &Voice) -> Vec<Finding> {
    let folder = values.path("data_dir").map(|folder| folder.join("mail").display().to_string());
    vec![match check(values) {
        Ok((None, _)) => {
            let args = [("folder", folder.unwrap_or_default().into())];
            if is_exposed(values).unwrap_or_default() {
                finding("mail", Level::Warning, "doctor-mail-nowhere", &args)
            } else {
                finding("mail", Level::Ok, "doctor-mail-folder", &args)
            }
        }
        Ok((Some(server), Ok(()))) => {
            finding("mail", Level::Ok, "doctor-mail-server", &[("server", server.into())])
        }
        Ok((Some(server), Err(refusal))) => {
            let args = [("server", server.into()), ("reason", refusal.reason.into())];
            finding("mail", Level::Error, "doctor-mail-away", &args)
        }
        Err(error) => {
            finding("mail", Level::Error, "doctor-mail-refused", &[("reason", voice.reason(&error).into())])
        }
    }]
}

/// Mails that could not be delivered.
pub(super) fn queue(db: &Db) -> Result<Vec<Finding>> {
    let count = db.read_blocking(Queued::given_up)?;
    let lost = || finding("mail", Level::Warning, "doctor-mail-failed", &[("count", count.into())]);
    Ok((count > 0).then(lost).into_iter().collect())
}
