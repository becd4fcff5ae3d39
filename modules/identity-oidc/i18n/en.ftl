# The sentences of signing in with an account of elsewhere.

error-oidc-off = Signing in with an account of elsewhere is switched off here.
error-oidc-provider-failed = The provider cannot be reached, or does not answer as it should. Please try again later.
error-oidc-state-invalid = This sign-in does not belong to this browser, was used already, or took too long. Please begin again.
error-oidc-refused = The provider did not sign you in. Please begin again.
error-oidc-ticket-invalid = This ticket is not valid any more. Please begin again.
error-oidc-address-in-use = An account has your address already. Sign in to it as usual, then link the two.
error-oidc-no-account = You have no account here. Ask an administrator for one.
error-oidc-linked-elsewhere = This account of elsewhere opens another account here.
error-oidc-only-way-in = Choose a password first: without this link you could not sign in any more.

noun-link = link

mail-external-account-linked-subject = Another way to sign in
mail-external-account-linked-text = Your account can now be opened with your account at { $provider }. If this was not you, change your password and remove the link.
mail-external-account-unlinked-subject = One way less to sign in
mail-external-account-unlinked-text = Your account can no longer be opened with your account at { $provider }. If this was not you, change your password.
