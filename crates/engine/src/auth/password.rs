use std::sync::Arc;

use schema::Value;

use super::form::{Checks, Form, MAX_LENGTH, out_of_range};
use super::{AuthAction, LoginMethod, LoginStep};
use crate::password::{self, DEFAULT_COST};
use crate::{Engine, Entry, Error, Record, Request, Result};

/// What a password login sends.
struct PasswordForm {
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
    pub async fn auth_with_password(&self, request: &Request, collection: &str) -> Result<LoginStep> {
        let entry = self.offers(AuthAction::Password, collection)?;
        let identity_fields =
            entry.collection.auth().map_or(&[][..], |auth| &auth.password_auth.identity_fields);
        let form = PasswordForm::read(request, identity_fields)?;
        let record = self.find_by_identity(&entry, &form.identity, &form.identity_field).await?;
        let record = self.before_auth_request(request, &entry, AuthAction::Password, record).await?;
        match record {
            Some(record) if self.is_password(&record, &form.password).await? => {
                self.log_in_by(request, &Arc::new(record), LoginMethod::Password).await
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

impl PasswordForm {
    fn read(request: &Request, identity_fields: &[String]) -> Result<Self> {
        let sent = Form::of(request);
        let form = Self {
            identity: sent.text("identity")?,
            password: sent.text("password")?,
            identity_field: sent.text("identityField")?,
        };
        let mut checks = Checks::default();
        checks.length("identity", &form.identity, 1, MAX_LENGTH);
        checks.length("password", &form.password, 1, MAX_LENGTH);
        if form.identity_field.len() > MAX_LENGTH {
            checks.push("identityField", out_of_range(1, MAX_LENGTH));
        } else if !form.identity_field.is_empty() && !identity_fields.contains(&form.identity_field) {
            checks.refuse("identityField", "validation_in_invalid", "Must be a valid value.");
        }
        checks.into_result().map(|()| form)
    }
}

/// The cost of the collection's password hashes.
pub(super) fn cost(entry: &Entry) -> u32 {
    entry.collection.field("password").map_or(DEFAULT_COST, password::cost_of)
}
