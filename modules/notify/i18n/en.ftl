# The sentences of notify.

error-too-many-streams = You follow the news in { $max } places already. Close one of them first.
