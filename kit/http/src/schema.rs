//! One schema per input type: it checks what arrives and is what the OpenAPI document shows.
//!
//! A body is parsed strictly (no duplicate keys, bounded depth), then held against the type's JSON Schema,
//! which names every bad field at once; only then is it read into the type.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, PoisonError, RwLock};

use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use socle_kernel::{Code, Error, FieldError, MOST_FIELDS, Result, codes, trimmed};

/// How deep a body may nest.
const MAX_DEPTH: usize = 64;

/// The schema of an input type, and its compiled form.
pub(crate) struct InputSchema {
    pub(crate) schema: Value,
    pub(crate) validator: Validator,
}

static SCHEMAS: LazyLock<RwLock<HashMap<TypeId, &'static InputSchema>>> = LazyLock::new(Default::default);

/// The schema of `T`, compiled once per process. The number of input types bounds the map.
pub(crate) fn schema_of<T: JsonSchema + 'static>() -> Result<&'static InputSchema> {
    let key = TypeId::of::<T>();
    if let Some(found) = SCHEMAS.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(found);
    }
    let schema =
        SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>();
    let schema = schema.to_value();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| Error::internal(format!("the schema of {} is broken: {error}", T::schema_name())))?;
    let compiled: &'static InputSchema = Box::leak(Box::new(InputSchema { schema, validator }));
    SCHEMAS.write().unwrap_or_else(PoisonError::into_inner).insert(key, compiled);
    Ok(compiled)
}

/// Holds `value` against the schema of `T` and reads it: `VALIDATION_ERROR` names every bad field.
pub fn check_value<T: DeserializeOwned + JsonSchema + 'static>(mut value: Value) -> Result<T> {
    trim::<T>(&mut value)?;
    let fields = problems::<T>(&value)?;
    if !fields.is_empty() {
        return Err(Error::invalid(fields));
    }
    // What the schema cannot say (a date that does not exist) serde still refuses, without a path.
    serde_json::from_value(value).map_err(|error| Error::invalid_field("", codes::BAD_FORMAT).because(error))
}

/// Takes the space around every text that is stored without it, so that what is checked is what is kept: a
/// title of blanks is an empty title.
pub(crate) fn trim<T: JsonSchema + 'static>(value: &mut Value) -> Result<()> {
    let root = &schema_of::<T>()?.schema;
    trim_by(value, root, root);
    Ok(())
}

fn trim_by(value: &mut Value, schema: &Value, root: &Value) {
    let reference =
        schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    if let Some(target) = reference.and_then(|pointer| root.pointer(pointer)) {
        return trim_by(value, target, root);
    }
    for branch in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        trim_by(value, branch, root);
    }
    match value {
        Value::String(text) if schema.get("x-trimmed").is_some() => {
            let kept = trimmed(text);
            if kept.len() < text.len() {
                *text = kept.to_owned();
            }
        }
        Value::Array(items) => {
            let Some(schema) = schema.get("items") else { return };
            items.iter_mut().for_each(|item| trim_by(item, schema, root));
        }
        Value::Object(object) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
            for (name, value) in object {
                if let Some(schema) = properties.get(name) {
                    trim_by(value, schema, root);
                }
            }
        }
        _ => {}
    }
}

/// Every way in which `value` is not a `T`.
pub(crate) fn problems<T: JsonSchema + 'static>(value: &Value) -> Result<Vec<FieldError>> {
    let schema = schema_of::<T>()?;
    if schema.validator.is_valid(value) {
        return Ok(Vec::new());
    }
    let known = property_names(&schema.schema);
    Ok(named(schema.validator.iter_errors(value), &known, Vec::new()))
}

/// Translates errors until there are enough of them.
pub(crate) fn named<'i>(
    errors: impl Iterator<Item = ValidationError<'i>>,
    known: &[&str],
    mut fields: Vec<FieldError>,
) -> Vec<FieldError> {
    for error in errors {
        if fields.len() >= MOST_FIELDS {
            break;
        }
        let before = fields.len();
        translate(&error, known, &mut fields);
        // A value may break two rules that are the same to a reader: its format and its pattern.
        let mut added: Vec<FieldError> = fields.drain(before..).collect();
        added.retain(|field| !fields.contains(field));
        fields.append(&mut added);
    }
    fields.truncate(MOST_FIELDS);
    fields
}

/// The names of the fields at the root of a schema.
pub(crate) fn property_names(schema: &Value) -> Vec<&str> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

/// The known name nearest to a mistyped one; empty when none is near.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> &'a str {
    let distance = |other: &str| {
        // Optimal string alignment would be finer; a shared prefix or suffix is what typing errors leave.
        let common = name.bytes().zip(other.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
        let tail = name
            .bytes()
            .rev()
            .zip(other.bytes().rev())
            .take_while(|(a, b)| a.eq_ignore_ascii_case(b))
            .count();
        name.len().max(other.len()).saturating_sub(common + tail)
    };
    known
        .iter()
        .map(|other| (distance(other), *other))
        .filter(|(distance, other)| *distance <= 1 + other.len() / 4)
        .min()
        .map_or("", |(_, other)| other)
}

