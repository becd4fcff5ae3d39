failed = socle : { $reason }
stopping = Arrêt en cours : les requêtes entamées se terminent. Interrompez encore pour arrêter aussitôt.

banner-listening = Socle { $version } écoute sur { $address } (profil { $profile }, environnement { $environment })
banner-data = { "  " }données   { $folder }, base { $database }{ $migrations ->
    [0] {""}
    [one] , une migration appliquée
   *[other] , { $migrations } migrations appliquées
}
banner-docs = { "  " }docs      { $url }
banner-administrator = { "  " }admin     { $user }, mot de passe { $password } (affiché une seule fois ; changez-le après connexion)
banner-sign-in = { "  " }connexion POST { $url }
banner-next = { "  " }ensuite   socle seed --demo charge une entreprise de démonstration ; socle doctor vérifie l’installation

config-refused = { $count ->
    [one] Un réglage est incorrect :
   *[other] { $count } réglages sont incorrects :
}
config-right = Les réglages sont corrects.

demo-refused = Cette base contient les comptes de démonstration : ils ne peuvent pas se connecter, car ce serveur est en production ou d’autres machines l’atteignent.

migrate-done = { $count ->
    [0] Rien à faire : les tables sont à jour.
    [one] Une migration appliquée.
   *[other] { $count } migrations appliquées.
}
migrate-planned = { $count ->
    [0] Rien à faire : les tables sont à jour.
    [one] Une migration serait appliquée.
   *[other] { $count } migrations seraient appliquées.
}
migrate-applied = appliquée { $when }
migrate-pending = en attente
migrate-off = appliquée { $when } ; son module est désactivé
migrate-changed = appliquée, mais le fichier a changé depuis
migrate-unknown = appliquée par une version plus récente de Socle
migrate-skipped = pas appliquée, alors qu’une suivante l’est

seed-refused = La démonstration a des mots de passe faibles : elle n’est chargée que pour cette machine. Écoutez sur 127.0.0.1, en environnement de développement.
seed-working = Chargement de la démonstration : { $module }…
seed-loaded = { $what ->
    [accounts] { $count } personnes ajoutées
    [announcements] { $count } annonces ajoutées
   *[other] { $count } { $what } ajoutés
}
seed-done = La démonstration est chargée. Connectez-vous : marie.martin / marie123 ou pierre.dubois / pierre123 ; admin / admin123 fonctionne s’il n’y avait pas encore d’administrateur.

user-added = Le compte { $user } est créé, avec le rôle { $role }.
user-password = Mot de passe à usage unique : { $password } (affiché une seule fois)
user-password-set = Le mot de passe de { $user } est changé ; toutes ses sessions sont closes.
user-promoted = { $user } a maintenant le rôle { $role }.
user-erased = { $user } a été effacé.
user-count = { $count ->
    [0] Aucun compte
    [one] Un compte
   *[other] { $count } comptes
}
keys-rotated = La clé { $key } est annoncée et signera à partir de { $from }. Les jetons des autres restent bons jusqu’à leur fin.
keys-replaced = La clé { $key } signe. Ce que les autres ont signé n’est plus cru.
keys-count = { $count ->
    [0] Aucune clé ne signe
    [one] Une clé
   *[other] { $count } clés
}
keys-state-announced = annoncée
keys-state-in-force = signe
keys-state-verifying = ses jetons sont encore bons
user-type-password = Mot de passe :{" "}

doctor-healthy = Tout est en ordre.
banner-next-doctor = { "  " }ensuite   socle doctor vérifie l’installation

