# Ce que chaque message contient. Une ligne vide sépare les paragraphes.

mail-greeting = { $name ->
    [0] Bonjour,
   *[other] Bonjour { $name },
}
mail-signature = { $product } ({ $host })
mail-link-hint = Si le bouton ne fait rien, ouvrez cette adresse :
mail-why = Vous recevez ce message parce que cette adresse appartient à un compte de { $product } sur { $host }. Personne ne lit les réponses.
mail-time = { $day ->
    [1] 1er
   *[other] { $day }
} { $month ->
    [january] janvier
    [february] février
    [march] mars
    [april] avril
    [may] mai
    [june] juin
    [july] juillet
    [august] août
    [september] septembre
    [october] octobre
    [november] novembre
   *[december] décembre
} { $year } à { $hour }:{ $minute } (UTC)

mail-test-subject = Essai des e-mails de { $product }
mail-test-text =
    Ce message a été demandé par qui s’occupe de { $product } : les e-mails arrivent.

    Les lettres accentuées et étrangères arrivent entières : é, ü, ł, 日本.

    Il n’y a rien à faire.
mail-test-button = Ouvrir { $product }
