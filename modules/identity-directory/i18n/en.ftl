# The sentences of the directory: administering accounts, importing them, erasing them.

error-employee-id-taken = Another account has this number at the company.
error-own-account = Nobody does this to their own account. Ask another administrator.
error-confirmation-wrong = This is not the user name of the account that is to be erased.
error-unknown-column = There is no such column. Those there are: { $known }
error-wrong-cells = This line has { $found } cells, and the header has { $expected }.
error-not-a-hash = This is no hash of a password that is understood here: bcrypt or Argon2, of a bearable cost.
error-stands-twice = This stands on line { $line } already.

permission-administer_users = Change the roles of accounts, remove and erase them.

# What stands where the name of somebody stood who was erased.
former-member = Former member

## Mail

mail-account-erased-subject = Your account was erased
mail-account-erased-text = Your account { $username } was erased, with everything that was yours alone. What you have written for others remains without your name. This was the last mail to this address.