doctor-fair = Cela fonctionne ; les points marqués ! méritent attention.
doctor-ill = Les points marqués ✗ doivent être corrigés.
doctor-disk = { $free } Mio libres dans { $folder }
doctor-disk-low = Il ne reste que { $free } Mio dans { $folder }
doctor-disk-low-hint = Libérez de la place ou déplacez le dossier de données (SOCLE_DATA_DIR).
doctor-disk-full = { $free } Mio libres dans { $folder } : les écritures échoueront bientôt
doctor-disk-full-hint = Libérez de la place sans attendre, ou déplacez le dossier de données (SOCLE_DATA_DIR).
doctor-disk-unknown = La place libre dans { $folder } n’a pas pu être lue
doctor-disk-unknown-hint = Vérifiez que le disque du dossier est monté et lisible.
doctor-files = Seul le propriétaire peut lire { $folder }
doctor-files-none = { $folder } n’existe pas encore ; le premier démarrage le crée
doctor-files-open = { $path } peut être lu par d’autres (mode { $mode })
doctor-files-open-hint = chmod go-rwx { $path }
doctor-database = Base de données : { $database }
doctor-database-none = Pas encore de base de données dans { $folder } ; le premier démarrage la crée
doctor-database-away = La base de données ne répond pas : { $reason }
doctor-database-away-hint = Vérifiez DATABASE_URL, que le serveur tourne et que cette machine peut l’atteindre.
doctor-migrations = Les tables sont à jour
doctor-migrations-pending = { $count ->
    [one] Une migration attend
   *[other] { $count } migrations attendent
}
doctor-migrations-pending-hint = Le prochain démarrage les applique, ou bien : socle migrate up
doctor-migrations-refused = Les migrations ne correspondent pas à ce binaire : { $reason }
doctor-migrations-refused-hint = Lancez la version de Socle qui a écrit cette base, ou une plus récente.
doctor-sealing = La clé de scellement est celle de cette base
doctor-sealing-refused = Le serveur ne démarrera pas : { $reason }
doctor-sealing-refused-hint = { $advice }
doctor-clock = L’horloge s’accorde avec celle de la base
doctor-clock-off = L’horloge de cette machine et celle de la base diffèrent de { $drift } ms
doctor-clock-off-hint = Synchronisez les horloges (NTP) : jetons, verrous et ordre des événements en dépendent.
doctor-demo-accounts = Les comptes de démonstration, aux mots de passe publiés, sont dans cette base
doctor-demo-accounts-hint = Prenez une autre base pour de vraies données ; joints d’ailleurs, ces comptes ne peuvent pas se connecter.
doctor-proxy = { $count ->
    [0] Aucun relais n’est cru sur l’adresse des clients
    [one] Un réseau de relais est cru sur l’adresse des clients
   *[other] { $count } réseaux de relais sont crus sur l’adresse des clients
}
doctor-proxy-none = Le serveur écoute sur { $host } sans TLS ni mandataire devant lui
doctor-proxy-none-hint = Placez un mandataire TLS devant, et nommez-le dans TRUSTED_PROXIES et PUBLIC_URL.
doctor-proxy-unlisted = PUBLIC_URL est { $url }, mais aucun mandataire n’est de confiance : tous les clients auront l’adresse du mandataire
doctor-proxy-unlisted-hint = Nommez l’adresse du mandataire dans TRUSTED_PROXIES.
doctor-proxy-everyone = TRUSTED_PROXIES fait confiance au monde entier : n’importe qui peut se faire passer pour n’importe qui
doctor-proxy-everyone-hint = N’y mettez que les adresses de vos mandataires.
doctor-secret-given = { $name } est donné et assez long
doctor-secret-file = Le secret de l’identité est dans { $folder }
doctor-secret-none = Le secret de l’identité est créé au premier démarrage
doctor-secret-readable = { $reason }
doctor-secret-readable-hint = chmod 600 sur le fichier qui contient le secret.
doctor-metrics-local = /metrics ne répond qu’à cette machine
doctor-metrics-local-hint = Donnez METRICS_TOKEN si un collecteur doit le lire d’ailleurs.

command-socle = Un seul binaire, un socle de services durci
command-settings = Chaque réglage est aussi une option (--port 9000) : socle config keys les liste.
command-serve = Lancer le serveur (c’est aussi ce qui se passe sans commande)
command-migrate = Les tables de la base de données
command-migrate-status = Montrer les migrations appliquées
command-migrate-plan = Montrer le SQL qui serait exécuté
command-migrate-up = Appliquer ce qui attend
command-config = Les réglages
command-config-check = Dire si les réglages sont corrects
command-config-show = Montrer chaque réglage et d’où il vient
command-config-file = Le fichier de configuration (par défaut : socle.toml, s’il existe)
command-user = Les comptes
command-user-add = Ajouter un compte
command-user-list = Lister les comptes
command-user-set-password = Changer un mot de passe ; toutes les sessions se ferment
command-user-promote = Donner un autre rôle à un compte
command-user-export-data = Écrire tout ce qui est gardé sur quelqu’un, en JSON
command-user-erase = Effacer quelqu’un pour toujours : le compte, et le nom partout où il figure
command-user-erase-yes = Oui, pour toujours
command-user-name = Le nom d’utilisateur ou l’adresse électronique
command-user-email = L’adresse électronique
command-user-role = Le rôle (par défaut : admin pour une promotion, sinon celui du profil)
command-user-full-name = Le nom montré aux autres
command-user-search = Seulement ceux dont le nom, l’identifiant ou l’adresse contient ceci
command-user-password-stdin = Lire le mot de passe sur l’entrée standard au lieu d’en créer un
command-keys = Les clés de ce serveur : celles qui signent les jetons d’accès, celles qui scellent des champs
command-keys-list = Lister les clés, par leur nom
command-keys-rotate = Faire signer une autre clé ou, avec --fields, sceller tout de nouveau ; rien ne se termine
command-keys-at-once = Tout de suite, pour une clé que d’autres ont peut-être : tous les jetons d’accès prennent fin, les clients renouvellent
command-seed = Charger des données
command-seed-demo = Une entreprise de démonstration : 220 personnes, 2 000 annonces
command-openapi = Écrire le document OpenAPI 3.1
command-doctor = Vérifier l’installation et dire quoi corriger
command-json = En JSON, pour les programmes
command-reference = Écrire un catalogue conservé avec le code
command-completions = Écrire le script de complétion d’un shell
command-version = Écrire la version
command-lang = La langue des messages

