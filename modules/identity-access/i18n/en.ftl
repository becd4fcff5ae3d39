# The sentences of roles, grants and API keys.

## Permissions

permission-manage_roles = Make, change and remove roles, within what one holds oneself.
permission-delegate_permissions = Grant to others the permissions one holds oneself.

## Roles

noun-role = role
error-role-built-in = This role came with the server: its name and its description stay, and it cannot be removed. Its permissions can be changed.
error-role-holds-everything = Administrators hold every permission: there is nothing to give them or to take from them.
error-role-exists = Another role has this name.
error-role-in-use = This role is in use: accounts that have it: { $accounts }, open invitations into it: { $invitations }. Give them another role, or take the invitations back, first.
error-unknown-permission = There is no such permission.

## Grants

noun-grant = grant
error-not-yours-to-give = You may give and take only what you hold yourself: { $permission }
error-already-granted = This account has been granted this permission already. Take that grant back first.
error-unknown-account = There is no such account.
error-grant-to-oneself = Nobody grants permissions to themselves.
error-grant-too-long = You hold this permission until { $end }, and cannot give it for longer.
error-not-in-the-future = This moment must be in the future.

decided-by-administrator = Administrators hold every permission.
decided-by-role = The role “{ $role }” holds this permission.
decided-by-grant = This permission was granted to the account.
decided-by-inactive = The account may not be used: it holds nothing.
decided-by-none = Neither the role nor a grant gives this permission.
decided-by-api-key = The account holds this permission, but the API key is not for it.

## API keys

noun-api_key = API key
error-too-many-api-keys = { $most ->
    [one] You have { $most } API key, and may not have more. Take it back first.
   *[other] You have { $most } API keys, and may not have more. Take one back first.
}
error-api-key-ended = This API key has ended. Make another one.
error-scope-not-held = There is no such permission, or you do not hold it: a key can do no more than its owner.
error-network-invalid = This is neither an address nor a network, like 192.0.2.0/24.

mail-api-keys-kept-subject = Your API keys still work
mail-api-keys-kept-text = { $keys ->
    [one] Your password was changed. Your { $keys } API key still works: programs do not use your password. If you changed it because somebody else knew it, look at that key and take it back if you do not recognise it.
   *[other] Your password was changed. Your { $keys } API keys still work: programs do not use your password. If you changed it because somebody else knew it, look at those keys and take back those you do not recognise.
}
