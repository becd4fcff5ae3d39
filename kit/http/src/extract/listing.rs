//! Which part of a list: page or cursor, limit, order, and the list's own filters.

use axum::extract::FromRequestParts;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use socle_kernel::{Direction, Error, FieldError, MAX_LIMIT, Page, Position, Result, Sort, codes};

use crate::openapi::ParameterPlace;
use crate::problem::Refused;
use crate::schema::{nearest, problems, property_names, schema_of, trim};
use crate::{DescribeInput, Operation};

/// The parameters every list takes.
const PAGING: [&str; 4] = ["page", "limit", "cursor", "sort"];
/// How many sort keys one request may name.
const MAX_SORTS: usize = 4;

/// A page of a list, filtered by the fields of `F`. Unknown, repeated and contradicting parameters are
/// refused, all at once.
#[derive(Debug, Clone)]
pub struct Listing<F = NoFilter> {
    /// Which part.
    pub page: Page,
    /// The list's own filters.
    pub filter: F,
}

/// No filters of its own.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

/// Query parameters that are the fields of `F`.
#[derive(Debug, Clone)]
pub struct Query<F>(pub F);

impl<S: Sync, F: DeserializeOwned + JsonSchema + 'static> FromRequestParts<S> for Listing<F> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let mut fields = Vec::new();
        let (paging, own) = split(pairs(parts.uri.query().unwrap_or_default(), &mut fields));
        let page = page(&paging, &mut fields);
        let filter = filter::<F>(own, &PAGING, &mut fields)?;
        match filter {
            Some(filter) if fields.is_empty() => Ok(Self { page, filter }),
            _ => Err(Refused(Error::invalid(fields))),
        }
    }
}
impl<F: JsonSchema + 'static> DescribeInput for Listing<F> {
    fn describe(operation: &mut Operation<'_>) {
        let limits = json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 20});
        let parameters = [
            (
                "page",
                "The number of the page, from 1. Excludes `cursor`.",
                json!({"type": "integer", "minimum": 1}),
            ),
            ("limit", "How many entries a page holds.", limits),
            (
                "cursor",
                "The `next_cursor` of the page before; empty for the first. Excludes `page`.",
                json!({"type": "string"}),
            ),
            (
                "sort",
                "The order: keys separated by commas, `-` before a key for descending.",
                json!({"type": "string"}),
            ),
        ];
        for (name, about, schema) in parameters {
            operation.parameter(ParameterPlace::Query, name, false, about, schema);
        }
        operation.query::<F>();
        operation.refusal(400);
    }
}

impl<S: Sync, F: DeserializeOwned + JsonSchema + 'static> FromRequestParts<S> for Query<F> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let mut fields = Vec::new();
        let pairs = pairs(parts.uri.query().unwrap_or_default(), &mut fields);
        let filter = filter::<F>(pairs, &[], &mut fields)?;
        match filter {
            Some(filter) if fields.is_empty() => Ok(Self(filter)),
            _ => Err(Refused(Error::invalid(fields))),
        }
    }
}
impl<F: JsonSchema + 'static> DescribeInput for Query<F> {
    fn describe(operation: &mut Operation<'_>) {
        operation.query::<F>();
        operation.refusal(400);
    }
}

pub(crate) type Pairs = Vec<(String, String)>;

/// The parameters, decoded; a name that stands twice is a mistake, never a silent choice (R1-164).
pub(crate) fn pairs(query: &str, fields: &mut Vec<FieldError>) -> Pairs {
    let mut pairs: Pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned)
        };
        match (decode(name), decode(value)) {
            (Ok(name), Ok(_)) if name == "lang" => {}
            (Ok(name), Ok(_)) if pairs.iter().any(|(known, _)| *known == name) => {
                fields.push(FieldError::new(name, codes::DUPLICATE_PARAMETER));
            }
            (Ok(name), Ok(value)) => pairs.push((name, value)),
            (name, _) => fields.push(FieldError::new(name.unwrap_or_default(), codes::BAD_CHARACTERS)),
        }
    }
    pairs
}

fn split(pairs: Pairs) -> (Pairs, Pairs) {
    pairs.into_iter().partition(|(name, _)| PAGING.contains(&name.as_str()))
}

fn page(paging: &Pairs, fields: &mut Vec<FieldError>) -> Page {
    let text = |name: &str| paging.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut number = |name: &'static str, max: i64| {
        let text = text(name)?;
        let field = match text.parse::<i64>() {
            Ok(number) if number < 1 => FieldError::new(name, codes::TOO_SMALL).arg("min", 1),
            Ok(number) if number > max => FieldError::new(name, codes::TOO_BIG).arg("max", max),
            Ok(number) => return Some(number),
            Err(_) => FieldError::new(name, codes::WRONG_TYPE).arg("expected", "integer"),
        };
        fields.push(field);
        None
    };
    let limit = number("limit", MAX_LIMIT).unwrap_or(20);
    let page = number("page", i64::MAX);
    let cursor = text("cursor");
    if text("page").is_some() && cursor.is_some() {
        fields.push(FieldError::new("cursor", codes::EXCLUSIVE).arg("other", "page"));
    }
    let position = match cursor {
        Some(cursor) => Position::After(Some(cursor.to_owned()).filter(|cursor| !cursor.is_empty())),
        None => Position::Number(page.unwrap_or(1)),
    };
    Page { position, limit, sort: sorts(text("sort").unwrap_or_default(), fields) }
}

