# The sentences of the codes that belong to no module. An argument that is empty or absent is matched by [0].

## The answer as a whole

error-validation-error = Validation failed
error-malformed-json = The body is not valid JSON. Check its quotes, commas and brackets.
error-bad-request = The request could not be understood. Check its address, its parameters and its headers.
error-unauthorized = Authentication required
error-forbidden = Insufficient permissions
error-proof-required = Confirm that it is you first: send your password or a code to POST /api/v1/auth/proof, then do this again.
error-in-person-only = This is done in person: sign in, an API key is not enough.
error-not-found = { $what ->
    [0] There is nothing here, or you may not see it.
   *[other] There is no such { $what }, or you may not see it.
}
error-route-not-found = There is nothing at this address. The list of addresses is in /openapi.json.
error-method-not-allowed = This address exists, but not with this method. The Allow header lists the ones it takes.
error-conflict = This stands against what already exists. Reload, then try again.
error-precondition-failed = Someone changed this after you read it. Reload it, then make your change again.
error-precondition-required = Say which version you are changing: send the ETag you last read in the If-Match header.
error-payload-too-large = The body is too large for the server to accept.
error-uri-too-long = The address is too long. Send fewer or shorter parameters.
error-headers-too-large = The headers are too large or too many.
error-unsupported-media-type = This content type is not understood here. Send the body as application/json.
error-too-many-requests = { $scope ->
    [account] Too many requests from this account, please try again later
    [key] Too many requests with this API key, please try again later
   *[address] Too many requests from this IP, please try again later
}
error-service-unavailable = The server cannot answer just now. Please try again in a moment.
error-request-timeout = The request took longer than it may. Please try again in a moment.
error-internal-error = Something went wrong on our side. If it happens again, tell us the request identifier.

## One field or parameter

error-required = { $instead ->
    [0] This field is required.
   *[other] This field is required, or “{ $instead }” instead.
}
error-wrong-type = { $expected ->
    [0] This is not of the right type.
    [string] This must be a text.
    [integer] This must be a whole number.
    [number] This must be a number.
    [boolean] This must be true or false.
    [array] This must be a list.
    [object] This must be an object.
   *[other] This must be of the type { $expected }.
}
error-unknown-field = { $nearest ->
    [0] This field does not exist here.
   *[other] This field does not exist here. Did you mean “{ $nearest }”?
}
error-duplicate-field = This field stands here twice. Keep one.
error-too-short = { $min ->
    [one] This is too short: write at least { $min } character.
   *[other] This is too short: write at least { $min } characters.
}
error-too-long = { $max ->
    [one] This is too long: keep it to { $max } character at most.
   *[other] This is too long: keep it to { $max } characters at most.
}
error-too-few = There are too few entries: give at least { $min }.
error-too-many = There are too many entries: give { $max } at most.
error-too-small = This number is too small: it must be { $min } or more.
error-too-big = This number is too large: it must be { $max } or less.
error-not-allowed = { $allowed ->
    [0] This value is not one of those allowed.
   *[other] This value is not one of those allowed: { $allowed }.
}
error-bad-characters = This holds characters that are not allowed here, such as control characters.
error-bad-format = { $format ->
    [0] This is not in the expected format.
    [uuid] This is not a valid identifier.
    [date-time] This is not a valid date and time. Write it like 2026-01-15T10:00:00Z.
    [email] This is not a valid email address. Write it like name@example.org.
    [uri] This is not a valid web address. Write it like https://example.org/page.
   *[other] This is not in the expected format ({ $format }).
}
error-too-deep = This is nested too deep.
error-exclusive = { $other ->
    [0] This cannot be combined with another parameter you sent. Keep one.
   *[other] This cannot be combined with “{ $other }”. Keep one of the two.
}
error-unknown-parameter = { $nearest ->
    [0] This parameter does not exist here.
   *[other] This parameter does not exist here. Did you mean “{ $nearest }”?
}
error-duplicate-parameter = This parameter stands here twice. Keep one.
error-unknown-sort = { $allowed ->
    [0] This list cannot be sorted that way.
   *[other] This list cannot be sorted that way. It can be sorted by: { $allowed }.
}
error-bad-cursor = This cursor does not belong to this list. Start again from its first page.
error-page-too-deep = { $max ->
    [0] This page is too far down. Go on with the cursor instead.
   *[other] This page is too far down: pages reach number { $max }. Go on with the cursor instead.
}
error-must-be-after = { $other ->
    [0] This must be a later moment.
   *[other] This must be later than “{ $other }”.
}
