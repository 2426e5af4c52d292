use super::select::check_count;
use crate::error::FieldError;
use crate::field::RelationOptions;

/// Checks the number of ids. Whether the records exist is for the caller to find out, after this succeeded: see
/// [`missing_relation_records`].
pub(super) fn validate(options: &RelationOptions, ids: &[String]) -> Result<(), FieldError> {
    if ids.is_empty() {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    if i64::try_from(ids.len()).unwrap_or(i64::MAX) < options.min_select {
        let message = format!("Select at least {}", options.min_select);
        return Err(FieldError::new("validation_not_enough_values", message)
            .with_param("minSelect", options.min_select));
    }
    check_count(options.max_select, ids)
}

/// The error of a relation field whose collection is gone.
pub fn missing_relation_collection() -> FieldError {
    let message = "Relation connection is missing or cannot be accessed";
    FieldError::new("validation_missing_rel_collection", message)
}

/// The error of a relation value with an id that no record has.
pub fn missing_relation_records() -> FieldError {
    let message = "Failed to find all relation records with the provided ids";
    FieldError::new("validation_missing_rel_records", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_least_number_does_not_apply_to_an_empty_optional_field() {
        let options = RelationOptions { min_select: 2, max_select: 3, ..RelationOptions::default() };
        let ids = |count: usize| (0..count).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!(validate(&options, &ids(0)), Ok(()));
        assert_eq!(validate(&options, &ids(2)), Ok(()));
        assert_eq!(validate(&options, &ids(4)).unwrap_err().code, "validation_too_many_values");
        assert_eq!(
            validate(&options, &ids(1)).unwrap_err().to_json(),
            json!({
                "code": "validation_not_enough_values",
                "message": "Select at least 2.",
                "params": {"minSelect": 2},
            })
        );
    }
}
