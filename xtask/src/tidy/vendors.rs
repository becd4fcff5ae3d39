//! Vendor names stay put: what a crate hides, only that crate names.

use super::manifests::Manifest;
use super::tree::Tree;
use super::violation::Violation;

/// Outside crates and the folders that may depend on them. The bare servers of `bench/` are built of the
/// vendors themselves, that being their point.
const HOMES: &[(&[&str], &[&str])] = &[
    (
        &["axum", "tower", "tower-http", "hyper", "hyper-util", "http", "http-body", "http-body-util"],
        &["kit/http"],
    ),
    (&["utoipa-swagger-ui", "jsonschema"], &["kit/http"]),
    (&["rusqlite", "postgres", "tokio-postgres", "tokio-postgres-rustls"], &["base/db"]),
    (&["jsonwebtoken"], &["modules/identity-core", "modules/identity-oidc"]),
    (&["reqwest"], &["modules/identity-oidc", "app/socle"]),
    (&["argon2", "sha2", "hmac", "subtle"], &["base/crypto", "base/db"]),
    (&["metrics-exporter-prometheus", "metrics-process", "tracing-subscriber"], &["base/observe"]),
    (&["fluent-bundle", "unic-langid"], &["base/i18n"]),
    (&["jiff", "uuid", "getrandom"], &["base/kernel"]),
    (&["lettre", "idna"], &["base/mail"]),
    (&["mimalloc"], &["app/socle"]),
];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for manifest in Manifest::all(tree).iter().filter(|manifest| !manifest.folder.starts_with("bench/")) {
        for dependency in &manifest.dependencies {
            let Some(homes) = homes(&dependency.name) else { continue };
            if !homes.contains(&manifest.folder.as_str()) {
                let what = format!(
                    "{} lives in {} only: use what that crate offers",
                    dependency.name,
                    homes.join(" and ")
                );
                violations.push(Violation::new(&manifest.path, dependency.line, what));
            }
        }
    }
    violations
}

fn homes(vendor: &str) -> Option<&'static [&'static str]> {
    HOMES.iter().find(|(vendors, _)| vendors.contains(&vendor)).map(|(_, homes)| *homes)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fires, silent};
    use super::*;

    const AXUM: &str = "[package]\nname = \"x\"\n[dependencies]\naxum.workspace = true\n";

    #[test]
    fn a_vendor_at_home_is_fine() {
        silent(check, &[("kit/http/Cargo.toml", AXUM), ("bench/bare/Cargo.toml", AXUM)]);
    }

    #[test]
    fn a_vendor_elsewhere_is_found() {
        fires(
            check,
            &[("modules/forum/Cargo.toml", AXUM)],
            "modules/forum/Cargo.toml:4: axum lives in kit/http only",
        );
    }
}
