//! What an operator reads: help, mistakes and failures, in both languages; and commands that only look.
#![expect(clippy::unwrap_used, reason = "a failed expectation fails the test")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use serde_json::Value;
use socle::configuration;
use socle_kit::db::Db;
use support::process::Place;

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What the binary says in French, and its exit code.
fn french(place: &Place, arguments: &[&str], variables: &[(&str, &str)]) -> (String, Option<i32>) {
    let mut command = place.command(arguments);
    let output = command.env("LANG", "fr_FR.UTF-8").envs(variables.iter().copied()).output().unwrap();
    (text(&output), output.status.code())
}

#[test]
fn help_leaves_the_settings_to_one_command_and_names_it() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["-h"], &["user", "list", "--help"], &["help", "migrate"]] {
        let output = place.run(arguments);
        let said = text(&output);
        assert!(output.status.success() && said.contains("socle config keys"), "{arguments:?}: {said}");
        assert!(!said.contains("--server-body-limit") && said.lines().count() < 30, "{arguments:?}: {said}");
    }
    let keys = text(&place.run(&["config", "keys"]));
    let listed = place.run(&["config", "keys", "--json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    for (setting, entry) in configuration::settings().iter().zip(listed.as_array().unwrap()) {
        assert!(keys.contains(&format!("--{}  {}", setting.flag(), setting.variable())), "{}", setting.key);
        assert_eq!(entry["key"], setting.key);
    }
}

#[test]
fn help_and_mistakes_are_in_the_language_of_the_terminal_and_keep_their_exit_code() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["user", "add", "-h"], &["--lang", "fr", "help", "user"]] {
        let (said, code) = french(&place, arguments, &[]);
        assert_eq!(code, Some(0));
        assert!(said.contains("Utilisation :") && said.contains("Afficher cette aide"), "{said}");
        for english in ["Usage:", "Commands:", "Print help", "COMMAND]"] {
            assert!(!said.contains(english), "{english}: {said}");
        }
    }
    for (arguments, expected) in [
        (&["sreve"][..], "Vouliez-vous dire serve ?"),
        (&["--prot", "1"], "Vouliez-vous dire --port ?"),
        (&["migrate"], "Il manque une commande : status, plan, up."),
        (&["user", "add", "ana"], "Il manque un argument : --email"),
        (&["--lang", "de"], "valeurs possibles : fr, en"),
        (&["user", "list", "--limit", "many"], "« many » n’est pas une valeur"),
        (&["help", "nowhere"], "Il n’y a pas de commande « nowhere »."),
    ] {
        let (said, code) = french(&place, arguments, &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(expected) && !said.contains("error:"), "{arguments:?}: {said}");
    }
    let asked = text(&place.run(&["sreve", "--lang=fr"]));
    assert!(asked.contains("Vouliez-vous dire serve ?"), "{asked}");
    let english = text(&place.run(&["sreve"]));
    assert!(english.contains("Did you mean serve?"), "{english}");
}

#[test]
fn settings_that_are_wrong_are_told_in_french_with_what_to_do() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("socle.toml"), "[server]\nprot = 1\nport = true\n").unwrap();
    let variables = [
        ("LOG_FORMAT", "yaml"),
        ("DATABASE_READ_URL", "mysql:x"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("JWT_SECRET_FILE", "/nowhere/secret"),
    ];
    let (said, code) = french(&place, &["config", "check"], &variables);
    assert_eq!(code, Some(78), "{said}");
    for expected in [
        "server.prot n’est pas un réglage",
        "Vouliez-vous dire server.port ?",
        "server.port n’est pas du bon type (attendu : un nombre entier de 0 à 65",
        "environnement LOG_FORMAT : log.format n’est pas valide : « yaml » (attendu : l’un de auto, json, pretty)",
        "« 10.0.0.0/99 », qui n’est ni une adresse ni un réseau",
        "/nowhere/secret, qui ne peut pas être lu : il n’existe pas",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(said.matches("→").count() >= 5, "a hint each: {said}");
}

#[test]
fn everything_that_is_wrong_with_settings_is_told_at_once_whatever_it_is() {
    let place = Place::new();
    let variables = [
        ("SOCLE_PROFILE", "ful"),
        ("PORT", "many"),
        ("DATABASE_URL", "sqlite:data/socle.db"),
        ("DATABASE_READ_URL", "postgres://u:hunter2@h/d?sslmode=maybe"),
        ("CORS_ALLOWED_ORIGINS", "x"),
        ("LOG_LEVEL", "ab=cd="),
        ("SOCLE_ADMIN_EMAIL", "bad"),
        ("SOCLE_ADMIN_PASSWORD", "a"),
    ];
    let (said, code) = french(&place, &["config", "check"], &variables);
    assert_eq!(code, Some(78), "{said}");
    for expected in [
        "environnement SOCLE_PROFILE : profile",
        "environnement PORT : server.port n’est pas valide",
        "database.read_url demande un sslmode qui n’existe pas",
        "database.read_url est pour PostgreSQL ; une base SQLite n’a pas de réplique",
        "cors.allowed_origins",
        "log.level",
        "identity.admin_email n’est pas une adresse",
        "identity.admin_password est trop faible",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(!said.contains("hunter2") && !place.data().exists());
}

#[test]
fn a_start_that_fails_says_why_and_what_to_do_in_the_language_of_the_terminal() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let fails = |variables: &[(&str, &str)], expected: &str| {
        let (said, code) = french(&place, &["serve"], variables);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(expected) && said.contains("→"), "{expected}: {said}");
    };
    fails(&[("PORT", &port)], &format!("Le port {port} est pris"));
    let english = place.command(&["serve"]).env("PORT", &port).output().unwrap();
    assert!(text(&english).contains(&format!("The port {port} is taken")), "{}", text(&english));

    assert!(
        !place.data().exists(),
        "a start that gets no place makes nothing, least of all a password for nobody"
    );

    let key = place.data().join("keys/jwt.key");
    std::fs::create_dir_all(place.data().join("keys")).unwrap();
    std::fs::write(&key, [7; 32]).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    fails(&[("PORT", "0")], "D’autres peuvent lire le fichier de clé");
    fails(&[("SOCLE_DATA_DIR", "/proc/socle")], "Le dossier de données /proc/socle ne peut être ni créé");
    fails(
        &[("DATABASE_URL", "postgres://nobody:hunter2@127.0.0.1:1/x")],
        "PostgreSQL sur 127.0.0.1:1 est hors",
    );
    fails(
        &[("PORT", "0"), ("SOCLE_DATA_DIR", "/etc/passwd")],
        "Le dossier de données /etc/passwd est un fichier.",
    );
    let text_file = place.folder.path().join("notes.txt");
    std::fs::write(&text_file, "no database, but long enough to be looked at as one: ".repeat(40)).unwrap();
    fails(&[("DATABASE_URL", &format!("sqlite:{}", text_file.display()))], "ne peut pas être ouverte");
}

