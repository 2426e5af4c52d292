//! What a client sent about a record, made ready to be written.

use ambient::Entropy;
use schema::value::changes;
use schema::{FieldError, FieldErrors, FieldKind, Value};
use serde_json::{Map, Value as JsonValue};

use super::uploads::Incoming;
use crate::{Engine, Record, Request, Result};

/// Puts the client's fields into a record. Returns the body as rules see it: each field under its plain name with
/// the value that it will have, and no field that only superusers may set.
pub(super) fn apply(
    record: &mut Record,
    request: &Request,
    incoming: &[Incoming],
    entropy: &dyn Entropy,
) -> Map<String, JsonValue> {
    let collection = record.collection().clone();
    let mut body = request.body.clone();
    add_uploads(&mut body, incoming);
    let resolved = changes::resolve(&collection, record.values(), &body, entropy);
    let mut body = resolved.body;
    let superuser = request.is_superuser();
    for (index, value) in resolved.values {
        let Some(field) = collection.fields.get(index) else { continue };
        let password = collection.is_auth() && field.name == "password";
        if field.hidden && !superuser && !password {
            body.remove(&field.name);
        } else {
            record.put(&field.name, value);
        }
    }
    body
}

/// Adds the names of uploads to the fields that they came for. Under a field's plain name they join the names that
/// were sent as text, so that naming the files to keep and adding one works in one request.
fn add_uploads(body: &mut Map<String, JsonValue>, incoming: &[Incoming]) {
    // They take the place of what else is to be done to the field.
    let is_replaced =
        |key: &str| incoming.iter().any(|file| file.form_key == file.field && is_change_of(&file.field, key));
    body.retain(|key, _| !is_replaced(key));
    for file in incoming {
        let name = JsonValue::String(file.info.name.clone());
        match body.get_mut(&file.form_key) {
            Some(JsonValue::Array(names)) => names.push(name),
            Some(JsonValue::Null) | None => {
                body.insert(file.form_key.clone(), JsonValue::Array(vec![name]));
            }
            Some(single) => {
                let single = single.take();
                body.insert(file.form_key.clone(), JsonValue::Array(vec![single, name]));
            }
        }
    }
}

/// Whether something is added to a field or taken from it under this key.
fn is_change_of(field: &str, key: &str) -> bool {
    match key.strip_prefix('+') {
        Some(name) => name == field,
        None => key.strip_suffix(['+', '-']) == Some(field),
    }
}

/// What a client sent as a single value, as a text; empty for a list, an object and nothing.
pub(super) fn scalar_text(value: Option<&JsonValue>) -> String {
    match value {
        Some(JsonValue::String(text)) => text.clone(),
        Some(JsonValue::Number(number)) => number.to_string(),
        Some(JsonValue::Bool(truth)) => truth.to_string(),
        _ => String::new(),
    }
}

/// What belongs to logging in and is no field: the password is sent twice, and the old one to change it.
#[derive(Debug, Clone, Default)]
pub(super) struct LoginForm {
    password: String,
    confirm: String,
    old: String,
}

/// How much a caller may do to an auth record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authority {
    /// What the rules let everybody do.
    Ordinary,
    /// Also what the manage rule gives: set an e-mail address, verify, set a password without the old one.
    Manager,
}

impl LoginForm {
    pub(super) fn read(body: &Map<String, JsonValue>) -> Self {
        let text = |name: &str| scalar_text(body.get(name));
        Self { password: text("password"), confirm: text("passwordConfirm"), old: text("oldPassword") }
    }

    /// Whether the old password is right for this stored record; nothing is checked when it was not sent.
    pub(super) async fn proves_old(&self, engine: &Engine, stored: &Record) -> Result<bool> {
        if self.old.is_empty() { Ok(false) } else { engine.is_password(stored, &self.old).await }
    }

    /// What is wrong with the login fields. When anything is, no other field is looked at.
    pub(super) fn check(
        &self,
        record: &Record,
        original: Option<&Record>,
        authority: Authority,
        old_is_right: bool,
    ) -> FieldErrors {
        let mut errors = FieldErrors::new();
        let manager = authority == Authority::Manager;
        let mismatch = || FieldError::new("validation_values_mismatch", "Values don't match.");
        if !manager {
            if original.is_some_and(|original| original.text("email") != record.text("email")) {
                errors.push("email", mismatch());
            }
            if record.flag("verified") != original.is_some_and(|original| original.flag("verified")) {
                errors.push("verified", mismatch());
            }
        }
        let new = original.is_none();
        let touched = |values: [&String; 2]| new || values.iter().any(|value| !value.is_empty());
        if self.password.is_empty() && touched([&self.confirm, &self.old]) {
            errors.push("password", FieldError::required());
        }
        if self.confirm.is_empty() && touched([&self.password, &self.old]) {
            errors.push("passwordConfirm", FieldError::required());
        } else if self.confirm != self.password {
            errors.push("passwordConfirm", mismatch());
        }
        if !(new || manager || self.password.is_empty() && self.confirm.is_empty()) {
            if self.old.is_empty() {
                errors.push("oldPassword", FieldError::required());
            } else if !old_is_right {
                let message = "Missing or invalid old password.";
                errors.push("oldPassword", FieldError::new("validation_invalid_old_password", message));
            }
        }
        errors
    }

    /// Whether a password is to be set.
    pub(super) fn sets_password(&self) -> bool {
        !(self.password.is_empty() && self.confirm.is_empty() && self.old.is_empty())
    }
}

/// Takes over passwords that were hashed before the transaction began.
pub(super) fn take_hashes(record: &mut Record, hashed: &Record) {
    let collection = record.collection().clone();
    let passwords = collection.fields.iter().filter(|field| matches!(field.kind, FieldKind::Password(_)));
    for field in passwords {
        if let (
            Some(Value::Password { plain: Some(mine), .. }),
            Some(Value::Password { hash, plain: Some(theirs) }),
        ) = (record.get(&field.name), hashed.get(&field.name))
            && mine == theirs
        {
            let (hash, plain) = (hash.clone(), Some(theirs.clone()));
            record.put(&field.name, Value::Password { hash, plain });
        }
    }
}
