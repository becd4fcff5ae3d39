permission-manage_announcements = Modifier, programmer, épingler et supprimer les annonces, et voir qui les a lues

noun-announcement = annonce
