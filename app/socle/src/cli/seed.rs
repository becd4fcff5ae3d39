//! `socle seed --demo`: a believable company to look at.

use std::process::ExitCode;

use socle_kit::Demo;
use socle_kit::kernel::{Error, Random, Result};

use super::call::Call;
use crate::configuration::is_exposed;
use crate::ground;
use crate::terminal::{complain, progress};

/// The same company on every machine.
const SEED: u64 = 0x50C1E;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let values = match call.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    if is_exposed(&values)? {
        complain(&call.voice.text("seed-refused", &[]));
        return Ok(ExitCode::FAILURE);
    }
    let (ground, _) = ground::open(&values)?;
    let kit = &ground.kit;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)?;
    let mut demo =
        Demo { people: Vec::new(), random: Random::seeded(SEED), today: kit.clock.now(), loaded: Vec::new() };
    runtime.block_on(async {
        for module in &ground.modules {
            progress(&call.voice.text("seed-working", &[("module", module.name.into())]));
            for part in module.with_parts() {
                (part.demo)(kit, &mut demo).await?;
            }
        }
        Ok::<_, Error>(())
    })?;
    progress("");
    for (what, count) in &demo.loaded {
        let count = i64::try_from(*count).unwrap_or(i64::MAX);
        call.voice.say("seed-loaded", &[("what", (*what).into()), ("count", count.into())]);
    }
    let added: usize = demo.loaded.iter().map(|(_, count)| count).sum();
    call.voice.say(if added == 0 { "seed-nothing" } else { "seed-done" }, &[]);
    drop(runtime);
    kit.db.close();
    Ok(ExitCode::SUCCESS)
}
