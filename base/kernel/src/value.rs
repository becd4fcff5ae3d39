//! The five storage types and how Rust values become them.
//!
//! They live here, not in the database crate, so that a domain type (an identifier, an instant, an
//! enumeration) says once how it is stored, without knowing which engine stores it.

use std::fmt;

/// A value as a database column holds it: TEXT, BIGINT, BOOLEAN, DOUBLE PRECISION, BYTEA, or NULL.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// TEXT.
    Text(String),
    /// BIGINT.
    Int(i64),
    /// BOOLEAN (0 or 1 in SQLite).
    Bool(bool),
    /// DOUBLE PRECISION.
    Float(f64),
    /// BYTEA or BLOB.
    Bytes(Vec<u8>),
}

/// A stored value that is not what the type expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueError {
    expected: &'static str,
}

impl ValueError {
    /// `expected` completes the sentence "the value is not …".
    pub const fn new(expected: &'static str) -> Self {
        Self { expected }
    }
}
impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value is not {}", self.expected)
    }
}
impl std::error::Error for ValueError {}

/// What can be stored in a column.
pub trait ToValue {
    /// The stored form.
    fn to_value(&self) -> Value;
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// The value read, or why the stored form is not one.
    fn from_value(value: Value) -> Result<Self, ValueError>;
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        Ok(value)
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}
impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}
impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Text(text) => Ok(text),
            _ => Err(ValueError::new("text")),
        }
    }
}
impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
}
impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Int(number) => Ok(number),
            _ => Err(ValueError::new("an integer")),
        }
    }
}
impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            _ => Err(ValueError::new("a boolean")),
        }
    }
}
impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Float(*self)
    }
}
impl FromValue for f64 {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Float(number) => Ok(number),
            Value::Int(number) => Ok(number as f64),
            _ => Err(ValueError::new("a number")),
        }
    }
}
impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(ValueError::new("bytes")),
        }
    }
}
/// A list of texts is stored as a JSON array in a TEXT column.
impl ToValue for Vec<String> {
    fn to_value(&self) -> Value {
        Value::Text(serde_json::to_string(self).unwrap_or_else(|_| "[]".to_owned()))
    }
}
impl FromValue for Vec<String> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        serde_json::from_str(&String::from_value(value)?)
            .map_err(|_| ValueError::new("a JSON array of texts"))
    }
}

/// A closed set of words: the same spelling on the wire, in the database and in OpenAPI.
///
/// ```
/// socle_kernel::text_enum! {
///     /// How loud.
///     pub enum Loudness { /// A whisper.
///         Soft = "soft", /// A shout.
///         Loud = "loud" }
/// }
/// assert_eq!(Loudness::parse("loud"), Some(Loudness::Loud));
/// assert_eq!(Loudness::Soft.as_str(), "soft");
/// ```
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the database.
            $vis const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value spelled `word`, whatever its case.
            $vis fn parse(word: &str) -> ::std::option::Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str().eq_ignore_ascii_case(word))
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let word = <::std::borrow::Cow<'de, str> as $crate::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&word).ok_or_else(|| {
                    <D::Error as $crate::serde::de::Error>::unknown_variant(&word, &[$($word),+])
                })
            }
        }
        impl $crate::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                $crate::schemars::json_schema!({"type": "string", "enum": [$($word),+]})
            }
        }
        impl $crate::ToValue for $name {
            fn to_value(&self) -> $crate::Value { $crate::Value::Text(self.as_str().to_owned()) }
        }
        impl $crate::FromValue for $name {
            fn from_value(value: $crate::Value) -> ::std::result::Result<Self, $crate::ValueError> {
                let word = <::std::string::String as $crate::FromValue>::from_value(value)?;
                Self::parse(&word).ok_or($crate::ValueError::new(concat!("a ", stringify!($name))))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    text_enum! {
        /// Sizes.
        enum Size { /// S
            Small = "small", /// L
            Large = "large" }
    }

    #[test]
    fn a_word_is_the_same_everywhere() {
        assert_eq!(Size::Large.to_value(), Value::Text("large".into()));
        assert_eq!(Size::from_value(Value::Text("LARGE".into())), Ok(Size::Large));
        assert_eq!(serde_json::to_string(&Size::Small).unwrap(), "\"small\"");
        assert!(serde_json::from_str::<Size>("\"medium\"").is_err());
        assert!(Size::from_value(Value::Int(1)).is_err());
    }

    #[test]
    fn null_is_none_and_a_list_of_texts_is_json() {
        assert_eq!(Option::<i64>::from_value(Value::Null), Ok(None));
        assert_eq!(Option::<i64>::from_value(Value::Int(3)), Ok(Some(3)));
        let list = vec!["a".to_owned(), "b\"".to_owned()];
        assert_eq!(Vec::<String>::from_value(list.to_value()), Ok(list));
    }
}