command-template = {"{"}about-with-newline{"}"}
    Utilisation : {"{"}usage{"}"}

    {"{"}all-args{"}"}{"{"}after-help{"}"}
command-heading-commands = Commandes{" "}
command-heading-options = Options{" "}
command-help = L’aide sur une commande
command-help-flag = Afficher cette aide
command-help-of = La commande, et ce qui est en dessous
command-value-command = COMMANDE
command-value-text = TEXTE
command-value-file = FICHIER
command-value-user = COMPTE
command-config-keys = Lister tous les réglages : option, variable, valeur par défaut
command-user-limit = Combien au plus (par défaut : 100 ; avec --json : tous ; 0 : tous)

usage-unknown = Il n’y a pas d’argument { $argument } ici.
usage-no-command = Il n’y a pas de commande « { $command } ».
usage-command-missing = Il manque une commande{ $commands ->
    [0] .
   *[other] {" "}: { $commands }.
}
usage-missing = Il manque un argument : { $argument }.
usage-value-missing = { $argument } demande une valeur{ $valid ->
    [0] .
   *[other] {" "}: { $valid }.
}
usage-bad-value = « { $value } » n’est pas une valeur pour { $argument }{ $valid ->
    [0] .
   *[other] {" "}; valeurs possibles : { $valid }.
}
usage-conflict = { $argument } est donné deux fois, ou contredit un autre argument.
usage-count = { $argument } a trop de valeurs, ou trop peu.
usage-other = La ligne de commande ne se comprend pas : { $reason }.
usage-meant = Vouliez-vous dire { $meant } ?
usage-line = Utilisation : { $usage }
usage-more = Plus : socle --help, ou socle help COMMANDE

settings-intro = Chaque réglage comme option et comme variable d’environnement, et comme clé du fichier de configuration.
settings-entry = dans le fichier : { $key }   par défaut : { $default }

source-default = défaut
source-profile = profil { $name }
source-environment = environnement { $name }
source-flag = option --{ $name }
problem = { $source } : { $key ->
    [0] {""}
   *[other] { $key }{" "}
}{ $trouble }
problem-nearest = Vouliez-vous dire { $nearest } ?

user-column-user = COMPTE
user-column-email = E-MAIL
user-column-name = NOM
user-column-role = RÔLE
user-column-state = ÉTAT
user-column-since = DEPUIS
user-active = actif
user-inactive = désactivé
user-count-first = { $count ->
    [one] Le premier compte ; il y en a d’autres.
   *[other] Les { $count } premiers comptes ; il y en a d’autres.
} --search MOTS restreint la liste, --limit 0 montre tout.

seed-nothing = Il n’y avait rien à ajouter : la démonstration est déjà là.
demo-refused-hint = Prenez une autre base pour de vraies données : socle config show nomme celle-ci.
doctor-secret-weak = { $reason }
doctor-secret-weak-hint = Fabriquez-en un autre : openssl rand -base64 48. La production refuse celui-ci.
doctor-database-unverified = La connexion à { $host } n’est pas vérifiée : un intermédiaire peut se faire passer pour la base
doctor-database-unverified-hint = Ajoutez sslmode=verify-full à l’URL de la base.

io-denied = permission refusée
io-not-found = il n’existe pas
io-refused = rien n’y écoute
io-timeout = pas de réponse à temps
io-in-use = déjà utilisé
io-not-here = cette machine ne l’a pas
io-is-folder = c’est un dossier
io-no-folder = un fichier est à la place d’un dossier
io-read-only = le disque est en lecture seule
io-full = le disque est plein
io-exists = il existe déjà
io-no-text = ce n’est pas du texte UTF-8

