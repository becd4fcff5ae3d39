//! The settings of identity.

use socle_kit::config::{Setting, SettingKind};

/// What an operator may set.
pub const ALL: &[Setting] = &[
    Setting::new(
        "identity.registration",
        SettingKind::Choice(&["open", "invitation", "closed"]),
        "open",
        "Who may make an account: anybody, the invited, nobody.",
    ),
    Setting::new(
        "identity.default_role",
        SettingKind::Choice(&["user", "student", "employee"]),
        "user",
        "The role of those who register.",
    ),
    Setting::new(
        "identity.issuer",
        SettingKind::Text,
        "socle",
        "The issuer named in access tokens; the same on every node.",
    ),
    Setting::new(
        "identity.audience",
        SettingKind::Text,
        "socle-api",
        "The audience named in access tokens; the same on every node.",
    ),
    Setting::new(
        "identity.access_token_lifetime",
        SettingKind::Duration,
        "15m",
        "The life of an access token.",
    ),
    Setting::new(
        "identity.token_signature",
        SettingKind::Choice(&["auto", "eddsa", "hs256"]),
        "auto",
        "How access tokens are signed: eddsa with a rotating key, hs256 with jwt.secret; auto: hs256 where that is set.",
    ),
    Setting::new(
        "identity.key_rotation",
        SettingKind::Duration,
        "90d",
        "How old a key that signs access tokens becomes before another takes its place.",
    ),
    Setting::new(
        "identity.cookie_idle",
        SettingKind::Duration,
        "30m",
        "How long a session by cookie lives without being used.",
    ),
    Setting::new("identity.cookie_idle_admin", SettingKind::Duration, "15m", "The same for administrators."),
    Setting::new(
        "identity.cookie_lifetime",
        SettingKind::Duration,
        "12h",
        "How long a session by cookie lives at most, however much it is used.",
    ),
    Setting::new(
        "identity.refresh_token_lifetime",
        SettingKind::Duration,
        "7d",
        "How long a session lives without being used.",
    ),
    Setting::new(
        "identity.session_lifetime",
        SettingKind::Duration,
        "30d",
        "How long a session lives at most, however much it is used.",
    ),
    Setting::new(
        "identity.proof_lifetime",
        SettingKind::Duration,
        "5m",
        "How long a proof of who one is stays fresh: a password, a code.",
    ),
    Setting::new(
        "identity.factor_required_roles",
        SettingKind::List,
        "admin",
        "The roles that need a second factor; none: no role does.",
    ),
    Setting::new(
        "identity.factor_grace",
        SettingKind::Duration,
        "7d",
        "How long accounts of those roles may be without one, from their first sign-in.",
    ),
    Setting::new(
        "identity.factor_issuer",
        SettingKind::Text,
        "Socle",
        "The name of this server in authenticator applications and for passkeys.",
    ),
    Setting::new(
        "identity.password_min_length",
        SettingKind::Integer { min: 8, max: 128 },
        "15",
        "The fewest characters of a password.",
    ),
    Setting::new(
        "identity.password_require",
        SettingKind::List,
        "",
        "What a password must hold besides: upper, digit, special.",
    ),
    Setting::new(
        "identity.username_pattern",
        SettingKind::Choice(&["default", "alphanumeric"]),
        "default",
        "What user names are made of; default: letters and digits, with . _ - after the first.",
    ),
    Setting::new(
        "identity.username_max_length",
        SettingKind::Integer { min: 3, max: 50 },
        "50",
        "The most characters of a user name.",
    ),
    Setting::new(
        "identity.lock_after",
        SettingKind::Integer { min: 1, max: 1_000 },
        "5",
        "Refused sign-ins after which an account is locked.",
    ),
    Setting::new("identity.lock_duration", SettingKind::Duration, "30m", "How long an account stays locked."),
    Setting::new(
        "identity.admin_email",
        SettingKind::Text,
        "admin@localhost",
        "The address of the first administrator.",
    )
    .env("SOCLE_ADMIN_EMAIL"),
    Setting::new(
        "identity.admin_password",
        SettingKind::Secret,
        "",
        "The password of the first administrator; unset: made, and shown once.",
    )
    .env("SOCLE_ADMIN_PASSWORD"),
    Setting::new("limits.login", SettingKind::Quota, "5/15m", "Attempts to sign in or to change a password."),
    Setting::new("limits.register", SettingKind::Quota, "3/1h", "Accounts made from one address."),
    Setting::new("limits.otp", SettingKind::Quota, "3/10m", "Attempts at a second factor, and codes mailed."),
    Setting::new("limits.auth", SettingKind::Quota, "10/15m", "Other requests about credentials."),
];
