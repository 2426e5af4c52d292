use super::{
    UploadInfo, Value, boolean, date, editor, email, file, geo_point, json, number, password, relation,
};
use super::{select, text, url};
use crate::error::FieldError;
use crate::field::{Field, FieldKind};

/// What a check needs to know beside the field and its value.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The record that the value is for.
    pub state: RecordState<'a>,
    /// For a file field: the names that it holds in the database.
    pub stored_files: &'a [String],
    /// For a file field: the uploads among the names of its value; those of other fields do no harm.
    pub uploads: &'a [UploadInfo],
}

/// Whether a record is in the database yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState<'a> {
    /// It is not.
    New {
        /// Whether another record has the same id but for the case; see [`super::needs_id_lookup`].
        id_taken: bool,
    },
    /// It is.
    Stored {
        /// Under this id.
        id: &'a str,
    },
}

impl Context<'_> {
    /// The context of a new record without files whose id is free.
    pub const NEW: Self =
        Self { state: RecordState::New { id_taken: false }, stored_files: &[], uploads: &[] };
}

/// What is wrong with a value, or `None`. Of several faults it is the first in PocketBase's order.
///
/// Two things are left to the caller: whether the records of a relation exist
/// ([`super::missing_relation_records`]) and whether the value is unique.
pub fn validate(field: &Field, value: &Value, context: &Context<'_>) -> Option<FieldError> {
    let result = match (&field.kind, value) {
        (FieldKind::Autodate(_), _) => Ok(()),
        (FieldKind::Text(options), Value::Text(text)) => text::validate(options, text, context.state),
        (FieldKind::Editor(options), Value::Text(text)) => editor::validate(options, text),
        (FieldKind::Number(options), Value::Number(number)) => number::validate(options, *number),
        (FieldKind::Bool(options), Value::Bool(flag)) => boolean::validate(options, *flag),
        (FieldKind::Email(options), Value::Text(text)) => email::validate(options, text),
        (FieldKind::Url(options), Value::Text(text)) => url::validate(options, text),
        (FieldKind::Date(options), Value::Text(text)) => date::validate(options, text),
        (FieldKind::Select(options), Value::Text(_) | Value::List(_)) => {
            select::validate(options, value.items())
        }
        (FieldKind::File(options), Value::Text(_) | Value::List(_)) => {
            file::validate(options, value.items(), context)
        }
        (FieldKind::Relation(options), Value::Text(_) | Value::List(_)) => {
            relation::validate(options, value.items())
        }
        (FieldKind::Json(options), Value::Json(json)) => json::validate(options, json),
        (FieldKind::Password(options), Value::Password { hash, plain }) => {
            password::validate(options, hash, plain.as_deref())
        }
        (FieldKind::GeoPoint(options), Value::GeoPoint { lon, lat }) => {
            geo_point::validate(options, *lon, *lat)
        }
        _ => {
            let message = "Invalid or unsupported value type.";
            Err(FieldError::new("validation_unsupported_value_type", message))
        }
    };
    result.err()
}
