# The sentences of the codes that belong to no module. An argument that is empty or absent is matched by [0].

## The answer as a whole

error-validation-error = Certaines informations sont à corriger
error-malformed-json = Le corps de la requête n’est pas du JSON valide. Vérifiez ses guillemets, virgules et crochets.
error-bad-request = La requête n’a pas pu être comprise. Vérifiez son adresse, ses paramètres et ses en-têtes.
error-unauthorized = Connectez-vous pour continuer
error-forbidden = Vous n’avez pas les droits nécessaires
error-proof-required = Confirmez d’abord que c’est bien vous : envoyez votre mot de passe ou un code à POST /api/v1/auth/proof, puis recommencez.
error-in-person-only = Cela se fait en personne : connectez-vous, une clé d’API ne suffit pas.
error-not-found = { $what ->
    [0] Il n’y a rien ici, ou vous n’y avez pas accès.
   *[other] Nous n’avons pas trouvé ce que vous cherchez ({ $what }), ou vous n’y avez pas accès.
}
error-route-not-found = Il n’y a rien à cette adresse. La liste des adresses est dans /openapi.json.
error-method-not-allowed = Cette adresse existe, mais pas avec cette méthode. L’en-tête Allow indique celles qu’elle accepte.
error-conflict = Cela contredit ce qui existe déjà. Rechargez, puis réessayez.
error-precondition-failed = Quelqu’un a modifié cet élément depuis que vous l’avez lu. Rechargez-le, puis refaites votre modification.
error-precondition-required = Précisez la version que vous modifiez : envoyez dans l’en-tête If-Match le dernier ETag que vous avez lu.
error-payload-too-large = Le corps de la requête est trop volumineux pour être accepté.
error-uri-too-long = L’adresse est trop longue. Envoyez des paramètres moins nombreux ou plus courts.
error-headers-too-large = Les en-têtes sont trop volumineux ou trop nombreux.
error-unsupported-media-type = Ce type de contenu n’est pas compris ici. Envoyez le corps en application/json.
error-too-many-requests = { $scope ->
    [account] Trop de requêtes depuis ce compte, merci de réessayer un peu plus tard
    [key] Trop de requêtes avec cette clé d’API, merci de réessayer un peu plus tard
   *[address] Trop de requêtes depuis cette adresse IP, merci de réessayer un peu plus tard
}
error-service-unavailable = Le serveur ne peut pas répondre pour le moment. Merci de réessayer dans un instant.
error-request-timeout = La requête a pris plus de temps que permis. Merci de réessayer dans un instant.
error-internal-error = Un problème est survenu de notre côté. S’il se répète, indiquez-nous l’identifiant de la requête.

## One field or parameter

error-required = { $instead ->
    [0] Ce champ est obligatoire.
   *[other] Ce champ est obligatoire, ou « { $instead } » à sa place.
}
error-wrong-type = { $expected ->
    [0] Cette valeur n’est pas du bon type.
    [string] Cette valeur doit être un texte.
    [integer] Cette valeur doit être un nombre entier.
    [number] Cette valeur doit être un nombre.
    [boolean] Cette valeur doit être vraie ou fausse (true ou false).
    [array] Cette valeur doit être une liste.
    [object] Cette valeur doit être un objet.
   *[other] Cette valeur doit être du type { $expected }.
}
error-unknown-field = { $nearest ->
    [0] Ce champ n’existe pas ici.
   *[other] Ce champ n’existe pas ici. Vouliez-vous dire « { $nearest } » ?
}
error-duplicate-field = Ce champ figure deux fois. N’en gardez qu’un.
error-too-short = { $min ->
    [one] C’est trop court : écrivez au moins { $min } caractère.
   *[other] C’est trop court : écrivez au moins { $min } caractères.
}
error-too-long = { $max ->
    [one] C’est trop long : ne dépassez pas { $max } caractère.
   *[other] C’est trop long : ne dépassez pas { $max } caractères.
}
error-too-few = Il n’y a pas assez d’éléments : donnez-en au moins { $min }.
error-too-many = Il y a trop d’éléments : n’en donnez pas plus de { $max }.
error-too-small = Ce nombre est trop petit : il doit être d’au moins { $min }.
error-too-big = Ce nombre est trop grand : il doit être d’au plus { $max }.
error-not-allowed = { $allowed ->
    [0] Cette valeur ne fait pas partie de celles qui sont acceptées.
   *[other] Cette valeur ne fait pas partie de celles qui sont acceptées : { $allowed }.
}
error-bad-characters = Cette valeur contient des caractères interdits ici, par exemple des caractères de contrôle.
error-bad-format = { $format ->
    [0] Cette valeur n’est pas au format attendu.
    [uuid] Ce n’est pas un identifiant valide.
    [date-time] Ce n’est pas une date et une heure valides. Écrivez-les ainsi : 2026-01-15T10:00:00Z.
    [email] Ce n’est pas une adresse e-mail valide. Écrivez-la ainsi : nom@exemple.fr.
    [uri] Ce n’est pas une adresse web valide. Écrivez-la ainsi : https://exemple.fr/page.
   *[other] Cette valeur n’est pas au format attendu ({ $format }).
}
error-too-deep = Cette valeur est imbriquée trop profondément.
error-exclusive = { $other ->
    [0] Ce paramètre ne peut pas être combiné avec un autre de la requête. N’en gardez qu’un.
   *[other] Ce paramètre ne peut pas être combiné avec « { $other } ». Gardez l’un des deux.
}
error-unknown-parameter = { $nearest ->
    [0] Ce paramètre n’existe pas ici.
   *[other] Ce paramètre n’existe pas ici. Vouliez-vous dire « { $nearest } » ?
}
error-duplicate-parameter = Ce paramètre figure deux fois. N’en gardez qu’un.
error-unknown-sort = { $allowed ->
    [0] Cette liste ne peut pas être triée ainsi.
   *[other] Cette liste ne peut pas être triée ainsi. Elle peut l’être par : { $allowed }.
}
error-bad-cursor = Ce curseur n’appartient pas à cette liste. Repartez de sa première page.
error-page-too-deep = { $max ->
    [0] Cette page est trop éloignée. Poursuivez plutôt avec le curseur.
   *[other] Cette page est trop éloignée : les pages vont jusqu’à la { $max }e. Poursuivez plutôt avec le curseur.
}
error-must-be-after = { $other ->
    [0] Ce moment doit être plus tardif.
   *[other] Ce moment doit venir après « { $other } ».
}
