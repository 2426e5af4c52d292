use std::borrow::Cow;

use serde_json::Value as JsonValue;

use super::go_quote::go_quote;
use super::list;
use super::validate::Context;
use crate::error::FieldError;
use crate::field::FileOptions;

/// The greatest size of a file in bytes when the field sets none.
const DEFAULT_MAX_SIZE: i64 = 5 << 20;

/// The greatest length of a stored name in bytes.
const MAX_NAME_LENGTH: usize = 150;

/// How many bytes of a name that was sent are repeated in an error.
const SHOWN_NAME_LENGTH: usize = 250;

/// How many bytes of an original file name are repeated in an error.
const SHOWN_ORIGINAL_NAME_LENGTH: usize = 300;

/// An uploaded file that is not stored yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadInfo {
    /// The name under which it will be stored, and by which the value of the field refers to it.
    pub name: String,
    /// The name that the client gave it.
    pub original_name: String,
    /// Size in bytes.
    pub size: u64,
    /// What the content was recognised as, without parameters, and the other names of that type.
    pub mime_types: Vec<String>,
}

/// The names of any input. Other than in [`list::from_json`], an item of an array may be an array of one name, and
/// what is no name does not spoil the others.
pub(super) fn from_json(input: &JsonValue) -> Vec<String> {
    match input {
        JsonValue::Array(items) => list::unique(items.iter().filter_map(|item| only(from_json(item)))),
        other => list::unique(list::from_json(other).into_iter().filter_map(unpack)),
    }
}

/// A name, or the one name in a text that is a JSON array.
fn unpack(name: String) -> Option<String> {
    let names = list::from_text(&name);
    if names == [name.as_str()] { Some(name) } else { unpack(only(names)?) }
}

/// The name, when there is exactly one.
fn only(mut names: Vec<String>) -> Option<String> {
    names.pop().filter(|_| names.is_empty())
}

pub(super) fn validate(
    options: &FileOptions,
    names: &[String],
    context: &Context<'_>,
) -> Result<(), FieldError> {
    if names.is_empty() {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    let upload = |name: &String| context.uploads.iter().find(|upload| upload.name == *name);

    let unknown: Vec<Cow<'_, str>> = names
        .iter()
        .filter(|&name| upload(name).is_none() && !context.stored_files.contains(name))
        .map(|name| cut(name, SHOWN_NAME_LENGTH))
        .collect();
    if !unknown.is_empty() {
        let message = format!("Invalid new files: [{}].", unknown.join(" "));
        return Err(FieldError::new("validation_invalid_file", message).with_param("invalidFiles", unknown));
    }
    let max_select = options.max_select.max(1);
    if i64::try_from(names.len()).unwrap_or(i64::MAX) > max_select {
        let message = format!("The maximum allowed files is {max_select}");
        return Err(FieldError::new("validation_too_many_files", message).with_param("maxSelect", max_select));
    }
    names.iter().filter_map(upload).try_for_each(|upload| validate_upload(options, upload))
}

fn validate_upload(options: &FileOptions, upload: &UploadInfo) -> Result<(), FieldError> {
    if upload.name.len() > MAX_NAME_LENGTH {
        let message = format!("the length must be between 1 and {MAX_NAME_LENGTH}");
        return Err(FieldError::new("validation_length_out_of_range", message)
            .with_param("min", 1)
            .with_param("max", MAX_NAME_LENGTH));
    }
    if !is_plain_name(&upload.name) {
        return Err(FieldError::new("validation_match_invalid", "must be in a valid format"));
    }
    let max_size = if options.max_size <= 0 { DEFAULT_MAX_SIZE } else { options.max_size };
    if i64::try_from(upload.size).unwrap_or(i64::MAX) > max_size {
        let file = match cut(&upload.original_name, SHOWN_ORIGINAL_NAME_LENGTH) {
            Cow::Borrowed(whole) => whole.to_owned(),
            Cow::Owned(cut) => cut + "...",
        };
        let message = format!("Failed to upload {file} - the maximum allowed file size is {max_size} bytes.");
        return Err(FieldError::new("validation_file_size_limit", message)
            .with_param("file", file)
            .with_param("maxSize", max_size));
    }
    let allowed = options.mime_types.as_deref().unwrap_or_default();
    if !allowed.is_empty() && !allowed.iter().any(|allowed| has_type(upload, allowed)) {
        let message = format!("{} mime type must be one of: {}.", go_quote(&upload.name), allowed.join(", "));
        return Err(FieldError::new("validation_invalid_mime_type", message));
    }
    Ok(())
}

/// Whether a name is one step of a path: two characters or more, no slashes, no dot in front.
fn is_plain_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first != '.') && chars.next().is_some() && !name.contains(['/', '\\'])
}

