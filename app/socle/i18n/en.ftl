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

demo-refused = This database holds the demonstration accounts: they cannot sign in, because this server is in production or others can reach it.

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
user-erased = { $user } was erased.
user-count = { $count ->
    [one] One account
   *[other] { $count } accounts
}
keys-rotated = The key { $key } is announced and signs from { $from } on. The tokens of the others stay good until they end.
keys-replaced = The key { $key } signs. What the others signed is no longer believed.
keys-count = { $count ->
    [0] No key signs
    [one] One key
   *[other] { $count } keys
}
keys-state-announced = announced
keys-state-in-force = signs
keys-state-verifying = its tokens are still good
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
doctor-sealing = The sealing key is the one of this database
doctor-sealing-refused = The server will not start: { $reason }
doctor-sealing-refused-hint = { $advice }
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
doctor-secret-file = The secret of identity is in { $folder }
doctor-secret-none = The secret of identity is made at the first start
doctor-secret-readable = { $reason }
doctor-secret-readable-hint = chmod 600 the file that holds the secret.
doctor-metrics-local = /metrics answers this machine only
doctor-metrics-local-hint = Give METRICS_TOKEN if a collector elsewhere is to read it.

command-socle = One hardened backend in one binary
command-settings = Every setting is a flag too (--port 9000): socle config keys lists them.
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
command-user-export-data = Print everything that is held about somebody, as JSON
command-user-erase = Erase somebody for good: the account, and the name wherever it stands
command-user-erase-yes = Yes, for good
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

command-template = {"{"}about-with-newline{"}"}
    Usage: {"{"}usage{"}"}

    {"{"}all-args{"}"}{"{"}after-help{"}"}
command-heading-commands = Commands
command-heading-options = Options
command-help = Help on a command
command-help-flag = Print this help
command-help-of = The command, and what is below it
command-value-command = COMMAND
command-value-text = TEXT
command-value-file = FILE
command-value-user = USER
command-config-keys = List every setting: its flag, its variable, its default
command-keys = The keys of this server: those that sign access tokens, those that seal fields
command-keys-list = List the keys, by name
command-keys-rotate = Have another key sign, or with --fields seal everything anew; nothing ends
command-keys-at-once = At once, for a key that others may have: every access token ends, clients refresh
command-user-limit = How many at most (default: 100; with --json: all; 0: all)

usage-unknown = There is no argument { $argument } here.
usage-no-command = There is no command “{ $command }”.
usage-command-missing = A command is missing{ $commands ->
    [0] .
   *[other] : { $commands }.
}
usage-missing = An argument is missing: { $argument }.
usage-value-missing = { $argument } needs a value{ $valid ->
    [0] .
   *[other] : { $valid }.
}
usage-bad-value = “{ $value }” is no value for { $argument }{ $valid ->
    [0] .
   *[other] ; it takes: { $valid }.
}
usage-conflict = { $argument } stands twice or against another argument.
usage-count = { $argument } has too many values or too few.
usage-other = The command line cannot be understood: { $reason }.
usage-meant = Did you mean { $meant }?
usage-line = Usage: { $usage }
usage-more = More: socle --help, or socle help COMMAND

settings-intro = Each setting as a flag and as an environment variable, and as a key of the configuration file.
settings-entry = in the file: { $key }   default: { $default }

source-default = default
source-profile = profile { $name }
source-environment = environment { $name }
source-flag = flag --{ $name }
problem = { $source }: { $key ->
    [0] {""}
   *[other] { $key }{" "}
}{ $trouble }
problem-nearest = Did you mean { $nearest }?

user-column-user = USER
user-column-email = E-MAIL
user-column-name = NAME
user-column-role = ROLE
user-column-state = STATE
user-column-since = SINCE
user-active = active
user-inactive = switched off
user-count-first = { $count ->
    [one] The first account; there are more.
   *[other] The first { $count } accounts; there are more.
} --search WORDS narrows the list, --limit 0 shows all.

seed-nothing = There was nothing to add: the demonstration is here already.
demo-refused-hint = Use another database for real data: socle config show names this one.
doctor-secret-weak = { $reason }
doctor-secret-weak-hint = Make another: openssl rand -base64 48. Production refuses this one.
doctor-database-unverified = The connection to { $host } is not verified: anybody in between can pretend to be the database
doctor-database-unverified-hint = Add sslmode=verify-full to the database's URL.

