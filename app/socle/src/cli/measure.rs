//! `socle measure`: what it costs to know who calls, in this process and on its database, for `cargo xtask bench`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use socle_kit::http::{Authenticator, HeaderMap, HeaderValue, Origin, Who};
use socle_kit::kernel::{Clock, Error, Random, Result, codes};

use super::call::Call;
use crate::ground;
use crate::terminal::line;

/// How often each thing is done: enough for a steady figure, and over in a second or two.
const REMEMBERED: u32 = 200_000;
const VERIFIED: u32 = 20_000;
const FIRST: u32 = 2_000;

/// Reads an access token from the file that is named, and prints the cost of knowing its owner in microseconds:
/// of a token that is remembered, of a signature alone, and of a token that is seen the first time, with its session.
pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let path = call.matches.get_one::<PathBuf>("token").ok_or_else(|| Error::new(codes::BAD_REQUEST))?;
    let token = std::fs::read_to_string(path).map_err(Error::internal)?;
    let db = ground::open_to_read(&values)?;
    let known = request(token.trim())?;
    let forged = request(&forged(token.trim()))?;
    let (clock, random) = (Clock::system(), Random::system());
    let sealer = ground::sealer(&values, &random)?;
    let make = || socle_identity::authenticator(&db, &values, &sealer, &clock, &random);
    let one = make()?;
    let new = (0..FIRST).map(|_| make()).collect::<Result<Vec<_>>>()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)?;
    let figures = runtime.block_on(async {
        if !knows(&one, &known).await? || knows(&one, &forged).await? {
            return Err(Error::internal("the token is not one of this database, or has ended"));
        }
        let remembered = each(REMEMBERED, || knows(&one, &known)).await?;
        let signature = each(VERIFIED, || knows(&one, &forged)).await?;
        let mut new = new.iter();
        let first = each(FIRST, || {
            let next = new.next().unwrap_or(&one);
            knows(next, &known)
        })
        .await?;
        Ok(json!({ "remembered_micros": remembered, "signature_micros": signature, "first_micros": first }))
    });
    drop(runtime);
    db.close();
    line(&figures?.to_string());
    Ok(ExitCode::SUCCESS)
}

/// Microseconds for one of so many.
async fn each<F: Future<Output = Result<bool>>>(count: u32, mut once: impl FnMut() -> F) -> Result<f64> {
    let started = Instant::now();
    for _ in 0..count {
        once().await?;
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / f64::from(count))
}

async fn knows(authenticator: &Arc<dyn Authenticator>, headers: &HeaderMap) -> Result<bool> {
    let origin = Origin { address: [127, 0, 0, 1].into(), secure: false, user_agent: None };
    Ok(matches!(authenticator.authenticate(headers, &origin).await?, Who::Known(_)))
}

fn request(token: &str) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let value = HeaderValue::try_from(format!("Bearer {token}")).map_err(Error::internal)?;
    headers.insert("authorization", value);
    Ok(headers)
}

/// The same with another signature: all the work of verifying, and nothing to be remembered.
fn forged(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let rest: String = signature.chars().skip(1).collect();
    format!("{signed}.{other}{rest}")
}
