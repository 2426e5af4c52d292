//! The login itself: who is it to the service, and which record is that.

use std::sync::Arc;
use std::time::Duration;

use oauth2_providers::{Failure, User};
use serde_json::Value as JsonValue;

use super::form::OAuth2Form;
use super::link::Link;
use super::sign_up::SignUp;
use crate::auth::{AuthAction, LoginMethod, LoginStep};
use crate::records::Access;
use crate::{Context, Engine, Entry, Error, ErrorKind, Record, Request, Result, Tx, Work};

/// How long a service may take to say who somebody is.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The reply to everything that goes wrong with the records and that the client cannot help.
pub(super) const FAILED: &str = "Failed to authenticate.";

/// A record that somebody is, and whether it is a new one.
struct Found {
    record: Record,
    is_new: bool,
}

impl Engine {
    /// Logs a record in by another service: exchanges the code that its user came back with, and finds or creates the
    /// record. The body has `provider` and `code`, and where they apply `codeVerifier`, `redirectURL` and `createData`.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 403 when it takes no such logins or its auth rule refuses, 400
    /// for a malformed body (with errors by field), when the service does not say who it is, and when the record
    /// cannot be created or linked.
    pub async fn auth_with_oauth2(&self, request: &Request, collection: &str) -> Result<LoginStep> {
        let entry = self.offers(AuthAction::OAuth2, collection)?;
        let request = &Request { context: Context::OAuth2, ..request.clone() };
        let Some(options) = entry.collection.auth().map(|auth| &auth.oauth2) else {
            return Err(Error::internal("an auth collection has no options"));
        };
        let form = OAuth2Form::read(request, options)?;
        let user = self.ask_service(&entry, &form).await?;
        let found = self.find_or_create(request, &entry, &form, &user).await?;
        let mut meta = user.to_json();
        meta.insert("isNew".to_owned(), JsonValue::Bool(found.is_new));
        let record = Arc::new(found.record);
        let step = self.log_in_by(request, &record, LoginMethod::OAuth2).await?;
        Ok(step.with_meta(meta))
    }

    /// Finds out who the user is to the service.
    async fn ask_service(&self, entry: &Entry, form: &OAuth2Form) -> Result<User> {
        let options = entry.collection.auth().map(|auth| &auth.oauth2);
        let mut configured = options.iter().flat_map(|oauth2| &oauth2.providers);
        let provider = configured.find(|provider| provider.name == form.provider);
        let login = provider.and_then(|provider| self.open(provider)).ok_or_else(|| {
            Error::new(ErrorKind::Internal, format!("Failed to init provider {}", form.provider))
        })?;
        let asked = tokio::time::timeout(TIME_LIMIT, login.user(&form.answer, self.clock().now())).await;
        let mut user = match asked {
            Ok(Ok(user)) => user,
            Ok(Err(Failure::Token(cause))) => {
                return Err(Error::bad_request("Failed to fetch OAuth2 token.").because(cause));
            }
            Ok(Err(Failure::User(cause))) => {
                return Err(Error::bad_request("Failed to fetch OAuth2 user.").because(cause));
            }
            Err(timeout) => {
                return Err(Error::bad_request("Failed to fetch OAuth2 user.").because(timeout));
            }
        };
        if user.name.is_empty()
            && let Some(name) =
                self.oauth2_names().take(&form.provider, &form.answer.code, self.clock().now())
        {
            user.name = name;
        }
        Ok(user)
    }

    /// The record of the user: the one that is linked already, or that of the caller, or that of the same verified
    /// address, or else a new one.
    async fn find_or_create(
        &self,
        request: &Request,
        entry: &Arc<Entry>,
        form: &OAuth2Form,
        user: &User,
    ) -> Result<Found> {
        let link = Link { entry, provider: &form.provider, user, request };
        // What takes long is done before the transaction, as far as it can be told by then that it will be needed.
        let expected = link.find(self, &mut Access::Store(self.store())).await?;
        if let Some(found) = expected.as_ref().filter(|found| link.is_settled(found)) {
            return Ok(Found { record: found.record.clone(), is_new: false });
        }
        let sign_up = match &expected {
            None => Some(SignUp::prepare(self, &link, &form.create_data).await?),
            Some(_) => None,
        };
        let password = match &expected {
            Some(found) if link.resets_password(&found.record) => {
                Some(self.random_password(&found.record).await?)
            }
            _ => None,
        };
        let (link, sign_up, password) = (&link, &sign_up, &password);
        let done = self.transaction(|tx| {
            Work::new(async move { link_or_sign_up(tx, link, sign_up.as_ref(), password.as_ref()).await })
        });
        let done = done.await;
        if let Some(sign_up) = sign_up
            && !done.as_ref().is_ok_and(|found| found.is_new)
        {
            sign_up.discard(self).await;
        }
        done
    }
}

async fn link_or_sign_up(
    tx: &mut Tx,
    link: &Link<'_>,
    sign_up: Option<&SignUp>,
    password: Option<&schema::Value>,
) -> Result<Found> {
    let engine = tx.engine().clone();
    if let Some(found) = link.find(&engine, &mut tx.access()).await? {
        let record = link.join(tx, found, password).await?;
        return Ok(Found { record, is_new: false });
    }
    // The record that there was a moment ago is gone.
    let sign_up = sign_up.ok_or_else(|| Error::bad_request(FAILED).because("the record is gone"))?;
    let record = sign_up.run(tx, link).await?;
    link.create(tx, &record).await?;
    Ok(Found { record, is_new: true })
}
