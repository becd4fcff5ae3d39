//! Ctrl-C and termination: children are told to stop, and the task then leaves by its ordinary way out.
//!
//! A task that is killed outright never runs its destructors, and a database server would stay behind.
//! So the signal is caught, the children's process groups are ended, and the error travels up.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};

static HAPPENED: AtomicBool = AtomicBool::new(false);
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Starts listening for SIGINT, SIGTERM and SIGHUP.
pub(crate) fn listen() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate, mut hangup) = {
        let _inside = runtime.enter();
        (
            signal(SignalKind::interrupt()).context("cannot listen for signals")?,
            signal(SignalKind::terminate()).context("cannot listen for signals")?,
            signal(SignalKind::hangup()).context("cannot listen for signals")?,
        )
    };
    std::thread::spawn(move || {
        runtime.block_on(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    _ = hangup.recv() => {}
                }
                HAPPENED.store(true, Ordering::SeqCst);
                eprintln!("interrupted: stopping");
                groups().iter().for_each(|group| end(*group));
            }
        });
    });
    Ok(())
}

/// Was the task told to stop?
pub(crate) fn happened() -> bool {
    HAPPENED.load(Ordering::SeqCst)
}

/// The process groups to end when the task is told to stop. Spawn a child while holding this, so that
/// none is missed.
pub(crate) fn groups() -> MutexGuard<'static, Vec<u32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks a process group to terminate. That it is already gone is no error.
pub(crate) fn end(group: u32) {
    let _ = Command::new("kill")
        .args(["-TERM", "--", &format!("-{group}")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}
