//! What the doctor looks at. A check never changes anything: a missing database stays missing.

use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use socle_identity::operator::weak_secret;
use socle_kit::config::Values;
use socle_kit::db::Db;
use socle_kit::events::Events;
use socle_kit::kernel::{Arg, Clock, Random, Result, Timestamp, Trouble};
use socle_kit::{assembly, sealing};

use super::finding::{Finding, Level, finding};
use super::mail;
use crate::configuration::{enabled, is_exposed};
use crate::ground::{database_settings, given_sealer};
use crate::terminal::Voice;
use crate::weak_secrets::{weak_pepper, weak_sealing_key};

/// Free space below which the doctor warns, and below which it is alarmed, in MiB.
const LITTLE_SPACE: u64 = 1_024;
const NO_SPACE: u64 = 100;
/// How far the clocks of this machine and of the database may be apart, in milliseconds.
const CLOCK_DRIFT: i64 = 2_000;

/// Every finding, in the order in which they should be read.
pub(super) fn all(values: &Values, voice: &Voice) -> Vec<Finding> {
    let mut findings = Vec::new();
    let folder = values.path("data_dir").map(Path::to_path_buf).unwrap_or_default();
    if folder.exists() && !folder.is_dir() {
        return vec![finding("files", Level::Error, "trouble-data-folder-file", &[("path", shown(&folder))])];
    }
    findings.extend(disk(&folder));
    findings.extend(permissions(&folder));
    findings.extend(database(values, &folder, voice));
    findings.extend(encryption(values));
    findings.extend(mail::way(values, voice));
    findings.extend(proxies(values).unwrap_or_default());
    findings.extend(secrets(values, &folder, voice).unwrap_or_default());
    findings
}

fn shown(path: &Path) -> Arg {
    path.display().to_string().into()
}

fn disk(folder: &Path) -> Vec<Finding> {
    let place = folder.ancestors().find(|place| place.exists()).unwrap_or(Path::new("."));
    let place = if place.as_os_str().is_empty() { Path::new(".") } else { place };
    let Ok(space) = rustix::fs::statvfs(place) else {
        return vec![finding("disk", Level::Warning, "doctor-disk-unknown", &[("folder", shown(folder))])];
    };
    let free = space.f_bavail.saturating_mul(space.f_frsize) / (1024 * 1024);
    let args = [("folder", shown(folder)), ("free", i64::try_from(free).unwrap_or(i64::MAX).into())];
    let (level, key) = match free {
        free if free < NO_SPACE => (Level::Error, "doctor-disk-full"),
        free if free < LITTLE_SPACE => (Level::Warning, "doctor-disk-low"),
        _ => (Level::Ok, "doctor-disk"),
    };
    vec![finding("disk", level, key, &args)]
}

/// Nobody but the owner may look into the data folder, its keys and its database.
fn permissions(folder: &Path) -> Vec<Finding> {
    if !folder.exists() {
        return vec![finding("files", Level::Ok, "doctor-files-none", &[("folder", shown(folder))])];
    }
    let mut open: Vec<Finding> = private_files(folder)
        .into_iter()
        .filter_map(|path| {
            let mode = path.metadata().ok()?.permissions().mode() & 0o777;
            let args = [("path", shown(&path)), ("mode", format!("{mode:04o}").into())];
            (mode & 0o077 != 0).then(|| finding("files", Level::Error, "doctor-files-open", &args))
        })
        .collect();
    if open.is_empty() {
        open.push(finding("files", Level::Ok, "doctor-files", &[("folder", shown(folder))]));
    }
    open
}

fn private_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let listed = |folder: &Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .collect()
    };
    let mut files = vec![folder.to_path_buf()];
    files.extend(listed(folder));
    files.extend(listed(&folder.join("keys")));
    files
}

