# Les phrases de notify.

error-too-many-streams = Vous suivez déjà les nouvelles à { $max } endroits. Fermez-en un d’abord.
