//! What stands in the headers: preconditions, and the place to resume a stream.

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use serde_json::json;
use socle_kernel::{Error, FieldError, codes};

use crate::openapi::ParameterPlace;
use crate::problem::Refused;
use crate::{DescribeInput, Operation};

/// `If-Match`: the versions of which the caller is willing to replace one; none when the header is absent
/// or `*`.
///
/// The entity tag of a resource begins with its version number, so that a service can hold it against the
/// row inside the transaction (RFC 9110, section 13.1.1).
#[derive(Debug, Clone)]
pub struct IfMatch(Option<Vec<i64>>);

impl IfMatch {
    /// No condition: for callers inside, who replace whatever is there.
    pub const ANY: Self = Self(None);

    /// Refuses (`PRECONDITION_FAILED`, 412) unless `version` is one of those named.
    pub fn check(&self, version: i64) -> socle_kernel::Result<()> {
        match &self.0 {
            Some(versions) if !versions.contains(&version) => Err(Error::new(codes::PRECONDITION_FAILED)),
            _ => Ok(()),
        }
    }

    /// Refuses (`PRECONDITION_REQUIRED`, 428) a caller who names no version, for resources where a lost
    /// update matters.
    pub fn required(self) -> socle_kernel::Result<Self> {
        if self.0.is_some() { Ok(self) } else { Err(Error::new(codes::PRECONDITION_REQUIRED)) }
    }

    /// Reads `*` or a list of entity tags; anything else is no condition that could be checked, and is refused.
    fn parse(text: &str) -> socle_kernel::Result<Self> {
        if text.trim() == "*" {
            return Ok(Self::ANY);
        }
        let tags = entity_tags(text).ok_or_else(|| {
            let field =
                FieldError::new("If-Match", codes::BAD_FORMAT).arg("format", "\"3-9f86d081884c7d65\", *");
            Error::invalid(vec![field])
        })?;
        // A weak tag never matches strongly, and a tag that is not ours matches nothing: both fall out here.
        let version =
            |(weak, tag): &(bool, &str)| (!weak).then(|| tag.split('-').next()?.parse().ok()).flatten();
        Ok(Self(Some(tags.iter().filter_map(version).collect())))
    }
}

/// The entity tags of a list, each with whether it is weak (RFC 9110, section 8.8.3); none when it is no such list.
fn entity_tags(text: &str) -> Option<Vec<(bool, &str)>> {
    let mut tags = Vec::new();
    let mut rest = text.trim();
    loop {
        // A list may have empty elements (RFC 9110, section 5.6.1).
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            return (!tags.is_empty()).then_some(tags);
        }
        let (weak, opaque) = rest.strip_prefix("W/").map_or((false, rest), |opaque| (true, opaque));
        let (tag, after) = opaque.strip_prefix('"')?.split_once('"')?;
        if tag.chars().any(|sign| sign.is_control() || sign == ' ') {
            return None;
        }
        tags.push((weak, tag));
        rest = after.trim_start_matches([' ', '\t']);
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let values: Vec<_> = parts
            .headers
            .get_all(header::IF_MATCH)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        if values.is_empty() {
            return Ok(Self::ANY);
        }
        Self::parse(&values.join(",")).map_err(Refused)
    }
}
impl DescribeInput for IfMatch {
    fn describe(operation: &mut Operation<'_>) {
        let about = "The entity tag of the version that is to be changed.";
        operation.parameter(ParameterPlace::Header, "If-Match", false, about, json!({"type": "string"}));
        operation.refusal(400);
        operation.refusal(412);
    }
}

/// `If-Match` where a lost update matters: a caller who names no version gets 428 with `PRECONDITION_REQUIRED`.
#[derive(Debug, Clone)]
pub struct RequiredIfMatch(pub IfMatch);

impl<S: Sync> FromRequestParts<S> for RequiredIfMatch {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        Ok(Self(IfMatch::from_request_parts(parts, state).await?.required()?))
    }
}
impl DescribeInput for RequiredIfMatch {
    fn describe(operation: &mut Operation<'_>) {
        let about = "The entity tag of the version that is to be changed.";
        operation.parameter(ParameterPlace::Header, "If-Match", true, about, json!({"type": "string"}));
        for status in [400, 412, 428] {
            operation.refusal(status);
        }
    }
}

/// `Last-Event-ID`: the sequence after which a stream resumes; none when the header is absent or empty, as
/// browsers may send it.
#[derive(Debug, Clone, Copy)]
pub struct LastEventId(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for LastEventId {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let header = parts.headers.get("last-event-id").map(http::HeaderValue::as_bytes);
        let Some(bytes) = header.filter(|bytes| !bytes.is_empty()) else { return Ok(Self(None)) };
        let place = std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok());
        match place.filter(|place: &i64| *place >= 0) {
            Some(place) => Ok(Self(Some(place))),
            None => {
                let field = FieldError::new("Last-Event-ID", codes::WRONG_TYPE).arg("expected", "integer");
                Err(Refused(Error::invalid(vec![field])))
            }
        }
    }
}
impl DescribeInput for LastEventId {
    fn describe(operation: &mut Operation<'_>) {
        let about = "The last sequence received: the stream resumes after it.";
        let schema = json!({"type": "integer", "minimum": 0});
        operation.parameter(ParameterPlace::Header, "Last-Event-ID", false, about, schema);
        operation.refusal(400);
    }
}

/// What the edge knows of the request, for handlers that pass it on (the address, the request id).
impl<S: Sync> FromRequestParts<S> for crate::Context {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        Ok(Self::of(&parts.extensions)?.clone())
    }
}
impl DescribeInput for crate::Context {
    fn describe(_: &mut Operation<'_>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_holds_the_version_of_a_strong_tag_against_the_row() {
        let check = |text: &str| IfMatch::parse(text).unwrap().check(3);
        for right in ["\"3-00ff\"", "\"2-aa\", \"3-bb\"", "*", "\"a,b\" ,, \"3-bb\","] {
            assert!(check(right).is_ok(), "{right}");
        }
        for stale in ["\"2-00ff\"", "W/\"3-00ff\"", "\"garbage\"", "\"\""] {
            assert_eq!(check(stale).unwrap_err().code(), codes::PRECONDITION_FAILED, "{stale}");
        }
        assert_eq!(IfMatch::ANY.required().unwrap_err().code(), codes::PRECONDITION_REQUIRED);
    }

    #[test]
    fn if_match_that_is_neither_a_star_nor_a_list_of_tags_is_refused_by_its_name() {
        for bad in ["3", "", ",", "\"3", "\"3\" \"4\"", "3-00ff", "w/\"3\"", "*, \"3\"", "\"a b\""] {
            let error = IfMatch::parse(bad).unwrap_err();
            let fields: Vec<_> =
                error.fields().iter().map(|field| (field.path.as_str(), field.code)).collect();
            assert_eq!(fields, [("If-Match", codes::BAD_FORMAT)], "{bad}");
        }
    }
}
