//! The settings that belong to no module.

use crate::Setting;
use crate::SettingKind::{Bool, Choice, Duration, Integer, List, Networks, Path, Secret, Size, Text, Url};

/// The settings that belong to no module.
pub const BASE: &[Setting] = &[
    Setting::new("profile", Text, "full", "The profile: which modules are on, and their limits and rules.")
        .env("SOCLE_PROFILE"),
    Setting::new(
        "environment",
        Choice(&["development", "production"]),
        "development",
        "Production refuses weak secrets and demonstration data.",
    )
    .aliases(&["NODE_ENV"]),
    Setting::new("data_dir", Path, "./data", "The folder of the database, the keys and the files.")
        .env("SOCLE_DATA_DIR"),
    Setting::new(
        "encryption.key",
        Secret,
        "",
        "Seals secrets in the database, the same on every node; unset: a file in the data folder.",
    )
    .env("ENCRYPTION_KEY"),
    Setting::new(
        "encryption.previous_keys",
        Secret,
        "",
        "Keys that sealed before, separated by commas: they open what is not sealed anew yet.",
    )
    .env("ENCRYPTION_KEY_PREVIOUS"),
    Setting::new(
        "password.pepper",
        Secret,
        "",
        "Mixed into the hashes of passwords, the same on every node; once set, never to be lost.",
    ),
    Setting::new(
        "password.previous_peppers",
        Secret,
        "",
        "Peppers of older hashes, separated by commas: they verify until their owners have signed in.",
    ),
    Setting::new("server.host", Text, "127.0.0.1", "The address to listen on.").env("HOST"),
    Setting::new(
        "server.port",
        Integer { min: 0, max: 65_535 },
        "8080",
        "The port to listen on; 0 takes a free one.",
    )
    .env("PORT"),
    Setting::new("server.public_url", Url, "", "The address under which people reach the server.")
        .env("PUBLIC_URL"),
    Setting::new(
        "server.trusted_proxies",
        Networks,
        "",
        "The proxies whose forwarding headers are believed.",
    )
    .env("TRUSTED_PROXIES"),
    Setting::new("server.body_limit", Size, "1MiB", "The largest request body."),
    Setting::new("server.header_timeout", Duration, "10s", "The time a client has to send its headers."),
    Setting::new("server.body_timeout", Duration, "30s", "The time a client has to send its body."),
    Setting::new("server.request_timeout", Duration, "30s", "The time a request has to be answered."),
    Setting::new(
        "server.max_connections",
        Integer { min: 1, max: 1_000_000 },
        "10000",
        "Connections served at once; further ones wait.",
    ),
    Setting::new(
        "shutdown.notice",
        Duration,
        "5s",
        "The time between not being ready and refusing connections.",
    ),
    Setting::new("shutdown.drain", Duration, "25s", "The time running requests have to end at shutdown."),
    Setting::new(
        "database.url",
        Url,
        "",
        "sqlite:<path> or postgres://…; unset: a SQLite file in the data folder.",
    ),
    Setting::new("database.read_url", Url, "", "A read replica of the PostgreSQL database."),
    Setting::new(
        "database.readers",
        Integer { min: 1, max: 256 },
        "8",
        "Connections (PostgreSQL) or threads (SQLite) for reads.",
    ),
    Setting::new(
        "database.writers",
        Integer { min: 1, max: 256 },
        "8",
        "Connections for writes on PostgreSQL; SQLite has one writer.",
    ),
    Setting::new(
        "database.queue",
        Integer { min: 1, max: 1_000_000 },
        "1024",
        "Database calls that may wait before new ones are refused with 503.",
    ),
    Setting::new(
        "database.inline_reads",
        Bool,
        "true",
        "Run short SQLite reads on the thread of the request; off suits a database larger than memory.",
    ),
    Setting::new(
        "cors.allowed_origins",
        List,
        "",
        "The origins whose pages may call the API from a browser.",
    ),
    Setting::new(
        "jwt.secret",
        Secret,
        "",
        "The key that signs access tokens, 32 bytes or more; unset: made at the first start.",
    ),
    Setting::new(
        "log.level",
        Text,
        "info,tokio_postgres=warn",
        "What is logged: a level, or directives like info,socle_db=debug.",
    ),
    Setting::new(
        "log.format",
        Choice(&["auto", "json", "pretty"]),
        "auto",
        "How it is logged; auto: pretty on a terminal, else JSON.",
    ),
    Setting::new(
        "log.requests",
        Choice(&["some", "all"]),
        "some",
        "Which requests are logged: writes, refusals, failures and slow ones, or all.",
    ),
    Setting::new(
        "metrics.token",
        Secret,
        "",
        "The bearer token that /metrics asks for; unset: loopback only.",
    ),
    Setting::new("language.default", Choice(&["fr", "en"]), "fr", "The language of those who ask for none."),
    Setting::new("docs.enabled", Bool, "true", "Serve the documentation page under /docs."),
];
