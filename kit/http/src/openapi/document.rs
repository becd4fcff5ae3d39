//! The whole document: operations of every route, shared schemas, shared refusals.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{SchemaGenerator, generate::Contract};
use serde_json::{Map, Value, json};
use socle_kernel::{Error, Result};

use super::operation::{Access, Operation};
use crate::dialect::CANONICAL;
use crate::{ENGLISH, RouteCard};

/// What the document says of the product.
#[derive(Debug, Clone)]
pub struct Info {
    /// The title.
    pub title: &'static str,
    /// The version of the product.
    pub version: &'static str,
    /// Markdown: what a newcomer needs.
    pub description: &'static str,
}

/// The OpenAPI 3.1 document.
#[derive(Debug, Clone)]
pub struct Document(pub Value);

impl Document {
    /// Builds it from the cards of every route.
    pub fn build(info: &Info, cards: &[RouteCard]) -> Result<Self> {
        let mut inputs = generator(&Contract::Deserialize);
        let mut outputs = generator(&Contract::Serialize);
        let mut paths = Map::new();
        let mut ids = Vec::new();
        let mut tags: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for card in cards {
            if ids.contains(&card.operation_id) {
                return Err(Error::internal(format!("two operations are called {}", card.operation_id)));
            }
            ids.push(card.operation_id.clone());
            let about = tags.entry(&card.tag).or_default();
            *about = about.or(card.about);
            let mut operation = operation(card, &mut inputs, &mut outputs);
            show(&mut operation);
            let path = paths.entry(format!("{CANONICAL}{}", card.path)).or_insert_with(|| json!({}));
            if let Some(path) = path.as_object_mut() {
                path.insert(card.method.as_str().to_ascii_lowercase(), operation);
            }
        }
        let used = Value::Object(paths.clone()).to_string();
        let tags: Vec<Value> = tags
            .iter()
            .map(|(tag, about)| json!({"name": tag, "description": tag_about(tag, *about)}))
            .collect();
        Ok(Self(json!({
            "openapi": "3.1.0",
            "info": {
                "title": info.title,
                "version": info.version,
                "description": info.description,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/", "description": "This server"}],
            "tags": tags,
            "paths": paths,
            "components": {
                "schemas": schemas(&mut inputs, &mut outputs)?,
                "responses": refusals(&used),
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                },
            },
        })))
    }
}

fn tag_about(tag: &str, about: Option<&str>) -> String {
    about.map_or_else(|| format!("The {} of this server.", tag.replace('_', " ")), str::to_owned)
}

fn generator(contract: &Contract) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let settings =
        if contract.is_deserialize() { settings.for_deserialize() } else { settings.for_serialize() };
    settings.into_generator()
}

fn operation(card: &RouteCard, inputs: &mut SchemaGenerator, outputs: &mut SchemaGenerator) -> Value {
    let mut operation = Operation::new(card.path, inputs, outputs);
    operation.is_action = card.method == http::Method::POST;
    (card.describe)(&mut operation);
    for status in [400, 429, 503] {
        operation.refusal(status);
    }
    if card.limit.is_some() {
        // The limited routes are those about credentials, which may be wrong or locked.
        operation.refusal(401);
        operation.refusal(423);
    }
    let mut out = json!({
        "operationId": card.operation_id,
        "summary": card.summary,
        "tags": [card.tag],
        "responses": operation.responses,
        "security": match (operation.access, card.open) {
            (Some(Access::Public), _) | (None, _) => json!([]),
            (Some(Access::Visitor), true) => json!([{}, {"bearer": []}, {"apiKey": []}]),
            _ if operation.is_in_person => json!([{"bearer": []}]),
            _ => json!([{"bearer": []}, {"apiKey": []}]),
        },
    });
    if let Some(object) = out.as_object_mut() {
        if !operation.parameters.is_empty() {
            object.insert("parameters".into(), Value::Array(operation.parameters));
        }
        if let Some(body) = operation.body {
            object.insert("requestBody".into(), body);
        }
        if let Some(Access::Permission(permission)) = operation.access {
            object.insert("x-permission".into(), permission.name.into());
            object
                .insert("description".into(), format!("Needs the permission `{}`.", permission.name).into());
        }
        if let Some(limit) = card.limit {
            object.insert("x-limit".into(), limit.into());
        }
    }
    out
}

/// The schemas of input and output, which must agree where they share a name.
fn schemas(inputs: &mut SchemaGenerator, outputs: &mut SchemaGenerator) -> Result<Map<String, Value>> {
    let mut all = envelope_schemas();
    let mut answers = outputs.take_definitions(true);
    answers.values_mut().for_each(without_text_patterns);
    for (name, mut schema) in inputs.take_definitions(true).into_iter().chain(answers) {
        show(&mut schema);
        match all.get(&name) {
            Some(known) if *known != schema => {
                return Err(Error::internal(format!(
                    "the schema {name} differs between input and output: use two types"
                )));
            }
            _ => {
                all.insert(name, schema);
            }
        }
    }
    Ok(all)
}