fn sorts(text: &str, fields: &mut Vec<FieldError>) -> Vec<Sort> {
    let keys: Vec<&str> = text.split(',').filter(|key| !key.is_empty()).collect();
    if keys.len() > MAX_SORTS {
        fields.push(
            FieldError::new("sort", codes::TOO_MANY).arg("max", i64::try_from(MAX_SORTS).unwrap_or_default()),
        );
    }
    keys.into_iter()
        .map(|key| match key.strip_prefix('-') {
            Some(key) => Sort { key: key.to_owned(), direction: Direction::Descending },
            None => Sort { key: key.to_owned(), direction: Direction::Ascending },
        })
        .collect()
}

/// Reads the filters; `None` when they are wrong, and then `fields` says how.
fn filter<F: DeserializeOwned + JsonSchema + 'static>(
    pairs: Pairs,
    others: &[&str],
    fields: &mut Vec<FieldError>,
) -> Result<Option<F>> {
    let schema = &schema_of::<F>()?.schema;
    let mut known = property_names(schema);
    let (own, unknown): (Pairs, Pairs) =
        pairs.into_iter().partition(|(name, _)| known.contains(&name.as_str()));
    known.extend(others);
    fields.extend(unknown.iter().map(|(name, _)| {
        FieldError::new(name.as_str(), codes::UNKNOWN_PARAMETER).arg("nearest", nearest(name, &known))
    }));
    let own: Map<String, Value> = own
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| {
            let value = typed(&text, schema.pointer(&format!("/properties/{name}")));
            (name, value)
        })
        .collect();
    let mut value = Value::Object(own);
    trim::<F>(&mut value)?;
    let wrong = problems::<F>(&value)?;
    if !wrong.is_empty() {
        fields.extend(wrong);
        return Ok(None);
    }
    Ok(match serde_json::from_value(value) {
        Ok(filter) => Some(filter),
        Err(_) => {
            fields.push(FieldError::new("", codes::BAD_FORMAT).arg("format", ""));
            None
        }
    })
}

/// A text becomes what the schema of its parameter expects; what does not fit stays text, and is refused as such.
fn typed(text: &str, schema: Option<&Value>) -> Value {
    let declared = schema.and_then(|schema| schema.get("type"));
    let is = |kind: &str| match declared {
        Some(Value::String(declared)) => declared == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|declared| declared == kind),
        _ => false,
    };
    if is("integer") {
        return text.parse::<i64>().map_or_else(|_| text.into(), Value::from);
    }
    if is("number") {
        return text.parse::<f64>().map_or_else(|_| text.into(), Value::from);
    }
    if is("boolean") {
        return text.parse::<bool>().map_or_else(|_| text.into(), Value::from);
    }
    if is("array") {
        let items = schema.and_then(|schema| schema.get("items"));
        return text.split(',').filter(|item| !item.is_empty()).map(|item| typed(item, items)).collect();
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(query: &str) -> (Page, Vec<(String, &'static str)>) {
        let mut fields = Vec::new();
        let (paging, own) = split(pairs(query, &mut fields));
        let page = page(&paging, &mut fields);
        filter::<NoFilter>(own, &PAGING, &mut fields).unwrap();
        (page, fields.into_iter().map(|field| (field.path, field.code.name)).collect())
    }

    #[test]
    fn a_list_is_paged_by_number_from_one_by_twenty() {
        let (page, fields) = listing("");
        assert_eq!((page.position, page.limit, fields.len()), (Position::Number(1), 20, 0));
    }

    #[test]
    fn an_empty_cursor_is_the_beginning() {
        let (page, _) = listing("cursor=&limit=5&sort=-createdAt,title");
        assert_eq!((page.position, page.limit, page.sort.len()), (Position::After(None), 5, 2));
        assert_eq!(page.sort[0], Sort { key: "createdAt".into(), direction: Direction::Descending });
    }

    #[test]
    fn every_wrong_parameter_is_named_at_once() {
        let (_, mut fields) = listing("page=0&limit=1000&cursor=x&sorts=a&limit=3&x=%ff");
        fields.sort();
        assert_eq!(
            fields,
            [
                ("cursor".into(), "EXCLUSIVE"),
                ("limit".into(), "DUPLICATE_PARAMETER"),
                ("limit".into(), "TOO_BIG"),
                ("page".into(), "TOO_SMALL"),
                ("sorts".into(), "UNKNOWN_PARAMETER"),
                ("x".into(), "BAD_CHARACTERS"),
            ]
        );
    }
}
