# Les phrases des comptes, des sessions et des rôles.

module-identity = Identité

## La connexion

error-invalid-credentials = Identifiants incorrects
error-token-missing = Le jeton d’authentification manque
error-invalid-token = Jeton invalide
error-keys-not-used = Les jetons d’accès sont signés avec le secret donné (JWT_SECRET) : il n’y a pas de clés à remplacer. Donnez IDENTITY_TOKEN_SIGNATURE=eddsa pour en avoir.
error-csrf-token-invalid = L’en-tête X-CSRF-Token manque ou n’est pas celui de cette session. Demandez-le par GET /auth/csrf.
error-cross-site-request = Cette requête vient d’une page d’un autre site : elle est refusée.
error-invalid-api-key = Clé d’API invalide
error-account-locked = { $minutes ->
    [0] Compte verrouillé : trop de tentatives ont échoué. Merci de réessayer plus tard.
    [one] Compte verrouillé : trop de tentatives ont échoué. Merci de réessayer dans { $minutes } minute.
   *[other] Compte verrouillé : trop de tentatives ont échoué. Merci de réessayer dans { $minutes } minutes.
}
error-account-inactive = Ce compte n’est pas actif. Demandez à un administrateur de l’activer.
error-demo-account-refused = Ce mot de passe de démonstration est public, et d’autres peuvent joindre ce serveur : il est refusé ici.

## Les seconds facteurs

error-factor-wrong = Ce code ou cette clé d’accès n’est pas valable, ou a déjà servi.
error-challenge-over = Cette connexion est terminée. Merci de la reprendre du début.
error-factor-needed = Un second facteur est nécessaire ici.
error-factor-enrolment-required = Votre rôle demande un second facteur. Ajoutez-en un pour continuer.
error-email-unverified = Il faut pour cela une adresse dont on sait qu’elle est la vôtre.
error-too-many-factors = Vous avez autant de seconds facteurs qu’on peut en avoir. Retirez-en d’abord un.
error-passkeys-unavailable = L’adresse de ce serveur ne permet pas les clés d’accès. Il leur faut un nom : donnez server.public_url.
error-passkey-known = Cette clé d’accès est déjà enregistrée.
error-passkey-invalid = Cette clé d’accès n’est pas valable pour ce serveur et ce moment.
error-code-wrong = Ce code n’est pas valable, ou a déjà servi.

## Les comptes

error-registration-closed = Les inscriptions sont fermées. Demandez un compte à un administrateur.
error-email-taken = Cette adresse e-mail est déjà utilisée
error-username-taken = Ce nom d'utilisateur est déjà pris
error-last-administrator = C’est le dernier administrateur. Nommez-en d’abord un autre.
error-beyond-own-rights = Ce compte ou ce rôle a plus de droits que vous : vous ne pouvez ni agir sur lui ni le donner.
error-unknown-role = Ce rôle n’existe pas.

## Les champs

error-email-invalid = Email invalide
error-username-too-short = Le nom d'utilisateur doit contenir au moins { $min } caractères
error-username-too-long = Le nom d'utilisateur doit contenir au plus { $max } caractères
error-username-bad-characters = Le nom d'utilisateur doit commencer par une lettre ou un chiffre et ne contenir que les caractères admis ici : des lettres sans accent et des chiffres, et si le serveur les permet des points, des tirets et des tirets bas.
error-password-too-short = Le mot de passe doit contenir au moins { $min } caractères
error-password-too-long = Le mot de passe doit contenir au plus { $max } caractères
error-password-needs-upper = Le mot de passe doit contenir au moins une majuscule
error-password-needs-digit = Le mot de passe doit contenir au moins un chiffre
error-password-needs-special = Le mot de passe doit contenir au moins un de ces caractères : !@#$%^&*
error-password-common = Ce mot de passe est parmi les premiers que d’autres essaieraient. Quelques mots sans rapport entre eux en font un meilleur.
error-password-contains-identity = Ce mot de passe s’appuie sur votre nom ou votre adresse. Choisissez-en un autre.
error-password-unchanged = C’est le mot de passe que vous avez déjà. Choisissez-en un autre.
error-password-wrong = Ce n’est pas votre mot de passe actuel.

## Les noms des choses

noun-account = compte
noun-session = session
noun-factor = second facteur
noun-passkey = clé d’accès

## Les permissions et les rôles

permission-manage_users = Voir et administrer les comptes, les rôles et les permissions.
role-admin = Peut tout faire.
role-moderator = Veille à la bonne tenue des échanges.
role-manager = Dirige un service et écrit à l’entreprise.
role-teacher = Fait des cours et suit ceux qui les prennent.
role-employee = Travaille ici.
role-student = Suit des cours.
role-user = A un compte.
