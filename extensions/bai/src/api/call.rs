use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use engine::Record;
use http_api::Asker;

use super::body::Payload;
use super::form::Form;
use super::state::Shared;
use crate::error::Error;
use crate::guard::Fingerprint;
use crate::names::USERS;

/// A request to one of the routes: who asks, and what was sent.
pub(super) struct Call {
    /// Who asks.
    pub(super) asker: Asker,
    payload: Payload,
}

impl FromRequest<Shared> for Call {
    type Rejection = Error;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let asker = Asker::from_request_parts(&mut parts, shared).await.map_err(|error| {
            engine::Error::internal(format!("the caller could not be looked up: {error:?}"))
        })?;
        let payload = Payload::read(&parts.headers, body).await?;
        Ok(Self { asker, payload })
    }
}

impl Call {
    /// The body that the route needs.
    pub(super) fn form(&self) -> Result<Form, Error> {
        Ok(Form::new(self.payload.object()?))
    }

    /// The body that the route can do without.
    pub(super) fn optional_form(&self) -> Result<Form, Error> {
        Ok(Form::new(self.payload.optional_object()?))
    }

    /// Checks the body of a route that does not look at it.
    pub(super) fn ignore_body(&self) -> Result<(), Error> {
        self.payload.ignore()
    }

    /// The user whose valid token came with the request; a superuser is none.
    pub(super) fn user(&self) -> Option<&Arc<Record>> {
        self.asker.request.auth.as_ref().filter(|record| record.collection().name == USERS)
    }

    /// The user whose valid token must come with the request. One without an openid is nobody.
    pub(super) fn require_user(&self) -> Result<&Arc<Record>, Error> {
        self.user().filter(|user| !user.text("openid").is_empty()).ok_or(Error::TokenRequired)
    }

    /// A header by its name in lower case and with `_` for `-`; `None` when it is missing or blank.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        Some(self.asker.request.header(name).trim()).filter(|value| !value.is_empty())
    }

    /// What makes this call the same as another. A caller is a record or, for guests, an address and whatever token
    /// came from there, since many guests can share an address.
    pub(super) fn fingerprint(&self, route: &str) -> Fingerprint {
        let request = &self.asker.request;
        let body = self.payload.bytes();
        match &request.auth {
            Some(caller) => Fingerprint::new(route, &["record", &caller.collection().id, caller.id()], body),
            None => Fingerprint::new(route, &["guest", &request.ip, &self.asker.token], body),
        }
    }
}
