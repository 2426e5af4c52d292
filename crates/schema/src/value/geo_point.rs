use serde_json::Value as JsonValue;

use super::Value;
use crate::error::FieldError;
use crate::field::GeoPointOptions;

/// The point of an object with `lon` and `lat`, or of a JSON text of one. What is missing or no number is 0.
pub(super) fn from_json(input: &JsonValue) -> Value {
    match input {
        JsonValue::String(text) => from_text(text),
        JsonValue::Object(object) => {
            // Keys match without regard to case; of several that match, the last one counts.
            let coordinate = |name: &str| {
                let numbers = object.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
                numbers.filter_map(|(_, value)| value.as_f64()).next_back().unwrap_or_default()
            };
            Value::GeoPoint { lon: coordinate("lon"), lat: coordinate("lat") }
        }
        _ => Value::GeoPoint { lon: 0.0, lat: 0.0 },
    }
}

/// The point of a JSON text; 0,0 for all other text.
pub(super) fn from_text(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(JsonValue::String(_)) | Err(_) => Value::GeoPoint { lon: 0.0, lat: 0.0 },
        Ok(input) => from_json(&input),
    }
}

pub(super) fn validate(options: &GeoPointOptions, lon: f64, lat: f64) -> Result<(), FieldError> {
    if lon == 0.0 && lat == 0.0 {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    if !(-90.0..=90.0).contains(&lat) {
        let message = "Latitude must be between -90 and 90 degrees.";
        return Err(FieldError::new("validation_invalid_latitude", message));
    }
    if !(-180.0..=180.0).contains(&lon) {
        let message = "Longitude must be between -180 and 180 degrees.";
        return Err(FieldError::new("validation_invalid_longitude", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_input_becomes_a_point() {
        for (input, lon, lat) in [
            (json!({"lon": 1.5, "lat": -2}), 1.5, -2.0),
            (json!({"LON": 1, "lat": "x"}), 1.0, 0.0),
            (json!({"LON": 1, "lon": 2}), 2.0, 0.0),
            (json!({"LON": 1, "lon": null}), 1.0, 0.0),
            (json!(r#"{"lon":5}"#), 5.0, 0.0),
            (json!(r#""{\"lon\":5}""#), 0.0, 0.0),
            (json!("5"), 0.0, 0.0),
            (json!([1, 2]), 0.0, 0.0),
            (json!(null), 0.0, 0.0),
        ] {
            assert_eq!(from_json(&input), Value::GeoPoint { lon, lat }, "{input}");
        }
    }

    #[test]
    fn coordinates_are_limited() {
        let options = GeoPointOptions { required: true };
        let code = |lon, lat| validate(&options, lon, lat).err().map_or("", |error| error.code);
        assert_eq!(code(0.0, 0.0), "validation_required");
        assert_eq!(code(180.0, -90.0), "");
        assert_eq!(code(200.0, 91.0), "validation_invalid_latitude");
        assert_eq!(code(-180.5, 0.0), "validation_invalid_longitude");
    }
}