fn database(values: &Values, folder: &Path, voice: &Voice) -> Vec<Finding> {
    let settings = database_settings(values);
    if settings.as_ref().is_ok_and(|settings| settings.is_there().is_ok_and(|there| !there)) {
        return vec![finding("database", Level::Ok, "doctor-database-none", &[("folder", shown(folder))])];
    }
    let opened = settings.and_then(|settings| Db::open(&settings));
    let db = match opened.and_then(|db| db.ping_blocking().map(|()| db)) {
        Ok(db) => db,
        Err(error) => {
            let args = [("reason", voice.reason(&error).into())];
            let is_remote =
                values.url("database.url").ok().flatten().is_some_and(|url| !url.starts_with("sqlite:"));
            let key = if is_remote { "doctor-database-away" } else { "doctor-database-broken" };
            return vec![finding("database", Level::Error, key, &args)];
        }
    };
    let mut findings =
        vec![finding("database", Level::Ok, "doctor-database", &[("database", db.describe().into())])];
    findings.extend(migrations(values, &db, voice));
    findings.extend(sealing(values, &db, voice).unwrap_or_default());
    findings.extend(clock(&db).unwrap_or_default());
    findings.extend(accounts(values, &db).unwrap_or_default());
    findings.extend(mail::queue(&db).unwrap_or_default());
    db.close();
    findings
}

fn migrations(values: &Values, db: &Db, voice: &Voice) -> Vec<Finding> {
    let plan = enabled(values).and_then(|modules| db.migration_plan(&assembly::migrations(&modules)));
    match plan {
        Ok(plan) if plan.is_empty() => vec![finding("migrations", Level::Ok, "doctor-migrations", &[])],
        Ok(plan) => {
            let count = i64::try_from(plan.len()).unwrap_or(i64::MAX);
            vec![finding(
                "migrations",
                Level::Warning,
                "doctor-migrations-pending",
                &[("count", count.into())],
            )]
        }
        Err(error) => {
            let args = [("reason", voice.reason(&error).into())];
            vec![finding("migrations", Level::Error, "doctor-migrations-refused", &args)]
        }
    }
}

/// With other keys than the database's, the server does not start.
fn sealing(values: &Values, db: &Db, voice: &Voice) -> Result<Vec<Finding>> {
    let given = given_sealer(values, &Random::system());
    let looked = given.and_then(|given| sealing::look(db, given.as_ref()));
    Ok(match looked {
        Ok(true) => vec![finding("sealing", Level::Ok, "doctor-sealing", &[])],
        Ok(false) => Vec::new(),
        Err(error) => {
            let trouble = error.cause::<Trouble>().cloned();
            let trouble = trouble.ok_or(error)?;
            let args = [("reason", voice.trouble(&trouble).into()), ("advice", voice.hint(&trouble).into())];
            vec![finding("sealing", Level::Error, "doctor-sealing-refused", &args)]
        }
    })
}

/// The two clocks of a cluster must agree, and no clock may have gone back behind the last event.
fn clock(db: &Db) -> Result<Vec<Finding>> {
    let now = Clock::system().now();
    let apart = |other: Timestamp| (now.micros() - other.micros()) / 1_000;
    let drift = db.server_time()?.map_or(0, |other| apart(other).abs());
    let back = Events::latest_time(db)?.map_or(0, |latest| -apart(latest));
    let worst = drift.max(back);
    let (level, key) =
        if worst > CLOCK_DRIFT { (Level::Error, "doctor-clock-off") } else { (Level::Ok, "doctor-clock") };
    Ok(vec![finding("clock", level, key, &[("drift", worst.into())])])
}

fn accounts(values: &Values, db: &Db) -> Result<Vec<Finding>> {
    if !socle_identity::operator::has_demo_accounts(db)? {
        return Ok(Vec::new());
    }
    // What the server says at its start, by the same rule.
    let key = if is_exposed(values)? { "demo-refused" } else { "doctor-demo-accounts" };
    Ok(vec![finding("accounts", Level::Warning, key, &[])])
}

/// Between machines, only `sslmode=verify-full` makes sure that the database is the one that was meant.
fn encryption(values: &Values) -> Vec<Finding> {
    let urls = ["database.url", "database.read_url"];
    let given = urls.into_iter().filter_map(|key| values.url(key).ok().flatten());
    let unsafe_hosts = given.filter_map(unverified_host).map(|host| {
        finding("database", Level::Warning, "doctor-database-unverified", &[("host", host.into())])
    });
    unsafe_hosts.collect()
}

