failed = socle : { $reason }
stopping = Arrêt en cours : les requêtes entamées se terminent. Interrompez encore pour arrêter aussitôt.

banner-listening = Socle { $version } écoute sur { $address } (profil { $profile }, { $environment })
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

demo-refused = Cette base contient les comptes de démonstration : ils ne peuvent pas se connecter, car d’autres machines atteignent ce serveur.

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
user-count = { $count ->
    [0] Aucun compte
    [one] Un compte
   *[other] { $count } comptes
}
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
doctor-secret-file = La clé de signature est dans { $folder }
doctor-secret-none = La clé de signature est créée au premier démarrage
doctor-secret-short = { $name } a moins de 32 octets
doctor-secret-short-hint = Créez-en un autre : openssl rand -base64 48
doctor-secret-readable = { $reason }
doctor-secret-readable-hint = chmod 600 sur le fichier qui contient le secret.
doctor-metrics-local = /metrics ne répond qu’à cette machine
doctor-metrics-local-hint = Donnez METRICS_TOKEN si un collecteur doit le lire d’ailleurs.

command-socle = Un seul binaire, un socle de services durci
command-settings = Réglages [variable ; valeur par défaut], aussi dans un fichier et dans l’environnement
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
command-user-name = Le nom d’utilisateur ou l’adresse électronique
command-user-email = L’adresse électronique
command-user-role = Le rôle (par défaut : admin pour une promotion, sinon celui du profil)
command-user-full-name = Le nom montré aux autres
command-user-search = Seulement ceux dont le nom, l’identifiant ou l’adresse contient ceci
command-user-password-stdin = Lire le mot de passe sur l’entrée standard au lieu d’en créer un
command-seed = Charger des données
command-seed-demo = Une entreprise de démonstration : 220 personnes, 2 000 annonces
command-openapi = Écrire le document OpenAPI 3.1
command-doctor = Vérifier l’installation et dire quoi corriger
command-json = En JSON, pour les programmes
command-reference = Écrire un catalogue conservé avec le code
command-completions = Écrire le script de complétion d’un shell
command-version = Écrire la version
command-lang = La langue des messages