#[test]
fn a_migration_that_was_changed_is_told_in_french_by_every_command_that_needs_the_tables() {
    let place = Place::new();
    assert!(place.run(&["migrate", "up"]).status.success());
    let db = Db::open(&place.database_settings()).unwrap();
    let change = "UPDATE schema_migration SET checksum = 'another' WHERE module = 'identity' AND version = 1";
    db.write_blocking(move |tx| tx.exec(change, &[])).unwrap();
    db.close();
    for arguments in [&["serve"][..], &["migrate", "plan"], &["user", "list"]] {
        let (said, code) = french(&place, arguments, &[("PORT", "0")]);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("La migration identity 0001_accounts a changé depuis son application"),
            "{said}"
        );
    }
}

#[test]
fn looking_at_migrations_and_accounts_makes_nothing_and_migrates_nothing() {
    let place = Place::new();
    let status = text(&place.run(&["migrate", "status"]));
    assert!(status.contains("pending") && !status.contains("applied"), "{status}");
    let plan = text(&place.run(&["migrate", "plan"]));
    assert!(plan.contains("CREATE TABLE intranet_announcement"), "{plan}");
    let (said, code) = french(&place, &["user", "list"], &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("socle migrate up"), "{said}");
    assert!(!place.data().exists(), "a folder was made");
    let still = text(&place.run(&["migrate", "status"]));
    assert!(still.contains("pending"), "something was applied: {still}");
    let doctor = place.run(&["doctor"]);
    assert!(doctor.status.success(), "{}", text(&doctor));
    assert!(!place.data().exists(), "the doctor made a folder");
}

#[test]
fn accounts_are_a_table_with_a_header_and_no_longer_than_asked() {
    let place = Place::new();
    for name in ["ana", "bob", "cleo"] {
        assert!(
            place.run(&["user", "add", name, "--email", &format!("{name}@example.com")]).status.success()
        );
    }
    let (table, _) = french(&place, &["user", "list"], &[]);
    let lines: Vec<&str> = table.lines().collect();
    let header = lines.first().unwrap();
    for column in ["COMPTE", "E-MAIL", "NOM", "RÔLE", "ÉTAT", "DEPUIS"] {
        assert!(header.contains(column), "{table}");
    }
    let at = |line: &str, word: &str| line.split_once(word).map(|(before, _)| before.chars().count());
    let column = at(header, "E-MAIL");
    assert!(
        lines.iter().skip(1).take(3).all(|line| at(line, line.split_whitespace().nth(1).unwrap()) == column)
    );
    assert_eq!(lines.last().unwrap(), &"3 comptes");

    let first = text(&place.run(&["user", "list", "--limit", "2"]));
    assert!(first.contains("The first 2 accounts; there are more."), "{first}");
    assert!(first.contains("bob@example.com") && !first.contains("cleo@example.com"), "{first}");
    let all = place.run(&["user", "list", "--json"]);
    let all: Value = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 3);
}

#[test]
fn the_doctor_and_the_server_say_the_same_of_demonstration_accounts_and_weak_secrets() {
    let place = Place::new();
    assert!(place.run(&["seed", "--demo"]).status.success());
    let variables = [("HOST", "0.0.0.0"), ("JWT_SECRET", "short")];
    let doctor = place.command(&["doctor"]).envs(variables).output().unwrap();
    let log = place.folder.path().join("log");
    let running = place.serve_logging(&variables, &log);
    drop(running);
    let started = std::fs::read_to_string(&log).unwrap();
    for said in [
        "they cannot sign in, because this server is in production or others can reach it",
        "JWT_SECRET is shorter than 32 bytes",
    ] {
        assert!(started.contains(said), "the server: {started}");
        assert!(text(&doctor).contains(said), "the doctor: {}", text(&doctor));
    }
    assert_eq!(doctor.status.code(), Some(0), "what the server starts with is no error: {}", text(&doctor));
    let public = place.command(&["doctor"]).env("PUBLIC_URL", "https://socle.example.org").output().unwrap();
    assert!(text(&public).contains("they cannot sign in"), "a public address counts: {}", text(&public));
}
