use super::{pattern, text};
use crate::error::FieldError;
use crate::field::PasswordOptions;

/// The greatest number of characters when the field sets none.
const DEFAULT_MAX: i64 = 71;

/// bcrypt refuses longer passwords.
const BCRYPT_MAX_BYTES: usize = 72;

/// Checks the plain text that was sent, if any, and that there is a password at all when there must be one.
pub(super) fn validate(options: &PasswordOptions, hash: &str, plain: Option<&str>) -> Result<(), FieldError> {
    let plain = plain.unwrap_or_default();
    // It cannot be hashed, which counts before every rule of the field.
    if plain.len() > BCRYPT_MAX_BYTES {
        return Err(FieldError::new("validation_invalid_value", "Invalid value."));
    }
    if plain.is_empty() {
        return if options.required && hash.is_empty() { Err(FieldError::required()) } else { Ok(()) };
    }
    let length = i64::try_from(plain.chars().count()).unwrap_or(i64::MAX);
    if length < options.min {
        let message = format!("Must be at least {} character(s)", options.min);
        return Err(FieldError::new("validation_min_text_constraint", message));
    }
    let max = if options.max <= 0 { DEFAULT_MAX } else { options.max };
    if length > max {
        // The wording is one off: this many characters are fine.
        let message = format!("Must be less than {max} character(s)");
        return Err(FieldError::new("validation_max_text_constraint", message));
    }
    if !options.pattern.is_empty() && !pattern::is_match(&options.pattern, plain) {
        return Err(text::invalid_format());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_new_plain_text_is_checked() {
        let options =
            PasswordOptions { min: 8, pattern: "\\d".into(), required: true, ..PasswordOptions::default() };
        let code = |hash, plain| validate(&options, hash, plain).err().map_or("", |error| error.code);
        assert_eq!(code("$2a$10$x", None), "");
        assert_eq!(code("", None), "validation_required");
        assert_eq!(code("", Some("1234567")), "validation_min_text_constraint");
        assert_eq!(code("", Some("12345678")), "");
        assert_eq!(code("", Some("abcdefgh")), "validation_invalid_format");
    }

    #[test]
    fn characters_and_bytes_are_both_limited() {
        let error = |plain: String| validate(&PasswordOptions::default(), "", Some(&plain)).err();
        assert_eq!(error("x".repeat(71)), None);
        assert_eq!(error("x".repeat(72)).unwrap().message, "Must be less than 71 character(s)");
        assert_eq!(error("x".repeat(73)).unwrap().code, "validation_invalid_value");
        assert_eq!(error("é".repeat(37)).unwrap().code, "validation_invalid_value");
    }
}
