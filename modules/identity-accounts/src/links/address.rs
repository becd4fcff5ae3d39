//! Where links in mails lead.

use std::fmt::Write;
use std::sync::Arc;

use socle_kit::config::Values;
use socle_kit::kernel::{Result, Secret};

/// The pages that links in mails lead to. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pages(Arc<str>);

impl Pages {
    /// Below `identity.pages_url`, else the server's own address.
    pub(crate) fn of(settings: &Values) -> Result<Self> {
        let base = match settings.url("identity.pages_url")? {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => settings.public_base()?,
        };
        Ok(Self(base.into()))
    }

    /// A page without a token.
    pub(crate) fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.0)
    }

    /// A page with a token, after the `#`: what stands there is never sent to a server, so that it is in no log of an
    /// address and in no `Referer`. The page sends it in a body.
    pub(crate) fn with_token(&self, name: &str, token: &Secret<String>) -> String {
        format!("{}/{name}#token={}", self.0, token.expose())
    }

    /// The same, with the address the link was mailed to, for a form that wants it filled in.
    pub(crate) fn with_token_and_email(&self, name: &str, token: &Secret<String>, email: &str) -> String {
        let mut link = self.with_token(name, token);
        link.push_str("&email=");
        for byte in email.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                link.push(char::from(byte));
            } else {
                // Writing to a text does not fail.
                let _ = write!(link, "%{byte:02X}");
            }
        }
        link
    }
}