io-denied = permission denied
io-not-found = it does not exist
io-refused = nothing listens there
io-timeout = no answer in time
io-in-use = it is in use
io-not-here = this machine does not have it
io-is-folder = it is a folder
io-no-folder = what should be a folder is a file
io-read-only = the disk is read-only
io-full = the disk is full
io-exists = it exists already
io-no-text = it is not UTF-8 text

kind-text = a text
kind-secret = a secret
kind-bool = true or false
kind-integer = a whole number from { $min } to { $max }
kind-integer-from = a whole number, { $min } or more
kind-duration = a time, like 500ms, 30s, 15m, 12h or 7d
kind-size = a size, like 64KiB or 1MiB
kind-quota = so many per time, like 100/1m, or off
kind-choice = one of { $words }
kind-list = a list of texts
kind-networks = a list of addresses and networks, like 10.0.0.0/8
kind-path = a path
kind-url = a URL

trouble-setting-unknown = is not a setting
trouble-setting-unknown-hint = socle config keys lists every setting.
trouble-setting-twice = is given twice: by { $name } and by { $name }_FILE
trouble-setting-twice-hint = Keep one of the two.
trouble-setting-is-section = is a section, not a setting
trouble-setting-is-section-hint = Write it as [section] with its settings below.
trouble-setting-type = is not of the right type (expected: { $expected })
trouble-setting-type-hint = Correct the value, or remove the line to have the default.
trouble-setting-no-list = is not a list (expected: { $expected })
trouble-setting-no-list-hint = Write one value instead of a list.
trouble-setting-invalid = is not valid: “{ $value }” (expected: { $expected })
trouble-setting-invalid-hint = Correct the value, or leave it out to have the default.
trouble-setting-no-url = is not a URL (expected: scheme:rest, without spaces)
trouble-setting-no-url-hint = Write it like https://example.org; signs such as @ in a password are written %40.
trouble-setting-no-network = holds “{ $value }”, which is neither an address nor a network
trouble-setting-no-network-hint = Write addresses like 10.0.0.5 and networks like 10.0.0.0/8.
trouble-setting-missing = has no value and needs one
trouble-setting-missing-hint = socle config keys says what it is for.
trouble-setting-scheme = begins with { $words } or nothing
trouble-setting-scheme-hint = Correct the beginning of the URL.
trouble-setting-no-origin = holds “{ $value }”, which is no origin like https://app.example.com
trouble-setting-no-origin-hint = Write scheme and host, without a path and without a final /.
trouble-setting-no-host = is an IP address or localhost, not “{ $value }”
trouble-setting-no-host-hint = 127.0.0.1 listens for this machine only, 0.0.0.0 for everybody.
trouble-setting-no-level = is a level (error, warn, info, debug, trace, off) or directives like info,socle_db=debug
trouble-setting-no-level-hint = Correct it, or leave it out to have the default.
trouble-setting-short = has fewer than 32 bytes
trouble-setting-short-hint = Make another: openssl rand -base64 48.
trouble-setting-known = holds a sample that everybody knows
trouble-setting-known-hint = Make another: openssl rand -base64 48.
trouble-setting-monotonous = repeats a few characters
trouble-setting-monotonous-hint = Make another: openssl rand -base64 48.
trouble-setting-not-shorter = must be shorter than { $than }: as it is, owners would be told of every key as soon as it is made
trouble-setting-not-shorter-hint = Shorten it, or lengthen { $than }.
trouble-setting-module = names “{ $value }”; the modules are { $words }
trouble-setting-module-hint = Correct the name, or leave the setting out to have all of them.
trouble-setting-profile = names “{ $value }”; the profiles are { $words }
trouble-setting-profile-hint = Choose one of them (SOCLE_PROFILE).
trouble-settings-unreadable = cannot be read: { $reason }
trouble-settings-unreadable-hint = Check the path and who may read the file.
trouble-settings-malformed = is not TOML: { $reason }
trouble-settings-malformed-hint = Texts stand in quotes, sections in [brackets]; socle config keys lists what there is.
trouble-secret-file-open = is read from { $path }, which others on this machine may read too
trouble-secret-file-open-hint = chmod 600 { $path }
trouble-secret-file-empty = is to be read from { $path }, which is empty
trouble-secret-file-empty-hint = Write the value into the file, or name another.
trouble-secret-file-unreadable = is to be read from { $path }, which cannot be read: { $reason }
trouble-secret-file-unreadable-hint = Check the path and who may read the file.
trouble-secret-on-the-line = is a secret on the command line, where others on this machine may read it
trouble-secret-on-the-line-hint = Give it as a variable, or in a file named by <VARIABLE>_FILE.
trouble-line-no-variable = is not NAME=value
trouble-line-no-variable-hint = Write NAME=value, or # in front of a comment.
trouble-line-no-name = does not begin with the name of a variable
trouble-line-no-name-hint = Names are letters, digits and _, and begin with a letter.
trouble-line-open-quote = opens a quote that is never closed
trouble-line-open-quote-hint = Close it.
trouble-line-escape = holds an unknown escape after \
trouble-line-escape-hint = Known are \n, \r, \t, \", \\ and \$; between '…' nothing is escaped.
trouble-line-goes-on = goes on after its closing quote
trouble-line-goes-on-hint = Put a comment after #, or the whole value in quotes.
trouble-port-taken = The port { $port } is taken: another server listens on { $address }.
trouble-port-taken-hint = Stop it, or choose another port: PORT=8081 or --port 8081.
trouble-port-denied = This user may not listen on { $address }: { $reason }.
trouble-port-denied-hint = Ports below 1024 are the administrator's: choose another, with a proxy in front.
trouble-address-absent = This machine does not have the address { $address }.
trouble-address-absent-hint = Set HOST to one of its addresses, or to 0.0.0.0 for all of them.
trouble-listen = Listening on { $address } is not possible: { $reason }.
trouble-listen-hint = Check HOST and PORT.
trouble-data-folder = The data folder { $path } cannot be made or used: { $reason }.
trouble-data-folder-hint = Choose another (SOCLE_DATA_DIR), or give this user the right to write there.
trouble-database-file = The database { $path } cannot be opened: { $reason }.
trouble-database-file-hint = Check that it is a SQLite file, and that this user may read and write it and its folder.
trouble-database-none = There is no database { $path } yet.
trouble-database-none-hint = socle serve makes it, or socle migrate up.
trouble-database-behind = { $count ->
    [one] One migration waits: the tables are not up to date.
   *[other] { $count } migrations wait: the tables are not up to date.
}
trouble-database-behind-hint = socle migrate up applies them.
trouble-database-scheme = The address of a database begins with sqlite: or postgres://.
trouble-database-scheme-hint = Correct DATABASE_URL.
trouble-database-path = A SQLite database needs the path of a file.
trouble-database-path-hint = Write DATABASE_URL=sqlite:<path>, or leave it out.
trouble-database-address = The address of the PostgreSQL server cannot be understood.
trouble-database-address-hint = Write DATABASE_URL=postgres://user:password@host:5432/name; signs such as @ in a password are written %40.
trouble-database-sslmode = There is no sslmode { $mode }.
trouble-database-sslmode-hint = It is disable, prefer, require, verify-ca or verify-full.
trouble-database-issuers = The issuers of PostgreSQL's certificate in { $path } cannot be read: { $reason }.
trouble-database-issuers-hint = Check sslrootcert in DATABASE_URL: a readable file of certificates in PEM.
trouble-database-login = PostgreSQL at { $server } does not let { $user } in.
trouble-database-login-hint = Check the user and the password in DATABASE_URL.
trouble-database-unknown = PostgreSQL at { $server } has no database { $name }.
trouble-database-unknown-hint = Make it: createdb { $name }. Or correct DATABASE_URL.
trouble-database-away = PostgreSQL at { $server } cannot be reached: { $reason }.
trouble-database-away-hint = Check DATABASE_URL, that the server runs, and that this machine may reach it.
trouble-migration-unknown = The database has the migration { $module } { $name }, which this program does not know: a newer one migrated it.
trouble-migration-unknown-hint = Run the version of Socle that did, or a newer one; or restore a backup from before.
trouble-migration-skipped = The migration { $module } { $name } is not applied, although a later one of { $module } is.
trouble-migration-skipped-hint = Give it the next number.
trouble-migration-changed = The migration { $module } { $name } has changed since it was applied. Nothing was done.
trouble-migration-changed-hint = Undo the change and write a new migration.
trouble-migration-failed = The migration { $module } { $name } failed: { $reason }. It was undone as a whole.
trouble-migration-failed-hint = Mend what it stumbled over, then: socle migrate up.
trouble-key-file-open = Others may read the key file { $path } (mode { $mode }).
trouble-key-file-open-hint = chmod 600 { $path }
trouble-key-file-empty = The key file { $path } is empty.
trouble-key-file-empty-hint = Restore it, or remove it to have a new key made.
trouble-key-file-length = The key file { $path } does not hold exactly { $bytes } bytes.
trouble-key-file-length-hint = Restore it, or remove it to have a new key made.
trouble-key-file = The key file { $path } cannot be read or made: { $reason }.
trouble-key-file-hint = Check who owns it and its folder: this user must be able to read and write there.
trouble-secret-short = { $name } is shorter than 32 bytes.
trouble-secret-short-hint = Make another: openssl rand -base64 48. Or leave it unset to have a key made.
trouble-secret-known = { $name } holds a sample that everybody knows.
trouble-secret-known-hint = Make another: openssl rand -base64 48. Or leave it unset to have a key made.
trouble-secret-monotonous = { $name } repeats a few characters.
trouble-secret-monotonous-hint = Make another: openssl rand -base64 48. Or leave it unset to have a key made.
trouble-setting-no-email = is not an e-mail address
trouble-setting-no-email-hint = Write it like name@example.org.
trouble-setting-weak-password = is too weak for a password
trouble-setting-weak-password-hint = Choose a longer one that is not common, or leave it unset to have one made.
trouble-setting-no-sslmode = asks for an sslmode that does not exist
trouble-setting-no-sslmode-hint = The modes are disable, prefer, require, verify-ca and verify-full.
trouble-setting-no-address = is not the address of a PostgreSQL server
trouble-setting-no-address-hint = Write it like postgres://user:password@host:5432/database.
trouble-setting-no-replica = is for PostgreSQL; a SQLite database has no replica
trouble-setting-no-replica-hint = Remove it, or give DATABASE_URL the address of the PostgreSQL server.
trouble-data-folder-file = The data folder { $path } is a file.
trouble-data-folder-file-hint = Choose another (SOCLE_DATA_DIR), or move the file away.
doctor-database-broken = The database file cannot be opened: { $reason }
doctor-database-broken-hint = Put a backup in its place, or name another file (DATABASE_URL).
command-keys-fields = Seal every field anew that an older key has sealed, while servers run
keys-seals = seals, and opens what it has sealed
keys-opens = opens what it has sealed before
keys-seal-none = There is no sealing key yet: the first start makes one.
fields-working = { $column }: { $count } sealed anew…
fields-column = { $column }: { $count } sealed anew
fields-broken = { $column }: { $count } do not open with the keys that are given, and stay as they are
fields-done = Everything is sealed with the key { $key }. The older keys may go, once every server has it.
fields-incomplete = Some fields do not open: keep the older keys, find the one that is missing, and run this again.
trouble-sealing-key = This database is sealed with the key { $wanted }, and the keys that are given are { $given }.
trouble-sealing-key-hint = Give the key of this database in ENCRYPTION_KEY_PREVIOUS (or put its file back, keys/encryption.key in the data folder); socle keys list names those that are given.
trouble-sealing-key-none = This database is sealed with the key { $wanted }, and no key is given.
trouble-sealing-key-none-hint = Give the key of this database in ENCRYPTION_KEY, or put its file back (keys/encryption.key in the data folder). No other was made.
command-config-encrypt = Encrypt a configuration file (age); the result is read like any other
command-config-decrypt = Decrypt a configuration file
command-config-recipient = For the owner of this age key (age1…; may be given several times); without it: a passphrase
command-config-input = The file to be read
command-config-output = The file to be written; it must not exist
trouble-config-key-none = is encrypted, and there is no key to open it
trouble-config-key-none-hint = Name the file of your age key in SOCLE_CONFIG_KEY_FILE, or give the passphrase in SOCLE_CONFIG_PASSPHRASE (or _FILE).
trouble-config-key-file = is encrypted, and the key file { $path } cannot be read: { $reason }
trouble-config-key-file-hint = Check the path and who may read the file: it holds a line AGE-SECRET-KEY-1…
trouble-config-key-open = is encrypted, and others may read the key file { $path } (mode { $mode })
trouble-config-key-open-hint = chmod 600 { $path }
trouble-config-key-wrong = is encrypted for another key or passphrase
trouble-config-key-wrong-hint = Check SOCLE_CONFIG_KEY_FILE or SOCLE_CONFIG_PASSPHRASE: one of the two that the file was encrypted for.
trouble-config-broken = is no encrypted file, or was changed since
trouble-config-broken-hint = Write it again: socle config encrypt socle.toml socle.toml.age.
trouble-config-large = is larger than { $bytes } bytes
trouble-config-large-hint = A configuration file holds settings alone.
trouble-config-recipient = { $value } is no age key.
trouble-config-recipient-hint = It begins with age1; age-keygen -y shows that of a key file.
trouble-config-output = The file { $path } cannot be written: { $reason }.
trouble-config-output-hint = Name a file that does not exist, in a folder that you may write to.
trouble-config-input = The file { $path } cannot be read: { $reason }.
trouble-config-input-hint = Check the path and who may read the file.
config-encrypted = { $path } is encrypted. Start with --config { $path }, and remove the open file.
config-decrypted = { $path } is written, for its owner alone.
config-passphrase = Passphrase:{" "}
command-config-new-key = Make a key, write it to this file, and encrypt for it
trouble-oidc-settings = Signing in with an account of elsewhere is not set up right: { $reason }.
trouble-oidc-settings-hint = Correct OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CA_FILE, or unset OIDC_ISSUER to switch it off.
command-measure = What it costs this machine to know a caller