kind-text = un texte
kind-secret = un secret
kind-bool = true (oui) ou false (non)
kind-integer = un nombre entier de { $min } à { $max }
kind-integer-from = un nombre entier, { $min } ou plus
kind-duration = une durée, comme 500ms, 30s, 15m, 12h ou 7d
kind-size = une taille, comme 64KiB ou 1MiB
kind-quota = tant par durée, comme 100/1m, ou off
kind-choice = l’un de { $words }
kind-list = une liste de textes
kind-networks = une liste d’adresses et de réseaux, comme 10.0.0.0/8
kind-path = un chemin
kind-url = une URL

trouble-setting-unknown = n’est pas un réglage
trouble-setting-unknown-hint = socle config keys liste tous les réglages.
trouble-setting-twice = est donné deux fois : par { $name } et par { $name }_FILE
trouble-setting-twice-hint = Gardez l’un des deux.
trouble-setting-is-section = est une section, pas un réglage
trouble-setting-is-section-hint = Écrivez-la [section], avec ses réglages en dessous.
trouble-setting-type = n’est pas du bon type (attendu : { $expected })
trouble-setting-type-hint = Corrigez la valeur, ou retirez la ligne pour avoir la valeur par défaut.
trouble-setting-no-list = ne prend pas de liste (attendu : { $expected })
trouble-setting-no-list-hint = Écrivez une seule valeur.
trouble-setting-invalid = n’est pas valide : « { $value } » (attendu : { $expected })
trouble-setting-invalid-hint = Corrigez la valeur, ou retirez-la pour avoir la valeur par défaut.
trouble-setting-no-url = n’est pas une URL (attendu : schéma:reste, sans espace)
trouble-setting-no-url-hint = Écrivez-la comme https://example.org ; dans un mot de passe, un signe comme @ s’écrit %40.
trouble-setting-no-network = contient « { $value } », qui n’est ni une adresse ni un réseau
trouble-setting-no-network-hint = Écrivez des adresses comme 10.0.0.5 et des réseaux comme 10.0.0.0/8.
trouble-setting-missing = n’a pas de valeur et en demande une
trouble-setting-missing-hint = socle config keys dit à quoi il sert.
trouble-setting-scheme = commence par { $words } ou est vide
trouble-setting-scheme-hint = Corrigez le début de l’URL.
trouble-setting-no-origin = contient « { $value } », qui n’est pas une origine comme https://app.example.com
trouble-setting-no-origin-hint = Écrivez le schéma et l’hôte, sans chemin ni / final.
trouble-setting-no-host = est une adresse IP ou localhost, pas « { $value } »
trouble-setting-no-host-hint = 127.0.0.1 écoute pour cette machine seulement, 0.0.0.0 pour tous.
trouble-setting-no-level = est un niveau (error, warn, info, debug, trace, off) ou des directives comme info,socle_db=debug
trouble-setting-no-level-hint = Corrigez-le, ou retirez-le pour avoir la valeur par défaut.
trouble-setting-short = a moins de 32 octets
trouble-setting-short-hint = Fabriquez-en un autre : openssl rand -base64 48.
trouble-setting-known = contient un exemple que tout le monde connaît
trouble-setting-known-hint = Fabriquez-en un autre : openssl rand -base64 48.
trouble-setting-monotonous = répète quelques caractères
trouble-setting-monotonous-hint = Fabriquez-en un autre : openssl rand -base64 48.
trouble-setting-not-shorter = doit être plus court que { $than } : sinon chaque clé serait annoncée comme finissante dès sa création
trouble-setting-not-shorter-hint = Raccourcissez-le, ou allongez { $than }.
trouble-setting-module = nomme « { $value } » ; les modules sont { $words }
trouble-setting-module-hint = Corrigez le nom, ou retirez le réglage pour les avoir tous.
trouble-setting-profile = nomme « { $value } » ; les profils sont { $words }
trouble-setting-profile-hint = Choisissez l’un d’eux (SOCLE_PROFILE).
trouble-settings-unreadable = ne peut pas être lu : { $reason }
trouble-settings-unreadable-hint = Vérifiez le chemin et les droits sur le fichier.
trouble-settings-malformed = n’est pas du TOML : { $reason }
trouble-settings-malformed-hint = Les textes sont entre guillemets droits, les sections entre [crochets] ; socle config keys liste ce qui existe.
trouble-secret-file-open = est lu dans { $path }, que d’autres sur cette machine peuvent lire aussi
trouble-secret-file-open-hint = chmod 600 { $path }
trouble-secret-file-empty = est à lire dans { $path }, qui est vide
trouble-secret-file-empty-hint = Écrivez la valeur dans le fichier, ou nommez-en un autre.
trouble-secret-file-unreadable = est à lire dans { $path }, qui ne peut pas être lu : { $reason }
trouble-secret-file-unreadable-hint = Vérifiez le chemin et les droits sur le fichier.
trouble-secret-on-the-line = est un secret sur la ligne de commande, où d’autres sur cette machine peuvent le lire
trouble-secret-on-the-line-hint = Donnez-le par une variable, ou dans un fichier nommé par <VARIABLE>_FILE.
trouble-line-no-variable = n’est pas NOM=valeur
trouble-line-no-variable-hint = Écrivez NOM=valeur, ou # devant un commentaire.
trouble-line-no-name = ne commence pas par le nom d’une variable
trouble-line-no-name-hint = Un nom est fait de lettres, de chiffres et de _, et commence par une lettre.
trouble-line-open-quote = ouvre un guillemet qui n’est jamais fermé
trouble-line-open-quote-hint = Fermez-le.
trouble-line-escape = contient un échappement inconnu après \
trouble-line-escape-hint = Sont connus \n, \r, \t, \", \\ et \$ ; entre '…' rien n’est échappé.
trouble-line-goes-on = continue après le guillemet fermant
trouble-line-goes-on-hint = Mettez un commentaire après #, ou toute la valeur entre guillemets.
trouble-port-taken = Le port { $port } est pris : un autre serveur écoute sur { $address }.
trouble-port-taken-hint = Arrêtez-le, ou choisissez un autre port : PORT=8081 ou --port 8081.
trouble-port-denied = Cet utilisateur ne peut pas écouter sur { $address } : { $reason }.
trouble-port-denied-hint = Les ports sous 1024 sont à l’administrateur : choisissez-en un autre, derrière un mandataire (proxy).
trouble-address-absent = Cette machine n’a pas l’adresse { $address }.
trouble-address-absent-hint = Mettez dans HOST l’une de ses adresses, ou 0.0.0.0 pour toutes.
trouble-listen = Écouter sur { $address } n’est pas possible : { $reason }.
trouble-listen-hint = Vérifiez HOST et PORT.
trouble-data-folder = Le dossier de données { $path } ne peut être ni créé ni utilisé : { $reason }.
trouble-data-folder-hint = Choisissez-en un autre (SOCLE_DATA_DIR), ou donnez à cet utilisateur le droit d’y écrire.
trouble-database-file = La base { $path } ne peut pas être ouverte : { $reason }.
trouble-database-file-hint = Vérifiez que c’est un fichier SQLite, et que cet utilisateur peut le lire et l’écrire, ainsi que son dossier.
trouble-database-none = Il n’y a pas encore de base { $path }.
trouble-database-none-hint = socle serve la crée, ou socle migrate up.
trouble-database-behind = { $count ->
    [one] Une migration attend : les tables ne sont pas à jour.
   *[other] { $count } migrations attendent : les tables ne sont pas à jour.
}
trouble-database-behind-hint = socle migrate up les applique.
trouble-database-scheme = L’adresse d’une base commence par sqlite: ou postgres://.
trouble-database-scheme-hint = Corrigez DATABASE_URL.
trouble-database-path = Une base SQLite demande le chemin d’un fichier.
trouble-database-path-hint = Écrivez DATABASE_URL=sqlite:<chemin>, ou retirez-la.
trouble-database-address = L’adresse du serveur PostgreSQL ne se comprend pas.
trouble-database-address-hint = Écrivez DATABASE_URL=postgres://compte:motdepasse@hôte:5432/nom ; dans un mot de passe, un signe comme @ s’écrit %40.
trouble-database-sslmode = Il n’y a pas de sslmode { $mode }.
trouble-database-sslmode-hint = C’est disable, prefer, require, verify-ca ou verify-full.
trouble-database-issuers = Les émetteurs du certificat de PostgreSQL dans { $path } ne peuvent pas être lus : { $reason }.
trouble-database-issuers-hint = Vérifiez sslrootcert dans DATABASE_URL : un fichier lisible de certificats PEM.
trouble-database-login = PostgreSQL sur { $server } ne laisse pas entrer { $user }.
trouble-database-login-hint = Vérifiez le compte et le mot de passe dans DATABASE_URL.
trouble-database-unknown = PostgreSQL sur { $server } n’a pas de base { $name }.
trouble-database-unknown-hint = Créez-la : createdb { $name }. Ou corrigez DATABASE_URL.
trouble-database-away = PostgreSQL sur { $server } est hors d’atteinte : { $reason }.
trouble-database-away-hint = Vérifiez DATABASE_URL, que le serveur tourne, et que cette machine peut l’atteindre.
trouble-migration-unknown = La base a la migration { $module } { $name }, que ce programme ne connaît pas : un plus récent l’a migrée.
trouble-migration-unknown-hint = Lancez cette version de Socle ou une plus récente ; ou restaurez une sauvegarde d’avant.
trouble-migration-skipped = La migration { $module } { $name } n’est pas appliquée, alors qu’une suivante de { $module } l’est.
trouble-migration-skipped-hint = Donnez-lui le numéro suivant.
trouble-migration-changed = La migration { $module } { $name } a changé depuis son application. Rien n’a été fait.
trouble-migration-changed-hint = Annulez le changement et écrivez une nouvelle migration.
trouble-migration-failed = La migration { $module } { $name } a échoué : { $reason }. Elle est annulée en entier.
trouble-migration-failed-hint = Corrigez ce qui l’a arrêtée, puis : socle migrate up.
trouble-key-file-open = D’autres peuvent lire le fichier de clé { $path } (mode { $mode }).
trouble-key-file-open-hint = chmod 600 { $path }
trouble-key-file-empty = Le fichier de clé { $path } est vide.
trouble-key-file-empty-hint = Restaurez-le, ou supprimez-le pour qu’une nouvelle clé soit fabriquée.
trouble-key-file-length = Le fichier de clé { $path } ne contient pas exactement { $bytes } octets.
trouble-key-file-length-hint = Restaurez-le, ou supprimez-le pour qu’une nouvelle clé soit fabriquée.
trouble-key-file = Le fichier de clé { $path } ne peut être ni lu ni créé : { $reason }.
trouble-key-file-hint = Vérifiez à qui il est, ainsi que son dossier : cet utilisateur doit pouvoir y lire et y écrire.
trouble-secret-short = { $name } a moins de 32 octets.
trouble-secret-short-hint = Fabriquez-en un autre : openssl rand -base64 48. Ou retirez-le pour qu’une clé soit fabriquée.
trouble-secret-known = { $name } contient un exemple que tout le monde connaît.
trouble-secret-known-hint = Fabriquez-en un autre : openssl rand -base64 48. Ou retirez-le pour qu’une clé soit fabriquée.
trouble-secret-monotonous = { $name } répète quelques caractères.
trouble-secret-monotonous-hint = Fabriquez-en un autre : openssl rand -base64 48. Ou retirez-le pour qu’une clé soit fabriquée.
trouble-setting-no-email = n’est pas une adresse e-mail
trouble-setting-no-email-hint = Écrivez-la comme nom@example.org.
trouble-setting-weak-password = est trop faible pour un mot de passe
trouble-setting-weak-password-hint = Choisissez-en un plus long et peu courant, ou retirez-le pour qu’il soit fabriqué.
trouble-setting-no-sslmode = demande un sslmode qui n’existe pas
trouble-setting-no-sslmode-hint = Les modes sont disable, prefer, require, verify-ca et verify-full.
trouble-setting-no-address = n’est pas l’adresse d’un serveur PostgreSQL
trouble-setting-no-address-hint = Écrivez-la comme postgres://utilisateur:motdepasse@hôte:5432/base.
trouble-setting-no-replica = est pour PostgreSQL ; une base SQLite n’a pas de réplique
trouble-setting-no-replica-hint = Retirez-le, ou donnez à DATABASE_URL l’adresse du serveur PostgreSQL.
trouble-data-folder-file = Le dossier de données { $path } est un fichier.
trouble-data-folder-file-hint = Choisissez-en un autre (SOCLE_DATA_DIR), ou déplacez le fichier.
doctor-database-broken = Le fichier de la base ne s’ouvre pas : { $reason }
doctor-database-broken-hint = Remettez une sauvegarde à sa place, ou nommez un autre fichier (DATABASE_URL).
command-keys-fields = Resceller chaque champ qu’une ancienne clé a scellé, pendant que les serveurs tournent
keys-seals = scelle, et ouvre ce qu’elle a scellé
keys-opens = ouvre ce qu’elle a scellé auparavant
keys-seal-none = Il n’y a pas encore de clé de scellement : le premier démarrage en crée une.
fields-working = { $column } : { $count } rescellés…
fields-column = { $column } : { $count } rescellés
fields-broken = { $column } : { $count } ne s’ouvrent pas avec les clés données et restent tels quels
fields-done = Tout est scellé avec la clé { $key }. Les anciennes clés peuvent disparaître, dès que chaque serveur a celle-ci.
fields-incomplete = Des champs ne s’ouvrent pas : gardez les anciennes clés, trouvez celle qui manque et recommencez.
trouble-sealing-key = Cette base est scellée avec la clé { $wanted }, et les clés données sont { $given }.
trouble-sealing-key-hint = Donnez la clé de cette base dans ENCRYPTION_KEY_PREVIOUS (ou remettez son fichier, keys/encryption.key dans le dossier des données) ; socle keys list nomme celles qui sont données.
trouble-sealing-key-none = Cette base est scellée avec la clé { $wanted }, et aucune clé n’est donnée.
trouble-sealing-key-none-hint = Donnez la clé de cette base dans ENCRYPTION_KEY, ou remettez son fichier (keys/encryption.key dans le dossier des données). Aucune autre n’a été créée.
command-config-encrypt = Chiffrer un fichier de configuration (age) ; le résultat se lit comme un autre
command-config-decrypt = Déchiffrer un fichier de configuration
command-config-recipient = Pour le propriétaire de cette clé age (age1… ; peut être répété) ; sans elle : une phrase de passe
command-config-input = Le fichier à lire
command-config-output = Le fichier à écrire ; il ne doit pas exister
trouble-config-key-none = est chiffré, et il n’y a pas de clé pour l’ouvrir
trouble-config-key-none-hint = Nommez le fichier de votre clé age dans SOCLE_CONFIG_KEY_FILE, ou donnez la phrase de passe dans SOCLE_CONFIG_PASSPHRASE (ou _FILE).
trouble-config-key-file = est chiffré, et le fichier de clé { $path } est illisible : { $reason }
trouble-config-key-file-hint = Vérifiez le chemin et qui peut lire le fichier : il contient une ligne AGE-SECRET-KEY-1…
trouble-config-key-open = est chiffré, et d’autres peuvent lire le fichier de clé { $path } (mode { $mode })
trouble-config-key-open-hint = chmod 600 { $path }
trouble-config-key-wrong = est chiffré pour une autre clé ou une autre phrase de passe
trouble-config-key-wrong-hint = Vérifiez SOCLE_CONFIG_KEY_FILE ou SOCLE_CONFIG_PASSPHRASE : c’est celle pour qui le fichier a été chiffré.
trouble-config-broken = n’est pas un fichier chiffré, ou a été modifié depuis
trouble-config-broken-hint = Écrivez-le de nouveau : socle config encrypt socle.toml socle.toml.age.
trouble-config-large = dépasse { $bytes } octets
trouble-config-large-hint = Un fichier de configuration ne contient que des réglages.
trouble-config-recipient = { $value } n’est pas une clé age.
trouble-config-recipient-hint = Elle commence par age1 ; age-keygen -y montre celle d’un fichier de clé.
trouble-config-output = Le fichier { $path } ne peut être écrit : { $reason }.
trouble-config-output-hint = Nommez un fichier qui n’existe pas, dans un dossier où vous pouvez écrire.
trouble-config-input = Le fichier { $path } ne peut être lu : { $reason }.
trouble-config-input-hint = Vérifiez le chemin et qui peut lire le fichier.
config-encrypted = { $path } est chiffré. Démarrez avec --config { $path }, et supprimez le fichier en clair.
config-decrypted = { $path } est écrit, pour son propriétaire seul.
config-passphrase = Phrase de passe :{" "}
command-config-new-key = Fabriquer une clé, l’écrire dans ce fichier et chiffrer pour elle
trouble-oidc-settings = La connexion avec un compte externe est mal réglée : { $reason }.
trouble-oidc-settings-hint = Corrigez OIDC_ISSUER, OIDC_CLIENT_ID et OIDC_CA_FILE, ou retirez OIDC_ISSUER pour la désactiver.
command-measure = Ce que coûte à cette machine de reconnaître un appelant

