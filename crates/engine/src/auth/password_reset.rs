use schema::FieldKind;

use super::AuthAction;
use super::form::{Checks, Form, MAX_LENGTH, email};
use super::secured::MailToken;
use crate::mails::RecordMail;
use crate::token::{self, TokenKind};
use crate::{Engine, Entry, Error, Record, Request, Result};

impl Engine {
    /// Sends a link to the address `email` by which its record gets a new password. Nobody learns whether there is one.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 400 when it takes no passwords, 400 with errors by field for a
    /// malformed body.
    pub async fn request_password_reset(&self, request: &Request, collection: &str) -> Result<()> {
        let entry = self.offers(AuthAction::RequestPasswordReset, collection)?;
        let Some(record) = self.find_by_email(&entry, &email(request)?).await? else { return Ok(()) };
        let action = AuthAction::RequestPasswordReset;
        let record = self.before_auth_request(request, &entry, action, Some(record)).await?;
        let Some(record) = record else { return Ok(()) };
        if self.cooldowns().password_reset.begin(&record, self.clock().now()) {
            let engine = self.clone();
            self.outbox().post(async move {
                if let Err(error) = engine.send_record_mail(&record, &RecordMail::PasswordReset).await {
                    tracing::error!(
                        error = error.cause.as_deref(),
                        "a password reset mail could not be sent"
                    );
                    engine.cooldowns().password_reset.end(&record);
                }
            });
        }
        Ok(())
    }

    /// Sets the password of the record whose `token` was sent to it. Who could read the mail owns the address.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection, 400 with errors by field for a token that is not good and for a
    /// password that its field does not take.
    pub async fn confirm_password_reset(&self, request: &Request, collection: &str) -> Result<()> {
        let entry = self.offers(AuthAction::ConfirmPasswordReset, collection)?;
        let form = Form::of(request);
        let text = form.text("token")?;
        let (password, confirm) = (form.text("password")?, form.text("passwordConfirm")?);
        let record = self.password_reset_token(&entry, &text, &password, &confirm).await?;
        let action = AuthAction::ConfirmPasswordReset;
        let Some(mut record) = self.before_auth_request(request, &entry, action, Some(record)).await? else {
            return Ok(());
        };
        record.set("password", password);
        self.hash_passwords(&mut record).await?;
        let hashed = record.get("password").cloned();
        let (owner, email) = (record.clone(), token::claimed(&text, "email"));
        let by = MailToken { text: &text, kind: TokenKind::PasswordReset, record };
        let change = |record: &mut Record| {
            if let Some(hashed) = &hashed {
                record.put("password", hashed.clone());
            }
            if record.text("email") == email {
                record.set("verified", true);
            }
        };
        self.change_by_token(request, &by, "Failed to set new password.", change).await?;
        self.cooldowns().password_reset.end(&owner);
        Ok(())
    }

    async fn password_reset_token(
        &self,
        entry: &Entry,
        text: &str,
        password: &str,
        confirm: &str,
    ) -> Result<Record> {
        let mut checks = Checks::default();
        checks.length("password", password, shortest(entry), MAX_LENGTH);
        if checks.required("passwordConfirm", confirm) && confirm != password {
            checks.refuse("passwordConfirm", "validation_values_mismatch", "Values don't match.");
        }
        let mut good = None;
        if checks.required("token", text) {
            good = self.record_of_token(&mut checks, entry, text, TokenKind::PasswordReset).await?;
        }
        checks.into_result()?;
        good.ok_or_else(|| Error::bad_request("Invalid or expired password reset token."))
    }
}

/// The length of the shortest password that the collection takes.
fn shortest(entry: &Entry) -> usize {
    match entry.collection.field("password").map(|field| &field.kind) {
        Some(FieldKind::Password(options)) => usize::try_from(options.min).unwrap_or_default().max(1),
        _ => 1,
    }
}
