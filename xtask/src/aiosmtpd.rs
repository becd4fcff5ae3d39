//! A mail server for tests: Python's aiosmtpd, in an environment of its own below the target folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::{process, workspace};

/// The version the tests are written for.
const PACKAGE: &str = "aiosmtpd==1.4.6";

/// The Python that has it; made at the first use, for which a machine without Python needs Debian's.
pub(crate) fn python() -> Result<PathBuf> {
    let folder = workspace::target_directory()?.join("tools").join("aiosmtpd");
    let python = folder.join("bin").join("python");
    if !is_there(&python) {
        if !can_make_environments() {
            process::install(&["python3", "python3-venv"])?;
        }
        println!("installing {PACKAGE} below {}", folder.display());
        process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
    }
    Ok(python)
}

fn is_there(python: &Path) -> bool {
    succeeds(Command::new(python).args(["-c", "import aiosmtpd.smtp"]))
}

fn can_make_environments() -> bool {
    succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"]))
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
