# Les phrases de l’inscription, des liens dans les e-mails et des invitations.

error-link-invalid = Ce lien n’est plus valable. Demandez-en un nouveau.
error-email-unchanged = C’est l’adresse que vous avez déjà.
error-invitation-required = Seules les personnes invitées peuvent s’inscrire ici. Demandez une invitation à un administrateur.
error-invitation-for-another = L’invitation a été envoyée à une autre adresse.
error-invitation-open = Cette adresse a une invitation encore ouverte. Renvoyez-la ou annulez-la.
error-invitation-over = Cette invitation a été utilisée ou annulée.
error-role-beyond-inviter = Vous ne pouvez pas donner un rôle qui permet plus que le vôtre.

noun-invitation = invitation
permission-invite_users = Inviter des personnes à créer un compte.

## Ce qui est répondu, quoi qu’il advienne de la demande

notice-register = Regardez vos e-mails : le lien reçu crée votre compte. Il est valable 24 heures.
notice-confirm = Si cette adresse attend ici d’être confirmée, un e-mail est en route.
notice-reset = Si cette adresse est celle d’un compte, un e-mail est en route.
notice-change = Un e-mail est en route vers la nouvelle adresse. Elle devient la vôtre ici quand vous suivez son lien.

## Ce qui trahit un mot de passe

password-warning-keyboard-row = Les rangées de touches sont faciles à deviner.
password-warning-keyboard-pattern = Les petits motifs sur le clavier sont faciles à deviner.
password-warning-repeated-character = Les répétitions comme « aaa » sont faciles à deviner.
password-warning-repeated-part = Les répétitions comme « abcabcabc » sont à peine plus difficiles à deviner que « abc ».
password-warning-top-ten = C’est l’un des dix mots de passe les plus courants.
password-warning-top-hundred = C’est l’un des cent mots de passe les plus courants.
password-warning-common = C’est un mot de passe très courant.
password-warning-like-common = C’est proche d’un mot de passe très courant.
password-warning-sequence = Les suites comme « abc » ou « 6543 » sont faciles à deviner.
password-warning-recent-year = Les années récentes sont faciles à deviner.
password-warning-single-word = Un mot seul est facile à deviner.
password-warning-date = Les dates sont souvent faciles à deviner.
password-warning-single-name = Un nom seul est facile à deviner.
password-warning-name = Les noms courants sont faciles à deviner.

password-suggestion-a-few-words = Prenez quelques mots, et évitez les expressions courantes.
password-suggestion-no-need-for-signs = Les signes, les chiffres et les majuscules ne sont pas nécessaires.
password-suggestion-add-words = Ajoutez un mot ou deux. Les mots rares sont les meilleurs.
password-suggestion-capitals = Les majuscules n’aident guère.
password-suggestion-all-capitals = Tout en majuscules se devine presque aussi vite que sans.
password-suggestion-reversed = Les mots à l’envers ne sont guère plus difficiles à deviner.
password-suggestion-substitutions = Les remplacements habituels comme « @ » pour « a » n’aident guère.
password-suggestion-longer-pattern = Prenez un motif plus long, avec plus de détours.
password-suggestion-avoid-repeats = Évitez de répéter des mots ou des caractères.
password-suggestion-avoid-sequences = Évitez les suites.
password-suggestion-avoid-recent-years = Évitez les années récentes.
password-suggestion-avoid-own-years = Évitez les années qui ont un rapport avec vous.
password-suggestion-avoid-own-dates = Évitez les dates et les années qui ont un rapport avec vous.
