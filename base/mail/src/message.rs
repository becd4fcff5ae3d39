//! A mail as MIME: headers that hold nothing but what belongs there, and its words in two forms.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use socle_kernel::Timestamp;

use crate::address::address;
use crate::letterhead::Written;
use crate::mail::Mail;
use crate::refusal::Refusal;

/// The most characters of a name or of a subject.
const LONGEST: usize = 200;

/// What is handed to a server: who it is from and to, and the bytes.
pub(crate) struct Letter {
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
}

impl Letter {
    /// The mail from this sender. The same mail has the same `Message-ID` and date however often it is sent, so that
    /// a receiver can tell a repetition.
    pub(crate) fn compose(
        sender: &Mailbox,
        mail: &Mail,
        written: &Written,
        id: &str,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        let unreadable = || Refusal::permanent("the receiver's address is none");
        let to = address(&mail.to).ok_or_else(unreadable)?;
        let envelope = Envelope::new(Some(sender.email.clone()), vec![to.clone()])
            .map_err(|_| Refusal::permanent("the envelope is incomplete"))?;
        let name = one_line(&mail.name);
        let message = Message::builder()
            .from(sender.clone())
            .to(Mailbox::new((!name.is_empty()).then_some(name), to))
            .subject(one_line(&written.subject))
            .date(UNIX_EPOCH + Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0)))
            .message_id(Some(format!("<{id}@{}>", sender.email.domain())))
            .raw_header(header("Content-Language", mail.language.to_string()))
            // Answering machines leave it alone (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
            .envelope(envelope.clone())
            .multipart(
                MultiPart::alternative()
                    .singlepart(SinglePart::plain(written.text.clone()))
                    .singlepart(SinglePart::html(written.html.clone())),
            )
            .map_err(|error| Refusal::permanent(&format!("it cannot be composed: {error}")))?;
        Ok(Self { envelope, bytes: message.formatted() })
    }
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The text without line breaks and other signs that steer, which could begin another header.
fn one_line(text: &str) -> String {
    let words = text.split(|sign: char| sign.is_control() || sign.is_whitespace());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(LONGEST).collect()
}
