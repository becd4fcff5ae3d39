//! The pepper: a secret that is mixed into every hash and stands outside the database, so that a stolen table alone
//! gives nothing to guess at.

use sha2::{Digest, Sha256};
use socle_kernel::Secret;

/// Bytes of the name of a pepper: as many as Argon2 has room for.
const ID: usize = 8;

/// One pepper, and the name under which hashes refer to it.
struct Pepper {
    id: [u8; ID],
    secret: Secret<Vec<u8>>,
}

impl Pepper {
    /// The name is drawn from the secret, so that it need not be chosen, and tells nothing about it.
    fn new(secret: &Secret<Vec<u8>>) -> Self {
        let digest =
            Sha256::new().chain_update(b"socle pepper id\0").chain_update(secret.expose()).finalize();
        let mut id = [0; ID];
        id.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
        Self { id, secret: secret.clone() }
    }
}

/// The peppers of a server: the one of new hashes, and those of hashes that are not replaced yet.
pub(crate) struct Peppers {
    current: Option<Pepper>,
    previous: Vec<Pepper>,
}

impl Peppers {
    pub(crate) fn new(current: Option<&Secret<Vec<u8>>>, previous: &[Secret<Vec<u8>>]) -> Self {
        Self { current: current.map(Pepper::new), previous: previous.iter().map(Pepper::new).collect() }
    }

    /// The name of the pepper of new hashes; empty when there is none.
    pub(crate) fn current(&self) -> &[u8] {
        self.current.as_ref().map_or(&[], |pepper| &pepper.id)
    }

    /// The pepper of this name, nothing for the empty name; `None` when nobody has it.
    pub(crate) fn secret(&self, id: &[u8]) -> Option<&[u8]> {
        if id.is_empty() {
            return Some(&[]);
        }
        let mut all = self.current.iter().chain(&self.previous);
        all.find(|pepper| pepper.id == id).map(|pepper| pepper.secret.expose().as_slice())
    }
}
