//! What an OAuth2 login sends.

use oauth2_providers::Answer;
use schema::collection::OAuth2;
use schema::{FieldError, FieldErrors};
use serde_json::{Map, Value as JsonValue};

use crate::auth::form::Form;
use crate::{Error, Request, Result};

/// The longest name of a service that is looked at, in bytes.
const MAX_NAME: usize = 100;

const UNREADABLE: &str = "An error occurred while loading the submitted data.";

/// What an OAuth2 login sends.
pub(super) struct OAuth2Form {
    /// The name of the service.
    pub(super) provider: String,
    /// What the user came back with.
    pub(super) answer: Answer,
    /// The fields of the record, should it be a new one.
    pub(super) create_data: Map<String, JsonValue>,
}

impl OAuth2Form {
    pub(super) fn read(request: &Request, options: &OAuth2) -> Result<Self> {
        let sent = Form::of(request);
        let create_data = match sent.value("createData") {
            None | Some(JsonValue::Null) => Map::new(),
            Some(JsonValue::Object(fields)) => fields.clone(),
            Some(_) => return Err(Error::bad_request(UNREADABLE)),
        };
        let redirect_url = match (sent.text("redirectURL")?, sent.text("redirectUrl")?) {
            (new, old) if new.is_empty() => old,
            (new, _) => new,
        };
        let form = Self {
            provider: sent.text("provider")?,
            answer: Answer {
                code: sent.text("code")?,
                code_verifier: sent.text("codeVerifier")?,
                redirect_url,
            },
            create_data,
        };
        form.check(options)?;
        Ok(form)
    }

    fn check(&self, options: &OAuth2) -> Result<()> {
        let mut errors = FieldErrors::new();
        let name = &self.provider;
        if name.is_empty() {
            errors.push("provider", FieldError::required());
        } else if name.len() > MAX_NAME {
            let message = format!("the length must be no more than {MAX_NAME}");
            let error = FieldError::new("validation_length_too_long", message);
            errors.push("provider", error.with_param("min", 0).with_param("max", MAX_NAME));
        } else if !options.providers.iter().any(|provider| provider.name == *name) {
            let message = format!("Provider with name {name} is missing or is not enabled.");
            let error = FieldError::new("validation_invalid_provider", message);
            errors.push("provider", error.with_param("name", name.as_str()));
        }
        if self.answer.code.is_empty() {
            errors.push("code", FieldError::required());
        }
        errors.into_result().map_err(|errors| Error::invalid(UNREADABLE, errors))
    }
}
