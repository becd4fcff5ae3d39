//! Argon2id on one thread for each core, with the parameters that Socle uses.

use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use crossbeam_channel::{Sender, bounded};
use tokio::sync::oneshot;

/// The threads that verify.
pub(crate) struct Passwords(Sender<Job>);

struct Job {
    password: String,
    stored: String,
    done: oneshot::Sender<Result<bool>>,
}

impl Passwords {
    pub(crate) fn start() -> Result<Self> {
        let (sender, queue) = bounded::<Job>(256);
        for number in 0..thread::available_parallelism()?.get() {
            let queue = queue.clone();
            thread::Builder::new().name(format!("hasher-{number}")).spawn(move || {
                let mut memory = Vec::new();
                for job in queue {
                    // Whoever asked may have gone.
                    let _ = job.done.send(verify(&mut memory, &job.password, &job.stored));
                }
            })?;
        }
        Ok(Self(sender))
    }

    /// Is this the password of the stored text?
    pub(crate) async fn verify(&self, password: String, stored: String) -> Result<bool> {
        let (done, answer) = oneshot::channel();
        self.0.try_send(Job { password, stored, done }).map_err(|_| anyhow!("the queue is full"))?;
        answer.await.context("the hashers are gone")?
    }
}

fn verify(memory: &mut Vec<Block>, password: &str, stored: &str) -> Result<bool> {
    let stored = PasswordHash::new(stored).map_err(told)?;
    let (salt, expected) = stored.salt.zip(stored.hash).context("a stored password without salt or hash")?;
    let parameters = Params::try_from(&stored).map_err(told)?;
    let mut output = vec![0; expected.len()];
    hash(memory, parameters, password, &salt, &mut output)?;
    Ok(output == expected.as_bytes())
}

fn hash(
    memory: &mut Vec<Block>,
    parameters: Params,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
) -> Result<()> {
    if memory.len() < parameters.block_count() {
        *memory = vec![Block::new(); parameters.block_count()];
    }
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    argon.hash_password_into_with_memory(password.as_bytes(), salt, output, memory).map_err(told)
}

/// Prints what one hash costs when nothing else runs: the median of eleven, in milliseconds.
#[expect(clippy::print_stdout, reason = "the figure is what the command is for")]
pub(crate) fn print_time() -> Result<()> {
    let mut memory = Vec::new();
    let mut times = Vec::new();
    for _ in 0..11 {
        let parameters = Params::new(19_456, 2, 1, Some(32)).map_err(told)?;
        let started = Instant::now();
        hash(&mut memory, parameters, "correct horse battery staple", &[7; 16], &mut [0; 32])?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!("{:.3}", times.get(times.len() / 2).copied().unwrap_or_default());
    Ok(())
}

fn told(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("argon2: {error}")
}
