use super::AuthAction;
use super::form::{Checks, Form};
use super::secured::MailToken;
use crate::mails::RecordMail;
use crate::token::{self, TokenKind};
use crate::{Engine, Entry, Error, ErrorKind, Record, Request, Result};

/// The longest password that is looked at, in bytes.
const MAX_PASSWORD: usize = 100;

impl Engine {
    /// Sends a link to the address `newEmail` by which it becomes the address of the caller.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 401 for a guest, 403 for a caller of another collection, 400 for
    /// superusers, 400 with errors by field for an address that cannot be taken, 400 when the mail cannot be sent.
    pub async fn request_email_change(&self, request: &Request, collection: &str) -> Result<()> {
        let caller = self.caller_in(request, collection)?;
        let entry = self.offers(AuthAction::RequestEmailChange, collection)?;
        let email = Form::of(request).text("newEmail")?;
        let mut checks = Checks::default();
        if checks.email("newEmail", &email) {
            if email == caller.text("email") {
                checks.refuse("newEmail", "validation_not_in_invalid", "Must not be in list.");
            } else if let Some(other) = self.find_by_email(&entry, &email).await?
                && other.id() != caller.id()
            {
                checks.refuse("newEmail", "validation_invalid_new_email", "Invalid new email address.");
            }
        }
        checks.into_result()?;
        let action = AuthAction::RequestEmailChange;
        let record = self.before_auth_request(request, &entry, action, Some((*caller).clone())).await?;
        let Some(record) = record else { return Ok(()) };
        let sent = self.send_record_mail(&record, &RecordMail::EmailChange { to: &email }).await;
        sent.map(drop).map_err(|error| match error.kind {
            ErrorKind::Internal => {
                Error { cause: error.cause, ..Error::bad_request("Failed to request email change.") }
            }
            _ => error,
        })
    }

    /// Changes the address of the record whose `token` was sent to the new one, for whoever knows its `password`.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 400 for superusers, 400 with errors by field for a token that is
    /// not good, an address that was taken since, and a wrong password.
    pub async fn confirm_email_change(&self, request: &Request, collection: &str) -> Result<()> {
        let entry = self.offers(AuthAction::ConfirmEmailChange, collection)?;
        let form = Form::of(request);
        let (text, password) = (form.text("token")?, form.text("password")?);
        let record = self.email_change_token(&entry, &text, &password).await?;
        let action = AuthAction::ConfirmEmailChange;
        let Some(record) = self.before_auth_request(request, &entry, action, Some(record)).await? else {
            return Ok(());
        };
        let email = token::claimed(&text, "newEmail");
        let by = MailToken { text: &text, kind: TokenKind::EmailChange, record };
        let change = |record: &mut Record| {
            record.set("email", email.as_str());
            record.set("verified", true);
        };
        self.change_by_token(request, &by, "Failed to confirm email change.", change).await
    }

    async fn email_change_token(&self, entry: &Entry, text: &str, password: &str) -> Result<Record> {
        let mut checks = Checks::default();
        let mut good = None;
        if checks.required("token", text) {
            let email = token::claimed(text, "newEmail");
            if email.is_empty() {
                let message = "Invalid token payload - newEmail must be set.";
                checks.refuse("token", "validation_invalid_token_payload", message);
            } else {
                good = self.record_of_token(&mut checks, entry, text, TokenKind::EmailChange).await?;
            }
            if good.is_some() && self.find_by_email(entry, &email).await?.is_some() {
                let message = "The new email address is invalid.";
                checks.refuse("token", "validation_invalid_token_email", message);
                good = None;
            }
        }
        if checks.length("password", password, 1, MAX_PASSWORD) {
            let right = match &good {
                Some(record) => self.is_password(record, password).await?,
                None => false,
            };
            if !right {
                let message = "Missing or invalid auth record password.";
                checks.refuse("password", "validation_invalid_password", message);
            }
        }
        checks.into_result()?;
        good.ok_or_else(|| Error::bad_request("Invalid or expired token."))
    }
}