fn translate(error: &ValidationError<'_>, known: &[&str], fields: &mut Vec<FieldError>) {
    let path = dotted(error.instance_path().as_str());
    let at = |code: Code| FieldError::new(path.clone(), code);
    let number = |limit: &Value| limit.as_i64().unwrap_or_else(|| limit.as_f64().unwrap_or_default() as i64);
    let count = |limit: &u64| i64::try_from(*limit).unwrap_or(i64::MAX);
    let field = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            fields.extend(unexpected.iter().take(MOST_FIELDS).map(|name| {
                let near = if path.is_empty() { nearest(name, known) } else { "" };
                FieldError::new(join(&path, name), codes::UNKNOWN_FIELD).arg("nearest", near)
            }));
            return;
        }
        ValidationErrorKind::Required { property } => {
            FieldError::new(join(&path, property.as_str().unwrap_or_default()), codes::REQUIRED)
        }
        ValidationErrorKind::Type { kind } => at(codes::WRONG_TYPE).arg("expected", expected(kind)),
        ValidationErrorKind::MinLength { limit: 1 } => at(codes::REQUIRED),
        ValidationErrorKind::MinLength { limit } => at(codes::TOO_SHORT).arg("min", count(limit)),
        ValidationErrorKind::MaxLength { limit } => at(codes::TOO_LONG).arg("max", count(limit)),
        ValidationErrorKind::MinItems { limit } => at(codes::TOO_FEW).arg("min", count(limit)),
        ValidationErrorKind::MaxItems { limit } => at(codes::TOO_MANY).arg("max", count(limit)),
        ValidationErrorKind::Minimum { limit } => at(codes::TOO_SMALL).arg("min", number(limit)),
        ValidationErrorKind::ExclusiveMinimum { limit } => at(codes::TOO_SMALL).arg("min", number(limit) + 1),
        ValidationErrorKind::Maximum { limit } => at(codes::TOO_BIG).arg("max", number(limit)),
        ValidationErrorKind::ExclusiveMaximum { limit } => at(codes::TOO_BIG).arg("max", number(limit) - 1),
        ValidationErrorKind::Enum { options } => at(codes::NOT_ALLOWED).arg("allowed", words(options)),
        ValidationErrorKind::Constant { expected_value } => {
            at(codes::NOT_ALLOWED).arg("allowed", expected_value.to_string())
        }
        // Our texts say by their pattern which characters they take; any other pattern is the form of a value.
        ValidationErrorKind::Pattern { pattern } if pattern.contains("\\u0000") => at(codes::BAD_CHARACTERS),
        ValidationErrorKind::Pattern { pattern } => {
            at(codes::BAD_FORMAT).arg("format", if pattern.starts_with("^https?:") { "uri" } else { "" })
        }
        ValidationErrorKind::Format { format } => at(codes::BAD_FORMAT).arg("format", format.as_str()),
        ValidationErrorKind::UniqueItems => at(codes::DUPLICATE_FIELD),
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            // `anyOf` is how an optional reference is written: the branch that is not `null` says what is wrong.
            let telling = context.iter().find(|branch| !branch.iter().any(is_null_branch));
            match telling {
                Some(branch) => branch.iter().for_each(|inner| translate(inner, known, fields)),
                None => fields.push(at(codes::BAD_FORMAT).arg("format", "")),
            }
            return;
        }
        _ => at(codes::BAD_FORMAT).arg("format", ""),
    };
    fields.push(field);
}

fn is_null_branch(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { kind } if expected(kind) == "null")
}

/// The type a value should have had; of `string or null`, the one that is not null.
fn expected(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => {
            kinds.iter().map(|kind| kind.to_string()).find(|kind| kind != "null").unwrap_or_default()
        }
    }
}

fn words(options: &Value) -> String {
    let words: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    words.join(", ")
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// `/inner/0/name` (RFC 6901) becomes `inner[0].name`.
fn dotted(pointer: &str) -> String {
    let mut path = String::with_capacity(pointer.len());
    for part in pointer.split('/').skip(1) {
        if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
            path.push('[');
            path.push_str(part);
            path.push(']');
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part.replace("~1", "/").replace("~0", "~"));
        }
    }
    path
}

