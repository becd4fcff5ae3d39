//! Running other programs, and installing those that a bare Debian machine lacks.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::interrupt;

/// A child in its own process group, ended with everything it started when the task is interrupted.
pub(crate) struct Running {
    child: Child,
    /// What it is, for error messages.
    name: String,
}

impl Running {
    /// Starts `command` without standard input.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        ensure!(!interrupt::happened(), "interrupted");
        let name = command.get_program().to_string_lossy().into_owned();
        let mut groups = interrupt::groups();
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        groups.push(child.id());
        Ok(Self { child, name })
    }

    /// Its process id, which is also that of its group.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        let status = self.child.wait().with_context(|| format!("cannot wait for {}", self.name))?;
        ensure!(!interrupt::happened(), "interrupted");
        Ok(status)
    }

    /// Has it ended by itself, and how?
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().with_context(|| format!("cannot look at {}", self.name))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let id = self.child.id();
        interrupt::groups().retain(|group| *group != id);
        if matches!(self.child.try_wait(), Ok(None)) {
            interrupt::end(id);
            let _ = self.child.wait();
        }
    }
}

/// Runs `command` with its output on the terminal; a failure is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    run_named(command, &shown(command))
}

/// The same for a command that is too long to be shown: a failure gives it this name.
pub(crate) fn run_named(command: &mut Command, name: &str) -> Result<()> {
    let status = Running::start(command)?.wait()?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}

/// Runs `command` and gives each line of its standard output to `line` as it comes.
pub(crate) fn lines(command: &mut Command, mut line: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    if let Some(output) = running.child.stdout.take() {
        for bytes in BufReader::new(output).split(b'\n') {
            line(String::from_utf8_lossy(&bytes?).trim_end_matches('\r'));
        }
    }
    running.wait()
}

/// Runs `command` and returns its standard output; a failure is an error.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let mut output = String::new();
    let status = lines(command, |line| {
        output.push_str(line);
        output.push('\n');
    })?;
    ensure!(status.success(), "{shown} failed ({status})");
    Ok(output)
}

/// Are we root?
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// Where `program` is on the PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Installs Debian packages: as root, or with a sudo that asks nothing.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if find("apt-get").is_none() {
        bail!("{names}: not installed, and this is no Debian machine; install it by your system's own means");
    }
    let prefix: &[&str] = if is_root() {
        &[]
    } else if Command::new("sudo").args(["-n", "true"]).status().is_ok_and(|status| status.success()) {
        &["sudo", "-n"]
    } else {
        bail!(
            "{names}: not installed; run `sudo apt-get install --no-install-recommends {names}` and try again"
        );
    };
    println!("installing {names}");
    let quiet: &[&str] = &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"];
    for step in [&["update"][..], &[&["install", "-y", "--no-install-recommends"], packages].concat()] {
        let words: Vec<&str> = [prefix, quiet, step].concat();
        let (program, arguments) = words.split_first().context("an empty command")?;
        run(Command::new(program).args(arguments).stdout(Stdio::null()))?;
    }
    Ok(())
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    format!("`{}`", words.join(" "))
}
