//! `socle reference`: the catalogues that are committed beside the code, made from the code.

use std::fmt::Write as _;
use std::process::ExitCode;

use socle_kit::config::{default_toml, env_example};
use socle_kit::i18n::{Language, error_key};
use socle_kit::kernel::Result;
use socle_kit::{assembly, http};

use super::call::Call;
use crate::configuration::ROOF;
use crate::modules::MODULES;
use crate::terminal::line;

pub(super) fn run(call: &Call<'_>) -> Result<ExitCode> {
    let specification = assembly::specification(MODULES, ROOF)?;
    let text = match call.matches.get_one::<String>("what").map(String::as_str) {
        Some("errors") => errors()?,
        Some("permissions") => permissions()?,
        Some("env") => env_example(&specification),
        _ => default_toml(&specification),
    };
    line(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// The sentence without its arguments filled in, for a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn errors() -> Result<String> {
    let catalogue = assembly::catalogue(MODULES)?;
    let mut codes = assembly::error_codes(MODULES);
    codes.sort_by_key(|code| code.name);
    let mut text = String::from(
        "# Error codes\n\nMade by `cargo xtask generate`. The code is stable; the sentence is in the reader's \
         language and may change.\n\n| code | status | English | French |\n|---|---|---|---|\n",
    );
    for code in codes {
        let sentence = |language| cell(&catalogue.text(language, &error_key(code.name), &[]));
        // Writing to a String cannot fail.
        let _written = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            code.name,
            http::status_of(code.kind).as_u16(),
            sentence(Language::En),
            sentence(Language::Fr),
        );
    }
    Ok(text)
}

fn permissions() -> Result<String> {
    let catalogue = assembly::catalogue(MODULES)?;
    let mut text = String::from(
        "# Permissions\n\nMade by `cargo xtask generate`. Administrators hold all of them; the roles named hold them \
         from the start, and an administrator may change that.\n\n| permission | module | roles | English | French |\n\
         |---|---|---|---|---|\n",
    );
    for module in MODULES {
        for permission in module.with_parts().flat_map(|part| part.permissions) {
            let key = format!("permission-{}", permission.name);
            let _written = writeln!(
                text,
                "| `{}` | {} | {} | {} | {} |",
                permission.name,
                module.name,
                permission.default_roles.join(", "),
                cell(&catalogue.text(Language::En, &key, &[])),
                cell(&catalogue.text(Language::Fr, &key, &[])),
            );
        }
    }
    Ok(text)
}