/// The host of a PostgreSQL server on another machine that is reached without being verified.
fn unverified_host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let parameter = |name: &str| {
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name)
    };
    let authority = place.split('/').next().unwrap_or_default();
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    let hosts = parameter("host").map_or(hosts, |(_, hosts)| hosts);
    let verified = parameter("sslmode").is_some_and(|(_, mode)| mode == "verify-full");
    let away = hosts.split(',').map(name_of).find(|host| !is_here(host));
    away.filter(|_| !verified).map(str::to_owned)
}

/// The host without its port: `[::1]:5432` is `::1`.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or(host),
    }
}

/// This machine: by name, by address, or by the path of a socket.
fn is_here(host: &str) -> bool {
    host.is_empty()
        || host.eq_ignore_ascii_case("localhost")
        || host.starts_with('/')
        || host.to_ascii_lowercase().starts_with("%2f")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn proxies(values: &Values) -> Result<Vec<Finding>> {
    let exposed = is_exposed(values)?;
    let trusted = values.networks("server.trusted_proxies")?;
    let public = values.url("server.public_url")?.unwrap_or_default();
    let everyone = trusted.iter().any(|network| network.prefix_len() == 0);
    Ok(vec![if everyone {
        finding("proxy", Level::Error, "doctor-proxy-everyone", &[])
    } else if exposed && trusted.is_empty() && !public.starts_with("https://") {
        finding("proxy", Level::Warning, "doctor-proxy-none", &[("host", values.text("server.host")?.into())])
    } else if public.starts_with("https://") && trusted.is_empty() {
        finding("proxy", Level::Warning, "doctor-proxy-unlisted", &[("url", public.into())])
    } else {
        let count = i64::try_from(trusted.len()).unwrap_or(i64::MAX);
        finding("proxy", Level::Ok, "doctor-proxy", &[("count", count.into())])
    }])
}

fn secrets(values: &Values, folder: &Path, voice: &Voice) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let production = values.choice("environment")? == "production";
    let level = if production { Level::Error } else { Level::Warning };
    findings.push(match (values.secret("jwt.secret")?, weak_secret(values)?) {
        (_, Some(weak)) => {
            finding("secrets", level, "doctor-secret-weak", &[("reason", voice.trouble(&weak).into())])
        }
        (Some(_), None) => {
            finding("secrets", Level::Ok, "doctor-secret-given", &[("name", "JWT_SECRET".into())])
        }
        (None, None) if folder.join("keys").exists() => {
            finding("secrets", Level::Ok, "doctor-secret-file", &[("folder", shown(&folder.join("keys")))])
        }
        (None, None) => finding("secrets", Level::Ok, "doctor-secret-none", &[]),
    });
    for weak in [weak_sealing_key(values)?, weak_pepper(values)?].into_iter().flatten() {
        findings.push(finding(
            "secrets",
            level,
            "doctor-secret-weak",
            &[("reason", voice.trouble(&weak).into())],
        ));
    }
    if is_exposed(values)? && values.secret("metrics.token")?.is_none() {
        findings.push(finding("secrets", Level::Warning, "doctor-metrics-local", &[]));
    }
    for warning in values.warnings() {
        let args = [("reason", voice.told(warning).into())];
        findings.push(finding("secrets", Level::Warning, "doctor-secret-readable", &args));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_on_another_machine_is_verified_by_its_name_or_warned_about() {
        for (url, host) in [
            ("postgres://u:p@db.example.org:5432/socle", Some("db.example.org")),
            ("postgres://u:p@db.example.org/socle?sslmode=require", Some("db.example.org")),
            ("postgresql://u@127.0.0.1,10.0.0.7:5433/socle", Some("10.0.0.7")),
            ("postgres:///socle?host=db&sslmode=prefer", Some("db")),
            ("postgres://u:p@db.example.org/socle?sslmode=verify-full", None),
            ("postgres://u@localhost/socle", None),
            ("postgres://u@[::1]:5432/socle", None),
            ("postgres:///socle?host=/run/postgresql", None),
            ("postgres://u@%2Frun%2Fpostgresql/socle", None),
            ("sqlite:data/socle.db", None),
        ] {
            assert_eq!(unverified_host(url).as_deref(), host, "{url}");
        }
    }
}
