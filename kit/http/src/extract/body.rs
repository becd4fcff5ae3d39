//! The body of a request: strict JSON, held against its type's schema, all errors at once.

use axum::body::HttpBody;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use socle_kernel::{Error, FieldError, Result, codes};

use crate::patch::patch_problems;
use crate::problem::Refused;
use crate::schema::{check_value, parse_strict};
use crate::{Context, DescribeInput, Operation};

/// A JSON body of type `T`. The limits of the type's schema hold, and are what the document shows.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + JsonSchema + 'static> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        require_media(request.headers(), &["application/json"])?;
        let value = read_json(request).await?;
        Ok(Self(check_value(value)?))
    }
}
impl<T: JsonSchema> DescribeInput for Body<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.json_body::<T>();
        for status in [400, 413, 415] {
            operation.refusal(status);
        }
    }
}

/// A table in a spreadsheet's text form (CSV, RFC 4180): UTF-8, with or without its mark. What stands in it is the
/// handler's to judge.
#[derive(Debug, Clone)]
pub struct CsvBody(pub String);

impl<S: Send + Sync> FromRequest<S> for CsvBody {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        require_media(request.headers(), &["text/csv"])?;
        let bytes = read_bytes(request).await?;
        let text = String::from_utf8(bytes.into()).map_err(|_| {
            Error::invalid(vec![FieldError::new("", codes::BAD_FORMAT).arg("format", "UTF-8")])
        })?;
        Ok(Self(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
    }
}
impl DescribeInput for CsvBody {
    fn describe(operation: &mut Operation<'_>) {
        operation.text_body("text/csv");
        for status in [400, 413, 415] {
            operation.refusal(status);
        }
    }
}

/// A JSON body that may be left out altogether.
#[derive(Debug, Clone)]
pub struct OptionalBody<T>(pub Option<T>);

impl<S: Send + Sync, T: DeserializeOwned + JsonSchema + 'static> FromRequest<S> for OptionalBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let headers = request.headers();
        // Clients that say of every request that it is JSON say so of one without a body too.
        let length = headers.get(header::CONTENT_LENGTH);
        let is_silent = || !headers.contains_key(header::CONTENT_TYPE) || request.body().is_end_stream();
        let is_absent = !headers.contains_key(header::TRANSFER_ENCODING)
            && length.map_or_else(is_silent, |length| length == "0");
        if is_absent {
            return Ok(Self(None));
        }
        Body::from_request(request, state).await.map(|Body(value)| Self(Some(value)))
    }
}
impl<T: JsonSchema> DescribeInput for OptionalBody<T> {
    fn describe(operation: &mut Operation<'_>) {
        Body::<T>::describe(operation);
        operation.body_is_optional();
    }
}

/// A merge patch (RFC 7396) of a `T`: applied to the present state, it must give a valid `T`.
#[derive(Debug, Clone)]
pub struct Merge<T> {
    patch: Map<String, Value>,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned + JsonSchema + 'static> Merge<T> {
    /// The present state with the patch applied, checked as a whole body would be.
    pub fn apply(&self, current: &T) -> Result<T> {
        let mut whole = serde_json::to_value(current).map_err(Error::internal)?;
        merge(&mut whole, &Value::Object(self.patch.clone()));
        check_value(whole)
    }
}

/// RFC 7396, section 2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(object) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            object.remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

impl<S: Send + Sync, T: JsonSchema + 'static> FromRequest<S> for Merge<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        require_media(request.headers(), &["application/merge-patch+json", "application/json"])?;
        let Value::Object(patch) = read_json(request).await? else {
            let field = FieldError::new("", codes::WRONG_TYPE).arg("expected", "object");
            return Err(Refused(Error::invalid(vec![field])));
        };
        let fields = patch_problems::<T>(&patch)?;
        if !fields.is_empty() {
            return Err(Refused(Error::invalid(fields)));
        }
        Ok(Self { patch, of: std::marker::PhantomData })
    }
}
impl<T: JsonSchema + 'static> DescribeInput for Merge<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.merge_body::<T>();
        for status in [400, 413, 415] {
            operation.refusal(status);
        }
    }
}

fn require_media(headers: &HeaderMap, accepted: &[&str]) -> Result<()> {
    let encoded = headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if encoded {
        return Err(Error::new(codes::UNSUPPORTED_MEDIA_TYPE).arg("accepted", accepted.join(", ")));
    }
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = media.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let utf8 = parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
        !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    if utf8 && accepted.iter().any(|accepted| essence.eq_ignore_ascii_case(accepted)) {
        Ok(())
    } else {
        Err(Error::new(codes::UNSUPPORTED_MEDIA_TYPE).arg("accepted", accepted.join(", ")))
    }
}

async fn read_json(request: Request) -> Result<Value> {
    parse_strict(&read_bytes(request).await?)
}

async fn read_bytes(request: Request) -> Result<Bytes> {
    let context = Context::of(request.extensions())?.clone();
    let limit = context.0.body_limit;
    let too_large =
        || Error::new(codes::PAYLOAD_TOO_LARGE).arg("max", i64::try_from(limit).unwrap_or(i64::MAX));
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let collected = Limited::new(request.into_body(), limit).collect();
    let collected = tokio::time::timeout(context.0.body_timeout, collected)
        .await
        .map_err(|_| Error::new(codes::REQUEST_TIMEOUT).retry_after(std::time::Duration::from_secs(1)))?;
    let bytes = collected.map_err(|error| {
        if error.downcast_ref::<LengthLimitError>().is_some() {
            too_large()
        } else {
            Error::new(codes::BAD_REQUEST).because(error)
        }
    })?;
    Ok(bytes.to_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_merge_patch_sets_removes_and_replaces_as_rfc_7396_says() {
        let mut target = json!({"a": "b", "c": {"d": "e", "f": "g"}, "l": [1]});
        merge(&mut target, &json!({"a": "z", "c": {"f": null}, "l": [2, 3], "n": {"x": null}}));
        assert_eq!(target, json!({"a": "z", "c": {"d": "e"}, "l": [2, 3], "n": {}}));
    }

    #[test]
    fn a_body_must_say_that_it_is_json_in_utf_8() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            require_media(&headers, &["application/json"]).is_ok()
        };
        assert!(with("application/json") && with("Application/JSON; charset=UTF-8"));
        assert!(
            !with("text/plain") && !with("application/json; charset=latin1") && !with("application/jsonp")
        );
        assert!(require_media(&HeaderMap::new(), &["application/json"]).is_err());
    }
}
