failed = socle: { $reason }
stopping = Stopping: requests under way are finished. Interrupt again to stop at once.

banner-listening = Socle { $version } listens on { $address } (profile { $profile }, { $environment })
banner-data = { "  " }data    { $folder }, database { $database }{ $migrations ->
    [0] {""}
    [one] , one migration applied
   *[other] , { $migrations } migrations applied
}
banner-docs = { "  " }docs    { $url }
banner-administrator = { "  " }admin   { $user }, password { $password } (shown this once; change it after signing in)
banner-sign-in = { "  " }sign in POST { $url }
banner-next = { "  " }next    socle seed --demo loads a demonstration company; socle doctor checks this installation

config-refused = { $count ->
    [one] One setting is wrong:
   *[other] { $count } settings are wrong:
}
config-right = The settings are right.

demo-refused = This database holds the demonstration accounts: they cannot sign in, because others can reach this server.

migrate-done = { $count ->
    [0] Nothing to do: the tables are up to date.
    [one] One migration applied.
   *[other] { $count } migrations applied.
}
migrate-planned = { $count ->
    [0] Nothing to do: the tables are up to date.
    [one] One migration would be applied.
   *[other] { $count } migrations would be applied.
}
migrate-applied = applied { $when }
migrate-pending = pending
migrate-off = applied { $when }; its module is switched off
migrate-changed = applied, but the file has changed since
migrate-unknown = applied by a newer version of Socle
migrate-skipped = not applied, although a later one is

seed-refused = The demonstration has weak passwords, so it is loaded only for this machine: listen on 127.0.0.1 and use the development environment.
seed-working = Loading the demonstration: { $module }…
seed-loaded = { $what ->
    [accounts] { $count } people
    [announcements] { $count } announcements
   *[other] { $count } { $what }
} added
seed-done = The demonstration is loaded. Sign in as marie.martin / marie123 or pierre.dubois / pierre123; admin / admin123 works where there was no administrator before.

user-added = { $user } was added, with the role { $role }.
user-password = One-time password: { $password } (shown this once)
user-password-set = The password of { $user } was changed; every session is over.
user-promoted = { $user } now has the role { $role }.
user-count = { $count ->
    [one] One account
   *[other] { $count } accounts
}
user-type-password = Password:{" "}

doctor-healthy = Everything is as it should be.
banner-next-doctor = { "  " }next    socle doctor checks this installation

doctor-fair = It works; the points marked with ! deserve attention.
doctor-ill = The points marked with ✗ must be mended.
doctor-disk = { $free } MiB free at { $folder }
doctor-disk-low = Only { $free } MiB free at { $folder }
doctor-disk-low-hint = Free some space or move the data folder (SOCLE_DATA_DIR).
doctor-disk-full = { $free } MiB free at { $folder }: writes will soon fail
doctor-disk-full-hint = Free some space now, or move the data folder (SOCLE_DATA_DIR).
doctor-disk-unknown = The free space at { $folder } could not be read
doctor-disk-unknown-hint = Check that the folder's disk is mounted and may be read.
doctor-files = Only the owner may read { $folder }
doctor-files-none = { $folder } does not exist yet; the first start makes it
doctor-files-open = { $path } may be read by others (mode { $mode })
doctor-files-open-hint = chmod go-rwx { $path }
doctor-database = Database: { $database }
doctor-database-none = There is no database in { $folder } yet; the first start makes it
doctor-database-away = The database does not answer: { $reason }
doctor-database-away-hint = Check DATABASE_URL, that the server runs, and that this machine may reach it.
doctor-migrations = The tables are up to date
doctor-migrations-pending = { $count ->
    [one] One migration waits
   *[other] { $count } migrations wait
}
doctor-migrations-pending-hint = The next start applies them, or: socle migrate up
doctor-migrations-refused = The migrations do not fit this binary: { $reason }
doctor-migrations-refused-hint = Run the version of Socle that wrote this database, or a newer one.
doctor-clock = The clock agrees with the database
doctor-clock-off = This machine's clock and the database's are { $drift } ms apart
doctor-clock-off-hint = Synchronise the clocks (NTP): tokens, locks and the order of events depend on them.
doctor-demo-accounts = The demonstration accounts, with their published passwords, are in this database
doctor-demo-accounts-hint = Use another database for real data; reached from elsewhere, these accounts cannot sign in.
doctor-proxy = Forwarding headers are believed from { $count ->
    [0] nobody
    [one] one network
   *[other] { $count } networks
}
doctor-proxy-none = The server listens on { $host } without TLS and without a proxy in front
doctor-proxy-none-hint = Put a TLS proxy in front, and name it in TRUSTED_PROXIES and PUBLIC_URL.
doctor-proxy-unlisted = PUBLIC_URL is { $url }, but no proxy is trusted: every client will look like the proxy
doctor-proxy-unlisted-hint = Name the proxy's address in TRUSTED_PROXIES.
doctor-proxy-everyone = TRUSTED_PROXIES trusts the whole world: anybody can pretend to be anybody
doctor-proxy-everyone-hint = List only the addresses of your own proxies.
doctor-secret-given = { $name } is given and long enough
doctor-secret-file = The signing key is in { $folder }
doctor-secret-none = The signing key is made at the first start
doctor-secret-short = { $name } is shorter than 32 bytes
doctor-secret-short-hint = Make another: openssl rand -base64 48
doctor-secret-readable = { $reason }
doctor-secret-readable-hint = chmod 600 the file that holds the secret.
doctor-metrics-local = /metrics answers this machine only
doctor-metrics-local-hint = Give METRICS_TOKEN if a collector elsewhere is to read it.

command-socle = One hardened backend in one binary
command-settings = Settings [variable; default], also in a file and in the environment
command-serve = Run the server (also what happens without a command)
command-migrate = The database's tables
command-migrate-status = Show which migrations are applied
command-migrate-plan = Show the SQL that would run
command-migrate-up = Apply what is pending
command-config = The settings
command-config-check = Say whether the settings are right
command-config-show = Show every setting and where it comes from
command-config-file = The configuration file (default: socle.toml, if there is one)
command-user = Accounts
command-user-add = Add an account
command-user-list = List the accounts
command-user-set-password = Set a password; every session ends
command-user-promote = Give an account another role
command-user-name = The user name or e-mail address
command-user-email = The e-mail address
command-user-role = The role (default: admin when promoting, else the profile's)
command-user-full-name = The name shown to others
command-user-search = Only those whose name, user name or address holds this
command-user-password-stdin = Read the password from standard input instead of making one
command-seed = Load data
command-seed-demo = A demonstration company: 220 people, 2,000 announcements
command-openapi = Print the OpenAPI 3.1 document
command-doctor = Check this installation and say what to mend
command-json = As JSON, for programs
command-reference = Print a catalogue that is committed with the code
command-completions = Print the completion script of a shell
command-version = Print the version
command-lang = The language of messages