/// Parses JSON as strictly as RFC 8259 allows: one value, no key twice, at most 64 levels.
pub fn parse_strict(bytes: &[u8]) -> Result<Value> {
    if depth_of(bytes) > MAX_DEPTH {
        return Err(Error::invalid(vec![
            FieldError::new("", codes::TOO_DEEP).arg("max", i64::try_from(MAX_DEPTH).unwrap_or_default()),
        ]));
    }
    let mut duplicate = None;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { path: String::new(), duplicate: &mut duplicate }.deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| match duplicate {
        Some(path) => Error::invalid_field(path, codes::DUPLICATE_FIELD),
        None => Error::new(codes::MALFORMED_JSON)
            .arg("line", i64::try_from(error.line()).unwrap_or_default())
            .arg("column", i64::try_from(error.column()).unwrap_or_default()),
    })
}

/// The deepest nesting of brackets outside strings: one pass, no recursion, so that a hostile body costs
/// no stack.
fn depth_of(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Builds a `Value`, remembering the path of the first key that stands twice.
struct Strict<'a> {
    path: String,
    duplicate: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let path = format!("{}[{}]", self.path, items.len());
            match seq.next_element_seed(Strict { path, duplicate: self.duplicate })? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let path = join(&self.path, &key);
            if map.contains_key(&key) {
                *self.duplicate = Some(path);
                return Err(A::Error::custom("duplicate key"));
            }
            let value = access.next_value_seed(Strict { path, duplicate: self.duplicate })?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Thing {
        #[schemars(length(min = 1, max = 5))]
        title: String,
        #[schemars(range(min = 1, max = 9))]
        rank: Option<i64>,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is read")]
    struct Inner {
        id: socle_kernel::Id<()>,
    }

    fn codes_of(value: Value) -> Vec<(String, &'static str)> {
        let error = check_value::<Thing>(value).unwrap_err();
        let mut fields: Vec<_> = error.fields().iter().map(|f| (f.path.clone(), f.code.name)).collect();
        fields.sort();
        fields
    }

    #[test]
    fn every_bad_field_is_named_at_once_with_its_path() {
        let body = json!({"titel": "x", "rank": "3", "inner": [{"id": "no"}, {"nom": 1}]});
        assert_eq!(
            codes_of(body),
            [
                ("inner[0].id".into(), "BAD_FORMAT"),
                ("inner[1].id".into(), "REQUIRED"),
                ("inner[1].nom".into(), "UNKNOWN_FIELD"),
                ("rank".into(), "WRONG_TYPE"),
                ("titel".into(), "UNKNOWN_FIELD"),
                ("title".into(), "REQUIRED"),
            ]
        );
        assert_eq!(
            codes_of(json!({"title": "too long", "rank": 10})),
            [("rank".into(), "TOO_BIG"), ("title".into(), "TOO_LONG")]
        );
        assert_eq!(codes_of(json!([1])), [(String::new(), "WRONG_TYPE")]);
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    struct Note {
        #[schemars(length(min = 1))]
        title: socle_kernel::Line,
        #[schemars(inner(length(min = 1)))]
        tags: Option<Vec<socle_kernel::Line>>,
    }

    #[test]
    fn a_text_of_blanks_is_an_empty_text_wherever_it_stands() {
        let error =
            check_value::<Note>(json!({"title": " \t", "tags": ["a", " ", "\u{200b}\u{2060}"]})).unwrap_err();
        let mut fields: Vec<_> = error.fields().iter().map(|f| (f.path.as_str(), f.code)).collect();
        fields.sort_unstable_by_key(|(path, _)| *path);
        assert_eq!(fields, ["tags[1]", "tags[2]", "title"].map(|path| (path, codes::REQUIRED)));
        let note: Note = check_value(json!({"title": " a b ", "tags": null})).unwrap();
        assert_eq!((note.title.as_str(), note.tags), ("a b", None));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_with_its_path() {
        let error = parse_strict(br#"{"a": {"b": 1, "b": 2}}"#).unwrap_err();
        assert_eq!(
            (error.fields()[0].path.as_str(), error.fields()[0].code),
            ("a.b", codes::DUPLICATE_FIELD)
        );
    }

    #[test]
    fn ten_thousand_levels_cost_nothing_and_are_refused() {
        let deep = "[".repeat(10_000);
        assert_eq!(parse_strict(deep.as_bytes()).unwrap_err().fields()[0].code, codes::TOO_DEEP);
        let brackets_in_text = format!("\"{}\\\"[[\"", "[".repeat(100));
        assert!(parse_strict(brackets_in_text.as_bytes()).is_ok());
    }

    #[test]
    fn what_is_not_one_json_value_is_malformed() {
        for bad in ["", "{", "{\"a\":1}x", "nul", "{'a':1}", "[1,]", "\"\u{1}\""] {
            assert_eq!(parse_strict(bad.as_bytes()).unwrap_err().code(), codes::MALFORMED_JSON, "{bad:?}");
        }
    }

    #[test]
    fn a_mistyped_name_is_answered_with_the_nearest() {
        assert_eq!(nearest("titel", &["title", "content"]), "title");
        assert_eq!(nearest("contnt", &["title", "content"]), "content");
        assert_eq!(nearest("zebra", &["title", "content"]), "");
    }
}
