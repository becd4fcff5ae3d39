# Les phrases de l’annuaire : administrer les comptes, les importer, les effacer.

error-employee-id-taken = Un autre compte a ce matricule.
error-own-account = On ne peut pas faire cela à son propre compte. Demandez à un autre administrateur.
error-confirmation-wrong = Ce n’est pas le nom d’utilisateur du compte à effacer.
error-unknown-column = Cette colonne n’existe pas. Celles qui existent : { $known }
error-wrong-cells = Cette ligne a { $found } cellules, et l’en-tête en a { $expected }.
error-not-a-hash = Ce n’est pas une empreinte de mot de passe comprise ici : bcrypt ou Argon2, d’un coût supportable.
error-stands-twice = Ceci figure déjà à la ligne { $line }.

permission-administer_users = Changer le rôle des comptes, les retirer et les effacer.

# Ce qui remplace le nom d’une personne effacée.
former-member = Ancien membre

## Les e-mails

mail-account-erased-subject = Votre compte a été effacé
mail-account-erased-text = Votre compte { $username } a été effacé, avec tout ce qui n’était qu’à vous. Ce que vous avez écrit pour les autres reste, sans votre nom. Ceci est le dernier e-mail à cette adresse.
