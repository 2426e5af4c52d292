//! Reading JSON over values that are there already.
//!
//! The rules are those of the merge that PocketBase's clients rely on: an absent key and `null` leave a plain value
//! as it is, `null` empties what is optional, objects merge key by key, lists merge by position and take the length
//! of the new list, keys match without regard to ASCII case, unknown keys are ignored, and a value of the wrong type
//! is an error.

use serde_json::{Map, Value};

use crate::value::date;

/// Why JSON cannot be read as a collection or a field.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A value has the wrong JSON type.
    #[error("expected {expected}, got {got}")]
    WrongType {
        /// What should be there, for example `a string`.
        expected: &'static str,
        /// What is there, cut to a short text.
        got: String,
    },
    /// This field has a type that does not exist.
    #[error("missing or unknown field type in {0}")]
    UnknownFieldType(String),
    /// A collection has a type that does not exist.
    #[error("unknown collection type {0:?}")]
    UnknownCollectionType(String),
    /// A stored text is not JSON.
    #[error("invalid JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl LoadError {
    /// The error about `got` where something else should be.
    pub fn wrong_type(expected: &'static str, got: &Value) -> Self {
        Self::WrongType { expected, got: got.to_string().chars().take(60).collect() }
    }
}

/// What JSON can be read over.
pub trait Load {
    /// Takes over what `value` says.
    ///
    /// # Errors
    /// [`LoadError`]; what was read before it stays.
    fn load(&mut self, value: &Value) -> Result<(), LoadError>;
}

/// The entries of an object; none for `null`.
///
/// # Errors
/// [`LoadError::WrongType`] for anything else.
pub fn entries(value: &Value) -> Result<impl Iterator<Item = (&String, &Value)>, LoadError> {
    match value {
        Value::Null => Ok(None.into_iter().flatten()),
        Value::Object(object) => Ok(Some(object).into_iter().flatten()),
        other => Err(LoadError::wrong_type("an object", other)),
    }
}

/// The value of a key without regard to ASCII case; an exact match wins.
pub(crate) fn get<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    object.get(key).or_else(|| object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, v)| v))
}

/// Takes over a time in any form that a client may send, as a time text; empty for `null` and what is no time.
pub(crate) fn time(target: &mut String, value: &Value) -> Result<(), LoadError> {
    let mut text = String::new();
    text.load(value)?;
    *target = date::normalize(&text).into_owned();
    Ok(())
}

/// Implements [`load::Load`](crate::load::Load) for a struct from its JSON keys.
#[macro_export]
macro_rules! load_object {
    ($type:ty { $($key:literal => $field:ident),* $(,)? }) => {
        impl $crate::load::Load for $type {
            fn load(&mut self, value: &serde_json::Value) -> Result<(), $crate::load::LoadError> {
                for (key, value) in $crate::load::entries(value)? {
                    $(if key.eq_ignore_ascii_case($key) {
                        $crate::load::Load::load(&mut self.$field, value)?;
                    })*
                }
                Ok(())
            }
        }
    };
}
pub use crate::load_object;

impl Load for String {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        match value {
            Value::Null => {}
            Value::String(text) => self.clone_from(text),
            other => return Err(LoadError::wrong_type("a string", other)),
        }
        Ok(())
    }
}

impl Load for bool {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        match value {
            Value::Null => {}
            Value::Bool(flag) => *self = *flag,
            other => return Err(LoadError::wrong_type("a boolean", other)),
        }
        Ok(())
    }
}

impl Load for i64 {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        if !value.is_null() {
            *self = value.as_i64().ok_or_else(|| LoadError::wrong_type("an integer", value))?;
        }
        Ok(())
    }
}

impl Load for f64 {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        if !value.is_null() {
            *self = value.as_f64().ok_or_else(|| LoadError::wrong_type("a number", value))?;
        }
        Ok(())
    }
}

impl<T: Load + Default> Load for Option<T> {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        if value.is_null() {
            *self = None;
            return Ok(());
        }
        self.get_or_insert_default().load(value)
    }
}

impl<T: Load + Default> Load for Vec<T> {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        let items = match value {
            Value::Null => &[],
            Value::Array(items) => items.as_slice(),
            other => return Err(LoadError::wrong_type("an array", other)),
        };
        self.resize_with(items.len(), T::default);
        self.iter_mut().zip(items).try_for_each(|(target, item)| target.load(item))
    }
}

impl Load for Map<String, Value> {
    fn load(&mut self, value: &Value) -> Result<(), LoadError> {
        self.extend(entries(value)?.map(|(key, value)| (key.clone(), value.clone())));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct Item {
        name: String,
        secret: String,
        size: Option<i64>,
    }

    load_object!(Item { "name" => name, "clientSecret" => secret, "size" => size });

    fn item(name: &str, secret: &str, size: Option<i64>) -> Item {
        Item { name: name.into(), secret: secret.into(), size }
    }

    #[test]
    fn absent_and_null_keep_a_plain_value_and_null_empties_an_optional_one() {
        let mut value = item("a", "s", Some(1));
        value.load(&json!({"NAME": null, "size": null, "other": {}})).unwrap();
        assert_eq!(value, item("a", "s", None));
    }

    #[test]
    fn lists_merge_by_position() {
        let mut list = vec![item("a", "s1", None), item("b", "s2", None), item("c", "s3", None)];
        list.load(&json!([{"name": "x"}, {"clientsecret": "new"}])).unwrap();
        assert_eq!(list, [item("x", "s1", None), item("b", "new", None)]);
        list.load(&json!(null)).unwrap();
        assert!(list.is_empty());
    }

    #[test]
    fn wrong_types_are_errors() {
        assert!(String::new().load(&json!(1)).is_err());
        assert!(true.load(&json!("true")).is_err());
        assert!(1_i64.load(&json!(1.5)).is_err());
        assert!(1_i64.load(&json!("1")).is_err());
        assert!(vec![String::new()].load(&json!({})).is_err());
        assert!(Item::default().load(&json!([])).is_err());
    }
}