/// Which characters a text takes matters to who writes it. In an answer it would only make viewers invent examples
/// of those characters.
fn without_text_patterns(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("x-trimmed") {
                object.remove("pattern");
            }
            object.values_mut().for_each(without_text_patterns);
        }
        Value::Array(items) => items.iter_mut().for_each(without_text_patterns),
        _ => {}
    }
}

/// Takes out what is between us and the checker: fields that people must not see (`x-hidden`) and our own marks.
fn show(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.remove("x-trimmed");
            if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
                properties.retain(|_, property| property.get("x-hidden").is_none());
            }
            object.values_mut().for_each(show);
        }
        Value::Array(items) => items.iter_mut().for_each(show),
        _ => {}
    }
}

fn envelope_schemas() -> Map<String, Value> {
    let whole = json!({
        "Meta": {
            "type": "object",
            "required": ["timestamp", "request_id", "version"],
            "properties": {
                "timestamp": {"type": "string", "format": "date-time"},
                "request_id": {"type": "string"},
                "version": {"const": "v1"},
            },
        },
        "Pagination": {
            "type": "object",
            "required": ["page", "limit", "total", "total_pages", "has_next", "has_prev", "next_cursor"],
            "properties": {
                "page": {"type": ["integer", "null"], "description": "Null when paged by cursor."},
                "limit": {"type": "integer"},
                "total": {"type": ["integer", "null"], "description": "Null when paged by cursor."},
                "total_pages": {"type": ["integer", "null"]},
                "has_next": {"type": "boolean"},
                "has_prev": {"type": "boolean"},
                "next_cursor": {"type": ["string", "null"]},
            },
        },
        "Error": {
            "type": "object",
            "required": ["success", "error", "meta"],
            "properties": {
                "success": {"const": false},
                "error": {
                    "type": "object",
                    "required": ["code", "message", "details"],
                    "properties": {
                        "code": {"type": "string", "description": "Stable; listed in the error catalogue."},
                        "message": {"type": "string", "description": "A sentence in the reader's language."},
                        "details": {"type": "array", "items": {"type": "object",
                            "required": ["field", "message", "code"],
                            "properties": {"field": {"type": "string"}, "message": {"type": "string"}, "code": {"type": "string"}}}},
                    },
                },
                "meta": {"type": "object", "properties": {
                    "timestamp": {"type": "string", "format": "date-time"}, "request_id": {"type": "string"}}},
            },
        },
        "Problem": {
            "type": "object",
            "description": "RFC 9457; answered when the client accepts application/problem+json.",
            "required": ["type", "title", "status", "detail", "instance", "code", "errors"],
            "properties": {
                "type": {"type": "string", "format": "uri"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "detail": {"type": "string"}, "instance": {"type": "string"}, "code": {"type": "string"},
                "errors": {"type": "array", "items": {"type": "object"}},
            },
        },
    });
    match whole {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The shared refusals, each with the key of its sentence.
pub(super) const REFUSALS: [(&str, &str); 12] = [
    ("Invalid", "error-validation-error"),
    ("Unauthenticated", "error-unauthorized"),
    ("Forbidden", "error-forbidden"),
    ("NotFound", "error-route-not-found"),
    ("Conflict", "error-conflict"),
    ("PreconditionFailed", "error-precondition-failed"),
    ("TooLarge", "error-payload-too-large"),
    ("UnsupportedMedia", "error-unsupported-media-type"),
    ("Locked", "error-locked"),
    ("PreconditionRequired", "error-precondition-required"),
    ("TooMany", "error-too-many-requests"),
    ("Unavailable", "error-service-unavailable"),
];

/// The refusals that some operation names.
fn refusals(used: &str) -> Value {
    REFUSALS
        .iter()
        .filter(|(name, _)| used.contains(&format!("#/components/responses/{name}\"")))
        .map(|(name, key)| {
            // The English sentence of the catalogue, of several the usual one, where it has no argument to be
            // filled in.
            let mut lines = ENGLISH.lines();
            let sentence = lines
                .find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))
                .map(str::trim)
                .and_then(|first| match first.ends_with("->") {
                    true => lines.find_map(|line| line.trim().strip_prefix("*[")?.split_once(']')),
                    false => Some(("", first)),
                })
                .map(|(_, sentence)| sentence.trim())
                .filter(|sentence| !sentence.is_empty() && !sentence.contains('{'))
                .unwrap_or(name);
            let mut response = json!({
                "description": sentence,
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Error"}},
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
                },
            });
            let retry = json!({"Retry-After": {
                "description": "Seconds until a new try makes sense.", "schema": {"type": "integer"}}});
            if let (true, Some(response)) =
                (matches!(*name, "TooMany" | "Unavailable" | "Locked"), response.as_object_mut())
            {
                response.insert("headers".into(), retry);
            }
            ((*name).to_owned(), response)
        })
        .collect::<Map<String, Value>>()
        .into()
}
