use super::AuthAction;
use super::form::{Checks, Form, email};
use super::secured::MailToken;
use crate::mails::RecordMail;
use crate::token::{self, TokenKind};
use crate::{Engine, Entry, Record, Request, Result};

impl Engine {
    /// Sends a link to the address `email` by which its record can be verified. Nobody learns whether there is one.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 400 for superusers, 400 with errors by field for a malformed body.
    pub async fn request_verification(&self, request: &Request, collection: &str) -> Result<()> {
        let entry = self.offers(AuthAction::RequestVerification, collection)?;
        let Some(record) = self.find_by_email(&entry, &email(request)?).await? else { return Ok(()) };
        let action = AuthAction::RequestVerification;
        let record = self.before_auth_request(request, &entry, action, Some(record)).await?;
        let Some(record) = record.filter(|record| !record.flag("verified")) else { return Ok(()) };
        if self.cooldowns().verification.begin(&record, self.clock().now()) {
            let engine = self.clone();
            self.outbox().post(async move {
                if let Err(error) = engine.send_record_mail(&record, &RecordMail::Verification).await {
                    tracing::error!(error = error.cause.as_deref(), "a verification mail could not be sent");
                }
            });
        }
        Ok(())
    }

    /// Verifies the address of the record whose `token` was sent there.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 400 for superusers, 400 with errors by field for a token that is
    /// not good.
    pub async fn confirm_verification(&self, request: &Request, collection: &str) -> Result<()> {
        let entry = self.offers(AuthAction::ConfirmVerification, collection)?;
        let text = Form::of(request).text("token")?;
        let record = self.verification_token(&entry, &text).await?;
        let action = AuthAction::ConfirmVerification;
        let Some(record) = self.before_auth_request(request, &entry, action, Some(record)).await? else {
            return Ok(());
        };
        let owner = record.clone();
        if !record.flag("verified") {
            // Where nobody logs in by password, one that was set before the address was proven must not remain.
            let by_password = record.collection().auth().is_some_and(|auth| auth.password_auth.enabled);
            let password = if by_password { None } else { Some(self.random_password(&record).await?) };
            let by = MailToken { text: &text, kind: TokenKind::Verification, record };
            let failed = "An error occurred while saving the verified state.";
            let change = |record: &mut Record| {
                record.set("verified", true);
                if let Some(password) = &password {
                    record.put("password", password.clone());
                }
            };
            self.change_by_token(request, &by, failed, change).await?;
        }
        self.cooldowns().verification.end(&owner);
        Ok(())
    }

    async fn verification_token(&self, entry: &Entry, text: &str) -> Result<Record> {
        let mut checks = Checks::default();
        let email = token::claimed(text, "email");
        let mut good = None;
        if checks.required("token", text) {
            if email.is_empty() {
                checks.refuse("token", "validation_invalid_token_claims", "Missing email token claim.");
            } else {
                good = self.record_of_token(&mut checks, entry, text, TokenKind::Verification).await?;
            }
        }
        if good.as_ref().is_some_and(|record| record.text("email") != email) {
            let message = "The record email doesn't match with the requested token claims.";
            checks.refuse("token", "validation_token_email_mismatch", message);
        }
        checks.into_result()?;
        good.ok_or_else(|| crate::Error::bad_request("Invalid or expired verification token."))
    }

    /// The record of a token that came by mail; `None`, and an error of the field `token`, when it is not good or is
    /// one of another collection.
    pub(super) async fn record_of_token(
        &self,
        checks: &mut Checks,
        entry: &Entry,
        text: &str,
        kind: TokenKind,
    ) -> Result<Option<Record>> {
        let Some(record) = self.authenticate(text, kind).await? else {
            checks.refuse("token", "validation_invalid_token", "Invalid or expired token.");
            return Ok(None);
        };
        if record.collection().id != entry.collection.id {
            let message = "The provided token is for different auth collection.";
            checks.refuse("token", "validation_token_collection_mismatch", message);
            return Ok(None);
        }
        Ok(Some((*record).clone()))
    }
}
