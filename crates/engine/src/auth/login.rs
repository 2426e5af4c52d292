use std::sync::Arc;

use schema::value::go_json;
use serde_json::value::RawValue;
use serde_json::{Map, Value as JsonValue};

use crate::hooks::AuthEvent;
use crate::json::{Json, Visibility};
use crate::records::Access;
use crate::token::TokenKind;
use crate::{Engine, Error, Record, Request, Result};

/// By what a record proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginMethod {
    /// Its password.
    Password,
    /// A one-time password.
    Otp,
    /// Another service.
    OAuth2,
}

/// What became of a login.
#[derive(Debug)]
pub enum LoginStep {
    /// The record is logged in.
    Done(Login),
    /// The record has to log in by another method as well, and to send along that this method was good: by this id as
    /// `mfaId`.
    SecondFactor(String),
}

/// A record that logged in.
#[derive(Debug)]
pub struct Login {
    /// The new token.
    pub token: String,
    /// The record as its owner sees it, as JSON.
    pub record: Json,
    /// What the service said of the user, where they logged in by another service.
    pub meta: Option<Map<String, JsonValue>>,
}

impl LoginMethod {
    /// The name that hooks and stored sessions know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Otp => "otp",
            Self::OAuth2 => "oauth2",
        }
    }
}

impl LoginStep {
    /// The same, with what else is to be known of a login that is done.
    #[must_use]
    pub(super) fn with_meta(self, meta: Map<String, JsonValue>) -> Self {
        match self {
            Self::Done(login) => Self::Done(Login { meta: Some(meta), ..login }),
            second @ Self::SecondFactor(_) => second,
        }
    }

    /// The login, for callers that know no second step.
    ///
    /// # Errors
    /// 403 when a second method is asked for.
    pub fn done(self) -> Result<Login> {
        match self {
            Self::Done(login) => Ok(login),
            Self::SecondFactor(_) => Err(Error::forbidden("A second authentication method is required.")),
        }
    }
}

impl Login {
    /// The reply of the native API: `{"record": …, "token": …}`, with `"meta"` before them where there is any.
    ///
    /// # Errors
    /// When the record's JSON is damaged.
    pub fn to_json(&self) -> Result<Json> {
        let token = schema::json::to_string(&self.token).map_err(Error::internal)?;
        let mut json = b"{".to_vec();
        if let Some(meta) = &self.meta {
            json.extend_from_slice(b"\"meta\":");
            go_json::write_value(&JsonValue::Object(meta.clone()), &mut json);
            json.push(b',');
        }
        json.extend_from_slice(b"\"record\":");
        json.extend_from_slice(&self.record.0);
        json.extend_from_slice(b",\"token\":");
        json.extend_from_slice(token.as_bytes());
        json.push(b'}');
        Ok(Json(json))
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
    /// Logs a record in that somebody vouches for: checks the collection's auth rule, runs the auth hooks and issues a
    /// token. No second method is asked for, and nobody is told of the login.
    ///
    /// # Errors
    /// 403 when the auth rule or a hook refuses.
    pub async fn log_in(&self, request: &Request, record: &Arc<Record>) -> Result<Login> {
        let token = self.issue_token(record, TokenKind::Auth)?;
        self.log_in_with(request, record, token).await
    }

    /// Logs a record in that proved by `method` who it is: as [`Self::log_in`], but a second method is asked for where
    /// the collection wants one (the request then says by `mfaId` that another one was good), and the record's owner
    /// is told of a login from a new place.
    ///
    /// # Errors
    /// 403 when the auth rule or a hook refuses, 400 when `mfaId` does not say that.
    pub async fn log_in_by(
        &self,
        request: &Request,
        record: &Arc<Record>,
        method: LoginMethod,
    ) -> Result<LoginStep> {
        let token = self.issue_token(record, TokenKind::Auth)?;
        self.admit(request, record, method.name()).await?;
        if let Some(id) = self.ask_second_factor(request, record, method).await? {
            return Ok(LoginStep::SecondFactor(id));
        }
        let json = self.own_json(request, record).await?;
        self.note_origin(request, record).await;
        self.complete(request, record, method.name()).await?;
        Ok(LoginStep::Done(Login { token, record: json, meta: None }))
    }

    pub(super) async fn log_in_with(
        &self,
        request: &Request,
        record: &Arc<Record>,
        token: String,
    ) -> Result<Login> {
        self.admit(request, record, "").await?;
        let record_json = self.own_json(request, record).await?;
        self.complete(request, record, "").await?;
        Ok(Login { token, record: record_json, meta: None })
    }

    /// Checks the address and the auth rule, and asks the hooks.
    async fn admit(&self, request: &Request, record: &Arc<Record>, method: &str) -> Result<()> {
        if record.is_superuser() && !self.settings().lets_superusers_in_from(&request.ip) {
            return Err(Error::forbidden("").because("a superuser from an address that is not on the list"));
        }
        self.check_auth_rule(request, record).await?;
        let event = AuthEvent { engine: self, request, record, method };
        for hooks in self.hooks().of(&record.collection().name) {
            hooks.before_auth(&event).await?;
        }
        Ok(())
    }

    /// The record as its owner sees it.
    async fn own_json(&self, request: &Request, record: &Arc<Record>) -> Result<Json> {
        let mut owner = request.clone();
        owner.auth = Some(Arc::clone(record));
        let see = Visibility { hidden: record.is_superuser(), email: true };
        let access = &mut Access::Store(self.store());
        self.record_json(access, &owner, (**record).clone(), see).await
    }

    async fn complete(&self, request: &Request, record: &Arc<Record>, method: &str) -> Result<()> {
        let event = AuthEvent { engine: self, request, record, method };
        for hooks in self.hooks().of(&record.collection().name) {
            hooks.after_auth(&event).await?;
        }
        Ok(())
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
