//! Stored values as PostgreSQL gives and takes them.

use std::borrow::Cow;
use std::error::Error as StdError;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use socle_kernel::{Error, Result, Value};

type Failed = Box<dyn StdError + Sync + Send>;

/// The value of a column of a row.
pub(crate) fn decode(row: &postgres::Row, at: usize) -> Result<Value> {
    row.try_get::<_, Given>(at).map(|given| given.0).map_err(Error::internal)
}

/// The type a value is sent as; the server infers that of NULL.
pub(crate) fn natural_type(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Text(_) => Type::TEXT,
        Value::Int(_) => Type::INT8,
        Value::Bool(_) => Type::BOOL,
        Value::Float(_) => Type::FLOAT8,
        Value::Bytes(_) => Type::BYTEA,
    }
}

/// Can the value be sent where the server expects this type?
pub(crate) fn fits(value: &Value, expected: &Type) -> bool {
    match value {
        Value::Null => true,
        Value::Text(_) => matches!(*expected, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME),
        other => natural_type(other) == *expected,
    }
}

/// A value on its way to the server.
#[derive(Debug)]
pub(crate) struct Sent<'a>(pub(crate) Cow<'a, Value>);

impl ToSql for Sent<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failed> {
        match &*self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Text(text) => text.to_sql(kind, out),
            Value::Int(number) => number.to_sql(kind, out),
            Value::Bool(flag) => flag.to_sql(kind, out),
            Value::Float(number) => number.to_sql(kind, out),
            Value::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    /// Every type: NULL is of all of them, and the others are sent only where they fit.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value that came from the server.
struct Given(Value);

impl<'a> FromSql<'a> for Given {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failed> {
        Ok(Self(match *kind {
            Type::BOOL => Value::Bool(bool::from_sql(kind, raw)?),
            Type::INT2 => Value::Int(i16::from_sql(kind, raw)?.into()),
            Type::INT4 => Value::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Value::Int(i64::from_sql(kind, raw)?),
            Type::OID => Value::Int(u32::from_sql(kind, raw)?.into()),
            Type::FLOAT4 => Value::Float(f32::from_sql(kind, raw)?.into()),
            Type::FLOAT8 => Value::Float(f64::from_sql(kind, raw)?),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                Value::Text(String::from_sql(kind, raw)?)
            }
            _ => return Err(format!("a column of type {kind} is read: CAST it to a storage type").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failed> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
