use serde_json::{Map, Value};

use crate::Error;

/// What a service says of a user, by JSON pointers. What is missing or `null` is empty; what has another type than it
/// should have is an error, since nobody may be taken for somebody else.
#[derive(Debug, Clone)]
pub struct Profile(Value);

impl Profile {
    /// Reads the body of a reply, which is an object.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        let fields: Map<String, Value> =
            serde_json::from_slice(body).map_err(|error| Error::malformed("profile", error))?;
        Ok(Self(Value::Object(fields)))
    }

    /// The text at a pointer.
    ///
    /// # Errors
    /// When something else is there.
    pub fn text(&self, pointer: &str) -> Result<String, Error> {
        match self.at(pointer) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(wrong(pointer, "a text")),
        }
    }

    /// The integer at a pointer, as text; empty when there is none.
    ///
    /// # Errors
    /// When something else is there.
    pub fn integer(&self, pointer: &str) -> Result<String, Error> {
        match self.at(pointer) {
            None => Ok(String::new()),
            Some(Value::Number(number)) if number.is_i64() => Ok(number.to_string()),
            Some(_) => Err(wrong(pointer, "an integer")),
        }
    }

    /// The truth at a pointer.
    ///
    /// # Errors
    /// When something else is there.
    pub fn flag(&self, pointer: &str) -> Result<bool, Error> {
        match self.at(pointer) {
            None => Ok(false),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(_) => Err(wrong(pointer, "true or false")),
        }
    }

    /// The truth at a pointer in any of the forms in which services say it: as such, as a number or as a text.
    pub fn loose_flag(&self, pointer: &str) -> bool {
        match self.at(pointer) {
            Some(Value::Bool(truth)) => *truth,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::String(text)) => ["1", "t", "T", "true", "TRUE", "True"].contains(&text.as_str()),
            _ => false,
        }
    }

    /// Whether there is anything at a pointer.
    pub fn has(&self, pointer: &str) -> bool {
        self.at(pointer).is_some()
    }

    /// All of it.
    pub fn into_raw(self) -> Map<String, Value> {
        match self.0 {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    /// The value at a pointer; of no pointer at all there is none.
    fn at(&self, pointer: &str) -> Option<&Value> {
        if pointer.is_empty() {
            return None;
        }
        self.0.pointer(pointer).filter(|value| !value.is_null())
    }
}

impl From<Map<String, Value>> for Profile {
    fn from(fields: Map<String, Value>) -> Self {
        Self(Value::Object(fields))
    }
}

fn wrong(pointer: &str, wanted: &str) -> Error {
    Error::malformed("profile", format!("{pointer} is not {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        let text = br#"{"id":7,"name":"n","no":null,"yes":true,"s":"1","z":0,"list":[{"a":"x"}],"big":1.5}"#;
        Profile::parse(text).unwrap()
    }

    #[test]
    fn what_is_missing_is_empty_and_what_is_wrong_is_an_error() {
        let profile = profile();
        assert_eq!(profile.text("/name").unwrap(), "n");
        assert_eq!(profile.text("/no").unwrap(), "");
        assert_eq!(profile.text("").unwrap(), "");
        assert_eq!(profile.text("/list/0/a").unwrap(), "x");
        assert!(profile.text("/id").is_err());
        assert_eq!(profile.integer("/id").unwrap(), "7");
        assert_eq!(profile.integer("/none").unwrap(), "");
        assert!(profile.integer("/big").is_err() && profile.integer("/name").is_err());
        assert!(profile.flag("/yes").unwrap() && !profile.flag("/none").unwrap());
        assert!(profile.flag("/s").is_err());
    }

    #[test]
    fn truth_comes_in_many_forms() {
        let profile = profile();
        assert!(profile.loose_flag("/yes") && profile.loose_flag("/s") && profile.loose_flag("/id"));
        assert!(!profile.loose_flag("/z") && !profile.loose_flag("/name") && !profile.loose_flag("/none"));
    }

    #[test]
    fn a_profile_is_an_object() {
        assert!(Profile::parse(b"[]").is_err());
        assert!(Profile::parse(b"<html>").is_err());
    }
}
