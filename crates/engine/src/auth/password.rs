use std::sync::Arc;

use schema::{FieldError, FieldErrors, Value};
use serde_json::Value as JsonValue;

use crate::auth::Login;
use crate::password::{self, DEFAULT_COST};
use crate::{Engine, Entry, Error, Record, Request, Result};

/// The longest identity and password that are looked at, in bytes.
const MAX_LENGTH: usize = 255;

/// What a password login sends.
struct Form {
    identity: String,
    password: String,
    identity_field: String,
}

impl Engine {
    /// Logs a record in by its password. The body has `identity`, `password` and, to look at one field alone,
    /// `identityField`.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 403 when it takes no passwords or its auth rule refuses,
    /// 400 with errors by field for a malformed body, 400 without any for an unknown identity or a wrong password.
    pub async fn auth_with_password(&self, request: &Request, collection: &str) -> Result<Login> {
        let entry = self.takes_passwords(collection)?;
        let identity_fields =
            entry.collection.auth().map_or(&[][..], |auth| &auth.password_auth.identity_fields);
        let form = Form::read(request, identity_fields)?;
        let record = self.find_by_identity(&entry, &form.identity, &form.identity_field).await?;
        match record {
            Some(record) if self.is_password(&record, &form.password).await? => {
                self.log_in(request, &Arc::new(record), "password").await
            }
            found => {
                if found.is_none() {
                    // An unknown identity takes as long as a wrong password.
                    self.passwords().verify_nothing(form.password, cost(&entry)).await?;
                }
                Err(Error::bad_request("Failed to authenticate."))
            }
        }
    }

    /// The collection of this id or name, whose records log in by password. Clients are told that there is none
    /// before anything that they sent is looked at.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 403 when it takes no passwords.
    pub fn takes_passwords(&self, collection: &str) -> Result<Arc<Entry>> {
        let entry = self.auth_collection(collection)?;
        if entry.collection.auth().is_some_and(|auth| auth.password_auth.enabled) {
            Ok(entry)
        } else {
            Err(Error::forbidden("The collection is not configured to allow password authentication."))
        }
    }

    /// Whether this is the record's password.
    ///
    /// # Errors
    /// 429 when too many passwords are being checked already.
    pub async fn is_password(&self, record: &Record, plain: &str) -> Result<bool> {
        match record.get("password") {
            Some(Value::Password { hash, .. }) if !hash.is_empty() => {
                self.passwords().verify(plain.to_owned(), hash.clone()).await
            }
            _ => {
                let cost =
                    self.catalog().by_id(&record.collection().id).map_or(DEFAULT_COST, |entry| cost(entry));
                self.passwords().verify_nothing(plain.to_owned(), cost).await?;
                Ok(false)
            }
        }
    }
}

impl Form {
    fn read(request: &Request, identity_fields: &[String]) -> Result<Self> {
        let mut errors = FieldErrors::new();
        let is_json = request.header("content_type").starts_with("application/json");
        let sent = |name: &str| {
            // PocketBase reads the keys of JSON in any case.
            let mut others = request.body.iter().filter(|(key, _)| is_json && key.eq_ignore_ascii_case(name));
            request.body.get(name).or_else(|| others.next().map(|(_, value)| value))
        };
        let text = |name: &str| match sent(name) {
            None | Some(JsonValue::Null) => Ok(String::new()),
            Some(JsonValue::String(text)) => Ok(text.clone()),
            // A form infers types: a password of digits alone arrives as a number.
            Some(JsonValue::Number(number)) if !is_json => Ok(number.to_string()),
            Some(JsonValue::Bool(truth)) if !is_json => Ok(truth.to_string()),
            Some(_) => Err(Error::bad_request("An error occurred while loading the submitted data.")),
        };
        let form = Self {
            identity: text("identity")?,
            password: text("password")?,
            identity_field: text("identityField")?,
        };
        for (name, value) in [("identity", &form.identity), ("password", &form.password)] {
            if value.is_empty() {
                errors.push(name, FieldError::required());
            }
        }
        let all = [
            ("identity", &form.identity),
            ("password", &form.password),
            ("identityField", &form.identity_field),
        ];
        for (name, value) in all {
            if value.len() > MAX_LENGTH {
                errors.push(name, out_of_range(1, MAX_LENGTH));
            }
        }
        if !form.identity_field.is_empty() && !identity_fields.contains(&form.identity_field) {
            errors.push("identityField", FieldError::new("validation_in_invalid", "Must be a valid value."));
        }
        errors.into_result().map_err(|errors| {
            Error::invalid("An error occurred while validating the submitted data.", errors)
        })?;
        Ok(form)
    }
}

fn out_of_range(min: usize, max: usize) -> FieldError {
    FieldError::new("validation_length_out_of_range", format!("The length must be between {min} and {max}."))
        .with_param("min", min)
        .with_param("max", max)
}

/// The cost of the collection's password hashes.
fn cost(entry: &Entry) -> u32 {
    entry.collection.field("password").map_or(DEFAULT_COST, password::cost_of)
}
