//! What indexes refuse as errors by field.

use schema::{Collection, FieldError, FieldErrors};

use crate::Error;

/// A store's refusal of a record in the words of the native API: each field of a unique constraint, and of an
/// index that has no room for the values, is marked.
/// Refusals that name no field have no data.
pub(super) fn refusal(error: store::Error, collection: &Collection, message: &'static str) -> Error {
    let mut data = FieldErrors::new();
    match &error {
        store::Error::Unique { columns, .. } => {
            for field in columns.iter().filter_map(|column| collection.field(column)) {
                data.push(&field.name, not_unique());
            }
        }
        store::Error::Oversized { columns, .. } => {
            for field in columns.iter().filter_map(|column| collection.field(column)) {
                data.push(&field.name, too_long());
            }
        }
        store::Error::Constraint(_) => {}
        _ => return Error::from(error),
    }
    Error::invalid(message, data).because(error)
}

pub(super) fn not_unique() -> FieldError {
    FieldError::new("validation_not_unique", "Value must be unique.")
}

fn too_long() -> FieldError {
    FieldError::new("validation_too_long_for_index", "Too long for an index that the field is in.")
}
