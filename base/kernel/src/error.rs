//! One error type for everybody: a stable code, its arguments, and never a sentence.
//!
//! The sentence is made at the edge, in the reader's language, from the code and the arguments. The
//! source is for the log alone.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::{Permission, ValueError};

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure: each kind is one HTTP status, in one table at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request is malformed or its fields are wrong (400).
    Invalid,
    /// Nobody is signed in, or the proof is not valid (401).
    Unauthenticated,
    /// Known, but not allowed (403).
    Forbidden,
    /// Not there, or not for this caller to know (404).
    NotFound,
    /// The path exists, the method does not (405).
    MethodNotAllowed,
    /// The state stands against it (409).
    Conflict,
    /// The representation has changed since it was read (412).
    PreconditionFailed,
    /// Too large (413).
    TooLarge,
    /// The address is too long (414).
    AddressTooLong,
    /// A content type that is not understood (415).
    UnsupportedMedia,
    /// Well formed, but contradicts what was said before (422).
    Unprocessable,
    /// The account is locked (423).
    Locked,
    /// `If-Match` is required and missing (428).
    PreconditionRequired,
    /// Too many requests (429).
    TooMany,
    /// The headers are too large (431).
    HeadersTooLarge,
    /// Our fault (500).
    Internal,
    /// Not now; try again (503).
    Unavailable,
}

/// A stable error code: what a program reads. Its sentence has the key `error-<name in kebab case>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    /// The name on the wire, in upper snake case.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
}

impl Code {
    /// Declares a code. Each is declared once and listed in its crate's catalogue.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }
}

/// The codes that belong to no module.
pub mod codes {
    use super::{Code, Kind};

