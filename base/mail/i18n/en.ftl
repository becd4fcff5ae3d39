# What every mail has. Paragraphs are set apart by an empty line.

mail-greeting = { $name ->
    [0] Hello,
   *[other] Hello { $name },
}
mail-signature = { $product } ({ $host })
mail-link-hint = If the button does nothing, open this address:
mail-why = You receive this message because this address belongs to an account of { $product } at { $host }. Nobody reads replies to it.
mail-time = { $day } { $month ->
    [january] January
    [february] February
    [march] March
    [april] April
    [may] May
    [june] June
    [july] July
    [august] August
    [september] September
    [october] October
    [november] November
   *[december] December
} { $year } at { $hour }:{ $minute } (UTC)

mail-test-subject = A test of { $product }’s mail
mail-test-text =
    This message was asked for by whoever looks after { $product }: mail arrives.

    Letters beyond ASCII arrive whole: é, ü, ł, 日本.

    There is nothing to do.
mail-test-button = Open { $product }
