use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

/// What is wrong with a value, measured by the schema of this name in `schemas/`.
///
/// # Panics
/// When there is no such schema.
pub fn errors(name: &str, value: &Value) -> Vec<String> {
    let definitions = definitions();
    assert!(definitions.contains_key(name), "there is no schema {name}");
    let schema = json!({"$ref": format!("#/$defs/{name}"), "$defs": definitions});
    let validator = jsonschema::validator_for(&schema).expect("the schemas are well formed");
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Asserts that a value fits the schema of this name.
///
/// # Panics
/// With what is wrong when it does not.
#[track_caller]
pub fn validate(name: &str, value: &Value) {
    let errors = errors(name, value);
    assert!(errors.is_empty(), "no {name}: {errors:#?}\n{value:#}");
}

/// The schemas by the names of their files; they refer to each other as `#/$defs/<name>`.
fn definitions() -> &'static Map<String, Value> {
    static DEFINITIONS: OnceLock<Map<String, Value>> = OnceLock::new();
    DEFINITIONS.get_or_init(|| {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas"));
        let files = std::fs::read_dir(folder).expect("the folder of schemas");
        files
            .map(|file| {
                let path = file.expect("a schema").path();
                let text = std::fs::read_to_string(&path).expect("a schema");
                let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
                (
                    name,
                    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
                )
            })
            .collect()
    })
}