    macro_rules! codes {
        ($($(#[$meta:meta])* $name:ident: $kind:ident;)+) => {
            $($(#[$meta])* pub const $name: Code = Code::new(stringify!($name), Kind::$kind);)+
            /// All of them, for the catalogue.
            pub const ALL: &[Code] = &[$($name),+];
        };
    }

    codes! {
        /// One or more fields are wrong; each is named in the details.
        VALIDATION_ERROR: Invalid;
        /// The body is not JSON.
        MALFORMED_JSON: Invalid;
        /// The request itself cannot be understood (its path, its query, a header).
        BAD_REQUEST: Invalid;
        /// Nobody is signed in.
        UNAUTHORIZED: Unauthenticated;
        /// The caller may not do this.
        FORBIDDEN: Forbidden;
        /// The caller must prove anew who they are, a short while before doing this.
        PROOF_REQUIRED: Forbidden;
        /// Only somebody who has signed in may do this, not a program with an API key.
        IN_PERSON_ONLY: Forbidden;
        /// There is no such thing for this caller.
        NOT_FOUND: NotFound;
        /// There is no such path.
        ROUTE_NOT_FOUND: NotFound;
        /// The path has no such method.
        METHOD_NOT_ALLOWED: MethodNotAllowed;
        /// Something with the same key exists.
        CONFLICT: Conflict;
        /// `If-Match` names a version that is no longer the current one.
        PRECONDITION_FAILED: PreconditionFailed;
        /// `If-Match` is required.
        PRECONDITION_REQUIRED: PreconditionRequired;
        /// The body is too large.
        PAYLOAD_TOO_LARGE: TooLarge;
        /// The address is too long.
        URI_TOO_LONG: AddressTooLong;
        /// The headers are too large or too many.
        HEADERS_TOO_LARGE: HeadersTooLarge;
        /// The content type is not one that is understood here.
        UNSUPPORTED_MEDIA_TYPE: UnsupportedMedia;
        /// A limit on requests is reached.
        TOO_MANY_REQUESTS: TooMany;
        /// The server is too busy, or starting, or stopping.
        SERVICE_UNAVAILABLE: Unavailable;
        /// The request took longer than it may.
        REQUEST_TIMEOUT: Unavailable;
        /// Our fault; the request id finds it in the log.
        INTERNAL_ERROR: Internal;

        /// Field: it is required.
        REQUIRED: Invalid;
        /// Field: it is not of the right type.
        WRONG_TYPE: Invalid;
        /// Field: it does not exist here.
        UNKNOWN_FIELD: Invalid;
        /// Field: it stands twice.
        DUPLICATE_FIELD: Invalid;
        /// Field: too short.
        TOO_SHORT: Invalid;
        /// Field: too long.
        TOO_LONG: Invalid;
        /// Field: too few entries.
        TOO_FEW: Invalid;
        /// Field: too many entries.
        TOO_MANY: Invalid;
        /// Field: too small a number.
        TOO_SMALL: Invalid;
        /// Field: too large a number.
        TOO_BIG: Invalid;
        /// Field: not one of the words allowed.
        NOT_ALLOWED: Invalid;
        /// Field: it holds characters that are not allowed.
        BAD_CHARACTERS: Invalid;
        /// Field: not of the format expected (an address, a date, an identifier).
        BAD_FORMAT: Invalid;
        /// Field: nested too deep.
        TOO_DEEP: Invalid;
        /// Field: two parameters that exclude each other.
        EXCLUSIVE: Invalid;
        /// Field: a query parameter that does not exist here.
        UNKNOWN_PARAMETER: Invalid;
        /// Field: a query parameter that stands twice.
        DUPLICATE_PARAMETER: Invalid;
        /// Field: a sort key the list does not have.
        UNKNOWN_SORT: Invalid;
        /// Field: a cursor that is not one of this list.
        BAD_CURSOR: Invalid;
        /// Field: a page too far down; a cursor reaches it.
        PAGE_TOO_DEEP: Invalid;
        /// Field: it must be after another one.
        MUST_BE_AFTER: Invalid;
    }
}

/// An argument of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A text.
    Text(String),
    /// A number, written as the language writes numbers.
    Number(i64),
}
impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Its path from the root of the body: `inner[0].name`; the parameter's name in a query; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub code: Code,
    /// The arguments of the sentence.
    pub args: Vec<(&'static str, Arg)>,
}

impl FieldError {
    /// `code` at `path`.
    pub fn new(path: impl Into<String>, code: Code) -> Self {
        Self { path: path.into(), code, args: Vec::new() }
    }

    /// With an argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// A failure: a code, its arguments, the fields at fault, when to come back, and what the log should know.
pub struct Error(Box<Inner>);

struct Inner {
    code: Code,
    args: Vec<(&'static str, Arg)>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// How many wrong fields one error names; the rest is noise.
pub const MOST_FIELDS: usize = 50;
/// How many characters of a field's path are told: ours have a few dozen.
const LONGEST_PATH: usize = 200;

impl Error {
    /// A failure with this code.
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner { code, args: Vec::new(), fields: Vec::new(), retry_after: None, source: None }))
    }

    /// Our fault; `source` goes to the log and nowhere else.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(codes::INTERNAL_ERROR).because(source)
    }

    /// There is no such `what` (a noun in snake case, translated by the key `noun-<what>`).
    pub fn not_found(what: &'static str) -> Self {
        Self::new(codes::NOT_FOUND).arg("what", what)
    }

    /// The caller lacks this permission.
    pub fn forbidden(permission: &Permission) -> Self {
        Self::new(codes::FORBIDDEN).arg("permission", permission.name)
    }

    /// These fields are wrong; at most [`MOST_FIELDS`] are named, and long names are cut: an answer must not be larger
    /// than what was asked.
    pub fn invalid(mut fields: Vec<FieldError>) -> Self {
        fields.truncate(MOST_FIELDS);
        for field in &mut fields {
            if let Some((end, _)) = field.path.char_indices().nth(LONGEST_PATH) {
                field.path.truncate(end);
            }
        }
        let mut error = Self::new(codes::VALIDATION_ERROR);
        error.0.fields = fields;
        error
    }

    /// This one field is wrong.
    pub fn invalid_field(path: impl Into<String>, code: Code) -> Self {
        Self::invalid(vec![FieldError::new(path, code)])
    }

    /// With an argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.0.args.push((name, value.into()));
        self
    }

    /// With a field at fault.
    #[must_use]
    pub fn field(mut self, field: FieldError) -> Self {
        self.0.fields.push(field);
        self
    }

    /// With the time after which a new try makes sense.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// With what caused it, for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The kind of the code.
    pub fn kind(&self) -> Kind {
        self.0.code.kind
    }

    /// The arguments of the sentence.
    pub fn args(&self) -> &[(&'static str, Arg)] {
        &self.0.args
    }

    /// The fields at fault.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// When to come back.
    pub fn retry_wait(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The cause, of a given type.
    pub fn cause<E: StdError + 'static>(&self) -> Option<&E> {
        self.0.source.as_ref().and_then(|source| source.downcast_ref())
    }
}

impl fmt::Display for Error {
    /// For the log: the code, its arguments and the chain of causes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.name)?;
        for (name, value) in &self.0.args {
            match value {
                Arg::Text(text) => write!(f, " {name}={text}")?,
                Arg::Number(number) => write!(f, " {name}={number}")?,
            }
        }
        for field in &self.0.fields {
            write!(f, " [{}: {}]", field.path, field.code.name)?;
        }
        let mut cause = self.0.source.as_ref().map(|source| &**source as &dyn StdError);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
impl From<ValueError> for Error {
    fn from(error: ValueError) -> Self {
        Self::internal(error)
    }
}

/// Turns the absence of a row into an error: absence is `Option` in a store and an error in a service.
pub trait OrNotFound<T> {
    /// The value, or `NOT_FOUND` naming `what`.
    fn or_not_found(self, what: &'static str) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self, what: &'static str) -> Result<T> {
        self.ok_or_else(|| Error::not_found(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_sees_the_whole_chain_and_codes_are_unique() {
        let error = Error::internal(std::io::Error::other("disk gone")).arg("table", "x");
        assert_eq!(error.to_string(), "INTERNAL_ERROR table=x: disk gone");
        assert!(error.cause::<std::io::Error>().is_some());
        let mut names: Vec<_> = codes::ALL.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), codes::ALL.len());
    }
}
