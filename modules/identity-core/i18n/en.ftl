# The sentences of accounts, sessions and roles.

module-identity = Identity

## Signing in

error-invalid-credentials = Invalid credentials
error-token-missing = Authentication token missing
error-invalid-token = Invalid token
error-keys-not-used = Access tokens are signed with the secret that is set (JWT_SECRET): there are no keys to rotate. Set IDENTITY_TOKEN_SIGNATURE=eddsa to have some.
error-csrf-token-invalid = The X-CSRF-Token header is missing or does not belong to this session. Ask for it at GET /auth/csrf.
error-cross-site-request = This request comes from a page of another site, and is refused.
error-invalid-api-key = Invalid API key
error-account-locked = { $minutes ->
    [0] Account locked: too many attempts failed. Please try again later.
    [one] Account locked: too many attempts failed. Please try again in { $minutes } minute.
   *[other] Account locked: too many attempts failed. Please try again in { $minutes } minutes.
}
error-account-inactive = This account is not active. Ask an administrator to activate it.
error-demo-account-refused = This demonstration password is public, and this server can be reached by others: it is refused here.

## Second factors

error-factor-wrong = This code or passkey is not right, or was used before.
error-challenge-over = This sign-in is over. Please begin again.
error-factor-needed = This needs a second factor.
error-factor-enrolment-required = Your role needs a second factor. Add one to go on.
error-email-unverified = This needs an address that is confirmed to be yours.
error-too-many-factors = You have as many second factors as one may have. Remove one first.
error-passkeys-unavailable = Passkeys cannot be made for the address of this server. They need a name: set server.public_url.
error-passkey-known = This passkey is registered already.
error-passkey-invalid = This passkey is not right for this server and this moment.
error-code-wrong = This code is not right, or was used before.

## Accounts

error-registration-closed = Registration is closed. Ask an administrator for an account.
error-email-taken = Email already in use
error-username-taken = Username already taken
error-last-administrator = This is the last administrator. Make another one first.
error-beyond-own-rights = This account or this role may do more than you: you can neither act on it nor give it.
error-unknown-role = There is no such role.

## Fields

error-email-invalid = Invalid email
error-username-too-short = The username must have at least { $min } characters
error-username-too-long = The username must have at most { $max } characters
error-username-bad-characters = The username must begin with a letter or digit and hold only the characters allowed here: letters and digits without accents, and where the server permits them dots, hyphens and underscores.
error-password-too-short = The password must have at least { $min } characters
error-password-too-long = The password must have at most { $max } characters
error-password-needs-upper = The password must have at least one upper-case letter
error-password-needs-digit = The password must have at least one digit
error-password-needs-special = The password must have at least one of these characters: !@#$%^&*
error-password-common = This password is among the first that others would try. A few unrelated words make a better one.
error-password-contains-identity = This password leans on your name or your address. Choose one that does not.
error-password-unchanged = This is the password you have already. Choose another one.
error-password-wrong = This is not your present password.

## Names of things

noun-account = account
noun-session = session
noun-factor = second factor
noun-passkey = passkey

## Permissions and roles

permission-manage_users = See and administer accounts, roles and permissions.
role-admin = May do everything.
role-moderator = Keeps order among what people write.
role-manager = Leads a department and writes to the company.
role-teacher = Makes courses and follows those who take them.
role-employee = Works here.
role-student = Takes courses.
role-user = Has an account.
