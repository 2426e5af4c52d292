use std::sync::Arc;

use serde_json::value::RawValue;

use crate::hooks::AuthEvent;
use crate::json::{Json, Visibility};
use crate::records::Access;
use crate::token::TokenKind;
use crate::{Engine, Error, Record, Request, Result};

/// A record that logged in.
#[derive(Debug)]
pub struct Login {
    /// The new token.
    pub token: String,
    /// The record as its owner sees it, as JSON.
    pub record: Json,
}

impl Login {
    /// The reply of the native API: `{"record": …, "token": …}`.
    ///
    /// # Errors
    /// When the record's JSON is damaged.
    pub fn to_json(&self) -> Result<Json> {
        let token = schema::json::to_string(&self.token).map_err(Error::internal)?;
        Ok(Json([b"{\"record\":", self.record.0.as_slice(), b",\"token\":", token.as_bytes(), b"}"].concat()))
    }

    /// The record's JSON, to be put into a larger reply as it is.
    ///
    /// # Errors
    /// When the JSON is damaged.
    pub fn raw_record(&self) -> Result<Box<RawValue>> {
        serde_json::from_slice(&self.record.0).map_err(Error::internal)
    }
}

impl Engine {
    /// Logs a record in that proved who it is: checks the collection's auth rule, runs the auth hooks and issues a
    /// token. `method` is `password`, or empty for a renewal and for a login by an extension.
    ///
    /// # Errors
    /// 403 when the auth rule or a hook refuses.
    pub async fn log_in(&self, request: &Request, record: &Arc<Record>, method: &str) -> Result<Login> {
        let token = self.issue_token(record, TokenKind::Auth)?;
        self.log_in_with(request, record, method, token).await
    }

    pub(super) async fn log_in_with(
        &self,
        request: &Request,
        record: &Arc<Record>,
        method: &str,
        token: String,
    ) -> Result<Login> {
        if record.is_superuser() && !self.settings().lets_superusers_in_from(&request.ip) {
            return Err(Error::forbidden("").because("a superuser from an address that is not on the list"));
        }
        self.check_auth_rule(request, record).await?;
        if !method.is_empty() && record.collection().auth().is_some_and(|auth| auth.mfa.enabled) {
            // Letting the record in without the second factor would be worse than not letting it in.
            return Err(Error::forbidden("Multi-factor authentication is not available in this version."));
        }
        let collection = Arc::clone(record.collection());
        let event = AuthEvent { engine: self, request, record, method };
        for hooks in self.hooks().of(&collection.name) {
            hooks.before_auth(&event).await?;
        }
        let mut owner = request.clone();
        owner.auth = Some(Arc::clone(record));
        let see = Visibility { hidden: record.is_superuser(), email: true };
        let access = &mut Access::Store(self.store());
        let record_json = self.record_json(access, &owner, (**record).clone(), see).await?;
        for hooks in self.hooks().of(&collection.name) {
            hooks.after_auth(&event).await?;
        }
        Ok(Login { token, record: record_json })
    }

    async fn check_auth_rule(&self, request: &Request, record: &Record) -> Result<()> {
        let refused =
            || Error::forbidden("The request doesn't satisfy the collection requirements to authenticate.");
        let catalog = self.catalog();
        let entry = catalog.by_id(&record.collection().id).ok_or_else(refused)?;
        let condition = entry.rules.auth.for_caller(request.is_superuser());
        let condition = condition.map_err(|error| Error { cause: error.cause, ..refused() })?;
        match condition {
            Some(rule) => {
                let mut access = Access::Store(self.store());
                let passes = self.passes(&mut access, request, entry, record.id(), rule).await?;
                if passes { Ok(()) } else { Err(refused()) }
            }
            None => Ok(()),
        }
    }
}
