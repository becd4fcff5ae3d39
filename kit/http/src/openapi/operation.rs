//! One operation of the document, filled in by the arguments and the reply of its handler.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use socle_kernel::Permission;

use crate::schema::schema_of;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody.
    Public,
    /// Anybody where a setting says so, else any signed-in caller.
    Visitor,
    /// Any signed-in caller.
    SignedIn,
    /// A caller with this permission.
    Permission(Permission),
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

impl ParameterPlace {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// An operation under construction.
pub struct Operation<'a> {
    pub(crate) inputs: &'a mut SchemaGenerator,
    pub(crate) outputs: &'a mut SchemaGenerator,
    pub(crate) path_names: Vec<String>,
    pub(crate) access: Option<Access>,
    pub(crate) parameters: Vec<Value>,
    pub(crate) body: Option<Value>,
    pub(crate) responses: Map<String, Value>,
    pub(crate) takes_query: bool,
    /// Is it for people alone, not for programs with an API key?
    pub(crate) is_in_person: bool,
    /// Is it an action (`POST`), whose answer is not a representation to be kept?
    pub(crate) is_action: bool,
}

impl<'a> Operation<'a> {
    pub(crate) fn new(
        template: &str,
        inputs: &'a mut SchemaGenerator,
        outputs: &'a mut SchemaGenerator,
    ) -> Self {
        let path_names = template
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(str::to_owned)
            .collect();
        Self {
            inputs,
            outputs,
            path_names,
            access: None,
            parameters: Vec::new(),
            body: None,
            responses: Map::new(),
            takes_query: false,
            is_in_person: false,
            is_action: false,
        }
    }

    pub(crate) fn parameter(
        &mut self,
        place: ParameterPlace,
        name: &str,
        required: bool,
        about: &str,
        schema: Value,
    ) {
        let mut parameter = Map::new();
        parameter.insert("name".into(), name.into());
        parameter.insert("in".into(), place.as_str().into());
        parameter.insert("required".into(), required.into());
        if !about.is_empty() {
            parameter.insert("description".into(), about.into());
        }
        parameter.insert("schema".into(), schema);
        self.parameters.push(Value::Object(parameter));
    }

    /// The fields of `T` as query parameters.
    pub(crate) fn query<T: JsonSchema + 'static>(&mut self) {
        self.takes_query = true;
        let Ok(schema) = schema_of::<T>() else { return };
        let required: Vec<&str> = schema
            .schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let definitions = schema.schema.get("$defs").and_then(Value::as_object);
        for (name, property) in
            schema.schema.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            let mut property = inline(property.clone(), definitions);
            let about = property.as_object_mut().and_then(|object| object.remove("description"));
            let about = about.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            self.parameter(ParameterPlace::Query, name, required.contains(&name.as_str()), &about, property);
        }
    }

    /// A JSON body of type `T`.
    pub(crate) fn json_body<T: JsonSchema>(&mut self) {
        let schema = self.inputs.subschema_for::<T>().to_value();
        self.body = Some(json!({"required": true, "content": {"application/json": {"schema": schema}}}));
    }

    /// A text body of this type.
    pub(crate) fn text_body(&mut self, media: &str) {
        self.body = Some(json!({"required": true, "content": {media: {"schema": {"type": "string"}}}}));
    }

    /// The body may be left out.
    pub(crate) fn body_is_optional(&mut self) {
        if let Some(body) = self.body.as_mut().and_then(Value::as_object_mut) {
            body.insert("required".into(), false.into());
        }
    }

    /// A merge patch (RFC 7396) of a `T`: the same fields, none required, `null` to take one away.
    pub(crate) fn merge_body<T: JsonSchema + 'static>(&mut self) {
        let Ok(schema) = schema_of::<T>() else { return };
        let definitions = schema.schema.get("$defs").and_then(Value::as_object);
        let mut schema = inline(schema.schema.clone(), definitions);
        if let Some(object) = schema.as_object_mut() {
            for key in ["required", "$defs", "$schema", "title"] {
                object.remove(key);
            }
        }
        self.body = Some(json!({"required": true, "content": {
            "application/merge-patch+json": {"schema": schema.clone()},
            "application/json": {"schema": schema},
        }}));
    }

    /// A response without a body of ours.
    pub(crate) fn response(&mut self, status: u16, about: &str) {
        self.responses.insert(status.to_string(), json!({"description": about}));
    }

    /// An enveloped response whose `data` has this schema.
    pub(crate) fn enveloped(&mut self, status: u16, about: &str, data: &Value, paginated: bool) {
        let mut properties = json!({
            "success": {"const": true},
            "data": data,
            "meta": {"$ref": "#/components/schemas/Meta"},
        });
        let mut required = vec!["success", "data", "meta"];
        if let (Some(properties), true) = (properties.as_object_mut(), paginated) {
            properties.insert("pagination".into(), json!({"$ref": "#/components/schemas/Pagination"}));
            required.push("pagination");
        }
        let schema = json!({"type": "object", "properties": properties, "required": required});
        self.responses.insert(
            status.to_string(),
            json!({"description": about, "content": {"application/json": {"schema": schema}}}),
        );
    }

    /// The schema of an output type.
    pub(crate) fn output<T: JsonSchema>(&mut self) -> Value {
        self.outputs.subschema_for::<T>().to_value()
    }

    /// A header of an existing response.
    pub(crate) fn response_header(&mut self, status: u16, name: &str, about: &str) {
        let Some(response) = self.responses.get_mut(&status.to_string()).and_then(Value::as_object_mut)
        else {
            return;
        };
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        if let Some(headers) = headers.as_object_mut() {
            headers.insert(name.into(), json!({"description": about, "schema": {"type": "string"}}));
        }
    }

    /// A refusal this operation may answer with.
    pub(crate) fn refusal(&mut self, status: u16) {
        let name = match status {
            400 => "Invalid",
            401 => "Unauthenticated",
            403 => "Forbidden",
            404 => "NotFound",
            409 => "Conflict",
            412 => "PreconditionFailed",
            413 => "TooLarge",
            415 => "UnsupportedMedia",
            423 => "Locked",
            428 => "PreconditionRequired",
            429 => "TooMany",
            _ => "Unavailable",
        };
        self.responses
            .entry(status.to_string())
            .or_insert_with(|| json!({"$ref": format!("#/components/responses/{name}")}));
    }

    /// Sets who may call; the strictest statement wins.
    pub(crate) fn restrict(&mut self, access: Access) {
        if !matches!(self.access, Some(Access::Permission(_))) {
            self.access = Some(access);
        }
    }
}

/// Replaces references to `$defs` by what they point at: parameters and merge patches stand alone.
fn inline(value: Value, definitions: Option<&Map<String, Value>>) -> Value {
    match value {
        Value::Object(object) => {
            let target = object
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| reference.strip_prefix("#/$defs/"))
                .and_then(|name| definitions?.get(name));
            match target {
                Some(target) => {
                    let mut whole = inline(target.clone(), definitions);
                    if let (Some(whole), Some(about)) = (whole.as_object_mut(), object.get("description")) {
                        whole.insert("description".into(), about.clone());
                    }
                    whole
                }
                None => Value::Object(
                    object.into_iter().map(|(key, value)| (key, inline(value, definitions))).collect(),
                ),
            }
        }
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| inline(item, definitions)).collect())
        }
        other => other,
    }
}
