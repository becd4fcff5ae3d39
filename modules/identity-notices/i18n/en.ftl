# The mails about an account. A button is there where the mail has a link; paragraphs are set apart by an empty line.

mail-email-confirmation-subject = Confirm your address
mail-email-confirmation-text =
    Somebody gave this address for an account at { $host }. If it was you, please confirm that it is yours.

    The link works once{ $hours ->
        [0] {""}
        [one] , for one hour
       *[other] , for { $hours } hours
    }. If it was not you, do nothing: without your confirmation the address counts as nobody’s.
mail-email-confirmation-button = Confirm my address
mail-email-confirmation-why = You receive this message because somebody gave this address to { $product } at { $host }. Nobody reads replies to it.

mail-already-registered-subject = You already have an account
mail-already-registered-text =
    Somebody, perhaps you, wanted to open an account at { $host } with this address. There is one already: yours.

    If it was you and you do not know your password any more, choose another one. If it was not, do nothing: nothing has changed.
mail-already-registered-button = Choose another password

mail-invitation-subject = { $inviter ->
    [0] You are invited to { $product }
   *[other] { $inviter } invites you to { $product }
}
mail-invitation-text =
    { $inviter ->
        [0] You are invited to open an account at { $host }.
       *[other] { $inviter } invites you to open an account at { $host }.
    }

    The invitation is for this address and can be used once{ $days ->
        [0] {""}
        [one] , for one day
       *[other] , for { $days } days
    }. If you expected none, do nothing.
mail-invitation-button = Accept the invitation
mail-invitation-why = You receive this message because somebody at { $host } gave this address to { $product }. Nobody reads replies to it.

mail-password-reset-subject = Choose another password
mail-password-reset-text =
    Somebody, we hope you, asked for another password for your account at { $host }.

    The link works once{ $minutes ->
        [0] {""}
        [one] , for one minute
       *[other] , for { $minutes } minutes
    }. If it was not you, do nothing: your password stays as it is.
mail-password-reset-button = Choose another password

mail-password-changed-subject = Your password was changed
mail-password-changed-text =
    The password of your account at { $host } was changed{ $address ->
        [0] {""}
       *[other] , from the address { $address }
    }. Your other sessions are over.

    If it was you, or an administrator at your wish, there is nothing to do. If not, ask for another password at once and tell an administrator.

mail-account-deactivated-subject = Your account was deactivated
mail-account-deactivated-text =
    Your account at { $host } was deactivated: its sessions are over, and it cannot be signed in to any more.

    If you think that this is a mistake, write to an administrator.

mail-account-locked-subject = Your account is locked for a while
mail-account-locked-text =
    Somebody tried several wrong passwords or codes for your account at { $host }{ $address ->
        [0] {""}
       *[other] , the last time from the address { $address }
    }. To protect it, nobody can sign in { $until ->
        [0] for a while
       *[other] until { $until }
    }.

    If it was you, wait until then, or choose another password. If it was not, nobody has come in; choose another password all the same, if yours is used elsewhere or could be guessed.

mail-new-device-subject = A sign-in from a new place
mail-new-device-text =
    Somebody signed in to your account at { $host } from a place that it was not used from before:

    { $device ->
        [0] an unknown device
       *[other] { $device }
    }{ $address ->
        [0] {""}
       *[other] , address { $address }
    }

    If it was you, there is nothing to do. If not, change your password at once: that ends all other sessions.

mail-session-stolen-subject = One of your sessions was ended
mail-session-stolen-text =
    A key of one of your sessions at { $host } was used twice{ $address ->
        [0] {""}
       *[other] , the second time from the address { $address }
    }. That happens when somebody has copied it. The session is over, for you and for them.

    Sign in again, and change your password if you do not know how it came about.

mail-factor-added-subject = A second step was added to your sign-in
mail-factor-added-text =
    Your account at { $host } now asks for a second step at sign-in{ $factor ->
        [0] {""}
       *[other] : { $factor }
    }.

    If it was you, there is nothing to do. If not, change your password at once and tell an administrator.

mail-factor-removed-subject = A second step was removed from your sign-in
mail-factor-removed-text =
    A second step of the sign-in to your account at { $host } was removed{ $factor ->
        [0] {""}
       *[other] : { $factor }
    }.

    If it was you, there is nothing to do. If not, change your password at once and tell an administrator.

mail-recovery-code-used-subject = A recovery code was used
mail-recovery-code-used-text =
    One of your recovery codes was used for your account at { $host }{ $left ->
        [0] {""}
        [one] ; one is left
       *[other] ; { $left } are left
    }. Each works once.

    If it was you and few are left, make new ones. If it was not you, change your password at once and tell an administrator.

mail-sign-in-code-subject = Your code for signing in
mail-sign-in-code-text =
    Type this code where you are signing in to { $host }{ $minutes ->
        [0] {""}
        [one] , within a minute
       *[other] , within { $minutes } minutes
    }.

    Give it to nobody: we never ask for it. If you are not signing in, somebody knows your password: change it.

mail-api-key-expiring-subject = An API key ends soon
mail-api-key-expiring-text =
    The API key { $key } of your account at { $host } { $days ->
        [0] ends soon
        [one] ends in one day
       *[other] ends in { $days } days
    }{ $until ->
        [0] {""}
       *[other] , on { $until }
    }. What uses it is refused from then on.

    Rotate it before: the old key and the new one both work for a while.

mail-email-changed-subject = The address of your account was changed
mail-email-changed-text =
    The address of your account at { $host } was changed{ $email ->
        [0] {""}
       *[other] {" "}to { $email }
    }. Messages about it go there from now on, not here.

    If it was you, there is nothing to do. If not, tell an administrator at once.
mail-email-changed-why = You receive this message because this address belonged to an account of { $product } at { $host }. Nobody reads replies to it.