command-mail = Les e-mails
command-mail-test = Envoyer tout de suite un message d’essai et dire où il est allé
command-mail-list = Lister les messages en attente et ceux qui ont été abandonnés
command-mail-retry = Renvoyer des messages qui ont échoué
command-mail-address = À qui l’envoyer
command-mail-id = Le message, comme « socle mail list » le nomme
command-mail-all = Tous les messages qui ont échoué
command-mail-limit = Combien au plus (par défaut : 100)
command-value-address = ADRESSE
command-value-id = ID

mail-test-file = Il n’y a pas de serveur d’e-mail (SMTP_URL) : le message est dans { $path }
mail-test-sent = { $server } a pris le message.
mail-test-failed = Le message n’est pas parti : { $reason }
mail-line-waiting = { $id }  { $template }  prochain essai le { $due }{ $attempts ->
    [0] {""}
    [one] , essayé une fois
   *[other] , essayé { $attempts } fois
}{ $reason ->
    [0] {""}
   *[other] {" "}: { $reason }
}
mail-line-dead = { $id }  { $template }  abandonné le { $dead }{ $attempts ->
    [0] {""}
    [one] , essayé une fois
   *[other] , essayé { $attempts } fois
} : { $reason }
mail-count = { $count ->
    [0] Aucun message
    [one] Un message
   *[other] { $count } messages
}
mail-unknown = Il n’y a pas de message { $id } dans la file.
mail-retried = { $count ->
    [0] Aucun message n’a échoué.
    [one] Le serveur en marche renvoie un message.
   *[other] Le serveur en marche renvoie { $count } messages.
}

