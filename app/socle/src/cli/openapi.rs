//! `socle openapi`: the document of this binary, without a server or a database of one's own.

use std::os::unix::fs::DirBuilderExt;
use std::process::ExitCode;

use socle_kit::assembly;
use socle_kit::db::Db;
use socle_kit::http::Document;
use socle_kit::kernel::{Clock, Error, Result};

use super::call::Call;
use crate::terminal::line;
use crate::{ground, wiring};

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    // Routes are built on the handles, so there must be a folder with keys and a database; both are left behind by
    // nobody.
    let folder = std::env::temp_dir().join(format!("socle-openapi-{}", std::process::id()));
    let mut elsewhere = Call { matches: call.matches, given: call.given.clone(), voice: call.voice.clone() };
    elsewhere.given.flags.push(("data_dir".to_owned(), folder.display().to_string()));
    let values = match elsewhere.values()? {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(Error::internal)?;
    let document = document(&values, &folder);
    let _left_behind = std::fs::remove_dir_all(&folder);
    line(&serde_json::to_string_pretty(&document?.0).map_err(Error::internal)?);
    Ok(ExitCode::SUCCESS)
}

fn document(values: &socle_kit::config::Values, folder: &std::path::Path) -> Result<Document> {
    let db =
        Db::open(&socle_kit::db::Settings::new(format!("sqlite:{}", folder.join("empty.db").display())))?;
    let ground = ground::stand(values, db, Clock::system())?;
    let cards = assembly::routes(&ground.kit, &ground.modules)?.cards();
    let document = Document::build(&wiring::INFO, &cards);
    ground.kit.db.close();
    document
}