command-mail = Mail
command-mail-test = Send a test mail now, and say where it went
command-mail-list = List the mails that wait and those that were given up
command-mail-retry = Send mails again that failed
command-mail-address = Whom to send it to
command-mail-id = The mail, as `socle mail list` names it
command-mail-all = Every mail that failed
command-mail-limit = How many at most (default: 100)
command-value-address = ADDRESS
command-value-id = ID

mail-test-file = There is no mail server (SMTP_URL): the mail is in { $path }
mail-test-sent = { $server } has taken the mail.
mail-test-failed = The mail was not sent: { $reason }
mail-line-waiting = { $id }  { $template }  next at { $due }{ $attempts ->
    [0] {""}
    [one] , tried once
   *[other] , tried { $attempts } times
}{ $reason ->
    [0] {""}
   *[other] : { $reason }
}
mail-line-dead = { $id }  { $template }  given up { $dead }{ $attempts ->
    [0] {""}
    [one] , tried once
   *[other] , tried { $attempts } times
}: { $reason }
mail-count = { $count ->
    [0] No mail
    [one] One mail
   *[other] { $count } mails
}
mail-unknown = There is no mail { $id } in the queue.
mail-retried = { $count ->
    [0] No mail has failed.
    [one] One mail is sent again by the running server.
   *[other] { $count } mails are sent again by the running server.
}

