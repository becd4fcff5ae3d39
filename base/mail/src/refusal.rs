//! Why a mail was not delivered, fit for a log and for an operator: no address, no link, no word of the mail.

/// The most characters that are kept.
const LONGEST: usize = 200;

/// A delivery that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Trying again would not help.
    pub is_permanent: bool,
    /// What is wrong is not the mail but the way: the next one will fare no better.
    pub is_of_the_way: bool,
    /// Why.
    pub reason: String,
}

impl Refusal {
    /// This mail will never be delivered.
    pub(crate) fn permanent(reason: &str) -> Self {
        Self { is_permanent: true, is_of_the_way: false, reason: discreet(reason) }
    }

    /// This mail is refused now, others may not be.
    pub(crate) fn temporary(reason: &str) -> Self {
        Self { is_permanent: false, is_of_the_way: false, reason: discreet(reason) }
    }

    /// No mail can be delivered now.
    pub(crate) fn way(reason: &str) -> Self {
        Self { is_permanent: false, is_of_the_way: true, reason: discreet(reason) }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

/// The text on one line, cut, without words that look like an address or a link: servers repeat to whom they
/// refuse to deliver.
fn discreet(reason: &str) -> String {
    let words = reason.split(|sign: char| sign.is_whitespace() || sign.is_control());
    let words = words.filter(|word| !word.is_empty());
    let shown: Vec<&str> =
        words.map(|word| if word.contains('@') || word.contains("://") { "…" } else { word }).collect();
    shown.join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_holds_no_address_no_link_and_one_line() {
        let refusal =
            Refusal::permanent("550 5.1.1\r\n <zoe@example.org>:\tno such user, see https://x.example/?t=1 ");
        assert_eq!(refusal.reason, "550 5.1.1 … no such user, see …");
        assert_eq!(Refusal::way(&"é".repeat(500)).reason.chars().count(), LONGEST);
    }
}
