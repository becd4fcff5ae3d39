//! Merge patches (RFC 7396), judged by themselves.

use jsonschema::error::{ValidationError, ValidationErrorKind};
use schemars::JsonSchema;
use serde_json::{Map, Value};
use socle_kernel::{FieldError, MOST_FIELDS, Result, codes};

use crate::schema::{named, nearest, property_names, schema_of, trim};

/// Every way in which no `T` can come of this merge patch, whatever it is applied to. To be asked before the present
/// state is looked at: a patch is its sender's alone to be judged by, and judging a large one takes time that others
/// must not wait for.
pub(crate) fn patch_problems<T: JsonSchema + 'static>(patch: &Map<String, Value>) -> Result<Vec<FieldError>> {
    let schema = schema_of::<T>()?;
    let known = property_names(&schema.schema);
    // A field that takes nothing away must still be one that exists; the others the schema refuses.
    let removed = patch.iter().filter(|(key, value)| value.is_null() && !known.contains(&key.as_str()));
    let unknown = removed.take(MOST_FIELDS).map(|(key, _)| {
        FieldError::new(key.as_str(), codes::UNKNOWN_FIELD).arg("nearest", nearest(key, &known))
    });
    let unknown = unknown.collect();
    let mut written = without_nulls(&Value::Object(patch.clone()));
    trim::<T>(&mut written)?;
    // What is missing may be there already.
    let errors = schema.validator.iter_errors(&written).filter(|error| !is_absence(error));
    Ok(named(errors, &known, unknown))
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        other => other.clone(),
    }
}

/// Is all that is wrong that something is not there?
fn is_absence(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        ValidationErrorKind::Required { .. } => true,
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().any(|branch| branch.iter().all(is_absence))
        }
        _ => false,
    }
}
