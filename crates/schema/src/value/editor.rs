use crate::error::FieldError;
use crate::field::EditorOptions;

/// The greatest number of bytes when the field sets none.
const DEFAULT_MAX_SIZE: i64 = 5 << 20;

pub(super) fn validate(options: &EditorOptions, text: &str) -> Result<(), FieldError> {
    if options.required && text.is_empty() {
        return Err(FieldError::required());
    }
    let max_size = if options.max_size <= 0 { DEFAULT_MAX_SIZE } else { options.max_size };
    if i64::try_from(text.len()).unwrap_or(i64::MAX) > max_size {
        let message = format!("The maximum allowed content size is {max_size} bytes");
        return Err(FieldError::new("validation_content_size_limit", message).with_param("maxSize", max_size));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_counted_in_bytes() {
        let options = EditorOptions { max_size: 3, required: true, ..EditorOptions::default() };
        assert_eq!(validate(&options, "").unwrap_err().code, "validation_required");
        assert_eq!(validate(&options, "abc"), Ok(()));
        let error = validate(&options, "éé").unwrap_err();
        assert_eq!(error.code, "validation_content_size_limit");
        assert_eq!(error.message, "The maximum allowed content size is 3 bytes");
    }
}
