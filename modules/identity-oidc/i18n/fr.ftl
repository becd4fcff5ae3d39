# Les phrases de la connexion avec un compte externe.

error-oidc-off = La connexion avec un compte externe n’est pas active ici.
error-oidc-provider-failed = Le fournisseur est injoignable ou ne répond pas comme il faut. Veuillez réessayer plus tard.
error-oidc-state-invalid = Cette connexion n’appartient pas à ce navigateur, a déjà servi ou a trop duré. Veuillez recommencer.
error-oidc-refused = Le fournisseur ne vous a pas connecté. Veuillez recommencer.
error-oidc-ticket-invalid = Ce ticket n’est plus valable. Veuillez recommencer.
error-oidc-address-in-use = Un compte porte déjà votre adresse. Connectez-vous-y comme d’habitude, puis liez les deux.
error-oidc-no-account = Vous n’avez pas de compte ici. Demandez-en un à un administrateur.
error-oidc-linked-elsewhere = Ce compte externe ouvre un autre compte ici.
error-oidc-only-way-in = Choisissez d’abord un mot de passe : sans ce lien, vous ne pourriez plus vous connecter.

noun-link = lien

mail-external-account-linked-subject = Une autre façon de vous connecter
mail-external-account-linked-text = Votre compte peut désormais s’ouvrir avec votre compte chez { $provider }. Si ce n’est pas vous, changez de mot de passe et retirez ce lien.
mail-external-account-unlinked-subject = Une façon de moins de vous connecter
mail-external-account-unlinked-text = Votre compte ne peut plus s’ouvrir avec votre compte chez { $provider }. Si ce n’est pas vous, changez de mot de passe.
