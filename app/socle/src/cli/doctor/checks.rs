//! What the doctor looks at. A check never changes anything: a missing database stays missing.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use socle_kit::assembly;
use socle_kit::config::Values;
use socle_kit::db::Db;
use socle_kit::events::Events;
use socle_kit::kernel::{Arg, Clock, Result, Timestamp};

use super::finding::{Finding, Level};
use crate::configuration::{enabled, is_exposed};
use crate::ground::open_database;

/// Free space below which the doctor warns, and below which it is alarmed, in MiB.
const LITTLE_SPACE: u64 = 1_024;
const NO_SPACE: u64 = 100;
/// How far the clocks of this machine and of the database may be apart, in milliseconds.
const CLOCK_DRIFT: i64 = 2_000;

/// Every finding, in the order in which they should be read.
pub(super) fn all(values: &Values) -> Vec<Finding> {
    let mut findings = Vec::new();
    let folder = values.path("data_dir").map(Path::to_path_buf).unwrap_or_default();
    findings.extend(disk(&folder));
    findings.extend(permissions(&folder));
    findings.extend(database(values, &folder));
    findings.extend(proxies(values).unwrap_or_default());
    findings.extend(secrets(values, &folder).unwrap_or_default());
    findings
}

fn finding(check: &'static str, level: Level, key: &'static str, args: &[(&'static str, Arg)]) -> Finding {
    Finding { check, level, key, args: args.to_vec() }
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

fn database(values: &Values, folder: &Path) -> Vec<Finding> {
    let embedded = values.url("database.url").is_ok_and(|url| url.is_none());
    if embedded && !folder.join("socle.db").exists() {
        return vec![finding("database", Level::Ok, "doctor-database-none", &[("folder", shown(folder))])];
    }
    let db = match open_database(values).and_then(|db| db.ping_blocking().map(|()| db)) {
        Ok(db) => db,
        Err(error) => {
            let args = [("reason", error.to_string().into())];
            return vec![finding("database", Level::Error, "doctor-database-away", &args)];
        }
    };
    let mut findings =
        vec![finding("database", Level::Ok, "doctor-database", &[("database", db.describe().into())])];
    findings.extend(migrations(values, &db));
    findings.extend(clock(&db).unwrap_or_default());
    findings.extend(accounts(values, &db).unwrap_or_default());
    db.close();
    findings
}

fn migrations(values: &Values, db: &Db) -> Vec<Finding> {
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
            let args = [("reason", error.to_string().into())];
            vec![finding("migrations", Level::Error, "doctor-migrations-refused", &args)]
        }
    }
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
    let level = if is_exposed(values)? { Level::Error } else { Level::Warning };
    Ok(vec![finding("accounts", level, "doctor-demo-accounts", &[])])
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

fn secrets(values: &Values, folder: &Path) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    findings.push(match values.secret("jwt.secret")? {
        Some(secret) if secret.expose().len() < 32 => {
            finding("secrets", Level::Error, "doctor-secret-short", &[("name", "JWT_SECRET".into())])
        }
        Some(_) => finding("secrets", Level::Ok, "doctor-secret-given", &[("name", "JWT_SECRET".into())]),
        None if folder.join("keys").exists() => {
            finding("secrets", Level::Ok, "doctor-secret-file", &[("folder", shown(&folder.join("keys")))])
        }
        None => finding("secrets", Level::Ok, "doctor-secret-none", &[]),
    });
    if is_exposed(values)? && values.secret("metrics.token")?.is_none() {
        findings.push(finding("secrets", Level::Warning, "doctor-metrics-local", &[]));
    }
    for warning in values.warnings() {
        let args = [("reason", warning.to_string().into())];
        findings.push(finding("secrets", Level::Warning, "doctor-secret-readable", &args));
    }
    Ok(findings)
}
