# Les messages au sujet d’un compte. Un bouton s’y trouve quand le message a un lien ; une ligne vide sépare les paragraphes.

mail-email-confirmation-subject = Confirmez votre adresse
mail-email-confirmation-text =
    Quelqu’un a donné cette adresse pour un compte sur { $host }. Si c’était vous, veuillez confirmer qu’elle est la vôtre.

    Le lien sert une seule fois{ $hours ->
        [0] {""}
        [one] , pendant une heure
       *[other] , pendant { $hours } heures
    }. Si ce n’était pas vous, ne faites rien : sans votre confirmation, l’adresse n’est celle de personne.
mail-email-confirmation-button = Confirmer mon adresse
mail-email-confirmation-why = Vous recevez ce message parce que quelqu’un a donné cette adresse à { $product } sur { $host }. Personne ne lit les réponses.

mail-already-registered-subject = Vous avez déjà un compte
mail-already-registered-text =
    Quelqu’un, peut-être vous, a voulu ouvrir un compte sur { $host } avec cette adresse. Il y en a déjà un : le vôtre.

    Si c’était vous et que vous ne connaissez plus votre mot de passe, choisissez-en un autre. Sinon, ne faites rien : rien n’a changé.
mail-already-registered-button = Choisir un autre mot de passe

mail-invitation-subject = { $inviter ->
    [0] Une invitation à rejoindre { $product }
   *[other] { $inviter } vous invite à rejoindre { $product }
}
mail-invitation-text =
    { $inviter ->
        [0] Vous êtes invité à ouvrir un compte sur { $host }.
       *[other] { $inviter } vous invite à ouvrir un compte sur { $host }.
    }

    L’invitation vaut pour cette adresse et sert une seule fois{ $days ->
        [0] {""}
        [one] , pendant un jour
       *[other] , pendant { $days } jours
    }. Si vous n’en attendiez pas, ne faites rien.
mail-invitation-button = Accepter l’invitation
mail-invitation-why = Vous recevez ce message parce que quelqu’un de { $host } a donné cette adresse à { $product }. Personne ne lit les réponses.

mail-password-reset-subject = Choisissez un autre mot de passe
mail-password-reset-text =
    Quelqu’un (vous, nous l’espérons) a demandé un autre mot de passe pour votre compte sur { $host }.

    Le lien sert une seule fois{ $minutes ->
        [0] {""}
        [one] , pendant une minute
       *[other] , pendant { $minutes } minutes
    }. Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.
mail-password-reset-button = Choisir un autre mot de passe

mail-password-changed-subject = Votre mot de passe a été changé
mail-password-changed-text =
    Le mot de passe de votre compte sur { $host } a été changé{ $address ->
        [0] {""}
       *[other] , depuis l’adresse { $address }
    }. Vos autres sessions sont fermées.

    Si c’était vous, ou un administrateur à votre demande, il n’y a rien à faire. Sinon, demandez tout de suite un autre mot de passe et prévenez un administrateur.

mail-account-deactivated-subject = Votre compte a été désactivé
mail-account-deactivated-text =
    Votre compte sur { $host } a été désactivé : ses sessions sont fermées et l’on ne peut plus s’y connecter.

    Si vous pensez que c’est une erreur, écrivez à un administrateur.

mail-account-locked-subject = Votre compte est verrouillé un moment
mail-account-locked-text =
    Quelqu’un a essayé plusieurs mots de passe ou codes erronés pour votre compte sur { $host }{ $address ->
        [0] {""}
       *[other] , la dernière fois depuis l’adresse { $address }
    }. Pour le protéger, personne ne peut s’y connecter { $until ->
        [0] pendant un moment
       *[other] avant le { $until }
    }.

    Si c’était vous, attendez jusque-là, ou choisissez un autre mot de passe. Sinon, personne n’est entré ; choisissez tout de même un autre mot de passe si le vôtre sert ailleurs ou peut se deviner.

mail-new-device-subject = Une connexion depuis un nouvel endroit
mail-new-device-text =
    Quelqu’un s’est connecté à votre compte sur { $host } depuis un endroit d’où il n’avait jamais servi :

    { $device ->
        [0] un appareil inconnu
       *[other] { $device }
    }{ $address ->
        [0] {""}
       *[other] , adresse { $address }
    }

    Si c’était vous, il n’y a rien à faire. Sinon, changez tout de suite de mot de passe : cela ferme toutes les autres sessions.

mail-session-stolen-subject = Une de vos sessions a été fermée
mail-session-stolen-text =
    Une clé de l’une de vos sessions sur { $host } a servi deux fois{ $address ->
        [0] {""}
       *[other] , la seconde fois depuis l’adresse { $address }
    }. Cela arrive quand quelqu’un l’a copiée. La session est fermée, pour vous comme pour l’autre.

    Connectez-vous de nouveau, et changez de mot de passe si vous ne savez pas d’où cela vient.

mail-factor-added-subject = Une seconde étape protège votre connexion
mail-factor-added-text =
    Votre compte sur { $host } demande désormais une seconde étape à la connexion{ $factor ->
        [0] {""}
       *[other] {" "}: { $factor }
    }.

    Si c’était vous, il n’y a rien à faire. Sinon, changez tout de suite de mot de passe et prévenez un administrateur.

mail-factor-removed-subject = Une seconde étape de votre connexion a été retirée
mail-factor-removed-text =
    Une seconde étape de la connexion à votre compte sur { $host } a été retirée{ $factor ->
        [0] {""}
       *[other] {" "}: { $factor }
    }.

    Si c’était vous, il n’y a rien à faire. Sinon, changez tout de suite de mot de passe et prévenez un administrateur.

mail-recovery-code-used-subject = Un code de secours a servi
mail-recovery-code-used-text =
    L’un de vos codes de secours a servi pour votre compte sur { $host }{ $left ->
        [0] {""}
        [one] {" "}; il en reste un
       *[other] {" "}; il en reste { $left }
    }. Chacun sert une seule fois.

    Si c’était vous et qu’il en reste peu, créez-en de nouveaux. Si ce n’était pas vous, changez tout de suite de mot de passe et prévenez un administrateur.

mail-sign-in-code-subject = Votre code de connexion
mail-sign-in-code-text =
    Tapez ce code là où vous vous connectez à { $host }{ $minutes ->
        [0] {""}
        [one] , dans la minute
       *[other] , dans les { $minutes } minutes
    }.

    Ne le donnez à personne : nous ne le demandons jamais. Si vous n’êtes pas en train de vous connecter, quelqu’un connaît votre mot de passe : changez-le.

mail-api-key-expiring-subject = Une clé d’API expire bientôt
mail-api-key-expiring-text =
    La clé d’API { $key } de votre compte sur { $host } { $days ->
        [0] expire bientôt
        [one] expire dans un jour
       *[other] expire dans { $days } jours
    }{ $until ->
        [0] {""}
       *[other] , le { $until }
    }. Ce qui l’utilise sera ensuite refusé.

    Remplacez-la avant : l’ancienne clé et la nouvelle servent toutes deux un moment.

mail-email-changed-subject = L’adresse de votre compte a été changée
mail-email-changed-text =
    L’adresse de votre compte sur { $host } a été changée{ $email ->
        [0] {""}
       *[other] {" "}en { $email }
    }. Les messages à son sujet y vont désormais, et non plus ici.

    Si c’était vous, il n’y a rien à faire. Sinon, prévenez tout de suite un administrateur.
mail-email-changed-why = Vous recevez ce message parce que cette adresse appartenait à un compte de { $product } sur { $host }. Personne ne lit les réponses.
