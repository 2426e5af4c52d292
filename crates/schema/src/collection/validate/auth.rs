use super::{Run, value_error};
use crate::checks::{Checks, at_least, length, required, within};
use crate::collection::{
    AuthOptions, EmailTemplate, Mfa, OAuth2, OAuth2Provider, Otp, PasswordAuth, TokenOptions,
    single_unique_index,
};
use crate::error::{FieldError, FieldErrors};
use crate::field::{DomainOptions, FieldKind};
use crate::value::Value;

/// About three years: the longest lifetime of a token in seconds.
const MAX_TOKEN_DURATION: i64 = 94_670_856;
const DAY: i64 = 86_400;

impl Run<'_> {
    /// The errors of an auth collection's options; what options mean for each other is only looked at when each is
    /// right by itself.
    pub(super) fn auth_options(&self, options: &AuthOptions) -> FieldErrors {
        let errors = self.each_auth_option(options);
        if !errors.is_empty() {
            return errors;
        }
        if options.mfa.enabled {
            let errors = self.enabled_mfa(options);
            if !errors.is_empty() {
                return errors.under("mfa");
            }
        }
        if options.password_auth.enabled {
            let wrong =
                options.password_auth.identity_fields.iter().find_map(|name| self.identity_field(name));
            if let Some(error) = wrong {
                return FieldErrors::single("identityFields", error).under("passwordAuth");
            }
        }
        FieldErrors::new()
    }

    fn each_auth_option(&self, options: &AuthOptions) -> FieldErrors {
        let old = self.old.map(|old| old.auth());
        let old_auth_rule = old.map(|old| old.and_then(|old| old.auth_rule.as_ref()));
        let old_manage_rule = old.map(|old| old.and_then(|old| old.manage_rule.as_ref()));
        let mut checks = Checks::default();
        checks
            .key("authRule", self.rule(options.auth_rule.as_ref(), old_auth_rule))
            .key(
                "manageRule",
                not_empty(options.manage_rule.as_deref())
                    .or_else(|| self.rule(options.manage_rule.as_ref(), old_manage_rule)),
            )
            .nested("authAlert", template(&options.auth_alert.email_template).under("emailTemplate"))
            .nested("passwordAuth", password_auth(&options.password_auth))
            .nested("oauth2", self.oauth2(&options.oauth2))
            .nested("otp", otp(&options.otp))
            .nested("mfa", mfa(&options.mfa))
            .nested("verificationTemplate", template(&options.verification_template))
            .nested("resetPasswordTemplate", template(&options.reset_password_template))
            .nested("confirmEmailChangeTemplate", template(&options.confirm_email_change_template));
        for (key, options) in options.tokens() {
            checks.nested(key, token(options));
        }
        checks.into_errors()
    }

    fn enabled_mfa(&self, options: &AuthOptions) -> FieldErrors {
        let methods = [options.password_auth.enabled, options.oauth2.enabled, options.otp.enabled];
        if methods.iter().filter(|&&enabled| enabled).count() < 2 {
            let message = "MFA requires at least 2 auth methods to be enabled.";
            return FieldErrors::single(
                "enabled",
                FieldError::new("validation_mfa_not_enough_auths", message),
            );
        }
        let old = self.old.map(|old| old.auth().map(|old| &old.mfa.rule));
        let rule = Some(&options.mfa.rule).filter(|rule| !rule.is_empty());
        let error = rule.and_then(|rule| self.rule(Some(rule), old));
        error.map(|error| FieldErrors::single("rule", error)).unwrap_or_default()
    }

    fn identity_field(&self, name: &str) -> Option<FieldError> {
        if name.is_empty() {
            return Some(FieldError::required());
        }
        if self.new.field(name).is_none() {
            let message = format!("Invalid or missing field {name}");
            return Some(FieldError::new("validation_missing_field", message).with_param("fieldName", name));
        }
        if single_unique_index(&self.new.indexes, name).is_none() {
            let message = format!("The field {name} doesn't have a UNIQUE constraint.");
            let error = FieldError::new("validation_missing_unique_constraint", message);
            return Some(error.with_param("fieldName", name));
        }
        None
    }

    fn oauth2(&self, oauth2: &OAuth2) -> FieldErrors {
        if !oauth2.enabled {
            return FieldErrors::new();
        }
        let mut names: Vec<&str> = Vec::new();
        for (position, OAuth2Provider { name, .. }) in oauth2.providers.iter().enumerate() {
            if !name.is_empty() && names.contains(&name.as_str()) {
                let message = format!("The provider {name} is already registered.");
                let error = FieldError::new("validation_duplicated_provider", message);
                return FieldErrors::single("name", error.with_param("name", name.as_str()))
                    .under(position.to_string())
                    .under("providers");
            }
            names.push(name);
        }
        let mut errors = FieldErrors::new();
        for (position, provider) in oauth2.providers.iter().enumerate() {
            errors.push_nested(position.to_string(), self.provider(provider));
        }
        errors.under("providers")
    }

    fn provider(&self, provider: &OAuth2Provider) -> FieldErrors {
        let is_known = || {
            let name = &provider.name;
            let message = format!("Invalid or missing provider with name {name}.");
            let unknown = !self.context.has_oauth2_provider(name);
            unknown.then(|| {
                FieldError::new("validation_missing_provider", message).with_param("name", name.as_str())
            })
        };
        let mut checks = Checks::default();
        checks
            .key("name", required(!provider.name.is_empty()).or_else(is_known))
            .key("clientId", required(!provider.client_id.is_empty()))
            .key("clientSecret", required(!provider.client_secret.is_empty()))
            .key("authURL", url(&provider.auth_url))
            .key("tokenURL", url(&provider.token_url))
            .key("userInfoURL", url(&provider.user_info_url));
        checks.into_errors()
    }
}

