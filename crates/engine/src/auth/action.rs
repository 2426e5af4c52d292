use std::sync::Arc;

use crate::hooks::AuthRequestEvent;
use crate::{Engine, Entry, Error, Record, Request, Result, SUPERUSERS};

/// What a request wants that is about a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthAction {
    /// See how one can log in.
    Methods,
    /// Log in by a password.
    Password,
    /// Log in by another service.
    OAuth2,
    /// Get a one-time password.
    RequestOtp,
    /// Log in by a one-time password.
    Otp,
    /// Renew a token.
    Refresh,
    /// Get a mail to choose a new password by.
    RequestPasswordReset,
    /// Choose a new password.
    ConfirmPasswordReset,
    /// Get a mail to prove an address by.
    RequestVerification,
    /// Prove an address.
    ConfirmVerification,
    /// Get a mail to change the address by.
    RequestEmailChange,
    /// Change the address.
    ConfirmEmailChange,
    /// Get a token of another record.
    Impersonate,
}

impl AuthAction {
    /// Why a collection does not offer it; `None` when it does.
    fn refusal(self, entry: &Entry) -> Option<Error> {
        let auth = entry.collection.auth()?;
        let superusers = entry.collection.name == SUPERUSERS;
        let passwords = "The collection is not configured to allow password authentication.";
        match self {
            Self::Password if !auth.password_auth.enabled => Some(Error::forbidden(passwords)),
            Self::OAuth2 if !auth.oauth2.enabled => {
                Some(Error::forbidden("The collection is not configured to allow OAuth2 authentication."))
            }
            Self::RequestPasswordReset if !auth.password_auth.enabled => Some(Error::bad_request(passwords)),
            Self::RequestOtp | Self::Otp if !auth.otp.enabled => {
                Some(Error::forbidden("The collection is not configured to allow OTP authentication."))
            }
            Self::RequestVerification | Self::ConfirmVerification if superusers => {
                Some(Error::bad_request("All superusers are verified by default."))
            }
            Self::RequestEmailChange | Self::ConfirmEmailChange if superusers => {
                Some(Error::bad_request("All superusers can change their emails directly."))
            }
            _ => None,
        }
    }
}

impl Engine {
    /// The auth collection of this id or name, where it offers this. Clients are told that it does not before anything
    /// that they sent is looked at.
    ///
    /// # Errors
    /// 404 for an unknown collection and for one that is no auth collection; 400 or 403 where it does not offer this.
    pub fn offers(&self, action: AuthAction, name_or_id: &str) -> Result<Arc<Entry>> {
        let catalog = self.catalog();
        let no_login = || Error::not_found("Missing or invalid auth collection context.");
        let unknown = || match action {
            AuthAction::Impersonate => no_login(),
            _ => Error::not_found("Missing or invalid collection context."),
        };
        let entry = catalog.find(name_or_id).ok_or_else(unknown)?;
        if !entry.collection.is_auth() {
            return Err(no_login());
        }
        match action.refusal(entry) {
            Some(refusal) => Err(refusal),
            None => Ok(Arc::clone(entry)),
        }
    }

    /// Runs the hooks on such a request; they may put another record in the place of the one that was found.
    pub(super) async fn before_auth_request(
        &self,
        request: &Request,
        entry: &Entry,
        action: AuthAction,
        mut record: Option<Record>,
    ) -> Result<Option<Record>> {
        for hooks in self.hooks().of(&entry.collection.name) {
            let collection = &entry.collection;
            let event = AuthRequestEvent { engine: self, request, collection, action, record: &mut record };
            let mut event = event;
            hooks.before_auth_request(&mut event).await?;
        }
        Ok(record)
    }
}
