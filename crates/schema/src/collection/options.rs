//! What belongs to one type of collection alone.

use serde_json::{Map, Value};

/// The options of an auth collection.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ViewOptions {
    /// The `SELECT` behind the view.
    pub view_query: String,
}

/// A secret and a lifetime for one kind of token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOptions {
    /// Mixed into the signing key; never sent to a client.
    pub secret: String,
    /// Lifetime in seconds.
    pub duration: i64,
}

/// A mail's subject and HTML body, with placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EmailTemplate {
    /// One line of plain text.
    pub subject: String,
    /// HTML.
    pub body: String,
}

/// The mail about a login from a new place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthAlert {
    /// Whether it is sent.
    pub enabled: bool,
    /// Its text.
    pub email_template: EmailTemplate,
}

/// Login through other services.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OAuth2 {
    /// The configured services.
    pub providers: Vec<OAuth2Provider>,
    /// Which field of a new record takes which value of the service's profile.
    pub mapped_fields: OAuth2MappedFields,
    /// Whether it is offered.
    pub enabled: bool,
}

/// Names of fields that take values of a service's profile; empty for none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OAuth2MappedFields {
    /// Takes the service's own id of the user.
    pub id: String,
    /// Takes the display name.
    pub name: String,
    /// Takes the user name.
    pub username: String,
    /// Takes the picture or its address.
    pub avatar_url: String,
}

/// One service to log in through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OAuth2Provider {
    /// Whether PKCE is used; `None` for the service's own default.
    pub pkce: Option<bool>,
    /// Which service.
    pub name: String,
    /// Given by the service.
    pub client_id: String,
    /// Given by the service; never sent to a client.
    pub client_secret: String,
    /// Overrides the service's login page.
    pub auth_url: String,
    /// Overrides the service's token endpoint.
    pub token_url: String,
    /// Overrides the service's profile endpoint.
    pub user_info_url: String,
    /// Overrides the service's name for people.
    pub display_name: String,
    /// Options of this service alone.
    pub extra: Option<Map<String, Value>>,
}

/// Login by password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PasswordAuth {
    /// Whether it is offered.
    pub enabled: bool,
    /// The fields by which a record is found; each has a unique index.
    pub identity_fields: Vec<String>,
}

/// A second method of login.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mfa {
    /// Whether it is asked for.
    pub enabled: bool,
    /// Seconds within which the second login must follow.
    pub duration: i64,
    /// Which records it is asked of; empty for all.
    pub rule: String,
}

/// Login by a one-time password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
