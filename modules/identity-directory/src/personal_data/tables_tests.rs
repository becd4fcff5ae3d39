//! No table that points at an account keeps anything of who was erased.

use std::collections::BTreeSet;

use serde_json::json;
use socle_identity_trial::Trial;

/// A row for each table that points at an account, of the account `?1`. A new table has its line here, and its share of
/// what is handed out and forgotten.
const ROWS: &[(&str, &str)] = &[
    (
        "identity_api_key",
        "INSERT INTO identity_api_key (id, user_id, name, prefix, secret_hash, scopes, networks, version, created_at,
            updated_at, rotated_at) VALUES ('k', ?1, 'k', 'sk', 'h', '[]', '[]', 1, 0, 0, 0)",
    ),
    (
        "identity_challenge",
        "INSERT INTO identity_challenge (id, token_hash, kind, user_id, attempts, created_at, expires_at)
         VALUES ('c', 'h', 'sign_in', ?1, 0, 0, 0)",
    ),
    (
        "identity_factor",
        "INSERT INTO identity_factor (id, user_id, kind, name, last_step, version, created_at)
         VALUES ('01900000-0000-7000-8000-000000000001', ?1, 'email', 'mail', 0, 1, 0)",
    ),
    ("identity_factor_duty", "INSERT INTO identity_factor_duty (user_id, due_at, met) VALUES (?1, 0, TRUE)"),
    (
        "identity_invitation",
        "INSERT INTO identity_invitation (id, email, email_folded, role, language, token_hash, invited_by, search_text,
            version, created_at, expires_at) VALUES ('i', 'a@b.c', 'a@b.c', 'user', 'fr', 'h', ?1, '', 1, 0, 0)",
    ),
    (
        "identity_known_device",
        "INSERT INTO identity_known_device (user_id, device_hash, first_seen_at, last_seen_at)
         VALUES (?1, 'h', 0, 0)",
    ),
    (
        "identity_mailed_code",
        "INSERT INTO identity_mailed_code (user_id, code_hash, attempts, sent_at, expires_at)
         VALUES (?1, 'h', 0, 0, 0)",
    ),
    (
        "identity_mailed_token",
        "INSERT INTO identity_mailed_token (id, user_id, kind, token_hash, email, password_mark, created_at, expires_at)
         VALUES ('m', ?1, 'reset', 'h', 'a@b.c', 'h', 0, 0)",
    ),
    (
        "identity_oidc_link",
        "INSERT INTO identity_oidc_link (id, user_id, issuer, subject, created_at, last_used_at)
         VALUES ('l', ?1, 'https://a.example', 's', 0, 0)",
    ),
    (
        "identity_oidc_ticket",
        "INSERT INTO identity_oidc_ticket (ticket_hash, user_id, state_hash, expires_at) VALUES ('h', ?1, 'h', 0)",
    ),
    (
        "identity_passkey",
        "INSERT INTO identity_passkey (id, user_id, credential_id, credential, name, version, created_at)
         VALUES ('01900000-0000-7000-8000-000000000002', ?1, 'c', '{}', 'p', 1, 0)",
    ),
    // An account has its preferences from the beginning.
    ("identity_preference", "UPDATE identity_preference SET dark_mode = TRUE WHERE user_id = ?1"),
    (
        "identity_recovery_code",
        "INSERT INTO identity_recovery_code (id, user_id, code_hash, created_at) VALUES ('r', ?1, 'h', 0)",
    ),
    // Who signed in has these.
    ("identity_refresh_token", "UPDATE identity_refresh_token SET issued_at = 0 WHERE user_id = ?1"),
    ("identity_session", "UPDATE identity_session SET created_at = 0 WHERE user_id = ?1"),
    (
        "identity_user_permission",
        "INSERT INTO identity_user_permission (id, user_id, permission, created_at) VALUES ('g', ?1, 'p', 0)",
    ),
];

/// The tables that point at an account, as the migrations make them.
fn pointing() -> BTreeSet<&'static str> {
    let parts = socle_identity_trial::MODULE.with_parts();
    let statements = parts.flat_map(|part| part.migrations).flat_map(|file| file.sql.split(';'));
    let tables = statements.filter(|sql| sql.contains("REFERENCES identity_user (id)"));
    tables.filter_map(|sql| sql.split("CREATE TABLE ").nth(1)?.split_whitespace().next()).collect()
}

#[tokio::test]
async fn nothing_that_points_at_an_account_outlives_its_erasure() {
    assert_eq!(pointing(), ROWS.iter().map(|(table, _)| *table).collect());
    let trial = Trial::start().await;
    trial.account("boss", "admin").await;
    trial.account("zoe", "employee").await;
    let zoe = trial.sign_in("zoe").await;
    let user = zoe.user;
    trial
        .tamper(move |tx| {
            for (table, sql) in ROWS {
                assert_eq!(tx.exec(sql, &[&user])?, 1, "{table}");
            }
            Ok(())
        })
        .await;
    let body = json!({"username": "zoe"});
    trial.request("DELETE", "/api/v1/users/me").bearer(&zoe.access).json(&body).send().await.expect(204);
    for (table, _) in ROWS {
        let column = if *table == "identity_invitation" { "invited_by" } else { "user_id" };
        let sql: &'static str = format!("SELECT COUNT(*) FROM {table} WHERE {column} = ?1").leak();
        assert_eq!(trial.value::<i64>(sql, user).await, 0, "{table}");
    }
}
