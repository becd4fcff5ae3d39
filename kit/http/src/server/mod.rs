//! The edge of the server: from the socket to the handler, and back.

mod edge;
mod exchange;
mod finish;
mod headers;
mod listen;
mod origin;
mod root;
mod shutdown;

pub use edge::{Edge, EdgeParts, EdgeSettings};
pub use exchange::{Exchange, ExchangeBody};
pub use listen::{ListenSettings, Server};
pub use origin::TrustedProxies;
pub use shutdown::Shutdown;

use socle_kernel::{Code, Error};

use crate::{Refusal, Scope};

/// The error a refusal of the guard becomes.
pub(crate) fn refusal_error(refusal: &Refusal) -> Error {
    let code: Code = refusal.code;
    let scope = match refusal.scope {
        Scope::Address => "address",
        Scope::Account => "account",
        Scope::ApiKey => "key",
    };
    let error = Error::new(code).arg("scope", scope);
    match refusal.retry_after {
        Some(wait) => {
            let seconds = i64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(i64::MAX).max(1);
            error.arg("seconds", seconds).retry_after(std::time::Duration::from_secs(seconds.unsigned_abs()))
        }
        None => error,
    }
}