doctor-mail-folder = Les messages sont écrits dans { $folder }
doctor-mail-nowhere = Les messages sont écrits dans { $folder } et n’arrivent à personne
doctor-mail-nowhere-hint = Donnez SMTP_URL et MAIL_FROM : on confirme son adresse et l’on change de mot de passe par e-mail.
doctor-mail-server = Le serveur d’e-mail { $server } répond
doctor-mail-away = Le serveur d’e-mail { $server } ne peut pas servir : { $reason }
doctor-mail-away-hint = Vérifiez SMTP_URL, son utilisateur et son mot de passe, et que cette machine peut joindre le port.
doctor-mail-refused = Les réglages des e-mails ne marchent pas : { $reason }
doctor-mail-refused-hint = socle config check dit ce qui ne va pas.
doctor-mail-failed = { $count ->
    [one] Un message n’a pas pu être remis
   *[other] { $count } messages n’ont pas pu être remis
}
doctor-mail-failed-hint = socle mail list dit pourquoi ; socle mail retry les renvoie.

trouble-setting-no-smtp = n’est pas l’adresse d’un serveur d’e-mail
trouble-setting-no-smtp-hint = Écrivez-la comme smtp://utilisateur:mot-de-passe@hôte:587 ou smtps://… ; un signe comme @ dans un mot de passe s’écrit %40.
trouble-setting-smtp-plain = enverrait son mot de passe en clair à une autre machine
trouble-setting-smtp-plain-hint = Enlevez ?tls=none, ou l’utilisateur et le mot de passe.
trouble-setting-no-sender = n’est pas un expéditeur
trouble-setting-no-sender-hint = Écrivez-le comme no-reply@example.org ou Nom <no-reply@example.org>.
trouble-setting-sender-missing = n’a pas de valeur, et SMTP_URL en demande une
trouble-setting-sender-missing-hint = Donnez une adresse avec laquelle le serveur d’e-mail laisse ce produit écrire.
trouble-setting-mail-timeout = est trop court : aucun message n’est remis en si peu de temps
trouble-setting-mail-timeout-hint = 30s convient à la plupart des serveurs d’e-mail.
trouble-setting-mail-tls = ne peut pas servir pour TLS : { $reason }
trouble-setting-mail-tls-hint = Vérifiez l’hôte de SMTP_URL et les certificats.
trouble-setting-ca-unreadable = nomme { $path }, qui ne se lit pas : { $reason }
trouble-setting-ca-unreadable-hint = Vérifiez le chemin et qui peut lire le fichier.
trouble-setting-ca-malformed = nomme { $path }, qui ne contient aucun certificat
trouble-setting-ca-malformed-hint = Il doit contenir des certificats au format PEM (BEGIN CERTIFICATE).
trouble-no-account = Le compte { $user } n’existe pas.
trouble-no-account-hint = socle user list montre ceux qui existent.
trouble-erase-unconfirmed = { $user } n’a pas été effacé : on ne peut pas revenir en arrière.
trouble-erase-unconfirmed-hint = Redites-le avec --yes.