/// Whether the content is of this type; parameters and case do not matter.
fn has_type(upload: &UploadInfo, allowed: &str) -> bool {
    let plain = allowed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    upload.mime_types.contains(&plain)
}

/// At most this many bytes; owned when something was cut off.
fn cut(text: &str, bytes: usize) -> Cow<'_, str> {
    if text.len() <= bytes {
        return Cow::Borrowed(text);
    }
    let head = text.as_bytes().get(..bytes).unwrap_or_default();
    Cow::Owned(String::from_utf8_lossy(head).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::validate::RecordState;

    fn upload(name: &str, size: u64, mime_types: &[&str]) -> UploadInfo {
        UploadInfo {
            name: name.into(),
            original_name: "Original.txt".into(),
            size,
            mime_types: mime_types.iter().map(|&mime| mime.to_owned()).collect(),
        }
    }

    fn check(options: &FileOptions, names: &[&str], stored: &[&str], uploads: &[UploadInfo]) -> JsonValue {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let stored_files: Vec<String> = stored.iter().map(|&name| name.to_owned()).collect();
        let context =
            Context { state: RecordState::New { id_taken: false }, stored_files: &stored_files, uploads };
        validate(options, &names, &context).err().map_or(JsonValue::Null, |error| error.to_json())
    }

    #[test]
    fn any_input_becomes_names() {
        for (input, names) in [
            (json!(["a", "b", "a"]), vec!["a", "b"]),
            (json!(["a", {"x": 1}, null, 1]), vec!["a", "1"]),
            (json!([["a"], ["b", "c"], [["d"]]]), vec!["a", "d"]),
            (json!([r#"["a"]"#, r#"["b","c"]"#]), vec!["a"]),
            (json!("a"), vec!["a"]),
            (json!({"x": 1}), vec![]),
            (json!(null), vec![]),
        ] {
            assert_eq!(from_json(&input), names, "{input}");
        }
    }

    #[test]
    fn names_must_be_stored_or_uploaded() {
        let options = FileOptions { max_select: 2, required: true, ..FileOptions::default() };
        assert_eq!(
            check(&options, &["old.txt", "new.txt"], &["old.txt"], &[upload("new.txt", 1, &[])]),
            json!(null)
        );
        assert_eq!(check(&options, &[], &[], &[])["code"], "validation_required");
        assert_eq!(
            check(&options, &["a.txt", "b", "old.txt"], &["old.txt"], &[]),
            json!({
                "code": "validation_invalid_file",
                "message": "Invalid new files: [a.txt b].",
                "params": {"invalidFiles": ["a.txt", "b"]},
            })
        );
        assert_eq!(
            check(&options, &["a", "b", "c"], &["a", "b", "c"], &[]),
            json!({
                "code": "validation_too_many_files",
                "message": "The maximum allowed files is 2.",
                "params": {"maxSelect": 2},
            })
        );
    }

    #[test]
    fn uploads_are_checked_in_turn() {
        let options = FileOptions {
            max_size: 10,
            mime_types: Some(vec!["image/png".into(), "Text/Plain; charset=utf-8".into()]),
            ..FileOptions::default()
        };
        let one = |upload: UploadInfo| check(&options, &[&upload.name.clone()], &[], &[upload]);
        assert_eq!(one(upload("ab.txt", 10, &["text/plain"])), json!(null));
        assert_eq!(one(upload(".b", 1, &[]))["code"], "validation_match_invalid");
        assert_eq!(one(upload("a/b", 1, &[]))["code"], "validation_match_invalid");
        assert_eq!(one(upload("a", 1, &[]))["message"], "Must be in a valid format.");
        assert_eq!(
            one(upload(&"x".repeat(151), 1, &[])),
            json!({
                "code": "validation_length_out_of_range",
                "message": "The length must be between 1 and 150.",
                "params": {"min": 1, "max": 150},
            })
        );
        assert_eq!(
            one(upload("ab.txt", 11, &["text/plain"])),
            json!({
                "code": "validation_file_size_limit",
                "message": "Failed to upload Original.txt - the maximum allowed file size is 10 bytes.",
                "params": {"file": "Original.txt", "maxSize": 10},
            })
        );
        assert_eq!(
            one(upload("ab.txt", 1, &["text/html"])),
            json!({
                "code": "validation_invalid_mime_type",
                "message": "\"ab.txt\" mime type must be one of: image/png, Text/Plain; charset=utf-8.",
            })
        );
    }
}