fn not_empty(rule: Option<&str>) -> Option<FieldError> {
    let is_empty = rule.is_some_and(str::is_empty);
    is_empty.then(|| FieldError::new("validation_nil_or_not_empty_required", "cannot be blank"))
}

fn url(text: &str) -> Option<FieldError> {
    let fails =
        value_error(FieldKind::Url(DomainOptions::default()), &Value::Text(text.to_owned())).is_some();
    fails.then(|| FieldError::new("validation_is_url", "must be a valid URL"))
}

fn template(template: &EmailTemplate) -> FieldErrors {
    let mut checks = Checks::default();
    checks
        .key("subject", required(!template.subject.is_empty()))
        .key("body", required(!template.body.is_empty()));
    checks.into_errors()
}

fn token(options: &TokenOptions) -> FieldErrors {
    let TokenOptions { secret, duration } = options;
    let mut checks = Checks::default();
    checks
        .key("secret", required(!secret.is_empty()).or_else(|| length(secret, 30, 255)))
        .key("duration", required(*duration != 0).or_else(|| within(*duration, 10, MAX_TOKEN_DURATION)));
    checks.into_errors()
}

fn password_auth(options: &PasswordAuth) -> FieldErrors {
    let is_missing = options.enabled && options.identity_fields.is_empty();
    let mut checks = Checks::default();
    checks.key("identityFields", required(!is_missing));
    checks.into_errors()
}

fn otp(options: &Otp) -> FieldErrors {
    let mut checks = Checks::default();
    if options.enabled {
        checks
            .key("duration", required(options.duration != 0).or_else(|| within(options.duration, 10, DAY)))
            .key("length", required(options.length != 0).or_else(|| at_least(options.length, 4)));
    }
    checks.nested("emailTemplate", template(&options.email_template));
    checks.into_errors()
}

fn mfa(options: &Mfa) -> FieldErrors {
    let mut checks = Checks::default();
    if options.enabled {
        checks.key("duration", required(options.duration != 0).or_else(|| within(options.duration, 10, DAY)));
    }
    checks.into_errors()
}
