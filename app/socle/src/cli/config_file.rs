//! `socle config encrypt` and `decrypt`: the configuration file, for the eyes of one server.

use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;
use socle_kit::kernel::{Error, Result, Secret, codes};

use super::call::Call;
use crate::configuration::file_keys;
use crate::encrypted_file::{self, Reader};
use crate::terminal::{is_interactive, progress, read_line};

/// Encrypts a file: for the keys that are named, a new key, or the passphrase that is set or typed.
pub(super) fn encrypt(call: &Call<'_>, own: &ArgMatches) -> Result<ExitCode> {
    let (input, output) = (path(own, "input"), path(own, "output"));
    let text = encrypted_file::read_open(input)?;
    let reader = match (own.get_many::<String>("recipient"), own.get_one::<std::path::PathBuf>("new-key")) {
        (Some(keys), _) => Reader::recipients(&keys.cloned().collect::<Vec<_>>())?,
        (None, Some(path)) => {
            let (secret, public) = encrypted_file::new_key();
            encrypted_file::write_new(path, secret.expose().as_bytes())?;
            Reader::recipients(&[public])?
        }
        (None, None) => Reader::Passphrase(match file_keys(&call.given)?.passphrase {
            Some(passphrase) => passphrase,
            None => typed(call)?,
        }),
    };
    encrypted_file::write_new(output, &encrypted_file::seal(&text, &reader)?)?;
    call.voice.say("config-encrypted", &[("path", output.display().to_string().into())]);
    Ok(ExitCode::SUCCESS)
}

/// Decrypts a file to another that only its owner may read.
pub(super) fn decrypt(call: &Call<'_>, own: &ArgMatches) -> Result<ExitCode> {
    let (input, output) = (path(own, "input"), path(own, "output"));
    let text = match encrypted_file::open(input, &file_keys(&call.given)?) {
        Ok(text) => text,
        Err(trouble) => {
            let source = socle_kit::config::Source::File { path: input.to_owned(), line: None };
            call.tell(&[socle_kit::config::Problem::new("", source, trouble)]);
            return Ok(ExitCode::FAILURE);
        }
    };
    encrypted_file::write_new(output, text.expose().as_bytes())?;
    call.voice.say("config-decrypted", &[("path", output.display().to_string().into())]);
    Ok(ExitCode::SUCCESS)
}

fn path<'a>(own: &'a ArgMatches, name: &str) -> &'a Path {
    own.get_one::<std::path::PathBuf>(name).map_or(Path::new(""), std::path::PathBuf::as_path)
}

/// One line of standard input: never an argument, which every process of the machine can read.
fn typed(call: &Call<'_>) -> Result<Secret<String>> {
    if is_interactive() {
        progress(&call.voice.text("config-passphrase", &[]));
    }
    read_line()
        .filter(|line| !line.is_empty())
        .map(Secret::new)
        .ok_or_else(|| Error::invalid_field("passphrase", codes::REQUIRED))
}
