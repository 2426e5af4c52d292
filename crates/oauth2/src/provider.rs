use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{Error, Http, Invitation, Token, User, authorize, token};

/// A service that users can log in through.
#[async_trait]
pub trait Provider: Send + Sync {
    /// What is known of it before it is configured.
    fn about(&self) -> &About;

    /// The permissions to ask for. `extra` are the options of this service alone.
    fn scopes(&self, _extra: &Map<String, Value>) -> Vec<Cow<'static, str>> {
        self.about().scopes.iter().copied().map(Cow::Borrowed).collect()
    }

    /// The parameters of the address of its login page, in their order, but for the address to come back to.
    fn parameters(&self, client: &Client, invitation: &Invitation) -> Vec<(&'static str, String)> {
        authorize::parameters(client, invitation)
    }

    /// Exchanges the code that a user came back with.
    ///
    /// # Errors
    /// When the service refuses the code or this client, or cannot be reached.
    async fn fetch_token(&self, session: &Session<'_>, exchange: &Exchange<'_>) -> Result<Token, Error> {
        token::fetch(session, exchange).await
    }

    /// Asks who the user of a token is.
    ///
    /// # Errors
    /// When the service does not say, or says that the account is not active.
    async fn fetch_user(&self, session: &Session<'_>, token: &Token) -> Result<User, Error>;
}

/// What is known of a service before it is configured.
#[derive(Debug, Clone)]
pub struct About {
    /// By which configurations name it.
    pub name: &'static str,
    /// Its name for people.
    pub display_name: &'static str,
    /// An SVG image.
    pub logo: &'static str,
    /// Its place in the list of services, those of the same place by name.
    pub order: u32,
    /// Whether it knows PKCE.
    pub pkce: bool,
    /// The permissions to ask for.
    pub scopes: &'static [&'static str],
    /// Where it is, unless the configuration says otherwise.
    pub endpoints: Endpoints,
}

/// The addresses of a service; empty where only the configuration knows it.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// Of the page on which users log in and agree.
    pub authorize: Cow<'static, str>,
    /// Where a code is exchanged for a token.
    pub token: Cow<'static, str>,
    /// Where a user's profile is.
    pub user_info: Cow<'static, str>,
}

/// The configuration of a service; empty texts stand for its own values.
#[derive(Clone, Default)]
pub struct Settings {
    /// As whom to ask the service.
    pub client_id: String,
    /// Proves that.
    pub client_secret: String,
    /// Of the login page.
    pub auth_url: String,
    /// Where a code is exchanged.
    pub token_url: String,
    /// Where a profile is.
    pub user_info_url: String,
    /// The name for people.
    pub display_name: String,
    /// Whether PKCE is used.
    pub pkce: Option<bool>,
    /// Options of this service alone.
    pub extra: Option<Map<String, Value>>,
}

/// A service as it is configured.
#[derive(Clone)]
pub struct Client {
    /// As whom to ask the service.
    pub client_id: String,
    /// Proves that.
    pub client_secret: String,
    /// Where the service is.
    pub endpoints: Endpoints,
    /// The name for people.
    pub display_name: String,
    /// Whether PKCE is used.
    pub pkce: bool,
    /// The permissions to ask for.
    pub scopes: Vec<Cow<'static, str>>,
    /// Options of this service alone.
    pub extra: Map<String, Value>,
}

/// What asking a service needs.
#[derive(Clone, Copy)]
pub struct Session<'a> {
    /// The service as it is configured.
    pub client: &'a Client,
    /// The way out.
    pub http: &'a Arc<dyn Http>,
    /// The time.
    pub now: Timestamp,
    /// By how much the clocks of services may differ from ours.
    pub leeway: SignedDuration,
}

/// What a user came back with.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The code.
    pub code: &'a str,
    /// What the code challenge was made of.
    pub code_verifier: &'a str,
    /// Where the user came back to.
    pub redirect_url: &'a str,
}

impl Client {
    /// A service with its configuration over what is known of it.
    pub(crate) fn new(provider: &dyn Provider, settings: Settings) -> Self {
        let about = provider.about();
        let extra = settings.extra.unwrap_or_default();
        let or = |own: String, known: &Cow<'static, str>| {
            if own.is_empty() { known.clone() } else { Cow::Owned(own) }
        };
        let display_name = match settings.display_name {
            own if own.is_empty() => about.display_name.to_owned(),
            own => own,
        };
        Self {
            client_id: settings.client_id,
            client_secret: settings.client_secret,
            endpoints: Endpoints {
                authorize: or(settings.auth_url, &about.endpoints.authorize),
                token: or(settings.token_url, &about.endpoints.token),
                user_info: or(settings.user_info_url, &about.endpoints.user_info),
            },
            display_name,
            pkce: settings.pkce.unwrap_or(about.pkce),
            scopes: provider.scopes(&extra),
            extra,
        }
    }

    /// An option of this service alone, as text; empty when there is none.
    pub fn extra_text(&self, name: &str) -> &str {
        self.extra.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl fmt::Debug for Client {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("client_id", &self.client_id)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Settings {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