doctor-mail-folder = Mails are written to { $folder }
doctor-mail-nowhere = Mails are written to { $folder } and reach nobody
doctor-mail-nowhere-hint = Give SMTP_URL and MAIL_FROM: people confirm addresses and reset passwords by mail.
doctor-mail-server = The mail server { $server } answers
doctor-mail-away = The mail server { $server } cannot be used: { $reason }
doctor-mail-away-hint = Check SMTP_URL, its user and password, and that this machine may reach the port.
doctor-mail-refused = The settings of mail do not work: { $reason }
doctor-mail-refused-hint = socle config check says what is wrong.
doctor-mail-failed = { $count ->
    [one] One mail could not be delivered
   *[other] { $count } mails could not be delivered
}
doctor-mail-failed-hint = socle mail list says why; socle mail retry sends them again.

trouble-setting-no-smtp = is not the address of a mail server
trouble-setting-no-smtp-hint = Write it like smtp://user:password@host:587 or smtps://user:password@host; signs such as @ in a password are written %40.
trouble-setting-smtp-plain = would send its password unencrypted to another machine
trouble-setting-smtp-plain-hint = Remove ?tls=none, or the user and the password.
trouble-setting-no-sender = is not a sender
trouble-setting-no-sender-hint = Write it like no-reply@example.org or Name <no-reply@example.org>.
trouble-setting-sender-missing = has no value, and SMTP_URL needs one
trouble-setting-sender-missing-hint = Give an address that the mail server lets this product send from.
trouble-setting-mail-timeout = is too short: no mail is delivered in that time
trouble-setting-mail-timeout-hint = 30s is right for most mail servers.
trouble-setting-mail-tls = cannot be used for TLS: { $reason }
trouble-setting-mail-tls-hint = Check the host of SMTP_URL and the certificates.
trouble-setting-ca-unreadable = names { $path }, which cannot be read: { $reason }
trouble-setting-ca-unreadable-hint = Check the path and who may read the file.
trouble-setting-ca-malformed = names { $path }, which holds no certificate
trouble-setting-ca-malformed-hint = It must hold certificates in PEM form (BEGIN CERTIFICATE).
trouble-no-account = There is no account { $user }.
trouble-no-account-hint = socle user list shows those there are.
trouble-erase-unconfirmed = { $user } was not erased: it cannot be undone.
trouble-erase-unconfirmed-hint = Say it again with --yes.
