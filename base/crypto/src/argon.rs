//! Argon2id over memory that is kept between two hashes.

use std::sync::Arc;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, KeyId, Params, ParamsBuilder, Version};
use socle_kernel::{Error, Random, Result, Secret};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::pepper::Peppers;
use crate::verification::Verification;
use crate::{foreign, same};

/// Bytes of salt and of hash.
pub(crate) const SALT: usize = 16;
const OUTPUT: usize = 32;

/// What a stored hash may ask for at most. The stored hashes are ours, but a tampered row must not take the machine.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 32;
const MOST_LANES: u32 = 16;
/// How many times the work of one of our own a hash from elsewhere may ask for (memory times passes): whoever brings it
/// chooses how long a sign-in holds one of the few threads that hash.
const MOST_WORK: u64 = 8;
/// The work of one of our own where nobody says otherwise: 19 MiB, twice (OWASP).
const USUAL_WORK: u64 = 19_456 * 2;

/// The parameters of new hashes, with the name of their pepper.
pub(crate) fn parameters(memory_kib: u32, passes: u32, lanes: u32, pepper: &[u8]) -> Result<Params> {
    let mut builder = ParamsBuilder::new();
    builder.m_cost(memory_kib).t_cost(passes).p_cost(lanes).output_len(OUTPUT);
    if !pepper.is_empty() {
        builder.keyid(KeyId::new(pepper).map_err(refuse)?);
    }
    builder.build().map_err(refuse)
}

/// Hashes with the memory of one thread.
pub(crate) struct Hasher {
    parameters: Params,
    peppers: Arc<Peppers>,
    memory: Vec<Block>,
}

/// A stored hash, read and found to be one that may be verified.
struct Stored {
    algorithm: Algorithm,
    version: Version,
    parameters: Params,
    salt: Salt,
    expected: Output,
}

impl Hasher {
    pub(crate) const fn new(parameters: Params, peppers: Arc<Peppers>) -> Self {
        Self { parameters, peppers, memory: Vec::new() }
    }

    /// Gives the memory back until the next hash.
    pub(crate) fn release(&mut self) {
        self.memory = Vec::new();
    }

    /// Does it hold memory?
    #[cfg(test)]
    pub(crate) fn holds_memory(&self) -> bool {
        self.memory.capacity() > 0
    }

    /// The PHC text of the password under this salt.
    pub(crate) fn hash(&mut self, password: &Secret<String>, salt: [u8; SALT]) -> Result<String> {
        let salt = Salt::new(&salt).map_err(refuse)?;
        let mut output = Zeroizing::new([0; OUTPUT]);
        let parameters = self.parameters.clone();
        self.run((Algorithm::Argon2id, Version::V0x13), parameters, password, &salt, &mut *output)?;
        self.text(salt, &*output)
    }

    /// A PHC text that no password has: what verifying costs, without an account.
    pub(crate) fn nobody(&self, random: &Random) -> Result<String> {
        let salt = Salt::new(&random.bytes::<SALT>()).map_err(refuse)?;
        self.text(salt, &random.bytes::<OUTPUT>())
    }

    fn text(&self, salt: Salt, output: &[u8]) -> Result<String> {
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: (&self.parameters).try_into().map_err(refuse)?,
            salt: Some(salt),
            hash: Some(Output::new(output).map_err(refuse)?),
        };
        Ok(hash.to_string())
    }

    /// Refuses a text that could not be verified, whatever the password, or only with far more work than our own. What
    /// is stored already is verified nevertheless: the settings may have asked for more once.
    pub(crate) fn check(&self, stored: &str) -> Result<()> {
        if foreign::is_foreign(stored) {
            return foreign::check(stored);
        }
        if work(&self.read(stored)?.parameters) > MOST_WORK * USUAL_WORK.max(work(&self.parameters)) {
            return Err(Error::internal("the password hash asks for more work than is allowed"));
        }
        Ok(())
    }

    /// Is this the password of the stored text? One that is not a hash is an error that does not repeat it.
    pub(crate) fn verify(&mut self, password: &Secret<String>, stored: &str) -> Result<Verification> {
        if foreign::is_foreign(stored) {
            return foreign::verify(password, stored);
        }
        let Stored { algorithm, version, parameters, salt, expected } = self.read(stored)?;
        let mut output = Zeroizing::new(vec![0; expected.len()]);
        self.run((algorithm, version), parameters.clone(), password, &salt, &mut output)?;
        if !same(&output, expected.as_bytes()) {
            return Ok(Verification::NoMatch);
        }
        let current = algorithm == Algorithm::Argon2id
            && version == Version::V0x13
            && parameters.m_cost() >= self.parameters.m_cost()
            && parameters.t_cost() >= self.parameters.t_cost()
            && parameters.keyid() == self.parameters.keyid()
            && expected.len() >= OUTPUT;
        Ok(if current { Verification::Match } else { Verification::MatchButOutdated })
    }

    fn read(&self, stored: &str) -> Result<Stored> {
        let stored = PasswordHash::new(stored).map_err(refuse)?;
        let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(refuse)?;
        let version = stored.version.map_or(Ok(Version::V0x10), Version::try_from).map_err(refuse)?;
        let parameters = Params::try_from(&stored).map_err(refuse)?;
        let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
            return Err(Error::internal("the stored password has no salt or no hash"));
        };
        if parameters.m_cost() > MOST_MEMORY_KIB
            || parameters.t_cost() > MOST_PASSES
            || parameters.p_cost() > MOST_LANES
        {
            return Err(Error::internal("the stored password asks for more work than is allowed"));
        }
        if self.peppers.secret(parameters.keyid()).is_none() {
            return Err(Error::internal("the stored password has a pepper that is not set here"));
        }
        Ok(Stored { algorithm, version, parameters, salt, expected })
    }

    /// The password is composed first (Unicode NFC), so that it is the same from every keyboard.
    fn run(
        &mut self,
        (algorithm, version): (Algorithm, Version),
        parameters: Params,
        password: &Secret<String>,
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<()> {
        let composed: Zeroizing<String> = Zeroizing::new(password.expose().nfc().collect());
        let pepper = self.peppers.secret(parameters.keyid()).unwrap_or_default();
        let argon = Argon2::new_with_secret(pepper, algorithm, version, parameters).map_err(refuse)?;
        let blocks = argon.params().block_count();
        if self.memory.len() < blocks {
            self.memory = vec![Block::new(); blocks];
        }
        argon
            .hash_password_into_with_memory(composed.as_bytes(), salt, output, &mut self.memory)
            .map_err(refuse)
    }
}

/// What a hash costs: how much memory is written, all passes together.
fn work(parameters: &Params) -> u64 {
    u64::from(parameters.m_cost()) * u64::from(parameters.t_cost())
}

fn refuse(reason: impl std::fmt::Display) -> Error {
    Error::internal(format!("password hashing: {reason}"))
}
