use std::sync::Arc;

use ambient::EntropyExt;

use super::RecordMail;
use crate::auth::form::{Checks, Form, MAX_LENGTH, out_of_range};
use crate::{Engine, Entry, Error, Record, Request, Result, SUPERUSERS};

const FAILED: &str = "Failed to send the test email.";

/// The names of the mails that can be tried.
const TEMPLATES: [&str; 5] = ["verification", "password-reset", "email-change", "otp", "login-alert"];

impl Engine {
    /// Sends one of the mails of a collection, for a record that exists nowhere, to somebody who wants to see whether it
    /// arrives. The body has `email`, `template` and `collection` (superusers when it is missing).
    ///
    /// # Errors
    /// 400 with errors by field, and 400 with the mailer's words when it cannot be sent.
    pub async fn send_test_mail(&self, request: &Request) -> Result<()> {
        let form = Form::of(request);
        let (email, template) = (form.text("email")?, form.text("template")?);
        let collection = form.text("collection")?;
        let entry = self.collection_of_test(&collection);
        let mut checks = Checks::default();
        if collection.len() > MAX_LENGTH {
            checks.push("collection", out_of_range(1, MAX_LENGTH));
        } else if entry.is_none() {
            let message = "Must be a valid auth collection id or name.";
            checks.refuse("collection", "validation_invalid_auth_collection", message);
        }
        checks.email("email", &email);
        if checks.required("template", &template) && !TEMPLATES.contains(&template.as_str()) {
            checks.refuse("template", "validation_in_invalid", "Must be a valid value.");
        }
        checks.or(FAILED)?;
        let entry = entry.ok_or_else(|| Error::internal("there is no collection of superusers"))?;
        let info = format!("{} - TEST_IP TEST_USER_AGENT", self.clock().now_text());
        let mail = match template.as_str() {
            "verification" => RecordMail::Verification,
            "password-reset" => RecordMail::PasswordReset,
            "email-change" => RecordMail::EmailChange { to: &email },
            "otp" => RecordMail::Otp { id: "_PB_TEST_OTP_ID_", password: "123456" },
            _ => RecordMail::AuthAlert { info: &info },
        };
        let sent = self.send_record_mail(&self.sample(&entry, &email), &mail).await;
        sent.map(drop).map_err(|error| match &error.cause {
            Some(cause) => Error::bad_request(format!("{FAILED} Raw error: \n{cause}")),
            None => error,
        })
    }

    fn collection_of_test(&self, name_or_id: &str) -> Option<Arc<Entry>> {
        let name_or_id = if name_or_id.is_empty() { SUPERUSERS } else { name_or_id };
        self.catalog().find(name_or_id).filter(|entry| entry.collection.is_auth()).cloned()
    }

    /// A record whose fields say what they are. Nobody knows the key of its tokens.
    fn sample(&self, entry: &Entry, email: &str) -> Record {
        let mut record = Record::new(Arc::clone(&entry.collection));
        for field in entry.collection.fields.iter().filter(|field| !field.hidden) {
            record.set(&field.name, format!("__pb_test_{}__", field.name));
        }
        record.set("tokenKey", self.entropy().text(50, "abcdefghijklmnopqrstuvwxyz0123456789"));
        record.set("email", email);
        record
    }
}
