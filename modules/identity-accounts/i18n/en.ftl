# The sentences of registration, of links in mails and of invitations.

error-link-invalid = This link is no longer valid. Ask for a new one.
error-email-unchanged = This is the address you have already.
error-invitation-required = Only the invited may register here. Ask an administrator for an invitation.
error-invitation-for-another = The invitation went to another address.
error-invitation-open = This address has an invitation that is still open. Send it again or take it back.
error-invitation-over = This invitation was used or taken back.
error-role-beyond-inviter = You cannot give a role that may do more than you.

noun-invitation = invitation
permission-invite_users = Invite people to make an account.

## What is answered, whatever becomes of the request

notice-register = Look into your mail: its link makes your account. It works for 24 hours.
notice-confirm = If this address waits to be confirmed here, a mail is on its way to it.
notice-reset = If this is the address of an account, a mail is on its way to it.
notice-change = A mail is on its way to the new address. It becomes yours here when you follow its link.

## What gives a password away

password-warning-keyboard-row = Straight rows of keys are easy to guess.
password-warning-keyboard-pattern = Short patterns on the keyboard are easy to guess.
password-warning-repeated-character = Repetitions like “aaa” are easy to guess.
password-warning-repeated-part = Repetitions like “abcabcabc” are hardly harder to guess than “abc”.
password-warning-top-ten = This is one of the ten most common passwords.
password-warning-top-hundred = This is one of the hundred most common passwords.
password-warning-common = This is a very common password.
password-warning-like-common = This is close to a very common password.
password-warning-sequence = Sequences like “abc” or “6543” are easy to guess.
password-warning-recent-year = Recent years are easy to guess.
password-warning-single-word = A word by itself is easy to guess.
password-warning-date = Dates are often easy to guess.
password-warning-single-name = A name by itself is easy to guess.
password-warning-name = Common names are easy to guess.

password-suggestion-a-few-words = Use a few words, and avoid common phrases.
password-suggestion-no-need-for-signs = There is no need for signs, digits or capitals.
password-suggestion-add-words = Add another word or two. Rare words are better.
password-suggestion-capitals = Capitals do not help much.
password-suggestion-all-capitals = All capitals are nearly as easy to guess as none.
password-suggestion-reversed = Words written backwards are not much harder to guess.
password-suggestion-substitutions = Usual swaps like “@” for “a” do not help much.
password-suggestion-longer-pattern = Use a longer pattern with more turns.
password-suggestion-avoid-repeats = Avoid repeated words and characters.
password-suggestion-avoid-sequences = Avoid sequences.
password-suggestion-avoid-recent-years = Avoid recent years.
password-suggestion-avoid-own-years = Avoid years that have to do with you.
password-suggestion-avoid-own-dates = Avoid dates and years that have to do with you.
