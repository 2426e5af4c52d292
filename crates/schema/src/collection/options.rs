//! What belongs to one type of collection alone.
//!
//! The JSON form has the keys in the order of the fields here. Secrets are part of it, for storage; what goes to
//! clients is made from [`AuthOptions::without_secrets`].

use serde::Serialize;
use serde_json::{Map, Value};

use crate::load::load_object;

/// The options of an auth collection.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthOptions {
    /// A condition on the record that logs in; `None` lets nobody but superusers in, empty lets everybody in.
    pub auth_rule: Option<String>,
    /// Who may manage records fully (change e-mail and password without the old one); never empty.
    pub manage_rule: Option<String>,
    /// The mail about a login from a new place.
    pub auth_alert: AuthAlert,
    /// Login through other services.
    pub oauth2: OAuth2,
    /// Login by password.
    pub password_auth: PasswordAuth,
    /// A second method of login.
    pub mfa: Mfa,
    /// Login by a one-time password.
    pub otp: Otp,
    /// The tokens of logged-in records.
    pub auth_token: TokenOptions,
    /// The tokens in password reset mails.
    pub password_reset_token: TokenOptions,
    /// The tokens in e-mail change mails.
    pub email_change_token: TokenOptions,
    /// The tokens in verification mails.
    pub verification_token: TokenOptions,
    /// The tokens for protected files.
    pub file_token: TokenOptions,
    /// The verification mail.
    pub verification_template: EmailTemplate,
    /// The password reset mail.
    pub reset_password_template: EmailTemplate,
    /// The e-mail change mail.
    pub confirm_email_change_template: EmailTemplate,
}

/// The options of a view collection.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ViewOptions {
    /// The `SELECT` behind the view.
    pub view_query: String,
}

/// A secret and a lifetime for one kind of token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenOptions {
    /// Mixed into the signing key; never sent to a client.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secret: String,
    /// Lifetime in seconds.
    pub duration: i64,
}

/// A mail's subject and HTML body, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailTemplate {
    /// One line of plain text.
    pub subject: String,
    /// HTML.
    pub body: String,
}

/// The mail about a login from a new place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthAlert {
    /// Whether it is sent.
    pub enabled: bool,
    /// Its text.
    pub email_template: EmailTemplate,
}

/// Login through other services.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OAuth2 {
    /// The configured services.
    pub providers: Vec<OAuth2Provider>,
    /// Which field of a new record takes which value of the service's profile.
    pub mapped_fields: OAuth2MappedFields,
    /// Whether it is offered.
    pub enabled: bool,
}

/// Names of fields that take values of a service's profile; empty for none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OAuth2MappedFields {
    /// Takes the service's own id of the user.
    pub id: String,
    /// Takes the display name.
    pub name: String,
    /// Takes the user name.
    pub username: String,
    /// Takes the picture or its address.
    #[serde(rename = "avatarURL")]
    pub avatar_url: String,
}

/// One service to log in through.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OAuth2Provider {
    /// Whether PKCE is used; `None` for the service's own default.
    pub pkce: Option<bool>,
    /// Which service.
    pub name: String,
    /// Given by the service.
    pub client_id: String,
    /// Given by the service; never sent to a client.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client_secret: String,
    /// Overrides the service's login page.
    #[serde(rename = "authURL")]
    pub auth_url: String,
    /// Overrides the service's token endpoint.
    #[serde(rename = "tokenURL")]
    pub token_url: String,
    /// Overrides the service's profile endpoint.
    #[serde(rename = "userInfoURL")]
    pub user_info_url: String,
    /// Overrides the service's name for people.
    pub display_name: String,
    /// Options of this service alone.
    pub extra: Option<Map<String, Value>>,
}

/// Login by password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordAuth {
    /// Whether it is offered.
    pub enabled: bool,
    /// The fields by which a record is found; each has a unique index.
    pub identity_fields: Vec<String>,
}

/// A second method of login.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mfa {
    /// Whether it is asked for.
    pub enabled: bool,
    /// Seconds within which the second login must follow.
    pub duration: i64,
    /// Which records it is asked of; empty for all.
    pub rule: String,
}

/// Login by a one-time password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Otp {
    /// Whether it is offered.
    pub enabled: bool,
    /// Lifetime in seconds.
    pub duration: i64,
    /// Number of digits.
    pub length: i64,
    /// The mail that carries it.
    pub email_template: EmailTemplate,
}

load_object!(AuthOptions {
    "authRule" => auth_rule,
    "manageRule" => manage_rule,
    "authAlert" => auth_alert,
    "oauth2" => oauth2,
    "passwordAuth" => password_auth,
    "mfa" => mfa,
    "otp" => otp,
    "authToken" => auth_token,
    "passwordResetToken" => password_reset_token,
    "emailChangeToken" => email_change_token,
    "verificationToken" => verification_token,
    "fileToken" => file_token,
    "verificationTemplate" => verification_template,
    "resetPasswordTemplate" => reset_password_template,
    "confirmEmailChangeTemplate" => confirm_email_change_template,
});
load_object!(ViewOptions { "viewQuery" => view_query });
load_object!(TokenOptions { "secret" => secret, "duration" => duration });
load_object!(EmailTemplate { "subject" => subject, "body" => body });
load_object!(AuthAlert { "enabled" => enabled, "emailTemplate" => email_template });
load_object!(OAuth2 { "providers" => providers, "mappedFields" => mapped_fields, "enabled" => enabled });
load_object!(OAuth2MappedFields {
    "id" => id,
    "name" => name,
    "username" => username,
    "avatarURL" => avatar_url,
});
load_object!(OAuth2Provider {
    "pkce" => pkce,
    "name" => name,
    "clientId" => client_id,
    "clientSecret" => client_secret,
    "authURL" => auth_url,
    "tokenURL" => token_url,
    "userInfoURL" => user_info_url,
    "displayName" => display_name,
    "extra" => extra,
});
load_object!(PasswordAuth { "enabled" => enabled, "identityFields" => identity_fields });
load_object!(Mfa { "enabled" => enabled, "duration" => duration, "rule" => rule });
load_object!(Otp {
    "enabled" => enabled,
    "duration" => duration,
    "length" => length,
    "emailTemplate" => email_template,
});

impl AuthOptions {
    /// The options of the five kinds of token, with their keys in JSON.
    pub fn tokens(&self) -> [(&'static str, &TokenOptions); 5] {
        [
            ("authToken", &self.auth_token),
            ("passwordResetToken", &self.password_reset_token),
            ("emailChangeToken", &self.email_change_token),
            ("verificationToken", &self.verification_token),
            ("fileToken", &self.file_token),
        ]
    }

    /// What clients may see: the secrets of tokens and of other services are empty.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let mut options = self.clone();
        options.auth_token.secret.clear();
        options.password_reset_token.secret.clear();
        options.email_change_token.secret.clear();
        options.verification_token.secret.clear();
        options.file_token.secret.clear();
        for provider in &mut options.oauth2.providers {
            provider.client_secret.clear();
        }
        options
    }
}
