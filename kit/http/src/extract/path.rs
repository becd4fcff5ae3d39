//! What stands in the path.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use serde_json::Value;
use socle_kernel::{Error, FieldError, codes};

use crate::openapi::ParameterPlace;
use crate::problem::Refused;
use crate::schema::schema_of;
use crate::{DescribeInput, Operation};

/// The one parameter of the path (`Path<Id<Thing>>`), or its two (`Path<(Id<A>, Id<B>)>`).
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

/// What a path can hold.
pub trait PathValues: Sized + Send {
    /// Reads the raw values, in the order of the path; on refusal, the position of the bad one.
    fn read(values: &[&str]) -> Result<Self, usize>;
    /// The schema of each value.
    fn schemas() -> Vec<Value>;
}

fn schema<T: schemars::JsonSchema + 'static>() -> Value {
    schema_of::<T>().map(|schema| schema.schema.clone()).unwrap_or_default()
}

fn one<T: FromStr>(values: &[&str], position: usize) -> Result<T, usize> {
    values.get(position).and_then(|value| value.parse().ok()).ok_or(position)
}

macro_rules! path_values {
    ($($type:ident: $position:tt),+) => {
        impl<$($type: FromStr + Send + schemars::JsonSchema + 'static),+> PathValues for ($($type,)+) {
            fn read(values: &[&str]) -> Result<Self, usize> {
                Ok(($(one::<$type>(values, $position)?,)+))
            }
            fn schemas() -> Vec<Value> {
                vec![$(schema::<$type>()),+]
            }
        }
    };
}
path_values!(A: 0);
path_values!(A: 0, B: 1);

impl<T: 'static> PathValues for socle_kernel::Id<T> {
    fn read(values: &[&str]) -> Result<Self, usize> {
        one(values, 0)
    }
    fn schemas() -> Vec<Value> {
        vec![schema::<Self>()]
    }
}
impl PathValues for String {
    fn read(values: &[&str]) -> Result<Self, usize> {
        one(values, 0)
    }
    fn schemas() -> Vec<Value> {
        vec![schema::<Self>()]
    }
}

impl<S: Send + Sync, T: PathValues> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let raw = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|error| Error::new(codes::BAD_REQUEST).because(error))?;
        let (names, values): (Vec<&str>, Vec<&str>) = raw.iter().unzip();
        T::read(&values).map(Self).map_err(|position| {
            let name = names.get(position).copied().unwrap_or_default();
            let field = FieldError::new(name, codes::BAD_FORMAT).arg("format", "uuid");
            Refused(Error::invalid(vec![field]))
        })
    }
}

impl<T: PathValues> DescribeInput for Path<T> {
    fn describe(operation: &mut Operation<'_>) {
        let names = std::mem::take(&mut operation.path_names);
        for (name, mut schema) in names.iter().zip(T::schemas()) {
            if let Some(object) = schema.as_object_mut() {
                object.remove("$schema");
                object.remove("title");
            }
            operation.parameter(ParameterPlace::Path, name, true, "", schema);
        }
        operation.path_names = names;
        operation.refusal(400);
        operation.refusal(404);
    }
}
