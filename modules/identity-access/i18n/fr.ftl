# Les phrases des rôles, des délégations et des clés d’API.

## Permissions

permission-manage_roles = Créer, modifier et supprimer des rôles, dans la limite de ce qu’on détient soi-même.
permission-delegate_permissions = Accorder à d’autres les permissions qu’on détient soi-même.

## Rôles

noun-role = rôle
error-role-built-in = Ce rôle est venu avec le serveur : son nom et sa description restent, et on ne peut pas le supprimer. Ses permissions peuvent être modifiées.
error-role-holds-everything = Les administrateurs ont toutes les permissions : il n’y a rien à leur donner ni à leur retirer.
error-role-exists = Un autre rôle porte ce nom.
error-unknown-permission = Cette permission n’existe pas.
error-role-in-use = Ce rôle sert encore : comptes qui l’ont : { $accounts }, invitations ouvertes qui le donnent : { $invitations }. Donnez-leur d’abord un autre rôle, ou retirez les invitations.

## Délégations

noun-grant = délégation
error-not-yours-to-give = On ne donne et on ne retire que ce qu’on détient soi-même : { $permission }
error-already-granted = Cette permission a déjà été accordée à ce compte. Retirez d’abord cette délégation.
error-unknown-account = Ce compte n’existe pas.
error-grant-to-oneself = On ne s’accorde pas de permission à soi-même.
error-grant-too-long = Vous détenez cette permission jusqu’au { $end }, et ne pouvez pas la donner pour plus longtemps.
error-not-in-the-future = Ce moment doit être dans le futur.

decided-by-administrator = Les administrateurs ont toutes les permissions.
decided-by-role = Le rôle « { $role } » a cette permission.
decided-by-grant = Cette permission a été accordée au compte.
decided-by-inactive = Le compte ne peut pas être utilisé : il n’a aucune permission.
decided-by-none = Ni le rôle ni une délégation ne donne cette permission.
decided-by-api-key = Le compte a cette permission, mais la clé d’API n’est pas faite pour elle.

## Clés d’API

noun-api_key = clé d’API
error-too-many-api-keys = { $most ->
    [one] Vous avez { $most } clé d’API, et ne pouvez pas en avoir plus. Retirez-la d’abord.
   *[other] Vous avez { $most } clés d’API, et ne pouvez pas en avoir plus. Retirez-en d’abord une.
}
error-api-key-ended = Cette clé d’API a pris fin. Créez-en une autre.
error-scope-not-held = Cette permission n’existe pas ou vous ne l’avez pas : une clé n’a jamais plus de droits que son propriétaire.
error-network-invalid = Ce n’est ni une adresse ni un réseau, comme 192.0.2.0/24.

mail-api-keys-kept-subject = Vos clés d’API fonctionnent toujours
mail-api-keys-kept-text = { $keys ->
    [one] Votre mot de passe a été changé. Votre clé d’API ({ $keys }) fonctionne toujours : les programmes n’utilisent pas votre mot de passe. Si vous l’avez changé parce que quelqu’un d’autre le connaissait, regardez cette clé et retirez-la si vous ne la reconnaissez pas.
   *[other] Votre mot de passe a été changé. Vos { $keys } clés d’API fonctionnent toujours : les programmes n’utilisent pas votre mot de passe. Si vous l’avez changé parce que quelqu’un d’autre le connaissait, regardez ces clés et retirez celles que vous ne reconnaissez pas.
}
