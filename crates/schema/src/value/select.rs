use serde_json::Value as JsonValue;

use crate::error::FieldError;
use crate::field::SelectOptions;

pub(super) fn validate(options: &SelectOptions, selected: &[String]) -> Result<(), FieldError> {
    if selected.is_empty() {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    check_count(options.max_select, selected)?;
    if let Some(unknown) = selected.iter().find(|&item| !options.values.contains(item)) {
        return Err(FieldError::new("validation_invalid_value", format!("Invalid value {unknown}"))
            .with_param("value", JsonValue::from(unknown.as_str())));
    }
    Ok(())
}

/// Whether there are no more items than the field takes.
pub(super) fn check_count(max_select: i64, items: &[String]) -> Result<(), FieldError> {
    let max_select = max_select.max(1);
    if i64::try_from(items.len()).unwrap_or(i64::MAX) > max_select {
        return Err(FieldError::new(
            "validation_too_many_values",
            format!("Select no more than {max_select}"),
        )
        .with_param("maxSelect", max_select));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn count_comes_before_membership() {
        let options = SelectOptions { values: vec!["a".into(), "b".into()], max_select: 2, required: true };
        let check = |items: &[&str]| {
            let items: Vec<String> = items.iter().map(|&item| item.to_owned()).collect();
            validate(&options, &items).map_err(|error| error.to_json())
        };
        assert_eq!(check(&["a", "b"]), Ok(()));
        assert_eq!(check(&[]), Err(FieldError::required().to_json()));
        assert_eq!(
            check(&["x", "y", "z"]),
            Err(json!({
                "code": "validation_too_many_values",
                "message": "Select no more than 2.",
                "params": {"maxSelect": 2},
            }))
        );
        assert_eq!(
            check(&["a", "x"]),
            Err(json!({
                "code": "validation_invalid_value",
                "message": "Invalid value x.",
                "params": {"value": "x"},
            }))
        );
    }
}
